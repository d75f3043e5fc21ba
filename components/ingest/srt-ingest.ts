import * as iam from '@pulumi/aws/iam';
import type * as ec2 from '@pulumi/aws/ec2';
import type * as globalaccelerator from '@pulumi/aws/globalaccelerator';
import * as pulumi from '@pulumi/pulumi';
import { checkPolicyLength, physicalName, transformed } from '../kit';
import { SrtEntry, type SrtIngestArgs, type SrtIngestOptions, type SrtIngestTransforms } from './args';
import {
  createAccelerator,
  createChannel,
  createTargetSecurityGroup,
  createZone,
  type ChannelNodes,
  type Family,
  type ZoneNodes,
} from './children';
import { checkPassphraseGrant, type PassphraseScope } from './grants';
import { normalise, ownerOf, type NormalArgs } from './normalise';
import type { NormalChannel } from './normal-channels';
import { passphrasePolicy } from './policies';

const TOO_LONG = 'give each encoder a role, and a grant for its own channel';

/** What a channel is reached by and made of. */
export interface IngestChannel {
  /** Id of its zone. */
  readonly zone: string;
  /** UDP, of SRT: of the load balancer, the task and its instance. */
  readonly port: number;
  /** TCP, of health and metrics: of the task and its instance. */
  readonly healthPort: number;
  /** What a contributor calls, as `srt://host:9001`; no secret is in it. */
  readonly address: pulumi.Output<string>;
  /** For the `loadBalancers` of an ECS service. It waits for the listener, without which ECS refuses the group. */
  readonly targetGroupArn: pulumi.Output<string>;
  /** ARN of the secret with the passphrase; absent where the channel is not encrypted. */
  readonly secretArn?: pulumi.Output<string>;
}

/** Environment variables of the runtime. */
export interface IngestEnvironment {
  readonly SOURCE: 'srt';
  readonly HOST: '0.0.0.0';
  readonly SRT_PORT: string;
  readonly METRICS_PORT: string;
  readonly SRT_LATENCY_MS?: string;
  readonly SRT_STREAM_ID?: string;
  /** ARN, never the passphrase. Absent where the channel is not encrypted. */
  readonly SRT_PASSPHRASE_SECRET?: pulumi.Output<string>;
}

/** The raw resources. */
export interface SrtIngestNodes {
  /** Of the instances. */
  readonly targetSecurityGroup: ec2.SecurityGroup;
  /** By the ids of the zones. */
  readonly zones: Readonly<Record<string, ZoneNodes>>;
  /** By the ids of the channels. */
  readonly channels: Readonly<Record<string, ChannelNodes>>;
  /** Absent without `entry: 'accelerator'`. Its `ipSets` has the two static addresses. */
  readonly accelerator?: globalaccelerator.Accelerator;
}

/** A secret's ARN, and its key's where that is a customer's. */
interface Secret {
  readonly secretArn: pulumi.Output<string>;
  readonly keyArn: pulumi.Input<string> | undefined;
}

/**
 * SRT contribution: a Network Load Balancer a zone, with a UDP listener and a target group a channel, for encoders that
 * run on EC2 instances with the host's network; an empty secret a channel for its passphrase; Global Accelerator by
 * choice.
 *
 * One zone a load balancer, without cross-zone balancing: a channel's live edge, GPU and listener are in one zone. UDP has
 * no health check, so a task is asked on its TCP port, which it opens once its SRT port is bound. Whether media flows is
 * no matter of health: a channel whose contributor is away keeps its task.
 *
 * ### Cost
 * us-east-1; list prices of 2024-07; months of 730 h, GB of 2^30 bytes. A capacity unit of a load balancer (NLCU) is 1 GB
 * an hour of UDP, or 400 new flows a second, or 50,000 flows (Elastic Load Balancing's pricing page); media is always the
 * first.
 *
 * Fixed, with nobody sending:
 *
 * | line | arithmetic | $ a month |
 * |---|---|---|
 * | load balancer, a zone | 730 h x $0.0225 | 16.43 |
 * | its public address, with `entry: 'internet'` (price assumed) | 730 h x $0.005 | 3.65 |
 * | accelerator, with `entry: 'accelerator'` | 730 h x $0.025 | 18.25 |
 * | secret, a channel | 1 x $0.40 | 0.40 |
 *
 * A channel that is contributed to all month at 50 Mbit/s (15,297 GB), watched or not:
 *
 * | line | arithmetic | $ a month |
 * |---|---|---|
 * | NLCU | 15,297 GB x $0.006 | 91.78 |
 * | accelerator's data transfer, dominant direction in North America or Europe | 15,297 GB x $0.015 | 229.46 |
 *
 * So the bytes are the cost, and both lines go by the contribution's bit rate: at 10 Mbit/s a fifth. 25 channels of
 * 50 Mbit/s in one zone are $2,325 a month through the load balancer alone, $8,076 with an accelerator. What contributors
 * send over the internet costs nothing by itself. A static address needs no accelerator: `allocationId` is one, at the
 * price of the address. Each start of an encoder reads a secret once ($0.05 for 10,000). Not counted: public addresses of
 * the accelerator, requests to a key of your own.
 */
export class SrtIngest extends pulumi.ComponentResource {
  static readonly __pulumiType = 'aws-media:index:SrtIngest';

  /** By the ids of the channels. */
  declare readonly channels: Readonly<Record<string, IngestChannel>>;
  /** What an encoder of a channel needs, by the ids of the channels. */
  declare readonly runtimeEnvironment: Readonly<Record<string, IngestEnvironment>>;
  /** Of the load balancers, by the ids of the zones. */
  declare readonly securityGroupIds: pulumi.Output<Record<string, string>>;
  /** For the instances that the tasks run on: lets the load balancers, and nobody else, reach the channels' ports. */
  declare readonly targetSecurityGroupId: pulumi.Output<string>;
  declare readonly nodes: SrtIngestNodes;

  readonly #name: string;
  readonly #transform: SrtIngestTransforms;
  /** By the ids of the channels that are encrypted. */
  readonly #secrets: ReadonlyMap<string, Secret>;

  /** @throws pulumi.InputPropertiesError with every bad argument, before any resource exists */
  constructor(name: string, args: SrtIngestArgs, options: SrtIngestOptions = {}) {
    const { transform = {}, ...opts } = options;
    const normal = opts.urn ? undefined : normalise(name, args, transform);
    super(SrtIngest.__pulumiType, name, normal ? { ...args, network: normal.network } : {}, opts);
    this.#name = name;
    this.#transform = transform;
    this.#secrets = new Map();
    if (!normal) return;

    const family = this.#family(normal, opts);
    const targetSecurityGroup = createTargetSecurityGroup(family);
    const accelerator = normal.entry === SrtEntry.Accelerator ? createAccelerator(family) : undefined;
    const zones = mapped(normal.zones, (id, zone) =>
      createZone(family, id, zone, targetSecurityGroup, accelerator),
    );
    const channels = mapped(normal.channels, (id, channel) =>
      createChannel(family, id, channel, zones[channel.zone]!),
    );
    this.#secrets = secretsOf(normal, channels);

    this.nodes = { targetSecurityGroup, zones, channels, ...(accelerator && { accelerator }) };
    this.channels = mapped(normal.channels, (id, channel) => this.#channel(id, channel));
    this.runtimeEnvironment = mapped(normal.channels, (id, channel) =>
      environmentOf(channel, this.#secrets.get(id)),
    );
    this.securityGroupIds = pulumi.all(mapped(normal.zones, (id) => zones[id]!.securityGroup.id));
    this.targetSecurityGroupId = targetSecurityGroup.id;
    this.registerOutputs({
      channels: this.channels,
      runtimeEnvironment: this.runtimeEnvironment,
      securityGroupIds: this.securityGroupIds,
      targetSecurityGroupId: this.targetSecurityGroupId,
    });
  }

  /**
   * Lets a role read passphrases, as an encoder's task does: `secretsmanager:GetSecretValue` of these secrets, and
   * `kms:Decrypt` for them where a customer's key encrypts them.
   * @param id of the grant, unique in this ingest; it stays for the life of the grant
   * @param role name of the role
   * @throws pulumi.InputPropertiesError where the scope names a channel that has no passphrase
   */
  grantReadPassphrase(id: string, role: pulumi.Input<string>, scope: PassphraseScope = {}): iam.RolePolicy {
    const owner = `a grant of ${ownerOf(this.#name)}`;
    const granted = checkPassphraseGrant(owner, [...this.#secrets.keys()], id, role, scope);
    const logicalName = `${this.#name}-${id}-passphrase`;
    const secrets = granted.channels.map((channel) => this.#secrets.get(channel)!);
    const policy = pulumi
      .all(secrets.map(({ secretArn, keyArn }) => pulumi.all([secretArn, keyArn])))
      .apply((pairs) => passphrasePolicy(pairs.map(([secretArn, keyArn]) => ({ secretArn, keyArn }))))
      .apply((document) => checkPolicyLength(owner, document, scope.channels, TOO_LONG));
    const args: iam.RolePolicyArgs = {
      name: physicalName('aws:iam/rolePolicy:RolePolicy', { ...nameContext(), name: logicalName }),
      role: granted.role,
      policy: pulumi.jsonStringify(policy),
    };
    return new iam.RolePolicy(
      ...transformed(this.#transform.rolePolicy, logicalName, args, { parent: this }),
    );
  }

  #channel(id: string, { zone, port, healthPort }: NormalChannel): IngestChannel {
    const { targetGroup, listener } = this.nodes.channels[id]!;
    const host = this.nodes.accelerator?.dnsName ?? this.nodes.zones[zone]!.loadBalancer.dnsName;
    const secret = this.#secrets.get(id);
    return {
      zone,
      port,
      healthPort,
      address: pulumi.interpolate`srt://${host}:${port}`,
      targetGroupArn: pulumi.all([targetGroup.arn, listener.arn]).apply(([arn]) => arn),
      ...(secret && { secretArn: secret.secretArn }),
    };
  }

  #family(args: NormalArgs, opts: pulumi.ComponentResourceOptions): Family {
    return {
      component: this,
      name: this.#name,
      names: nameContext(),
      args,
      protect: opts.protect ?? args.protection.protect,
      transform: this.#transform,
    };
  }
}

const nameContext = () => ({
  organization: pulumi.getOrganization(),
  project: pulumi.getProject(),
  stack: pulumi.getStack(),
});

const mapped = <T, R>(map: ReadonlyMap<string, T>, make: (id: string, value: T) => R): Record<string, R> =>
  Object.fromEntries([...map].map(([id, value]) => [id, make(id, value)]));

function secretsOf(
  args: NormalArgs,
  channels: Readonly<Record<string, ChannelNodes>>,
): ReadonlyMap<string, Secret> {
  const secrets = new Map<string, Secret>();
  for (const [id, { passphrase }] of args.channels) {
    if (passphrase === 'new') secrets.set(id, { secretArn: channels[id]!.secret!.arn, keyArn: args.keyArn });
    else if (passphrase) {
      secrets.set(id, { secretArn: pulumi.output(passphrase.secretArn), keyArn: passphrase.keyArn });
    }
  }
  return secrets;
}

/** The runtime's own defaults are left to it. */
const environmentOf = (
  { port, healthPort, latencyMs, streamId }: NormalChannel,
  secret: Secret | undefined,
): IngestEnvironment => ({
  SOURCE: 'srt',
  HOST: '0.0.0.0',
  SRT_PORT: String(port),
  METRICS_PORT: String(healthPort),
  ...(latencyMs !== undefined && { SRT_LATENCY_MS: String(latencyMs) }),
  ...(streamId !== undefined && { SRT_STREAM_ID: streamId }),
  ...(secret && { SRT_PASSPHRASE_SECRET: secret.secretArn }),
});
