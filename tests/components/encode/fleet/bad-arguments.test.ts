import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import {
  NvencEncodeFleet,
  type FleetChannelArgs,
  type NvencEncodeFleetArgs,
} from '../../../../components/encode/fleet';
import { NAMES as CHANNEL_NAMES } from '../../../../components/encode/fleet/normal-channels';
import { NAMES } from '../../../../components/encode/fleet/normalise';
import { lateFailure, recordProgramOf } from '../../storage/store-recording';
import { IMAGE, NETWORK, ONE_ZONE, makeStore, minimal, recordFleet, refusal } from './fleet-recording';

const news: FleetChannelArgs = { ladder: 'hevc-2160p30-50', port: 9001 };
const channels = (change: object) => ({ channels: { news: { ...news, ...change } } });
const TAGGED = '123456789012.dkr.ecr.us-east-1.amazonaws.com/encoder:1.2.0';

const CONTRIBUTION = { codec: 'hevc', bitDepth: 10, width: 3840, height: 2160, bitrateKbps: 60_000 };

/** For the name of a test. */
const shown = (args: unknown): string =>
  JSON.stringify(args, (_, value: unknown) => (pulumi.Output.isInstance(value) ? '...' : value)).slice(0, 90);

const CASES: [args: unknown, path: string, reason: string][] = [
  [null, 'args', 'is null; allowed: an object'],
  [{ zone: 'use1-az4' }, 'zone', 'is "use1-az4" (there is no such property); allowed: network, store,'],
  [{ network: { vpcId: 'vpc-1', zones: {} } }, 'network.vpcId', 'is "vpc-1"; allowed: the id of a VPC'],
  [
    { store: {} },
    'store',
    'is "an object"; allowed: a TieredSegmentStore; to correct it: write new TieredSegmentStore(\'media\', ...)',
  ],
  [{ ingest: 'srt' }, 'ingest', 'is "srt"; allowed: an SrtIngest'],
  [
    { image: TAGGED },
    'image',
    `is "${TAGGED}" (a tag without a digest: what it names may be another image tomorrow); allowed: registry/repository:tag@sha256:<64 hexadecimal digits>;`,
  ],
  [
    { image: IMAGE.replace('@', ':1.2.0-arm64@') },
    'image',
    `is "${IMAGE.replace('@', ':1.2.0-arm64@').slice(0, 79)}... (the image is of arm64); allowed: images of amd64`,
  ],
  [{ allowMutableTag: 'yes' }, 'allowMutableTag', 'is "yes"; allowed: true, false'],
  [{ allowUnlistedOffers: 1 }, 'allowUnlistedOffers', 'is 1; allowed: true, false'],
  [{ maxInstances: 0 }, 'maxInstances', 'is 0; allowed: a whole number from 1 to 1000'],
  [{ zones: ['use1-az5'] }, 'network.zones', 'is ["use1-az4"] (it has no zone use1-az5)'],
  [{ zones: [] }, 'zones', 'is []; allowed: a list of different zones of the network: use1-az4'],
  [
    { instanceTypes: ['g5.12xlarge'] },
    'instanceTypes[0]',
    'is "g5.12xlarge" (it has 4 GPUs, and ECS does not say which of them a task gets that does not reserve one whole); allowed: g4dn (xlarge, 2xlarge, 4xlarge, 8xlarge, 16xlarge), g5 (',
  ],
  [
    { instanceTypes: ['g6f.xlarge'] },
    'instanceTypes[0]',
    'is "g6f.xlarge" (it has a part of a GPU, and it is not published how much of NVENC comes with it)',
  ],
  [
    { instanceTypes: ['g5.xlarg'] },
    'instanceTypes[0]',
    'is "g5.xlarg"; allowed: g4dn (xlarge, 2xlarge, 4xlarge, 8xlarge, 16xlarge), g5 (xlarge, 2xlarge, 4xlarge, 8xlarge, 16xlarge), g6 (xlarge, 2xlarge, 4xlarge, 8xlarge, 16xlarge), g6e (xlarge, 2xlarge, 4xlarge, 8xlarge, 16xlarge); to correct it: write \'g5.xlarge\'',
  ],
  [
    { instanceTypes: ['g5.xlarge', 'g5.xlarge'] },
    'instanceTypes[1]',
    'is "g5.xlarge" (it is in the list already)',
  ],
  [
    { instanceTypes: [] },
    'instanceTypes',
    "is []; allowed: a list of at least one; to correct it: write ['g5.xlarge']",
  ],
  [
    {
      network: { ...ONE_ZONE, zones: { 'use1-az5': ONE_ZONE.zones['use1-az4'] } },
      instanceTypes: ['g6.xlarge'],
    },
    'instanceTypes',
    'is ["g6.xlarge"] (none of them is offered in use1-az5); allowed: at least one type that each zone offers; to correct it: add another family, leave use1-az5 out of zones, or set allowUnlistedOffers if AWS has added it',
  ],
  [
    { network: { ...ONE_ZONE, zones: { 'apse1-az1': ONE_ZONE.zones['use1-az4'] } } },
    'instanceTypes',
    'is ["g5.xlarge"] (none of them is offered in apse1-az1)',
  ],
  [
    { purchase: { spot: 20, 'on-demand': 70 } },
    'purchase',
    'is {"spot":20,"on-demand":70} (together 90); allowed: percent, together 100',
  ],
  [{ purchase: { 'on-demand': 100.5 } }, 'purchase', 'is {"on-demand":100.5} (not all are whole numbers'],
  [
    { purchase: { reserved: 100 } },
    'purchase.reserved',
    'is 100 (there is no such property); allowed: committed, on-demand, spot',
  ],
  [{ spotMaxPrice: 0.5 }, 'spotMaxPrice', 'is 0.5 (nothing is on Spot); allowed: none'],
  [{ margin: 2 }, 'margin', 'is 2; allowed: a number from 0.01 to 1'],
  [{ targetCapacity: 0 }, 'targetCapacity', 'is 0; allowed: a whole number from 1 to 100'],
  [{ diskGib: 20 }, 'diskGib', 'is 20; allowed: a whole number from 30 to 1000'],
  [{ stopTimeoutSeconds: 120 }, 'stopTimeoutSeconds', 'is 120; allowed: a whole number from 10 to 110'],
  [
    { logRetentionDays: 31 },
    'logRetentionDays',
    'is 31; allowed: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653; to correct it: choose one of these, as 60',
  ],
  [
    { deployment: 'blueGreen' },
    'deployment',
    'is "blueGreen"; allowed: stopStart, handover; to correct it: choose one',
  ],
  [
    { placement: 'cluster' },
    'placement',
    'is "cluster" (it puts all instances on hardware that fails together, and encoders do not speak to each other); allowed: any, spread, partition',
  ],
  [
    { placement: 'spread' },
    'placement',
    'is "spread" (maxInstances is 32, and a spread group has room for 7 in a zone); allowed: spread with maxInstances of at most 7, partition, any; to correct it: set maxInstances to 7, or placement to \'partition\'',
  ],
  [{ containerInsights: true }, 'containerInsights', 'is true; allowed: disabled, enabled, enhanced'],
  [{ instanceReplacement: 'now' }, 'instanceReplacement', 'is "now"; allowed: manual, rolling'],
  [{ executeCommand: 1 }, 'executeCommand', 'is 1; allowed: true, false'],
  [{ environment: 'production' }, 'environment', 'is "production"; allowed: local, dev, staging, prod'],
  [{ tags: { 'aws:x': 'y' } }, 'tags["aws:x"]', 'is "aws:x" (the key)'],
  [
    { warmPool: { minSize: 1, purchase: ['spot'] }, purchase: { 'on-demand': 100, spot: 0 } },
    'warmPool.purchase[0]',
    'is "spot" (EC2 Auto Scaling has no warm pool for Spot instances and mixed instances policies); allowed: committed, on-demand',
  ],
  [
    { warmPool: { minSize: 1 }, purchase: { spot: 100 }, ...channels({ acceptInterruption: true }) },
    'warmPool',
    'is {"minSize":1} (all instances of `purchase` are Spot, for which EC2 Auto Scaling has no warm pool)',
  ],
  [{ warmPool: {} }, 'warmPool.minSize', 'is absent; allowed: a whole number from 1 to 100'],
  [{ ami: { id: 'al2023' } }, 'ami.id', 'is "al2023"; allowed: the id of a machine image'],
  [
    { ami: { parameter: 'resolve:ssm:/x' } },
    'ami.parameter',
    'is "resolve:ssm:/x"; allowed: the name of a parameter',
  ],
  [
    { ami: { id: 'ami-01234567', parameter: '/x' } },
    'ami',
    'is {"id":"ami-01234567","parameter":"/x"}; allowed: id or parameter',
  ],
  [
    { alarms: true },
    'alarms',
    "is true; allowed: an object; to correct it: write { actions: ['arn:aws:sns:...'] } or false",
  ],
  [
    { alarms: { actions: ['ops@example.com'] } },
    'alarms.actions[0]',
    'is "ops@example.com"; allowed: an ARN',
  ],
  [{ alarms: { runbook: '' } }, 'alarms.runbook', 'is ""; allowed: a text of 1 to 400 characters'],
  [
    { securityGroupIds: ['default'] },
    'securityGroupIds[0]',
    'is "default"; allowed: the id of a security group',
  ],
  [{ channels: [] }, 'channels', 'is []; allowed: an object'],
  [
    { channels: { News: news } },
    'channels.News',
    'is "News" (the id); allowed: 1 to 63 of a-z, 0-9 and inner hyphens',
  ],
  [channels({ ladder: '4k' }), 'channels.news.ladder', 'is "4k"; allowed: tiny, economy, h264-1080p,'],
  [channels({ frameRate: '31' }), 'channels.news.frameRate', 'is "31"; allowed: 23.976, 24, 25,'],
  [channels({ profile: 'fast' }), 'channels.news.profile', 'is "fast"; allowed: lowest, balanced, economy'],
  [channels({ source: 'ndi' }), 'channels.news.source', 'is "ndi"; allowed: srt, rtmp, udp, test'],
  [channels({ zone: 'use1-az6' }), 'channels.news.zone', 'is "use1-az6"; allowed: use1-az4'],
  [
    channels({ storeZone: 'b' }),
    'channels.news.storeZone',
    'is "b"; allowed: use1-az4, use1-az6; to correct it: choose the store\'s zone that is in use1-az4',
  ],
  [
    channels({ port: undefined }),
    'channels.news.port',
    'is absent; allowed: a whole number from 1024 to 32767, of no other channel of the zone; to correct it: choose another port',
  ],
  [channels({ port: 40000 }), 'channels.news.port', 'is 40000; allowed'],
  [channels({ metricsPort: 2375 }), 'channels.news.metricsPort', 'is 2375 (Docker has it); allowed'],
  [channels({ source: 'rtmp' }), 'channels.news.metricsPort', 'is absent; allowed'],
  [
    channels({ source: 'rtmp', metricsPort: 9001 }),
    'channels.news.metricsPort',
    'is 9001 (channels.news.port is tcp port 9001 of the same hosts (use1-az4))',
  ],
  [
    channels({ source: 'test', metricsPort: 9464 }),
    'channels.news.port',
    'is 9001 (the test source has none); allowed: none',
  ],
  [
    { channels: { news, sport: { ...news, metricsPort: 9002 } } },
    'channels.sport.port',
    'is 9001 (channels.news.port is udp port 9001 of the same hosts (use1-az4)); allowed: a whole number from 1024 to 32767, of no other channel of the zone; to correct it: choose another port',
  ],
  [
    channels({ purchase: 'spot' }),
    'channels.news.purchase',
    'is "spot"; allowed: on-demand; to correct it: choose one, or name it in the `purchase` of the fleet: 0 is a part too',
  ],
  [
    { purchase: { 'on-demand': 100, spot: 0 }, ...channels({ purchase: 'spot' }) },
    'channels.news.purchase',
    'is "spot" (the channel has a single encoder, and AWS takes Spot instances back with a notice of two minutes); allowed: committed, on-demand, or spot with acceptInterruption: true; to correct it: give the fleet another way of paying, or set acceptInterruption: true',
  ],
  [{ purchase: { spot: 100 } }, 'channels.news.purchase', 'is "spot" (the channel has a single encoder'],
  [channels({ acceptInterruption: 1 }), 'channels.news.acceptInterruption', 'is 1; allowed: true, false'],
  [channels({ running: 'no' }), 'channels.news.running', 'is "no"; allowed: true, false'],
  [channels({ deployment: 'now' }), 'channels.news.deployment', 'is "now"; allowed: stopStart, handover'],
  [
    channels({ instanceType: 'g6.xlarge' }),
    'channels.news.instanceType',
    'is "g6.xlarge"; allowed: g5.xlarge; to correct it: choose one, or add it to the instanceTypes of the fleet',
  ],
  [
    {
      network: { ...ONE_ZONE, zones: { 'use1-az5': ONE_ZONE.zones['use1-az4'] } },
      instanceTypes: ['g6.xlarge', 'g5.xlarge'],
      ...channels({ instanceType: 'g6.xlarge', storeZone: 'use1-az4' }),
    },
    'channels.news.instanceType',
    'is "g6.xlarge" (not offered in use1-az5); allowed: g5.xlarge;',
  ],
  [channels({ image: TAGGED }), 'channels.news.image', `is "${TAGGED}" (a tag without a digest`],
  [
    channels({ environment: { STORE: 'x' } }),
    'channels.news.environment.STORE',
    'is "x" (the fleet sets it); allowed: ',
  ],
  [
    channels({ environment: { SRT_LATENCY: '1' } }),
    'channels.news.environment.SRT_LATENCY',
    'is "1" (there is no such property); allowed: ',
  ],
  [
    channels({ environment: { SRT_LATENCY_MS: 200 } }),
    'channels.news.environment.SRT_LATENCY_MS',
    'is 200; allowed: a text',
  ],
  [channels({ frameRate: '60' }), 'channels.news.ladder', 'is "hevc-2160p30-50" (g5.xlarge: '],
  [
    channels({ contribution: 'hevc' }),
    'channels.news.contribution',
    'is "hevc"; allowed: an object; to correct it: write { codec: \'hevc\', bitDepth: 10, width: 3840, height: 2160, bitrateKbps: 60_000 }',
  ],
  [
    channels({ contribution: { ...CONTRIBUTION, codec: 'mpeg2' } }),
    'channels.news.contribution.codec',
    'is "mpeg2"; allowed: h264, hevc, av1',
  ],
  [
    channels({ contribution: { ...CONTRIBUTION, bitDepth: 12 } }),
    'channels.news.contribution.bitDepth',
    'is 12; allowed: 8, 10',
  ],
  [
    channels({ contribution: { ...CONTRIBUTION, width: '3840' } }),
    'channels.news.contribution.width',
    'is "3840"; allowed: a whole number of pixels from 16 to 8192',
  ],
  [
    channels({ contribution: { ...CONTRIBUTION, height: 0 } }),
    'channels.news.contribution.height',
    'is 0; allowed: a whole number of pixels from 16 to 8192',
  ],
  [
    channels({ contribution: { ...CONTRIBUTION, bitrateKbps: undefined } }),
    'channels.news.contribution.bitrateKbps',
    'is absent; allowed: a whole number of kbit/s from 1 to 1000000',
  ],
  [
    channels({ contribution: { ...CONTRIBUTION, bitrate: 1 } }),
    'channels.news.contribution.bitrate',
    'is 1 (there is no such property); allowed: codec, bitDepth, width, height, bitrateKbps; to correct it: write bitrateKbps',
  ],
];

describe('bad arguments of NvencEncodeFleet', () => {
  for (const [args, path, reason] of CASES) {
    it(`refuses ${shown(args)}`, async () => {
      const { errors } = await refusal(args);
      const found = errors.find(({ propertyPath }) => propertyPath === path);
      expect(found, JSON.stringify(errors)).not.to.equal(undefined);
      expect(found!.reason).to.satisfy(
        (text: string) => text.startsWith(reason),
        `${found!.reason}\n      is not: ${reason}`,
      );
    });
  }

  it('has a case of every argument, of the fleet and of a channel', () => {
    const given = CASES.map(([, path]) =>
      path.replace(/^channels\.news\./, 'channel ').replace(/[.[].*/s, ''),
    );
    // The reservations have a file of their own.
    const own = ['capacityReservations'];
    for (const name of [...NAMES].filter((each) => !own.includes(each))) expect(given).to.include(name);
    for (const name of CHANNEL_NAMES) expect(given).to.include(`channel ${name}`);
  });

  it('takes a contribution that is as large as they come, and one that is small', async () => {
    const small = { ...CONTRIBUTION, codec: 'h264', bitDepth: 8, width: 640, height: 360, bitrateKbps: 1000 };
    for (const contribution of [CONTRIBUTION, small]) {
      const { errors } = await refusal({ ...channels({ contribution }), diskGib: 1 });
      expect(errors.map(({ propertyPath }) => propertyPath)).to.deep.equal(['diskGib']);
    }
  });

  it('refuses kinds of child that there are not', async () => {
    const { errors } = await refusal({}, { transform: { services: {} } });
    expect(errors).to.have.length(1);
    expect(errors[0]!.propertyPath).to.equal('transform.services');
  });

  it('says all that is wrong at once, by name', async () => {
    const { message, errors } = await refusal({
      ...channels({ port: 1 }),
      diskGib: 1,
      purchase: { spot: 1 },
    });
    expect(errors.map(({ propertyPath }) => propertyPath)).to.deep.equal([
      'purchase',
      'channels.news.port',
      'diskGib',
    ]);
    expect(message).to.match(/^NvencEncodeFleet "live" has 3 bad arguments:\n {2}purchase is /);
  });

  it('says what binds, where a GPU cannot carry the ladder', async () => {
    const { errors } = await refusal(channels({ frameRate: '60' }));
    expect(errors).to.have.length(1);
    expect(errors[0]!.reason).to.match(
      /\(g5\.xlarge: one channel needs 1\d\d % of the encoders of g5\.xlarge: take a larger GPU, or a smaller ladder\)/,
    );
    expect(errors[0]!.reason).to.include('`aws-media capacity`');
  });

  it('takes the same port in another zone, and as UDP and TCP', async () => {
    const here = (zone: string) => ({ ...news, zone });
    const fleet = await recordFleet({
      network: NETWORK,
      channels: { a: here('use1-az4'), b: here('use1-az6') },
    });
    expect(fleet.query.byType('aws:ecs/service:Service')).to.have.length(2);
  });

  it('refuses more instances than a group may have, at a rollout of all channels', async () => {
    const eight = Object.fromEntries(
      Array.from({ length: 8 }, (_, n) => [`c${n}`, { ...news, port: 9000 + n }]),
    );
    const args = { channels: eight, maxInstances: 15, deployment: 'handover' };
    const { errors } = await refusal(args);
    expect(errors.map(({ propertyPath, reason }) => `${propertyPath} ${reason}`)).to.deep.equal([
      'maxInstances is 15 (the 8 channels of use1-az4-g5-xlarge-on-demand need 16 instances, at a rollout of all at once); allowed: at least 16; to correct it: raise it',
    ]);
  });

  it('refuses more capacity providers than a cluster has', async () => {
    const zones = Object.fromEntries(
      [1, 2, 3, 4].map((n) => [`euw2-az${n}`, { privateSubnetId: `subnet-0123456789abcdef${n}` }]),
    );
    const { errors } = await refusal({
      network: { ...NETWORK, zones },
      instanceTypes: ['g5.xlarge', 'g6.xlarge'],
      purchase: { committed: 70, spot: 20, 'on-demand': 10 },
      channels: {},
    });
    expect(errors[0]!.reason).to.include('make 24 capacity providers); allowed: at most 20');
  });

  it('refuses what is known later when it is known', async () => {
    const late = (args: Partial<NvencEncodeFleetArgs>) => lateFailure(() => recordFleet(args));
    expect(await late({ image: pulumi.output(TAGGED) })).to.include('image is "123456789012');
    expect(await late(channels({ environment: { SRT_LATENCY_MS: pulumi.secret('200') } }))).to.include(
      'channels.news.environment.SRT_LATENCY_MS is "a secret" (whoever may read task definitions sees it)',
    );
  });

  it('refuses a store whose bucket is in another zone', async () => {
    const failure = await lateFailure(() => recordFleet(channels({ storeZone: 'use1-az6' })));
    expect(failure).to.include(
      'channels.news.storeZone is "use1-az6" (its bucket is video-test-media-zone-use1-az6-',
    );
    expect(failure).to.include('--use1-az6--x-s3); allowed: a zone of the store that is in use1-az4');
  });

  it('says nothing of children that were made before', async () => {
    const { list } = await recordProgramOf(() => {
      const urn = 'urn:pulumi:test::video::aws-media:index:NvencEncodeFleet::live';
      void new NvencEncodeFleet('live', { ...minimal(makeStore()), diskGib: 1 }, { urn });
    }).catch(() => ({ list: [] as string[] }));
    expect(list.filter((line) => line.startsWith('live-'))).to.deep.equal([]);
  });
});
