import type * as cloudwatch from '@pulumi/aws/cloudwatch';
import type * as ec2 from '@pulumi/aws/ec2';
import * as ecs from '@pulumi/aws/ecs';
import * as pulumi from '@pulumi/pulumi';
import type { Resource as CapacityResource } from '../capacity';
import { CAPACITY_ALARM, XID_ALARM } from './alarms';
import type { NvencEncodeFleetArgs, NvencEncodeFleetOptions } from './args';
import { createBase, type FleetBaseNodes } from './base';
import { createAlarm, createChannel, type FleetChannelNodes } from './channel';
import { childOf, made, type Family } from './family';
import { createLaunchTemplate, createPool, type FleetPoolNodes } from './instances';
import { NVENC_ENCODE_FLEET } from './names';
import { normalise, type NormalFleet } from './normalise';
import { unlistedWarning } from './pools';
import type { PurchaseOption } from './purchase';

/** Where a channel runs, and why there. */
export interface ChannelPlacement {
  readonly zone: string;
  readonly instanceType: string;
  readonly purchase: PurchaseOption;
  /** The largest of its shares of an instance: 0.5 is a half. */
  readonly share: number;
  /** Which share that is. */
  readonly binding: CapacityResource;
  /** CPU units that its container reserves. */
  readonly cpuUnits: number;
  /** Channels like it that an instance carries. */
  readonly channelsPerInstance: number;
}

/** The raw resources. */
export interface NvencEncodeFleetNodes extends FleetBaseNodes {
  readonly clusterCapacityProviders: ecs.ClusterCapacityProviders;
  /** By instance type. */
  readonly launchTemplates: Readonly<Record<string, ec2.LaunchTemplate>>;
  /** By `<zone>-<instance type>-<way of paying>`, as `use1-az4-g5-xlarge-on-demand`. */
  readonly pools: Readonly<Record<string, FleetPoolNodes>>;
  /** By the channels' ids. */
  readonly channels: Readonly<Record<string, FleetChannelNodes>>;
  /** Of the fleet: GPU errors, and each pool's capacity by the pool's key. Empty without alarms. */
  readonly alarms: Readonly<Record<string, cloudwatch.MetricAlarm>>;
}

/**
 * Live encoders on GPU instances: ECS on EC2, with NVENC. A channel is one service with one task, which has its own task
 * definition, role, log, ports and alarms; nothing of it depends on another channel.
 *
 * The GPU is shared: the instances' default container runtime is NVIDIA's, and tasks reserve no GPU, because ECS hands
 * out whole ones only. In its place a task reserves CPU units: the largest of its shares of the instance, by the
 * capacity model (docs/capacity.md), so no GPU gets more than it can encode. That needs instances with exactly one GPU;
 * larger ones are refused. A zone, an instance type and a way of paying make a pool: an Auto Scaling group and a
 * capacity provider, scaled by ECS from none.
 *
 * ### Cost
 * us-east-1, on demand, Linux: list prices of 2026-07-20; CloudWatch, EBS: of 2024-07, metrics assumed ($0.30);
 * months of 730 h. Whether anybody watches makes no difference.
 *
 * Without channels nothing runs: the pools' alarms are $0.10 each a month, and the one of GPU errors.
 *
 * A channel that is on all month (ladder `hevc-2160p30-50`, margin 0.7), alone on its instance's share:
 *
 * | instance | channels on it | arithmetic | $ a month |
 * |---|---|---|---|
 * | g5.xlarge | 1 | 730 h x $1.006 / 1 | 734.38 |
 * | g6.xlarge | 2 | 730 h x $0.8048 / 2 | 293.75 |
 * | g4dn.xlarge | 1 | 730 h x $0.526 / 1 | 383.98 |
 * | g6e.xlarge | 2 | 730 h x $1.861 / 2 | 679.27 |
 *
 * (g6e.xlarge has NVENC for more; its four vCPUs bind.) And with each instance and channel:
 *
 * | line | arithmetic | $ a month |
 * |---|---|---|
 * | disk of an instance, gp3 | 40 GB x $0.08 | 3.20 |
 * | metrics of a channel, with those of its GPU | 34 x $0.30 | 10.20 |
 * | alarms of a channel | 12 x $0.10 | 1.20 |
 *
 * So 25 such channels are 25 g5.xlarge: $18,359.50 a month, or 13 g6.xlarge: $7,637.55. Logs are $0.50 a GB.
 * Spot was 41 to 61 % less on one day, in one region; a Savings Plan is at most 66 % less (AWS's advertisement), and is
 * never bought here. `alarms: false` saves the alarms; `containerInsights` adds metrics at $0.30 each. A warm pool costs
 * its disks.
 */
export class NvencEncodeFleet extends pulumi.ComponentResource {
  static readonly __pulumiType = `aws-media:index:${NVENC_ENCODE_FLEET}`;

  declare readonly clusterName: pulumi.Output<string>;
  declare readonly clusterArn: pulumi.Output<string>;
  /** Of the instances: for rules of what they call and what calls them. */
  declare readonly securityGroupId: pulumi.Output<string>;
  /** Names of the services, by the channels' ids. */
  declare readonly serviceNames: pulumi.Output<Record<string, string>>;
  /** Names of the tasks' roles, by the channels' ids: for what else an encoder may read. */
  declare readonly taskRoleNames: pulumi.Output<Record<string, string>>;
  /** Names of the logs, by the channels' ids. */
  declare readonly logGroupNames: pulumi.Output<Record<string, string>>;
  /** Where each channel runs, by its id: known before anything exists. */
  declare readonly placements: Readonly<Record<string, ChannelPlacement>>;
  declare readonly nodes: NvencEncodeFleetNodes;

  /** @throws pulumi.InputPropertiesError with every bad argument, before any resource exists */
  constructor(name: string, args: NvencEncodeFleetArgs, options: NvencEncodeFleetOptions = {}) {
    const { transform = {}, ...opts } = options;
    const owner = `${NVENC_ENCODE_FLEET} ${JSON.stringify(name)}`;
    const normal = opts.urn ? undefined : normalise(owner, args, transform);
    super(NvencEncodeFleet.__pulumiType, name, normal ? stored(normal) : {}, opts);
    if (!normal) return;

    this.#warnOfUnlisted(normal);
    const family: Family = { component: this, name, owner, args: normal, transform };
    const base = createBase(family);
    const launchTemplates = createTemplates(family, base);
    const pools = createPools(family, base, launchTemplates);
    const clusterCapacityProviders = createAssociation(family, base, pools);
    const channels = mapped(normal.channels, (channel) =>
      createChannel(family, channel, { base, pool: pools[channel.pool.key]!, clusterCapacityProviders }),
    );
    const alarms = createFleetAlarms(family, base, pools);

    this.nodes = { ...base, clusterCapacityProviders, launchTemplates, pools, channels, alarms };
    this.clusterName = base.cluster.name;
    this.clusterArn = base.cluster.arn;
    this.securityGroupId = base.securityGroup.id;
    this.serviceNames = eachChannel(channels, ({ service }) => service.name);
    this.taskRoleNames = eachChannel(channels, ({ taskRole }) => taskRole.name);
    this.logGroupNames = eachChannel(channels, ({ logGroup }) => logGroup.name);
    this.placements = placementsOf(normal);
    this.registerOutputs({
      clusterName: this.clusterName,
      clusterArn: this.clusterArn,
      securityGroupId: this.securityGroupId,
      serviceNames: this.serviceNames,
      taskRoleNames: this.taskRoleNames,
      logGroupNames: this.logGroupNames,
      placements: this.placements,
    });
  }

  /** What the lists do not know may be right: AWS adds instance types to zones. */
  #warnOfUnlisted({ pools }: NormalFleet): void {
    const text = unlistedWarning(pools.values());
    if (text !== undefined) void pulumi.log.warn(text, this);
  }
}

/** What is kept of the arguments in the state: no components, and nothing that could be secret. */
const stored = ({ channels, pools }: NormalFleet) => ({
  channels: [...channels.keys()].sort(),
  pools: [...pools.keys()].sort(),
});

const mapped = <T, R>(map: ReadonlyMap<string, T>, make: (value: T) => R): Record<string, R> =>
  Object.fromEntries([...map].map(([key, value]) => [key, make(value)]));

function createTemplates(family: Family, base: FleetBaseNodes): Record<string, ec2.LaunchTemplate> {
  const types = [...new Set([...family.args.pools.values()].map(({ instanceType }) => instanceType))];
  return Object.fromEntries(types.map((type) => [type, createLaunchTemplate(family, base, type)]));
}

const createPools = (
  family: Family,
  base: FleetBaseNodes,
  templates: Readonly<Record<string, ec2.LaunchTemplate>>,
): Record<string, FleetPoolNodes> =>
  mapped(family.args.pools, (pool) => createPool(family, base, pool, templates[pool.instanceType]!));

function createAssociation(
  family: Family,
  { cluster }: FleetBaseNodes,
  pools: Readonly<Record<string, FleetPoolNodes>>,
): ecs.ClusterCapacityProviders {
  const { child } = made(family, 'providers');
  const names = Object.keys(pools)
    .sort()
    .map((key) => pools[key]!.capacityProvider.name);
  const args: ecs.ClusterCapacityProvidersArgs = { clusterName: cluster.name, capacityProviders: names };
  return new ecs.ClusterCapacityProviders(...childOf(family, 'clusterCapacityProviders', child, args));
}

function createFleetAlarms(
  family: Family,
  { cluster }: FleetBaseNodes,
  pools: Readonly<Record<string, FleetPoolNodes>>,
): Record<string, cloudwatch.MetricAlarm> {
  if (!family.args.alarms) return {};
  const xid = createAlarm(family, XID_ALARM, {
    child: `alarm-${XID_ALARM.id}`,
    of: `Fleet ${family.name}`,
    dimensions: { Cluster: cluster.name },
    enabled: true,
  });
  const ofPools = Object.entries(pools).map(([key, { capacityProvider }]) => [
    key,
    createAlarm(family, CAPACITY_ALARM, {
      child: `${key}-alarm-${CAPACITY_ALARM.id}`,
      of: `Pool ${key} of ${family.name}`,
      dimensions: { CapacityProviderName: capacityProvider.name, ClusterName: cluster.name },
      enabled: true,
    }),
  ]);
  return { [XID_ALARM.id]: xid, ...Object.fromEntries(ofPools) } as Record<string, cloudwatch.MetricAlarm>;
}

const eachChannel = (
  channels: Readonly<Record<string, FleetChannelNodes>>,
  pick: (nodes: FleetChannelNodes) => pulumi.Output<string>,
): pulumi.Output<Record<string, string>> =>
  pulumi.all(Object.fromEntries(Object.entries(channels).map(([id, nodes]) => [id, pick(nodes)])));

const placementsOf = ({ channels }: NormalFleet): Record<string, ChannelPlacement> =>
  mapped(channels, ({ zone, pool, placement }) => ({
    zone,
    instanceType: pool.instanceType,
    purchase: pool.purchase,
    share: placement.share,
    binding: placement.binding,
    cpuUnits: placement.cpuUnits,
    channelsPerInstance: placement.channelsPerGpu,
  }));
