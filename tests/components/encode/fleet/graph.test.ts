import { Provider } from '@pulumi/aws/provider';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  NvencEncodeFleet,
  type FleetChannelArgs,
  type NvencEncodeFleetArgs,
} from '../../../../components/encode/fleet';
import { CHANNEL_ALARMS } from '../../../../components/encode/fleet/alarms';
import { FLEET_TRANSFORMS } from '../../../../components/encode/fleet/args';
import { assertNames, assertTags } from '../../../../testing';
import { recordProgramOf, type Recorded } from '../../storage/store-recording';
import { NETWORK, makeStore, minimal, recordFleet, recordReference } from './fleet-recording';

const LADDER = 'hevc-2160p30-50' as const;

/** With a child of every kind. */
const EVERY: Partial<NvencEncodeFleetArgs> = {
  network: NETWORK,
  instanceTypes: ['g6.xlarge', 'g5.xlarge'],
  purchase: { 'on-demand': 100, spot: 0 },
  placement: 'partition',
  executeCommand: true,
  channels: {
    news: { zone: 'use1-az4', ladder: LADDER, port: 9001 },
    sport: { zone: 'use1-az6', ladder: LADDER, port: 9002, purchase: 'spot', acceptInterruption: true },
  },
};
const ofFleet = (fleet: Recorded) => fleet.query.children(fleet.child('live').urn);

describe('NvencEncodeFleet in the graph', () => {
  it('parents every child, and passes provider and region on to each', async () => {
    const fleet = await recordProgramOf(() => {
      const provider = new Provider('elsewhere', { region: 'eu-north-1' });
      const store = makeStore();
      const zones = { 'eun1-az1': NETWORK.zones['use1-az4']! };
      const network = { ...NETWORK, zones };
      void new NvencEncodeFleet(
        'live',
        {
          ...minimal(store),
          network,
          channels: { news: { ladder: LADDER, port: 9001, storeZone: 'use1-az4', source: 'srt' } },
          store: {
            ...{
              runtimeEnvironment: store.runtimeEnvironment,
              directoryBucketNames: pulumi.output<Record<string, string>>({}),
            },
            grantWrite: store.grantWrite.bind(store),
          },
        },
        { provider },
      );
    });
    const children = ofFleet(fleet);
    expect(children).to.have.length(18 + CHANNEL_ALARMS.length);
    for (const { name, provider } of children) expect(provider, name).to.include('::elsewhere::');
    expect(fleet.text('live-channel-news-task', 'containerDefinitions')).to.include(
      '"awslogs-region":"eu-north-1"',
    );
  });

  it('takes an alias, so that a program may rename it', async () => {
    const fleet = await recordFleet({}, { aliases: [{ name: 'encoders' }] });
    expect(JSON.stringify(fleet.child('live').options.aliases)).to.include('"encoders"');
  });

  it('tags every child that can have tags, the user last', async () => {
    const fleet = await recordFleet({ ...EVERY, tags: { team: 'video', Name: pulumi.output('mine') } });
    const graph = {
      ...fleet.graph,
      resources: fleet.graph.resources.filter(({ name }) => name.startsWith('live-')),
    };
    const report = assertTags(graph, {
      required: { team: ['video'], Name: ['mine'], 'aws-media:component': ['NvencEncodeFleet'] },
    });
    expect(report.checked).to.be.greaterThan(40);
  });

  it('names every child within its service’s limits, whatever component, project and stack are called', async () => {
    const title = fc.string({ unit: fc.constantFrom(...'abzAZ09-_.'), minLength: 1, maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }).filter((name) => !name.includes('::')),
        title,
        title,
        async (name, project, stack) => {
          const channels = {
            [`${'c'.repeat(62)}0`]: { zone: 'use1-az4', ladder: LADDER, port: 9001 },
          };
          const fleet = await recordProgramOf(
            () => void new NvencEncodeFleet(name, { ...minimal(makeStore()), ...EVERY, channels }),
            { project, stack },
          );
          const report = assertNames(fleet.graph, {
            exceptions: { 'aws:s3/directoryBucket:DirectoryBucket': 'tested with the store' },
          });
          expect(report.checked).to.be.greaterThan(20);
        },
      ),
      { numRuns: 10 },
    );
  });

  it('begins no name as AWS keeps for itself', async () => {
    for (const project of ['ecs', 'aws-video', 'fargate', 'sg-']) {
      const fleet = await recordProgramOf(() => void new NvencEncodeFleet('live', minimal(makeStore())), {
        project,
      });
      for (const type of [
        'aws:ecs/capacityProvider:CapacityProvider',
        'aws:ec2/securityGroup:SecurityGroup',
      ]) {
        const [resource] = fleet.query.byType(type);
        expect(fleet.text(resource!.name, 'name')).not.to.match(/^(?:aws|ecs|fargate|sg-)/);
      }
      expect(fleet.text('live-instances', 'name')).to.match(/^m-/);
    }
  });

  it('lets each kind of child be changed', async () => {
    const changed = new Set<string>();
    const names: string[] = [];
    const fleet = await recordFleet(EVERY, {
      transform: Object.fromEntries(
        FLEET_TRANSFORMS.map((kind) => [
          kind,
          (args: Record<string, unknown>, opts: pulumi.CustomResourceOptions, name: string) => {
            changed.add(kind);
            names.push(name);
            if (kind === 'service') args['desiredCount'] = 0;
            if (kind === 'cluster') opts.protect = true;
          },
        ]),
      ),
    });
    expect([...changed].sort()).to.deep.equal([...FLEET_TRANSFORMS].sort());
    expect(names.sort()).to.deep.equal(
      ofFleet(fleet)
        .map(({ name }) => name)
        .sort(),
    );
    expect(fleet.inputs('live-channel-news-service')['desiredCount']).to.equal(0);
    expect(fleet.child('live-cluster').options.protect).to.equal(true);
  });

  it('changes nothing of a channel when others are added, removed or put into another order', async () => {
    const record = async (ids: readonly string[]) => {
      const channels = Object.fromEntries(ids.map((id) => [id, channelOf(id)]));
      const fleet = await recordFleet({
        network: NETWORK,
        instanceTypes: ['g6.xlarge', 'g5.xlarge'],
        purchase: { committed: 70, 'on-demand': 10, spot: 20 },
        channels,
      });
      return new Map(
        ids.map((id) => {
          const own = fleet.resources.filter(
            ({ name }) => name.startsWith(`live-channel-${id}-`) || name === `media-live-${id}-write`,
          );
          const lines = own.map(({ urn, inputs, dependencies, options }) =>
            JSON.stringify([urn, inputs, dependencies, options]),
          );
          return [id, lines.sort()];
        }),
      );
    };
    const all = ['a0', 'b1', 'c2', 'd3', 'e4', 'f5'];
    const whole = await record(all);
    for (const lines of whole.values()) expect(lines).to.have.length(5 + CHANNEL_ALARMS.length);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(all, { minLength: 1 }), async (ids) => {
        for (const [id, lines] of await record(ids)) expect(lines, id).to.deep.equal(whole.get(id));
      }),
      { numRuns: 8 },
    );
  });

  it('has the same pools whatever channels there are, so that a channel can leave', async () => {
    const pools = async (channels: Record<string, FleetChannelArgs>) => {
      const { resources } = await recordFleet({ ...EVERY, channels });
      const types = ['aws:autoscaling/group:Group', 'aws:ecs/capacityProvider:CapacityProvider'];
      return resources
        .filter(({ type, name }) => types.includes(type) || name === 'live-providers')
        .map(({ urn, inputs }) => JSON.stringify([urn, inputs]));
    };
    expect(await pools({})).to.deep.equal(await pools(EVERY.channels!));
  });

  it('puts each channel of the reference load on half an L4: 25 channels, on G6 with G5 to fall back on', async () => {
    const fleet = await recordReference(25);
    const { placements } = fleet.graph.outputs as {
      placements: Record<string, { instanceType: string; channelsPerInstance: number }>;
    };
    expect(fleet.query.byType('aws:ecs/service:Service')).to.have.length(25);
    expect(
      Object.values(placements).map((each) => `${each.instanceType} ${each.channelsPerInstance}`),
    ).to.deep.equal(Array.from({ length: 25 }, () => 'g6.xlarge 2'));
  });

  it('takes time to record in proportion to its channels: 25 of them at most eight times as much as five', async function () {
    this.timeout(30_000);
    // Not by the clock: other programs may have the processor meanwhile. The least of three is without their traces.
    const seconds = async (channels: number): Promise<number> => {
      const start = process.cpuUsage();
      await recordReference(channels);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1e6;
    };
    const least = async (channels: number): Promise<number> => {
      const times = [await seconds(channels), await seconds(channels), await seconds(channels)];
      return Math.min(...times);
    };
    // Five would be proportion alone, 25 its square.
    expect((await least(25)) / (await least(5))).to.be.below(8);
  });
});

/** Fixed by its id alone. */
const channelOf = (id: string): FleetChannelArgs => ({
  zone: id < 'd' ? 'use1-az4' : 'use1-az6',
  ladder: LADDER,
  port: 9000 + Number(id[1]),
  acceptInterruption: true,
});
