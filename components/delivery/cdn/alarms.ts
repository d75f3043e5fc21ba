/** What is watched of a distribution. Each alarm has a section of its name in docs/runbook.md. */
import * as cloudwatch from '@pulumi/aws/cloudwatch';
import type * as cloudfront from '@pulumi/aws/cloudfront';
import type * as pulumi from '@pulumi/pulumi';
import {
  MAX_ALARM_ACTIONS,
  checkRunbook,
  describeAlarm,
  judging,
  isObject,
  matching,
  rule,
  textsOf,
  type AlarmSpec,
  type InputProblems,
} from '../../kit';
import type { CdnAlarmArgs } from './args';
import { GLOBAL_REGION, cdnName, childOf, tagged, type Family } from './family';

/** Alarms of a distribution, checked. */
export interface NormalCdnAlarms {
  readonly actions: readonly pulumi.Input<string>[];
  readonly runbook: string | undefined;
}

/** Percent of the requests. Failing over to the other origin hides what one of them answers. */
const MOST_ERRORS = 1;

/** Of each distribution. */
export const CDN_ALARMS: readonly AlarmSpec[] = [
  {
    id: 'cdn-errors',
    description: `answers more than ${MOST_ERRORS} % of viewers' requests with errors (5xx)`,
    ...{ namespace: 'AWS/CloudFront', metricName: '5xxErrorRate' },
    statistic: 'Average',
    comparisonOperator: 'GreaterThanThreshold',
    threshold: MOST_ERRORS,
    ...{ periodSeconds: 60, periods: 3, missing: 'notBreaching' },
  },
];

/** As CloudFront names its metrics. */
export const metricDimensions = <Id extends pulumi.Input<string>>(distributionId: Id) => ({
  DistributionId: distributionId,
  Region: 'Global',
});

const topicBesideMetrics = rule(
  matching(/^arn:aws[a-z-]*:[a-z0-9-]+:us-east-1:\d*:.+$/),
  'an ARN in us-east-1, as arn:aws:sns:us-east-1:123456789012:alarms',
  `give the ARN of an SNS topic in ${GLOBAL_REGION}: CloudFront's metrics are there, and alarms tell nobody elsewhere`,
);

export function normalAlarms(
  problems: InputProblems,
  given: CdnAlarmArgs | false = {},
): NormalCdnAlarms | undefined {
  if (given === false) return undefined;
  if (!isObject(problems, 'alarms', given, `{ actions: ['arn:aws:sns:...'] } or false`)) return undefined;
  problems.checkNames('alarms', given, ['actions', 'runbook']);
  const { actions = [], runbook } = given;
  checkRunbook(problems, runbook);
  return {
    actions: textsOf(problems, 'alarms.actions', actions, topicBesideMetrics, MAX_ALARM_ACTIONS),
    runbook,
  };
}

/** @returns by the sections of the runbook; none where there are to be none */
export function createAlarms(
  family: Family,
  own: string,
  { id }: cloudfront.Distribution,
): Record<string, cloudwatch.MetricAlarm> {
  const { alarms } = family.args;
  if (!alarms) return {};
  const told = [...alarms.actions];
  return Object.fromEntries(
    CDN_ALARMS.map((spec) => {
      const child = `${own}-alarm-${spec.id}`;
      const args: cloudwatch.MetricAlarmArgs = {
        region: GLOBAL_REGION,
        name: cdnName(child),
        alarmDescription: describeAlarm(spec, `Distribution ${own}`, alarms.runbook),
        namespace: spec.namespace,
        metricName: spec.metricName,
        dimensions: metricDimensions(id),
        ...judging(spec),
        ...(told.length > 0 && { alarmActions: told, okActions: told }),
        tags: tagged(family, child),
      };
      return [spec.id, new cloudwatch.MetricAlarm(...childOf(family, 'alarm', child, args))];
    }),
  );
}
