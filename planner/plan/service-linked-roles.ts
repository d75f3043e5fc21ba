import { type Reader } from './reader';
import type { GraphResource } from '../graph/types';
import type { Plan, ServiceLinkedRole } from './types';

interface Linked {
  readonly service: string;
  readonly role: string;
  readonly types: readonly string[];
  readonly only?: (resource: GraphResource, reader: Reader) => boolean;
}

/** Names as in the "Using service-linked roles" page of each service, from memory (high confidence), 2026-11-21. */
const LINKED: readonly Linked[] = [
  {
    ...{ service: 'ecs.amazonaws.com', role: 'AWSServiceRoleForECS' },
    types: ['aws:ecs/cluster:Cluster', 'aws:ecs/capacityProvider:CapacityProvider'],
  },
  {
    ...{ service: 'autoscaling.amazonaws.com', role: 'AWSServiceRoleForAutoScaling' },
    types: ['aws:autoscaling/group:Group'],
  },
  {
    ...{ service: 'elasticloadbalancing.amazonaws.com', role: 'AWSServiceRoleForElasticLoadBalancing' },
    types: ['aws:lb/loadBalancer:LoadBalancer'],
  },
  {
    service: 'ecs.application-autoscaling.amazonaws.com',
    role: 'AWSServiceRoleForApplicationAutoScaling_ECSService',
    types: ['aws:appautoscaling/target:Target'],
    only: ({ inputs }) => inputs['serviceNamespace'] === 'ecs',
  },
  {
    ...{ service: 'vpcorigin.cloudfront.amazonaws.com', role: 'AWSServiceRoleForCloudFrontVPCOrigin' },
    types: ['aws:cloudfront/vpcOrigin:VpcOrigin'],
  },
  {
    ...{ service: 'globalaccelerator.amazonaws.com', role: 'AWSServiceRoleForGlobalAccelerator' },
    types: ['aws:globalaccelerator/accelerator:Accelerator'],
  },
  {
    ...{ service: 'eks.amazonaws.com', role: 'AWSServiceRoleForAmazonEKS' },
    types: ['aws:eks/cluster:Cluster'],
  },
  {
    ...{ service: 'eks-nodegroup.amazonaws.com', role: 'AWSServiceRoleForAmazonEKSNodegroup' },
    types: ['aws:eks/nodeGroup:NodeGroup'],
  },
  {
    ...{ service: 'rds.amazonaws.com', role: 'AWSServiceRoleForRDS' },
    types: ['aws:rds/cluster:Cluster', 'aws:rds/instance:Instance'],
  },
];

/** Roles of AWS's own that must be in the account. AWS makes each at its first use, where the deployer may. */
export function serviceLinkedRolesOf(reader: Reader, { pools }: Plan['capacity']): ServiceLinkedRole[] {
  const found = LINKED.flatMap(({ service, role, types, only }) => {
    const resources = types
      .flatMap((type) => reader.ofType(type))
      .filter((each) => only?.(each, reader) ?? true);
    return resources.length === 0 ? [] : [linked(service, role, reader.paths(resources))];
  });
  const spot = pools.filter(({ purchase }) => purchase !== 'on-demand').map(({ group }) => group);
  return spot.length === 0
    ? found
    : [...found, linked('spot.amazonaws.com', 'AWSServiceRoleForEC2Spot', spot)];
}

const linked = (service: string, role: string, paths: readonly string[]): ServiceLinkedRole => ({
  ...{ service, role, for: paths },
  note: `made at first use where iam:CreateServiceLinkedRole is allowed; by hand: aws iam create-service-linked-role --aws-service-name ${service}`,
});
