/** Arguments of LlHlsOrigin. */
import type * as appautoscaling from '@pulumi/aws/appautoscaling';
import type * as cloudfront from '@pulumi/aws/cloudfront';
import type * as cloudwatch from '@pulumi/aws/cloudwatch';
import type * as ec2 from '@pulumi/aws/ec2';
import type * as ecs from '@pulumi/aws/ecs';
import type * as iam from '@pulumi/aws/iam';
import type * as lb from '@pulumi/aws/lb';
import type * as vpc from '@pulumi/aws/vpc';
import type * as pulumi from '@pulumi/pulumi';
import type { ContainerInsights } from '../encode/fleet/args';
import type { Architecture } from '../encode/image/reference';
import type { Environment, Transform } from '../kit';
import type { MediaNetwork } from '../network/network';
import type { OriginStore } from './neighbours';

/** Whom the load balancer's security group lets in. */
export const OriginAdmission = {
  /**
   * The security group of the VPC's own VPC origins, which CloudFront makes with the first of them. It is looked up when
   * the VPC origin is there.
   */
  VpcOrigins: 'vpcOrigins',
  /** AWS's list of all addresses that CloudFront has towards origins: 55 of the 60 rules that a group may have. */
  PrefixList: 'prefixList',
} as const;
/** One of {@link OriginAdmission}. */
export type OriginAdmission = (typeof OriginAdmission)[keyof typeof OriginAdmission];

/** A zone with a live edge: one service. */
export interface OriginZoneArgs {
  /**
   * Key of the store's zone, where it is not the zone's id.
   * @default the key that is the zone's id, or else the store's only one
   */
  readonly storeZone?: string;
  /** Tasks that always run: at least one, and two in all zones together. @default 1; 2 where it is the only zone */
  readonly minTasks?: number;
  /** Tasks that run at most. @default 10, or `minTasks` where that is more */
  readonly maxTasks?: number;
}

/** A channel, as the load balancer tells it from others. A placement of NvencEncodeFleet will do. */
export interface OriginChannelArgs {
  /** Id of the zone that it is encoded in. */
  readonly zone: string;
}

/** What tasks are added and taken away by, both at once. */
export interface OriginScalingArgs {
  /** CPU that a task should use on the average, in percent, 10 to 90. @default 60 */
  readonly cpuPercent?: number;
  /**
   * What a task should send on the average, in Mbit/s, 10 to 10000.
   * @default 400, an assumption: AWS publishes no rate for tasks on Fargate
   */
  readonly sentMbps?: number;
}

/** TLS between CloudFront and the load balancer. */
export interface OriginTlsArgs {
  /** ARN of a certificate of ACM in this region. CloudFront takes no certificate that it does not know the issuer of. */
  readonly certificateArn: pulumi.Input<string>;
  /** Name that the certificate is of; in DNS an alias of the load balancer. */
  readonly domainName: pulumi.Input<string>;
}

/** Where the load balancer's access log goes. */
export interface OriginAccessLogArgs {
  /** Name of a bucket that lets Elastic Load Balancing write. */
  readonly bucket: pulumi.Input<string>;
  /** @default none */
  readonly prefix?: pulumi.Input<string>;
}

/** Alarms of CloudWatch, each with a link to its section of the runbook. */
export interface OriginAlarmArgs {
  /** What is told when something is wrong: ARNs of SNS topics. At most five. @default nobody */
  readonly actions?: readonly pulumi.Input<string>[];
  /** URL of the runbook. Alarms add `#<alarm>`. @default docs/runbook.md of this package, by name */
  readonly runbook?: string;
  /**
   * Requests that one task may hold before it is said, 100 to 50000.
   * @default 2000: so many are answered within 0.35 s (docs/benchmarks.md)
   */
  readonly heldRequests?: number;
}

/** Arguments of LlHlsOrigin. */
export interface LlHlsOriginArgs {
  /**
   * VPC and private subnets of at least two zones, by the ids of zones: a MediaVpc, or ids. The VPC must have an internet
   * gateway, which CloudFront asks for; no route to it is needed.
   */
  readonly network: MediaNetwork;
  /** Where segments are read: a TieredSegmentStore. */
  readonly store: OriginStore;
  /** The origin's image, with its digest (`...@sha256:...`), for `architecture`. */
  readonly image: pulumi.Input<string>;
  /** Whether the image may be named by a tag, which can be another image at the next start. @default false */
  readonly allowMutableTag?: boolean;
  /** What tasks run on. arm64 costs a fifth less, and needs an image of its own. @default 'amd64' */
  readonly architecture?: Architecture;
  /**
   * Zones with a live edge, by their ids: a service each. The only key is `regional` where the store has no zones.
   * @default the zones of the network that the store has by their ids
   * @example { 'use1-az4': { minTasks: 2 }, 'use1-az6': {} }
   */
  readonly zones?: Readonly<Record<string, OriginZoneArgs>>;
  /**
   * Where each channel is encoded, by the channels' ids: a task reads its own zone's store alone. Required where there is
   * more than one zone; a channel that is not among them is answered with 404.
   * @default none: all channels are of the only zone
   * @example fleet.placements
   */
  readonly channels?: Readonly<Record<string, OriginChannelArgs>>;
  /** CPU units of a task: 256, 512, 1024, 2048 or 4096; 1024 are one CPU. @default 1024 */
  readonly cpu?: number;
  /** Memory of a task, in MiB: what Fargate has beside `cpu`, at least 1024. @default 2048, or the least beside `cpu` */
  readonly memoryMiB?: number;
  /** @default both, with their defaults */
  readonly scaling?: OriginScalingArgs;
  /** Seconds of media that a live playlist lists, 24 to 86400: that of the encoders. @default 60 */
  readonly windowSeconds?: number;
  /** Least severe level that is logged. @default 'info' */
  readonly logLevel?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** @default none: HTTP on the private path of the VPC origin */
  readonly tls?: OriginTlsArgs;
  /** @default OriginAdmission.VpcOrigins */
  readonly admit?: OriginAdmission;
  /**
   * Seconds in which a task that leaves gets no new requests and ends those that it holds, 17 to 300: longer than the
   * longest that it holds one. Then it is told to end.
   * @default 30
   */
  readonly deregistrationSeconds?: number;
  /** Seconds from SIGTERM to SIGKILL, 5 to 120: what is still held is released at once. @default 30 */
  readonly stopTimeoutSeconds?: number;
  /** The account's quota of rules of a load balancer, 100 to 1000: one a channel and zone, where there are several zones. @default 100 */
  readonly rulesPerLoadBalancer?: number;
  /** @default none */
  readonly accessLogs?: OriginAccessLogArgs;
  /** @default ContainerInsights.Disabled */
  readonly containerInsights?: ContainerInsights;
  /** Whether people with the permission may open a shell in a task (ECS Exec). Its files can then be written. @default false */
  readonly executeCommand?: boolean;
  /** Days that logs are kept: a number that CloudWatch Logs takes. @default 30 */
  readonly logRetentionDays?: number;
  /** Alarms; `false`: none. @default all of them, which tell nobody */
  readonly alarms?: OriginAlarmArgs | false;
  /** Whether the load balancer is protected, and logs stay in AWS. @default Environment.Prod, the careful one */
  readonly environment?: Environment;
  /** Tags of every child that can have them, besides Name and aws-media:component. At most 48. */
  readonly tags?: Record<string, pulumi.Input<string>>;
}

/** Changes to children, in TypeScript only: functions don't cross languages. */
export interface LlHlsOriginTransforms {
  readonly cluster?: Transform<ecs.ClusterArgs>;
  readonly executionRole?: Transform<iam.RoleArgs>;
  readonly executionPolicy?: Transform<iam.RolePolicyArgs>;
  readonly securityGroup?: Transform<ec2.SecurityGroupArgs>;
  readonly ingressRule?: Transform<vpc.SecurityGroupIngressRuleArgs>;
  readonly egressRule?: Transform<vpc.SecurityGroupEgressRuleArgs>;
  readonly loadBalancer?: Transform<lb.LoadBalancerArgs>;
  readonly listener?: Transform<lb.ListenerArgs>;
  readonly listenerRule?: Transform<lb.ListenerRuleArgs>;
  readonly targetGroup?: Transform<lb.TargetGroupArgs>;
  readonly vpcOrigin?: Transform<cloudfront.VpcOriginArgs>;
  readonly logGroup?: Transform<cloudwatch.LogGroupArgs>;
  readonly taskRole?: Transform<iam.RoleArgs>;
  readonly executeCommandPolicy?: Transform<iam.RolePolicyArgs>;
  readonly taskDefinition?: Transform<ecs.TaskDefinitionArgs>;
  readonly service?: Transform<ecs.ServiceArgs>;
  readonly scalingTarget?: Transform<appautoscaling.TargetArgs>;
  readonly scalingPolicy?: Transform<appautoscaling.PolicyArgs>;
  readonly alarm?: Transform<cloudwatch.MetricAlarmArgs>;
}

/** The kinds of child that can be changed. */
export const ORIGIN_TRANSFORMS = [
  'cluster',
  'executionRole',
  'executionPolicy',
  'securityGroup',
  'ingressRule',
  'egressRule',
  'loadBalancer',
  'listener',
  'listenerRule',
  'targetGroup',
  'vpcOrigin',
  'logGroup',
  'taskRole',
  'executeCommandPolicy',
  'taskDefinition',
  'service',
  'scalingTarget',
  'scalingPolicy',
  'alarm',
] as const satisfies readonly (keyof LlHlsOriginTransforms)[];

/** Options of the resource, and changes to its children. */
export interface LlHlsOriginOptions extends pulumi.ComponentResourceOptions {
  /** One property a kind of child: properties to set, or a function of arguments, options and name. */
  readonly transform?: LlHlsOriginTransforms;
}
