/** The fleet at a glance: each graph has a line a channel. Pure. */
import { EMF_NAMESPACE } from '../../encoder/contract';
import { CHANNEL_ALARMS, NVENC_BAND, XID_METRIC } from '../encode/fleet/alarms';
import { deliveryRows, distributionAlarms } from './delivery-rows';
import type { DashboardBody, Facts } from './facts';
import { headline } from './headline';
import { layout } from './layout';
import { CHANNEL_LINES } from './lines';
import { ofAws, ofChannel } from './metrics';
import { originRows } from './origin-rows';
import { alarms, graph, type Graph, type Widget } from './widgets';

export function fleetDashboard(facts: Facts): DashboardBody {
  const rows = [
    [headline(`All channels (${facts.name})`, facts)],
    alarmsNow(facts),
    programme(facts),
    contribution(facts),
    gpu(facts),
    store(facts),
    ...originRows(facts, Object.keys(facts.origin?.zones ?? {})),
    ...deliveryRows(facts),
  ];
  return { start: `-${facts.shows}`, periodOverride: 'inherit', widgets: layout(rows) };
}

/** Those that have gone off: by section of the runbook, then by channel. */
function alarmsNow(facts: Facts): readonly Widget[] {
  const { channels, fleet, origin } = facts;
  const ofSection = (id: string) => Object.values(channels).flatMap(({ alarms: { [id]: arn } }) => arn ?? []);
  const ofOrigin = origin
    ? [origin.alarms, ...Object.values(origin.zones).map((zone) => zone.alarms)].flatMap(
        Object.values<string>,
      )
    : [];
  const here = [
    ...CHANNEL_ALARMS.filter(({ advisory }) => !advisory).flatMap(({ id }) => ofSection(id)),
    ...Object.values(fleet.alarms),
    ...ofOrigin,
  ];
  const states = ['ALARM', 'INSUFFICIENT_DATA'] as const;
  return [
    ...alarms({ title: 'Alarms that have gone off', arns: here, states }),
    ...distributionAlarms(facts, states),
  ];
}

type ChannelGraph = Omit<Graph, 'rows' | 'region'> & { readonly metric: string };

/** A graph with a line a channel. */
const each = ({ channels, region }: Facts, { metric, ...rest }: ChannelGraph): Widget =>
  graph({ ...rest, region, rows: Object.keys(channels).map((id) => ofChannel(metric, id, { label: id })) });

const programme = (facts: Facts): readonly Widget[] => [
  each(facts, {
    title: 'Pictures a second (0: stopped)',
    metric: 'FramesPerSecond',
    stat: 'Minimum',
    lines: CHANNEL_LINES.stopped,
  }),
  each(facts, { title: 'Speed', metric: 'Speed', stat: 'Minimum', lines: CHANNEL_LINES.speed }),
  each(facts, {
    title: 'Delay of parts, p99 (parts)',
    metric: 'PartDelay',
    stat: 'p99',
    unit: 'parts',
    lines: CHANNEL_LINES.partDelay,
  }),
  each(facts, { title: 'Starts of ffmpeg', metric: 'Restarts', stat: 'Sum' }),
];

const contribution = (facts: Facts): readonly Widget[] => [
  each(facts, {
    title: 'Without contribution, beyond 5 s (seconds a minute)',
    metric: 'InputLostSeconds',
    stat: 'Sum',
    unit: 'seconds',
  }),
  each(facts, { title: 'Contribution (bytes a minute)', metric: 'InputBytes', stat: 'Sum' }),
  each(facts, { title: 'SRT: packets lost', metric: 'SrtPacketsLost', stat: 'Sum' }),
  each(facts, { title: 'Other writers of a channel', metric: 'ForeignWriters', stat: 'Sum' }),
];

function gpu(facts: Facts): readonly Widget[] {
  const xid = ofAws(EMF_NAMESPACE, XID_METRIC, { Cluster: facts.fleet.cluster }, { label: 'errors (Xid)' });
  return [
    each(facts, {
      title: 'NVENC in use (%)',
      metric: 'GpuEncoderUtilization',
      stat: 'Average',
      range: { max: 100 },
      lines: [
        { label: 'little', value: NVENC_BAND.low },
        { label: 'much', value: NVENC_BAND.high },
      ],
    }),
    each(facts, {
      title: 'Temperature of the GPU (degrees Celsius)',
      metric: 'GpuTemperature',
      stat: 'Maximum',
      unit: 'degrees Celsius',
      lines: CHANNEL_LINES.heat,
    }),
    each(facts, { title: 'GPU is read, without serious faults (1)', metric: 'GpuHealthy', stat: 'Minimum' }),
    graph({ title: "Errors in the drivers' logs", region: facts.region, rows: [xid], stat: 'Sum' }),
  ];
}

const store = (facts: Facts): readonly Widget[] => [
  each(facts, { title: 'Store: requests a minute', metric: 'StoreRequests', stat: 'Sum' }),
  each(facts, { title: 'Store: tries of PUT that failed', metric: 'StorePutFailures', stat: 'Sum' }),
];
