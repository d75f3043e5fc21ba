import { found, notApplicable, stackRule, type Resource, type Stack } from '../../core';

/** Where each type names its subnets. */
const SUBNETS: Readonly<Record<string, string>> = {
  'aws:autoscaling/group:Group': 'vpcZoneIdentifiers',
  'aws:batch/computeEnvironment:ComputeEnvironment': 'computeResources',
  'aws:ec2/instance:Instance': 'subnetId',
  'aws:ecs/service:Service': 'networkConfiguration',
  'aws:eks/nodeGroup:NodeGroup': 'subnetIds',
};
const GATEWAY = 'aws:ec2/internetGateway:InternetGateway';
const TABLE = 'aws:ec2/routeTable:RouteTable';

function leadsToTheInternet(table: Resource, stack: Stack): boolean {
  if (stack.behind(table, 'routes', GATEWAY).length > 0) return true;
  return stack
    .pointingAt(table, 'routeTableId', ['aws:ec2/route:Route'], ['id'])
    .some((route) => stack.behind(route, 'gatewayId', GATEWAY).length > 0);
}

const isPublic = (subnet: Resource, stack: Stack): boolean =>
  stack
    .pointingAt(subnet, 'subnetId', ['aws:ec2/routeTableAssociation:RouteTableAssociation'], ['id'])
    .flatMap((association) => stack.behind(association, 'routeTableId', TABLE))
    .some((table) => leadsToTheInternet(table, stack));

export const computeRunsInPrivateSubnets = stackRule({
  id: 'compute-runs-in-private-subnets',
  family: 'network',
  title: 'Instances and tasks run in subnets without a route to an internet gateway',
  severity: 'high',
  controls: [],
  why: 'In a public subnet one wrong rule of a security group puts an encoder, and the passphrases that it holds, on the internet.',
  fix: 'Name private subnets; what must be reached from outside is reached by a load balancer in public ones',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: Object.keys(SUBNETS),
  check: (resource, _, stack) => {
    const subnets = stack.behind(resource, SUBNETS[resource.type]!, 'aws:ec2/subnet:Subnet');
    if (subnets.length === 0) return notApplicable('it names no subnet of this stack');
    return found(
      subnets
        .filter((subnet) => isPublic(subnet, stack))
        .map(({ name }) => `it may run in ${name}, whose routes lead to an internet gateway`),
    );
  },
});
