import { resolve } from 'node:path';
import { Provider } from '@pulumi/aws/provider';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import fc from 'fast-check';
import { MediaVpc, NETWORK_TRANSFORMS, type MediaVpcArgs } from '../../../components/network';
import { assertNames, assertTags, matchGolden } from '../../../testing';
import { recordProgramOf, type Recorded } from '../storage/store-recording';
import { ALL_ZONES, ZONES, child, inputs, ofType, recordVpc } from './network-recording';

const GOLDEN = resolve(__dirname, '../../../..', 'tests/components/network/golden');
/** With a child of every kind. */
const EVERY = { ipv6: true } as const;

/** By URN, with what protects it and what it waits for. */
const asked = ({ resources }: Recorded): Map<string, string> =>
  new Map(
    resources
      .filter(({ custom }) => custom)
      .map(({ urn, inputs: given, options }) => [urn, JSON.stringify([given, options])]),
  );

describe('MediaVpc in the graph', () => {
  it('parents every child, and passes the provider and its region on to each', async () => {
    const vpc = await recordProgramOf(() => {
      const provider = new Provider('elsewhere', { region: 'eu-west-1' });
      new MediaVpc('media', { zones: ['euw1-az1', 'euw1-az3'], ...EVERY }, { provider });
    });
    const children = vpc.query.children(vpc.child('media').urn);
    expect(children).to.have.length(vpc.resources.length - 1);
    for (const { name, provider } of children) expect(provider, name).to.include('::elsewhere::');
    expect(inputs(vpc, 'VpcEndpoint', 'media-s3')['serviceName']).to.equal('com.amazonaws.eu-west-1.s3');
    expect(inputs(vpc, 'Role', 'media-flow-logs')['assumeRolePolicy']).to.include('arn:aws:ec2:eu-west-1:');
  });

  it('takes an alias, so that a program may rename it', async () => {
    const vpc = await recordVpc({}, { aliases: [{ name: 'network' }] });
    expect(JSON.stringify(vpc.child('media').options.aliases)).to.include('"network"');
  });

  it('makes nothing of its own where it is read by its URN', async () => {
    const urn = 'urn:pulumi:test::video::aws-media:index:MediaVpc::media';
    const { list } = await recordProgramOf(() => void new MediaVpc('media', {}, { urn }));
    expect(list.filter((line) => !line.startsWith('media '))).to.deep.equal([]);
  });

  it('keeps the subnets, tables and gateways of a zone as they are, whichever others come and go', async function () {
    this.timeout(60_000);
    const sets = fc.subarray(ALL_ZONES, { minLength: 2 });
    const forms = fc.constantFrom<Partial<MediaVpcArgs>>({}, EVERY, { nat: 'none' });
    await fc.assert(
      fc.asyncProperty(sets, sets, forms, async (some, others, form) => {
        const before = asked(await recordVpc({ zones: some, ...form }));
        const after = asked(await recordVpc({ zones: others, ...form }));
        const kept = some.filter((zone) => others.includes(zone));
        const own = [...before].filter(([urn]) => kept.some((zone) => urn.includes(zone)));
        expect(own.length).to.be.at.least(kept.length * 7);
        for (const [urn, given] of own) expect(after.get(urn), urn).to.equal(given);
      }),
      { numRuns: 5 },
    );
  });

  it('is the same network however its zones are ordered', async () => {
    const vpc = asked(await recordVpc({ zones: ZONES }));
    expect(asked(await recordVpc({ zones: [...ZONES].reverse() }))).to.deep.equal(vpc);
  });

  it('tags every child that can have tags, the user last', async () => {
    const tags = { team: 'video', Name: pulumi.output('mine') };
    const { graph } = await recordVpc({ ...EVERY, tags });
    assertTags(graph, { required: { team: ['video'], Name: ['mine'], 'aws-media:component': ['MediaVpc'] } });
  });

  it('has names that AWS takes, at the longest that a component may have', async () => {
    const name = 'n'.repeat(46);
    const { graph } = await recordProgramOf(() => void new MediaVpc(name, { zones: ZONES, ...EVERY }));
    expect(assertNames(graph).checked).to.equal(4);
  });

  describe('by environment', () => {
    const guarded = async (args: Partial<MediaVpcArgs>, options = {}) => {
      const { resources } = await recordVpc({ nat: 'one', ...args }, options);
      const names = (flag: 'protect' | 'retainOnDelete') =>
        resources.filter((each) => each.custom && each.options[flag]).map(({ name }) => name);
      return { protect: names('protect').sort(), retain: names('retainOnDelete') };
    };
    const MISSED = ['media-flow-logs', 'media-nat-use1-az4-address', 'media-vpc'];

    it('in prod protects what others know by its address and what holds records', async () => {
      expect(await guarded({})).to.deep.equal({ protect: MISSED, retain: ['media-flow-logs'] });
    });

    it('elsewhere protects nothing, unless the program says so', async () => {
      for (const environment of ['local', 'dev', 'staging'] as const) {
        expect(await guarded({ environment }), environment).to.deep.equal({ protect: [], retain: [] });
      }
      const protection = { protect: true, retainOnDelete: false };
      expect(await guarded({ environment: 'dev', protection })).to.deep.equal({
        protect: MISSED,
        retain: [],
      });
      expect((await guarded({ protection: { protect: false } })).protect).to.deep.equal([]);
    });

    it('leaves the last word to the resource option', async () => {
      expect((await guarded({}, { protect: false })).protect).to.deep.equal([]);
    });
  });

  describe('changes its children by transform', () => {
    it('of every kind, by properties and by function', async () => {
      const seen = new Set<string>();
      const transform = Object.fromEntries(
        NETWORK_TRANSFORMS.map((kind) => [kind, () => void seen.add(kind)]),
      );
      await recordVpc(EVERY, { transform });
      expect([...seen].sort()).to.deep.equal([...NETWORK_TRANSFORMS].sort());
    });

    it('and leaves the others as they are', async () => {
      const before = asked(await recordVpc());
      const vpc = await recordVpc(
        {},
        {
          transform: {
            vpc: { enableNetworkAddressUsageMetrics: true },
            subnet: (args, opts, name) => {
              if (name !== 'media-public-use1-az4') return;
              args.mapPublicIpOnLaunch = true;
              opts.retainOnDelete = true;
            },
          },
        },
      );
      expect(inputs(vpc, 'Vpc', 'media-vpc')['enableNetworkAddressUsageMetrics']).to.equal(true);
      const subnet = child(vpc, 'Subnet', 'media-public-use1-az4');
      expect(subnet.inputs['mapPublicIpOnLaunch']).to.equal(true);
      expect(subnet.options.retainOnDelete).to.equal(true);
      const changed = [...asked(vpc)].filter(([urn, given]) => before.get(urn) !== given).map(([urn]) => urn);
      expect(changed.map((urn) => urn.split('::').pop()).sort()).to.deep.equal([
        'media-public-use1-az4',
        'media-vpc',
      ]);
    });
  });

  it('makes the NAT gateways after the way out that they need', async () => {
    const vpc = await recordVpc();
    const { urn } = child(vpc, 'InternetGateway', 'media-internet');
    for (const nat of ofType(vpc, 'NatGateway')) expect(nat.dependencies, nat.name).to.include(urn);
  });

  for (const [file, args] of Object.entries<Partial<MediaVpcArgs>>({
    prod: { tags: { team: 'video' } },
    'dev-ipv6': { environment: 'dev', nat: 'one', ipv6: true },
    'no-nat': { zones: ['use1-az1', 'use1-az4', 'use1-az6'], nat: 'none', cidrBlock: '10.9.4.0/22' },
  })) {
    it(`is as it was when somebody last looked: ${file}`, async () => {
      const { graph } = await recordVpc(args);
      expect(matchGolden(graph, resolve(GOLDEN, `${file}.json`)).status).to.be.oneOf([
        'same',
        'created',
        'updated',
      ]);
    });
  }
});
