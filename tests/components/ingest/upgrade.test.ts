import { expect } from 'chai';
import type { SrtIngestArgs, SrtIngestOptions } from '../../../components/ingest';
import { assertUpgrade, compareGraphs, type Graph } from '../../../testing';
import { FULL, MINIMAL, recordIngest } from './ingest-recording';

const DEV = { ...MINIMAL, environment: 'dev' } as const;
const graphOf = async (args: SrtIngestArgs, options?: SrtIngestOptions): Promise<Graph> =>
  (await recordIngest(args, options)).graph;
const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf('::') + 2);

describe('an update of SrtIngest', () => {
  it('to itself changes nothing', async () => {
    const { steps } = compareGraphs(await graphOf(FULL), await graphOf(FULL));
    expect([...new Set(steps.map(({ operation }) => operation))]).to.deep.equal(['same']);
  });

  it('replaces nothing for another channel, source, zone or health check', async () => {
    const before = await graphOf(MINIMAL);
    const sport = { zone: 'use1-az4', port: 9002 };
    for (const more of [
      { channels: { ...MINIMAL.channels, sport } },
      { sources: { ...MINIMAL.sources, van: '198.51.100.7/32' } },
      { zones: { ...MINIMAL.zones, 'use1-az6': { ports: { from: 9100, to: 9149 } } } },
      { deregistrationSeconds: 5, healthCheck: { intervalSeconds: 30 } },
    ] satisfies Partial<SrtIngestArgs>[]) {
      assertUpgrade(before, await graphOf({ ...MINIMAL, ...more }));
    }
  });

  it('replaces the target group of a channel whose port changes, and loses nothing', async () => {
    const channels = { news: { zone: 'use1-az4', port: 9002 } };
    const { replaces, deleted, renamed } = compareGraphs(
      await graphOf(DEV),
      await graphOf({ ...DEV, channels }),
    );
    expect([...new Set(replaces.map(({ urn, severity }) => `${severity} ${nameOf(urn)}`))]).to.deep.equal([
      'change srt-channel-news',
    ]);
    expect([deleted, renamed]).to.deep.equal([[], []]);
  });

  it('is refused by the engine in prod where the balancer would be another one, with another address', async () => {
    const replaced = async (args: SrtIngestArgs) =>
      compareGraphs(await graphOf(args), await graphOf({ ...args, entry: 'accelerator' })).replaces;
    const severities = (found: Awaited<ReturnType<typeof replaced>>) => [
      ...new Set(found.map(({ urn, severity }) => `${severity} ${nameOf(urn)}`)),
    ];
    expect(severities(await replaced(MINIMAL))).to.deep.equal(['blocked srt-zone-use1-az4']);
    expect(severities(await replaced(DEV))).to.deep.equal(['change srt-zone-use1-az4']);
  });

  it('loses the passphrase of a channel that is taken out, where secrets are not kept', async () => {
    const both = { ...MINIMAL.channels, sport: { zone: 'use1-az4', port: 9002 } };
    const gone = async (environment: 'dev' | 'prod') => {
      const before = await graphOf({ ...MINIMAL, environment, channels: both });
      const { deleted } = compareGraphs(before, await graphOf({ ...MINIMAL, environment }));
      return deleted.find(({ urn }) => nameOf(urn) === 'srt-channel-sport-passphrase')?.severity;
    };
    expect([await gone('dev'), await gone('prod')]).to.deep.equal(['loss', 'blocked']);
  });
});
