/**
 * What an encoder and an origin tell CloudWatch, as data: `encoder/telemetry/emf.ts` writes it in the Embedded Metric Format, and
 * components make alarms of it.
 */

export const EMF_NAMESPACE = 'AwsMedia';

/** Of CloudWatch's units, those that are in use here. It has none for degrees, watts and ratios. */
export type EmfUnit = 'Percent' | 'Bytes' | 'Count' | 'Count/Second' | 'Seconds' | 'None';

export interface EmfMetric {
  /** Its name in the registry. A counter is given as what it has grown by since the line before. */
  readonly metric: string;
  /** Its name in CloudWatch. */
  readonly name: string;
  readonly unit: EmfUnit;
  /** From the registry's unit. */
  readonly scale?: number;
  /**
   * Of a histogram: `values` gives each observation since the line before as the upper end of its bucket, so that CloudWatch
   * has percentiles of them; `count` gives how many there were.
   */
  readonly histogram?: 'values' | 'count';
  /** The series that count: those with these labels. Series that become one by the dimensions are added up. */
  readonly where?: Readonly<Record<string, string>>;
  /** Dimensions besides Channel or Origin, by the label that gives the value. Few values: CloudWatch bills each. */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** Members of the line that are no dimensions, by the label that gives the value. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** By index: a UUID would be a new metric with every instance. */
const GPU = { dimensions: { Gpu: 'gpu' }, properties: { GpuUuid: 'uuid' } } as const;

export const ENCODER_EMF: readonly EmfMetric[] = [
  { metric: 'media_encoder_frames_per_second', name: 'FramesPerSecond', unit: 'Count/Second' },
  { metric: 'media_encoder_speed', name: 'Speed', unit: 'None' },
  { metric: 'media_encoder_slow', name: 'Slow', unit: 'None' },
  { metric: 'media_encoder_restarts_total', name: 'Restarts', unit: 'Count' },
  { metric: 'media_encoder_late_ticks_total', name: 'LateTicks', unit: 'Count' },
  { metric: 'media_encoder_part_delay_parts', name: 'PartDelay', unit: 'None', histogram: 'values' },
  { metric: 'media_encoder_foreign_writers_total', name: 'ForeignWriters', unit: 'Count' },
  { metric: 'media_s3_request_seconds', name: 'StoreRequests', unit: 'Count', histogram: 'count' },
  {
    metric: 'media_s3_failed_tries_total',
    name: 'StorePutFailures',
    unit: 'Count',
    where: { operation: 'put' },
  },
  { metric: 'media_input_state', name: 'InputLive', unit: 'None', where: { state: 'live' } },
  { metric: 'media_input_lost_seconds_total', name: 'InputLostSeconds', unit: 'Seconds' },
  { metric: 'media_input_bytes_total', name: 'InputBytes', unit: 'Bytes' },
  { metric: 'media_srt_rtt_seconds', name: 'SrtRoundTrip', unit: 'Seconds' },
  { metric: 'media_srt_packets_lost_total', name: 'SrtPacketsLost', unit: 'Count' },
  { metric: 'media_srt_latency_alarm', name: 'SrtLatencyAlarm', unit: 'None' },
  { metric: 'media_gpu_healthy', name: 'GpuHealthy', unit: 'None' },
  { metric: 'media_gpu_read_failures_total', name: 'GpuReadFailures', unit: 'Count' },
  { metric: 'media_gpu_utilization_ratio', name: 'GpuUtilization', unit: 'Percent', scale: 100, ...GPU },
  {
    metric: 'media_gpu_memory_utilization_ratio',
    name: 'GpuMemoryUtilization',
    unit: 'Percent',
    scale: 100,
    ...GPU,
  },
  {
    metric: 'media_gpu_encoder_utilization_ratio',
    name: 'GpuEncoderUtilization',
    unit: 'Percent',
    scale: 100,
    ...GPU,
  },
  {
    metric: 'media_gpu_decoder_utilization_ratio',
    name: 'GpuDecoderUtilization',
    unit: 'Percent',
    scale: 100,
    ...GPU,
  },
  { metric: 'media_gpu_memory_used_bytes', name: 'GpuMemoryUsed', unit: 'Bytes', ...GPU },
  { metric: 'media_gpu_memory_total_bytes', name: 'GpuMemoryTotal', unit: 'Bytes', ...GPU },
  { metric: 'media_gpu_temperature_celsius', name: 'GpuTemperature', unit: 'None', ...GPU },
  { metric: 'media_gpu_power_watts', name: 'GpuPower', unit: 'None', ...GPU },
  { metric: 'media_gpu_throttled', name: 'GpuThrottled', unit: 'None', ...GPU },
  {
    metric: 'media_gpu_clocks_event_reason',
    name: 'GpuPowerCapped',
    unit: 'None',
    where: { reason: 'sw_power_cap' },
    ...GPU,
  },
  { metric: 'media_gpu_sm_clock_hertz', name: 'GpuSmClock', unit: 'None', scale: 1e-6, ...GPU },
  { metric: 'media_gpu_video_clock_hertz', name: 'GpuVideoClock', unit: 'None', scale: 1e-6, ...GPU },
  { metric: 'media_gpu_memory_clock_hertz', name: 'GpuMemoryClock', unit: 'None', scale: 1e-6, ...GPU },
  { metric: 'media_gpu_ecc_uncorrected_errors', name: 'GpuEccErrors', unit: 'Count', ...GPU },
  { metric: 'media_gpu_encoder_sessions', name: 'GpuEncoderSessions', unit: 'Count', ...GPU },
  { metric: 'media_gpu_encoder_fps', name: 'GpuEncoderFramesPerSecond', unit: 'Count/Second', ...GPU },
  { metric: 'media_gpu_encoder_latency_seconds', name: 'GpuEncoderLatency', unit: 'Seconds', ...GPU },
];

/** Of each origin task: sums are of all that share a name, averages of one task. */
export const ORIGIN_EMF: readonly EmfMetric[] = [
  { metric: 'media_origin_sent_bytes_total', name: 'SentBytes', unit: 'Bytes' },
  { metric: 'media_origin_waiting_requests', name: 'HeldRequests', unit: 'Count' },
  { metric: 'media_origin_followed_channels', name: 'FollowedChannels', unit: 'Count' },
];
