import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { keys } from '../../../encoder/contract';
import {
  EMF_NAMESPACE,
  emfLines,
  emfTotals,
  ENCODER_EMF,
  startEmf,
  type EmfMetric,
} from '../../../encoder/telemetry/emf';
import { EXIT } from '../../../encoder/process';
import { startGpuMetrics } from '../../../encoder/telemetry/gpu';
import { createLogger } from '../../../encoder/telemetry/log';
import { partDelay } from '../../../encoder/telemetry/part-delay';
import { emfFaults } from './emf-rules';
import { fakePrograms, STAND_IN, standIn } from './fake-nvidia-smi';

const log = createLogger('emf', 'silent');
const TIMESTAMP = 1_700_000_000_000;
const ENCODER = path.join(__dirname, '..', '..', '..', 'encoder');

type Document = Record<string, unknown> & {
  _aws: { Timestamp: number; CloudWatchMetrics: { Metrics: { Name: string; Unit: string }[] }[] };
};
const parse = (line: string): Document => JSON.parse(line) as Document;

/** A registry as that of an encoder with an SRT contribution, and what it has measured. */
function encoderRegistry(shown = 'live'): Registry {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, value: number) => new Gauge({ name, help: name, registers }).set(value);
  const counter = (name: string, value: number) => new Counter({ name, help: name, registers }).inc(value);
  gauge('media_encoder_frames_per_second', 29.97);
  gauge('media_encoder_speed', 1.001);
  gauge('media_encoder_slow', 0);
  counter('media_encoder_restarts_total', 2);
  counter('media_encoder_late_ticks_total', 3);
  const state = new Gauge({ name: 'media_input_state', help: 'state', labelNames: ['state'], registers });
  for (const name of ['live', 'repeat', 'slate', 'gap']) state.set({ state: name }, name === shown ? 1 : 0);
  gauge('media_srt_rtt_seconds', 0.021);
  counter('media_srt_packets_lost_total', 40);
  gauge('media_srt_latency_alarm', 1);
  return registry;
}

async function withGpus<T>(
  registry: Registry,
  gpus: string,
  state: string,
  use: () => Promise<T>,
): Promise<T> {
  const fake = await fakePrograms({ 'nvidia-smi': standIn(gpus, state) });
  const systemPath = process.env['PATH'];
  process.env['PATH'] = fake.path;
  try {
    let metrics: ReturnType<typeof startGpuMetrics> | undefined;
    await new Promise<void>((resolve) => {
      metrics = startGpuMetrics({ registry, log, kernelLog: '', onRead: () => resolve() });
    });
    await metrics?.close();
    return await use();
  } finally {
    process.env['PATH'] = systemPath;
    await fake.remove();
  }
}

/** Of a registry that has GPUs alone: the line of the channel, and those of the GPUs. */
async function gpuDocuments(gpus: string, state: string): Promise<{ channel: Document; gpus: Document[] }> {
  const registry = new Registry();
  const lines = await withGpus(registry, gpus, state, async () =>
    emfLines(await registry.getMetricsAsJSON(), ENCODER_EMF, { channel: 'news', timestamp: TIMESTAMP }),
  );
  expect(lines.flatMap(emfFaults)).to.deep.equal([]);
  const [channel, ...others] = lines.map(parse);
  expect(channel).to.not.have.property('Gpu');
  return { channel: channel!, gpus: others };
}

const CHANNEL_METRICS = [
  { Name: 'FramesPerSecond', Unit: 'Count/Second' },
  { Name: 'Speed', Unit: 'None' },
  { Name: 'Slow', Unit: 'None' },
  { Name: 'Restarts', Unit: 'Count' },
  { Name: 'LateTicks', Unit: 'Count' },
];
const FOREIGN_WRITERS = { Name: 'ForeignWriters', Unit: 'Count' };

describe('metrics for CloudWatch', () => {
  it('are two lines for an encoder with a contribution and an L4, of exact values', async () => {
    const registry = encoderRegistry();
    const lines = await withGpus(registry, 'l4', 'busy', async () =>
      emfLines(await registry.getMetricsAsJSON(), ENCODER_EMF, { channel: 'news', timestamp: TIMESTAMP }),
    );
    expect(lines.flatMap(emfFaults)).to.deep.equal([]);
    expect(lines.map(parse)).to.deep.equal([
      {
        _aws: {
          Timestamp: TIMESTAMP,
          CloudWatchMetrics: [
            {
              Namespace: 'AwsMedia',
              Dimensions: [['Channel']],
              Metrics: [
                ...CHANNEL_METRICS,
                { Name: 'InputLive', Unit: 'None' },
                { Name: 'SrtRoundTrip', Unit: 'Seconds' },
                { Name: 'SrtPacketsLost', Unit: 'Count' },
                { Name: 'SrtLatencyAlarm', Unit: 'None' },
                { Name: 'GpuHealthy', Unit: 'None' },
                { Name: 'GpuReadFailures', Unit: 'Count' },
              ],
            },
          ],
        },
        Channel: 'news',
        FramesPerSecond: 29.97,
        Speed: 1.001,
        Slow: 0,
        Restarts: 2,
        LateTicks: 3,
        InputLive: 1,
        SrtRoundTrip: 0.021,
        SrtPacketsLost: 40,
        SrtLatencyAlarm: 1,
        GpuHealthy: 1,
        GpuReadFailures: 0,
      },
      {
        _aws: {
          Timestamp: TIMESTAMP,
          CloudWatchMetrics: [
            {
              Namespace: 'AwsMedia',
              Dimensions: [['Channel', 'Gpu']],
              Metrics: [
                { Name: 'GpuUtilization', Unit: 'Percent' },
                { Name: 'GpuMemoryUtilization', Unit: 'Percent' },
                { Name: 'GpuEncoderUtilization', Unit: 'Percent' },
                { Name: 'GpuDecoderUtilization', Unit: 'Percent' },
                { Name: 'GpuMemoryUsed', Unit: 'Bytes' },
                { Name: 'GpuMemoryTotal', Unit: 'Bytes' },
                { Name: 'GpuTemperature', Unit: 'None' },
                { Name: 'GpuPower', Unit: 'None' },
                { Name: 'GpuThrottled', Unit: 'None' },
                { Name: 'GpuPowerCapped', Unit: 'None' },
                { Name: 'GpuSmClock', Unit: 'None' },
                { Name: 'GpuVideoClock', Unit: 'None' },
                { Name: 'GpuMemoryClock', Unit: 'None' },
                { Name: 'GpuEccErrors', Unit: 'Count' },
                { Name: 'GpuEncoderSessions', Unit: 'Count' },
                { Name: 'GpuEncoderFramesPerSecond', Unit: 'Count/Second' },
                { Name: 'GpuEncoderLatency', Unit: 'Seconds' },
              ],
            },
          ],
        },
        Channel: 'news',
        Gpu: '0',
        GpuUuid: 'GPU-453f8851-d1a3-e72d-4d85-3ef04418205b',
        GpuUtilization: 24,
        GpuMemoryUtilization: 12,
        GpuEncoderUtilization: 78,
        GpuDecoderUtilization: 9,
        GpuMemoryUsed: 2_589_982_720,
        GpuMemoryTotal: 24_152_899_584,
        GpuTemperature: 61,
        GpuPower: 48.12,
        GpuThrottled: 0,
        GpuPowerCapped: 0,
        GpuSmClock: 2040,
        GpuVideoClock: 1770,
        GpuMemoryClock: 6251,
        GpuEccErrors: 0,
        GpuEncoderSessions: 12,
        GpuEncoderFramesPerSecond: 30,
        GpuEncoderLatency: 0.004191,
      },
    ]);
  });

  it('say that the input is not live while viewers see something else', async () => {
    for (const [shown, live] of Object.entries({ live: 1, repeat: 0, slate: 0, gap: 0 })) {
      const values = await encoderRegistry(shown).getMetricsAsJSON();
      const [line] = emfLines(values, ENCODER_EMF, { channel: 'news', timestamp: TIMESTAMP });
      expect(parse(line!)['InputLive'], shown).to.equal(live);
    }
  });

  it('have a line for each GPU, whose percentages are as they were reported', async () => {
    const { gpus } = await gpuDocuments('l4,l40s', 'busy');
    expect(
      gpus.map((line) => [line['Gpu'], line['GpuUtilization'], line['GpuEncoderUtilization']]),
    ).to.deep.equal([
      ['0', 24, 78],
      ['1', 9, 60],
    ]);
  });

  it('leave out what a GPU does not report', async () => {
    const { gpus } = await gpuDocuments('t4', 'busy');
    expect(gpus).to.have.length(1);
    expect(gpus[0]!._aws.CloudWatchMetrics[0]!.Metrics.map(({ Name }) => Name)).to.deep.equal([
      ...['GpuUtilization', 'GpuMemoryUtilization', 'GpuMemoryUsed', 'GpuMemoryTotal', 'GpuTemperature'],
      ...['GpuPower', 'GpuThrottled', 'GpuPowerCapped', 'GpuSmClock', 'GpuVideoClock', 'GpuMemoryClock'],
      ...['GpuEccErrors', 'GpuEncoderSessions', 'GpuEncoderFramesPerSecond', 'GpuEncoderLatency'],
    ]);
  });

  it('tell heat from the power limit, and both from a fault', async () => {
    const told = async (state: string) => {
      const { channel, gpus } = await gpuDocuments('l4', state);
      return [channel['GpuHealthy'], gpus[0]?.['GpuThrottled'], gpus[0]?.['GpuPowerCapped']];
    };
    expect(await told('busy')).to.deep.equal([1, 0, 0]);
    expect(await told('hot')).to.deep.equal([1, 1, 0]);
    expect(await told('power-capped')).to.deep.equal([1, 0, 1]);
    expect(await told('memory-fault')).to.deep.equal([0, 0, 0]);
  });

  it('say that the GPU is not healthy, with no value of it, where nvidia-smi cannot read it', async () => {
    const { channel, gpus } = await gpuDocuments('l4', 'unreachable');
    expect(channel).to.include({ Channel: 'news', GpuHealthy: 0, GpuReadFailures: 1 });
    expect(gpus).to.deep.equal([]);
    const lost = await gpuDocuments('l4', 'lost');
    expect(lost.channel).to.include({ GpuHealthy: 0, GpuReadFailures: 0 });
    expect(lost.gpus).to.deep.equal([]);
  });

  it('are nothing of a GPU before the first reading of it, but that no reading has failed', async () => {
    const registry = new Registry();
    const metrics = startGpuMetrics({ registry, log, kernelLog: '' });
    const values = await registry.getMetricsAsJSON();
    await metrics.close();
    const [line, ...others] = emfLines(values, ENCODER_EMF, { channel: 'news', timestamp: TIMESTAMP });
    expect(others).to.deep.equal([]);
    expect(parse(line!)).to.include({ GpuReadFailures: 0 }).and.not.have.property('GpuHealthy');
  });

  it('are nothing where nothing is measured, and leave out what is no finite number', async () => {
    const registry = new Registry();
    const lines = async () =>
      emfLines(await registry.getMetricsAsJSON(), ENCODER_EMF, { channel: 'a', timestamp: TIMESTAMP });
    expect(await lines()).to.deep.equal([]);
    const speed = new Gauge({ name: 'media_encoder_speed', help: 'speed', registers: [registry] });
    for (const value of [NaN, Infinity, -Infinity]) {
      speed.set(value);
      expect(await lines(), String(value)).to.deep.equal([]);
    }
  });

  it('give of a counter what it has grown by, series by series, added up where the dimensions do not differ', async () => {
    const registry = new Registry();
    const gaps = new Counter({
      name: 'gaps',
      help: 'gaps',
      labelNames: ['rendition'],
      registers: [registry],
    });
    const table: EmfMetric[] = [{ metric: 'gaps', name: 'Gaps', unit: 'Count' }];
    gaps.inc({ rendition: 'a' }, 5);
    const previous = emfTotals(await registry.getMetricsAsJSON());
    gaps.inc({ rendition: 'b' }, 2);
    gaps.inc({ rendition: 'a' }, 1);
    const values = await registry.getMetricsAsJSON();
    const given = (before?: typeof previous) =>
      emfLines(values, table, {
        channel: 'a',
        timestamp: TIMESTAMP,
        ...(before && { previous: before }),
      }).map((line) => parse(line)['Gaps']);
    expect(given()).to.deep.equal([8]);
    expect(given(previous)).to.deep.equal([3]);
    expect(given(emfTotals(values))).to.deep.equal([0]);
  });

  const SECONDS = 'seconds';
  const histogramIn = (registry: Registry) =>
    new Histogram({
      name: SECONDS,
      help: SECONDS,
      labelNames: ['of'],
      buckets: [0.5, 1, 2],
      registers: [registry],
    });

  it('give of a histogram each observation since the line before, as the end of its bucket', async () => {
    const registry = new Registry();
    const histogram = histogramIn(registry);
    const table: EmfMetric[] = [{ metric: SECONDS, name: 'Took', unit: 'Seconds', histogram: 'values' }];
    const observe = (of: string, ...values: number[]) => values.forEach((v) => histogram.observe({ of }, v));
    observe('a', 0.1, 0.5, 0.6);
    const previous = emfTotals(await registry.getMetricsAsJSON());
    observe('a', 2, 0.4);
    observe('b', 2.1, -1);
    const values = await registry.getMetricsAsJSON();
    const context = { channel: 'a', timestamp: TIMESTAMP };
    const lines = emfLines(values, table, { ...context, previous });
    expect(lines.flatMap(emfFaults)).to.deep.equal([]);
    expect(lines.map(parse)).to.deep.equal([
      {
        _aws: {
          Timestamp: TIMESTAMP,
          CloudWatchMetrics: [
            {
              Namespace: 'AwsMedia',
              Dimensions: [['Channel']],
              Metrics: [{ Name: 'Took', Unit: 'Seconds' }],
            },
          ],
        },
        Channel: 'a',
        Took: [0.5, 2, 0.5, 4],
      },
    ]);
    expect(emfLines(values, table, { ...context, previous: emfTotals(values) })).to.deep.equal([]);
  });

  it('give how many observations there were, where a histogram is to be counted', async () => {
    const registry = new Registry();
    const histogram = histogramIn(registry);
    const table: EmfMetric[] = [{ metric: SECONDS, name: 'Requests', unit: 'Count', histogram: 'count' }];
    for (const of of ['a', 'a', 'b']) histogram.observe({ of }, 9);
    const previous = emfTotals(await registry.getMetricsAsJSON());
    histogram.observe({ of: 'a' }, 0.1);
    const values = await registry.getMetricsAsJSON();
    const given = (before?: typeof previous) =>
      emfLines(values, table, {
        ...{ channel: 'a', timestamp: TIMESTAMP },
        ...(before && { previous: before }),
      }).map((line) => parse(line)['Requests']);
    expect(given()).to.deep.equal([4]);
    expect(given(previous)).to.deep.equal([1]);
  });

  it('are in further lines where more was observed than a line may have, and single values once', async () => {
    const registry = new Registry();
    const histogram = histogramIn(registry);
    const table: EmfMetric[] = [
      { metric: SECONDS, name: 'Took', unit: 'Seconds', histogram: 'values' },
      { metric: SECONDS, name: 'Requests', unit: 'Count', histogram: 'count' },
    ];
    for (let n = 0; n < 250; n++) histogram.observe({ of: 'a' }, n < 150 ? 0.3 : 1.5);
    const lines = emfLines(await registry.getMetricsAsJSON(), table, { channel: 'a', timestamp: TIMESTAMP });
    expect(lines.flatMap(emfFaults)).to.deep.equal([]);
    const documents = lines.map(parse);
    expect(documents.map((document) => (document['Took'] as number[]).length)).to.deep.equal([100, 100, 50]);
    expect(documents.flatMap((document) => document['Took'])).to.deep.equal([
      ...Array<number>(150).fill(0.5),
      ...Array<number>(100).fill(2),
    ]);
    expect(documents.map((document) => document['Requests'])).to.deep.equal([250, undefined, undefined]);
  });

  it('have the delay of parts in parts, of which two are told from more than two', async () => {
    const registry = new Registry();
    const delayed = partDelay(registry, 0.2);
    for (const lateMs of [-3, 20, 199, 400, 401, 7000]) delayed(lateMs);
    const [line] = emfLines(await registry.getMetricsAsJSON(), ENCODER_EMF, {
      channel: 'news',
      timestamp: TIMESTAMP,
    });
    expect(parse(line!)['PartDelay']).to.deep.equal([0.1, 0.1, 1, 2, 2.5, 64]);
  });

  it('are at most 100 a directive', async () => {
    const registry = new Registry();
    const table = Array.from({ length: 250 }, (_, i): EmfMetric => {
      new Gauge({ name: `g${i}`, help: 'g', registers: [registry] }).set(i);
      return { metric: `g${i}`, name: `G${i}`, unit: 'None' };
    });
    const lines = emfLines(await registry.getMetricsAsJSON(), table, { channel: 'a', timestamp: TIMESTAMP });
    expect(lines).to.have.length(1);
    expect(emfFaults(lines[0]!)).to.deep.equal([]);
    const sizes = parse(lines[0]!)._aws.CloudWatchMetrics.map(({ Metrics }) => Metrics.length);
    expect(sizes).to.deep.equal([100, 100, 50]);
  });

  it('have names of their own, and are all in docs/runtime.md', async () => {
    const page = await readFile('docs/runtime.md', 'utf8');
    expect(new Set(ENCODER_EMF.map(({ name }) => name)).size).to.equal(ENCODER_EMF.length);
    expect(page).to.include(`namespace ${EMF_NAMESPACE}`);
    for (const { metric, name } of ENCODER_EMF) {
      const row = page
        .split('\n')
        .find((line) => line.startsWith('|') && new RegExp(`\\b${name}\\b`).test(line));
      expect(row, name).to.include(`\`${metric}`);
    }
  });

  it('are written each interval, and once more at the end, so that no count is lost', async () => {
    const registry = new Registry();
    const late = new Counter({ name: 'media_encoder_late_ticks_total', help: 'late', registers: [registry] });
    const lines: string[] = [];
    late.inc(2);
    const startedAt = Date.now();
    let emf: ReturnType<typeof startEmf> | undefined;
    await new Promise<void>((resolve) => {
      const write = (line: string): void => {
        lines.push(line);
        late.inc();
        if (lines.length === 3) resolve();
      };
      emf = startEmf({ registry, channel: 'news', log, intervalMs: 50, write });
    });
    expect(Date.now() - startedAt).to.be.at.least(148);
    late.inc(4);
    await emf?.close();
    expect(lines.flatMap(emfFaults)).to.deep.equal([]);
    expect(lines.map((line) => parse(line)['LateTicks'])).to.deep.equal([2, 1, 1, 5]);
    const times = lines.map((line) => parse(line)._aws.Timestamp);
    expect(times[0]).to.be.within(startedAt, Date.now());
    expect([...times].sort((a, b) => a - b)).to.deep.equal(times);
  });

  it('do not hold up the process when nobody reads its stdout', async () => {
    const program = `
      const { startEmf } = require(${JSON.stringify(path.join(ENCODER, 'telemetry', 'emf.js'))});
      const { Registry, Gauge } = require('prom-client');
      const registry = new Registry();
      let lines = 0;
      new Gauge({ name: 'media_encoder_speed', help: 's', registers: [registry], collect() {
        this.set(1);
        if (++lines === 60) process.send('60 lines');
      } });
      startEmf({ registry, channel: 'x'.repeat(20000), intervalMs: 1, log: { warn() {}, error() {} } });
    `;
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    try {
      const [message] = (await once(child, 'message')) as [string];
      expect(message, '1.2 MB into a pipe of 64 KiB').to.equal('60 lines');
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
});

describe('an encoder', () => {
  let folder: string;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'emf-'));
  });

  afterEach(async () => {
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  });

  interface Announced {
    readonly type: string;
    readonly ports?: { readonly metrics: number };
  }

  interface Started {
    readonly lines: string[];
    readonly ended: Promise<number | null>;
    readonly message: (type: string) => Promise<Announced>;
    readonly line: (wanted: (line: string) => boolean) => Promise<string>;
  }

  function start(environment: Record<string, string>): Started {
    const { PATH, HOME } = process.env;
    child = fork(path.join(ENCODER, 'main.js'), {
      env: {
        ...{ PATH, HOME, NODE_PATH: process.env['NODE_PATH'], CHANNEL: 'news', STORE: `file:${folder}` },
        ...{ METRICS_PORT: '0', METRICS_INTERVAL_SECONDS: '1', LOG_LEVEL: 'silent', ...environment },
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const running = child;
    const lines: string[] = [];
    const reader = createInterface({ input: running.stdout! });
    reader.on('line', (line) => lines.push(line));
    const closed = once(reader, 'close');
    const ended = once(running, 'exit').then(async ([code]) => {
      await closed;
      return code as number | null;
    });
    return {
      lines,
      ended,
      message: (type) =>
        new Promise((resolve) =>
          running.on('message', (message: Announced) => {
            if (message.type === type) resolve(message);
          }),
        ),
      line: (wanted) => new Promise((resolve) => reader.on('line', (line) => wanted(line) && resolve(line))),
    };
  }

  const metricsPage = async ({ ports }: Announced): Promise<string> =>
    (await fetch(`http://127.0.0.1:${ports!.metrics}/metrics`)).text();

  it('writes its metrics for CloudWatch to stdout and nothing else, and asks for no GPU that does not encode', async function () {
    this.timeout(60_000);
    const { lines, ended, line, message } = start({ METRICS_EMF: 'true', ENCODER: 'software' });
    const [listening] = await Promise.all([
      message('listening'),
      line((text) => Number(parse(text)['FramesPerSecond']) > 0),
    ]);
    expect(await metricsPage(listening), 'no GPU encodes').to.not.include('media_gpu_');
    child!.kill('SIGTERM');
    expect(await ended).to.equal(0);
    expect(lines.flatMap(emfFaults)).to.deep.equal([]);
    for (const document of lines.map(parse)) {
      expect(document['Channel']).to.equal('news');
      // Before the first part there is no delay.
      const delay = 'PartDelay' in document ? [{ Name: 'PartDelay', Unit: 'None' }] : [];
      expect(document._aws.CloudWatchMetrics[0]!.Metrics).to.deep.equal([
        ...CHANNEL_METRICS,
        ...delay,
        FOREIGN_WRITERS,
      ]);
      expect(document['ForeignWriters']).to.equal(0);
    }
    const delays = lines.flatMap((text) => (parse(text)['PartDelay'] as number[] | undefined) ?? []);
    expect(delays).to.have.length.greaterThan(2);
  });

  it('says with its last line that another encoder has taken the channel, and leaves it', async function () {
    this.timeout(60_000);
    const { lines, ended, message } = start({ METRICS_EMF: 'true', ENCODER: 'software' });
    const { msn } = (await message('tick')) as Announced & { readonly msn: number };
    await mkdir(path.join(folder, 'claims/news'), { recursive: true });
    for (const ahead of [1, 2, 3]) {
      const claim = JSON.stringify({ writer: 'another' });
      // Those that it has made itself stay.
      await writeFile(path.join(folder, keys.claim('news', msn + ahead)), claim, { flag: 'wx' }).catch(
        () => undefined,
      );
    }
    expect(await ended).to.equal(EXIT.fenced);
    expect(lines.flatMap(emfFaults)).to.deep.equal([]);
    const counts = lines.map((text) => parse(text)['ForeignWriters']);
    expect(counts.at(-1)).to.equal(1);
    expect(counts.slice(0, -1).filter((count) => count !== 0)).to.deep.equal([]);
  });

  it('writes nothing to stdout unless it is asked to, and asks for the GPU where it is, whatever encodes', async function () {
    this.timeout(60_000);
    const PATH = `${STAND_IN}${path.delimiter}${process.env['PATH']}`;
    const environment = { PATH, FAKE_GPU: 'l4', FAKE_GPU_STATE: 'hot', METRICS_GPU: 'true' };
    const { lines, ended, message } = start({ ENCODER: 'software', ...environment });
    const [listening] = await Promise.all([message('listening'), message('tick')]);
    expect(await metricsPage(listening)).to.include(
      'media_gpu_throttled{gpu="0",uuid="GPU-453f8851-d1a3-e72d-4d85-3ef04418205b"} 1\n',
    );
    child!.kill('SIGTERM');
    expect(await ended).to.equal(0);
    expect(lines).to.deep.equal([]);
  });

  it('measures the GPU that encodes, for Prometheus and CloudWatch, and ends nvidia-smi with itself', async function () {
    this.timeout(60_000);
    // Says that NVENC encodes, and then does not: there is no GPU here.
    const ffmpeg = 'case "$*" in *"-f null"*) exit 0;; esac\nexit 1';
    const fake = await fakePrograms({ 'nvidia-smi': standIn('l4', 'busy'), ffmpeg });
    try {
      const environment = { ENCODER: 'nvenc', METRICS_EMF: 'true', PATH: fake.path };
      const { lines, ended, line, message } = start(environment);
      const [listening, gpu] = await Promise.all([
        message('listening'),
        line((text) => parse(text)['Gpu'] === '0'),
      ]);
      expect(parse(gpu)).to.include({ Channel: 'news', GpuEncoderSessions: 12, GpuEncoderLatency: 0.004191 });
      expect(await metricsPage(listening)).to.include(
        'media_gpu_encoder_sessions{gpu="0",uuid="GPU-453f8851-d1a3-e72d-4d85-3ef04418205b"} 12\n',
      );
      child!.kill('SIGTERM');
      expect(await ended).to.equal(0);
      expect(lines.flatMap(emfFaults)).to.deep.equal([]);
    } finally {
      await fake.remove();
    }
  });
});

describe('the rules that lines are checked by', () => {
  const right = {
    _aws: {
      Timestamp: TIMESTAMP,
      CloudWatchMetrics: [{ Namespace: 'N', Dimensions: [['D']], Metrics: [{ Name: 'M', Unit: 'Percent' }] }],
    },
    D: 'd',
    M: 1,
  };

  it('take the right', () => {
    expect(emfFaults(JSON.stringify(right))).to.deep.equal([]);
  });

  const wrong: [fault: string, document: unknown][] = [
    ['it has no _aws', { M: 1 }],
    ['Timestamp is no integer', { ...right, _aws: { ...right._aws, Timestamp: '2023' } }],
    ['dimension D has no text at the root', { ...right, D: 1 }],
    ['M has no number at the root', { ...right, M: null }],
    ['it is longer than 256 KiB', { ...right, text: 'x'.repeat(262_144) }],
    ['M has the unit "Watts"', withDirective({ Metrics: [{ Name: 'M', Unit: 'Watts' }] })],
    ['a directive has more than 100 metrics', withDirective({ Metrics: Array(101).fill({ Name: 'M' }) })],
    ['a dimension set has more than 9 keys', withDirective({ Dimensions: [Array(10).fill('D')] })],
    ['Namespace is not 1 to 255 characters', withDirective({ Namespace: '' })],
  ];
  for (const [fault, document] of wrong) {
    it(`refuse a line: ${fault}`, () => expect(emfFaults(JSON.stringify(document))).to.deep.equal([fault]));
  }

  function withDirective(change: Record<string, unknown>): unknown {
    return {
      ...right,
      _aws: { ...right._aws, CloudWatchMetrics: [{ ...right._aws.CloudWatchMetrics[0], ...change }] },
    };
  }
});
