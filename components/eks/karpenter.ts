/** Pools of Karpenter 1.0 or newer: one EC2NodeClass, and a NodePool for each zone, instance type and way of paying. */
import * as awsEks from '@pulumi/aws/eks';
import type * as pulumi from '@pulumi/pulumi';
import type { Pool } from '../encode/fleet/pools';
import { PurchaseOption } from '../encode/fleet/purchase';
import { GPU_INSTANCES } from '../../encoder/contract/gpu-instances';
import { childOf, labelsOf, made, objectOf, poolLabels, type ClusterPlace, type Family } from './family';
import { LABEL } from './names';
import type { NodeRole } from './node-base';
import type { EksPoolNodes } from './nodes';
import { NODE_USER_DATA } from './user-data';

interface Ground {
  readonly role: NodeRole;
  readonly securityGroupIds: readonly pulumi.Input<string>[];
}

interface KarpenterPools {
  readonly accessEntry: awsEks.AccessEntry;
  readonly nodeClass: pulumi.CustomResource;
  readonly pools: Readonly<Record<string, EksPoolNodes>>;
}

export function createKarpenterPools(family: Family, place: ClusterPlace, ground: Ground): KarpenterPools {
  const accessEntry = createAccessEntry(family, place, ground.role);
  const nodeClass = createNodeClass(family, place, ground, accessEntry);
  const pools = [...family.args.pools.values()].map((pool): [string, EksPoolNodes] => [
    pool.key,
    { nodePool: createNodePool(family, place, pool, nodeClass) },
  ]);
  return { accessEntry, nodeClass, pools: Object.fromEntries(pools) };
}

/** EKS makes it by itself for managed node groups alone. */
function createAccessEntry(family: Family, { name }: ClusterPlace, { role }: NodeRole): awsEks.AccessEntry {
  const { child, tags } = made(family, 'node-access');
  const args: awsEks.AccessEntryArgs = { clusterName: name, principalArn: role.arn, type: 'EC2_LINUX', tags };
  return new awsEks.AccessEntry(...childOf(family, 'accessEntry', child, args));
}

function createNodeClass(
  family: Family,
  place: ClusterPlace,
  { role, securityGroupIds }: Ground,
  accessEntry: awsEks.AccessEntry,
): pulumi.CustomResource {
  const { args, packages } = family;
  const { child, name, tags } = made(family, 'nodes');
  const zones = [...new Set([...args.pools.values()].map(({ zone }) => zone))];
  const object = {
    apiVersion: 'karpenter.k8s.aws/v1',
    kind: 'EC2NodeClass',
    metadata: { name, labels: labelsOf(family, 'nodes') },
    spec: {
      role: role.role.name,
      // Of the alias, Karpenter takes the NVIDIA variant for instances with a GPU.
      amiSelectorTerms: [{ alias: 'al2023@latest' }],
      subnetSelectorTerms: zones.map((zone) => ({ id: args.network.zones[zone]!.privateSubnetId })),
      securityGroupSelectorTerms: securityGroupIds.map((id) => ({ id })),
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: {
            volumeType: 'gp3',
            volumeSize: `${args.diskGib}Gi`,
            encrypted: true,
            deleteOnTermination: true,
          },
        },
      ],
      userData: NODE_USER_DATA,
      tags,
    },
  };
  return new packages.kubernetes.apiextensions.CustomResource(
    ...objectOf(family, place, 'nodeClass', child, object, { dependsOn: [...role.policies, accessEntry] }),
  );
}

function createNodePool(
  family: Family,
  place: ClusterPlace,
  pool: Pool,
  nodeClass: pulumi.CustomResource,
): pulumi.CustomResource {
  const { args, packages } = family;
  const { child, name } = made(family, pool.key);
  const exactly = (key: string, value: string) => ({ key, operator: 'In', values: [value] });
  const object = {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodePool',
    metadata: { name, labels: labelsOf(family, 'nodes') },
    spec: {
      template: {
        metadata: { labels: poolLabels(family, pool) },
        spec: {
          nodeClassRef: {
            group: 'karpenter.k8s.aws',
            kind: 'EC2NodeClass',
            name: made(family, 'nodes').name,
          },
          requirements: [
            exactly('node.kubernetes.io/instance-type', pool.instanceType),
            exactly('topology.k8s.aws/zone-id', pool.zone),
            exactly(
              'karpenter.sh/capacity-type',
              pool.purchase === PurchaseOption.Spot ? 'spot' : 'on-demand',
            ),
          ],
          taints: [{ key: LABEL.fleet, value: args.label, effect: 'NoSchedule' }],
          // A live channel is not moved for the age of its instance.
          expireAfter: 'Never',
        },
      },
      // It knows nothing of shares of a GPU, so it starts an instance for each channel at first; the empty ones go.
      disruption: { consolidationPolicy: 'WhenEmpty', consolidateAfter: '5m' },
      limits: { cpu: String(args.maxInstances * GPU_INSTANCES.get(pool.instanceType)!.vcpus) },
    },
  };
  return new packages.kubernetes.apiextensions.CustomResource(
    ...objectOf(family, place, 'nodePool', child, object, { dependsOn: [nodeClass] }),
  );
}
