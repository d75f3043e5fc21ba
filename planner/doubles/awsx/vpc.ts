// Follows awsx/ec2/vpc.ts, subnetDistributorLegacy.ts, subnetDistributorNew.ts and subnetNaming.ts of
// pulumi-awsx 3.9.0 (follows.ts has the revision).
import { AWSX, NEVER } from './follows';
import { layoutOf, subnetsOf, zoneSuffix } from './subnets';
import { dnsFor, endpointsOf, makeEndpoints } from './vpc-endpoints';
import { makeSubnets } from './vpc-subnets';
import { Traced, at, items, merged } from '../construct/traced';
import type { Layout, Subnet, SubnetSpec } from './subnets';
import type { NatGateways, Network, Strategy } from './vpc-subnets';
import type { Child, Construction } from '../construct/construction';
import type { ComponentDouble, Outputs } from '../construct/types';

export const VPC: ComponentDouble = {
  type: 'awsx:ec2:Vpc',
  follows: AWSX,
  source: 'awsx/ec2/vpc.ts',
  leavesOut: [...NEVER, 'names of subnets in subnetLayout (upstream has none there either)'],
  make,
};

/** The arguments that go to aws.ec2.Vpc as they are. */
const OF_VPC = [
  ...['assignGeneratedIpv6CidrBlock', 'enableDnsHostnames', 'enableDnsSupport', 'instanceTenancy', 'region'],
  ...['enableNetworkAddressUsageMetrics', 'ipv4IpamPoolId', 'ipv4NetmaskLength', 'ipv6CidrBlock'],
  ...['ipv6CidrBlockNetworkBorderGroup', 'ipv6IpamPoolId', 'ipv6NetmaskLength'],
];

async function make(component: Construction): Promise<Outputs> {
  const { name } = component;
  const endpoints = endpointsOf(component);
  const dns = dnsFor(component, endpoints);
  const zones = await zonesOf(component);
  const nat = natGatewaysOf(component, zones.length);
  const layout = layoutArguments(component, zones);
  const cidrBlock = blockOfVpc(component);
  // What does not fit must fail before anything is made.
  if (cidrBlock !== undefined) fitting(nat, { ...layout, cidrBlock });

  const region = component.given('region');
  const tags = merged({ Name: name }, component.given('tags'));
  const vpc = await component.child('aws:ec2/vpc:Vpc', name, {
    ...component.some(OF_VPC),
    ...dns,
    ...{ cidrBlock, tags },
  });
  const block = cidrBlock === undefined ? vpc.output('cidrBlock') : new Traced(cidrBlock);
  // The number of subnets is known also where only AWS knows their addresses.
  const subnets = fitting(nat, {
    ...layout,
    cidrBlock: block.isUnknown
      ? `10.0.0.0/${component.plain<number>('ipv4NetmaskLength') ?? 16}`
      : String(block.wire),
  });
  const network: Network = { component, region, tags, vpc, zones, nat, block };
  const gateway = await component.child(
    'aws:ec2/internetGateway:InternetGateway',
    name,
    { region, vpcId: vpc.id, tags },
    { parent: vpc, dependsOn: [vpc] },
  );
  const made = await makeSubnets(network, gateway, subnets);
  const vpcEndpoints = await makeEndpoints(network, endpoints, made);
  const ids = (children: readonly Child[]) => children.map(({ id }) => id);
  const references = (children: readonly Child[]) => children.map(({ reference }) => reference);
  return {
    ...{ vpc: vpc.reference, vpcId: vpc.id, internetGateway: gateway.reference },
    ...{ subnets: references(made.all), publicSubnets: references(made.byKind.Public) },
    privateSubnets: references(made.byKind.Private),
    isolatedSubnets: references(made.byKind.Isolated),
    publicSubnetIds: ids(made.byKind.Public),
    privateSubnetIds: ids(made.byKind.Private),
    isolatedSubnetIds: ids(made.byKind.Isolated),
    routeTables: references(made.routeTables),
    routeTableAssociations: references(made.associations),
    routes: references(made.routes),
    natGateways: references(made.gateways),
    eips: references(made.addresses),
    vpcEndpoints: references(vpcEndpoints),
    subnetLayout: publishedLayout(layout, subnets, block),
  };
}

async function zonesOf(component: Construction): Promise<string[]> {
  const names = component.plain<string[]>('availabilityZoneNames');
  const count = component.plain<number>('numberOfAvailabilityZones');
  if (names && count) {
    throw new Error(`${component.name}: give availabilityZoneNames or numberOfAvailabilityZones, not both`);
  }
  if (names) return names;
  const region = component.plain<string>('region');
  const answer = await component.invoke(
    'aws:index/getAvailabilityZones:getAvailabilityZones',
    region === undefined ? {} : { region },
  );
  const found = (items(at(answer, 'names')) ?? []).map(({ wire }) => String(wire));
  const wanted = count ?? 3;
  if (found.length < wanted) {
    throw new Error(
      `${component.name}: ${wanted} availability zones are asked for, and the region has ${found.length}; ` +
        'give availabilityZoneNames, or another region',
    );
  }
  return found.slice(0, wanted);
}

function natGatewaysOf(component: Construction, zones: number): NatGateways {
  const given = component.given('natGateways');
  const named = given && at(given, 'strategy').wire;
  const asked = typeof named === 'string' ? named : 'OnePerAz';
  const strategy = asked.toLowerCase() as Strategy;
  const allocations = (given && items(at(given, 'elasticIpAllocationIds'))) ?? [];
  const takes = { none: [0], single: [0, 1], oneperaz: [0, zones] }[strategy] as number[] | undefined;
  if (!takes) {
    throw new Error(
      `${component.name}: natGateways.strategy is ${asked}; it must be None, Single or OnePerAz`,
    );
  }
  if (!takes.includes(allocations.length)) {
    throw new Error(
      `${component.name}: natGateways.elasticIpAllocationIds has ${allocations.length}; ` +
        `with the strategy ${asked}, give ${takes.join(' or ')}`,
    );
  }
  return { strategy, allocations };
}

function fitting({ strategy }: NatGateways, layout: Layout): Subnet[] {
  const subnets = subnetsOf(layout);
  const has = (...types: string[]) => subnets.some(({ type }) => types.includes(type.toLowerCase()));
  if (strategy !== 'none' && !(has('public') && has('private', 'isolated'))) {
    throw new Error(
      `${layout.name}: NAT gateways stand in public subnets and serve private or isolated ones, and one kind is ` +
        "missing; add it to subnetSpecs, or give natGateways: { strategy: 'None' }",
    );
  }
  return subnets;
}

function layoutArguments(component: Construction, zones: readonly string[]): Omit<Layout, 'cidrBlock'> {
  const nameTags = component.plain<string>('subnetNameTagStrategy') ?? 'Legacy';
  if (nameTags === 'AvailabilityZone' && new Set(zones.map(zoneSuffix)).size < zones.length) {
    throw new Error(
      `${component.name}: the zones ${zones.join(', ')} end alike, so subnets would share a Name`,
    );
  }
  return {
    ...{ name: component.name, zones, nameTags },
    strategy: component.plain<string>('subnetStrategy') ?? 'Legacy',
    // Not plain: the tags in it may be secret or unknown, and reach the subnets as they are.
    specs: items(component.given('subnetSpecs'))?.map(({ wire }) => wire as SubnetSpec),
    zoneMask: component.plain<number>('availabilityZoneCidrMask'),
  };
}

/** Undefined where a pool of addresses decides. */
function blockOfVpc(component: Construction): string | undefined {
  const own = component.plain<string>('cidrBlock');
  if (!component.has('ipv4IpamPoolId')) return own ?? '10.0.0.0/16';
  if ((own !== undefined) === component.has('ipv4NetmaskLength')) {
    throw new Error(`${component.name}: with ipv4IpamPoolId, give one of ipv4NetmaskLength and cidrBlock`);
  }
  if (own === undefined && (component.plain('subnetStrategy') ?? 'Legacy') === 'Legacy') {
    throw new Error(
      `${component.name}: subnetStrategy Legacy needs a cidrBlock; with addresses from a pool, give subnetStrategy: 'Auto'`,
    );
  }
  return own;
}

function publishedLayout(
  layout: Omit<Layout, 'cidrBlock'>,
  subnets: readonly Subnet[],
  block: Traced,
): unknown {
  const { specs, strategy, zones } = layout;
  if (!specs || strategy === 'Legacy' || strategy === 'AutoMerge') {
    return new Traced(layoutOf(subnets, zones.length), block.urns);
  }
  return specs.map(({ type, name, cidrBlocks, cidrMask, size }) => ({
    ...{ type, name, cidrBlocks },
    cidrMask: cidrMask ?? (size && !cidrBlocks ? 32 - Math.log2(size) : undefined),
    size: size ?? (cidrMask && !cidrBlocks ? 2 ** (32 - cidrMask) : undefined),
  }));
}
