import { mkdtemp, readFile, rm, watch, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { readGpus, startGpuMetrics, type GpuMetrics } from '../../../encoder/telemetry/gpu';
import { fakePrograms, print, type FakePrograms } from './fake-nvidia-smi';

const A10G = 'gpu="0",uuid="GPU-5f1d2c8e-0b7a-4f63-9e21-7c4d8a90b135"';
const L4 = (index: number): string => `gpu="${index}",uuid="GPU-c2a9e410-6d3b-48f7-b1c5-20f98e7d6a44"`;

const a10gSeries = (labels: string): string[] => [
  `media_gpu_utilization_ratio{${labels}} 0.21`,
  `media_gpu_memory_utilization_ratio{${labels}} 0.14`,
  `media_gpu_encoder_utilization_ratio{${labels}} 0.88`,
  `media_gpu_decoder_utilization_ratio{${labels}} 0.17`,
  `media_gpu_memory_used_bytes{${labels}} 3326083072`,
  `media_gpu_memory_total_bytes{${labels}} 24146608128`,
  `media_gpu_temperature_celsius{${labels}} 58`,
  `media_gpu_power_watts{${labels}} 118.42`,
  `media_gpu_encoder_sessions{${labels}} 6`,
  `media_gpu_encoder_fps{${labels}} 30`,
  `media_gpu_encoder_latency_seconds{${labels}} 0.007214`,
];

const l4Series = (labels: string): string[] => [
  `media_gpu_utilization_ratio{${labels}} 0.07`,
  `media_gpu_memory_utilization_ratio{${labels}} 0.03`,
  `media_gpu_encoder_utilization_ratio{${labels}} 0.57`,
  `media_gpu_decoder_utilization_ratio{${labels}} 0`,
  `media_gpu_memory_used_bytes{${labels}} 1294991360`,
  `media_gpu_memory_total_bytes{${labels}} 24152899584`,
  `media_gpu_temperature_celsius{${labels}} 46`,
  `media_gpu_power_watts{${labels}} 31.07`,
  `media_gpu_encoder_sessions{${labels}} 12`,
  `media_gpu_encoder_fps{${labels}} 29`,
  `media_gpu_encoder_latency_seconds{${labels}} 0.004191`,
];

describe('GPU metrics', () => {
  const systemPath = process.env['PATH'];
  let registry: Registry;
  let logged: { level: number; msg: string; failure?: string; fields?: string[] }[];
  let fake: FakePrograms | undefined;
  let metrics: GpuMetrics | undefined;

  beforeEach(() => {
    registry = new Registry();
    logged = [];
  });

  afterEach(async () => {
    await metrics?.close();
    await fake?.remove();
    metrics = fake = undefined;
    process.env['PATH'] = systemPath;
  });

  interface Reads {
    readonly times: number;
    readonly intervalMs?: number;
    readonly timeoutMs?: number;
    readonly visibleDevices?: string;
    readonly after?: (reads: number) => Promise<void>;
  }

  /** Starts it and waits for some readings. @returns what each failed with */
  function reads({ times, after, ...options }: Reads): Promise<(string | undefined)[]> {
    const log = pino({}, { write: (line) => logged.push(JSON.parse(line) as (typeof logged)[number]) });
    const failures: (string | undefined)[] = [];
    return new Promise((resolve, reject) => {
      const onRead = (failure: string | undefined): void => {
        failures.push(failure);
        if (failures.length === times) resolve(failures);
        else after?.(failures.length).catch(reject);
      };
      metrics = startGpuMetrics({ registry, log, intervalMs: 1, onRead, ...options });
    });
  }

  async function install(shell: string): Promise<FakePrograms> {
    fake = await fakePrograms({ 'nvidia-smi': shell });
    process.env['PATH'] = fake.path;
    return fake;
  }

  async function series(prefix = 'media_gpu_'): Promise<string[]> {
    const text = await registry.metrics();
    return text
      .split('\n')
      .filter((line) => line.startsWith(prefix) && !line.startsWith('media_gpu_read_failures'));
  }

  async function failuresCounted(): Promise<number> {
    const metric = await registry.getSingleMetric('media_gpu_read_failures_total')!.get();
    return metric.values[0]!.value;
  }

  it('gives what an A10G reports, in base units', async () => {
    await install(print('a10g-535.csv'));
    expect(await reads({ times: 1 })).to.deep.equal([undefined]);
    expect(await series()).to.deep.equal(a10gSeries(A10G));
    expect(await failuresCounted()).to.equal(0);
    expect(logged).to.deep.equal([]);
  });

  it('gives what an L4 reports, with decimals as they were: 57 % is 0.57', async () => {
    await install(print('l4-550.csv'));
    await reads({ times: 1 });
    expect(await series()).to.deep.equal(l4Series(L4(0)));
  });

  it('asks for each value once, as CSV without header and units', async () => {
    const { calls } = await install(print('a10g-535.csv'));
    await reads({ times: 1 });
    expect((await calls())[0]).to.equal(
      '--query-gpu=index,uuid,utilization.gpu,utilization.memory,utilization.encoder,utilization.decoder,' +
        'memory.used,memory.total,temperature.gpu,power.draw,encoder.stats.sessionCount,' +
        'encoder.stats.averageFps,encoder.stats.averageLatency --format=csv,noheader,nounits',
    );
  });

  it('tells two GPUs apart by index and UUID', async () => {
    await install(print('two-gpus.csv'));
    await reads({ times: 1 });
    const both = await series();
    expect(both.filter((line) => line.includes(A10G))).to.deep.equal(a10gSeries(A10G));
    expect(both.filter((line) => line.includes(L4(1)))).to.deep.equal(l4Series(L4(1)));
    expect(both).to.have.length(22);
  });

  it('leaves out the GPUs that NVIDIA_VISIBLE_DEVICES does not list by UUID', async () => {
    await install(print('two-gpus.csv'));
    await reads({ times: 1, visibleDevices: 'GPU-c2a9e410-6d3b-48f7-b1c5-20f98e7d6a44' });
    expect(await series()).to.deep.equal(l4Series(L4(1)));
    await metrics?.close();
    for (const visibleDevices of ['', 'all', '0,1', 'GPU-c2a9e410,GPU-5f1d2c8e']) {
      registry.clear();
      await reads({ times: 1, visibleDevices });
      expect(await series(), visibleDevices).to.have.length(22);
      await metrics?.close();
    }
  });

  it('has no series for what is not reported, and the others all the same', async () => {
    await install(print('not-reported.csv'));
    expect(await reads({ times: 1 })).to.deep.equal([undefined]);
    expect(await series()).to.deep.equal([
      `media_gpu_memory_used_bytes{${A10G}} 61865984`,
      `media_gpu_memory_total_bytes{${A10G}} 24146608128`,
      `media_gpu_encoder_sessions{${A10G}} 0`,
      `media_gpu_encoder_fps{${A10G}} 0`,
      `media_gpu_encoder_latency_seconds{${A10G}} 0`,
    ]);
  });

  it('has no series for columns that are missing, and none for 101 %', async () => {
    await install(`${print('cut-short.csv')}; echo '2, GPU-2, 101, 100'`);
    await reads({ times: 1 });
    expect((await series()).sort()).to.deep.equal([
      `media_gpu_encoder_utilization_ratio{${A10G}} 0.88`,
      `media_gpu_memory_utilization_ratio{${A10G}} 0.14`,
      'media_gpu_memory_utilization_ratio{gpu="2",uuid="GPU-2"} 1',
      `media_gpu_utilization_ratio{${A10G}} 0.21`,
      `media_gpu_utilization_ratio{${L4(1)}} 0.07`,
    ]);
  });

  it('asks a driver without utilization of NVENC and NVDEC for the rest, from then on at once', async () => {
    const refuse = (field: string): string =>
      `case "$*" in *${field}*) echo 'Field "${field}" is not a valid field to query.'; echo; exit 2;; esac`;
    const { calls } = await install(
      [refuse('utilization.encoder'), refuse('utilization.decoder'), print('without-utilization.csv')].join(
        '\n',
      ),
    );
    expect(await reads({ times: 2 })).to.deep.equal([undefined, undefined]);
    await metrics?.close();
    expect(await series()).to.deep.equal(
      a10gSeries(A10G).filter((line) => !/media_gpu_(?:encoder|decoder)_utilization/.test(line)),
    );
    const asked = (await calls()).slice(0, 4).map((call) => call.split(',').length);
    expect(asked, 'commas: 13 fields, 12, 11, and again 11').to.deep.equal([15, 14, 13, 13]);
    expect(await failuresCounted()).to.equal(0);
    expect(logged.map(({ fields }) => fields)).to.deep.equal([
      ['utilization.encoder'],
      ['utilization.decoder'],
    ]);
  });

  const failures: [what: string, shell: string, failure: string][] = [
    ['no answer', ':', 'nvidia-smi named no GPU'],
    ['garbage', print('garbage.txt'), 'nvidia-smi named no GPU: index, uuid, utilization.gpu [%]'],
    [
      'a driver that is gone',
      `${print('driver-gone.txt')}; exit 9`,
      "nvidia-smi ended with exit code 9: NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
    ],
    [
      'no device',
      `${print('no-devices.txt')}; exit 6`,
      'nvidia-smi ended with exit code 6: No devices were found',
    ],
    [
      'an error',
      'echo Insufficient Permissions >&2; exit 4',
      'nvidia-smi ended with exit code 4: Insufficient Permissions',
    ],
    [
      'values and an error',
      `${print('a10g-535.csv')}; exit 1`,
      'nvidia-smi ended with exit code 1: 0, GPU-5f1d',
    ],
    ['more than it can have to say', 'exec yes', 'nvidia-smi wrote more than 64 KiB'],
  ];
  for (const [what, shell, failure] of failures) {
    it(`counts ${what} as a failure, and says what it was`, async () => {
      await install(shell);
      const [said] = await reads({ times: 1, intervalMs: 60_000 });
      expect(said).to.contain(failure);
      if (!failure.endsWith('GPU-5f1d')) expect(said).to.equal(failure);
      expect(await failuresCounted()).to.equal(1);
      expect(await series()).to.deep.equal([]);
      expect(logged.map(({ level, failure: of }) => [level, of])).to.deep.equal([[40, said]]);
    });
  }

  it('says what to do where there is no nvidia-smi', async () => {
    const empty = await mkdtemp(path.join(os.tmpdir(), 'empty-'));
    process.env['PATH'] = empty;
    try {
      expect(await reads({ times: 1 })).to.deep.equal([
        'nvidia-smi is not on PATH: in a container NVIDIA_DRIVER_CAPABILITIES has to name utility',
      ]);
    } finally {
      await rm(empty, { recursive: true });
    }
  });

  it('ends a call that hangs, and begins another only then', async () => {
    const { folder, calls } = await install('echo $$ >> pids; exec sleep 60');
    const said = await reads({ times: 2, timeoutMs: 300 });
    await metrics?.close();
    expect(said).to.deep.equal(Array(2).fill('nvidia-smi did not answer within 0.3 s'));
    const pids = (await readFile(path.join(folder, 'pids'), 'utf8')).trim().split('\n');
    expect(await calls()).to.have.length(pids.length);
    for (const pid of pids) expect(isAlive(Number(pid)), pid).to.equal(false);
  });

  it('goes on after a call that hangs with a child of its own, which holds its output', async () => {
    const { folder } = await install('sleep 60 & echo $! >> children; wait');
    try {
      const said = await reads({ times: 2, timeoutMs: 300 });
      expect(said).to.deep.equal(Array(2).fill('nvidia-smi did not answer within 0.3 s'));
      await metrics?.close();
    } finally {
      const children = await readFile(path.join(folder, 'children'), 'utf8');
      for (const pid of children.trim().split('\n')) process.kill(Number(pid), 'SIGKILL');
    }
  });

  it('ends the call that is under way when it is closed', async () => {
    const { folder } = await install('echo $$ > pid.new; mv pid.new pid; exec sleep 60');
    const appeared = fileIn(folder, 'pid');
    void reads({ times: 1, timeoutMs: 60_000 });
    const pid = Number(await appeared);
    expect(isAlive(pid)).to.equal(true);
    await metrics?.close();
    expect(isAlive(pid)).to.equal(false);
  });

  it('never runs two calls at once, however long they take', async () => {
    const { folder } = await install(
      `echo begin >> order; sleep 0.1; ${print('a10g-535.csv')}; echo end >> order`,
    );
    await reads({ times: 4, intervalMs: 10 });
    await metrics?.close();
    const order = (await readFile(path.join(folder, 'order'), 'utf8')).trim().split('\n');
    expect(order.slice(0, 8)).to.deep.equal(Array(4).fill(['begin', 'end']).flat());
  });

  it('shows no old values while calls fail, says so once, and when they are there again', async () => {
    const { folder } = await install('cat answer || exit 1');
    const answer = path.join(folder, 'answer');
    const shown: number[] = [];
    await writeFile(answer, await readFile(path.resolve('tests/fixtures/nvidia/a10g-535.csv')));
    const said = await reads({
      times: 5,
      intervalMs: 50,
      after: async (count) => {
        shown.push((await series()).length);
        if (count === 1) await rm(answer);
        if (count === 4)
          await writeFile(answer, await readFile(path.resolve('tests/fixtures/nvidia/l4-550.csv')));
      },
    });
    expect(said.map((failure) => failure !== undefined)).to.deep.equal([false, true, true, true, false]);
    expect(shown).to.deep.equal([11, 0, 0, 0]);
    expect(await series()).to.deep.equal(l4Series(L4(0)));
    expect(await failuresCounted()).to.equal(3);
    expect(logged.map(({ level, msg }) => [level, msg])).to.deep.equal([
      [40, 'no GPU metrics; it is tried again, less and less often'],
      [30, 'GPU metrics are there again'],
    ]);
  });

  it('waits twice as long after each failure', async () => {
    const { folder } = await install('date +%s%3N >> starts; exit 1');
    await reads({ times: 4, intervalMs: 50 });
    const starts = (await readFile(path.join(folder, 'starts'), 'utf8')).trim().split('\n').map(Number);
    const gaps = starts.slice(1).map((start, i) => start - starts[i]!);
    expect(gaps[0]).to.be.at.least(98);
    expect(gaps[1]).to.be.at.least(198);
    expect(gaps[2]).to.be.at.least(398);
  });
});

describe('readGpus', () => {
  const fields = ['index', 'uuid', 'utilization.gpu', 'power.draw'];

  it('takes lines with CR LF, and blanks around values', () => {
    expect(readGpus('\r\n 0 ,GPU-1,  5,1.25 \r\n', fields)).to.deep.equal([
      {
        index: '0',
        uuid: 'GPU-1',
        values: new Map([
          ['utilization.gpu', 5],
          ['power.draw', 1.25],
        ]),
      },
    ]);
  });

  it('gives finite numbers of fields that were asked for, or nothing, whatever it is given', () => {
    const cell = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '0',
        'GPU-1',
        '5',
        '-5',
        '1e9',
        'Infinity',
        'NaN',
        '0x1',
        '[N/A]',
        'ERR!',
        '9'.repeat(400),
      ),
    );
    const line = fc.array(cell, { maxLength: 6 }).map((cells) => cells.join(', '));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(line).map((lines) => lines.join('\n')),
        ),
        (text) => {
          for (const { index, uuid, values } of readGpus(text, fields)) {
            expect(index).to.match(/^\d+$/);
            expect(uuid).to.match(/^GPU-[\w-]+$/);
            for (const [field, value] of values) {
              expect(fields.slice(2)).to.include(field);
              expect(value).to.satisfy((given: number) => Number.isFinite(given) && given >= 0);
            }
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Its text, once it is there. */
async function fileIn(folder: string, name: string): Promise<string> {
  for await (const { filename } of watch(folder)) {
    if (filename === name) return readFile(path.join(folder, name), 'utf8');
  }
  throw new Error(`${folder} is no longer watched`);
}
