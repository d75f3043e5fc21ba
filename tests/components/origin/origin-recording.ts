/** An origin named `origin` in the stack `test` of the project `video`, recorded beside a store. */
import * as pulumi from '@pulumi/pulumi';
import type { MediaNetwork } from '../../../components/network/network';
import {
  LlHlsOrigin,
  type LlHlsOriginArgs,
  type LlHlsOriginOptions,
  type OriginStore,
} from '../../../components/origin';
import { TieredSegmentStore } from '../../../components/storage';
import type { ComponentRecordingOptions } from '../../../testing';
import { ACCOUNT, recordProgramOf, refusalOf, type Recorded, type Refusal } from '../recorded';

export const IMAGE = `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/origin@sha256:${'ab'.repeat(32)}`;
export const NETWORK: MediaNetwork = {
  vpcId: 'vpc-0123456789abcdef0',
  zones: {
    'use1-az4': { privateSubnetId: 'subnet-0123456789abcdef4' },
    'use1-az6': { privateSubnetId: 'subnet-0123456789abcdef6' },
  },
};
export const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:on-call`;

/** The least that an origin is made from: one zone with a live edge, of a network with two. */
export const minimal = (store: OriginStore): LlHlsOriginArgs => ({ network: NETWORK, store, image: IMAGE });

export const makeStore = (...zones: readonly string[]): TieredSegmentStore =>
  new TieredSegmentStore('media', {
    zones: Object.fromEntries(zones.map((zoneId) => [zoneId, { zoneId }])),
    environment: 'dev',
  });

/** With everything that can be said. */
export const full = (store: OriginStore): LlHlsOriginArgs => ({
  ...minimal(store),
  architecture: 'arm64',
  zones: { 'use1-az4': { minTasks: 2, maxTasks: 20 }, 'use1-az6': { maxTasks: 4 } },
  channels: { news: { zone: 'use1-az4' }, sport: { zone: 'use1-az6' } },
  ...{ cpu: 512, memoryMiB: 3072 },
  scaling: { cpuPercent: 50, sentMbps: 250 },
  ...{ windowSeconds: 120, logLevel: 'debug' },
  tls: {
    certificateArn: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/01234567-89ab-cdef-0123-456789abcdef`,
    domainName: 'origin.example.com',
  },
  ...{ deregistrationSeconds: 20, stopTimeoutSeconds: 10, rulesPerLoadBalancer: 200 },
  accessLogs: { bucket: 'logs-of-video', prefix: 'origin' },
  containerInsights: 'enabled',
  executeCommand: true,
  logRetentionDays: 7,
  alarms: { actions: [TOPIC], runbook: 'https://example.com/runbook', heldRequests: 5000 },
  environment: 'staging',
  tags: { team: 'video' },
});

export const makeFull = (options?: LlHlsOriginOptions): LlHlsOrigin =>
  new LlHlsOrigin('origin', full(makeStore('use1-az4', 'use1-az6')), options);

/** Records an origin with the least arguments and those that are given. */
export const recordOrigin = (
  args: Partial<LlHlsOriginArgs> = {},
  options?: LlHlsOriginOptions,
  use: (origin: LlHlsOrigin) => unknown = () => ({}),
  recording: ComponentRecordingOptions = {},
): Promise<Recorded> =>
  recordProgramOf(
    () => use(new LlHlsOrigin('origin', { ...minimal(makeStore('use1-az4')), ...args }, options)),
    recording,
  );

/** What the origin tells, as outputs of the stack. */
export const told = (origin: LlHlsOrigin): Record<string, unknown> => ({
  vpcOriginId: origin.vpcOriginId,
  domainName: origin.domainName,
  readTimeoutSeconds: origin.readTimeoutSeconds,
  keepaliveTimeoutSeconds: origin.keepaliveTimeoutSeconds,
  securityGroupId: origin.securityGroupId,
  loadBalancerArn: origin.loadBalancerArn,
  loadBalancerDomainName: origin.loadBalancerDomainName,
  clusterName: origin.clusterName,
  serviceNames: origin.serviceNames,
  taskRoleNames: origin.taskRoleNames,
  logGroupNames: origin.logGroupNames,
});

/** What an origin needs of a store to be checked against it. */
export const storeOf = (...zones: readonly string[]): OriginStore => ({
  runtimeEnvironment: Object.fromEntries(
    zones.map((zone) => [zone, { STORE: pulumi.output(`s3:media,${zone}`) }]),
  ),
  directoryBucketNames: pulumi.output<Record<string, string>>({}),
  grantRead: () => undefined,
});

/** What an origin refuses at once, with nothing begun. */
export const refusal = (args: unknown, options?: unknown): Promise<Refusal> =>
  refusalOf(() => {
    const given = isGiven(args) ? { ...minimal(storeOf('use1-az4')), ...args } : args;
    new LlHlsOrigin('origin', given as LlHlsOriginArgs, options as LlHlsOriginOptions);
  });

const isGiven = (args: unknown): args is object => typeof args === 'object' && args !== null;

export interface Container {
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly [property: string]: unknown;
}

/** The container of a zone's task definition. */
export const container = (origin: Recorded, zone = 'use1-az4'): Container =>
  (JSON.parse(origin.text(`origin-zone-${zone}-task`, 'containerDefinitions')) as Container[])[0]!;

/** Its variables. */
export const variables = (origin: Recorded, zone?: string): Record<string, string> =>
  Object.fromEntries(container(origin, zone).environment.map(({ name, value }) => [name, value]));
