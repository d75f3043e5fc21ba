/** A fleet named `live` in the stack `test` of the project `video`, recorded beside a store. */
import * as pulumi from '@pulumi/pulumi';
import {
  NvencEncodeFleet,
  type FleetStore,
  type NvencEncodeFleetArgs,
  type NvencEncodeFleetOptions,
} from '../../../../components/encode/fleet';
import type { MediaNetwork } from '../../../../components/network/network';
import { TieredSegmentStore } from '../../../../components/storage';
import type { ComponentRecordingOptions } from '../../../../testing';
import { recordProgramOf, refusalOf, type Recorded, type Refusal } from '../../recorded';

export const IMAGE = `123456789012.dkr.ecr.us-east-1.amazonaws.com/encoder@sha256:${'ab'.repeat(32)}`;
export const NETWORK: MediaNetwork = {
  vpcId: 'vpc-0123456789abcdef0',
  zones: {
    'use1-az4': { privateSubnetId: 'subnet-0123456789abcdef4' },
    'use1-az6': { privateSubnetId: 'subnet-0123456789abcdef6' },
  },
};
export const ONE_ZONE: MediaNetwork = {
  ...NETWORK,
  zones: { 'use1-az4': NETWORK.zones['use1-az4']! },
};
/** The zones of {@link NETWORK}, in a store. */
export const STORE_ZONES = { 'use1-az4': { zoneId: 'use1-az4' }, 'use1-az6': { zoneId: 'use1-az6' } };

type Given = Partial<NvencEncodeFleetArgs>;

/** The least that a fleet is made from. */
export const minimal = (store: FleetStore): NvencEncodeFleetArgs => ({
  network: ONE_ZONE,
  store,
  image: IMAGE,
  channels: { news: { ladder: 'hevc-2160p30-50', port: 9001 } },
});

export const makeStore = (): TieredSegmentStore =>
  new TieredSegmentStore('media', { zones: STORE_ZONES, environment: 'dev' });

/** Records a fleet with the least arguments and those that are given. */
export const recordFleet = (
  args: Given = {},
  options?: NvencEncodeFleetOptions,
  use: (fleet: NvencEncodeFleet) => unknown = () => ({}),
  recording: ComponentRecordingOptions = {},
): Promise<Recorded> =>
  recordProgramOf(
    () => use(new NvencEncodeFleet('live', { ...minimal(makeStore()), ...args }, options)),
    recording,
  );

/** What a fleet needs of a store to be checked against it. */
const STORE: FleetStore = {
  runtimeEnvironment: Object.fromEntries(
    Object.keys(STORE_ZONES).map((zone) => [zone, { STORE: pulumi.output(`s3:media,${zone}`) }]),
  ),
  directoryBucketNames: pulumi.output<Record<string, string>>({}),
  grantWrite: () => undefined,
};

/** What a fleet refuses at once, with nothing begun. */
export const refusal = (args: unknown, options?: unknown): Promise<Refusal> =>
  refusalOf(() => {
    const given = typeof args === 'object' && args !== null ? { ...minimal(STORE), ...args } : args;
    new NvencEncodeFleet('live', given as NvencEncodeFleetArgs, options as NvencEncodeFleetOptions);
  });

/** Tags of a child that the user gave none. */
export const ownTags = (name: string) => ({ Name: name, 'aws-media:component': 'NvencEncodeFleet' });

export interface Container {
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly [property: string]: unknown;
}

/** The container of a channel's task definition. */
export function container(fleet: Recorded, channel: string): Container {
  const text = fleet.text(`live-channel-${channel}-task`, 'containerDefinitions');
  return (JSON.parse(text) as Container[])[0]!;
}

/** Its variables. */
export const variables = (fleet: Recorded, channel: string): Record<string, string> =>
  Object.fromEntries(container(fleet, channel).environment.map(({ name, value }) => [name, value]));
