import type { NamespaceArgs } from '@pulumi/kubernetes/core/v1/namespace';
import * as pulumi from '@pulumi/pulumi';
import { GPU_INSTANCES } from '../../encoder/contract/gpu-instances';
import type { PurchaseOption } from '../encode/fleet';
import type { Resource as CapacityResource } from '../encode/capacity';
import { unlistedWarning } from '../encode/fleet/pools';
import type { NvencEncodeFleetOnEksArgs, NvencEncodeFleetOnEksOptions } from './args';
import { roomMillicores } from './capacity';
import { createChannel, type EksChannelNodes } from './channel';
import { createCluster, createSystem, isNew, type EksClusterNodes } from './cluster';
import { createDevicePlugin, type DevicePluginNodes } from './device-plugin';
import { labelsOf, objectOf, type ClusterPlace, type Family } from './family';
import { NVENC_ENCODE_FLEET_ON_EKS } from './names';
import { createNodeRole } from './node-base';
import { createNodes, type EksNodesBase, type EksPoolNodes } from './nodes';
import { normalise, type NormalEksFleet } from './normalise';
import { loadPackages } from './packages';

/** Where a channel runs, and why there. */
export interface EksChannelPlacement {
  readonly zone: string;
  readonly instanceType: string;
  readonly purchase: PurchaseOption;
  /** The largest of its shares of an instance: 0.5 is a half. */
  readonly share: number;
  /** Which share that is. */
  readonly binding: CapacityResource;
  /** CPU that its container requests, in thousandths of a vCPU. */
  readonly requestMillicores: number;
  /** Channels like it that an instance carries. */
  readonly channelsPerInstance: number;
}

/** The raw resources. */
export interface NvencEncodeFleetOnEksNodes extends EksClusterNodes, EksNodesBase {
  readonly namespace: pulumi.CustomResource;
  readonly devicePlugin: DevicePluginNodes;
  /** By `<zone>-<instance type>-<way of paying>`, as `use1-az4-g6-xlarge-on-demand`. */
  readonly pools: Readonly<Record<string, EksPoolNodes>>;
  /** By the channels' ids. */
  readonly channels: Readonly<Record<string, EksChannelNodes>>;
}

/**
 * Live encoders on GPU instances by Kubernetes: the channels of NvencEncodeFleet as Deployments on EKS. Take it where the
 * cluster is there and somebody keeps it; otherwise start with NvencEncodeFleet, which asks less and does more
 * (docs/components/nvenc-encode-fleet-eks.md has the rule). It needs the package `@pulumi/eks`.
 *
 * The GPU is shared by NVIDIA's device plugin with time-slicing, which hands out one GPU many times and does not know how
 * much of it a pod takes. So what admits a channel is a request of CPU: the largest of its shares of the instance, by the
 * capacity model, of all CPU that the node can give. That needs instances with exactly one GPU, and nodes with nothing else
 * on them: they are tainted. Managed node groups have as many instances as their channels need, whatever the order in
 * which the scheduler places them.
 *
 * ### Cost
 * us-east-1, on demand, Linux: list prices of 2026-07-20 for GPU instances; control plane, t3.medium and EBS of 2024-07;
 * months of 730 h. Whether anybody watches makes no difference.
 *
 * Fixed, of a new cluster:
 *
 * | line | arithmetic | $ a month |
 * |---|---|---|
 * | control plane, in standard support | 730 h x $0.10 | 73.00 |
 * | system nodes | 2 x 730 h x $0.0416 | 60.74 |
 * | their disks | 2 x 40 GB x $0.08 | 6.40 |
 *
 * A version of Kubernetes in extended support is $0.60 an hour: $438.00 a month. Logs of the control plane are $0.50 a GB.
 *
 * A channel that is on all month costs what it costs on ECS: $734.38 alone on a g5.xlarge, $293.75 as one of two on a
 * g6.xlarge (ladder `hevc-2160p30-50`, margin 0.7), and 3.20 for each instance's disk. Kubernetes itself takes some of an
 * instance, so that a channel with more than 0.96 of a four-vCPU instance does not fit here. `spareInstances` costs an
 * instance each, a handover leaves room for a second pod of every channel.
 */
export class NvencEncodeFleetOnEks extends pulumi.ComponentResource {
  static readonly __pulumiType = `aws-media:index:${NVENC_ENCODE_FLEET_ON_EKS}`;

  declare readonly clusterName: pulumi.Output<string>;
  /** For kubectl: it calls `aws eks get-token`, and holds no secret. */
  declare readonly kubeconfig: pulumi.Output<string>;
  /** Of the nodes and the control plane: that which EKS made. */
  declare readonly securityGroupId: pulumi.Output<string>;
  /** Of everything in Kubernetes; Deployments are called as their channels. */
  declare readonly namespace: string;
  /** Names of the pods' roles, by the channels' ids: for what else an encoder may read. */
  declare readonly roleNames: pulumi.Output<Record<string, string>>;
  /** Where each channel runs, by its id: known before anything exists. */
  declare readonly placements: Readonly<Record<string, EksChannelPlacement>>;
  /** Instances that each pool with channels needs, by the pool's key: known before anything exists. */
  declare readonly instances: Readonly<Record<string, number>>;
  declare readonly nodes: NvencEncodeFleetOnEksNodes;

  /**
   * @throws pulumi.InputPropertiesError with every bad argument, before any resource exists
   * @throws pulumi.RunError where `@pulumi/eks` is not installed
   */
  constructor(name: string, args: NvencEncodeFleetOnEksArgs, options: NvencEncodeFleetOnEksOptions = {}) {
    const { transform = {}, ...opts } = options;
    const owner = `${NVENC_ENCODE_FLEET_ON_EKS} ${JSON.stringify(name)}`;
    const packages = opts.urn ? undefined : loadPackages(owner);
    const normal = packages && normalise(owner, name, args, transform);
    super(NvencEncodeFleetOnEks.__pulumiType, name, normal ? stored(normal) : {}, opts);
    if (!normal) return;

    const warning = unlistedWarning(normal.pools.values());
    if (warning !== undefined) void pulumi.log.warn(warning, this);
    const family: Family = { component: this, name, owner, args: normal, transform, packages };
    const place = createCluster(family);
    const role = createNodeRole(family, place);
    const system = createSystem(family, place, role);
    const { base, pools } = createNodes(family, place, role);
    const namespace = createNamespace(family, place);
    const devicePlugin = createDevicePlugin(family, place, namespace);
    const agent = system.podIdentityAgent;
    const channels = mapped(normal.channels, (channel) =>
      createChannel(family, channel, { place, namespace, pool: pools[channel.pool.key]!, agent }),
    );

    const { cluster, provider } = place;
    this.nodes = { cluster, provider, ...system, ...base, namespace, devicePlugin, pools, channels };
    this.clusterName = place.name;
    this.kubeconfig = cluster.kubeconfigJson;
    this.securityGroupId = place.securityGroupId;
    this.namespace = normal.namespace;
    this.roleNames = pulumi.all(
      Object.fromEntries(Object.entries(channels).map(([id, { role }]) => [id, role.name])),
    );
    this.placements = placementsOf(normal);
    this.instances = Object.fromEntries(normal.instances);
    this.registerOutputs({
      clusterName: this.clusterName,
      kubeconfig: this.kubeconfig,
      securityGroupId: this.securityGroupId,
      namespace: this.namespace,
      roleNames: this.roleNames,
      placements: this.placements,
      instances: this.instances,
    });
  }
}

/** What is kept of the arguments in the state: no components, and nothing that could be secret. */
const stored = ({ channels, pools, nodes, cluster }: NormalEksFleet) => ({
  channels: [...channels.keys()].sort(),
  pools: [...pools.keys()].sort(),
  nodes,
  newCluster: isNew(cluster),
});

const mapped = <T, R>(map: ReadonlyMap<string, T>, make: (value: T) => R): Record<string, R> =>
  Object.fromEntries([...map].map(([key, value]) => [key, make(value)]));

function createNamespace(family: Family, place: ClusterPlace): pulumi.CustomResource {
  const { namespace } = family.args;
  // The host's network and paths: what Kubernetes calls privileged.
  const level = { 'pod-security.kubernetes.io/enforce': 'privileged' };
  const args: NamespaceArgs = {
    metadata: { name: namespace, labels: { ...labelsOf(family, 'encoder'), ...level } },
  };
  return new family.packages.kubernetes.core.v1.Namespace(
    ...objectOf(family, place, 'namespace', `${family.name}-namespace`, args),
  );
}

const placementsOf = ({
  channels,
  requests,
  daemonSetMillicores,
}: NormalEksFleet): Record<string, EksChannelPlacement> =>
  mapped(channels, ({ id, zone, pool, placement }) => {
    const request = requests.get(id)!;
    const room = roomMillicores(GPU_INSTANCES.get(pool.instanceType)!.vcpus, daemonSetMillicores);
    return {
      ...{ zone, instanceType: pool.instanceType, purchase: pool.purchase },
      ...{ share: placement.share, binding: placement.binding },
      requestMillicores: request,
      channelsPerInstance: Math.floor(room / request),
    };
  });
