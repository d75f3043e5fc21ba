/** A network named `media` in the stack `test` of the project `video`, recorded. */
import { expect } from 'chai';
import { MediaVpc, type MediaVpcArgs, type MediaVpcOptions } from '../../../components/network';
import type { ComponentRecordingOptions, GraphResource } from '../../../testing';
import { recordProgramOf, refusalOf, type Recorded, type Refusal } from '../recorded';

export const ZONES = ['use1-az4', 'use1-az6'] as const;
export const ALL_ZONES = [1, 2, 3, 4, 5, 6].map((n) => `use1-az${n}`);
/** Outside prod prices decide, and are told on the console: not here. */
export const QUIET = { nat: 'one' } as const;

/** Tags of a child that the user gave none. */
export const ownTags = (name: string) => ({ Name: name, 'aws-media:component': 'MediaVpc' });

export const recordVpc = (
  args: Partial<MediaVpcArgs> = {},
  options: MediaVpcOptions = {},
  recording: ComponentRecordingOptions = {},
): Promise<Recorded> =>
  recordProgramOf(() => told(new MediaVpc('media', { zones: ZONES, ...args }, options)), recording);

/** What the network tells, as outputs of the stack. */
export const told = (network: MediaVpc): Record<string, unknown> => ({
  vpcId: network.vpcId,
  cidrBlock: network.cidrBlock,
  ipv6CidrBlock: network.ipv6CidrBlock,
  zones: network.zones,
  natAddresses: network.natAddresses,
  endpointSecurityGroupId: network.endpointSecurityGroupId,
  egress: network.egress,
});

export const ofType = ({ resources }: Recorded, type: string): GraphResource[] =>
  resources.filter((each) => each.type.endsWith(`:${type}`));

/** The only resource of that type and name: a role and its log group share one. */
export function child(recorded: Recorded, type: string, name: string): GraphResource {
  const found = ofType(recorded, type).filter((each) => each.name === name);
  expect(found, `${type} ${name}`).to.have.length(1);
  return found[0]!;
}

export const inputs = (recorded: Recorded, type: string, name: string): GraphResource['inputs'] =>
  child(recorded, type, name).inputs;

/** What a network refuses at once, with no resource begun. */
export const refusal = (args: unknown, options?: unknown, name = 'media'): Promise<Refusal> =>
  refusalOf(() => new MediaVpc(name, args as MediaVpcArgs, options as MediaVpcOptions | undefined));
