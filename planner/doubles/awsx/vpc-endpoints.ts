// Follows awsx/ec2/vpc.ts of pulumi-awsx 3.9.0 (follows.ts has the revision).
import { text } from '../names';
import { at, items, merged } from '../construct/traced';
import type { MadeSubnets, Network } from './vpc-subnets';
import type { Child, Construction } from '../construct/construction';
import type { Traced } from '../construct/traced';

export interface Endpoint {
  readonly spec: Traced;
  readonly serviceName: string;
  /** In small letters; undefined where it is not known before the update. */
  readonly kind: string | undefined;
  readonly auto: boolean;
}

/** What an endpoint of the specs says of itself, and goes to it as it is. */
const AS_GIVEN = [
  ...['autoAccept', 'dnsOptions', 'ipAddressType', 'policy', 'resourceConfigurationArn', 'serviceNetworkArn'],
  ...['serviceRegion', 'subnetConfigurations', 'vpcEndpointType'],
];

export function endpointsOf(component: Construction): Endpoint[] {
  const auto = component.plain<string>('vpcEndpointStrategy') === 'Auto';
  return (items(component.given('vpcEndpointSpecs')) ?? []).map((spec) => {
    const serviceName = String(at(spec, 'serviceName').wire);
    const given = at(spec, 'vpcEndpointType');
    const kind = given.isUnknown ? undefined : given.isGiven ? String(given.wire).toLowerCase() : 'gateway';
    if (auto && kind === undefined) {
      throw new Error(
        `${component.name}: vpcEndpointStrategy Auto must know the vpcEndpointType of ${serviceName} before anything ` +
          'is made; give a plain text, or the strategy Legacy',
      );
    }
    return { spec, serviceName, kind, auto };
  });
}

/** Private names of interface endpoints work only with both of the VPC's settings. */
export function dnsFor(
  component: Construction,
  endpoints: readonly Endpoint[],
): { readonly [name: string]: unknown } {
  const needed = endpoints.some(
    ({ spec, kind, auto }) => auto && kind === 'interface' && [undefined, true].includes(privateDns(spec)),
  );
  if (!needed) return {};
  const settings = ['enableDnsHostnames', 'enableDnsSupport'];
  for (const setting of settings) {
    if (component.given(setting)?.wire === false) {
      throw new Error(
        `${component.name}: ${setting} is false, and interface endpoints with private names need it; ` +
          'leave it out, or give privateDnsEnabled: false to the endpoints',
      );
    }
  }
  return Object.fromEntries(settings.map((setting) => [setting, component.given(setting) ?? true]));
}

function privateDns(spec: Traced): boolean | undefined {
  const { wire } = at(spec, 'privateDnsEnabled');
  return typeof wire === 'boolean' ? wire : wire === undefined ? undefined : false;
}

export async function makeEndpoints(
  network: Network,
  endpoints: readonly Endpoint[],
  made: MadeSubnets,
): Promise<Child[]> {
  const children: Child[] = [];
  for (const endpoint of endpoints) {
    const { component, vpc, tags } = network;
    const { spec, serviceName, kind, auto } = endpoint;
    const given = (name: string) => (at(spec, name).isGiven ? at(spec, name) : undefined);
    const region = given('region') ?? network.region;
    const isInterface = auto && kind === 'interface';
    children.push(
      await component.child(
        'aws:ec2/vpcEndpoint:VpcEndpoint',
        serviceName,
        {
          ...Object.fromEntries(AS_GIVEN.map((name) => [name, given(name)])),
          ...{ region, serviceName, vpcId: vpc.id, tags: merged(tags, given('tags')) },
          privateDnsEnabled: given('privateDnsEnabled') ?? (isInterface ? true : undefined),
          subnetIds:
            given('subnetIds') ??
            (isInterface && !given('subnetConfigurations') ? oneInEachZone(network, made) : undefined),
          securityGroupIds:
            given('securityGroupIds') ??
            (isInterface ? [(await securityGroup(network, endpoint, region)).id] : undefined),
          routeTableIds:
            given('routeTableIds') ??
            (auto && kind === 'gateway' ? made.routeTables.map(({ id }) => id) : undefined),
        },
        { parent: vpc, dependsOn: [vpc] },
      ),
    );
  }
  return children;
}

function oneInEachZone({ zones }: Network, { placed }: MadeSubnets): Traced[] {
  return zones.flatMap((zone) => {
    const here = (['Private', 'Isolated', 'Public'] as const).flatMap((kind) =>
      placed.filter((each) => each.zone === zone && each.kind === kind),
    );
    return here[0] ? [here[0].subnet.id] : [];
  });
}

async function securityGroup(
  { component, vpc, tags }: Network,
  { spec, serviceName }: Endpoint,
  region: Traced | undefined,
): Promise<Child> {
  const group = await component.child(
    'aws:ec2/securityGroup:SecurityGroup',
    `${serviceName}-sg`,
    { region, vpcId: vpc.id, tags: merged(tags, at(spec, 'tags')) },
    { parent: vpc, dependsOn: [vpc] },
  );
  const addresses = (text(at(spec, 'ipAddressType').wire) ?? '').toLowerCase();
  await component.child(
    'aws:ec2/securityGroupRule:SecurityGroupRule',
    `${serviceName}-ingress`,
    {
      ...{ region, type: 'ingress', securityGroupId: group.id, protocol: 'tcp', fromPort: 443, toPort: 443 },
      cidrBlocks: [vpc.output('cidrBlock')],
      ipv6CidrBlocks: ['ipv6', 'dualstack'].includes(addresses) ? [vpc.output('ipv6CidrBlock')] : undefined,
    },
    { parent: vpc, dependsOn: [group] },
  );
  return group;
}
