// Follows awsx/lb/targetGroupAttachment.ts of pulumi-awsx 3.9.0 (follows.ts has the revision).
import { AWSX, NEVER } from './follows';
import { at, derived } from '../construct/traced';
import type { Construction } from '../construct/construction';
import type { Traced } from '../construct/traced';
import type { ComponentDouble, Outputs } from '../construct/types';

export const TARGET_GROUP_ATTACHMENT: ComponentDouble = {
  type: 'awsx:lb:TargetGroupAttachment',
  follows: AWSX,
  source: 'awsx/lb/targetGroupAttachment.ts',
  leavesOut: [...NEVER],
  make,
};

async function make(component: Construction): Promise<Outputs> {
  const { name } = component;
  one(component, ['targetGroup', 'targetGroupArn']);
  one(component, ['instance', 'instanceId', 'lambda', 'lambdaArn']);
  const group = component.given('targetGroup');
  const resolved = group && (await component.resolved(group));
  const targetGroupArn = (resolved ? at(resolved, 'arn') : component.given('targetGroupArn')) as Traced;
  const called = component.given('lambda') ?? component.given('lambdaArn');
  if (called) {
    const permission = await component.child('aws:lambda/permission:Permission', name, {
      ...{ action: 'lambda:InvokeFunction', function: called, sourceArn: targetGroupArn },
      principal: 'elasticloadbalancing.amazonaws.com',
    });
    const lambda = component.given('lambda');
    const attachment = await component.child(
      'aws:lb/targetGroupAttachment:TargetGroupAttachment',
      name,
      { targetGroupArn, targetId: lambda ? at(await component.resolved(lambda), 'arn') : called },
      { dependsOn: [permission] },
    );
    return { lambdaPermission: permission.reference, targetGroupAttachment: attachment.reference };
  }
  const targetType = resolved
    ? at(resolved, 'targetType')
    : at(
        await component.invoke('aws:lb/getTargetGroup:getTargetGroup', { arn: targetGroupArn }),
        'targetType',
      );
  const given = component.given('instance');
  const instance = given
    ? await component.resolved(given)
    : await component.invoke('aws:ec2/getInstance:getInstance', {
        instanceId: component.given('instanceId'),
      });
  const attachment = await component.child('aws:lb/targetGroupAttachment:TargetGroupAttachment', name, {
    targetGroupArn,
    targetId: derived(
      [targetType, at(instance, 'id'), at(instance, 'privateIp')],
      ([type, id, address]: [string, string, string]) => (type === 'instance' ? id : address),
    ),
    availabilityZone: at(instance, 'availabilityZone'),
  });
  return { targetGroupAttachment: attachment.reference };
}

function one(component: Construction, names: readonly string[]): void {
  const given = names.filter((name) => component.has(name));
  if (given.length === 1) return;
  throw new Error(
    `${component.name}: give one of ${names.join(', ')}; ${given.join(' and ') || 'none'} is given`,
  );
}
