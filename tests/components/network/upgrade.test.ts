import { expect } from 'chai';
import { MediaVpc, type MediaVpcArgs } from '../../../components/network';
import { assertUpgrade, compareGraphs, type Graph } from '../../../testing';
import { recordProgramOf } from '../recorded';
import { ZONES, recordVpc } from './network-recording';

const graphOf = async (args: Partial<MediaVpcArgs> = {}): Promise<Graph> => (await recordVpc(args)).graph;
const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf('::') + 2);

describe('an update of MediaVpc', () => {
  it('to itself changes nothing', async () => {
    const { steps } = compareGraphs(await graphOf(), await graphOf());
    expect([...new Set(steps.map(({ operation }) => operation))]).to.deep.equal(['same']);
  });

  it('replaces nothing for a third zone, a gateway a zone or another retention', async () => {
    const before = await graphOf({ nat: 'one' });
    for (const args of [
      { nat: 'one', zones: [...ZONES, 'use1-az1'] },
      { nat: 'one', zones: ['use1-az1', ...ZONES], natZone: ZONES[0] },
      { nat: 'per-zone' },
      { nat: 'one', flowLogs: { keepFor: '30 days' } },
      { nat: 'one', trustedAccounts: ['210987654321'], tags: { team: 'video' } },
    ] as const) {
      assertUpgrade(before, await graphOf(args));
    }
  });

  it('is refused in prod where the one gateway would move with the order of the zones', async () => {
    const { renamed } = compareGraphs(
      await graphOf({ nat: 'one' }),
      await graphOf({ nat: 'one', zones: ['use1-az1', ...ZONES] }),
    );
    expect(renamed.map(({ from, severity }) => `${severity} ${nameOf(from)}`).sort()).to.deep.equal([
      'blocked media-nat-use1-az4-address',
      'change media-nat-use1-az4',
    ]);
  });

  it('is refused by the engine in prod where its addresses change, and named elsewhere', async () => {
    const moved = async (args: Partial<MediaVpcArgs>) => {
      const { replaces } = compareGraphs(
        await graphOf(args),
        await graphOf({ ...args, cidrBlock: '10.9.0.0/16' }),
      );
      return replaces.map(({ urn, severity }) => `${severity} ${nameOf(urn)}`);
    };
    const subnets = ZONES.flatMap((zone) =>
      ['isolated', 'private', 'public'].map((tier) => `change media-${tier}-${zone}`),
    );
    expect((await moved({})).sort()).to.deep.equal(['blocked media-vpc', ...subnets].sort());
    expect((await moved({ environment: 'dev', nat: 'one' })).sort()).to.deep.equal(
      ['change media-vpc', ...subnets].sort(),
    );
  });

  it('under another name keeps all with an alias, and without it loses the address that others know', async () => {
    const args = { zones: ZONES, environment: 'dev', nat: 'one' } as const;
    const named = async (name: string, was?: string): Promise<Graph> => {
      const options = was === undefined ? {} : { aliases: [{ name: was }] };
      return (await recordProgramOf(() => void new MediaVpc(name, args, options))).graph;
    };
    const check = compareGraphs(await named('media'), await named('video', 'media'));
    expect([check.renamed, check.deleted, check.created, check.replaces]).to.deep.equal([[], [], [], []]);
    const { renamed, deleted } = compareGraphs(await named('media'), await named('video'));
    const lost = [...renamed, ...deleted].filter(({ severity }) => severity === 'loss');
    expect(lost.map(({ message }) => message).join('\n')).to.match(/media-nat-use1-az4-address is deleted/);
  });
});
