/** Arguments of SrtIngest. */
import type * as ec2 from '@pulumi/aws/ec2';
import type * as globalaccelerator from '@pulumi/aws/globalaccelerator';
import type * as iam from '@pulumi/aws/iam';
import type * as lb from '@pulumi/aws/lb';
import type * as secretsmanager from '@pulumi/aws/secretsmanager';
import type * as vpc from '@pulumi/aws/vpc';
import type * as pulumi from '@pulumi/pulumi';
import type { Environment, Transform } from '../kit';
import type { MediaNetwork } from '../network/network';
import type { PortRange } from './ports';

/** How contributors reach the load balancers. */
export const SrtEntry = {
  /** Load balancers that face the internet, in the public subnets. */
  Internet: 'internet',
  /**
   * Global Accelerator: two static addresses, the same for all zones. The load balancers are internal, in the private
   * subnets, so there is no way round the accelerator. The VPC needs an internet gateway all the same.
   */
  Accelerator: 'accelerator',
  /** Internal load balancers alone: for contributors in the VPC, or by peering, VPN or Direct Connect. */
  Private: 'private',
} as const;
/** One of {@link SrtEntry}. */
export type SrtEntry = (typeof SrtEntry)[keyof typeof SrtEntry];

/** What the load balancer asks of a task. */
export const IngestHealthProtocol = {
  /** That it listens: the runtime does so once its SRT port is bound. */
  Tcp: 'tcp',
  /** `/healthz` too: that it has written a tick in the last 10 s, or stands by. */
  Http: 'http',
} as const;
/** One of {@link IngestHealthProtocol}. */
export type IngestHealthProtocol = (typeof IngestHealthProtocol)[keyof typeof IngestHealthProtocol];

/** A zone with a load balancer. */
export interface IngestZoneArgs {
  /**
   * Ports of this zone's channels, from 1024 to 32767, of no other zone. They are the accelerator's listener and the
   * security groups' rules, so leave room: a channel that is added within them changes nothing else.
   * @example { from: 9000, to: 9049 }
   */
  readonly ports: PortRange;
  /**
   * Elastic IP address that the load balancer gets for good, by its allocation id; for `entry: 'internet'`.
   * @default an address of AWS's choice, which goes with the load balancer
   * @example 'eipalloc-0123456789abcdef0'
   */
  readonly allocationId?: pulumi.Input<string>;
}

/** A passphrase that is there already. */
export interface PassphraseArgs {
  /** ARN of the secret, with the six characters that Secrets Manager adds. */
  readonly secretArn: pulumi.Input<string>;
  /** ARN of the customer managed key that encrypts it. @default none: the key that AWS manages */
  readonly keyArn?: pulumi.Input<string>;
}

/** A channel that a contributor sends to. */
export interface IngestChannelArgs {
  /** Id of the zone that it is encoded in: one of `zones`. */
  readonly zone: string;
  /** UDP port of SRT, of the load balancer and of the task: one of the zone's, of no other channel. */
  readonly port: number;
  /**
   * TCP port of the task for health and metrics (`METRICS_PORT`): one of the zone's, of no other channel.
   * @default the number of `port`: a TCP port and a UDP port of one number do not meet
   */
  readonly healthPort?: number;
  /** Sources that may send to it, by their ids. @default all */
  readonly sources?: readonly string[];
  /** `false`: not encrypted; or a secret that is there already. @default a new secret */
  readonly passphrase?: PassphraseArgs | false;
  /** Receive latency in milliseconds, 20 to 8000; at least four round trips. @default the runtime's, 120 */
  readonly latencyMs?: number;
  /** Stream id that a caller must give, up to 512 bytes. It is no secret. @default any is taken */
  readonly streamId?: string;
}

/** How tasks are watched. */
export interface IngestHealthCheckArgs {
  /** @default IngestHealthProtocol.Tcp */
  readonly protocol?: IngestHealthProtocol;
  /** Seconds between two checks, 5 to 300. A change of state takes two of them. @default 10 */
  readonly intervalSeconds?: number;
}

/** Logs of the accelerator's flows. */
export interface AcceleratorFlowLogsArgs {
  /** Name of a bucket whose policy lets `delivery.logs.amazonaws.com` write. */
  readonly bucket: pulumi.Input<string>;
  /** @default 'global-accelerator' */
  readonly prefix?: pulumi.Input<string>;
}

/** For `entry: 'accelerator'`. */
export interface IngestAcceleratorArgs {
  /** @default none */
  readonly flowLogs?: AcceleratorFlowLogsArgs;
}

/** Arguments of SrtIngest. */
export interface SrtIngestArgs {
  /** Where the load balancers are: a `MediaVpc`, or ids. */
  readonly network: MediaNetwork;
  /** Zones with a load balancer, by their ids. */
  readonly zones: Record<string, IngestZoneArgs>;
  /**
   * Channels by an id of your choice that stays, that of the encoder's `CHANNEL`. Everything of a channel follows its
   * id: another that is added, removed or moved changes nothing of it. At most 50 a zone, by a limit of AWS.
   * @example { news: { zone: 'use1-az4', port: 9001 } }
   */
  readonly channels: Record<string, IngestChannelArgs>;
  /**
   * Who may send: IPv4 ranges in CIDR form, or prefix lists (`pl-...`), by an id of your choice. There is no default:
   * `0.0.0.0/0` has to be written, and only channels with a passphrase take it.
   * @example { studio: '203.0.113.7/32' }
   */
  readonly sources: Record<string, pulumi.Input<string>>;
  /** @default SrtEntry.Internet */
  readonly entry?: SrtEntry;
  /** For `entry: 'accelerator'`. */
  readonly accelerator?: IngestAcceleratorArgs;
  /**
   * ARN of the customer managed key that encrypts the new secrets.
   * @default the key `aws/secretsmanager`, which AWS manages
   */
  readonly keyArn?: pulumi.Input<string>;
  /** @default { protocol: 'tcp', intervalSeconds: 10 } */
  readonly healthCheck?: IngestHealthCheckArgs;
  /**
   * Seconds, 0 to 5, for which a task that leaves still gets its caller's packets. Then its flows end, and the caller,
   * who calls again, reaches the next task.
   * @default 0
   */
  readonly deregistrationSeconds?: number;
  /** TCP ports, of those of the zones, that other programs of the hosts listen on. @default none */
  readonly reservedPorts?: readonly number[];
  /**
   * Rules that a security group may have in one direction, 60 to 1000: the account's quota (L-0EA8095F). A channel takes
   * one a source.
   * @default 60
   */
  readonly rulesPerSecurityGroup?: number;
  /**
   * Whether load balancers, accelerator and secrets are protected against deletion (prod), and whether secrets can be
   * recovered for 30 days (prod, staging) or are gone at once.
   * @default Environment.Prod, the careful one
   */
  readonly environment?: Environment;
  /** Tags of every child that can have them, besides Name and aws-media:component. At most 48. */
  readonly tags?: Record<string, pulumi.Input<string>>;
}

/** The arguments' names. */
export const INGEST_ARGUMENTS = [
  'network',
  'zones',
  'channels',
  'sources',
  'entry',
  'accelerator',
  'keyArn',
  'healthCheck',
  'deregistrationSeconds',
  'reservedPorts',
  'rulesPerSecurityGroup',
  'environment',
  'tags',
] as const satisfies readonly (keyof SrtIngestArgs)[];

/** Changes to children, in TypeScript only: functions don't cross languages. */
export interface SrtIngestTransforms {
  /** Of the instances that tasks run on. */
  readonly targetSecurityGroup?: Transform<ec2.SecurityGroupArgs>;
  /** Of a zone's load balancer. */
  readonly securityGroup?: Transform<ec2.SecurityGroupArgs>;
  /** Who may send to a channel. */
  readonly sourceRule?: Transform<vpc.SecurityGroupIngressRuleArgs>;
  /** From a load balancer to the instances, at the load balancer. */
  readonly egressRule?: Transform<vpc.SecurityGroupEgressRuleArgs>;
  /** From a load balancer to the instances, at the instances. */
  readonly ingressRule?: Transform<vpc.SecurityGroupIngressRuleArgs>;
  readonly loadBalancer?: Transform<lb.LoadBalancerArgs>;
  readonly targetGroup?: Transform<lb.TargetGroupArgs>;
  readonly listener?: Transform<lb.ListenerArgs>;
  readonly accelerator?: Transform<globalaccelerator.AcceleratorArgs>;
  readonly acceleratorListener?: Transform<globalaccelerator.ListenerArgs>;
  readonly endpointGroup?: Transform<globalaccelerator.EndpointGroupArgs>;
  readonly secret?: Transform<secretsmanager.SecretArgs>;
  readonly rolePolicy?: Transform<iam.RolePolicyArgs>;
}

/** The kinds of child that can be changed. */
export const INGEST_TRANSFORMS = [
  'targetSecurityGroup',
  'securityGroup',
  'sourceRule',
  'egressRule',
  'ingressRule',
  'loadBalancer',
  'targetGroup',
  'listener',
  'accelerator',
  'acceleratorListener',
  'endpointGroup',
  'secret',
  'rolePolicy',
] as const satisfies readonly (keyof SrtIngestTransforms)[];

/** Options of the resource, and changes to its children. */
export interface SrtIngestOptions extends pulumi.ComponentResourceOptions {
  /** One property a kind of child: properties to set, or a function of arguments, options and name. */
  readonly transform?: SrtIngestTransforms;
}
