/** A service's number of tasks: by what they send and by their CPU, whichever asks for more. */
import * as appautoscaling from '@pulumi/aws/appautoscaling';
import type * as ecs from '@pulumi/aws/ecs';
import * as pulumi from '@pulumi/pulumi';
import { SENT_BYTES, bytesInLine } from './alarms';
import { childOf, made, type Family } from './family';
import { originName } from './names';
import type { NormalZone } from './normal-zones';

/** As raw resources. */
export interface OriginScalingNodes {
  readonly scalingTarget: appautoscaling.Target;
  readonly cpuPolicy: appautoscaling.Policy;
  readonly bytesPolicy: appautoscaling.Policy;
}

/** Seconds: more comes quickly, less slowly. */
const COOLDOWN = { scaleOutCooldown: 60, scaleInCooldown: 300 } as const;

type Tracking = NonNullable<appautoscaling.PolicyArgs['targetTrackingScalingPolicyConfiguration']>;

export function createScaling(
  family: Family,
  { id, minTasks, maxTasks }: NormalZone,
  cluster: ecs.Cluster,
  service: ecs.Service,
): OriginScalingNodes {
  const { cpuPercent, sentMbps } = family.args;
  const { child, tags } = made(family, `zone-${id}-scaling`);
  const what = {
    serviceNamespace: 'ecs',
    scalableDimension: 'ecs:service:DesiredCount',
    resourceId: pulumi.interpolate`service/${cluster.name}/${service.name}`,
  };
  const scalingTarget = new appautoscaling.Target(
    ...childOf<appautoscaling.TargetArgs>(family, 'scalingTarget', child, {
      ...{ ...what, minCapacity: minTasks, maxCapacity: maxTasks, tags },
    }),
  );
  const policy = (by: string, tracking: Tracking): appautoscaling.Policy => {
    const own = made(family, `zone-${id}-scaling-${by}`);
    const args: appautoscaling.PolicyArgs = {
      ...{ name: own.name, policyType: 'TargetTrackingScaling' },
      serviceNamespace: scalingTarget.serviceNamespace,
      scalableDimension: scalingTarget.scalableDimension,
      resourceId: scalingTarget.resourceId,
      targetTrackingScalingPolicyConfiguration: tracking,
    };
    return new appautoscaling.Policy(...childOf(family, 'scalingPolicy', own.child, args));
  };
  return {
    scalingTarget,
    cpuPolicy: policy('cpu', {
      targetValue: cpuPercent,
      predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
      ...COOLDOWN,
    }),
    bytesPolicy: policy('bytes', {
      targetValue: bytesInLine(sentMbps),
      customizedMetricSpecification: {
        ...SENT_BYTES,
        dimensions: [{ name: 'Origin', value: originName(`${family.name}-zone-${id}-service`) }],
        // Each task writes one value a line, so the average is one task's.
        statistic: 'Average',
      },
      ...COOLDOWN,
    }),
  };
}
