/** What is judged: every example, every stack, and each component in its smallest and in its full form. */
import { readdirSync } from 'node:fs';
import * as aws from '@pulumi/aws';
import { recordProgram } from '../../planner';
import { recordComponent } from '../../testing';
import {
  EncoderImage,
  LlHlsOrigin,
  MediaDashboards,
  MediaVpc,
  NvencEncodeFleet,
  SrtIngest,
  StreamingCdn,
  TieredSegmentStore,
} from '../../components';
import { full, makeStore, minimal } from '../components/encode/fleet/fleet-recording';
import {
  FULL as CDN_FULL,
  MINIMAL as CDN_MINIMAL,
  STAGED as CDN_STAGED,
} from '../components/delivery/cdn/cdn-recording';
import { FULL as INGEST_FULL, MINIMAL as INGEST_MINIMAL } from '../components/ingest/ingest-recording';
import {
  makeFull as makeFullOrigin,
  makeStore as makeStoreOf,
  minimal as minimalOrigin,
} from '../components/origin/origin-recording';
import {
  full as fullDashboards,
  minimal as minimalDashboards,
} from '../components/watch/dashboards-recording';
import { EXAMPLES, withExample } from '../planner/programs';
import { recordStack } from '../stacks/stack-recording';
import type { Graph } from '../../planner';

export interface JudgedProgram {
  readonly name: string;
  readonly graph: () => Promise<Graph>;
}

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

const COMPONENTS: { readonly [name: string]: () => void } = {
  'encoder-image.minimal': () => void new EncoderImage('runtime'),
  'encoder-image.full': () => {
    const image = new EncoderImage('origin', {
      ...{ target: 'origin', architecture: 'arm64', environment: 'dev', tags: { team: 'video' } },
      encryption: {
        type: 'kms',
        keyArn: 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555',
      },
      retention: { images: 5, untaggedDays: 1 },
      snapshot: '20261101T000000Z',
    });
    image.grantPull('live', 'execution');
  },
  'll-hls-origin.minimal': () => void new LlHlsOrigin('origin', minimalOrigin(makeStoreOf('use1-az4'))),
  'll-hls-origin.full': () => void makeFullOrigin(),
  'nvenc-encode-fleet.minimal': () => void new NvencEncodeFleet('live', minimal(makeStore())),
  'nvenc-encode-fleet.full': () => void new NvencEncodeFleet('live', full()),
  'media-dashboards.minimal': () => void new MediaDashboards('watch', minimalDashboards()),
  'media-dashboards.full': () => void new MediaDashboards('watch', fullDashboards()),
  'media-vpc.minimal': () => void new MediaVpc('media', { zones: ['use1-az4', 'use1-az6'] }),
  'media-vpc.full': () =>
    void new MediaVpc('media', {
      zones: ['use1-az1', 'use1-az4', 'use1-az6'],
      nat: 'none',
      cidrBlock: '10.9.4.0/22',
      trustedAccounts: ['210987654321'],
      tags: { team: 'video' },
      flowLogs: { traffic: 'REJECT', intervalSeconds: 60, keepFor: '100 days' },
    }),
  'srt-ingest.minimal': () => void new SrtIngest('ingest', INGEST_MINIMAL),
  'srt-ingest.full': () => void new SrtIngest('ingest', INGEST_FULL),
  'streaming-cdn.minimal': () => void new StreamingCdn('cdn', CDN_MINIMAL),
  'streaming-cdn.full': () => void new StreamingCdn('cdn', CDN_FULL),
  'streaming-cdn.staged': () => void new StreamingCdn('cdn', CDN_STAGED),
  'tiered-segment-store.minimal': () => void new TieredSegmentStore('media'),
  'tiered-segment-store.full': () => {
    const store = new TieredSegmentStore('media', {
      zones: { a: { zoneId: 'use1-az4' }, b: { zoneId: 'use1-az6' } },
      dvr: '12 hours',
      archive: { keepFor: '90 days' },
      encryption: { type: 'kms' },
      environment: 'prod',
      tags: { team: 'video' },
    });
    const role = new aws.iam.Role('media', { assumeRolePolicy: TRUST });
    store.grantWrite('news', role.name, { channels: ['news'], zones: ['a'] });
    store.grantRead('origin', role.name);
  },
};

/** Configuration that an example asks for and leaves to its user. */
const CONFIGURATION: { readonly [example: string]: { readonly [key: string]: string } } = {
  'tiered-segment-store': { 'tiered-segment-store:zoneId': 'use1-az4' },
};

const ALL: readonly JudgedProgram[] = [
  ...Object.entries(COMPONENTS).map(([name, program]) => ({
    name,
    graph: () => recordComponent(program, { config: { 'aws:region': 'us-east-1' } }),
  })),
  ...['dev', 'prod'].map((stack) => ({
    name: `stack.${stack}`,
    graph: async () => (await recordStack(stack)).graph,
  })),
  ...readdirSync(EXAMPLES).map((example) => ({
    name: `example.${example}`,
    graph: () =>
      withExample(example, (folder) =>
        recordProgram({
          ...{ folder, stack: 'dev', typeCheck: false },
          config: { 'aws:region': 'us-east-1', ...CONFIGURATION[example] },
        }),
      ),
  })),
];

/** Each is recorded once, however many tests ask. */
export const PROGRAMS: readonly JudgedProgram[] = ALL.map(({ name, graph }) => {
  let recording: Promise<Graph> | undefined;
  return { name, graph: () => (recording ??= graph()) };
});
