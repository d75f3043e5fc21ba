/** The pools of instances: managed node groups, or Karpenter's. */
import type * as ec2 from '@pulumi/aws/ec2';
import type * as awsEks from '@pulumi/aws/eks';
import type * as iam from '@pulumi/aws/iam';
import type * as eks from '@pulumi/eks';
import type * as pulumi from '@pulumi/pulumi';
import type { Pool } from '../encode/fleet/pools';
import { PurchaseOption } from '../encode/fleet/purchase';
import { EksNodes } from './args';
import { versionOf } from './cluster';
import { componentOf, made, poolLabels, type ClusterPlace, type Family } from './family';
import { createKarpenterPools } from './karpenter';
import { LABEL, nodeGroupPrefix } from './names';
import { createLaunchTemplate, type NodeRole } from './node-base';
import { NODE_USER_DATA } from './user-data';

/** The raw resources of one pool: instances of one type, bought in one way, in one zone. */
export interface EksPoolNodes {
  /** With `nodes: 'managed'`. */
  readonly nodeGroup?: eks.ManagedNodeGroup;
  /** With `nodes: 'karpenter'`. */
  readonly nodePool?: pulumi.CustomResource;
}

/** What all pools share. */
export interface EksNodesBase {
  readonly nodeRole: iam.Role;
  readonly nodePolicies: readonly iam.RolePolicyAttachment[];
  /** With `nodes: 'managed'`. */
  readonly launchTemplate?: ec2.LaunchTemplate;
  /** With `nodes: 'karpenter'`. */
  readonly accessEntry?: awsEks.AccessEntry;
  /** With `nodes: 'karpenter'`. */
  readonly nodeClass?: pulumi.CustomResource;
}

export interface CreatedNodes {
  readonly base: EksNodesBase;
  readonly pools: Readonly<Record<string, EksPoolNodes>>;
}

/** Security groups of the nodes: with a launch template of one's own, EKS adds none. */
export const securityGroupsOf = (
  { args }: Family,
  { securityGroupId }: ClusterPlace,
): readonly pulumi.Input<string>[] => [
  securityGroupId,
  ...(args.ingest ? [args.ingest.targetSecurityGroupId] : []),
  ...args.securityGroupIds,
];

export function createNodes(family: Family, place: ClusterPlace, role: NodeRole): CreatedNodes {
  const base = { nodeRole: role.role, nodePolicies: role.policies };
  const securityGroupIds = securityGroupsOf(family, place);
  if (family.args.nodes === EksNodes.Karpenter) {
    const { pools, ...shared } = createKarpenterPools(family, place, { role, securityGroupIds });
    return { base: { ...base, ...shared }, pools };
  }
  const launchTemplate = createLaunchTemplate(family, 'nodes', {
    description: `Encoders of ${family.name}`,
    securityGroupIds,
    userData: NODE_USER_DATA,
  });
  const pools = [...family.args.pools.values()].map((pool): [string, EksPoolNodes] => [
    pool.key,
    { nodeGroup: createNodeGroup(family, pool, { place, role, launchTemplate }) },
  ]);
  return { base: { ...base, launchTemplate }, pools: Object.fromEntries(pools) };
}

interface GroupGround {
  readonly place: ClusterPlace;
  readonly role: NodeRole;
  readonly launchTemplate: ec2.LaunchTemplate;
}

function createNodeGroup(
  family: Family,
  pool: Pool,
  { place, role, launchTemplate }: GroupGround,
): eks.ManagedNodeGroup {
  const { args, packages } = family;
  const { child, tags } = made(family, pool.key);
  const instances = args.instances.get(pool.key) ?? 0;
  const groupArgs: eks.ManagedNodeGroupArgs = {
    cluster: place.cluster,
    nodeGroupNamePrefix: nodeGroupPrefix(child),
    nodeRoleArn: role.role.arn,
    instanceTypes: [pool.instanceType],
    amiType: 'AL2023_x86_64_NVIDIA',
    capacityType: pool.purchase === PurchaseOption.Spot ? 'SPOT' : 'ON_DEMAND',
    scalingConfig: { minSize: instances, desiredSize: instances, maxSize: args.maxInstances },
    subnetIds: [args.network.zones[pool.zone]!.privateSubnetId],
    launchTemplate: { id: launchTemplate.id, version: versionOf(launchTemplate) },
    labels: poolLabels(family, pool),
    // Nothing else may take of the CPU that stands for the GPU.
    taints: [{ key: LABEL.fleet, value: args.label, effect: 'NO_SCHEDULE' }],
    tags,
  };
  return new packages.eks.ManagedNodeGroup(
    ...componentOf(family, 'nodeGroup', child, groupArgs, { dependsOn: [...role.policies] }),
  );
}
