/** VPC, subnets and routes by `awsx.ec2.Vpc`, with the subnets that would be made without it. */
import type * as ec2 from '@pulumi/awsx/ec2';
import * as pulumi from '@pulumi/pulumi';
import { loadOptional } from '../kit/optional-package';
import { TIERS, allocate, type Tier } from './allocation';
import { blockText } from './cidr';
import type { NatStrategy } from './egress';
import { byZone, type ByZone, type Core, type Family } from './family';
import type { NewNetwork } from './normalise';

const TYPES = { public: 'Public', private: 'Private', isolated: 'Isolated' } as const satisfies Record<
  Tier,
  string
>;
const NAT = { 'per-zone': 'OnePerAz', one: 'Single', none: 'None' } as const satisfies Record<
  NatStrategy,
  string
>;

/** @throws RunError where the package is not installed */
export function createAwsxCore(family: Family, network: NewNetwork, owner: string): Core {
  const { Vpc } = loadOptional<typeof ec2>('@pulumi/awsx/ec2', owner);
  const { zones, zoneNames, block, egress } = network;
  const vpc = new Vpc(
    `${family.name}-vpc`,
    {
      cidrBlock: blockText(block),
      availabilityZoneNames: zones.map((zone) => zoneNames[zone]!),
      enableDnsHostnames: true,
      natGateways: { strategy: NAT[egress.nat] },
      subnetStrategy: 'Auto',
      subnetSpecs: TIERS.map((tier) => ({
        type: TYPES[tier],
        cidrBlocks: zones.map((zone) => allocate(block, zone)[tier]),
      })),
      // Without Name, which awsx gives each of its own.
      tags: { 'aws-media:component': 'MediaVpc', ...family.tags },
    },
    { parent: family.component, ...(family.protect && { protect: true }) },
  );
  const idsOf = (ids: pulumi.Output<string[]>): ByZone<pulumi.Output<string>> =>
    byZone(zones, (zone) => ids.apply((all) => all[zones.indexOf(zone)]!));
  const natZones: readonly string[] = { 'per-zone': zones, one: zones.slice(0, 1), none: [] }[egress.nat];
  return {
    vpcId: vpc.vpcId,
    subnetIds: {
      public: idsOf(vpc.publicSubnetIds),
      private: idsOf(vpc.privateSubnetIds),
      isolated: idsOf(vpc.isolatedSubnetIds),
    },
    routeTableIds: vpc.routeTables.apply((tables) => pulumi.all(tables.map(({ id }) => id))),
    natAddresses: byZone(natZones, (zone) =>
      vpc.natGateways.apply((gateways) => gateways[natZones.indexOf(zone)]!.publicIp),
    ),
    nodes: {
      awsx: vpc,
      subnets: { public: {}, private: {}, isolated: {} },
      routeTables: {},
      natGateways: {},
      addresses: {},
    },
  };
}
