import { expect } from 'chai';
import fc from 'fast-check';
import { assertNames, assertTags } from '../../testing';
import { ConfigurationError } from '../../stacks/configuration-error';
import type { Recorded } from '../components/recorded';
import { configurationOf, recordStack, STACKS } from './stack-recording';

type Channels = Record<string, Record<string, unknown>>;

/** The service's documents give no limit of these. */
const UNKNOWN_NAMES = {
  'aws:cloudfront/publicKey:PublicKey': 'no published limit',
  'aws:cloudfront/keyGroup:KeyGroup': 'no published limit',
};

/** How many resources of a type there are, by the end of the type's name. */
const count = (stack: Recorded, type: string): number =>
  stack.resources.filter((resource) => resource.type.endsWith(`:${type}`)).length;

async function refusalOf(stack: string, changes: Record<string, unknown>): Promise<string> {
  try {
    await recordStack(stack, changes);
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

describe('the stacks', function () {
  this.timeout(60_000);
  const stacks = new Map<string, Recorded>();

  before(async () => {
    for (const stack of STACKS) stacks.set(stack, await recordStack(stack));
  });

  it('are made of this package’s components alone', () => {
    const own = ['MediaVpc', 'TieredSegmentStore', 'EncoderImage', 'EncoderImage', 'SrtIngest'];
    const rest = ['NvencEncodeFleet', 'LlHlsOrigin', 'StreamingCdn'];
    for (const [name, { graph }] of stacks) {
      const top = graph.resources.filter(
        ({ parent, type }) => /:pulumi:Stack::/.test(parent ?? '') && !type.startsWith('pulumi:'),
      );
      // Locally the only channel makes its own picture: there is nobody to call.
      const expected = [...own, ...rest].filter((each) => name !== 'local' || each !== 'SrtIngest');
      if (name === 'staging' || name === 'prod') expected.push('MediaDashboards');
      expect(top.map(({ type }) => type.replace('aws-media:index:', '')).sort(), name).to.deep.equal(
        expected.sort(),
      );
    }
  });

  it('dev: one channel on one g5.xlarge, one NAT gateway at most, no accelerator', () => {
    const dev = stacks.get('dev')!;
    expect(count(dev, 'NatGateway')).to.be.at.most(1);
    expect(count(dev, 'Accelerator')).to.equal(0);
    expect(dev.graph.outputs['placements']).to.have.nested.property('demo.instanceType', 'g5.xlarge');
    expect(dev.resources.filter(({ type }) => type.endsWith(':LaunchTemplate'))).to.have.length(1);
    const distribution = dev.inputs('cdn-1');
    expect(distribution).to.have.property('httpVersion', 'http2and3');
  });

  it('prod: the reference load in three zones on G6, with G5 where there is none; accelerator, Origin Shield, signatures', () => {
    const prod = stacks.get('prod')!;
    const placements = prod.graph.outputs['placements'] as Record<
      string,
      { zone: string; instanceType: string }
    >;
    expect(Object.keys(placements)).to.have.length(25);
    const types = Object.values(placements).map(({ zone, instanceType }) => `${zone} ${instanceType}`);
    expect([...new Set(types)].sort()).to.deep.equal([
      'use1-az4 g6.xlarge',
      'use1-az5 g5.xlarge',
      'use1-az6 g6.xlarge',
    ]);
    expect(count(prod, 'Accelerator')).to.equal(1);
    expect(count(prod, 'NatGateway')).to.equal(3);
    expect(JSON.stringify(prod.inputs('cdn-1')['origins'])).to.include('"originShield":{"enabled":true');
    expect(count(prod, 'KeyGroup')).to.equal(1);
    expect(count(prod, 'WebAcl')).to.equal(0);
  });

  it('tell where each channel is watched and where its contributor calls', () => {
    const { outputs } = stacks.get('staging')!.graph;
    expect(Object.keys(outputs).sort()).to.deep.equal(
      ['contribute', 'dashboards', 'howToWatch', 'passphrases', 'placements', 'watch'].sort(),
    );
    const watch = outputs['watch'] as Record<string, string>;
    expect(Object.keys(watch)).to.deep.equal(['channel-01', 'channel-02', 'channel-03']);
    for (const [id, url] of Object.entries(watch))
      expect(url).to.match(new RegExp(`^https://[^/]+/live/${id}/index.m3u8$`));
    const contribute = outputs['contribute'] as Record<string, string>;
    expect(contribute['channel-02']).to.match(/^srt:\/\/.+:9050$/);
  });

  it('give every child names within its service’s limits, and their tags', () => {
    for (const [name, stack] of stacks) {
      expect(assertNames(stack.graph, { exceptions: UNKNOWN_NAMES }).checked, name).to.be.greaterThan(20);
      if (name === 'local') continue;
      expect(
        assertTags(stack.graph, { required: { project: ['aws-media'] } }).checked,
        name,
      ).to.be.greaterThan(40);
    }
  });

  it('change nothing of a channel when others are added, removed or put into another order', async () => {
    const channels = configurationOf('staging')['channels'] as Channels;
    const ofChannel = (stack: Recorded, id: string) =>
      stack.resources.filter(({ name }) => name.includes(id)).map(({ urn, inputs }) => ({ urn, inputs }));
    const before = ofChannel(stacks.get('staging')!, 'channel-01');
    expect(before.length).to.be.greaterThan(10);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(Object.keys(channels).filter((id) => id !== 'channel-01')),
        fc.integer({ min: 0, max: 3 }),
        async (kept, added) => {
          const others = Array.from({ length: added }, (_, index) => [
            `extra-${index}`,
            { ladder: 'h264-1080p', zone: 'use1-az4', port: 9010 + index },
          ]);
          const ids = [
            ...kept.map((id) => [id, channels[id]]),
            ...others,
            ['channel-01', channels['channel-01']],
          ];
          const after = await recordStack('staging', {
            channels: Object.fromEntries(ids as [string, unknown][]),
          });
          expect(ofChannel(after, 'channel-01')).to.deep.equal(before);
        },
      ),
      { numRuns: 4 },
    );
  });

  it('say of what components refuse which keys it comes from, of all components at once and each key once', async () => {
    const message = await refusalOf('dev', {
      network: { cidrBlock: '10.0.0.0/30', spareZones: ['use1-az6'] },
      channels: { demo: { ladder: 'hevc-1080', port: 9900 } },
      instanceTypes: ['g5.12xlarge'],
      dvr: 'forever',
      viewers: 100_000,
      webPages: ['www.example.com'],
      tags: { 'aws:team': 'video' },
    });
    const told = message.split('\n').map((line) => line.replace(/ is .*/, ''));
    expect(told).to.deep.equal([
      'The configuration cannot be used.',
      'MediaVpc "network":',
      '  aws-media:network.cidrBlock',
      '  aws-media:tags["aws:team"]',
      'TieredSegmentStore "media":',
      '  aws-media:dvr',
      'SrtIngest "srt":',
      '  aws-media:channels.demo.port',
      'NvencEncodeFleet "live":',
      '  aws-media:instanceTypes[0]',
      '  aws-media:channels.demo.ladder',
      'StreamingCdn "cdn":',
      '  aws-media:viewers',
      '  aws-media:webPages[0]',
      'docs/stacks.md has every key.',
    ]);
    expect(message).to.include(
      'aws-media:channels.demo.port is 9900; allowed: a port of its zone, 9000 to 9049; to correct it: choose one of these',
    );
  });

  it('judge all others as they would be judged with a component that is right', async () => {
    // Each component is refused for one reason; were a stand-in no good neighbour, others would be refused with it.
    for (const [key, value] of [
      ['network', { nat: 'per-zone', cidrBlock: '10.0.0.0/30', spareZones: ['use1-az6'] }],
      ['dvr', 'forever'],
      ['channels', { demo: { ladder: 'hevc-1080p', port: 9900 } }],
      ['instanceTypes', ['g5.12xlarge']],
      ['viewers', 100_000],
    ] as const) {
      const message = await refusalOf('dev', { [key]: value });
      expect(
        message.split('\n').filter((line) => line.startsWith('  ')),
        message,
      ).to.have.length(1);
    }
  });

  it('take a VPC that is there', async () => {
    const subnets = {
      'use1-az4': { publicSubnetId: 'subnet-0123456789abcdef0', privateSubnetId: 'subnet-0123456789abcdef1' },
      'use1-az6': { publicSubnetId: 'subnet-0123456789abcdef2', privateSubnetId: 'subnet-0123456789abcdef3' },
    };
    const stack = await recordStack('dev', { network: { vpcId: 'vpc-0123456789abcdef0', subnets } });
    expect(count(stack, 'Vpc')).to.equal(0);
    expect(JSON.stringify(stack.graph.resources)).to.include('subnet-0123456789abcdef1');
  });
});
