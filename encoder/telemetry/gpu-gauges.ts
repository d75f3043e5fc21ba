/** Readings of GPUs as gauges, with what follows from several values. */
import { Gauge, type Registry } from 'prom-client';
import { FAULT_METRIC, GPU_FIELDS, gpuField, SLOWDOWN_FIELDS } from './gpu-fields';
import { WORD_FAULTS, type GpuReading } from './gpu-reading';

const THROTTLED = 'media_gpu_throttled';
const HEALTHY = 'media_gpu_healthy';

/** What the next reset repairs, while the GPU works on: NVIDIA, "GPU Memory Error Management", recovery flags. */
const REPAIRED_BY_RESET: readonly string[] = ['retired_pages_pending', 'remapped_rows_pending'];

type Labels = Readonly<Record<string, string>>;

export interface GpuFault {
  readonly gpu: string;
  readonly fault: string;
  /** Whether the GPU cannot be counted on. */
  readonly serious: boolean;
}

export class GpuGauges {
  readonly #registry: Registry;
  readonly #gauges = new Map<string, Gauge>();
  #healthy: Gauge | undefined;
  /** Index by UUID of the GPUs that were there: one that is not named any more is missing. */
  readonly #seen = new Map<string, string>();

  constructor(registry: Registry) {
    this.#registry = registry;
    for (const { metric, help, labels = {} } of GPU_FIELDS) this.#make(metric, help, Object.keys(labels));
    this.#make(THROTTLED, 'Whether heat or the power supply slows the GPU down: 1 or 0');
  }

  /** In place of what was shown before. @returns the faults that there are */
  show(gpus: readonly GpuReading[]): readonly GpuFault[] {
    this.clear();
    for (const gpu of gpus) this.#showValues(gpu);
    return this.#showFaults(gpus);
  }

  clear(): void {
    for (const gauge of this.#gauges.values()) gauge.reset();
  }

  setHealthy(healthy: boolean): void {
    // Not before the first reading: a gauge without labels is 0 from its start, and 0 is an alarm.
    this.#healthy ??= new Gauge({
      name: HEALTHY,
      help: 'Whether nvidia-smi reads the GPU, which has no serious fault: 1 or 0',
      registers: [this.#registry],
    });
    this.#healthy.set(healthy ? 1 : 0);
  }

  #make(name: string, help: string, labels: readonly string[] = []): void {
    if (this.#gauges.has(name)) return;
    const labelNames = ['gpu', 'uuid', ...labels];
    this.#gauges.set(name, new Gauge({ name, help, labelNames, registers: [this.#registry] }));
  }

  #set(metric: string, labels: Labels, value: number): void {
    this.#gauges.get(metric)!.set(labels, value);
  }

  #showValues({ index: gpu, uuid, values }: GpuReading): void {
    for (const [name, value] of values) {
      const { metric, labels, scale = 1, most = Infinity } = gpuField(name)!;
      if (value > most) continue;
      // Of few digits, so that 7 % is 0.07.
      this.#set(metric, { gpu, uuid, ...labels }, Number((value * scale).toPrecision(15)));
    }
    const slowdowns = SLOWDOWN_FIELDS.map((field) => values.get(field));
    if (slowdowns.includes(1)) this.#set(THROTTLED, { gpu, uuid }, 1);
    else if (!slowdowns.includes(undefined)) this.#set(THROTTLED, { gpu, uuid }, 0);
  }

  /** Fields tell of some faults; words in place of values, and absence, of the others. */
  #showFaults(gpus: readonly GpuReading[]): readonly GpuFault[] {
    const found: GpuFault[] = [];
    const set = (gpu: string, uuid: string, fault: string, present: boolean): void => {
      if (present) found.push({ gpu, fault, serious: !REPAIRED_BY_RESET.includes(fault) });
      this.#set(FAULT_METRIC, { gpu, uuid, fault }, present ? 1 : 0);
    };
    for (const { index, uuid, values, faults } of gpus) {
      const told = faultsOf(values);
      for (const fault of WORD_FAULTS) told.set(fault, told.get(fault) === true || faults.includes(fault));
      for (const [fault, present] of told) set(index, uuid, fault, present);
      set(index, uuid, 'missing', false);
    }
    for (const [uuid, index] of this.#seen)
      if (!gpus.some((gpu) => gpu.uuid === uuid)) set(index, uuid, 'missing', true);
    for (const { index, uuid } of gpus) this.#seen.set(uuid, index);
    return found;
  }
}

/** Whether each is there, of those that the GPU reports. */
function faultsOf(values: ReadonlyMap<string, number>): Map<string, boolean> {
  const rows = GPU_FIELDS.filter(({ metric, field }) => metric === FAULT_METRIC && values.has(field));
  return new Map(rows.map(({ field, labels }) => [labels!['fault']!, values.get(field) === 1]));
}
