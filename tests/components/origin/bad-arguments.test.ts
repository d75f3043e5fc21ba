import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { LlHlsOrigin, type LlHlsOriginArgs } from '../../../components/origin';
import { FARGATE_SIZES } from '../../../components/origin';
import { lateFailure } from '../storage/store-recording';
import { recordProgramOf } from '../recorded';
import { IMAGE, NETWORK, makeStore, minimal, recordOrigin, refusal, storeOf } from './origin-recording';

const TWO = storeOf('use1-az4', 'use1-az6');
const ONE = { 'use1-az4': NETWORK.zones['use1-az4']! };
const CHANNELS = { news: { zone: 'use1-az4' } };
const TAGGED = '123456789012.dkr.ecr.us-east-1.amazonaws.com/origin:1.2.0';
const ARM64 = IMAGE.replace('@', ':1.2.0-arm64@');

const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`c${n}`, { zone: 'use1-az4' }]));

const CASES: [args: unknown, path: string, reason: string][] = [
  [null, 'args', 'is null; allowed: an object; to correct it: write { network, store, image }'],
  [{ zone: {} }, 'zone', 'is {} (there is no such property); allowed: network, store, image,'],
  [{ network: { vpcId: 'vpc-1', zones: {} } }, 'network.vpcId', 'is "vpc-1"; allowed: the id of a VPC'],
  [
    { network: { ...NETWORK, zones: ONE } },
    'network.zones',
    'is ["use1-az4"] (an Application Load Balancer has subnets in two zones or more); allowed: at least two zones with VPC origins; to correct it: give the network another zone; tasks run in those of `zones` alone',
  ],
  [
    { network: { ...NETWORK, zones: { ...ONE, 'use1-az3': NETWORK.zones['use1-az6'] } } },
    'network.zones',
    'is ["use1-az4","use1-az3"] (an Application Load Balancer has subnets in two zones or more, and CloudFront has no VPC origins in use1-az3); allowed: at least two zones with VPC origins;',
  ],
  [
    { zones: { 'use1-az3': {} } },
    'zones["use1-az3"]',
    'is "use1-az3" (CloudFront has no VPC origins in this zone (list of 2026-11-21)); allowed: use1-az4, use1-az6; to correct it: choose another',
  ],
  [
    { store: {} },
    'store',
    `is "an object"; allowed: a TieredSegmentStore; to correct it: write new TieredSegmentStore('media', ...)`,
  ],
  [{ store: 'media' }, 'store', 'is "media"; allowed: a TieredSegmentStore'],
  [
    { image: TAGGED },
    'image',
    `is "${TAGGED}" (a tag without a digest: what it names may be another image tomorrow); allowed: registry/repository:tag@sha256:<64 hexadecimal digits>;`,
  ],
  [
    { image: ARM64 },
    'image',
    `is "${ARM64.slice(0, 79)}... (the image is of arm64); allowed: images of amd64, which these tasks run on;`,
  ],
  [
    { image: IMAGE.replace('@', ':1.2.0-amd64@'), architecture: 'arm64' },
    'image',
    `is "${IMAGE.replace('@', ':1.2.0-amd64@').slice(0, 79)}... (the image is of amd64); allowed: images of arm64`,
  ],
  [
    { architecture: 'x86_64' },
    'architecture',
    'is "x86_64" (it is called amd64 here, as in registries); allowed: amd64, arm64; to correct it: choose one',
  ],
  [{ allowMutableTag: 'yes' }, 'allowMutableTag', 'is "yes"; allowed: true, false'],
  [{ zones: [] }, 'zones', `is []; allowed: an object; to correct it: write { 'use1-az4': { minTasks: 2 } }`],
  [{ zones: {} }, 'zones', `is {}; allowed: at least one;`],
  [
    { zones: { 'use1-az5': {} } },
    'zones["use1-az5"]',
    'is "use1-az5" (the network has no such zone); allowed: use1-az4, use1-az6; to correct it: give the network a subnet there, or choose another',
  ],
  [{ zones: { 'use1-az4': 2 } }, 'zones["use1-az4"]', 'is 2; allowed: an object'],
  [
    { zones: { 'use1-az4': { tasks: 2 } } },
    'zones["use1-az4"].tasks',
    'is 2 (there is no such property); allowed: storeZone, minTasks, maxTasks;',
  ],
  [
    { zones: { 'use1-az4': { storeZone: 'b' } } },
    'zones["use1-az4"].storeZone',
    `is "b" (the store's zones are use1-az4); allowed: use1-az4; to correct it: choose the one whose directory bucket is in the zone`,
  ],
  [
    { store: storeOf('a', 'b'), zones: { 'use1-az4': {} } },
    'zones["use1-az4"].storeZone',
    `is absent (the store's zones are a, b); allowed: a, b;`,
  ],
  [
    { store: storeOf('a', 'b') },
    'zones',
    `is absent (no zone of the network (use1-az4, use1-az6) is a key of the store's zones (a, b)); allowed: zones of the network, with their keys in the store; to correct it: write { 'use1-az4': { storeZone: 'a' } }`,
  ],
  [
    { store: storeOf('regional'), zones: { 'use1-az4': {} } },
    'zones["use1-az4"]',
    'is "use1-az4" (the store has no zones); allowed: regional; to correct it: write regional, or leave zones out',
  ],
  [
    { zones: { 'use1-az4': { minTasks: 0 } } },
    'zones["use1-az4"].minTasks',
    'is 0; allowed: a whole number from 1 to 500; to correct it: correct it',
  ],
  [
    { zones: { 'use1-az4': { minTasks: 1 } } },
    'zones["use1-az4"].minTasks',
    'is 1 (there is no other zone, and nobody would answer while the only task is replaced); allowed: at least 2 in all zones together; to correct it: write 2, or leave it out',
  ],
  [
    { zones: { 'use1-az4': { minTasks: 4, maxTasks: 3 } } },
    'zones["use1-az4"].maxTasks',
    'is 3 (minTasks is 4); allowed: 4 to 500; to correct it: raise it, or lower minTasks',
  ],
  [
    { store: TWO },
    'channels',
    `is absent (a task reads its own zone alone, and there are 2 zones); allowed: an object of channels, each with its zone; to correct it: write { news: { zone: 'use1-az4' } }, as fleet.placements is`,
  ],
  [{ channels: ['news'] }, 'channels', 'is ["news"]; allowed: an object'],
  [
    { channels: { News: { zone: 'use1-az4' } } },
    'channels["News"]',
    'is "News" (the id); allowed: 1 to 63 of a-z, 0-9 and inner hyphens;',
  ],
  [{ channels: { news: 'use1-az4' } }, 'channels["news"]', 'is "use1-az4"; allowed: an object'],
  [
    { channels: { news: { zone: 'use1-az6' } } },
    'channels["news"].zone',
    'is "use1-az6"; allowed: use1-az4; to correct it: choose one of these, or add the zone to `zones`',
  ],
  [
    { store: TWO, channels: many(99) },
    'channels',
    'is "99 channels in 2 zones" (101 rules of a load balancer); allowed: at most 100, the account\'s quota of rules; to correct it: raise the quota ("Rules per Application Load Balancer") and rulesPerLoadBalancer, or make an LlHlsOrigin for each zone',
  ],
  [{ rulesPerLoadBalancer: 50 }, 'rulesPerLoadBalancer', 'is 50; allowed: a whole number from 100 to 1000'],
  [
    { cpu: 1 },
    'cpu',
    'is 1; allowed: 256, 512, 1024, 2048, 4096; to correct it: give CPU units: 1024 are one CPU; for more load, more tasks',
  ],
  [
    { cpu: 256, memoryMiB: 512 },
    'memoryMiB',
    'is 512 (an origin keeps 256 MiB of media); allowed: with 256 CPU units 1024 to 2048 MiB, a multiple of 1024; to correct it: choose one of these, or another cpu',
  ],
  [
    { cpu: 4096, memoryMiB: 4096 },
    'memoryMiB',
    'is 4096; allowed: with 4096 CPU units 8192 to 30720 MiB, a multiple of 1024',
  ],
  [{ memoryMiB: '2048' }, 'memoryMiB', 'is "2048"; allowed: with 1024 CPU units 2048 to 8192 MiB'],
  [{ scaling: 60 }, 'scaling', 'is 60; allowed: an object'],
  [
    { scaling: { heldRequests: 100 } },
    'scaling.heldRequests',
    'is 100 (there is no such property); allowed: cpuPercent, sentMbps;',
  ],
  [{ scaling: { cpuPercent: 95 } }, 'scaling.cpuPercent', 'is 95; allowed: a number from 10 to 90'],
  [{ scaling: { sentMbps: 1 } }, 'scaling.sentMbps', 'is 1; allowed: a number from 10 to 10000'],
  [{ windowSeconds: 10 }, 'windowSeconds', 'is 10; allowed: a whole number from 24 to 86400'],
  [{ logLevel: 'verbose' }, 'logLevel', 'is "verbose"; allowed: trace, debug, info, warn, error, silent'],
  [{ tls: true }, 'tls', 'is true; allowed: an object'],
  [
    { tls: { certificateArn: 'origin.example.com', domainName: 'origin.example.com' } },
    'tls.certificateArn',
    'is "origin.example.com"; allowed: the ARN of a certificate,',
  ],
  [
    {
      tls: {
        certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/01234567',
        domainName: 'https://origin.example.com',
      },
    },
    'tls.domainName',
    'is "https://origin.example.com"; allowed: a domain name in lower case, as origin.example.com; to correct it: give the name that the certificate is of, without https://',
  ],
  [{ admit: 'all' }, 'admit', 'is "all"; allowed: vpcOrigins, prefixList; to correct it: choose one'],
  [
    { deregistrationSeconds: 16 },
    'deregistrationSeconds',
    'is 16; allowed: a whole number from 17 to 300; to correct it: correct it',
  ],
  [{ stopTimeoutSeconds: 121 }, 'stopTimeoutSeconds', 'is 121; allowed: a whole number from 5 to 120'],
  [{ accessLogs: {} }, 'accessLogs.bucket', 'is absent; allowed: the name of a bucket'],
  [
    { accessLogs: { bucket: 'logs', prefix: '/origin' } },
    'accessLogs.prefix',
    'is "/origin"; allowed: a text without AWSLogs in it and without a slash at its ends',
  ],
  [{ containerInsights: true }, 'containerInsights', 'is true; allowed: disabled, enabled, enhanced'],
  [{ executeCommand: 'no' }, 'executeCommand', 'is "no"; allowed: true, false'],
  [{ logRetentionDays: 31 }, 'logRetentionDays', 'is 31; allowed: 1, 3, 5, 7, 14, 30, 60,'],
  [{ alarms: true }, 'alarms', 'is true; allowed: an object'],
  [{ alarms: { actions: 'on-call' } }, 'alarms.actions', 'is "on-call"; allowed: a list of at most 5'],
  [{ alarms: { actions: ['on-call'] } }, 'alarms.actions[0]', 'is "on-call"; allowed: an ARN,'],
  [{ alarms: { runbook: '' } }, 'alarms.runbook', 'is ""; allowed: a text of 1 to 400 characters'],
  [{ alarms: { heldRequests: 1 } }, 'alarms.heldRequests', 'is 1; allowed: a whole number from 100 to 50000'],
  [{ environment: 'test' }, 'environment', 'is "test"; allowed: local, dev, staging, prod'],
  [{ tags: { 'aws:team': 'video' } }, 'tags["aws:team"]', 'is "aws:team" (the key); allowed: 1 to 128'],
];

const shown = (args: unknown): string =>
  JSON.stringify(args, (_, value: unknown) => (pulumi.Output.isInstance(value) ? '...' : value)).slice(0, 90);

describe('bad arguments of LlHlsOrigin', () => {
  for (const [args, path, reason] of CASES) {
    it(`are refused: ${shown(args)}`, async () => {
      const { reasonsAt } = await reasonsOf(args);
      const found = reasonsAt(path);
      expect(found, `${path}: ${reason}`).to.have.length.greaterThan(0);
      expect(
        found.some((each) => each.startsWith(reason)),
        found.join('\n'),
      ).to.equal(true);
    });
  }

  async function reasonsOf(args: unknown) {
    const { message } = await refusal(args);
    const lines = message.split('\n  ').slice(1);
    return {
      reasonsAt: (path: string) =>
        lines.filter((line) => line.startsWith(`${path} `)).map((line) => line.slice(path.length + 1)),
    };
  }

  it('are named all at once, before any resource exists', async () => {
    const { message } = await refusal({ image: 'origin', cpu: 100, scaling: { cpuPercent: 0 }, zone: 1 });
    expect(message).to.match(/^LlHlsOrigin "origin" has 4 bad arguments:\n {2}zone is 1 /);
    for (const path of ['image', 'cpu', 'scaling.cpuPercent']) expect(message).to.include(`\n  ${path} is `);
  });

  it('are kinds of child that there are not, to be changed', async () => {
    const { message } = await refusal({}, { transform: { services: {} } });
    expect(message)
      .to.include('transform.services is {} (there is no such property)')
      .and.include('write service');
  });

  it('are seen when they are known: an image by its tag, a store whose bucket is in another zone', async () => {
    expect(await lateFailure(() => recordOrigin({ image: pulumi.output(TAGGED) }))).to.include(
      'image is "123456789012.dkr.ecr.us-east-1.amazonaws.com/origin:1.2.0" (a tag without a digest',
    );
    const elsewhere = () =>
      recordProgramOf(() => {
        const zones = { 'use1-az6': { storeZone: 'use1-az4' } };
        new LlHlsOrigin('origin', { ...minimal(makeStore('use1-az4')), zones });
      });
    expect(await lateFailure(elsewhere)).to.match(
      /zones\["use1-az6"\]\.storeZone is "use1-az4" \(its bucket is [a-z0-9-]+--use1-az4--x-s3\); allowed: a zone of the store that is in use1-az6/,
    );
  });

  it('are not those that a fleet tells: placements may have more properties than the zone', async () => {
    const placement = { zone: 'use1-az4', instanceType: 'g6.xlarge', share: 0.5 };
    const origin = await recordOrigin({ channels: { news: placement } });
    expect(origin.list).to.include('origin LlHlsOrigin');
    expect(origin.inputs('origin')).to.deep.equal({
      architecture: 'amd64',
      channels: {},
      zones: ['use1-az4'],
    });
  });

  it('are no size of Fargate’s', async () => {
    for (const [cpu, memories] of FARGATE_SIZES) {
      for (const memoryMiB of [memories[0]!, memories.at(-1)!]) {
        const args: Partial<LlHlsOriginArgs> = {
          cpu,
          memoryMiB,
          channels: CHANNELS,
          environment: 'nowhere' as 'dev',
        };
        const { message } = await refusal(args);
        expect(message).to.match(/^LlHlsOrigin "origin" has a bad argument:\n {2}environment is/);
      }
    }
  });
});
