/** A fleet named `live` in the stack `test` of the project `video`, recorded beside a store. */
import * as pulumi from '@pulumi/pulumi';
import {
  NvencEncodeFleet,
  type FleetStore,
  type NvencEncodeFleetArgs,
  type NvencEncodeFleetOptions,
} from '../../../../components/encode/fleet';
import { SrtIngest } from '../../../../components/ingest';
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

/** Each argument, and a child of every kind; the ingest is made beside it. */
export const full = (): NvencEncodeFleetArgs => ({
  ...minimal(makeStore()),
  network: NETWORK,
  zones: ['use1-az4', 'use1-az6'],
  instanceTypes: ['g6.xlarge', 'g5.xlarge'],
  allowUnlistedOffers: false,
  purchase: { committed: 70, 'on-demand': 30, spot: 0 },
  spotMaxPrice: 0.6,
  capacityReservations: {
    'use1-az4-g6-xlarge-on-demand': { ids: ['cr-0123456789abcdef0'] },
    'use1-az6-g6-xlarge-on-demand': {
      resourceGroupArn: 'arn:aws:resource-groups:us-east-1:123456789012:group/encoders',
      preference: 'only',
    },
    'use1-az6-g5-xlarge-on-demand': { preference: 'none' },
  },
  margin: 0.8,
  maxInstances: 20,
  targetCapacity: 90,
  warmPool: { minSize: 2, purchase: ['on-demand'] },
  ami: { id: 'ami-0123456789abcdef0' },
  diskGib: 60,
  placement: 'partition',
  instanceReplacement: 'rolling',
  deployment: 'handover',
  stopTimeoutSeconds: 60,
  containerInsights: 'enhanced',
  executeCommand: true,
  logRetentionDays: 7,
  alarms: {
    actions: ['arn:aws:sns:us-east-1:123456789012:on-call'],
    advisoryActions: ['arn:aws:sns:us-east-1:123456789012:costs'],
    runbook: 'https://example.com/runbook',
  },
  securityGroupIds: ['sg-0123456789abcdef0'],
  environment: 'prod',
  tags: { team: 'video' },
  ingest: new SrtIngest('contribution', {
    network: NETWORK,
    entry: 'private',
    zones: { 'use1-az6': { ports: { from: 9000, to: 9049 } } },
    sources: { studio: '203.0.113.7/32' },
    environment: 'dev',
    channels: { news: { zone: 'use1-az6', port: 9001, healthPort: 9011 } },
  }),
  channels: {
    news: { zone: 'use1-az6', ladder: 'hevc-2160p30-50', purchase: 'on-demand' },
    sport: {
      zone: 'use1-az4',
      ladder: 'h264-1080p',
      frameRate: '50',
      profile: 'lowest',
      source: 'udp',
      port: 9002,
      metricsPort: 9102,
      instanceType: 'g5.xlarge',
      purchase: 'spot',
      acceptInterruption: true,
      running: false,
      deployment: 'stopStart',
      environment: { AUDIO_LANGUAGES: 'en,de' },
    },
  },
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

/** Records the reference load: channels of `hevc-2160p30-50` in two zones, on G6 with G5 to fall back on. */
export const recordReference = (channels: number): Promise<Recorded> =>
  recordFleet(
    {
      network: NETWORK,
      instanceTypes: ['g6.xlarge', 'g5.xlarge'],
      purchase: { committed: 70, 'on-demand': 10, spot: 20 },
      channels: Object.fromEntries(
        Array.from({ length: channels }, (_, n) => [
          `channel-${n}`,
          { zone: n % 2 ? 'use1-az4' : 'use1-az6', ladder: 'hevc-2160p30-50' as const, port: 9000 + n },
        ]),
      ),
    },
    {},
    ({ placements }) => ({ placements }),
  );

/** What a fleet needs of a store to be checked against it. */
export const STORE: FleetStore = {
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
