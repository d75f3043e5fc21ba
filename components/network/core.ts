/** VPC, subnets, gateways and routes of resources of @pulumi/aws. */
import * as ec2 from '@pulumi/aws/ec2';
import * as pulumi from '@pulumi/pulumi';
import { transformed } from '../kit';
import { allocate, allocateIpv6, type Tier } from './allocation';
import { blockText } from './cidr';
import { NatStrategy } from './egress';
import {
  belongs,
  byZone,
  isMissed,
  ownTags,
  type ByZone,
  type Core,
  type CoreNodes,
  type Family,
} from './family';
import type { NewNetwork } from './normalise';

const ANYWHERE = { ipv4: '0.0.0.0/0', ipv6: '::/0' } as const;

export function createCore(family: Family, network: NewNetwork): Core {
  const { zones, ipv6 } = network;
  const vpc = createVpc(family, network);
  const internetGateway = createInternetGateway(family, vpc);
  const egressOnlyGateway = ipv6 ? createEgressOnlyGateway(family, vpc) : undefined;
  const subnetsOf = (tier: Tier): ByZone<ec2.Subnet> =>
    byZone(zones, (zone) => createSubnet(family, network, vpc, tier, zone));
  const subnets = {
    public: subnetsOf('public'),
    private: subnetsOf('private'),
    isolated: subnetsOf('isolated'),
  };
  const nat = createNatGateways(family, network, subnets.public, internetGateway);
  const made = { vpc, internetGateway, subnets, ...(egressOnlyGateway && { egressOnlyGateway }) };
  const routeTables = createRoutes(family, network, { ...made, natGateways: nat.gateways });
  const ids = (of: ByZone<ec2.Subnet>) => byZone(zones, (zone) => of[zone]!.id);
  return {
    vpcId: vpc.id,
    ...(ipv6 && { ipv6CidrBlock: vpc.ipv6CidrBlock }),
    subnetIds: {
      public: ids(subnets.public),
      private: ids(subnets.private),
      isolated: ids(subnets.isolated),
    },
    routeTableIds: pulumi.all(Object.values(routeTables).map(({ id }) => id)),
    natAddresses: byZone(Object.keys(nat.addresses), (zone) => nat.addresses[zone]!.publicIp),
    nodes: { ...made, routeTables, natGateways: nat.gateways, addresses: nat.addresses },
  };
}

/** Interface endpoints answer to the services' own names, which needs both switches of DNS. */
function createVpc(family: Family, { block, ipv6 }: NewNetwork): ec2.Vpc {
  const child = `${family.name}-vpc`;
  const args: ec2.VpcArgs = {
    cidrBlock: blockText(block),
    enableDnsSupport: true,
    enableDnsHostnames: true,
    ...(ipv6 && { assignGeneratedIpv6CidrBlock: true }),
    tags: ownTags(family, child),
  };
  return new ec2.Vpc(...transformed(family.transform.vpc, child, args, isMissed(family)));
}

function createInternetGateway(family: Family, vpc: ec2.Vpc): ec2.InternetGateway {
  const child = `${family.name}-internet`;
  const args: ec2.InternetGatewayArgs = { vpcId: vpc.id, tags: ownTags(family, child) };
  return new ec2.InternetGateway(
    ...transformed(family.transform.internetGateway, child, args, belongs(family)),
  );
}

function createEgressOnlyGateway(family: Family, vpc: ec2.Vpc): ec2.EgressOnlyInternetGateway {
  const child = `${family.name}-egress-only`;
  const args: ec2.EgressOnlyInternetGatewayArgs = { vpcId: vpc.id, tags: ownTags(family, child) };
  return new ec2.EgressOnlyInternetGateway(
    ...transformed(family.transform.egressOnlyGateway, child, args, belongs(family)),
  );
}

/** No subnet gives out public addresses: load balancers and NAT gateways have their own. */
function createSubnet(
  family: Family,
  { block, ipv6 }: NewNetwork,
  vpc: ec2.Vpc,
  tier: Tier,
  zone: string,
): ec2.Subnet {
  const child = `${family.name}-${tier}-${zone}`;
  const args: ec2.SubnetArgs = {
    vpcId: vpc.id,
    availabilityZoneId: zone,
    cidrBlock: allocate(block, zone)[tier],
    mapPublicIpOnLaunch: false,
    ...(ipv6 && {
      ipv6CidrBlock: vpc.ipv6CidrBlock.apply((own) => allocateIpv6(own, zone, tier)),
      assignIpv6AddressOnCreation: true,
    }),
    tags: ownTags(family, child),
  };
  return new ec2.Subnet(...transformed(family.transform.subnet, child, args, belongs(family)));
}

interface NatGateways {
  readonly gateways: ByZone<ec2.NatGateway>;
  readonly addresses: ByZone<ec2.Eip>;
}

const natZones = ({ egress, zones, natZone }: NewNetwork): readonly string[] =>
  ({ 'per-zone': zones, one: [natZone], none: [] })[egress.nat];

function createNatGateways(
  family: Family,
  network: NewNetwork,
  subnets: ByZone<ec2.Subnet>,
  internetGateway: ec2.InternetGateway,
): NatGateways {
  const { transform } = family;
  const zones = natZones(network);
  const child = (zone: string): string => `${family.name}-nat-${zone}`;
  const addresses = byZone(zones, (zone) => {
    const name = `${child(zone)}-address`;
    const args: ec2.EipArgs = { domain: 'vpc', tags: ownTags(family, name) };
    return new ec2.Eip(...transformed(transform.address, name, args, isMissed(family, internetGateway)));
  });
  const gateways = byZone(zones, (zone) => {
    const args: ec2.NatGatewayArgs = {
      allocationId: addresses[zone]!.id,
      subnetId: subnets[zone]!.id,
      tags: ownTags(family, child(zone)),
    };
    const opts = belongs(family, internetGateway);
    return new ec2.NatGateway(...transformed(transform.natGateway, child(zone), args, opts));
  });
  return { addresses, gateways };
}

type Made = Pick<CoreNodes, 'egressOnlyGateway' | 'subnets' | 'natGateways'> & {
  readonly vpc: ec2.Vpc;
  readonly internetGateway: ec2.InternetGateway;
};

/** One table for public subnets, one for isolated ones, which leads nowhere, and one a zone for private ones. */
function createRoutes(
  family: Family,
  network: NewNetwork,
  made: Made,
): Readonly<Record<string, ec2.RouteTable>> {
  const { name } = family;
  const { zones, ipv6 } = network;
  const tables: Record<string, ec2.RouteTable> = {};
  const table = (child: string, tier: Tier, of: readonly string[]): ec2.RouteTable => {
    tables[child] = createRouteTable(family, child, made.vpc);
    for (const zone of of)
      associate(family, tables[child], `${name}-${tier}-${zone}`, made.subnets[tier][zone]!);
    return tables[child];
  };
  const open = table(`${name}-public`, 'public', zones);
  const gatewayId = made.internetGateway.id;
  createRoute(family, `${name}-public`, open, { destinationCidrBlock: ANYWHERE.ipv4, gatewayId });
  if (ipv6) {
    const opts = { destinationIpv6CidrBlock: ANYWHERE.ipv6, gatewayId };
    createRoute(family, `${name}-public-ipv6`, open, opts);
  }
  table(`${name}-isolated`, 'isolated', zones);
  for (const zone of zones) {
    const child = `${name}-private-${zone}`;
    const own = table(child, 'private', [zone]);
    const nat = made.natGateways[network.egress.nat === NatStrategy.One ? network.natZone : zone];
    if (nat) {
      createRoute(family, child, own, { destinationCidrBlock: ANYWHERE.ipv4, natGatewayId: nat.id });
    }
    if (made.egressOnlyGateway) {
      createRoute(family, `${child}-ipv6`, own, {
        destinationIpv6CidrBlock: ANYWHERE.ipv6,
        egressOnlyGatewayId: made.egressOnlyGateway.id,
      });
    }
  }
  return tables;
}

/** @param of what the table is of; its name too */
function createRouteTable(family: Family, of: string, vpc: ec2.Vpc): ec2.RouteTable {
  const child = `${of}-routes`;
  const args: ec2.RouteTableArgs = { vpcId: vpc.id, tags: ownTags(family, child) };
  return new ec2.RouteTable(...transformed(family.transform.routeTable, child, args, belongs(family)));
}

function associate(family: Family, table: ec2.RouteTable, of: string, subnet: ec2.Subnet): void {
  const args: ec2.RouteTableAssociationArgs = { routeTableId: table.id, subnetId: subnet.id };
  new ec2.RouteTableAssociation(
    ...transformed(family.transform.routeTableAssociation, `${of}-association`, args, belongs(family)),
  );
}

function createRoute(
  family: Family,
  of: string,
  table: ec2.RouteTable,
  to: Omit<ec2.RouteArgs, 'routeTableId'>,
): void {
  const args: ec2.RouteArgs = { routeTableId: table.id, ...to };
  new ec2.Route(...transformed(family.transform.route, `${of}-out`, args, belongs(family)));
}

/** All subnets of a tier, in the order of their zones. */
export const subnetsOfTier = ({ subnetIds }: Core, tier: Tier): pulumi.Output<string>[] =>
  Object.values(subnetIds[tier]);
