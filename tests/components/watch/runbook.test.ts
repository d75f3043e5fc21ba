import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { CDN_ALARMS } from '../../../components/delivery/cdn/alarms';
import { FLEET_ALARMS } from '../../../components/encode/fleet';
import { ORIGIN_ALARM_IDS } from '../../../components/origin';
import { recordStack } from '../../stacks/stack-recording';
import { IMAGE } from '../encode/fleet/fleet-recording';
import type { Recorded } from '../recorded';
import { full, minimal, recordDashboards } from './dashboards-recording';

const FILE = path.resolve(__dirname, '../../../..', 'docs/runbook.md');
const RUNBOOK = readFileSync(FILE, 'utf8');
const SECTIONS = [...RUNBOOK.matchAll(/^### (.+)$/gm)].map(([, title]) => title!);

/** The section that each alarm's description names, by the alarms' names. */
function named({ resources }: Recorded): Record<string, string> {
  const alarms = resources.filter(({ type }) => type.endsWith(':MetricAlarm'));
  return Object.fromEntries(
    alarms.map(({ name, inputs }) => {
      const [, id, linked] =
        /What to do: (?:"([^"]+)" in docs\/runbook\.md of pulumi-aws-media|https:\/\/\S+#(\S+))$/.exec(
          inputs['alarmDescription'] as string,
        ) ?? [];
      return [name, id ?? linked ?? 'none'];
    }),
  );
}

describe('the runbook', function () {
  this.timeout(60_000);
  const found = new Map<string, Record<string, string>>();

  before(async () => {
    found.set('minimal', named(await recordDashboards(minimal)));
    found.set('full', named(await recordDashboards(full)));
    found.set('prod', named(await recordStack('prod', { encoderImage: IMAGE, originImage: IMAGE })));
  });

  it('has the section that an alarm of any component names: of a fleet, an origin, a distribution, and all of prod', () => {
    for (const [program, alarms] of found) {
      expect(Object.keys(alarms).length, program).to.be.greaterThan(10);
      const without = Object.entries(alarms).filter(([, section]) => !SECTIONS.includes(section));
      expect(without, program).to.deep.equal([]);
    }
    // 25 channels with 12 alarms each, and those of the fleet's pools, the origin's zones and the distribution.
    expect(Object.keys(found.get('prod')!).length).to.be.greaterThan(25 * 12);
  });

  it('has no section that no alarm names, and each once, in the order in which alarms are listed', () => {
    const all = new Set([...found.values()].flatMap((alarms) => Object.values(alarms)));
    expect(SECTIONS.filter((section) => !all.has(section))).to.deep.equal([]);
    expect(SECTIONS).to.deep.equal([
      ...FLEET_ALARMS.map(({ id }) => id),
      ...ORIGIN_ALARM_IDS,
      ...CDN_ALARMS.map(({ id }) => id),
    ]);
  });

  it('names an alarm by the end of its name, too', () => {
    for (const alarms of found.values()) {
      for (const [name, section] of Object.entries(alarms))
        expect(name.endsWith(`-${section}`), name).to.equal(true);
    }
  });

  it('says in each section what it is and what to do, and leads nowhere that is not', () => {
    const bodies = RUNBOOK.split(/^### /m).slice(1);
    for (const text of bodies) {
      const [title] = text.split('\n');
      expect(text, title).to.match(/^1\. |^\|/m);
    }
    const links = [...RUNBOOK.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor!);
    expect(links.length).to.be.greaterThan(10);
    expect(links.filter((anchor) => !SECTIONS.includes(anchor))).to.deep.equal([]);
  });
});
