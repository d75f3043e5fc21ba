/** What `nvidia-smi` says of the GPUs, as metrics. What it does not say has no series: unknown is not zero. */
import { setTimeout as delay } from 'node:timers/promises';
import { Counter, type Registry } from 'prom-client';
import { GPU_FIELDS, gpuField } from './gpu-fields';
import { GpuGauges, type GpuFault } from './gpu-gauges';
import { IDENTITY, readGpus } from './gpu-reading';
import type { Logger } from './log';
import { failureOf, firstLine, GPU_FAILURES, NvidiaSmi, type GpuAnswer, type GpuFailure } from './nvidia-smi';
import { XidLog } from './xid';

export interface GpuMetricsOptions {
  readonly registry: Registry;
  readonly log: Logger;
  /** From the end of one call to the start of the next. @default 15000 */
  readonly intervalMs?: number;
  /** How long a call may take. @default 5000 */
  readonly timeoutMs?: number;
  /** NVIDIA_VISIBLE_DEVICES: where it lists UUIDs, the others are left out. */
  readonly visibleDevices?: string | undefined;
  /** Where errors of the driver (Xid) are counted from, if it can be read. @default '/dev/kmsg' */
  readonly kernelLog?: string;
  /** After each call, with what was wrong with it. */
  readonly onRead?: (failure: string | undefined) => void;
}

export interface GpuMetrics {
  /** Ends a call that is under way. */
  close(): Promise<void>;
}

/** After a failure the wait is doubled, up to this. */
const LONGEST_WAIT_MS = 300_000;

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

class GpuReader {
  readonly #options: GpuMetricsOptions;
  readonly #smi: NvidiaSmi;
  readonly #gauges: GpuGauges;
  readonly #failed: Counter;
  readonly #stop = new AbortController();
  /** By the names of this driver, without those that it does not know. */
  #fields: readonly string[] = [...IDENTITY, ...GPU_FIELDS.map(({ field }) => field)];
  #failures = 0;
  #faults: readonly GpuFault[] = [];

  constructor(options: GpuMetricsOptions) {
    this.#options = options;
    this.#smi = new NvidiaSmi(options.timeoutMs ?? 5000);
    this.#gauges = new GpuGauges(options.registry);
    this.#failed = new Counter({
      name: 'media_gpu_read_failures_total',
      help: 'Calls of nvidia-smi that gave no reading, by why',
      labelNames: ['reason'],
      registers: [options.registry],
    });
    for (const reason of GPU_FAILURES) this.#failed.inc({ reason }, 0);
  }

  async run(): Promise<void> {
    const { registry, log, kernelLog = '/dev/kmsg' } = this.#options;
    const xids = await XidLog.open(kernelLog, registry, log);
    try {
      await this.#loop(xids);
    } finally {
      await xids?.close();
    }
  }

  async #loop(xids: XidLog | undefined): Promise<void> {
    const { intervalMs = 15_000, onRead } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const failure = await this.#read().catch((error: unknown) => failureOf(String(error)));
      await xids?.poll();
      if (signal.aborted) return;
      this.#report(failure);
      onRead?.(failure?.message);
      const wait = Math.min(intervalMs * 2 ** this.#failures, Math.max(intervalMs, LONGEST_WAIT_MS));
      await delay(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  stop(): void {
    this.#stop.abort();
    this.#smi.stop();
  }

  /** @returns what is wrong, where there is no reading */
  async #read(): Promise<GpuFailure | undefined> {
    if (this.#smi.hangs) return { reason: 'timeout', message: 'nvidia-smi was killed and does not end' };
    let answer: GpuAnswer;
    do answer = await this.#smi.query(this.#fields);
    while (!this.#stop.signal.aborted && this.#learnNames(answer.text));
    return answer.failure ?? this.#show(answer.text);
  }

  /**
   * nvidia-smi refuses the whole query for one field that it does not know, and names it. One that drivers before 535
   * have another name for stands for all of those; any other is left out from then on.
   * @returns whether there is something else to ask for
   */
  #learnNames(text: string): boolean {
    const named = [...text.matchAll(/Field "([^"]+)" is not a valid field to query/g)].map(
      ([, name]) => name,
    );
    const unknown = this.#fields.filter((name) => named.includes(name) && gpuField(name));
    if (unknown.length === 0) return false;
    const older = this.#fields.map((name) => gpuField(name)?.older ?? name);
    if (unknown.some((name) => !older.includes(name))) {
      this.#fields = older;
      return true;
    }
    this.#fields = this.#fields.filter((name) => !unknown.includes(name));
    this.#options.log.warn({ fields: unknown }, 'GPU metrics that this driver does not have are left out');
    return true;
  }

  /** @returns what is wrong, where nothing can be shown */
  #show(text: string): GpuFailure | undefined {
    const all = readGpus(text, this.#fields);
    if (all.length === 0) return failureOf(`nvidia-smi named no GPU${firstLine(text)}`, text);
    const gpus = all.filter(({ uuid }) => isVisible(uuid, this.#options.visibleDevices));
    if (gpus.length === 0)
      return failureOf(`nvidia-smi named no GPU of NVIDIA_VISIBLE_DEVICES${firstLine(text)}`);
    this.#reportFaults(this.#gauges.show(gpus));
    return undefined;
  }

  #report(failure: GpuFailure | undefined): void {
    const { log } = this.#options;
    if (failure === undefined) {
      this.#gauges.setHealthy(!this.#faults.some(({ serious }) => serious));
      if (this.#failures > 0) log.info({ failures: this.#failures }, 'GPU metrics are there again');
      this.#failures = 0;
      return;
    }
    // Old values must not look like new ones.
    this.#gauges.clear();
    this.#gauges.setHealthy(false);
    const { reason, message } = failure;
    this.#failed.inc({ reason });
    this.#failures++;
    if (this.#failures === 1)
      log.warn({ failure: message, reason }, 'no GPU metrics; it is tried again, less and less often');
  }

  #reportFaults(now: readonly GpuFault[]): void {
    const { log } = this.#options;
    const [before, faults] = [this.#faults, now].map((list) => list.map(asText).join(', '));
    this.#faults = now;
    if (faults === before) return;
    if (faults === '') log.info({ faults: before }, 'the GPU has these faults no longer');
    else log.error({ faults }, 'the GPU has faults');
  }
}

const asText = ({ gpu, fault }: GpuFault): string => `GPU ${gpu}: ${fault}`;

/** A container sees its own GPUs alone, unless it is a privileged one. Indices are the host's, and say nothing here. */
function isVisible(uuid: string, visibleDevices = ''): boolean {
  const listed = visibleDevices.split(',').map((device) => device.trim());
  return !listed.every((device) => device.startsWith('GPU-')) || listed.some((own) => uuid.startsWith(own));
}
