/** All of one channel. Pure. */
import { CHANNEL_ALARMS, NVENC_BAND } from '../encode/fleet/alarms';
import type { DashboardBody, Facts } from './facts';
import { headline } from './headline';
import { layout } from './layout';
import { CHANNEL_LINES } from './lines';
import { computed, ofChannel } from './metrics';
import { originRows } from './origin-rows';
import { alarms, graph, log, type Graph, type MetricRow, type Widget } from './widgets';

/** Warnings and what is worse: pino's levels. The lines of metrics have none. */
const WARNINGS = 'fields @timestamp, level, msg | filter level >= 40 | sort @timestamp desc | limit 100';

/** Of the runbook. */
const inOrder: readonly string[] = CHANNEL_ALARMS.map(({ id }) => id);

export function channelDashboard(facts: Facts, id: string): DashboardBody {
  const { zone, logGroup, alarms: own } = facts.channels[id]!;
  const rows = [
    [headline(`Channel ${id} (${facts.name})`, facts, ` It is encoded in ${zone}.`)],
    alarms({ title: 'Alarms', arns: inOrder.flatMap((section) => own[section] ?? []) }),
    programme(facts, id),
    contribution(facts, id),
    gpu(facts, id),
    store(facts, id),
    ...originRows(facts, [zone]),
    [log('Warnings and errors of the encoder', facts.region, logGroup, WARNINGS)],
  ];
  return { start: `-${facts.shows}`, periodOverride: 'inherit', widgets: layout(rows) };
}

const of = (facts: Facts, title: string, rows: readonly MetricRow[], more: Partial<Graph> = {}): Widget =>
  graph({ title, region: facts.region, rows, stat: 'Average', ...more });

const programme = (facts: Facts, id: string): readonly Widget[] => [
  of(facts, 'Pictures a second', [ofChannel('FramesPerSecond', id)], { lines: CHANNEL_LINES.stopped }),
  of(facts, 'Speed', [ofChannel('Speed', id, { stat: 'Minimum' })], { lines: CHANNEL_LINES.speed }),
  of(
    facts,
    'Delay of parts (parts)',
    [
      ofChannel('PartDelay', id, { stat: 'p50', label: 'p50' }),
      ofChannel('PartDelay', id, { stat: 'p99', label: 'p99' }),
    ],
    { unit: 'parts', lines: CHANNEL_LINES.partDelay },
  ),
  of(
    facts,
    'Starts of ffmpeg, late bundles, other writers',
    [ofChannel('Restarts', id), ofChannel('LateTicks', id), ofChannel('ForeignWriters', id)],
    { stat: 'Sum' },
  ),
];

const contribution = (facts: Facts, id: string): readonly Widget[] => [
  of(
    facts,
    'Contribution (bits a second)',
    [
      ofChannel('InputBytes', id, { id: 'bytes', stat: 'Sum', visible: false }),
      computed('8 * bytes / PERIOD(bytes)', 'bits a second'),
    ],
    { unit: 'bits a second' },
  ),
  of(facts, 'SRT: packets lost', [ofChannel('SrtPacketsLost', id)], { stat: 'Sum' }),
  of(facts, 'SRT: round trip (seconds)', [ofChannel('SrtRoundTrip', id)], { stat: 'Maximum' }),
  of(facts, 'Without contribution; latency too small (1)', [
    ofChannel('InputLostSeconds', id, { stat: 'Sum', label: 'seconds a minute, beyond 5' }),
    ofChannel('SrtLatencyAlarm', id, { stat: 'Maximum' }),
  ]),
];

const gpu = (facts: Facts, id: string): readonly Widget[] => [
  of(
    facts,
    'GPU in use (%)',
    ['GpuEncoderUtilization', 'GpuDecoderUtilization', 'GpuUtilization', 'GpuMemoryUtilization'].map((name) =>
      ofChannel(name, id),
    ),
    { range: { max: 100 }, lines: [{ label: 'much of NVENC', value: NVENC_BAND.high }] },
  ),
  of(facts, 'Temperature (degrees Celsius)', [ofChannel('GpuTemperature', id)], {
    stat: 'Maximum',
    unit: 'degrees Celsius',
    lines: CHANNEL_LINES.heat,
  }),
  of(
    facts,
    'Slowed down (part of the readings), healthy (1)',
    [
      ofChannel('GpuThrottled', id),
      ofChannel('GpuPowerCapped', id),
      ofChannel('GpuHealthy', id, { stat: 'Minimum' }),
    ],
    { range: { max: 1 } },
  ),
  of(facts, 'Power (watts) and clock of NVENC (MHz)', [
    ofChannel('GpuPower', id),
    ofChannel('GpuVideoClock', id, { yAxis: 'right' }),
  ]),
];

const store = (facts: Facts, id: string): readonly Widget[] => [
  of(facts, 'Store: requests a minute', [ofChannel('StoreRequests', id)], { stat: 'Sum' }),
  of(facts, 'Store: tries of PUT that failed', [ofChannel('StorePutFailures', id)], { stat: 'Sum' }),
];
