/** What the alarms of several components share. */
import { matching } from './rules';
import { rule, type InputProblems } from './input-errors';

/** One alarm of CloudWatch, without whom it tells and what it is of. */
export interface AlarmSpec {
  /** Section of the runbook, and end of the resource's name. */
  readonly id: string;
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: 'Average' | 'Maximum' | 'Sum';
  readonly comparisonOperator: 'GreaterThanThreshold' | 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly periods: number;
  readonly missing: 'breaching' | 'notBreaching';
}

/** CloudWatch's limit of an alarm's description. */
const MAX_DESCRIPTION = 1024;

/** CloudWatch's limit of actions of a state. */
export const MAX_ALARM_ACTIONS = 5;

/**
 * @param of what is watched, as in `Channel news of live`
 * @param runbook URL of the user's own; absent: the package's
 */
export function describeAlarm(
  { id, description }: Pick<AlarmSpec, 'id' | 'description'>,
  of: string,
  runbook?: string,
): string {
  const where = runbook === undefined ? `"${id}" in docs/runbook.md of pulumi-aws-media` : `${runbook}#${id}`;
  return `${of} ${description}. What to do: ${where}`.slice(0, MAX_DESCRIPTION);
}

/** When an alarm goes off: arguments of a MetricAlarm. */
export const judging = (spec: AlarmSpec) => ({
  statistic: spec.statistic,
  comparisonOperator: spec.comparisonOperator,
  threshold: spec.threshold,
  period: spec.periodSeconds,
  evaluationPeriods: spec.periods,
  datapointsToAlarm: spec.periods,
  treatMissingData: spec.missing,
});

export const topicArn = rule(
  matching(/^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:.+$/),
  'an ARN, as arn:aws:sns:us-east-1:123456789012:alarms',
  'give the ARN of an SNS topic',
);

/** Room for what {@link describeAlarm} says besides. */
export function checkRunbook(problems: InputProblems, runbook: string | undefined): void {
  const isText =
    runbook === undefined || (typeof runbook === 'string' && runbook.length > 0 && runbook.length <= 400);
  if (isText) return;
  const allowed = 'a text of 1 to 400 characters';
  problems.add('alarms.runbook', runbook, { allowed, fix: 'give the URL of your copy of the runbook' });
}
