import { Provider } from '@pulumi/aws/provider';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import fc from 'fast-check';
import { NvencEncodeFleetOnEks, type NvencEncodeFleetOnEksArgs } from '../../../components/eks';
import { EKS_TRANSFORMS } from '../../../components/eks/args';
import type { FleetChannelArgs } from '../../../components/encode/fleet';
import { SrtIngest } from '../../../components/ingest';
import { assertNames, assertTags, viewOf, type Graph, type GraphValue } from '../../../testing';
import { recordProgramOf, type Recorded } from '../recorded';
import { LADDER, NETWORK, makeCluster, makeStore, minimal, only, recordFleet } from './eks-recording';

/** With a child of every kind that managed nodes have. */
const every = (): Partial<NvencEncodeFleetOnEksArgs> => ({
  instanceTypes: ['g6.xlarge', 'g5.xlarge'],
  purchase: { 'on-demand': 100, spot: 0 },
  ingest: new SrtIngest('srt', {
    network: NETWORK,
    zones: { 'use1-az4': { ports: { from: 9000, to: 9049 } } },
    channels: { news: { zone: 'use1-az4', port: 9001 } },
    sources: { studio: '203.0.113.7/32' },
    environment: 'dev',
  }),
  channels: {
    news: { zone: 'use1-az4', ladder: LADDER },
    sport: { zone: 'use1-az6', ladder: LADDER, port: 9002, purchase: 'spot', acceptInterruption: true },
  },
});
const karpenter = (): Partial<NvencEncodeFleetOnEksArgs> => ({ cluster: makeCluster(), nodes: 'karpenter' });
const ofFleet = (fleet: Recorded, name = 'live') => fleet.query.children(only(fleet, TYPE, name).urn);
const TYPE = 'aws-media:index:NvencEncodeFleetOnEks';

/** Inputs of a graph's resources that are unknown, by name, and by whose outputs. */
function open(graph: Graph): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const visit = (value: GraphValue, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('$unknown' in value) {
      found[path] = (value['$unknown'] as string[]).map((of) => of.slice(of.lastIndexOf('::') + 2)).sort();
    } else for (const [key, item] of Object.entries(value)) visit(item, `${path}.${key}`);
  };
  for (const { name, inputs, custom } of graph.resources)
    if (custom && name.startsWith('live')) visit(inputs, name);
  return found;
}

describe('NvencEncodeFleetOnEks in the graph', function () {
  this.timeout(20_000);

  let whole: Recorded;
  before(async () => {
    whole = await recordFleet(() => ({ ...every(), tags: { team: 'video' } }));
  });

  it('passes provider and region on to each child of AWS, and the cluster’s own provider to those of Kubernetes', async () => {
    const fleet = await recordProgramOf(() => {
      const provider = new Provider('elsewhere', { region: 'eu-north-1' });
      const zones = {
        'eun1-az1': NETWORK.zones['use1-az4']!,
        'eun1-az2': NETWORK.zones['use1-az6']!,
      };
      const store = makeStore();
      const found = {
        runtimeEnvironment: store.runtimeEnvironment,
        directoryBucketNames: pulumi.output<Record<string, string>>({}),
        grantWrite: store.grantWrite.bind(store),
      };
      const channels = { news: { zone: 'eun1-az1', ladder: LADDER, port: 9001, storeZone: 'use1-az4' } };
      const args = { ...minimal(found), network: { ...NETWORK, zones }, channels };
      void new NvencEncodeFleetOnEks('live', args, { provider });
    });
    const children = ofFleet(fleet);
    expect(children).to.have.length(19);
    const own = children.filter(({ custom, type }) => custom && !type.startsWith('pulumi:'));
    for (const { name, type, provider } of own) {
      expect(provider, name).to.include(type.startsWith('aws:') ? '::elsewhere::' : '::live-kubernetes::');
    }
    for (const type of ['aws:eks/nodeGroup:NodeGroup', 'aws:eks/cluster:Cluster']) {
      for (const { name, provider } of fleet.query.byType(type))
        expect(provider, name).to.include('::elsewhere::');
    }
    const text = JSON.stringify(fleet.inputs('live-channel-news'));
    expect(text).to.include('{"name":"AWS_REGION","value":"eu-north-1"}');
  });

  it('takes an alias, so that a program may rename it', async () => {
    const fleet = await recordFleet({}, { aliases: [{ name: 'encoders' }] });
    expect(JSON.stringify(only(fleet, TYPE, 'live').options.aliases)).to.include('"encoders"');
  });

  it('tags every child that can have tags, the user last', () => {
    const own = ofFleet(whole).filter(({ type }) => type.startsWith('aws:'));
    const report = assertTags(
      { ...whole.graph, resources: own },
      { required: { team: ['video'], 'aws-media:component': ['NvencEncodeFleetOnEks'], Name: /^live-/ } },
    );
    expect(report.checked).to.equal(8);
    for (const { name, inputs } of whole.query.byType('aws:eks/nodeGroup:NodeGroup')) {
      expect(inputs['tags'], name).to.deep.include({ team: 'video', Name: name });
    }
  });

  it('names every child within its service’s limits, whatever component, project and stack are called', async () => {
    const title = fc.string({ unit: fc.constantFrom(...'abzAZ09-_.'), minLength: 1, maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }).filter((name) => !name.includes('::')),
        title,
        title,
        async (name, project, stack) => {
          const id = `${'c'.repeat(62)}0`;
          const channels = { [id]: { zone: 'use1-az4', ladder: LADDER, port: 9001 } };
          const fleet = await recordProgramOf(
            () => void new NvencEncodeFleetOnEks(name, { ...minimal(makeStore()), channels }),
            { project, stack },
          );
          for (const { inputs } of fleet.query.byType('aws:eks/nodeGroup:NodeGroup')) {
            expect(inputs['nodeGroupNamePrefix']).to.match(/^[a-z0-9][a-z0-9-]{0,36}$/);
            expect(
              Object.values((inputs['labels'] as Record<string, string> | undefined) ?? {}).join(''),
            ).to.match(/^[a-z0-9-]{0,126}$/);
          }
          const [namespace] = fleet.query.byType('kubernetes:core/v1:Namespace');
          const { name: given } = namespace!.inputs['metadata'] as { name: string };
          expect(given).to.match(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
          // Those of @pulumi/eks name themselves.
          const resources = ofFleet(fleet, name).filter(({ type }) => type.startsWith('aws:'));
          const exceptions = { 'aws:eks/addon:Addon': 'the name of a program of AWS' };
          const report = assertNames({ ...fleet.graph, resources }, { exceptions });
          expect(report.checked).to.equal(4);
        },
      ),
      { numRuns: 5 },
    );
  });

  it('lets each kind of child be changed', async () => {
    const changed = new Set<string>();
    const names: string[] = [];
    const transform = Object.fromEntries(
      EKS_TRANSFORMS.map((kind) => [
        kind,
        (args: Record<string, unknown>, opts: pulumi.CustomResourceOptions, name: string) => {
          changed.add(kind);
          names.push(name);
          if (kind === 'nodeGroup') args['releaseVersion'] = '1.34.2-20261101';
          if (kind === 'deployment') opts.protect = true;
        },
      ]),
    );
    const managed = await recordFleet(every, { transform });
    expect(names.sort()).to.deep.equal(
      ofFleet(managed)
        .map(({ name }) => name)
        .sort(),
    );
    await recordFleet(karpenter, { transform });
    expect([...changed].sort()).to.deep.equal([...EKS_TRANSFORMS].sort());
    expect(managed.query.byType('aws:eks/nodeGroup:NodeGroup')[0]!.inputs['releaseVersion']).to.equal(
      '1.34.2-20261101',
    );
    expect(managed.child('live-channel-news').options.protect).to.equal(true);
  });

  it('changes nothing of a channel when others are added, removed or put into another order', async () => {
    const record = async (ids: readonly string[]) => {
      const channels = Object.fromEntries(ids.map((id) => [id, channelOf(id)]));
      const mix = { committed: 70, 'on-demand': 10, spot: 20 };
      const fleet = await recordFleet({ instanceTypes: ['g6.xlarge', 'g5.xlarge'], purchase: mix, channels });
      const linesOf = (belongs: (name: string) => boolean) =>
        fleet.resources
          .filter(({ name }) => belongs(name))
          .map(({ urn, inputs, dependencies, options }) =>
            JSON.stringify([urn, inputs, dependencies, options]),
          )
          .sort();
      const own = (id: string) => (name: string) =>
        name === `live-channel-${id}` ||
        name.startsWith(`live-channel-${id}-`) ||
        name === `media-live-${id}-write`;
      const plugin = linesOf((name) => name.startsWith('live-device-plugin'));
      return { plugin, of: new Map(ids.map((id) => [id, linesOf(own(id))])) };
    };
    const all = ['a0', 'b1', 'c2', 'd3', 'e4', 'f5'];
    const known = await record(all);
    for (const lines of known.of.values()) expect(lines).to.have.length(5);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(all, { minLength: 1 }), async (ids) => {
        const found = await record(ids);
        expect(found.plugin).to.deep.equal(known.plugin);
        for (const [id, lines] of found.of) expect(lines, id).to.deep.equal(known.of.get(id));
      }),
      { numRuns: 4 },
    );
  });

  it('has the same pools whatever channels there are, in other sizes', async () => {
    const pools = ({ query }: Recorded) =>
      query
        .byType('aws:eks/nodeGroup:NodeGroup')
        .map(({ urn, inputs }) => JSON.stringify([urn, { ...inputs, scalingConfig: 0 }]))
        .sort();
    const none = await recordFleet(() => ({ ...every(), channels: {}, tags: { team: 'video' } }));
    expect(pools(none)).to.deep.equal(pools(whole));
  });

  describe('in both views of what AWS decides', () => {
    it('known: every input is a plain value, without the text of a missing one', () => {
      const seen = viewOf(whole.graph, 'known');
      expect(open(seen)).to.deep.equal({});
      const inputs = ofFleet(whole).map((each) => each.inputs);
      expect(JSON.stringify(inputs)).not.to.match(/undefined|null|NaN|\[object|Calling \[/);
    });

    it('unknown: leaves open exactly what refers to an output, and names whose', () => {
      const found = open(viewOf(whole.graph, 'unknown'));
      const ofChannel = Object.entries(found)
        .filter(([path]) => path.startsWith('live-channel-news'))
        .map(([path, whose]) => [path.replace(/env\.\d+/, 'env.*'), ...whose].join(' '));
      expect(ofChannel.sort()).to.deep.equal([
        'live-channel-news-identity.clusterName live-cluster-eksCluster#id',
        'live-channel-news-identity.roleArn live-channel-news-role#arn',
        'live-channel-news-role.assumeRolePolicy live-cluster-eksCluster#arn',
        'live-channel-news-targets.autoscalingGroupName live-use1-az4-g6-xlarge-on-demand#resources[0].autoscalingGroups[0].name',
        'live-channel-news-targets.lbTargetGroupArn srt-channel-news#id',
        'live-channel-news.spec.template.spec.containers.0.env.*.value media-general#id media-zone-use1-az4#id',
        'live-channel-news.spec.template.spec.containers.0.env.*.value srt-channel-news-passphrase#id',
      ]);
      expect(found['live-nodes.vpcSecurityGroupIds.0']).to.deep.equal([
        'live-cluster-eksCluster#vpcConfig.clusterSecurityGroupId',
      ]);
    });
  });
});

/** Fixed by its id alone. */
const channelOf = (id: string): FleetChannelArgs => ({
  zone: id < 'd' ? 'use1-az4' : 'use1-az6',
  ladder: LADDER,
  port: 9000 + Number(id[1]),
  acceptInterruption: true,
});
