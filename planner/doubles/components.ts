import { DEFAULT_VPC } from './awsx/default-vpc';
import { IMAGE, REGISTRY_IMAGE, REPOSITORY } from './awsx/ecr';
import { APPLICATION_LOAD_BALANCER, NETWORK_LOAD_BALANCER } from './awsx/load-balancers';
import { EC2_SERVICE, FARGATE_SERVICE } from './awsx/services';
import { TARGET_GROUP_ATTACHMENT } from './awsx/target-group-attachment';
import { EC2_TASK_DEFINITION, FARGATE_TASK_DEFINITION } from './awsx/task-definitions';
import { VPC } from './awsx/vpc';
import { ADDON } from './eks/addons';
import { CLUSTER } from './eks/cluster';
import { MANAGED_NODE_GROUP, NODE_GROUP_V2 } from './eks/node-groups';
import { Construction } from './construct/construction';
import { traced } from './construct/traced';
import type { ConstructionOptions } from './construct/construction';
import type { ComponentDouble, Followed } from './construct/types';
import type { Fields } from '../graph/values';

export type { ComponentDouble, Followed, Host, HostAnswer, HostResource } from './construct/types';

const ALL: readonly ComponentDouble[] = [
  ...[VPC, DEFAULT_VPC, APPLICATION_LOAD_BALANCER, NETWORK_LOAD_BALANCER, TARGET_GROUP_ATTACHMENT],
  ...[REPOSITORY, IMAGE, REGISTRY_IMAGE],
  ...[CLUSTER, MANAGED_NODE_GROUP, NODE_GROUP_V2, ADDON],
  ...[FARGATE_SERVICE, EC2_SERVICE, FARGATE_TASK_DEFINITION, EC2_TASK_DEFINITION],
];

const BY_TYPE = new Map(ALL.map((double) => [double.type, double]));

/** Every component that has a double, by type. */
export const COMPONENT_DOUBLES: readonly ComponentDouble[] = [...ALL].sort((a, b) =>
  a.type < b.type ? -1 : 1,
);

export function componentDouble(type: string): ComponentDouble | undefined {
  return BY_TYPE.get(type);
}

/** The packages whose components have doubles. */
export const FOLLOWED: readonly Followed[] = [...new Set(ALL.map(({ follows }) => follows))];

export interface Made {
  readonly outputs: Fields;
  /** URNs that each output comes from. */
  readonly dependencies: { readonly [output: string]: readonly string[] };
}

/**
 * Makes the children of a component through a host.
 * @throws Error that names the component and says which of its arguments is wrong
 */
export async function makeComponent(
  double: ComponentDouble,
  options: Omit<ConstructionOptions, 'versions'>,
): Promise<Made> {
  const component = new Construction({ ...options, versions: double.follows.versions });
  const outputs = Object.entries(await double.make(component))
    .map(([output, value]) => [output, traced(value)] as const)
    .filter(([, { wire }]) => wire !== undefined);
  return {
    outputs: Object.fromEntries(outputs.map(([output, { wire }]) => [output, wire])),
    dependencies: Object.fromEntries(outputs.map(([output, { urns }]) => [output, urns])),
  };
}
