// Follows awsx/ec2/vpc.ts of pulumi-awsx 3.9.0 (follows.ts has the revision).
import { Traced, derived, merged } from '../construct/traced';
import type { Subnet } from './subnets';
import type { Child, Construction } from '../construct/construction';

export type Strategy = 'none' | 'single' | 'oneperaz';

export interface NatGateways {
  readonly strategy: Strategy;
  /** Of addresses that there are already. */
  readonly allocations: readonly Traced[];
}

export interface Network {
  readonly component: Construction;
  readonly region: Traced | undefined;
  readonly tags: Traced;
  readonly vpc: Child;
  readonly zones: readonly string[];
  readonly nat: NatGateways;
  readonly block: Traced;
}

export interface MadeSubnets {
  readonly all: Child[];
  readonly byKind: { readonly [kind in Kind]: Child[] };
  readonly placed: { readonly subnet: Child; readonly kind: Kind; readonly zone: string }[];
  readonly routeTables: Child[];
  readonly associations: Child[];
  readonly routes: Child[];
  readonly gateways: Child[];
  readonly addresses: Child[];
}

/** In the order in which those of one zone are made: a private one's route needs the gateway of the public one. */
const KINDS = ['Public', 'Private', 'Isolated'] as const;
export type Kind = (typeof KINDS)[number];

export async function makeSubnets(
  network: Network,
  internet: Child,
  subnets: readonly Subnet[],
): Promise<MadeSubnets> {
  const made: MadeSubnets = {
    ...{ all: [], placed: [], routeTables: [], associations: [], routes: [], gateways: [], addresses: [] },
    byKind: { Public: [], Private: [], Isolated: [] },
  };
  for (const [zone] of network.zones.entries()) {
    const here = KINDS.flatMap((kind) =>
      subnets
        .filter((each) => each.zoneIndex === zone && each.type.toLowerCase() === kind.toLowerCase())
        .map((each) => ({ kind, each })),
    );
    for (const [n, { kind, each }] of here.entries()) {
      const subnet = await makeSubnet(network, kind, each, zone + n * network.zones.length);
      made.all.push(subnet);
      made.byKind[kind].push(subnet);
      made.placed.push({ subnet, kind, zone: each.zone });
      await makeRouting(network, made, { kind, each, subnet, zone }, internet);
    }
  }
  return made;
}

/** `index` numbers the blocks of IPv6 through all zones. */
async function makeSubnet(network: Network, kind: Kind, each: Subnet, index: number): Promise<Child> {
  const { component, region, vpc, block } = network;
  const assign = new Traced(
    each.spec.assignIpv6AddressOnCreation ?? component.given('assignGeneratedIpv6CidrBlock')?.wire ?? false,
    component.given('assignGeneratedIpv6CidrBlock')?.urns ?? [],
  );
  return component.child(
    'aws:ec2/subnet:Subnet',
    each.resourceName,
    {
      ...{ region, vpcId: vpc.id, availabilityZone: each.zone, mapPublicIpOnLaunch: kind === 'Public' },
      cidrBlock: block.isUnknown ? block : new Traced(each.cidrBlock, block.urns),
      assignIpv6AddressOnCreation: assign,
      ipv6CidrBlock:
        assign.wire === false ? undefined : ipv6Block(vpc.output('ipv6CidrBlock'), assign, index),
      tags: merged(
        network.tags,
        new Traced(each.spec.tags, component.given('subnetSpecs')?.urns),
        ownTags(each),
      ),
    },
    { parent: vpc, dependsOn: [vpc] },
  );
}

function ownTags({ nameTag, type }: Subnet): { readonly [tag: string]: string } {
  return { Name: nameTag, SubnetType: type };
}

/** A /64 of the VPC's /56. */
function ipv6Block(vpcBlock: Traced, assign: Traced, index: number): Traced {
  return derived([vpcBlock, assign], ([block, wanted]: [string, boolean]) => {
    if (!wanted) return undefined;
    const [address = '', mask] = block.split('/');
    const parts = address.split(':');
    const fourth = parseInt(parts[3] ?? '', 16);
    if (mask !== '56' || Number.isNaN(fourth)) {
      throw new Error(
        `assignIpv6AddressOnCreation needs a VPC with a /56 of IPv6, and it has ${JSON.stringify(block)}; ` +
          'give assignGeneratedIpv6CidrBlock: true or an ipv6CidrBlock',
      );
    }
    return `${parts.slice(0, 3).join(':')}:${((fourth & 0xff00) | index).toString(16)}::/64`;
  });
}

/** What a subnet's packets go by: its table, a NAT gateway where it is public, and the route to the Internet. */
async function makeRouting(
  { component, region, vpc, tags, nat }: Network,
  made: MadeSubnets,
  { kind, each, subnet, zone }: { kind: Kind; each: Subnet; subnet: Child; zone: number },
  internet: Child,
): Promise<void> {
  const table = await component.child(
    'aws:ec2/routeTable:RouteTable',
    each.resourceName,
    { region, vpcId: vpc.id, tags: merged(tags, ownTags(each)) },
    { parent: subnet, dependsOn: [subnet] },
  );
  const inTable = { parent: table, dependsOn: [table] };
  made.routeTables.push(table);
  made.associations.push(
    await component.child(
      'aws:ec2/routeTableAssociation:RouteTableAssociation',
      each.resourceName,
      { region, routeTableId: table.id, subnetId: subnet.id },
      inTable,
    ),
  );
  const wanted = { none: 0, single: 1, oneperaz: zone + 1 }[nat.strategy];
  if (kind === 'Public' && made.gateways.length < wanted) {
    const name = `${component.name}-${zone + 1}`;
    const gatewayTags = merged(component.given('tags'), { Name: name });
    const inSubnet = { parent: subnet, dependsOn: [subnet] };
    if (nat.allocations.length === 0) {
      made.addresses.push(
        await component.child('aws:ec2/eip:Eip', name, { region, tags: gatewayTags }, inSubnet),
      );
    }
    made.gateways.push(
      await component.child(
        'aws:ec2/natGateway:NatGateway',
        name,
        {
          ...{ region, subnetId: subnet.id, tags: gatewayTags },
          allocationId: made.addresses[zone]?.output('allocationId') ?? nat.allocations[zone],
        },
        inSubnet,
      ),
    );
  }
  const gateway = made.gateways[nat.strategy === 'single' ? 0 : zone];
  const target = {
    Public: { gatewayId: internet.id },
    Private: nat.strategy === 'none' ? undefined : { natGatewayId: gateway?.id },
    Isolated: undefined,
  }[kind];
  if (!target) return;
  made.routes.push(
    await component.child(
      'aws:ec2/route:Route',
      each.resourceName,
      { region, routeTableId: table.id, ...target, destinationCidrBlock: '0.0.0.0/0' },
      inTable,
    ),
  );
}
