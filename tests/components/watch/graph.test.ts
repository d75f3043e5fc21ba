import path from 'node:path';
import { Provider } from '@pulumi/aws/provider';
import { expect } from 'chai';
import fc from 'fast-check';
import { NvencEncodeFleet } from '../../../components/encode/fleet';
import { MediaDashboards } from '../../../components/watch';
import { MAX_METRICS, MAX_METRICS_OF_WIDGET, MAX_WIDGETS } from '../../../components/watch/limits';
import {
  assertDocuments,
  assertNames,
  compareGraphs,
  matchGolden,
  viewOf,
  type GraphValue,
} from '../../../testing';
import { NETWORK, STORE_ZONES, minimal as minimalFleet } from '../encode/fleet/fleet-recording';
import { TieredSegmentStore } from '../../../components/storage';
import { recordProgramOf, type Recorded } from '../recorded';
import { body, fleetOf, full, minimal, recordDashboards } from './dashboards-recording';

const GOLDENS = path.resolve(__dirname, '../../../..', 'tests/components/watch/golden');

/** The reference load: 25 channels, in two zones. */
const CHANNELS = Object.fromEntries(
  Array.from({ length: 25 }, (_, n) => [
    `channel-${String(n + 1).padStart(2, '0')}`,
    { ladder: 'hevc-2160p30-50', port: 9000 + n, zone: n % 2 === 0 ? 'use1-az4' : 'use1-az6' } as const,
  ]),
);

function reference(): { fleet: NvencEncodeFleet } {
  const store = new TieredSegmentStore('media', { zones: STORE_ZONES, environment: 'dev' });
  const args = {
    ...minimalFleet(store),
    network: NETWORK,
    zones: ['use1-az4', 'use1-az6'],
    channels: CHANNELS,
  };
  return { fleet: new NvencEncodeFleet('live', { ...args, instanceTypes: ['g6.xlarge'] }) };
}

const ownOf = ({ resources }: Recorded) => resources.filter(({ name }) => name.startsWith('watch'));

describe('MediaDashboards in the graph', () => {
  let whole: Recorded;
  let large: Recorded;
  before(async () => {
    whole = await recordDashboards(full);
    large = await recordDashboards(reference);
  });

  it('has bodies that CloudWatch takes, by its own rules', () => {
    for (const { graph } of [whole, large]) {
      const own = { ...graph, resources: graph.resources.filter(({ name }) => name.startsWith('watch')) };
      const { findings, checked } = assertDocuments(own);
      expect(findings).to.deep.equal([]);
      expect(checked.dashboard).to.equal(own.resources.length - 1);
    }
  });

  it('shows 25 channels within the limits of a dashboard', () => {
    const names = ownOf(large).flatMap(({ name, type }) => (type.endsWith(':Dashboard') ? [name] : []));
    expect(names).to.have.length(26);
    for (const name of names) {
      const { widgets } = body(large, name);
      const counts = widgets.map(({ properties: { metrics = [] } }) => metrics.length);
      expect(widgets.length, name).to.be.at.most(MAX_WIDGETS);
      expect(Math.max(...counts), name).to.be.at.most(MAX_METRICS_OF_WIDGET);
      expect(
        counts.reduce((sum, count) => sum + count, 0),
        name,
      ).to.be.at.most(MAX_METRICS);
      for (const { properties } of widgets) expect(properties.alarms?.length ?? 1, name).to.be.within(1, 100);
    }
    const alarms = body(large, 'watch-fleet').widgets.flatMap(({ properties }) => properties.alarms ?? []);
    // All but the one about costs, and those of the fleet and its two pools.
    expect(alarms).to.have.length(25 * 11 + 3);
    expect(large.text('watch-fleet', 'dashboardBody').length).to.be.lessThan(75_000);
  });

  it('parents every child, and passes provider and region on to each, and to what it looks up', async () => {
    const watch = await recordProgramOf(() => {
      const provider = new Provider('elsewhere', { region: 'eu-north-1' });
      void new MediaDashboards('watch', minimal(), { provider });
    });
    const children = watch.query.children(watch.child('watch').urn);
    expect(children.map(({ name }) => name).sort()).to.deep.equal(['watch-channel-news', 'watch-fleet']);
    for (const { name, provider } of children) expect(provider, name).to.include('::elsewhere::');
    const [speed] = body(watch, 'watch-fleet').widgets.filter(
      ({ properties }) => properties.title === 'Speed',
    );
    expect(speed!.properties.region).to.equal('eu-north-1');
  });

  it('takes an alias, so that a program may rename it', async () => {
    const watch = await recordDashboards(minimal, { aliases: [{ name: 'seen' }] });
    expect(JSON.stringify(watch.child('watch').options.aliases)).to.include('"seen"');
  });

  it('keeps no component among its arguments', () => {
    expect(whole.child('watch').inputs).to.deep.equal({ channels: ['news', 'sport'], perChannel: true });
  });

  it('has names within limits, whatever component, project and stack are called', async () => {
    const title = fc.string({ unit: fc.constantFrom(...'abzAZ09-_.'), minLength: 1, maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(title, title, title, async (name, project, stack) => {
        const { graph, resources } = await recordProgramOf(
          () => void new MediaDashboards(name, { fleet: fleetOf(1) }),
          {
            ...{ project, stack },
          },
        );
        const found = resources.filter(({ type }) => type.endsWith(':Dashboard'));
        expect(found).to.have.length(2);
        for (const { inputs } of found) expect(inputs['dashboardName']).to.match(/^[a-z0-9-]{1,63}$/);
        assertNames(graph);
      }),
      { numRuns: 10 },
    );
  });

  it('is unknown as a body, and never text of something missing, as long as something in it is unknown', () => {
    const text = JSON.stringify(ownOf(whole).map(({ inputs }) => inputs as GraphValue));
    expect(text).not.to.match(/undefined|null|NaN|\[object|Calling \[/);
    const seen = viewOf(whole.graph, 'unknown').resources.filter(({ name }) => name === 'watch-fleet');
    expect(seen[0]!.inputs['dashboardBody']).to.have.property('$unknown');
  });

  it('changes nothing of a channel’s dashboard when others are added, removed or put into another order', async () => {
    const recordOf = (ids: readonly string[]) =>
      recordDashboards(() => {
        const { fleet: args } = {
          fleet: minimalFleet(new TieredSegmentStore('media', { environment: 'dev' })),
        };
        const channels = Object.fromEntries(
          ids.map((id) => [id, { ladder: 'h264-1080p', port: 9000 + id.charCodeAt(0) } as const]),
        );
        return { fleet: new NvencEncodeFleet('live', { ...args, channels }) };
      });
    const [one, other] = await Promise.all([recordOf(['a', 'b', 'c']), recordOf(['c', 'd', 'a'])]);
    expect(other.inputs('watch-channel-a')).to.deep.equal(one.inputs('watch-channel-a'));
    const { replaces } = compareGraphs(one.graph, other.graph);
    expect(replaces.filter(({ urn }) => urn.includes('::watch-'))).to.deep.equal([]);
  });

  it('has changed in nothing that nobody looked at', () => {
    const own = {
      ...whole.graph,
      resources: whole.graph.resources.filter(({ name }) => name.startsWith('watch')),
    };
    matchGolden(own, path.join(GOLDENS, 'full.json'));
  });
});
