import { getCallerIdentityOutput } from '@pulumi/aws/getCallerIdentity';
import { getPartitionOutput } from '@pulumi/aws/getPartition';
import { getRegionOutput } from '@pulumi/aws/getRegion';
import type * as ec2 from '@pulumi/aws/ec2';
import * as pulumi from '@pulumi/pulumi';
import { InputProblems } from '../kit';
import { NetworkEngine, type MediaVpcArgs, type MediaVpcOptions, type MediaVpcTransforms } from './args';
import { createAwsxCore } from './awsx-core';
import { blockText } from './cidr';
import { createCore } from './core';
import { createEndpoints, type EndpointNodes } from './endpoints';
import { readExisting } from './existing';
import { byZone, type CoreNodes, type Family, type Place } from './family';
import { closeDefaultSecurityGroup, createNetworkAcls, type NetworkAcls } from './fences';
import { createFlowLogs, type FlowLogNodes } from './flow-logs';
import type { MediaNetwork } from './network';
import { normalise, type ExistingNetwork, type NewNetwork } from './normalise';
import { regionPrefix } from './zone-ids';

/** Ids of a zone's subnets; of an existing network, those that were given. */
export interface MediaVpcZone {
  readonly publicSubnetId?: pulumi.Output<string>;
  readonly privateSubnetId: pulumi.Output<string>;
  readonly isolatedSubnetId?: pulumi.Output<string>;
}

/** The raw resources. Of an existing network there are VPC and subnets, read; of awsx its own component. */
export interface MediaVpcNodes extends CoreNodes, EndpointNodes, Partial<FlowLogNodes> {
  readonly defaultSecurityGroup?: ec2.DefaultSecurityGroup;
  /** By tier; absent where `networkAcls` is false. */
  readonly networkAcls?: NetworkAcls;
}

/**
 * The network that media runs in: a VPC with a public, a private and an isolated subnet in each of two to six Availability
 * Zones, chosen by their ids. Public subnets are for load balancers that face the internet and for NAT gateways, private
 * ones for instances and tasks, which have no public address, isolated ones for interface endpoints: no route leads out of
 * them. Room for six zones is set aside from the start, so adding or removing one changes nothing of another's subnets.
 *
 * S3, S3 Express One Zone and DynamoDB are reached through gateway endpoints, free of charge and past NAT gateways: what
 * an encoder writes (22,841 GB a month and channel of the ladder `hevc-2160p30-50`) would cost $1,027.85 a month through
 * one, at $0.045 a GB.
 *
 * ### Cost
 * us-east-1; list prices of 2024-07 (NAT gateway) and 2024-10 (interface endpoint), the public address assumed (2025);
 * months of 730 h. The same with nobody watching. In prod, with two zones:
 *
 * | line | arithmetic | $ a month |
 * |---|---|---|
 * | NAT gateways, one a zone | 2 x 730 h x $0.045 | 65.70 |
 * | their public addresses | 2 x 730 h x $0.005 | 7.30 |
 * | interface endpoints, 9 in 2 zones | 18 x 730 h x $0.01 | 131.40 |
 * | sum | | 204.40 |
 *
 * VPC, subnets, routes, network ACLs, security groups, internet and egress-only gateways and gateway endpoints: $0.00. Each
 * further zone adds $102.20 ($36.50 for its NAT gateway, $65.70 for its endpoints). `interfaceEndpoints: []` saves $131.40;
 * outside prod it is the default, with one NAT gateway: $36.50 in all. `nat: 'none'` has no NAT gateway and at least 9
 * endpoints: $131.40 in two zones outside prod.
 *
 * Data costs extra: $0.045 a GB through a NAT gateway, $0.01 a GB through an interface endpoint. Flow logs cost what
 * CloudWatch Logs asks for vended logs, which is not among the prices here: unknown. `flowLogs: false` makes none.
 */
export class MediaVpc extends pulumi.ComponentResource implements MediaNetwork {
  static readonly __pulumiType = 'aws-media:index:MediaVpc';

  declare readonly vpcId: pulumi.Output<string>;
  declare readonly cidrBlock: pulumi.Output<string>;
  /** Of a /56; empty without IPv6. */
  declare readonly ipv6CidrBlock: pulumi.Output<string>;
  /** By the ids of the zones. */
  declare readonly zones: Readonly<Record<string, MediaVpcZone>>;
  /** Public addresses of the NAT gateways, by the ids of their zones: what others see tasks come from. */
  declare readonly natAddresses: pulumi.Output<Record<string, string>>;
  /** Security group of the interface endpoints; empty where there are none. */
  declare readonly endpointSecurityGroupId: pulumi.Output<string>;
  /** How tasks reach AWS, why, and what the other way would cost; empty for an existing network. */
  declare readonly egress: pulumi.Output<string>;
  declare readonly nodes: MediaVpcNodes;

  /**
   * A network that is there already, as a MediaVpc: `new MediaVpc(name, { existing })`.
   * @throws pulumi.InputPropertiesError with every bad id
   */
  static adopt(name: string, existing: MediaNetwork, options: MediaVpcOptions = {}): MediaVpc {
    return new MediaVpc(name, { existing }, options);
  }

  /**
   * @throws pulumi.InputPropertiesError with every bad argument, before any resource exists
   * @throws RunError where the engine awsx is asked for and @pulumi/awsx is not installed
   */
  constructor(name: string, args: MediaVpcArgs, options: MediaVpcOptions = {}) {
    const { transform = {}, ...opts } = options;
    const normal = opts.urn ? undefined : normalise(ownerOf(name), name, args, transform);
    const isExisting = normal?.kind === 'existing';
    super(MediaVpc.__pulumiType, name, { ...args, ...(isExisting && { existing: normal.network }) }, opts);
    if (!normal) return;

    const made =
      normal.kind === 'existing'
        ? adoptNetwork(this, name, normal)
        : createNetwork(familyOf(this, name, normal, opts, transform), normal);
    this.vpcId = made.vpcId;
    this.cidrBlock = made.cidrBlock;
    this.ipv6CidrBlock = made.ipv6CidrBlock;
    this.zones = made.zones;
    this.natAddresses = made.natAddresses;
    this.endpointSecurityGroupId = made.endpointSecurityGroupId;
    this.egress = made.egress;
    this.nodes = made.nodes;
    this.registerOutputs({
      vpcId: this.vpcId,
      cidrBlock: this.cidrBlock,
      ipv6CidrBlock: this.ipv6CidrBlock,
      zones: this.zones,
      natAddresses: this.natAddresses,
      endpointSecurityGroupId: this.endpointSecurityGroupId,
      egress: this.egress,
    });
  }
}

type MadeNetwork = Pick<
  MediaVpc,
  | 'vpcId'
  | 'cidrBlock'
  | 'ipv6CidrBlock'
  | 'zones'
  | 'natAddresses'
  | 'endpointSecurityGroupId'
  | 'egress'
  | 'nodes'
>;

const ownerOf = (name: string): string => `MediaVpc ${JSON.stringify(name)}`;

function familyOf(
  component: MediaVpc,
  name: string,
  { tags, protect, retainOnDelete }: NewNetwork,
  opts: pulumi.ComponentResourceOptions,
  transform: MediaVpcTransforms,
): Family {
  return { component, name, tags, protect: opts.protect ?? protect, retainOnDelete, transform };
}

function createNetwork(family: Family, network: NewNetwork): MadeNetwork {
  const owner = ownerOf(family.name);
  const place = placeOf(family, network, owner);
  const isAwsx = network.engine === NetworkEngine.Awsx;
  const core = isAwsx ? createAwsxCore(family, network, owner) : createCore(family, network);
  const defaultSecurityGroup = closeDefaultSecurityGroup(family, core);
  const networkAcls = network.networkAcls ? createNetworkAcls(family, network, core) : undefined;
  const endpoints = createEndpoints(family, network, core, place);
  const flowLogs = network.flowLogs && createFlowLogs(family, core, network.flowLogs, place);
  const { reason, isByPrice } = network.egress;
  if (isByPrice) void pulumi.log.info(`${owner}: ${reason}.`, family.component);
  return {
    vpcId: core.vpcId,
    cidrBlock: pulumi.output(blockText(network.block)),
    ipv6CidrBlock: core.ipv6CidrBlock ?? pulumi.output(''),
    zones: byZone(network.zones, (zone) => ({
      publicSubnetId: core.subnetIds.public[zone]!,
      privateSubnetId: core.subnetIds.private[zone]!,
      isolatedSubnetId: core.subnetIds.isolated[zone]!,
    })),
    natAddresses: pulumi.output(core.natAddresses),
    endpointSecurityGroupId: endpoints.endpointSecurityGroup?.id ?? pulumi.output(''),
    egress: pulumi.output(reason),
    nodes: {
      ...core.nodes,
      ...endpoints,
      ...flowLogs,
      defaultSecurityGroup,
      ...(networkAcls && { networkAcls }),
    },
  };
}

/** Asked of the provider, so that a preview knows them already. */
function placeOf(
  { component }: Family,
  { zones, prefix, trustedAccounts }: NewNetwork,
  owner: string,
): Place {
  const opts = { parent: component };
  const found = pulumi.all([zones, getRegionOutput({}, opts).region]);
  const checked = new InputProblems(owner).check('zones', found, ([, region]) =>
    regionPrefix(region) === prefix
      ? undefined
      : {
          because: `zones of ${prefix}, and the provider is in ${region}`,
          allowed: `zones of ${region}, as ${regionPrefix(region)}-az1`,
          fix: "change the zones, or aws:region or the provider's region",
        },
  );
  const region = pulumi.output(checked).apply(([, name]) => name);
  const account = getCallerIdentityOutput({}, opts).accountId;
  const { partition } = getPartitionOutput({}, opts);
  return pulumi
    .all([region, partition, account, pulumi.all([...trustedAccounts])])
    .apply(([name, of, own, trusted]) => ({
      region: name,
      partition: of,
      account: own,
      accounts: [own, ...trusted],
    }));
}

function adoptNetwork(component: MediaVpc, name: string, existing: ExistingNetwork): MadeNetwork {
  const { vpc, zones, subnets } = readExisting(component, name, ownerOf(name), existing);
  const nothing = pulumi.output('');
  return {
    vpcId: vpc.id,
    cidrBlock: vpc.cidrBlock,
    ipv6CidrBlock: vpc.ipv6CidrBlock,
    zones,
    natAddresses: pulumi.output<Record<string, string>>({}),
    endpointSecurityGroupId: nothing,
    egress: nothing,
    nodes: {
      vpc,
      subnets,
      routeTables: {},
      natGateways: {},
      addresses: {},
      gatewayEndpoints: {},
      interfaceEndpoints: {},
    },
  };
}
