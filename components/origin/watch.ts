/** Alarms as resources. */
import * as cloudwatch from '@pulumi/aws/cloudwatch';
import type * as pulumi from '@pulumi/pulumi';
import { describeAlarm, judging } from '../kit';
import type { OriginAlarm } from './alarms';
import { childOf, made, type Family } from './family';

type Dimensions = Readonly<Record<string, pulumi.Input<string>>>;

/** What is watched, and by which names. */
export interface AlarmPlace {
  /** Beginning of the resources' names. */
  readonly child: string;
  /** For people. */
  readonly of: string;
  readonly dimensions: Readonly<Partial<Record<OriginAlarm['of'], Dimensions>>>;
}

/** @returns by the sections of the runbook; none where there are to be none */
export function createAlarms(
  family: Family,
  specs: readonly OriginAlarm[],
  place: AlarmPlace,
): Record<string, cloudwatch.MetricAlarm> {
  const { alarms } = family.args;
  if (!alarms) return {};
  const told = [...alarms.actions];
  return Object.fromEntries(
    specs.map((spec) => {
      const { child, name, tags } = made(family, `${place.child}-${spec.id}`);
      const args: cloudwatch.MetricAlarmArgs = {
        name,
        alarmDescription: describeAlarm(spec, place.of, alarms.runbook),
        namespace: spec.namespace,
        metricName: spec.metricName,
        dimensions: { ...place.dimensions[spec.of] },
        ...judging(spec),
        ...(told.length > 0 && { alarmActions: told, okActions: told }),
        tags,
      };
      return [spec.id, new cloudwatch.MetricAlarm(...childOf(family, 'alarm', child, args))];
    }),
  );
}
