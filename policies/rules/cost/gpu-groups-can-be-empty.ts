import { compliant, notApplicable, number, stackRule, text, violating } from '../../core';
import type { Resource, Stack } from '../../core';
import { isAccelerated, knownTypes } from './instance-types';

const TEMPLATE = 'aws:ec2/launchTemplate:LaunchTemplate';

function typesOf(group: Resource, stack: Stack): readonly string[] {
  const templates = ['launchTemplate', 'mixedInstancesPolicy'].flatMap((property) =>
    stack.behind(group, property, TEMPLATE),
  );
  return [group, ...templates].flatMap(knownTypes);
}

/** What takes instances away again: a capacity provider, a policy, a schedule. */
function scalers(group: Resource, stack: Stack): readonly Resource[] {
  const providers = stack
    .ofType('aws:ecs/capacityProvider:CapacityProvider')
    .filter(
      (provider) =>
        stack.behind(provider, 'autoScalingGroupProvider', group.type).includes(group) &&
        text(provider, 'autoScalingGroupProvider.managedScaling.status') === 'ENABLED',
    );
  const types = ['aws:autoscaling/policy:Policy', 'aws:autoscaling/schedule:Schedule'];
  return [...providers, ...stack.pointingAt(group, 'autoscalingGroupName', types, ['name', 'id'])];
}

export const gpuGroupsCanBeEmpty = stackRule({
  id: 'gpu-groups-can-be-empty',
  family: 'cost',
  title: 'A group of GPU instances is empty while there is no work',
  severity: 'high',
  controls: [],
  why: 'One idle g5.xlarge is 734 USD a month in us-east-1: GPUs that wait for channels are the dearest mistake of an encoding fleet.',
  fix: "Set `minSize: 0` and let a capacity provider size the group: `autoScalingGroupProvider: { autoScalingGroupArn: group.arn, managedScaling: { status: 'ENABLED', targetCapacity: 100 } }`, or add an aws.autoscaling.Schedule with `minSize: 0`.",
  levels: { starter: 'mandatory', production: 'advisory', regulated: 'advisory' },
  looksAt: ['aws:autoscaling/group:Group'],
  check: (group, _settings, stack) => {
    if (!typesOf(group, stack).some(isAccelerated)) return notApplicable('it has no GPU instances');
    const all = scalers(group, stack);
    const least = number(group, 'minSize') ?? 0;
    const emptied = all.some(({ type, props }) => type.includes('schedule') && props['minSize'] === 0);
    if (least > 0 && !emptied)
      return violating(`it keeps at least ${least} GPU instances whether or not there is work`);
    const warm = number(group, 'warmPool.minSize') ?? 0;
    if (warm > 0 && text(group, 'warmPool.poolState') === 'Running')
      return violating(`its warm pool keeps ${warm} GPU instances running`);
    const wanted = number(group, 'desiredCapacity') ?? 0;
    if (wanted > 0 && all.length === 0)
      return violating(`nothing takes its ${wanted} GPU instances away when there is no work`);
    return compliant;
  },
});
