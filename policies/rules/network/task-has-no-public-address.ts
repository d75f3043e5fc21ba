import { blocks, flag, found, resourceRule, type Resource, type Values } from '../../core';

/** Where each type has the network of its tasks. */
const NETWORKS: Readonly<Record<string, readonly string[]>> = {
  'aws:cloudwatch/eventTarget:EventTarget': ['ecsTarget', 'networkConfiguration'],
  'aws:ecs/service:Service': ['networkConfiguration'],
  'aws:ecs/taskSet:TaskSet': ['networkConfiguration'],
  'aws:scheduler/schedule:Schedule': ['target', 'ecsParameters', 'networkConfiguration'],
};

const inner = (
  from: readonly (Resource | Values)[],
  steps: readonly string[],
): readonly (Resource | Values)[] =>
  steps.reduce((each, step) => each.flatMap((one) => blocks(one, step)), from);

export const taskHasNoPublicAddress = resourceRule({
  id: 'task-has-no-public-address',
  family: 'network',
  title: 'No task of ECS gets a public address',
  severity: 'high',
  controls: ['AWS FSBP ECS.2', 'AWS FSBP ECS.16'],
  why: 'A task with a public address is reachable past its load balancer, by whatever its security group lets in.',
  fix: '`networkConfiguration: { assignPublicIp: false, subnets: privateSubnetIds, securityGroups }`; images and AWS services are reached by VPC endpoints or NAT',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: Object.keys(NETWORKS),
  check: (resource) =>
    found(
      inner([resource], NETWORKS[resource.type]!).some((network) => flag(network, 'assignPublicIp'))
        ? ['its tasks get public addresses']
        : [],
    ),
});
