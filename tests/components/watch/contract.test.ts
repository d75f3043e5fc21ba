import { expect } from 'chai';
import { EMF_NAMESPACE, ENCODER_EMF, ORIGIN_EMF } from '../../../encoder/contract';
import { SLOW_SPEED } from '../../../encoder/load';
import type { Graph } from '../../../testing';
import { srtMissing } from '../../support/srt-caller';
import { skip } from '../../support/skip';
import type { Recorded } from '../recorded';
import { body, full, recordDashboards } from './dashboards-recording';
import { ofEncoder, ofOrigin, type EmittedMetric } from './emitter';

/** A metric that something in AWS reads. */
interface Read {
  readonly by: string;
  readonly name: string;
  /** Names. */
  readonly dimensions: readonly string[];
}

const sorted = (names: readonly string[]): string => [...names].sort().join(',');
const key = ({
  name,
  dimensions,
}: {
  readonly name: string;
  readonly dimensions: readonly string[];
}): string => `${name} {${sorted(dimensions)}}`;

function readByAlarms({ resources }: Graph): readonly Read[] {
  return resources
    .filter(({ type, inputs }) => type.endsWith(':MetricAlarm') && inputs['namespace'] === EMF_NAMESPACE)
    .map(({ name, inputs }) => ({
      by: name,
      name: inputs['metricName'] as string,
      dimensions: Object.keys(inputs['dimensions'] as object),
    }));
}

function readByDashboards(recorded: Recorded): readonly Read[] {
  const names = recorded.resources.filter(({ type }) => type.endsWith(':Dashboard')).map(({ name }) => name);
  return names.flatMap((by) =>
    body(recorded, by).widgets.flatMap(({ properties: { metrics = [] } }) =>
      metrics.flatMap((row): Read[] => {
        const [namespace, name, ...rest] = row.filter((each) => typeof each === 'string');
        return namespace === EMF_NAMESPACE
          ? [{ by, name: name!, dimensions: rest.filter((_, n) => n % 2 === 0) }]
          : [];
      }),
    ),
  );
}

describe('the contract of dashboards and alarms with the runtime', function () {
  this.timeout(60_000);
  let recorded: Recorded;
  let emitted: readonly EmittedMetric[];

  before(async function () {
    const missing = srtMissing();
    if (missing !== undefined) skip(this, missing);
    recorded = await recordDashboards(full);
    const names = (table: typeof ENCODER_EMF) => table.map(({ name }) => name);
    const both = await Promise.all([ofEncoder(names(ENCODER_EMF)), ofOrigin(names(ORIGIN_EMF))]);
    emitted = both.flat();
  });

  it('is of metrics that an encoder and an origin really write, in the namespace, with the units and dimensions of the tables', () => {
    const table = (rows: typeof ENCODER_EMF, subject: string) =>
      rows.map(({ name, unit, dimensions = {} }) => ({
        ...{ namespace: EMF_NAMESPACE, name, unit },
        dimensions: [subject, ...Object.keys(dimensions)],
      }));
    expect(emitted).to.have.deep.members([...table(ENCODER_EMF, 'Channel'), ...table(ORIGIN_EMF, 'Origin')]);
  });

  for (const [what, reads] of [
    ['alarms', () => readByAlarms(recorded.graph)],
    ['dashboards', () => readByDashboards(recorded)],
  ] as const) {
    it(`holds for each metric that ${what} read, but for the one that instances count`, () => {
      const written = new Set(emitted.map(key));
      const unwritten = reads().filter((read) => !written.has(key(read)));
      expect([...new Set(unwritten.map(key))]).to.deep.equal(['GpuXid {Cluster}']);
      expect(reads().length).to.be.greaterThan(20);
    });
  }

  it('holds for that one, too: instances write it by this name, with this dimension', () => {
    const [template] = recorded.query.byType('aws:ec2/launchTemplate:LaunchTemplate');
    const script = Buffer.from(template!.inputs['userData'] as string, 'base64').toString();
    const cluster = recorded.text('live-cluster', 'name');
    const read = recorded.inputs('live-alarm-gpu-xid');
    expect(read['dimensions']).to.deep.equal({ Cluster: cluster });
    for (const sent of [
      `Namespace=${EMF_NAMESPACE}`,
      'MetricData.member.1.MetricName=GpuXid',
      'MetricData.member.1.Dimensions.member.1.Name=Cluster',
      `MetricData.member.1.Dimensions.member.1.Value=${cluster}`,
    ]) {
      expect(script).to.include(`--data-urlencode '${sent}'`);
    }
  });

  it('has the name of an origin as its tasks are told it', () => {
    const [definition] = JSON.parse(recorded.text('origin-zone-use1-az4-task', 'containerDefinitions')) as {
      environment: { name: string; value: string }[];
    }[];
    const told = definition!.environment.find(({ name }) => name === 'ORIGIN_NAME')!.value;
    const rows = body(recorded, 'watch-fleet').widgets.flatMap(({ properties }) => properties.metrics ?? []);
    const held = rows.filter((row) => row[1] === 'HeldRequests').map((row) => row[3]);
    expect(held).to.include(told);
  });

  it('draws the line of the speed where the runtime does', () => {
    for (const name of ['watch-fleet', 'watch-channel-news']) {
      const speed = body(recorded, name).widgets.find(({ properties }) => properties.title === 'Speed');
      expect(speed?.properties.annotations?.horizontal).to.deep.equal([{ label: 'slow', value: SLOW_SPEED }]);
    }
    expect(recorded.text('live-channel-news-alarm-slow', 'alarmDescription')).to.include(
      `(speed under ${SLOW_SPEED})`,
    );
  });
});
