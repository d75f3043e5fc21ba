/** Arguments of MediaVpc. */
import type * as cloudwatch from '@pulumi/aws/cloudwatch';
import type * as ec2 from '@pulumi/aws/ec2';
import type * as iam from '@pulumi/aws/iam';
import type * as vpc from '@pulumi/aws/vpc';
import type * as pulumi from '@pulumi/pulumi';
import type { Environment, Transform } from '../kit';
import type { NatStrategy } from './egress';
import type { MediaNetwork } from './network';
import type { GatewayService, InterfaceService } from './services';

/** What makes the VPC. */
export const NetworkEngine = {
  /** Resources of @pulumi/aws: everything that is described here. */
  Aws: 'aws',
  /** `awsx.ec2.Vpc` of the optional package @pulumi/awsx, with limits: see docs/components/media-vpc.md. */
  Awsx: 'awsx',
} as const;
/** One of {@link NetworkEngine}. */
export type NetworkEngine = (typeof NetworkEngine)[keyof typeof NetworkEngine];

/** Which packets are logged. */
export const FlowTraffic = { All: 'ALL', Accepted: 'ACCEPT', Rejected: 'REJECT' } as const;
/** One of {@link FlowTraffic}. */
export type FlowTraffic = (typeof FlowTraffic)[keyof typeof FlowTraffic];

/** Where flow logs go, and what is in them. */
export interface FlowLogsArgs {
  /** @default FlowTraffic.All */
  readonly traffic?: FlowTraffic;
  /** Seconds that one record sums up: 60 or 600. @default 600 */
  readonly intervalSeconds?: 60 | 600;
  /**
   * How long records are kept in CloudWatch Logs, up to 3,653 days, rounded up to a length that it offers.
   * @default '30 days'
   */
  readonly keepFor?: string;
  /**
   * ARN of a bucket, with a prefix if need be, where records go instead of to CloudWatch Logs. Its lifecycle is its
   * owner's. @example 'arn:aws:s3:::our-flow-logs/media/'
   */
  readonly bucketArn?: pulumi.Input<string>;
}

/** What `environment` says, changed one by one. */
export interface NetworkProtectionArgs {
  /** Whether the engine refuses to delete VPC, public addresses and log group. @default true in prod */
  readonly protect?: boolean;
  /** Whether the log group stays in AWS when it leaves the stack. @default true in prod */
  readonly retainOnDelete?: boolean;
}

/** Arguments of MediaVpc. `zones` or `existing` must be given. */
export interface MediaVpcArgs {
  /**
   * Ids of two to six Availability Zones, the same in every account; a name (`us-east-1a`) means another zone in each.
   * Their order matters to `nat: 'one'` alone, and to the engine awsx.
   * @example ['use1-az4', 'use1-az6']
   */
  readonly zones?: readonly string[];
  /**
   * Addresses, a block of /16 to /22 from 10/8, 172.16/12, 192.168/16 or 100.64/10. Known before anything exists, so
   * it can't come from IPAM. 172.17/16 is Docker's on each host, so not to be had.
   * @default '10.0.0.0/16'
   */
  readonly cidrBlock?: string;
  /**
   * Blocks of networks that this one is, or is to be, connected with: other regions, offices. Refused where it overlaps.
   * @default none
   * @example ['10.1.0.0/16']
   */
  readonly separateFrom?: readonly string[];
  /**
   * Gives every subnet a /64, public ones a route to the internet gateway, private ones to an egress-only gateway,
   * through which nothing begins from outside. @default false
   */
  readonly ipv6?: boolean;
  /**
   * Where NAT gateways are. Without one, every service that tasks call needs an interface endpoint (`TASK_SERVICES`).
   * @default NatStrategy.PerZone in prod; elsewhere one NAT gateway or the endpoints, whichever is cheaper (output `egress`)
   */
  readonly nat?: NatStrategy;
  /** Zone of the NAT gateway where there is one for all. @default the first of `zones` */
  readonly natZone?: string;
  /** @default S3, DynamoDB, and S3 Express One Zone where the region is known to have it */
  readonly gatewayEndpoints?: readonly GatewayService[];
  /**
   * Services that are reached through interface endpoints, in each zone's isolated subnet, with private DNS.
   * @default `PROD_SERVICES` in prod; elsewhere none, or what `nat` asks for
   * @example ['ecr.api', 'ecr.dkr', 'logs', 'secretsmanager']
   */
  readonly interfaceEndpoints?: readonly InterfaceService[];
  /**
   * Accounts whose roles and users may use the endpoints too, besides the VPC's own. @default none
   * @example ['123456789012']
   */
  readonly trustedAccounts?: readonly pulumi.Input<string>[];
  /** Whether each tier has a network ACL: from outside only HTTPS and ports from 1024, without 3389. @default true */
  readonly networkAcls?: boolean;
  /** Flow logs of the VPC, or false for none. @default to CloudWatch Logs, kept 30 days */
  readonly flowLogs?: FlowLogsArgs | false;
  /** @default NetworkEngine.Aws */
  readonly engine?: NetworkEngine;
  /**
   * Names of the zones in this account, by their ids: only for the engine awsx, which takes no ids.
   * @example { 'use1-az4': 'us-east-1a', 'use1-az6': 'us-east-1c' }
   */
  readonly zoneNames?: Readonly<Record<string, string>>;
  /**
   * A VPC that is there already: read and never changed. Nothing is created, so of the other arguments only
   * `environment` may stand beside it. Each subnet's zone is compared with what AWS says.
   * @default a new one
   */
  readonly existing?: MediaNetwork;
  /** How hard the network is to lose, and its defaults. @default Environment.Prod, the careful one */
  readonly environment?: Environment;
  /** @default what `environment` says */
  readonly protection?: NetworkProtectionArgs;
  /** Tags of every child that can have them, besides Name and aws-media:component. At most 48. */
  readonly tags?: Record<string, pulumi.Input<string>>;
}

/** Changes to children, in TypeScript only: functions don't cross languages. */
export interface MediaVpcTransforms {
  readonly vpc?: Transform<ec2.VpcArgs>;
  readonly defaultSecurityGroup?: Transform<ec2.DefaultSecurityGroupArgs>;
  readonly internetGateway?: Transform<ec2.InternetGatewayArgs>;
  readonly egressOnlyGateway?: Transform<ec2.EgressOnlyInternetGatewayArgs>;
  /** Of every tier and zone: the name tells which. */
  readonly subnet?: Transform<ec2.SubnetArgs>;
  readonly routeTable?: Transform<ec2.RouteTableArgs>;
  readonly routeTableAssociation?: Transform<ec2.RouteTableAssociationArgs>;
  readonly route?: Transform<ec2.RouteArgs>;
  readonly address?: Transform<ec2.EipArgs>;
  readonly natGateway?: Transform<ec2.NatGatewayArgs>;
  readonly networkAcl?: Transform<ec2.NetworkAclArgs>;
  readonly gatewayEndpoint?: Transform<ec2.VpcEndpointArgs>;
  readonly interfaceEndpoint?: Transform<ec2.VpcEndpointArgs>;
  readonly endpointSecurityGroup?: Transform<ec2.SecurityGroupArgs>;
  readonly endpointIngress?: Transform<vpc.SecurityGroupIngressRuleArgs>;
  readonly logGroup?: Transform<cloudwatch.LogGroupArgs>;
  readonly logRole?: Transform<iam.RoleArgs>;
  readonly logRolePolicy?: Transform<iam.RolePolicyArgs>;
  readonly flowLog?: Transform<ec2.FlowLogArgs>;
}

/** The kinds of child that can be changed. */
export const NETWORK_TRANSFORMS = [
  'vpc',
  'defaultSecurityGroup',
  'internetGateway',
  'egressOnlyGateway',
  'subnet',
  'routeTable',
  'routeTableAssociation',
  'route',
  'address',
  'natGateway',
  'networkAcl',
  'gatewayEndpoint',
  'interfaceEndpoint',
  'endpointSecurityGroup',
  'endpointIngress',
  'logGroup',
  'logRole',
  'logRolePolicy',
  'flowLog',
] as const satisfies readonly (keyof MediaVpcTransforms)[];

/** Options of the resource, and changes to its children. */
export interface MediaVpcOptions extends pulumi.ComponentResourceOptions {
  /** One property a kind of child: properties to set, or a function of arguments, options and name. */
  readonly transform?: MediaVpcTransforms;
}
