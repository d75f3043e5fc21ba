/** What a component needs to know of a network, whoever made it: MediaVpc, a program, another stack. */
import type * as pulumi from '@pulumi/pulumi';
import { isPlain, matching, rule, type InputProblems } from '../kit';
import { zoneIdProblem } from './zone-ids';

/** The subnets of one Availability Zone. */
export interface NetworkZone {
  /** With a route to an internet gateway: load balancers that face the internet. Absent where there is none. */
  readonly publicSubnetId?: pulumi.Input<string>;
  /** Without addresses that the internet can reach: instances and tasks, internal load balancers. */
  readonly privateSubnetId: pulumi.Input<string>;
  /** Without any route out of the VPC: interface endpoints. Absent where there is none. */
  readonly isolatedSubnetId?: pulumi.Input<string>;
}

/** A VPC and its subnets. A MediaVpc is one; an object of ids will do as well. */
export interface MediaNetwork {
  readonly vpcId: pulumi.Input<string>;
  /** By the id of the zone, which is the same in every account. The keys are known before anything exists. */
  readonly zones: Readonly<Record<string, NetworkZone>>;
}

const SUBNET_ID = /^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;
const VPC_ID = /^vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

const vpcId = rule(
  matching(VPC_ID),
  'the id of a VPC, as vpc-0123456789abcdef0',
  'give its id, not its ARN or name',
);
const subnetId = rule(
  matching(SUBNET_ID),
  'the id of a subnet, as subnet-0123456789abcdef0',
  'give its id, not its ARN or name',
);

/** What a component needs of a network's zones. */
export interface NetworkNeeds {
  /** Zones that must be there. @default at least one, whichever */
  readonly zones?: readonly string[];
  /** Subnets that each of these zones must have, besides the private one. @default none */
  readonly tiers?: readonly ('public' | 'isolated')[];
}

const EXAMPLE = `new MediaVpc(...) or { vpcId: 'vpc-...', zones: { 'use1-az4': { privateSubnetId: 'subnet-...' } } }`;

/**
 * The network as given -> plain ids by zone, or what is wrong with them in `problems`. Ids that are known later are
 * checked when they are.
 * @param path of the argument, as `network`
 */
export function checkNetwork(
  problems: InputProblems,
  path: string,
  given: MediaNetwork,
  { zones: needed, tiers = [] }: NetworkNeeds = {},
): MediaNetwork {
  const nothing: MediaNetwork = { vpcId: '', zones: {} };
  if (!isPlain(given)) {
    problems.add(path, given, { allowed: 'a MediaVpc or an object of ids', fix: `write ${EXAMPLE}` });
    return nothing;
  }
  const vpc = problems.check(`${path}.vpcId`, given.vpcId, vpcId);
  if (!isPlain(given.zones) || Object.keys(given.zones).length === 0) {
    const fix = `write { 'use1-az4': { privateSubnetId: 'subnet-...' } }`;
    problems.add(`${path}.zones`, given.zones, { allowed: 'an object of zones by their ids', fix });
    return { ...nothing, vpcId: vpc };
  }
  const ids = Object.keys(given.zones);
  for (const id of needed ?? []) {
    if (ids.includes(id)) continue;
    const fix = 'give the network a subnet there, or choose another zone';
    problems.add(`${path}.zones`, ids, { because: `it has no zone ${id}`, allowed: `zones with ${id}`, fix });
  }
  const zones = Object.entries(given.zones).map(([id, zone]): [string, NetworkZone] => {
    const isNeeded = needed === undefined || needed.includes(id);
    return [id, checkZone(problems, `${path}.zones[${JSON.stringify(id)}]`, id, zone, isNeeded ? tiers : [])];
  });
  return { vpcId: vpc, zones: Object.fromEntries(zones) };
}

const TIERS = ['publicSubnetId', 'privateSubnetId', 'isolatedSubnetId'] as const;

function checkZone(
  problems: InputProblems,
  path: string,
  id: string,
  zone: NetworkZone,
  tiers: readonly string[],
): NetworkZone {
  const problem = zoneIdProblem(id);
  if (problem) problems.add(path, id, problem);
  if (!isPlain(zone)) {
    problems.add(path, zone, {
      allowed: 'an object of subnets',
      fix: `write { privateSubnetId: 'subnet-...' }`,
    });
    return { privateSubnetId: '' };
  }
  problems.checkNames(path, zone, TIERS);
  const checked = TIERS.filter(
    (tier) =>
      zone[tier] !== undefined || tier === 'privateSubnetId' || tiers.includes(tier.replace('SubnetId', '')),
  ).map((tier) => [tier, problems.check(`${path}.${tier}`, zone[tier]!, subnetId)] as const);
  return Object.fromEntries(checked) as unknown as NetworkZone;
}
