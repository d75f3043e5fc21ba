/** What is watched, as data. Each has a section of its name in docs/runbook.md. */
import { EMF_NAMESPACE, ENCODER_EMF } from '../../../encoder/contract';
import type { AlarmSpec } from '../../kit';
import { ChannelSource } from './args';

/** One alarm of CloudWatch, without whom it tells. */
export interface FleetAlarm extends AlarmSpec {
  /** Whether it is about cost, and not about the programme. */
  readonly advisory?: boolean;
  /** Of the encoder's GPU, besides its channel. */
  readonly ofGpu?: boolean;
  /** Sources that it is for. @default all */
  readonly sources?: readonly ChannelSource[];
}

/** Of the GPU that an encoder sees: an instance has one. */
export const GPU_DIMENSION = { Gpu: '0' } as const;

/** Name of a metric of the runtime. @throws RangeError where it has none of the name */
function metric(name: string): Pick<FleetAlarm, 'namespace' | 'metricName'> {
  if (!ENCODER_EMF.some((row) => row.name === name)) throw new RangeError(`no metric ${name}`);
  return { namespace: EMF_NAMESPACE, metricName: name };
}

/** Counts GPU errors; user-data.ts writes it. */
export const XID_METRIC = 'GpuXid';

/** Where the GPU is used well, in percent of NVENC's time: the document's "70-85 %". */
export const NVENC_BAND = { low: 70, high: 85 } as const;

/**
 * Degrees Celsius. Above its "GPU Max Operating Temp" a board lowers its clocks: by public `nvidia-smi -q` 85 of a T4 and
 * 88 of an A10G, and by the distance to it that L4 and L40S tell in its place 84 to 86 and 88.
 */
const HOT = 85;

/** Part of the readings of five minutes: of 20, four. A single one is usual when clocks change. */
const OFTEN = 0.2;

/** Parts. Players hold back three (PART-HOLD-BACK), and one goes into what is between the store and them. */
const MOST_DELAY = 2;

/** Of each channel. */
export const CHANNEL_ALARMS: readonly FleetAlarm[] = [
  {
    id: 'stopped',
    description: 'encodes no pictures: no task runs, or it cannot encode',
    ...metric('FramesPerSecond'),
    statistic: 'Maximum',
    comparisonOperator: 'LessThanThreshold',
    threshold: 1,
    ...{ periodSeconds: 60, periods: 2, missing: 'breaching' },
  },
  {
    id: 'no-input',
    description: 'has had no contribution for more than five seconds: viewers see the slate',
    ...metric('InputLostSeconds'),
    statistic: 'Sum',
    comparisonOperator: 'GreaterThanThreshold',
    threshold: 0,
    ...{ periodSeconds: 60, periods: 1, missing: 'notBreaching' },
    sources: [ChannelSource.Srt, ChannelSource.Rtmp, ChannelSource.Udp],
  },
  {
    id: 'slow',
    description:
      'does not keep up (speed under 0.98): the GPU or the CPU is throttled or too busy, so renditions are left out',
    ...metric('Slow'),
    statistic: 'Maximum',
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    ...{ periodSeconds: 60, periods: 2, missing: 'notBreaching' },
  },
  {
    id: 'part-delay',
    description: `brings its parts into the store more than ${MOST_DELAY} parts after their end: players stall or fall back`,
    ...metric('PartDelay'),
    statistic: 'Average',
    comparisonOperator: 'GreaterThanThreshold',
    threshold: MOST_DELAY,
    ...{ periodSeconds: 60, periods: 2, missing: 'notBreaching' },
  },
  {
    id: 'foreign-writer',
    description: 'was taken by another encoder, while this one wrote: two are started for it',
    ...metric('ForeignWriters'),
    statistic: 'Sum',
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    ...{ periodSeconds: 60, periods: 1, missing: 'notBreaching' },
  },
  {
    id: 'restarts',
    description: 'starts ffmpeg again and again',
    ...metric('Restarts'),
    statistic: 'Sum',
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    threshold: 3,
    ...{ periodSeconds: 300, periods: 1, missing: 'notBreaching' },
  },
  {
    id: 'gpu-hot',
    description: 'runs on a GPU that is about to be throttled for its temperature',
    ...metric('GpuTemperature'),
    statistic: 'Maximum',
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    threshold: HOT,
    ...{ periodSeconds: 60, periods: 5, missing: 'notBreaching' },
    ofGpu: true,
  },
  {
    id: 'gpu-throttled',
    description: 'runs on a GPU that is slowed down for heat, or by its power supply',
    ...metric('GpuThrottled'),
    statistic: 'Average',
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    threshold: OFTEN,
    ...{ periodSeconds: 300, periods: 1, missing: 'notBreaching' },
    ofGpu: true,
  },
  {
    id: 'gpu-power-capped',
    description: 'runs on a GPU that is slowed down at the limit of its power, most of the time',
    ...metric('GpuPowerCapped'),
    statistic: 'Average',
    comparisonOperator: 'GreaterThanThreshold',
    threshold: 0.5,
    ...{ periodSeconds: 300, periods: 3, missing: 'notBreaching' },
    ofGpu: true,
  },
  {
    id: 'gpu-lost',
    description:
      'runs on a GPU that cannot be read: it is lost, needs a reset, or its driver does not answer',
    ...metric('GpuHealthy'),
    statistic: 'Maximum',
    comparisonOperator: 'LessThanThreshold',
    threshold: 1,
    ...{ periodSeconds: 60, periods: 3, missing: 'notBreaching' },
  },
  {
    id: 'nvenc-high',
    description: `runs on a GPU whose NVENC is busy for more than ${NVENC_BAND.high} % of the time`,
    ...metric('GpuEncoderUtilization'),
    statistic: 'Average',
    comparisonOperator: 'GreaterThanThreshold',
    threshold: NVENC_BAND.high,
    ...{ periodSeconds: 300, periods: 3, missing: 'notBreaching' },
    ofGpu: true,
  },
  {
    id: 'nvenc-low',
    description: `runs on a GPU whose NVENC is busy for less than ${NVENC_BAND.low} % of the time, all day`,
    ...metric('GpuEncoderUtilization'),
    statistic: 'Average',
    comparisonOperator: 'LessThanThreshold',
    threshold: NVENC_BAND.low,
    ...{ periodSeconds: 3600, periods: 24, missing: 'notBreaching' },
    ...{ ofGpu: true, advisory: true },
  },
];

/** Of the fleet. */
export const XID_ALARM: FleetAlarm = {
  id: 'gpu-xid',
  description: 'has a GPU with errors (Xid): its instance may have to be replaced',
  namespace: EMF_NAMESPACE,
  metricName: XID_METRIC,
  statistic: 'Sum',
  comparisonOperator: 'GreaterThanOrEqualToThreshold',
  threshold: 1,
  ...{ periodSeconds: 60, periods: 1, missing: 'notBreaching' },
};

/** Of each capacity provider: ECS wants more instances than there are, and gets none. */
export const CAPACITY_ALARM: FleetAlarm = {
  id: 'no-capacity',
  description: 'has had too few instances for its channels for a quarter of an hour',
  namespace: 'AWS/ECS/ManagedScaling',
  metricName: 'CapacityProviderReservation',
  statistic: 'Maximum',
  comparisonOperator: 'GreaterThanThreshold',
  threshold: 100,
  ...{ periodSeconds: 60, periods: 15, missing: 'notBreaching' },
};

/** All, for the runbook. */
export const FLEET_ALARMS: readonly FleetAlarm[] = [...CHANNEL_ALARMS, XID_ALARM, CAPACITY_ALARM];
