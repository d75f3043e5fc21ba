import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { SrtIngest, type SrtIngestArgs } from '../../../components/ingest';
import { lateFailure, recordProgramOf } from '../storage/store-recording';
import { MINIMAL, NETWORK, SECRET_ARN, recordIngest, refusal } from './ingest-recording';

const ZONE = { ports: { from: 9000, to: 9049 } };
const NEWS = MINIMAL.channels.news;

/** The minimal arguments with others in place of some. */
const but = (more: object): unknown => ({ ...MINIMAL, ...more });
/** With another channel beside the first. */
const and = (sport: object, more: object = {}): unknown => but({ channels: { news: NEWS, sport }, ...more });

const many = (count: number, of: object = {}) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`c${n}`, { zone: 'use1-az4', port: 9000 + n, ...of }]),
  );

describe('bad arguments of SrtIngest', () => {
  const CASES: [what: string, args: unknown, path: string, reason: string][] = [
    ['no arguments', null, 'args', 'is null; allowed: an object; to correct it: write { network, zones,'],
    [
      'a name that nothing has',
      but({ channel: {} }),
      'channel',
      'is {} (there is no such property); allowed: network, zones, channels, sources, entry, accelerator, keyArn, healthCheck, deregistrationSeconds, reservedPorts, rulesPerSecurityGroup, environment, tags; to correct it: write channels',
    ],
    [
      'no network',
      but({ network: undefined }),
      'network',
      'is absent; allowed: a MediaVpc or an object of ids',
    ],
    [
      'a network without the zone',
      but({ zones: { 'use1-az5': ZONE }, channels: { news: { ...NEWS, zone: 'use1-az5' } } }),
      'network.zones',
      'is ["use1-az4","use1-az6"] (it has no zone use1-az5); allowed: zones with use1-az5;',
    ],
    [
      'a zone without a public subnet, for the internet',
      but({ network: { ...NETWORK, zones: { 'use1-az4': { privateSubnetId: 'subnet-00000000' } } } }),
      'network.zones["use1-az4"].publicSubnetId',
      'is absent; allowed: the id of a subnet',
    ],
    [
      'no zones',
      but({ zones: {} }),
      'zones',
      'is {}; allowed: an object with at least one entry; to correct it:',
    ],
    [
      'zones in a list',
      but({ zones: ['use1-az4'] }),
      'zones',
      `is ["use1-az4"]; allowed: an object with at least one entry; to correct it: write { 'use1-az4': { ports: { from: 9000, to: 9049 } } }`,
    ],
    [
      'a zone that is none',
      but({ zones: { 'use1-az4': 9000 } }),
      'zones["use1-az4"]',
      'is 9000; allowed: an object',
    ],
    [
      'a property that a zone has not',
      but({ zones: { 'use1-az4': { ...ZONE, port: 1 } } }),
      'zones["use1-az4"].port',
      'is 1 (there is no such property); allowed: ports, allocationId; to correct it: write ports',
    ],
    [
      'ports that only root binds',
      but({ zones: { 'use1-az4': { ports: { from: 1000, to: 9049 } } } }),
      'zones["use1-az4"].ports',
      'is {"from":1000,"to":9049}; allowed: { from, to } within 1024 to 32767, from not above to; to correct it: write { from: 9000, to: 9049 }',
    ],
    [
      'ports that Linux gives to outgoing connections',
      but({ zones: { 'use1-az4': { ports: { from: 9000, to: 40_000 } } } }),
      'zones["use1-az4"].ports',
      'is {"from":9000,"to":40000}; allowed: { from, to } within 1024 to 32767',
    ],
    [
      'ports the wrong way round',
      but({ zones: { 'use1-az4': { ports: { from: 9049, to: 9000 } } } }),
      'zones["use1-az4"].ports',
      'is {"from":9049,"to":9000}; allowed: { from, to }',
    ],
    [
      'zones that share ports',
      but({ zones: { 'use1-az4': ZONE, 'use1-az6': { ports: { from: 9049, to: 9060 } } } }),
      'zones["use1-az6"].ports',
      'is {"from":9049,"to":9060} (zones["use1-az4"] has 9000 to 9049); allowed: ports of one zone only: one address may stand for all zones; to correct it: choose others',
    ],
    [
      'an address in place of its allocation',
      but({ zones: { 'use1-az4': { ...ZONE, allocationId: '203.0.113.7' } } }),
      'zones["use1-az4"].allocationId',
      'is "203.0.113.7"; allowed: the allocation id of an Elastic IP address',
    ],
    [
      'a public address of an internal load balancer',
      but({ entry: 'private', zones: { 'use1-az4': { ...ZONE, allocationId: 'eipalloc-01234567' } } }),
      'zones["use1-az4"].allocationId',
      `is "eipalloc-01234567" (entry is "private": the load balancer is internal); allowed: none; to correct it: remove it, or set entry to 'internet'`,
    ],
    [
      'no channels',
      but({ channels: undefined }),
      'channels',
      'is absent; allowed: an object with at least one',
    ],
    [
      'the id of a channel that is none',
      but({ channels: { News: NEWS } }),
      'channels.News',
      'is "News" (the id); allowed: 1 to 63 of a-z, 0-9 and inner hyphens; to correct it: rename it; it is the encoder\'s CHANNEL',
    ],
    [
      'a channel that is none',
      but({ channels: { news: 9001 } }),
      'channels.news',
      'is 9001; allowed: an object',
    ],
    [
      'a property that a channel has not',
      but({ channels: { news: { ...NEWS, pasphrase: false } } }),
      'channels.news.pasphrase',
      'is false (there is no such property); allowed: zone, port, healthPort, sources, passphrase, latencyMs, streamId; to correct it: write passphrase',
    ],
    [
      'a zone of a channel that is not there',
      but({ channels: { news: { ...NEWS, zone: 'use1-az6' } } }),
      'channels.news.zone',
      'is "use1-az6"; allowed: use1-az4; to correct it: choose one',
    ],
    [
      'a channel without a port: none is made up',
      but({ channels: { news: { zone: 'use1-az4' } } }),
      'channels.news.port',
      'is absent; allowed: a port of its zone, 9000 to 9049; to correct it: choose one of these, or give the zone more',
    ],
    [
      'a port that is not of the zone',
      but({ channels: { news: { ...NEWS, port: 9050 } } }),
      'channels.news.port',
      'is 9050; allowed: a port of its zone',
    ],
    [
      'a health port that is not of the zone',
      but({ channels: { news: { ...NEWS, healthPort: 9464 } } }),
      'channels.news.healthPort',
      'is 9464; allowed: a port of its zone',
    ],
    [
      'two channels at one UDP port',
      and({ ...NEWS, healthPort: 9002 }),
      'channels.sport.port',
      'is 9001 (channels.news.port has it, and tasks share the ports of their instance); allowed: a UDP port of its own; to correct it: choose another',
    ],
    [
      'two channels at one TCP port',
      and({ ...NEWS, port: 9002, healthPort: 9001 }),
      'channels.sport.healthPort',
      'is 9001 (channels.news.healthPort has it, and tasks share the ports of their instance); allowed: a TCP port of its own; to correct it: set healthPort to another',
    ],
    [
      'a TCP port that another program has',
      but({ reservedPorts: [9001] }),
      'channels.news.healthPort',
      'is 9001 (reservedPorts has it,',
    ],
    [
      "a TCP port of ECS's agent",
      but({
        zones: { 'use1-az4': { ports: { from: 2300, to: 2400 } } },
        channels: { news: { ...NEWS, port: 2376 } },
      }),
      'channels.news.healthPort',
      "is 2376 (ECS's agent has it,",
    ],
    [
      'more channels than a load balancer has listeners',
      but({ zones: { 'use1-az4': { ports: { from: 9000, to: 9099 } } }, channels: many(51) }),
      'channels',
      'is "51 channels in use1-az4"; allowed: at most 50 a zone, which is the limit of a load balancer\'s listeners; to correct it: use another zone, or another SrtIngest for some',
    ],
    [
      'more rules than a security group has',
      but({ channels: many(31), sources: { a: '192.0.2.1/32', b: '192.0.2.2/32' } }),
      'channels',
      'is "62 rules in use1-az4, one a channel and source"; allowed: at most 60, the account\'s quota of rules in a security group; to correct it: give channels fewer sources, join sources in larger ranges, or raise the quota L-0EA8095F and rulesPerSecurityGroup',
    ],
    [
      'sources of a channel that are not there',
      but({ channels: { news: { ...NEWS, sources: ['van'] } } }),
      'channels.news.sources[0]',
      'is "van"; allowed: studio; to correct it: choose one',
    ],
    [
      'no sources of a channel',
      but({ channels: { news: { ...NEWS, sources: [] } } }),
      'channels.news.sources',
      'is []; allowed: a list of at least one; to correct it: name some, or leave it out for all',
    ],
    [
      'a source of a channel twice',
      but({ channels: { news: { ...NEWS, sources: ['studio', 'studio'] } } }),
      'channels.news.sources[1]',
      'is "studio" (named twice); allowed: each once',
    ],
    [
      'a passphrase in the program',
      but({ channels: { news: { ...NEWS, passphrase: 'in the clear' } } }),
      'channels.news.passphrase',
      'is "in the clear"; allowed: an object; to correct it: write false, or { secretArn: \'arn:aws:secretsmanager:...\' }',
    ],
    [
      'a secret by its name',
      but({ channels: { news: { ...NEWS, passphrase: { secretArn: 'srt-news' } } } }),
      'channels.news.passphrase.secretArn',
      'is "srt-news"; allowed: the ARN of a secret, as arn:aws:secretsmanager:us-east-1:123456789012:secret:srt-news-Ab1Cd2; to correct it: give its whole ARN, with the six characters at its end',
    ],
    [
      'a key of a secret by its alias',
      but({ channels: { news: { ...NEWS, passphrase: { secretArn: SECRET_ARN, keyArn: 'alias/x' } } } }),
      'channels.news.passphrase.keyArn',
      'is "alias/x"; allowed: the ARN of a key',
    ],
    [
      'a latency in seconds',
      but({ channels: { news: { ...NEWS, latencyMs: 0.4 } } }),
      'channels.news.latencyMs',
      'is 0.4; allowed: a whole number of milliseconds from 20 to 8000',
    ],
    [
      'a stream id that is too long',
      but({ channels: { news: { ...NEWS, streamId: 'é'.repeat(257) } } }),
      'channels.news.streamId',
      `is "${'é'.repeat(79)}...; allowed: 1 to 512 bytes without control characters`,
    ],
    ['no sources', but({ sources: {} }), 'sources', 'is {}; allowed: an object with at least one entry'],
    [
      'the id of a source that is none',
      but({ sources: { Studio: '192.0.2.1/32' } }),
      'sources.Studio',
      'is "Studio" (the id); allowed: 1 to 16 of a-z, 0-9 and hyphens, a letter first; to correct it: rename it; it stays for the life of the rules',
    ],
    [
      'an address that is no range',
      but({ sources: { studio: '192.0.2.1' } }),
      'sources.studio',
      'is "192.0.2.1"; allowed: an IPv4 range in CIDR form, as 203.0.113.7/32, or the id of a prefix list, as pl-0123456789abcdef0; to correct it: write 192.0.2.1/32',
    ],
    [
      'a range that does not begin with its first address',
      but({ sources: { studio: '192.0.2.1/24' } }),
      'sources.studio',
      'is "192.0.2.1/24" (the address is not the first of its range); allowed: an IPv4 range in CIDR form, as 203.0.113.7/32, or the id of a prefix list, as pl-0123456789abcdef0; to correct it: write 192.0.2.0/24',
    ],
    [
      'a byte above 255',
      but({ sources: { studio: '192.0.2.256/32' } }),
      'sources.studio',
      'is "192.0.2.256/32"; allowed',
    ],
    [
      'IPv6',
      but({ sources: { studio: '2001:db8::/32' } }),
      'sources.studio',
      'is "2001:db8::/32"; allowed: an IPv4',
    ],
    [
      'the whole internet for a channel without a passphrase',
      but({ channels: { news: { ...NEWS, passphrase: false } }, sources: { all: '0.0.0.0/0' } }),
      'sources.all',
      'is "0.0.0.0/0" (channels.news: not encrypted, so whoever finds the port could send); allowed: a range of known addresses; to correct it: give the channels a passphrase, or sources of their own',
    ],
    [
      'an entry that is none',
      but({ entry: 'public' }),
      'entry',
      'is "public"; allowed: internet, accelerator, private; to correct it: choose one',
    ],
    [
      'settings of an accelerator that is not there',
      but({ accelerator: {} }),
      'accelerator',
      `is {} (entry is "internet"); allowed: none; to correct it: remove it, or set entry to 'accelerator'`,
    ],
    [
      'flow logs without a bucket',
      but({ entry: 'accelerator', accelerator: { flowLogs: {} } }),
      'accelerator.flowLogs.bucket',
      'is absent; allowed: the name of a bucket',
    ],
    ['a key by its alias', but({ keyArn: 'alias/x' }), 'keyArn', 'is "alias/x"; allowed: the ARN of a key'],
    [
      'a health check by UDP',
      but({ healthCheck: { protocol: 'udp' } }),
      'healthCheck.protocol',
      'is "udp"; allowed: tcp, http; to correct it: choose one',
    ],
    [
      'health checks too often',
      but({ healthCheck: { intervalSeconds: 1 } }),
      'healthCheck.intervalSeconds',
      'is 1; allowed: a whole number of seconds from 5 to 300',
    ],
    [
      'a slow deregistration',
      but({ deregistrationSeconds: 300 }),
      'deregistrationSeconds',
      'is 300; allowed: a whole number of seconds from 0 to 5',
    ],
    [
      'a reserved port that no channel has',
      but({ reservedPorts: [22] }),
      'reservedPorts[0]',
      'is 22; allowed: a port',
    ],
    [
      'reserved ports that are no list',
      but({ reservedPorts: 9100 }),
      'reservedPorts',
      'is 9100; allowed: a list of',
    ],
    [
      'fewer rules than AWS allows',
      but({ rulesPerSecurityGroup: 10 }),
      'rulesPerSecurityGroup',
      'is 10; allowed: a whole number from 60 to 1000',
    ],
    [
      'an environment that is none',
      but({ environment: 'production' }),
      'environment',
      'is "production"; allowed: local, dev, staging, prod',
    ],
    [
      'a tag of AWS',
      but({ tags: { 'aws:x': 'y' } }),
      'tags["aws:x"]',
      'is "aws:x" (the key); allowed: 1 to 128',
    ],
  ];
  for (const [what, args, path, reason] of CASES) {
    it(`${what}: says what is wrong with ${path}`, async () => {
      const { errors } = await refusal(args);
      const found = errors.filter(({ propertyPath }) => propertyPath === path);
      expect(found.map(({ reason: said }) => said.slice(0, reason.length))).to.deep.equal([reason]);
      if (args !== null) expect(errors.map(({ propertyPath }) => propertyPath)).to.deep.equal([path]);
    });
  }

  it('among the transforms are named with what was meant', async () => {
    const { errors } = await refusal(MINIMAL, { transform: { targetgroup: {} } });
    expect(
      errors.map(({ propertyPath, reason }) => `${propertyPath} ${reason.split('; ').at(-1)}`),
    ).to.deep.equal(['transform.targetgroup to correct it: write targetGroup']);
  });

  it('name the component where its secrets could not be named after it', async () => {
    const failure = await lateFailure(() => recordProgramOf(() => new SrtIngest('srt von Köln', MINIMAL)));
    expect(failure).to.include(
      'name is "srt von Köln"; allowed: up to 400 letters, digits and /_+=.@-, because its secrets are named after it; to correct it: call it otherwise',
    );
  });

  it('are all reported at once, before any resource exists', async () => {
    const { message, errors } = await refusal({
      network: { vpcId: 'vpc', zones: NETWORK.zones },
      zones: { 'use1-az4': { ports: { from: 1, to: 2 } } },
      channels: { News: { zone: 'x', port: 1, latencyMs: 1 } },
      sources: { studio: 'x' },
      entry: 'x',
      keyArn: 'x',
      healthCheck: { protocol: 'x' },
      environment: 'x',
    });
    expect(errors.map(({ propertyPath }) => propertyPath)).to.have.members([
      'network.vpcId',
      'zones["use1-az4"].ports',
      'channels.News',
      'channels.News.zone',
      'channels.News.latencyMs',
      'sources.studio',
      'entry',
      'keyArn',
      'healthCheck.protocol',
      'environment',
    ]);
    expect(message.split('\n')[0]).to.equal('SrtIngest "srt" has 10 bad arguments:');
  });

  const later = (text: string) => pulumi.output(text);
  const LATE: [args: SrtIngestArgs, message: string][] = [
    [
      { ...MINIMAL, sources: { studio: later('192.0.2.1') } },
      'sources.studio is "192.0.2.1"; allowed: an IPv4 range',
    ],
    [
      {
        ...MINIMAL,
        channels: { news: { ...NEWS, passphrase: false } },
        sources: { all: later('0.0.0.0/0') },
      },
      'sources.all is "0.0.0.0/0" (channels.news: not encrypted',
    ],
    [{ ...MINIMAL, keyArn: later('x') }, 'keyArn is "x"; allowed: the ARN of a key'],
    [
      { ...MINIMAL, network: { ...NETWORK, vpcId: later('x') } },
      'network.vpcId is "x"; allowed: the id of a VPC',
    ],
    [
      { ...MINIMAL, zones: { 'use1-az4': { ...ZONE, allocationId: later('x') } } },
      'zones["use1-az4"].allocationId is "x"; allowed: the allocation id',
    ],
  ];
  for (const [args, message] of LATE) {
    it(`that are known later fail the program in the same words: ${message}`, async () => {
      expect(await lateFailure(() => recordIngest(args))).to.include(message);
    });
  }

  it('that are secret are not shown', async () => {
    const args = { ...MINIMAL, sources: { studio: pulumi.secret('198.51.100.300/32') } };
    const failure = await lateFailure(() => recordIngest(args));
    expect(failure).to.include('sources.studio is a secret; allowed: an IPv4 range');
    expect(failure).not.to.include('198.51.100.300');
  });
});
