// Follows awsx/ecs/fargateService.ts and ec2Service.ts of pulumi-awsx 3.9.0 (follows.ts has the revision).
import { defaultVpcOf } from './default-vpc';
import { AWSX, NEVER } from './follows';
import { OPEN } from './load-balancers';
import { makeTaskDefinition } from './task-definitions';
import { Traced, derived, fieldsOf } from '../construct/traced';
import type { LaunchType, MadeTaskDefinition } from './task-definitions';
import type { Construction } from '../construct/construction';
import type { ComponentDouble, Outputs } from '../construct/types';

export const FARGATE_SERVICE: ComponentDouble = {
  type: 'awsx:ecs:FargateService',
  follows: AWSX,
  source: 'awsx/ecs/fargateService.ts',
  leavesOut: [...NEVER],
  make: async (component) => makeService(component, 'FARGATE'),
};

export const EC2_SERVICE: ComponentDouble = {
  type: 'awsx:ecs:EC2Service',
  follows: AWSX,
  source: 'awsx/ecs/ec2Service.ts',
  leavesOut: [...NEVER],
  make: async (component) => makeService(component, 'EC2'),
};

/** What is not an argument of aws.ecs.Service. */
const OWN = [
  ...['taskDefinitionArgs', 'assignPublicIp', 'continueBeforeSteadyState'],
  'useClusterDefaultCapacityProviderStrategy',
];

async function makeService(component: Construction, launch: LaunchType): Promise<Outputs> {
  const { name } = component;
  notBoth(component, 'networkConfiguration', 'assignPublicIp');
  notBoth(component, 'capacityProviderStrategies', 'useClusterDefaultCapacityProviderStrategy');
  const own = await ownTaskDefinition(component, launch);
  const byProvider =
    component.has('capacityProviderStrategies') ||
    component.plain<boolean>('useClusterDefaultCapacityProviderStrategy') === true;
  const service = await component.child('aws:ecs/service:Service', name, {
    ...(launch === 'FARGATE' && { desiredCount: 1 }),
    ...component.allBut(OWN),
    ...(launch === 'FARGATE' && {
      networkConfiguration: component.given('networkConfiguration') ?? (await openNetwork(component)),
    }),
    launchType: byProvider ? undefined : launch,
    loadBalancers: component.given('loadBalancers') ?? own?.loadBalancers,
    waitForSteadyState: derived(
      component.given('continueBeforeSteadyState') ?? new Traced(false),
      (goesOn: boolean) => !goesOn,
    ),
    taskDefinition: own?.taskDefinition.output('arn') ?? component.given('taskDefinition'),
  });
  return { service: service.reference, taskDefinition: own?.taskDefinition.reference };
}

/** As a component under the service, with its name. */
async function ownTaskDefinition(
  component: Construction,
  launch: LaunchType,
): Promise<MadeTaskDefinition | undefined> {
  notBoth(component, 'taskDefinition', 'taskDefinitionArgs');
  const args = component.given('taskDefinitionArgs');
  if (!args) {
    if (component.has('taskDefinition')) return undefined;
    throw new Error(`${component.name}: give taskDefinition or taskDefinitionArgs`);
  }
  const kind = launch === 'FARGATE' ? 'FargateTaskDefinition' : 'EC2TaskDefinition';
  const inner = await component.component(`awsx:ecs:${kind}`, component.name, fieldsOf(args));
  return makeTaskDefinition(inner, launch);
}

/** In the default VPC, behind a security group that lets everything in. */
async function openNetwork(component: Construction): Promise<object> {
  const vpc = await defaultVpcOf(component);
  const group = await component.child('aws:ec2/securityGroup:SecurityGroup', `${component.name}-sg`, {
    vpcId: vpc.vpcId,
    ...OPEN,
  });
  const assignPublicIp = component.given('assignPublicIp') ?? new Traced(false);
  const subnets = derived(
    [assignPublicIp, vpc.publicSubnetIds, vpc.privateSubnetIds],
    ([isPublic, publicIds, privateIds]: [boolean, string[], string[]]) => {
      if (isPublic || privateIds.length > 0) return isPublic ? publicIds : privateIds;
      throw new Error(
        `${component.name}: the default VPC has no private subnets; ` +
          'give assignPublicIp: true, or a networkConfiguration',
      );
    },
  );
  return { subnets, assignPublicIp, securityGroups: [group.id] };
}

function notBoth(component: Construction, one: string, other: string): void {
  if (component.has(one) && component.has(other)) {
    throw new Error(`${component.name}: ${one} and ${other} are given; give one of them`);
  }
}
