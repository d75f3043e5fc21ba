/** A fleet on EKS named `live` in the stack `test` of the project `video`, recorded beside a store. */
import * as eks from '@pulumi/eks';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import {
  NvencEncodeFleetOnEks,
  type NvencEncodeFleetOnEksArgs,
  type NvencEncodeFleetOnEksOptions,
} from '../../../components/eks';
import type { FleetStore } from '../../../components/encode/fleet';
import type { MediaNetwork } from '../../../components/network/network';
import { TieredSegmentStore } from '../../../components/storage';
import type { ComponentRecordingOptions } from '../../../testing';
import { recordProgramOf, refusalOf, type Recorded, type Refusal } from '../recorded';

export const IMAGE = `123456789012.dkr.ecr.us-east-1.amazonaws.com/encoder@sha256:${'ab'.repeat(32)}`;
export const NETWORK: MediaNetwork = {
  vpcId: 'vpc-0123456789abcdef0',
  zones: {
    'use1-az4': {
      publicSubnetId: 'subnet-0123456789abcdefa',
      privateSubnetId: 'subnet-0123456789abcdef4',
    },
    'use1-az6': {
      publicSubnetId: 'subnet-0123456789abcdefb',
      privateSubnetId: 'subnet-0123456789abcdef6',
    },
  },
};
/** The zones of {@link NETWORK}, in a store. */
export const STORE_ZONES = { 'use1-az4': { zoneId: 'use1-az4' }, 'use1-az6': { zoneId: 'use1-az6' } };
export const LADDER = 'hevc-2160p30-50' as const;

type Given = Partial<NvencEncodeFleetOnEksArgs>;

/** The least that a fleet is made from. */
export const minimal = (store: FleetStore): NvencEncodeFleetOnEksArgs => ({
  network: NETWORK,
  apiSources: ['203.0.113.7/32'],
  store,
  image: IMAGE,
  channels: { news: { zone: 'use1-az4', ladder: LADDER, port: 9001 } },
});

export const makeStore = (): TieredSegmentStore =>
  new TieredSegmentStore('media', { zones: STORE_ZONES, environment: 'dev' });

/** A cluster that is there. */
export const makeCluster = (): eks.Cluster =>
  new eks.Cluster('shared', {
    vpcId: NETWORK.vpcId,
    privateSubnetIds: Object.values(NETWORK.zones).map(({ privateSubnetId }) => privateSubnetId),
    authenticationMode: 'API',
    skipDefaultNodeGroup: true,
    createInstanceRole: false,
  });

/** Records a fleet with the least arguments and those that are given. */
export const recordFleet = (
  args: Given | (() => Given) = {},
  options?: NvencEncodeFleetOnEksOptions,
  use: (fleet: NvencEncodeFleetOnEks) => unknown = () => ({}),
  recording: ComponentRecordingOptions = {},
): Promise<Recorded> =>
  recordProgramOf(() => {
    const given = typeof args === 'function' ? args() : args;
    const { apiSources, ...rest } = minimal(makeStore());
    const least = given.cluster === undefined ? { apiSources, ...rest } : rest;
    return use(
      new NvencEncodeFleetOnEks('live', { ...least, ...given } as NvencEncodeFleetOnEksArgs, options),
    );
  }, recording);

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
    new NvencEncodeFleetOnEks(
      'live',
      given as NvencEncodeFleetOnEksArgs,
      options as NvencEncodeFleetOnEksOptions,
    );
  });

/** Tags of a child that the user gave none. */
export const ownTags = (name: string) => ({ Name: name, 'aws-media:component': 'NvencEncodeFleetOnEks' });

/** A part of a Kubernetes object. */
export interface Fields {
  readonly [name: string]: unknown;
}

export interface Container extends Fields {
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly resources: { readonly requests: Record<string, string>; readonly limits: Record<string, string> };
}

export interface Pod extends Fields {
  readonly containers: readonly [Container];
  readonly nodeSelector: Record<string, string>;
}

/** `spec` of a channel's Deployment. */
export function deployment(fleet: Recorded, channel: string): Fields {
  return fleet.inputs(`live-channel-${channel}`)['spec'] as Fields;
}

/** `spec` of a channel's pods. */
export function pod(fleet: Recorded, channel: string): Pod {
  const { template } = deployment(fleet, channel) as { template: { spec: Pod } };
  expect(template.spec.containers).to.have.length(1);
  return template.spec;
}

/** Variables of a channel's container. */
export const variables = (fleet: Recorded, channel: string): Record<string, string> =>
  Object.fromEntries(pod(fleet, channel).containers[0].env.map(({ name, value }) => [name, value]));

/** The only resource of a type and name: a component of `@pulumi/eks` and its child have one name. */
export function only(fleet: Recorded, type: string, name: string): Recorded['resources'][number] {
  const found = fleet.query.byType(type).filter((each) => each.name === name);
  expect(found, `${type} ${name}`).to.have.length(1);
  return found[0]!;
}

/** Inputs of a pool's managed node group. */
export const nodeGroup = (fleet: Recorded, pool: string): Fields =>
  only(fleet, 'aws:eks/nodeGroup:NodeGroup', `live-${pool}`).inputs;
