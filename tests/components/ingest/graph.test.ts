import path from 'node:path';
import { Provider } from '@pulumi/aws/provider';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import fc from 'fast-check';
import { NAME_RULES } from '../../../components/kit';
import { INGEST_TRANSFORMS, SrtIngest, type SrtIngestArgs } from '../../../components/ingest';
import { MediaVpc } from '../../../components/network';
import { AUTO_NAMED_TYPES, INGEST_NAME_LIMITS, INGEST_UNNAMED_TYPES } from '../../../components/ingest/names';
import { assertNames, assertReaches, assertTags, matchGolden } from '../../../testing';
import { recordProgramOf, type Recorded } from '../storage/store-recording';
import { FULL, MINIMAL, NETWORK, recordIngest, told } from './ingest-recording';

const GOLDENS = path.resolve(__dirname, '../../../..', 'tests/components/ingest/golden');
const grant = (ingest: SrtIngest): void => void ingest.grantReadPassphrase('e', 'encoder');

/** Types that no tag can be put on. */
const UNTAGGED = [
  'aws:globalaccelerator/endpointGroup:EndpointGroup',
  'aws:globalaccelerator/listener:Listener',
  'aws:iam/rolePolicy:RolePolicy',
];

describe('SrtIngest in the graph', () => {
  it('parents every child, and passes the provider on to each', async () => {
    const ingest = await recordProgramOf(() => {
      const provider = new Provider('elsewhere', { region: 'eu-west-1' });
      grant(new SrtIngest('srt', FULL, { provider }));
    });
    const children = ingest.query.children(ingest.child('srt').urn);
    expect(children).to.have.length(35);
    expect(ingest.resources).to.have.length(36);
    for (const { name, provider } of children) expect(provider, name).to.include('::elsewhere::');
  });

  it('takes an alias, so that a program may rename it', async () => {
    const ingest = await recordIngest(MINIMAL, { aliases: [{ name: 'contribution' }] });
    expect(JSON.stringify(ingest.child('srt').options.aliases)).to.include('"contribution"');
  });

  it('tags every child that can have tags, the user last', async () => {
    const tags = { team: 'video', Name: pulumi.output('mine') };
    const { graph, resources } = await recordIngest({ ...FULL, tags }, {}, grant);
    assertTags(graph, {
      required: { team: ['video'], Name: ['mine'], 'aws-media:component': ['SrtIngest'] },
    });
    const untagged = resources.filter(({ custom, inputs }) => custom && !('tags' in inputs));
    expect([...new Set(untagged.map(({ type }) => type))].sort()).to.deep.equal(UNTAGGED);
  });

  it('has a rule for the name of every child', async () => {
    const ingest = await recordIngest(FULL, {}, grant);
    const types = new Set(ingest.resources.filter(({ custom }) => custom).map(({ type }) => type));
    const known = [
      ...Object.keys(NAME_RULES),
      ...Object.keys(INGEST_NAME_LIMITS),
      ...AUTO_NAMED_TYPES,
      ...INGEST_UNNAMED_TYPES,
    ];
    expect([...types].filter((type) => !known.includes(type))).to.deep.equal([]);
    for (const { type, inputs } of ingest.resources) {
      if (type in INGEST_NAME_LIMITS) expect(inputs['name'], type).to.be.a('string');
    }
  });

  it('has names within limits, whatever component, channel, project and stack are called', async () => {
    const title = fc.string({ unit: fc.constantFrom(...'abzAZ09-_.'), minLength: 1, maxLength: 100 });
    const id = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
    const component = fc.stringMatching(/^[A-Za-z0-9/_+=.@-]{1,150}$/);
    await fc.assert(
      fc.asyncProperty(component, id, title, title, async (name, channel, project, stack) => {
        const { graph } = await recordProgramOf(
          () => grant(new SrtIngest(name, { ...MINIMAL, channels: { [channel]: MINIMAL.channels.news } })),
          { project, stack },
        );
        assertNames(graph);
      }),
      { numRuns: 10 },
    );
  });

  it('gives load balancers and names that are cut alike names of their own', async () => {
    const long = 'a-channel-with-quite-a-long-name-';
    const channels = {
      [`${long}1`]: { zone: 'use1-az4', port: 9001 },
      [`${long}2`]: { zone: 'use1-az4', port: 9002 },
    };
    const ingest = await recordIngest({ ...MINIMAL, channels });
    const names = ingest.query.byType('aws:lb/targetGroup:TargetGroup').map(({ inputs }) => inputs['name']);
    expect(new Set(names).size).to.equal(2);
  });

  it('names anew what AWS would replace, so that the new one is made before the old one goes', async () => {
    const nameOf = async (child: string, more: Partial<SrtIngestArgs>) =>
      (await recordIngest({ ...MINIMAL, ...more })).text(child, 'name');
    const other = { vpcId: 'vpc-0123456789abcdef1', zones: NETWORK.zones };
    const moved = {
      ...NETWORK,
      zones: { 'use1-az4': { ...NETWORK.zones['use1-az4'], publicSubnetId: 'subnet-00000000000000001' } },
    };
    const replaced: [child: string, more: Partial<SrtIngestArgs>][] = [
      ['srt-channel-news', { channels: { news: { zone: 'use1-az4', port: 9002 } } }],
      ['srt-channel-news', { network: other }],
      ['srt-targets', { network: other }],
      ['srt-zone-use1-az4', { entry: 'private' }],
      ['srt-zone-use1-az4', { network: moved }],
    ];
    for (const [child, more] of replaced) {
      expect(await nameOf(child, more), child).not.to.equal(await nameOf(child, {}));
    }
    const channels = { news: { zone: 'use1-az4', port: 9001, healthPort: 9002 } };
    expect(await nameOf('srt-channel-news', { channels })).to.equal(await nameOf('srt-channel-news', {}));
  });

  it('takes a MediaVpc as its network, and leaves it as it is', async () => {
    const zones = ['use1-az4', 'use1-az6'];
    const only = await recordProgramOf(() => void new MediaVpc('media', { zones, environment: 'dev' }));
    const both = await recordProgramOf(() => {
      const network = new MediaVpc('media', { zones, environment: 'dev' });
      return void new SrtIngest('srt', { ...MINIMAL, network });
    });
    assertReaches(both.graph, 'srt-zone-use1-az4', 'media-public-use1-az4', {
      property: 'subnets',
      direct: true,
    });
    assertReaches(both.graph, 'srt-channel-news', 'media', { property: 'vpcId' });
    const own = ({ resources }: Recorded) => resources.filter(({ name }) => name.startsWith('media'));
    expect(own(both).map(({ urn, inputs }) => ({ urn, inputs }))).to.deep.equal(
      own(only).map(({ urn, inputs }) => ({ urn, inputs })),
    );
  });

  it('leads from the address of a channel to its instances', async () => {
    const { graph } = await recordIngest(FULL, {}, told);
    assertReaches(graph, 'srt-zone-use1-az4-listener', 'srt-accelerator', { property: 'acceleratorArn' });
    assertReaches(graph, 'srt-zone-use1-az4-endpoint', 'srt-zone-use1-az4', {
      property: 'endpointConfigurations[*].endpointId',
      output: 'arn',
      direct: true,
    });
    assertReaches(graph, 'srt-channel-news-listener', 'srt-zone-use1-az4', { property: 'loadBalancerArn' });
    assertReaches(graph, 'srt-channel-news-listener', 'srt-channel-news', {
      property: 'defaultActions[*].targetGroupArn',
    });
    assertReaches(graph, 'srt-zone-use1-az4-media-in', 'srt-targets', { property: 'securityGroupId' });
  });

  it('lets each kind of child be changed', async () => {
    const changed = new Map<string, string[]>();
    const ingest = await recordIngest(
      FULL,
      {
        transform: Object.fromEntries(
          INGEST_TRANSFORMS.map((kind) => [
            kind,
            (args: Record<string, unknown>, opts: pulumi.CustomResourceOptions, name: string) => {
              changed.set(kind, [...(changed.get(kind) ?? []), name]);
              if (kind === 'loadBalancer') args['enableZonalShift'] = true;
              if (kind === 'secret') opts.retainOnDelete = true;
            },
          ]),
        ),
      },
      grant,
    );
    expect([...changed.keys()].sort()).to.deep.equal([...INGEST_TRANSFORMS].sort());
    const names = [...changed.values()].flat().sort();
    const children = ingest.resources.filter(({ custom }) => custom).map(({ name }) => name);
    expect(names).to.deep.equal(children.sort());
    expect(ingest.inputs('srt-zone-use1-az6')['enableZonalShift']).to.equal(true);
    expect(ingest.child('srt-channel-news-passphrase').options.retainOnDelete).to.equal(true);
  });

  it('creates nothing and checks nothing where it is only looked up by its URN', async () => {
    let nodes: unknown = 'not looked up';
    const ingest = await recordProgramOf(() => {
      const urn = 'urn:pulumi:test::video::aws-media:index:SrtIngest::srt';
      nodes = new SrtIngest('srt', {} as SrtIngestArgs, { urn }).nodes;
    }).catch((error: unknown) => error as Error);
    expect(nodes).to.equal(undefined);
    if (!(ingest instanceof Error)) expect(ingest.list).to.deep.equal([]);
  });

  const golden: [name: string, args: SrtIngestArgs][] = [
    ['minimal', MINIMAL],
    ['full', FULL],
  ];
  for (const [name, args] of golden) {
    it(`has changed in nothing that nobody looked at: ${name}`, async () => {
      const { graph } = await recordIngest(args, {}, (ingest) => {
        grant(ingest);
        return told(ingest);
      });
      matchGolden(graph, path.join(GOLDENS, `${name}.json`));
    });
  }
});

/** Everything of a graph by URN, but its places in the source. */
const pictureOf = ({ resources }: Recorded): ReadonlyMap<string, string> =>
  new Map(
    resources
      .filter(({ custom }) => custom)
      .map(({ urn, inputs, options, dependencies }) => [
        urn,
        JSON.stringify({ inputs, options, dependencies }),
      ]),
  );

describe('a channel of SrtIngest', () => {
  const ids = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/), {
    minLength: 2,
    maxLength: 6,
  });
  const entry = fc.constantFrom('internet', 'accelerator', 'private');

  it('keeps everything that it has when others are added, removed or moved', async () => {
    await fc.assert(
      fc.asyncProperty(ids, fc.nat(), entry, async (names, seed, way) => {
        const entries = names.map((id, n): [string, SrtIngestArgs['channels'][string]] => [
          id,
          {
            zone: n % 2 === 0 ? 'use1-az4' : 'use1-az6',
            port: (n % 2 === 0 ? 9000 : 9100) + ((seed + 7 * n) % 50),
            ...(n % 3 === 0 && { sources: ['van'] }),
          },
        ]);
        const record = (channels: typeof entries) =>
          recordIngest({
            ...MINIMAL,
            zones: FULL.zones,
            sources: { studio: '203.0.113.0/24', van: '198.51.100.7/32' },
            entry: way,
            channels: Object.fromEntries(channels),
          });
        const all = pictureOf(await record(entries));
        expect(pictureOf(await record([...entries].reverse()))).to.deep.equal(all);
        const gone = entries[seed % entries.length]![0];
        const fewer = pictureOf(await record(entries.filter(([id]) => id !== gone)));
        for (const [urn, picture] of fewer) expect(all.get(urn), urn).to.equal(picture);
        const own = [...all.keys()].filter((urn) => !fewer.has(urn));
        const begin = `srt-channel-${gone}`;
        for (const urn of own) {
          const name = urn.slice(urn.lastIndexOf('::') + 2);
          expect(
            name === begin || name.startsWith(`${begin}-`) || name.startsWith(`${begin}_`),
            name,
          ).to.equal(true);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('keeps everything when a zone is added or a source that it does not name', async () => {
    const channels = { news: { ...MINIMAL.channels.news, sources: ['studio'] } };
    const before = pictureOf(await recordIngest({ ...MINIMAL, channels, entry: 'accelerator' }));
    const after = pictureOf(
      await recordIngest({
        ...MINIMAL,
        entry: 'accelerator',
        channels: { ...channels, sport: { zone: 'use1-az6', port: 9101 } },
        zones: { 'use1-az6': FULL.zones['use1-az6'], ...MINIMAL.zones },
        sources: { van: '198.51.100.7/32', ...MINIMAL.sources },
      }),
    );
    for (const [urn, picture] of before) expect(after.get(urn), urn).to.equal(picture);
  });

  it('is one of 25 of the reference load: four resources each, eight that they share', async () => {
    const channels = Object.fromEntries(
      Array.from({ length: 25 }, (_, n) => [`channel-${n}`, { zone: 'use1-az4', port: 9000 + n }]),
    );
    const { resources } = await recordIngest({ ...MINIMAL, channels });
    expect(resources).to.have.length(8 + 25 * 4);
  });
});
