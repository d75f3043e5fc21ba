import { mkdtemp, readFile, rm, watch, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { startGpuMetrics, type GpuMetrics } from '../../../encoder/telemetry/gpu';
import { readGpus } from '../../../encoder/telemetry/gpu-reading';
import { fakePrograms, print, STAND_IN, standIn, type FakePrograms } from './fake-nvidia-smi';

const A10G = 'gpu="0",uuid="GPU-9a9a6c50-2a47-2f51-a902-b82c3b127e94"';
const L4 = (index: number): string => `gpu="${index}",uuid="GPU-453f8851-d1a3-e72d-4d85-3ef04418205b"`;
const T4 = 'gpu="0",uuid="GPU-d37e67a5-91dd-3774-a5cb-99096249601a"';
const L40S = 'gpu="0",uuid="GPU-00000000-0000-0000-0000-000000000000"';

/** In the order in which they are shown. */
const REASONS = [
  ...['gpu_idle', 'applications_clocks_setting', 'sw_power_cap', 'hw_slowdown', 'hw_thermal_slowdown'],
  ...['hw_power_brake_slowdown', 'sw_thermal_slowdown', 'sync_boost'],
];

const reasons = (labels: string, active: readonly string[]): string[] =>
  REASONS.map(
    (name) => `media_gpu_clocks_event_reason{${labels},reason="${name}"} ${active.includes(name) ? 1 : 0}`,
  );

const faults = (labels: string, values: Readonly<Record<string, 0 | 1>>): string[] =>
  Object.entries(values).map(([name, value]) => `media_gpu_fault{${labels},fault="${name}"} ${value}`);

/** Those that words, or absence, tell of. */
const NO_FAULT = { lost: 0, reset_required: 0, unreadable: 0, missing: 0 } as const;

const a10gSeries = (labels: string): string[] => [
  `media_gpu_utilization_ratio{${labels}} 0`,
  `media_gpu_memory_utilization_ratio{${labels}} 0`,
  `media_gpu_memory_used_bytes{${labels}} 23068672`,
  `media_gpu_memory_total_bytes{${labels}} 24146608128`,
  `media_gpu_temperature_celsius{${labels}} 17`,
  `media_gpu_power_watts{${labels}} 25.58`,
  `media_gpu_power_limit_watts{${labels}} 300`,
  `media_gpu_sm_clock_hertz{${labels}} 210000000`,
  `media_gpu_video_clock_hertz{${labels}} 555000000`,
  `media_gpu_memory_clock_hertz{${labels}} 405000000`,
  `media_gpu_encoder_sessions{${labels}} 0`,
  `media_gpu_encoder_fps{${labels}} 0`,
  `media_gpu_encoder_latency_seconds{${labels}} 0`,
  `media_gpu_ecc_uncorrected_errors{${labels}} 0`,
  ...reasons(labels, ['gpu_idle']),
  ...faults(labels, NO_FAULT),
  `media_gpu_throttled{${labels}} 0`,
];

const l4Series = (labels: string): string[] => [
  `media_gpu_utilization_ratio{${labels}} 0.24`,
  `media_gpu_memory_utilization_ratio{${labels}} 0.12`,
  `media_gpu_encoder_utilization_ratio{${labels}} 0.78`,
  `media_gpu_decoder_utilization_ratio{${labels}} 0.09`,
  `media_gpu_memory_used_bytes{${labels}} 2589982720`,
  `media_gpu_memory_total_bytes{${labels}} 24152899584`,
  `media_gpu_temperature_celsius{${labels}} 61`,
  `media_gpu_power_watts{${labels}} 48.12`,
  `media_gpu_power_limit_watts{${labels}} 72`,
  `media_gpu_sm_clock_hertz{${labels}} 2040000000`,
  `media_gpu_video_clock_hertz{${labels}} 1770000000`,
  `media_gpu_memory_clock_hertz{${labels}} 6251000000`,
  `media_gpu_encoder_sessions{${labels}} 12`,
  `media_gpu_encoder_fps{${labels}} 30`,
  `media_gpu_encoder_latency_seconds{${labels}} 0.004191`,
  `media_gpu_ecc_uncorrected_errors{${labels}} 0`,
  ...reasons(labels, []),
  ...faults(labels, { reset_required: 0, lost: 0, unreadable: 0, missing: 0 }),
  `media_gpu_throttled{${labels}} 0`,
];

describe('GPU metrics', () => {
  const systemPath = process.env['PATH'];
  let registry: Registry;
  let logged: { level: number; msg: string; failure?: string; faults?: string; fields?: string[] }[];
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
        // How often it is asked before the kernel has taken it away is the machine's affair.
        if (failure === 'nvidia-smi was killed and does not end') return;
        failures.push(failure);
        if (failures.length === times) resolve(failures);
        else after?.(failures.length).catch(reject);
      };
      metrics = startGpuMetrics({ registry, log, intervalMs: 1, kernelLog: '', onRead, ...options });
    });
  }

  async function install(shell: string): Promise<FakePrograms> {
    fake = await fakePrograms({ 'nvidia-smi': shell });
    process.env['PATH'] = fake.path;
    return fake;
  }

  /** Of the GPUs; whether they are healthy and how often reading failed is asked for apart. */
  async function series(prefix = 'media_gpu_'): Promise<string[]> {
    const text = await registry.metrics();
    return text
      .split('\n')
      .filter((line) => line.startsWith(prefix) && !/^media_gpu_(?:read_failures|healthy)/.test(line));
  }

  /** Undefined: there is no such series. */
  async function healthy(): Promise<number | undefined> {
    const values = await registry.getMetricsAsJSON();
    return values.find(({ name }) => name === 'media_gpu_healthy')?.values[0]?.value;
  }

  /** By reason, of those that there were. */
  async function failuresCounted(): Promise<Record<string, number>> {
    const { values } = await registry.getSingleMetric('media_gpu_read_failures_total')!.get();
    const counted = values.filter(({ value }) => value > 0);
    return Object.fromEntries(counted.map(({ labels, value }) => [String(labels['reason']), value]));
  }

  it('give what an L4 reports, in base units: 78 % is 0.78', async () => {
    await install(standIn('l4', 'busy'));
    expect(await healthy(), 'nothing was read').to.equal(undefined);
    expect(await reads({ times: 1 })).to.deep.equal([undefined]);
    expect(await series()).to.deep.equal(l4Series(L4(0)));
    expect(await healthy()).to.equal(1);
    expect(await failuresCounted()).to.deep.equal({});
  });

  it('have a series at 0 for each reason why reading can fail', async () => {
    await install(standIn('l4'));
    await reads({ times: 1 });
    const { values } = await registry.getSingleMetric('media_gpu_read_failures_total')!.get();
    expect(values.map(({ labels, value }) => [labels['reason'], value])).to.deep.equal([
      ...[['lost', 0] as const, ['no-device', 0] as const, ['driver', 0] as const],
      ...[['timeout', 0] as const, ['absent', 0] as const, ['other', 0] as const],
    ]);
  });

  it('give what an A10G with a driver before 535 reports, by the older names of the clocks’ reasons', async () => {
    const { calls } = await install(standIn('a10g'));
    expect(await reads({ times: 2 })).to.deep.equal([undefined, undefined]);
    await metrics?.close();
    expect(await series()).to.deep.equal(a10gSeries(A10G));
    expect(await healthy()).to.equal(1);
    const asked = await calls();
    expect(asked.at(-1)).to.include('clocks_throttle_reasons.sw_power_cap').and.not.include('clocks_event');
    expect(asked.at(-1), 'and asks for nothing in vain from then on').to.equal(asked.at(-2));
    expect(logged.map(({ level, fields }) => [level, fields])).to.deep.equal([
      [40, ['utilization.encoder']],
      [40, ['utilization.decoder']],
      [40, ['remapped_rows.pending']],
      [40, ['remapped_rows.failure']],
      [40, ['reset_status.reset_required']],
      [40, ['gpu_recovery_action']],
    ]);
    expect(await failuresCounted(), 'a field that is not there is no failure').to.deep.equal({});
  });

  it('give what a T4 reports, which retires pages in place of rows', async () => {
    await install(standIn('t4'));
    await reads({ times: 1 });
    const shown = await series();
    expect(shown).to.include.members([
      `media_gpu_memory_used_bytes{${T4}} 1082130432`,
      `media_gpu_memory_total_bytes{${T4}} 16106127360`,
      `media_gpu_temperature_celsius{${T4}} 40`,
      `media_gpu_power_watts{${T4}} 26.78`,
      `media_gpu_power_limit_watts{${T4}} 70`,
      `media_gpu_sm_clock_hertz{${T4}} 585000000`,
      `media_gpu_video_clock_hertz{${T4}} 810000000`,
      `media_gpu_memory_clock_hertz{${T4}} 5000000000`,
      ...reasons(T4, []),
      ...faults(T4, { retired_pages_pending: 0, ...NO_FAULT }),
    ]);
    expect(shown).to.have.length(a10gSeries(A10G).length + 1);
  });

  it('give what an L40S reported while two ffmpeg encoded with NVENC', async () => {
    await install(standIn('l40s', 'busy'));
    await reads({ times: 1 });
    const shown = await series();
    expect(shown).to.include.members([
      `media_gpu_encoder_utilization_ratio{${L40S}} 0.6`,
      `media_gpu_encoder_sessions{${L40S}} 2`,
      `media_gpu_encoder_fps{${L40S}} 237`,
      `media_gpu_encoder_latency_seconds{${L40S}} 4.271133`,
      `media_gpu_video_clock_hertz{${L40S}} 1965000000`,
      ...faults(L40S, {
        remapped_rows_pending: 0,
        remapped_rows_failure: 0,
        recovery_action: 0,
        ...NO_FAULT,
      }),
    ]);
    expect(logged.map(({ fields }) => fields)).to.deep.equal([['reset_status.reset_required']]);
  });

  it('are named as Prometheus asks for: the base unit last, and _total for counters alone', async () => {
    await install(standIn('l40s', 'busy'));
    await reads({ times: 1 });
    // Counts, and 1 or 0.
    const unitless = ['sessions', 'errors', 'reason', 'fault', 'throttled', 'healthy', 'fps'];
    const units = ['ratio', 'bytes', 'celsius', 'watts', 'hertz', 'seconds', ...unitless].join('|');
    for (const { name, type } of await registry.getMetricsAsJSON()) {
      if (String(type) === 'counter') expect(name).to.match(/^media_gpu_[a-z_]+_total$/);
      else expect(name).to.match(new RegExp(`^media_gpu_(?:[a-z_]+_)?(?:${units})$`));
    }
  });

  it('ask for each value once, as CSV without header and units', async () => {
    const { calls } = await install(print('cut-short.csv'));
    await reads({ times: 1 });
    expect((await calls())[0]).to.equal(
      '--query-gpu=index,uuid,utilization.gpu,utilization.memory,utilization.encoder,utilization.decoder,' +
        'memory.used,memory.total,temperature.gpu,power.draw,enforced.power.limit,clocks.sm,clocks.video,' +
        'clocks.mem,encoder.stats.sessionCount,encoder.stats.averageFps,encoder.stats.averageLatency,' +
        'ecc.errors.uncorrected.volatile.total,' +
        `${REASONS.map((name) => `clocks_event_reasons.${name},`).join('')}retired_pages.pending,` +
        'remapped_rows.pending,remapped_rows.failure,reset_status.reset_required,gpu_recovery_action ' +
        '--format=csv,noheader,nounits',
    );
  });

  it('tell two GPUs apart by index and UUID', async () => {
    await install(standIn('l4,l40s', 'busy'));
    await reads({ times: 1 });
    const both = await series();
    expect(both.filter((line) => line.includes(L4(0)))).to.have.members(l4Series(L4(0)));
    expect(both).to.include(`media_gpu_encoder_sessions{${L40S.replace('gpu="0"', 'gpu="1"')}} 2`);
  });

  it('leave out the GPUs that NVIDIA_VISIBLE_DEVICES does not list by UUID', async () => {
    await install(standIn('a10g,t4'));
    await reads({ times: 1, visibleDevices: 'GPU-9a9a6c50-2a47-2f51-a902-b82c3b127e94' });
    expect(await series()).to.deep.equal(a10gSeries(A10G));
    await metrics?.close();
    for (const visibleDevices of ['', 'all', '0,1', 'GPU-d37e67a5,GPU-9a9a6c50']) {
      registry.clear();
      await reads({ times: 1, visibleDevices });
      expect(await series(), visibleDevices).to.have.length(2 * a10gSeries(A10G).length + 1);
      await metrics?.close();
    }
  });

  it('have no series for what is not reported, and the others all the same', async () => {
    await install(print('not-reported.csv'));
    expect(await reads({ times: 1 })).to.deep.equal([undefined]);
    expect(await series()).to.deep.equal([
      `media_gpu_memory_used_bytes{${A10G}} 61865984`,
      `media_gpu_memory_total_bytes{${A10G}} 24146608128`,
      `media_gpu_memory_clock_hertz{${A10G}} 405000000`,
      `media_gpu_encoder_sessions{${A10G}} 0`,
      `media_gpu_encoder_fps{${A10G}} 0`,
      `media_gpu_encoder_latency_seconds{${A10G}} 0`,
      `media_gpu_clocks_event_reason{${A10G},reason="gpu_idle"} 1`,
      `media_gpu_clocks_event_reason{${A10G},reason="hw_slowdown"} 0`,
      ...faults(A10G, { remapped_rows_pending: 0, ...NO_FAULT }),
    ]);
    expect(await healthy()).to.equal(1);
  });

  it('have no series for columns that are missing, and none for 101 %', async () => {
    await install(`${print('cut-short.csv')}; echo '2, GPU-2, 101, 100'`);
    await reads({ times: 1 });
    const shown = await series();
    expect(shown.filter((line) => !line.startsWith('media_gpu_fault')).sort()).to.deep.equal([
      `media_gpu_encoder_utilization_ratio{${A10G}} 0.88`,
      `media_gpu_memory_utilization_ratio{${A10G}} 0.14`,
      'media_gpu_memory_utilization_ratio{gpu="2",uuid="GPU-2"} 1',
      `media_gpu_utilization_ratio{${A10G}} 0.21`,
      `media_gpu_utilization_ratio{${L4(1)}} 0.07`,
    ]);
  });

  describe('of throttling', () => {
    const throttling: [what: string, state: string, active: string[], throttled: 0 | 1][] = [
      ['heat', 'hot', ['hw_slowdown', 'hw_thermal_slowdown', 'sw_thermal_slowdown'], 1],
      ['the power limit, which is no slowdown', 'power-capped', ['sw_power_cap'], 0],
      ['nothing', 'busy', [], 0],
    ];
    for (const gpu of ['l4', 't4']) {
      for (const [what, state, active, throttled] of throttling) {
        it(`tell of ${what}, of ${gpu === 't4' ? 'an older' : 'a newer'} driver`, async () => {
          await install(standIn(gpu, state));
          await reads({ times: 1 });
          const labels = gpu === 't4' ? T4 : L4(0);
          expect(await series('media_gpu_clocks_event_reason')).to.deep.equal(reasons(labels, active));
          expect(await series('media_gpu_throttled')).to.deep.equal([
            `media_gpu_throttled{${labels}} ${throttled}`,
          ]);
          expect(await healthy(), 'it is no fault').to.equal(1);
        });
      }
    }

    it('do not say that there is none where one of the slowdowns is not reported', async () => {
      await install(`${standIn('l4', 'busy')} | sed 's/Not Active/[N\\/A]/5'`);
      await reads({ times: 1 });
      expect(await series('media_gpu_clocks_event_reason')).to.have.length(7);
      expect(await series('media_gpu_throttled')).to.deep.equal([]);
    });
  });

  describe('of faults', () => {
    const found: [what: string, gpu: string, state: string, faults: string[], healthy: 0 | 1][] = [
      [
        'pages that the next reset retires, with which it works on',
        't4',
        'memory-fault',
        ['retired_pages_pending'],
        1,
      ],
      ['a reset that the driver asks for', 'l4', 'memory-fault', ['reset_required'], 0],
      [
        'what has to be done, beside rows that wait',
        'l40s',
        'memory-fault',
        ['remapped_rows_pending', 'recovery_action'],
        0,
      ],
      ['a GPU that fell off the bus', 'l4', 'lost', ['lost'], 0],
      ['a GPU that needs a reset, in place of its values', 'a10g', 'needs-reset', ['reset_required'], 0],
    ];
    for (const [what, gpu, state, names, isHealthy] of found) {
      it(`tell of ${what}`, async () => {
        await install(standIn(gpu, state));
        expect(await reads({ times: 2 })).to.deep.equal([undefined, undefined]);
        await metrics?.close();
        const present = (await series('media_gpu_fault')).filter((line) => line.endsWith(' 1'));
        expect(present.map((line) => /fault="(.*?)"/.exec(line)![1])).to.deep.equal(names);
        expect(await healthy()).to.equal(isHealthy);
        const errors = logged.filter(({ level }) => level === 50).map(({ faults }) => faults);
        expect(errors, 'logged once').to.deep.equal([names.map((name) => `GPU 0: ${name}`).join(', ')]);
      });
    }

    it('count errors of memory that could not be corrected, which alone are no fault', async () => {
      await install(`${standIn('l4', 'busy')} | sed 's/4191, 0,/4191, 2,/'`);
      await reads({ times: 1 });
      expect(await series('media_gpu_ecc')).to.deep.equal([`media_gpu_ecc_uncorrected_errors{${L4(0)}} 2`]);
      expect(await healthy()).to.equal(1);
    });

    it('tell of a GPU whose temperature cannot be read', async () => {
      await install(`${standIn('l4', 'busy')} | sed 's/ 61,/ [Unknown Error],/'`);
      await reads({ times: 1 });
      expect(await series('media_gpu_fault')).to.include(`media_gpu_fault{${L4(0)},fault="unreadable"} 1`);
      expect(await healthy()).to.equal(0);
    });

    it('tell of a GPU that is not named any more, until it is there again', async () => {
      const { folder } = await install(`FAKE_GPU=$(cat gpus) '${STAND_IN}/nvidia-smi' "$@"`);
      const gpus = path.join(folder, 'gpus');
      const missing: (string | undefined)[] = [];
      await writeFile(gpus, 'a10g,t4');
      await reads({
        times: 3,
        intervalMs: 50,
        after: async (count) => {
          missing.push((await series('media_gpu_fault')).find((line) => line.endsWith('missing"} 1')));
          await writeFile(gpus, count === 1 ? 'a10g' : 'a10g,t4');
        },
      });
      expect(missing).to.deep.equal([
        undefined,
        `media_gpu_fault{${T4.replace('gpu="0"', 'gpu="1"')},fault="missing"} 1`,
      ]);
      expect(await healthy()).to.equal(1);
      expect(
        logged.filter(({ faults }) => faults !== undefined).map(({ level, faults }) => [level, faults]),
      ).to.deep.equal([
        [50, 'GPU 1: missing'],
        [30, 'GPU 1: missing'],
      ]);
    });
  });

  const failures: [what: string, shell: string, reason: string, failure: string][] = [
    ['no answer', ':', 'other', 'nvidia-smi named no GPU'],
    ['garbage', print('garbage.txt'), 'other', 'nvidia-smi named no GPU: index, uuid, utilization.gpu [%]'],
    [
      'a driver that is gone',
      `${print('driver-gone.txt')}; exit 9`,
      'driver',
      "nvidia-smi ended with exit code 9: NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
    ],
    [
      'a container that lost its devices',
      standIn('l4', 'no-nvml'),
      'driver',
      'nvidia-smi ended with exit code 255: Failed to initialize NVML: Unknown Error',
    ],
    [
      'no device',
      `${print('no-devices.txt')}; exit 6`,
      'no-device',
      'nvidia-smi ended with exit code 6: No devices were found',
    ],
    [
      'a GPU that is lost',
      `${print('partly-lost.txt')}; exit 15`,
      'lost',
      'nvidia-smi ended with exit code 15: Unable to determine the device handle for GPU 0000:00:1E.0: GPU is lost.  Reboot the system to recover this GPU',
    ],
    [
      'a GPU that is lost, without an exit code',
      print('partly-lost.txt'),
      'lost',
      'nvidia-smi named no GPU: Unable to determine the device handle for GPU 0000:00:1E.0: GPU is lost.  Reboot the system to recover this GPU',
    ],
    [
      'a GPU that cannot be reached',
      standIn('l4', 'unreachable'),
      'lost',
      'nvidia-smi ended with exit code 255: Unable to determine the device handle for GPU0000:00:1E.0: Unknown Error',
    ],
    ['exit code 15 alone', 'exit 15', 'lost', 'nvidia-smi ended with exit code 15'],
    [
      'an error',
      'echo Insufficient Permissions >&2; exit 4',
      'other',
      'nvidia-smi ended with exit code 4: Insufficient Permissions',
    ],
    [
      'values and an error',
      `${standIn('l4')}; exit 1`,
      'other',
      'nvidia-smi ended with exit code 1: 0, GPU-453f',
    ],
    ['more than it can have to say', 'exec yes', 'other', 'nvidia-smi wrote more than 64 KiB'],
  ];
  for (const [what, shell, reason, failure] of failures) {
    it(`count ${what} as a failure (${reason}), and say what it was`, async () => {
      await install(shell);
      const [said] = await reads({ times: 1, intervalMs: 60_000 });
      expect(said).to.contain(failure);
      if (!failure.endsWith('GPU-453f')) expect(said).to.equal(failure);
      expect(await failuresCounted()).to.deep.equal({ [reason]: 1 });
      expect(await series()).to.deep.equal([]);
      expect(await healthy()).to.equal(0);
      const [first] = logged.filter(({ failure: of }) => of !== undefined);
      expect([first?.level, first?.failure]).to.deep.equal([40, said]);
    });
  }

  it('say what to do where there is no nvidia-smi', async () => {
    const empty = await mkdtemp(path.join(os.tmpdir(), 'empty-'));
    process.env['PATH'] = empty;
    try {
      expect(await reads({ times: 1 })).to.deep.equal([
        'nvidia-smi is not on PATH: in a container NVIDIA_DRIVER_CAPABILITIES has to name utility',
      ]);
      expect(await failuresCounted()).to.deep.equal({ absent: 1 });
      expect(await healthy()).to.equal(0);
    } finally {
      await rm(empty, { recursive: true });
    }
  });

  it('end a call that hangs, and begin another only then', async () => {
    const { folder, calls } = await install('echo $$ >> pids; exec sleep 60');
    const said = await reads({ times: 2, timeoutMs: 300 });
    await metrics?.close();
    expect(said).to.deep.equal(Array(2).fill('nvidia-smi did not answer within 0.3 s'));
    const pids = (await readFile(path.join(folder, 'pids'), 'utf8')).trim().split('\n');
    expect(await calls()).to.have.length(pids.length);
    for (const pid of pids) expect(isAlive(Number(pid)), pid).to.equal(false);
  });

  it('go on after a call that hangs with a child of its own, which holds its output', async () => {
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

  it('end the call that is under way when they are closed', async () => {
    const { folder } = await install('echo $$ > pid.new; mv pid.new pid; exec sleep 60');
    const appeared = fileIn(folder, 'pid');
    void reads({ times: 1, timeoutMs: 60_000 });
    const pid = Number(await appeared);
    expect(isAlive(pid)).to.equal(true);
    await metrics?.close();
    expect(isAlive(pid)).to.equal(false);
  });

  it('never run two calls at once, however long they take', async () => {
    const { folder } = await install(`echo begin >> order; sleep 0.1; ${standIn('l4')}; echo end >> order`);
    await reads({ times: 4, intervalMs: 10 });
    await metrics?.close();
    const order = (await readFile(path.join(folder, 'order'), 'utf8')).trim().split('\n');
    expect(order.slice(0, 8)).to.deep.equal(Array(4).fill(['begin', 'end']).flat());
  });

  it('show no old values while calls fail, say so once, and when they are there again', async () => {
    const { folder } = await install(
      `[ -e answer ] || exit 1; FAKE_GPU_STATE=$(cat answer) '${STAND_IN}/nvidia-smi' "$@"`,
    );
    const answer = path.join(folder, 'answer');
    const shown: number[] = [];
    await writeFile(answer, 'idle');
    const said = await reads({
      times: 5,
      intervalMs: 50,
      after: async (count) => {
        shown.push((await series()).length);
        if (count === 1) await rm(answer);
        if (count === 4) await writeFile(answer, 'busy');
      },
    });
    expect(said.map((failure) => failure !== undefined)).to.deep.equal([false, true, true, true, false]);
    expect(shown).to.deep.equal([l4Series(L4(0)).length, 0, 0, 0]);
    expect(await series()).to.deep.equal(l4Series(L4(0)));
    expect(await failuresCounted()).to.deep.equal({ other: 3 });
    expect(logged.filter(({ fields }) => !fields).map(({ level, msg }) => [level, msg])).to.deep.equal([
      [40, 'no GPU metrics; it is tried again, less and less often'],
      [30, 'GPU metrics are there again'],
    ]);
  });

  it('wait twice as long after each failure', async () => {
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
        faults: [],
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
        '[GPU is lost]',
        'Active',
        'None',
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
