/** What all children of a network share, and what the component learns of it whoever makes it. */
import type * as ec2 from '@pulumi/aws/ec2';
import type * as pulumi from '@pulumi/pulumi';
import { tagsFor, type Tags } from '../kit';
import type { Tier } from './allocation';
import type { MediaVpcTransforms } from './args';
import type { EndpointPolicyContext } from './endpoint-policies';

export interface Family {
  readonly component: pulumi.ComponentResource;
  readonly name: string;
  readonly tags: Tags;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly transform: MediaVpcTransforms;
}

export const ownTags = (family: Family, child: string): Record<string, pulumi.Input<string>> =>
  tagsFor('MediaVpc', child, family.tags);

export const belongs = (
  { component }: Family,
  ...dependsOn: readonly pulumi.Resource[]
): pulumi.CustomResourceOptions => ({
  parent: component,
  ...(dependsOn.length > 0 && { dependsOn: [...dependsOn] }),
});

/** What others know by its id or address, or what holds records. */
export const isMissed = (
  family: Family,
  ...dependsOn: readonly pulumi.Resource[]
): pulumi.CustomResourceOptions => ({
  ...belongs(family, ...dependsOn),
  ...(family.protect && { protect: true }),
});

/** By the ids of zones. */
export type ByZone<T> = Readonly<Record<string, T>>;

/** Where the network is, whose it is, and whom that account trusts. */
export type Place = pulumi.Output<EndpointPolicyContext & { readonly account: string }>;

/** VPC, subnets and routes, whoever made them. */
export interface Core {
  readonly vpcId: pulumi.Output<string>;
  /** Absent without IPv6. */
  readonly ipv6CidrBlock?: pulumi.Output<string>;
  readonly subnetIds: Readonly<Record<Tier, ByZone<pulumi.Output<string>>>>;
  readonly routeTableIds: pulumi.Output<string[]>;
  /** Public addresses of the NAT gateways. */
  readonly natAddresses: ByZone<pulumi.Output<string>>;
  readonly nodes: CoreNodes;
}

/** The raw resources of VPC, subnets and routes. */
export interface CoreNodes {
  /** Absent with the engine awsx. */
  readonly vpc?: ec2.Vpc;
  /** The `awsx.ec2.Vpc`, with that engine. */
  readonly awsx?: pulumi.ComponentResource;
  readonly internetGateway?: ec2.InternetGateway;
  readonly egressOnlyGateway?: ec2.EgressOnlyInternetGateway;
  readonly subnets: Readonly<Record<Tier, ByZone<ec2.Subnet>>>;
  /** By logical name. */
  readonly routeTables: Readonly<Record<string, ec2.RouteTable>>;
  readonly natGateways: ByZone<ec2.NatGateway>;
  readonly addresses: ByZone<ec2.Eip>;
}

export const byZone = <T>(zones: readonly string[], make: (zone: string) => T): ByZone<T> =>
  Object.fromEntries(zones.map((zone) => [zone, make(zone)]));
