/** What `nvidia-smi` is asked for, and the metrics that its answers become. */

const MIB = 1024 * 1024;
const MHZ = 1_000_000;

/** How a cell is written: a number; `Active` or `Yes` and their opposites; what has to be done, or `None`. */
export type GpuCell = 'number' | 'flag' | 'action';

export interface GpuField {
  /** As `nvidia-smi --help-query-gpu` names it. */
  readonly field: string;
  /** Its name before driver 535, which does not know the one of today. */
  readonly older?: string;
  readonly metric: string;
  readonly help: string;
  /** Of the series, besides the GPU's. */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default 'number' */
  readonly cell?: GpuCell;
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

const clock = (field: string, metric: string, help: string): GpuField => ({
  field,
  metric,
  help,
  scale: MHZ,
});

const EVENT = 'clocks_event_reasons.';

/** 1 while it holds the clocks down. `reason` is the field's name. */
const reason = (name: string): GpuField => ({
  field: EVENT + name,
  older: `clocks_throttle_reasons.${name}`,
  metric: 'media_gpu_clocks_event_reason',
  help: 'Whether the reason keeps the clocks from being higher: 1 or 0',
  labels: { reason: name },
  cell: 'flag',
});

/** Heat, or the power supply. Idling, settings and the power limit are no slowdown. */
const SLOWDOWN_REASONS = [
  'hw_slowdown',
  'hw_thermal_slowdown',
  'hw_power_brake_slowdown',
  'sw_thermal_slowdown',
];
export const SLOWDOWN_FIELDS: readonly string[] = SLOWDOWN_REASONS.map((name) => EVENT + name);

export const FAULT_METRIC = 'media_gpu_fault';

const fault = (field: string, name: string, cell: GpuCell = 'flag'): GpuField => ({
  field,
  metric: FAULT_METRIC,
  help: 'Whether the GPU has the fault, by nvidia-smi: 1 or 0',
  labels: { fault: name },
  cell,
});

/** nvidia-smi's units, by its help: percent, MiB, degrees Celsius, watts, frames a second, microseconds, MHz. */
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
    field: 'enforced.power.limit',
    metric: 'media_gpu_power_limit_watts',
    help: 'Power above which the driver lowers the clocks',
  },
  clock('clocks.sm', 'media_gpu_sm_clock_hertz', 'Clock of the streaming multiprocessors'),
  clock('clocks.video', 'media_gpu_video_clock_hertz', 'Clock of NVENC and NVDEC, which their speed follows'),
  clock('clocks.mem', 'media_gpu_memory_clock_hertz', 'Clock of the memory'),
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
  {
    field: 'ecc.errors.uncorrected.volatile.total',
    metric: 'media_gpu_ecc_uncorrected_errors',
    help: 'Errors of memory that could not be corrected, since the driver was loaded',
  },
  reason('gpu_idle'),
  reason('applications_clocks_setting'),
  reason('sw_power_cap'),
  ...SLOWDOWN_REASONS.map(reason),
  reason('sync_boost'),
  fault('retired_pages.pending', 'retired_pages_pending'),
  fault('remapped_rows.pending', 'remapped_rows_pending'),
  fault('remapped_rows.failure', 'remapped_rows_failure'),
  // The first is of drivers from 535 on, the second of those after it.
  fault('reset_status.reset_required', 'reset_required'),
  fault('gpu_recovery_action', 'recovery_action', 'action'),
];

const BY_NAME: ReadonlyMap<string, GpuField> = new Map(
  GPU_FIELDS.flatMap((row) =>
    [row.field, ...(row.older === undefined ? [] : [row.older])].map((name) => [name, row]),
  ),
);

/** By the name of any driver. */
export const gpuField = (name: string): GpuField | undefined => BY_NAME.get(name);
