/** Arguments of NvencEncodeFleet. */
import type * as autoscaling from '@pulumi/aws/autoscaling';
import type * as cloudwatch from '@pulumi/aws/cloudwatch';
import type * as ec2 from '@pulumi/aws/ec2';
import type * as ecs from '@pulumi/aws/ecs';
import type * as iam from '@pulumi/aws/iam';
import type * as vpc from '@pulumi/aws/vpc';
import type * as pulumi from '@pulumi/pulumi';
import type { FrameRate, LadderName, Profile } from '../../../encoder/contract';
import type { Environment, Transform } from '../../kit';
import type { MediaNetwork } from '../../network/network';
import type { Contribution } from '../capacity';
import type { FleetIngest, FleetStore } from './neighbours';
import type { PurchaseMix, PurchaseOption } from './purchase';

/** How a channel gets a new version of its task. */
export const ChannelDeployment = {
  /** The old task ends, then the new one starts: viewers wait for as long as a start takes. */
  StopStart: 'stopStart',
  /**
   * The new task starts on another instance and stands by; then the old one finishes its segment and leaves. Needs
   * room for one more task on another instance.
   */
  Handover: 'handover',
} as const;
/** One of {@link ChannelDeployment}. */
export type ChannelDeployment = (typeof ChannelDeployment)[keyof typeof ChannelDeployment];

/** Where a channel's pictures come from. */
export const ChannelSource = { Srt: 'srt', Rtmp: 'rtmp', Udp: 'udp', Test: 'test' } as const;
/** One of {@link ChannelSource}. */
export type ChannelSource = (typeof ChannelSource)[keyof typeof ChannelSource];

/** What CloudWatch Container Insights collects. It bills by metric: see the cost in the class comment. */
export const ContainerInsights = {
  Disabled: 'disabled',
  Enabled: 'enabled',
  Enhanced: 'enhanced',
} as const;
/** One of {@link ContainerInsights}. */
export type ContainerInsights = (typeof ContainerInsights)[keyof typeof ContainerInsights];

/** How a group places its instances on hardware. */
export const FleetPlacement = {
  /** As EC2 likes. */
  Any: 'any',
  /** Each instance on a rack of its own; seven a zone at most. */
  Spread: 'spread',
  /** Seven groups of racks; any number of instances. */
  Partition: 'partition',
} as const;
/** One of {@link FleetPlacement}. */
export type FleetPlacement = (typeof FleetPlacement)[keyof typeof FleetPlacement];

/** What happens to running instances when their launch template changes. */
export const InstanceReplacement = {
  /** They stay. Instances that start later are of the new version. */
  Manual: 'manual',
  /** They are drained and replaced, a few at a time: every channel moves once. */
  Rolling: 'rolling',
} as const;
/** One of {@link InstanceReplacement}. */
export type InstanceReplacement = (typeof InstanceReplacement)[keyof typeof InstanceReplacement];

/** What a pool does with capacity that is reserved in EC2. */
export const FleetReservationPreference = {
  /** Its instances start in reserved capacity while there is some, then outside it. */
  First: 'first',
  /** They start in reserved capacity, or not at all: what is paid for is bounded, and so is the number of channels. */
  Only: 'only',
  /** They never start in it, not even in an open reservation: that is left to others. */
  None: 'none',
} as const;
/** One of {@link FleetReservationPreference}. */
export type FleetReservationPreference =
  (typeof FleetReservationPreference)[keyof typeof FleetReservationPreference];

/**
 * On-Demand Capacity Reservations that a pool uses. They are made elsewhere (`aws.ec2.CapacityReservation`), and cost as
 * much as the instances on demand from the moment that they exist, used or not.
 */
export interface FleetCapacityReservationArgs {
  /** Ids of reservations, of the pool's zone and instance type. At most 50. */
  readonly ids?: readonly pulumi.Input<string>[];
  /** ARN of a resource group of reservations: EC2 takes those that match. In place of `ids`. */
  readonly resourceGroupArn?: pulumi.Input<string>;
  /** @default FleetReservationPreference.First */
  readonly preference?: FleetReservationPreference;
}

/** One channel: one ECS service with one task. */
export interface FleetChannelArgs {
  /**
   * Id of the zone that it is encoded in.
   * @default the fleet's only zone
   * @example 'use1-az4'
   */
  readonly zone?: string;
  /**
   * Key of the store's zone, where it is not the zone's id.
   * @default the key that is the zone's id, or else the store's only one
   */
  readonly storeZone?: string;
  /** Renditions: a ladder of the runtime. */
  readonly ladder: LadderName;
  /** Frames a second. @default '30' */
  readonly frameRate?: FrameRate;
  /** Length of parts. @default 'balanced' */
  readonly profile?: Profile;
  /** @default ChannelSource.Srt */
  readonly source?: ChannelSource;
  /** What comes in, for the capacity model. @default the ladder's largest rung */
  readonly contribution?: Contribution;
  /**
   * Port of the host that the contribution comes to (UDP; TCP for `rtmp`): 1024 to 32767, one a channel and zone.
   * Required but for `test`.
   * @default the ingest's, where it has the channel
   */
  readonly port?: number;
  /**
   * TCP port of the host for metrics and health: 1024 to 32767, one a channel and zone.
   * @default the ingest's, or the number of a `port` that is UDP: ports of the two protocols do not meet
   */
  readonly metricsPort?: number;
  /** One of the fleet's `instanceTypes`. @default the first that its zone offers and that carries the channel */
  readonly instanceType?: string;
  /** @default by the fleet's `purchase` and the channel's id */
  readonly purchase?: PurchaseOption;
  /**
   * Whether AWS may take the channel's instance back with a notice of two minutes. Without it a channel is never put
   * on Spot: it has a single encoder, and viewers wait until another instance has started.
   * @default false
   */
  readonly acceptInterruption?: boolean;
  /** An image of its own, to try it on one channel. @default the fleet's */
  readonly image?: pulumi.Input<string>;
  /** Whether it is on air. Off it costs nothing but its log and alarms. @default true */
  readonly running?: boolean;
  /** @default the fleet's */
  readonly deployment?: ChannelDeployment;
  /** More variables of the runtime, such as SRT_LATENCY_MS. Those that the fleet sets are refused; secrets are too. */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** The machine image of the instances. */
export interface FleetAmiArgs {
  /** Id of an image: a release that stays. It must be an ECS image with a GPU driver. */
  readonly id?: pulumi.Input<string>;
  /**
   * Parameter of Systems Manager that holds the id, read when an instance starts. AWS moves the recommended one with
   * every release, and the driver with it.
   * @default '/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id'
   */
  readonly parameter?: string;
}

/** Instances that have started once and wait, stopped: they have only to boot to be in service. */
export interface FleetWarmPoolArgs {
  /** Instances that wait in each group. */
  readonly minSize: number;
  /** Groups that have one. Not `spot`: EC2 Auto Scaling has no warm pool for it. @default all but Spot */
  readonly purchase?: readonly PurchaseOption[];
}

/** Alarms of CloudWatch, each with a link to its section of the runbook. */
export interface FleetAlarmArgs {
  /** What is told when something is wrong: ARNs of SNS topics. At most five. @default nobody */
  readonly actions?: readonly pulumi.Input<string>[];
  /** What is told when a GPU has little to do: a matter of cost, not of the programme. @default nobody */
  readonly advisoryActions?: readonly pulumi.Input<string>[];
  /** URL of the runbook. Alarms add `#<alarm>`. @default docs/runbook.md of this package, by name */
  readonly runbook?: string;
}

/** Arguments of NvencEncodeFleet. */
export interface NvencEncodeFleetArgs {
  /** VPC and private subnets, by the ids of zones: a MediaVpc, or ids. */
  readonly network: MediaNetwork;
  /** Where channels write: a TieredSegmentStore. */
  readonly store: FleetStore;
  /** The encoder's image, with its digest (`...@sha256:...`), for amd64. */
  readonly image: pulumi.Input<string>;
  /** Whether an image may be named by a tag, which can be another image at the next start. @default false */
  readonly allowMutableTag?: boolean;
  /** Channels by their ids (1 to 63 of a-z, 0-9 and inner hyphens), which stay: everything of a channel follows its id. */
  readonly channels: Readonly<Record<string, FleetChannelArgs>>;
  /**
   * Load balancers and passphrases of SRT: an SrtIngest. A channel that it has takes its ports and settings from it.
   * @default none; contributors reach the hosts by themselves
   */
  readonly ingest?: FleetIngest;
  /**
   * Security groups of the instances besides those of the fleet (HTTPS out, nothing in) and of the ingest: for
   * contributors without an ingest, and for SRT callers, who need UDP out.
   * @default none
   */
  readonly securityGroupIds?: readonly pulumi.Input<string>[];
  /**
   * Zones with instances. A zone's groups cost nothing while no channel needs them.
   * @default those of the network
   */
  readonly zones?: readonly string[];
  /**
   * Instance types with one NVENC GPU (G4dn, G5, G6, G6e), the preferred one first. Each has its own groups, so a list
   * that changes its order moves channels.
   * @default ['g5.xlarge']
   * @example ['g6.xlarge', 'g5.xlarge']
   */
  readonly instanceTypes?: readonly string[];
  /** Takes an instance type in a zone where it is not known to be offered: AWS adds zones. @default false */
  readonly allowUnlistedOffers?: boolean;
  /**
   * Percent of channels by way of paying; together 100. Channels are dealt out by their ids, so that another one moves
   * none: the percentages are met on the average. A way that is named has its groups, also with 0, and a channel can
   * choose it.
   * @default { 'on-demand': 100 }
   * @example { committed: 70, spot: 20, 'on-demand': 10 }
   */
  readonly purchase?: PurchaseMix;
  /**
   * The most that is paid for a Spot instance, in dollars an hour: in some zones Spot costs as much as on demand.
   * @default the price on demand
   */
  readonly spotMaxPrice?: number;
  /**
   * Capacity that is reserved for pools, by their keys: `<zone>-<instance type>-<way of paying>`. Not for `spot`, which
   * no reservation is for.
   * @default open reservations that match, as EC2 does
   * @example { 'use1-az4-g6-xlarge-on-demand': { ids: ['cr-0123456789abcdef0'] } }
   */
  readonly capacityReservations?: Readonly<Record<string, FleetCapacityReservationArgs>>;
  /** The part of the GPU's published rate that is planned with, above 0 and at most 1. @default 0.7, an assumption */
  readonly margin?: number;
  /** Instances a group (zone, type and way of paying) may have. @default 32 */
  readonly maxInstances?: number;
  /** Percent of the instances' CPU units that ECS keeps in use, 1 to 100. Below 100 it keeps spare instances. @default 100 */
  readonly targetCapacity?: number;
  /** @default none */
  readonly warmPool?: FleetWarmPoolArgs;
  /** @default the recommended ECS image with a GPU driver, of Amazon Linux 2023 */
  readonly ami?: FleetAmiArgs;
  /** Size of an instance's disk, in GiB, 30 to 1000: gp3, encrypted. @default 40 */
  readonly diskGib?: number;
  /** @default FleetPlacement.Any */
  readonly placement?: FleetPlacement;
  /** @default InstanceReplacement.Manual */
  readonly instanceReplacement?: InstanceReplacement;
  /** @default ChannelDeployment.StopStart */
  readonly deployment?: ChannelDeployment;
  /** Seconds from SIGTERM to SIGKILL, 10 to 110: an encoder finishes its segment. Spot's notice is 120 s. @default 30 */
  readonly stopTimeoutSeconds?: number;
  /** @default ContainerInsights.Disabled */
  readonly containerInsights?: ContainerInsights;
  /** Whether people with the permission may open a shell in a task (ECS Exec). @default false */
  readonly executeCommand?: boolean;
  /** Days that logs are kept: a number that CloudWatch Logs takes. @default 30 */
  readonly logRetentionDays?: number;
  /** Alarms; `false`: none. @default all of them, which tell nobody */
  readonly alarms?: FleetAlarmArgs | false;
  /** Whether logs stay in AWS when they leave the stack. @default Environment.Prod, the careful one */
  readonly environment?: Environment;
  /** Tags of every child that can have them, besides Name and aws-media:component. At most 47. */
  readonly tags?: Record<string, pulumi.Input<string>>;
}

/** Changes to children, in TypeScript only: functions don't cross languages. */
export interface NvencEncodeFleetTransforms {
  readonly cluster?: Transform<ecs.ClusterArgs>;
  readonly clusterCapacityProviders?: Transform<ecs.ClusterCapacityProvidersArgs>;
  readonly securityGroup?: Transform<ec2.SecurityGroupArgs>;
  readonly egressRule?: Transform<vpc.SecurityGroupEgressRuleArgs>;
  readonly instanceRole?: Transform<iam.RoleArgs>;
  readonly instancePolicy?: Transform<iam.RolePolicyArgs>;
  readonly instanceProfile?: Transform<iam.InstanceProfileArgs>;
  readonly executionRole?: Transform<iam.RoleArgs>;
  readonly executionPolicy?: Transform<iam.RolePolicyArgs>;
  readonly launchTemplate?: Transform<ec2.LaunchTemplateArgs>;
  readonly placementGroup?: Transform<ec2.PlacementGroupArgs>;
  readonly group?: Transform<autoscaling.GroupArgs>;
  readonly capacityProvider?: Transform<ecs.CapacityProviderArgs>;
  readonly logGroup?: Transform<cloudwatch.LogGroupArgs>;
  readonly taskRole?: Transform<iam.RoleArgs>;
  readonly executeCommandPolicy?: Transform<iam.RolePolicyArgs>;
  readonly taskDefinition?: Transform<ecs.TaskDefinitionArgs>;
  readonly service?: Transform<ecs.ServiceArgs>;
  readonly alarm?: Transform<cloudwatch.MetricAlarmArgs>;
}

/** The kinds of child that can be changed. */
export const FLEET_TRANSFORMS = [
  'cluster',
  'clusterCapacityProviders',
  'securityGroup',
  'egressRule',
  'instanceRole',
  'instancePolicy',
  'instanceProfile',
  'executionRole',
  'executionPolicy',
  'launchTemplate',
  'placementGroup',
  'group',
  'capacityProvider',
  'logGroup',
  'taskRole',
  'executeCommandPolicy',
  'taskDefinition',
  'service',
  'alarm',
] as const satisfies readonly (keyof NvencEncodeFleetTransforms)[];

/** Options of the resource, and changes to its children. */
export interface NvencEncodeFleetOptions extends pulumi.ComponentResourceOptions {
  /** One property a kind of child: properties to set, or a function of arguments, options and name. */
  readonly transform?: NvencEncodeFleetTransforms;
}
