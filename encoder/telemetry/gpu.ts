/** What `nvidia-smi` says of the GPUs, as gauges. What it does not say has no series: unknown is not zero. */
import { execFile, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Logger } from './log';

const MIB = 1024 * 1024;

interface GpuField {
  /** As `nvidia-smi --help-query-gpu` names it. */
  readonly field: string;
  readonly metric: string;
  readonly help: string;
  /** From nvidia-smi's unit to the metric's. */
  readonly scale?: number;
  /** Greatest value there can be, in nvidia-smi's unit. */
  readonly most?: number;
}

const percent = (field: string, metric: string, help: string): GpuField => ({
  field,
  metric,
  help,
  scale: 1 / 100,
  most: 100,
});

/** nvidia-smi's units, by its help: percent, MiB, degrees Celsius, watts, frames a second, microseconds. */
export const GPU_FIELDS: readonly GpuField[] = [
  percent('utilization.gpu', 'media_gpu_utilization_ratio', 'Part of the time in which a kernel ran, 0 to 1'),
  percent(
    'utilization.memory',
    'media_gpu_memory_utilization_ratio',
    'Part of the time in which memory was read or written, 0 to 1',
  ),
  percent(
    'utilization.encoder',
    'media_gpu_encoder_utilization_ratio',
    'Part of the time in which NVENC was busy, 0 to 1',
  ),
  percent(
    'utilization.decoder',
    'media_gpu_decoder_utilization_ratio',
    'Part of the time in which NVDEC was busy, 0 to 1',
  ),
  {
    field: 'memory.used',
    metric: 'media_gpu_memory_used_bytes',
    help: 'Memory in use, by all processes',
    scale: MIB,
  },
  { field: 'memory.total', metric: 'media_gpu_memory_total_bytes', help: 'Memory of the GPU', scale: MIB },
  { field: 'temperature.gpu', metric: 'media_gpu_temperature_celsius', help: 'Temperature of the core' },
  { field: 'power.draw', metric: 'media_gpu_power_watts', help: 'Power of the whole board' },
  {
    field: 'encoder.stats.sessionCount',
    metric: 'media_gpu_encoder_sessions',
    help: 'NVENC sessions, of all processes',
  },
  {
    field: 'encoder.stats.averageFps',
    metric: 'media_gpu_encoder_fps',
    help: 'Frames a second of an NVENC session, averaged over all of them',
  },
  {
    field: 'encoder.stats.averageLatency',
    metric: 'media_gpu_encoder_latency_seconds',
    help: 'Latency of NVENC, averaged over all sessions',
    scale: 1e-6,
  },
];

const INDEX = 'index';
const UUID = 'uuid';
const LABELS = ['gpu', 'uuid'] as const;

export interface GpuReading {
  readonly index: string;
  readonly uuid: string;
  /** By field, in nvidia-smi's units; without those that the GPU does not report. */
  readonly values: ReadonlyMap<string, number>;
}

/**
 * Reads `--format=csv,noheader,nounits`, a line a GPU. A line that does not begin with a GPU's index and UUID is none
 * of it; a value that is no number (`[N/A]`, `[Not Supported]`, `ERR!`) is left out alone.
 * @param fields as queried; the first two are `index` and `uuid`
 */
export function readGpus(csv: string, fields: readonly string[]): readonly GpuReading[] {
  return csv.split('\n').flatMap((line) => {
    const [index = '', uuid = '', ...cells] = line.split(',').map((cell) => cell.trim());
    const names = fields.slice(2);
    if (!/^\d{1,3}$/.test(index) || !/^GPU-[\w-]{1,64}$/.test(uuid) || cells.length > names.length) return [];
    const values = new Map<string, number>();
    cells.forEach((cell, i) => {
      if (/^\d{1,12}(?:\.\d{1,6})?$/.test(cell)) values.set(names[i]!, Number(cell));
    });
    return [{ index, uuid, values }];
  });
}

export interface GpuMetricsOptions {
  readonly registry: Registry;
  readonly log: Logger;
  /** From the end of one call to the start of the next. @default 15000 */
  readonly intervalMs?: number;
  /** How long a call may take. @default 5000 */
  readonly timeoutMs?: number;
  /** NVIDIA_VISIBLE_DEVICES: where it lists UUIDs, the others are left out. */
  readonly visibleDevices?: string | undefined;
  /** After each call, with what was wrong with it. */
  readonly onRead?: (failure: string | undefined) => void;
}

export interface GpuMetrics {
  /** Ends a call that is under way. */
  close(): Promise<void>;
}

/** After a failure the wait is doubled, up to this. */
const LONGEST_WAIT_MS = 300_000;
const MOST_BYTES = 64 * 1024;

export function startGpuMetrics(options: GpuMetricsOptions): GpuMetrics {
  const reader = new GpuReader(options);
  const done = reader.run();
  return {
    close: async () => {
      reader.stop();
      await done;
    },
  };
}

interface Answer {
  readonly text: string;
  readonly failure?: string;
}

class GpuReader {
  readonly #options: GpuMetricsOptions;
  readonly #gauges: ReadonlyMap<string, { readonly field: GpuField; readonly gauge: Gauge }>;
  readonly #failed: Counter;
  readonly #stop = new AbortController();
  /** Without those that this driver does not know. */
  #fields: readonly string[] = [INDEX, UUID, ...GPU_FIELDS.map(({ field }) => field)];
  #failures = 0;
  #child: ChildProcess | undefined;

  constructor(options: GpuMetricsOptions) {
    this.#options = options;
    const registers = [options.registry];
    const gauge = ({ metric: name, help }: GpuField) =>
      new Gauge({ name, help, labelNames: LABELS, registers });
    this.#gauges = new Map(GPU_FIELDS.map((field) => [field.field, { field, gauge: gauge(field) }]));
    this.#failed = new Counter({
      name: 'media_gpu_read_failures_total',
      help: 'Calls of nvidia-smi that gave no reading',
      registers,
    });
  }

  async run(): Promise<void> {
    const { intervalMs = 15_000, onRead } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const failure = await this.#read().catch((error: unknown) => String(error));
      if (signal.aborted) return;
      this.#report(failure);
      onRead?.(failure);
      const wait = Math.min(intervalMs * 2 ** this.#failures, Math.max(intervalMs, LONGEST_WAIT_MS));
      await delay(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  stop(): void {
    this.#stop.abort();
    kill(this.#child);
  }

  /** @returns what is wrong, where there is no reading */
  async #read(): Promise<string | undefined> {
    // A process that a broken driver holds outlives even SIGKILL: there must not be a second one.
    if (this.#child) return 'nvidia-smi was killed and does not end';
    let answer: Answer;
    do answer = await this.#call();
    while (!this.#stop.signal.aborted && this.#forgetUnknown(answer.text));
    const failure = answer.failure ?? this.#show(answer.text);
    // Old values must not look like new ones.
    if (failure !== undefined) this.#clear();
    return failure;
  }

  #call(): Promise<Answer> {
    const { timeoutMs = 5000 } = this.#options;
    const query = [`--query-gpu=${this.#fields.join(',')}`, '--format=csv,noheader,nounits'];
    return new Promise((resolve) => {
      const child = execFile('nvidia-smi', query, { maxBuffer: MOST_BYTES }, (error, text, stderr) => {
        clearTimeout(timer);
        this.#child = undefined;
        resolve(error === null ? { text } : { text, failure: cause(error, text, stderr) });
      });
      this.#child = child;
      const timer = setTimeout(() => {
        kill(child);
        resolve({ text: '', failure: `nvidia-smi did not answer within ${timeoutMs / 1000} s` });
      }, timeoutMs);
    });
  }

  /** Drivers before 535 may not know `utilization.encoder`, and refuse the whole query for one such field. */
  #forgetUnknown(text: string): boolean {
    const named = [...text.matchAll(/Field "([^"]+)" is not a valid field to query/g)].map(
      ([, name]) => name,
    );
    const unknown = this.#fields.filter((field) => named.includes(field) && this.#gauges.has(field));
    if (unknown.length === 0) return false;
    this.#fields = this.#fields.filter((field) => !unknown.includes(field));
    this.#options.log.warn({ fields: unknown }, 'GPU metrics that this driver does not have are left out');
    return true;
  }

  /** @returns what is wrong, where nothing can be shown */
  #show(text: string): string | undefined {
    const all = readGpus(text, this.#fields);
    if (all.length === 0) return `nvidia-smi named no GPU${firstLine(text)}`;
    const gpus = all.filter(({ uuid }) => isVisible(uuid, this.#options.visibleDevices));
    if (gpus.length === 0) return `nvidia-smi named no GPU of NVIDIA_VISIBLE_DEVICES${firstLine(text)}`;
    this.#clear();
    for (const { index, uuid, values } of gpus) {
      for (const [name, value] of values) {
        const { field, gauge } = this.#gauges.get(name)!;
        if (value > (field.most ?? Infinity)) continue;
        // Of few digits, so that 7 % is 0.07.
        gauge.set({ gpu: index, uuid }, Number((value * (field.scale ?? 1)).toPrecision(15)));
      }
    }
    return undefined;
  }

  #clear(): void {
    for (const { gauge } of this.#gauges.values()) gauge.reset();
  }

  #report(failure: string | undefined): void {
    const { log } = this.#options;
    if (failure === undefined) {
      if (this.#failures > 0) log.info({ failures: this.#failures }, 'GPU metrics are there again');
      this.#failures = 0;
      return;
    }
    this.#failed.inc();
    this.#failures++;
    if (this.#failures === 1) log.warn({ failure }, 'no GPU metrics; it is tried again, less and less often');
  }
}

/** What it started itself, or a broken driver that keeps it, shall not hold this process. */
function kill(child: ChildProcess | undefined): void {
  child?.kill('SIGKILL');
  child?.stdout?.destroy();
  child?.stderr?.destroy();
  child?.unref();
}

function cause(error: Error & { code?: unknown }, stdout: string, stderr: string): string {
  if (error.code === 'ENOENT')
    return 'nvidia-smi is not on PATH: in a container NVIDIA_DRIVER_CAPABILITIES has to name utility';
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return `nvidia-smi wrote more than ${MOST_BYTES / 1024} KiB`;
  if (typeof error.code === 'number')
    return `nvidia-smi ended with exit code ${error.code}${firstLine(stderr.trim() || stdout)}`;
  return `nvidia-smi could not be run: ${error.message.split('\n')[0]}`;
}

const firstLine = (text: string): string => {
  const line = text.trim().split('\n')[0]!.slice(0, 200);
  return line === '' ? '' : `: ${line}`;
};

/** A container sees its own GPUs alone, unless it is a privileged one. Indices are the host's, and say nothing here. */
function isVisible(uuid: string, visibleDevices = ''): boolean {
  const listed = visibleDevices.split(',').map((device) => device.trim());
  return !listed.every((device) => device.startsWith('GPU-')) || listed.some((own) => uuid.startsWith(own));
}
