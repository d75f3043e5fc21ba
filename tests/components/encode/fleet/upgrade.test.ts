import { expect } from 'chai';
import type { NvencEncodeFleetArgs } from '../../../../components/encode/fleet';
import { assertUpgrade, compareGraphs, type Graph, type UpgradeCheck } from '../../../../testing';
import { IMAGE, NETWORK, recordFleet } from './fleet-recording';

type Given = Partial<NvencEncodeFleetArgs>;

/** Alarms are of no other kind than the rest, and there are many. */
const QUIET = { alarms: false } as const;
const NEWS = { ladder: 'hevc-2160p30-50', port: 9001 } as const;
const SPORT = { ladder: 'h264-1080p', port: 9002 } as const;

const graphOf = async (args: Given = {}): Promise<Graph> => (await recordFleet({ ...QUIET, ...args })).graph;
const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf('::') + 2);
/** What is deleted, replaced or perhaps replaced, by severity. */
const broken = ({ renamed, deleted, replaces, mayReplace }: UpgradeCheck): string[] =>
  [...renamed, ...deleted, ...replaces, ...mayReplace].map(
    ({ urn, severity }) => `${severity} ${nameOf(urn)}`,
  );

describe('an update of NvencEncodeFleet', () => {
  it('to itself changes nothing', async () => {
    const { steps } = compareGraphs(await graphOf(), await graphOf());
    expect([...new Set(steps.map(({ operation }) => operation))]).to.deep.equal(['same']);
  });

  it('replaces nothing for another channel, type, way of paying, disk or image of the machine', async () => {
    const before = await graphOf();
    for (const args of [
      { channels: { news: NEWS, sport: SPORT } },
      { instanceTypes: ['g5.xlarge', 'g6.xlarge'] },
      { purchase: { 'on-demand': 100, spot: 0 } },
      { diskGib: 80, ami: { id: 'ami-0123456789abcdef0' } },
      { containerInsights: 'enabled', logRetentionDays: 7, tags: { team: 'video' }, alarms: {} },
    ] satisfies Given[]) {
      assertUpgrade(before, await graphOf(args));
    }
  });

  it('to a reservation changes the group of its pool alone', async () => {
    const reserved = { 'use1-az4-g5-xlarge-on-demand': { ids: ['cr-0123456789abcdef0'] } };
    const { steps, replaces } = compareGraphs(
      await graphOf(),
      await graphOf({ capacityReservations: reserved }),
    );
    const touched = steps.filter(({ operation }) => operation !== 'same');
    expect(touched.map(({ operation, urn }) => `${operation} ${nameOf(urn)}`)).to.deep.equal([
      'update live-use1-az4-g5-xlarge-on-demand',
    ]);
    expect(replaces).to.deep.equal([]);
  });

  it('to a new image makes a new revision of the task, and keeps the one before for the way back', async () => {
    const after = await graphOf({ image: IMAGE.replace('ab', 'cd') });
    const check = compareGraphs(await graphOf(), after);
    expect(broken(check)).to.deep.equal(['change live-channel-news-task']);
    const task = after.resources.find(({ name }) => name === 'live-channel-news-task');
    expect(task?.inputs['skipDestroy']).to.equal(true);
  });

  it('deletes of a channel that is taken out what is its own, and in prod keeps its log', async () => {
    const both = { news: NEWS, sport: SPORT };
    const gone = async (environment: 'dev' | 'prod') =>
      broken(
        compareGraphs(
          await graphOf({ environment, channels: both }),
          await graphOf({ environment, channels: { news: NEWS } }),
        ),
      ).sort();
    const others = ['live-channel-sport-role', 'live-channel-sport-service', 'live-channel-sport-task'];
    const rest = [...others, 'media-live-sport-write'].map((name) => `change ${name}`);
    expect(await gone('dev')).to.deep.equal([...rest, 'loss live-channel-sport-log'].sort());
    expect(await gone('prod')).to.deep.equal([...rest, 'kept live-channel-sport-log'].sort());
  });

  it('of the zone of one channel leaves the others as they are', async () => {
    const here = 'use1-az4';
    const channels = (zone: string) => ({ news: { ...NEWS, zone: here }, sport: { ...SPORT, zone } });
    const check = compareGraphs(
      await graphOf({ network: NETWORK, channels: channels(here) }),
      await graphOf({ network: NETWORK, channels: channels('use1-az6') }),
    );
    const touched = check.steps.filter(({ operation }) => operation !== 'same').map(({ urn }) => nameOf(urn));
    expect(touched.sort()).to.deep.equal([
      'live-channel-sport-service',
      'live-channel-sport-task',
      'media-live-sport-write',
    ]);
  });
});
