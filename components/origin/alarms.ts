/** What is watched, as data. Each has a section of its name in docs/runbook.md. */
import { EMF_NAMESPACE, ORIGIN_EMF } from '../../encoder/contract';
import type { AlarmSpec } from '../kit';

/** One alarm of CloudWatch, without whom it tells. */
export interface OriginAlarm extends AlarmSpec {
  /** Whose metric it is: of the tasks by their name, of the target group, of the service, or of the load balancer. */
  readonly of: 'origin' | 'targetGroup' | 'service' | 'loadBalancer';
}

/** Seconds between two lines of metrics of a task. */
export const METRICS_SECONDS = 15;

/** What a task writes of bytes in a line of metrics, at a rate. */
export const bytesInLine = (mbps: number): number => (mbps * 1e6 * METRICS_SECONDS) / 8;

/** Name of a metric of the runtime. @throws RangeError where it has none of the name */
function metric(name: string): Pick<OriginAlarm, 'namespace' | 'metricName'> {
  if (!ORIGIN_EMF.some((row) => row.name === name)) throw new RangeError(`no metric ${name}`);
  return { namespace: EMF_NAMESPACE, metricName: name };
}

/** What goes out of a task, for scaling and alarms. */
export const SENT_BYTES = metric('SentBytes');

const BALANCER = 'AWS/ApplicationELB';

/** So much more than was planned means that there are not enough tasks, and no more come. */
const TOO_MUCH = 1.5;

/** What alarms depend on. */
export interface AlarmWishes {
  readonly heldRequests: number;
  readonly sentMbps: number;
}

/** Of each zone's service. */
export const serviceAlarms = ({ heldRequests, sentMbps }: AlarmWishes): readonly OriginAlarm[] => [
  {
    id: 'no-healthy-origin',
    description: 'has no healthy task: no playlist and no part of its channels is answered',
    ...{ namespace: BALANCER, metricName: 'HealthyHostCount', of: 'targetGroup' },
    statistic: 'Maximum',
    comparisonOperator: 'LessThanThreshold',
    threshold: 1,
    ...{ periodSeconds: 60, periods: 2, missing: 'breaching' },
  },
  {
    id: 'origin-errors',
    description: 'answers with errors (5xx): parts do not come, or the store cannot be read',
    ...{ namespace: BALANCER, metricName: 'HTTPCode_Target_5XX_Count', of: 'targetGroup' },
    statistic: 'Sum',
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    threshold: 60,
    ...{ periodSeconds: 60, periods: 3, missing: 'notBreaching' },
  },
  {
    id: 'held-requests',
    description: `has a task that holds more than ${heldRequests} requests: caches in front do not share theirs`,
    ...{ ...metric('HeldRequests'), of: 'origin' },
    statistic: 'Maximum',
    comparisonOperator: 'GreaterThanThreshold',
    threshold: heldRequests,
    ...{ periodSeconds: 60, periods: 5, missing: 'notBreaching' },
  },
  {
    id: 'origin-busy',
    description: 'uses more than 85 % of its CPU, and no task that was added has changed that',
    ...{ namespace: 'AWS/ECS', metricName: 'CPUUtilization', of: 'service' },
    statistic: 'Average',
    comparisonOperator: 'GreaterThanThreshold',
    threshold: 85,
    ...{ periodSeconds: 60, periods: 15, missing: 'notBreaching' },
  },
  {
    id: 'origin-bytes',
    description: `sends more than ${sentMbps * TOO_MUCH} Mbit/s a task, and no task that was added has changed that`,
    ...{ ...SENT_BYTES, of: 'origin' },
    statistic: 'Average',
    comparisonOperator: 'GreaterThanThreshold',
    threshold: bytesInLine(sentMbps * TOO_MUCH),
    ...{ periodSeconds: 60, periods: 15, missing: 'notBreaching' },
  },
];

/** Of the load balancer. */
export const BALANCER_ALARM: OriginAlarm = {
  id: 'balancer-errors',
  description: 'answers with errors of its own (5xx): it reaches no task, or none answers in time',
  ...{ namespace: BALANCER, metricName: 'HTTPCode_ELB_5XX_Count', of: 'loadBalancer' },
  statistic: 'Sum',
  comparisonOperator: 'GreaterThanOrEqualToThreshold',
  threshold: 10,
  ...{ periodSeconds: 60, periods: 3, missing: 'notBreaching' },
};

/** Of all alarms, for the runbook. */
export const ORIGIN_ALARM_IDS: readonly string[] = [
  ...serviceAlarms({ heldRequests: 0, sentMbps: 0 }).map(({ id }) => id),
  BALANCER_ALARM.id,
];
