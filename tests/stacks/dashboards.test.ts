import { expect } from 'chai';
import { alarmTopics } from '../../stacks/alarm-topics';
import { IMAGE } from '../components/encode/fleet/fleet-recording';
import type { Recorded } from '../components/recorded';
import { body, widget } from '../components/watch/dashboards-recording';
import { recordStack } from './stack-recording';

const IMAGES = { encoderImage: IMAGE, originImage: IMAGE };
const record = (stack: string, changes: Record<string, unknown> = {}): Promise<Recorded> =>
  recordStack(stack, { ...IMAGES, ...changes });

const namesOf = ({ resources }: Recorded): string[] =>
  resources.flatMap(({ type, name }) => (type.endsWith(':Dashboard') ? [name] : [])).sort();

const CONSOLE =
  'https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/';

describe('the dashboards of a stack', function () {
  this.timeout(60_000);

  it('are that of the fleet and one a channel in staging, of the stack’s own components, and told as outputs', async () => {
    const staging = await record('staging');
    const channels = ['channel-01', 'channel-02', 'channel-03'];
    expect(namesOf(staging)).to.deep.equal([
      ...channels.map((id) => `dashboards-channel-${id}`),
      'dashboards-fleet',
    ]);
    const url = (name: string): string => CONSOLE + staging.text(name, 'dashboardName');
    expect(staging.graph.outputs['dashboards']).to.deep.equal({
      fleet: url('dashboards-fleet'),
      channels: Object.fromEntries(channels.map((id) => [id, url(`dashboards-channel-${id}`)])),
    });
    const fleet = body(staging, 'dashboards-fleet');
    const errors = widget(fleet, 'Viewers: errors 5xx (%)').properties.metrics!;
    expect(errors.map((row) => row[3])).to.deep.equal([staging.child('cdn-1').id]);
    const healthy = widget(fleet, 'Origin: healthy tasks').properties.metrics!;
    expect(healthy.map((row) => row.at(-1))).to.deep.equal([{ label: 'use1-az4' }, { label: 'use1-az6' }]);
  });

  it('are none in dev unless they are wanted, and then as many as are', async () => {
    const [none, one, each] = await Promise.all([
      record('dev'),
      record('dev', { dashboards: 'fleet' }),
      record('dev', { dashboards: 'channels' }),
    ]);
    expect([none, one, each].map(namesOf)).to.deep.equal([
      [],
      ['dashboards-fleet'],
      ['dashboards-channel-demo', 'dashboards-fleet'],
    ]);
    expect(none.graph.outputs['dashboards']).to.deep.equal({});
    expect(one.graph.outputs['dashboards']).to.have.all.keys('fleet');
  });

  it('can be left out where the environment has them', async () => {
    expect(namesOf(await record('staging', { dashboards: 'none' }))).to.deep.equal([]);
  });
});

describe('whom the alarms of a stack tell', function () {
  this.timeout(60_000);
  const HOME = 'arn:aws:sns:eu-west-1:123456789012:on-call';
  const GLOBAL = 'arn:aws:sns:us-east-1:123456789012:on-call';

  it('are topics of their own region: those of distributions are in us-east-1', () => {
    expect(alarmTopics([HOME, GLOBAL], 'eu-west-1')).to.deep.equal({
      ofDistributions: [GLOBAL],
      ofOthers: [HOME],
    });
    expect(alarmTopics([GLOBAL], 'us-east-1')).to.deep.equal({
      ofDistributions: [GLOBAL],
      ofOthers: [GLOBAL],
    });
    expect(alarmTopics([HOME, GLOBAL], undefined).ofOthers).to.deep.equal([HOME, GLOBAL]);
  });

  it('are those that are configured, for every alarm but those about costs', async () => {
    const dev = await record('dev', { alarmTopics: [GLOBAL] });
    const alarms = dev.resources.filter(({ type }) => type.endsWith(':MetricAlarm'));
    const untold = alarms.filter(({ inputs }) => inputs['alarmActions'] === undefined);
    expect(untold.map(({ name }) => name)).to.deep.equal(['live-channel-demo-alarm-nvenc-low']);
    expect(dev.inputs('cdn-1-alarm-cdn-errors')['alarmActions']).to.deep.equal([GLOBAL]);
  });
});
