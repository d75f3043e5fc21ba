import { expect } from 'chai';
import { MediaDashboards } from '../../../components/watch';
import { MAX_METRICS } from '../../../components/watch/limits';
import { recordProgramOf } from '../recorded';
import { fleetOf, refusal } from './dashboards-recording';

const FLEET = fleetOf(1);

/** Graphs of the fleet's dashboard with a line a channel, and those without. */
const LINES_OF_CHANNEL = 13;
const OTHERS = 1;

describe('bad arguments of MediaDashboards', () => {
  const CASES: [what: string, args: unknown, path: string, reason: string][] = [
    [
      'no arguments',
      null,
      'args',
      'is null; allowed: an object; to correct it: write { fleet, origin, cdn }',
    ],
    [
      'a name that nothing has',
      { fleet: FLEET, perchannel: true },
      'perchannel',
      'is true (there is no such property); allowed: fleet, origin, cdn, perChannel, shows, runbook; to correct it: write perChannel',
    ],
    [
      'no fleet',
      {},
      'fleet',
      'is absent; allowed: an NvencEncodeFleet, or what has its outputs; to correct it: write { fleet }, the component itself',
    ],
    ['the name of a fleet', { fleet: 'live' }, 'fleet', 'is "live"; allowed: an NvencEncodeFleet'],
    [
      'an origin by its name',
      { fleet: FLEET, origin: { domainName: 'origin.example.com' } },
      'origin',
      'is {"domainName":"origin.example.com"}; allowed: an LlHlsOrigin, or what has its outputs; to correct it: write { origin }, the component itself',
    ],
    [
      'a distribution by its id',
      { fleet: FLEET, cdn: { nodes: {} } },
      'cdn',
      'is {"nodes":{}}; allowed: a StreamingCdn',
    ],
    ['a choice that is none', { fleet: FLEET, perChannel: 1 }, 'perChannel', 'is 1; allowed: true, false'],
    [
      'a time in the words of ISO 8601',
      { fleet: FLEET, shows: 'PT3H' },
      'shows',
      `is "PT3H"; allowed: 5 minutes to 60 days (a number, a space and a unit: seconds, minutes, hours, days or weeks); to correct it: write '3 hours'`,
    ],
    ['a time too short', { fleet: FLEET, shows: '4 minutes' }, 'shows', 'is "4 minutes"; allowed: 5 minutes'],
    ['a time too long', { fleet: FLEET, shows: '61 days' }, 'shows', 'is "61 days"; allowed: 5 minutes'],
    [
      'a runbook that could be anything',
      { fleet: FLEET, runbook: 'docs/runbook.md' },
      'runbook',
      'is "docs/runbook.md"; allowed: a URL that begins with https://',
    ],
    [
      'more channels than a dashboard has metrics for',
      { fleet: fleetOf(193) },
      'fleet',
      `is "193 channels" (the dashboard of the fleet would have ${193 * LINES_OF_CHANNEL + OTHERS} metrics); allowed: at most ${MAX_METRICS} metrics a dashboard; to correct it: give some of the channels a fleet of their own, with dashboards of its own`,
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

  it('are told all at once', async () => {
    const { errors, message } = await refusal({ fleet: 'live', shows: 3, perChannel: 'no', title: 'x' });
    expect(errors.map(({ propertyPath }) => propertyPath)).to.deep.equal([
      'title',
      'perChannel',
      'shows',
      'fleet',
    ]);
    expect(message).to.match(/^MediaDashboards "watch" has 4 bad arguments:\n/);
  });

  it('are two limits where a graph has too many lines, too', async () => {
    const { errors } = await refusal({ fleet: fleetOf(501) });
    expect(errors.map(({ reason }) => /would have [^)]+/.exec(reason)?.[0])).to.deep.equal([
      'would have 501 metrics in one graph',
      `would have ${501 * LINES_OF_CHANNEL + OTHERS} metrics`,
    ]);
  });

  it('among the transforms are named with what was meant', async () => {
    const { errors } = await refusal({ fleet: FLEET }, { transform: { channels: {} } });
    expect(
      errors.map(({ propertyPath, reason }) => `${propertyPath} ${reason.split('; ').at(-1)}`),
    ).to.deep.equal(['transform.channels to correct it: write channel']);
  });

  it('are none of 192 channels, which is the most', async () => {
    const { list } = await recordProgramOf(
      () => void new MediaDashboards('watch', { fleet: fleetOf(192), perChannel: false }),
    );
    expect(list).to.deep.equal(['watch MediaDashboards', 'watch-fleet Dashboard']);
  });
});
