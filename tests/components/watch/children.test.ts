import { expect } from 'chai';
import type { Recorded } from '../recorded';
import { body, full, minimal, recordDashboards, widget, type Widget } from './dashboards-recording';

const titles = (widgets: readonly Widget[]): string[] =>
  widgets.map(({ type, properties }) => `${type} ${properties.title ?? ''}`.trim());

describe('the children of MediaDashboards', () => {
  describe('with a fleet alone', () => {
    let watch: Recorded;
    before(async () => {
      watch = await recordDashboards(minimal);
    });

    it('are a dashboard of the fleet and one of its channel, with names of the stack', () => {
      expect(watch.list.filter((line) => line.startsWith('watch'))).to.deep.equal([
        'watch MediaDashboards',
        'watch-channel-news Dashboard',
        'watch-fleet Dashboard',
      ]);
      expect(watch.text('watch-fleet', 'dashboardName')).to.match(/^video-test-watch-fleet-[0-9a-f]{8}$/);
      expect(Object.keys(watch.inputs('watch-fleet')).sort()).to.deep.equal([
        'dashboardBody',
        'dashboardName',
      ]);
    });

    it('show the last three hours, minute by minute, of the stack’s region', () => {
      for (const name of ['watch-fleet', 'watch-channel-news']) {
        const { start, periodOverride, widgets } = body(watch, name);
        expect([start, periodOverride]).to.deep.equal(['-PT180M', 'inherit']);
        for (const { type, properties } of widgets) {
          if (type === 'metric') expect(properties).to.include({ region: 'us-east-1', period: 60 });
        }
      }
    });

    it('have neither origin nor distributions, and say where the runbook is', () => {
      const { widgets } = body(watch, 'watch-fleet');
      expect(titles(widgets)).to.deep.equal([
        'text',
        'alarm Alarms that have gone off',
        'metric Pictures a second (0: stopped)',
        'metric Speed',
        'metric Delay of parts, p99 (parts)',
        'metric Starts of ffmpeg',
        'metric Without contribution, beyond 5 s (seconds a minute)',
        'metric Contribution (bytes a minute)',
        'metric SRT: packets lost',
        'metric Other writers of a channel',
        'metric NVENC in use (%)',
        'metric Temperature of the GPU (degrees Celsius)',
        'metric GPU is read, without serious faults (1)',
        "metric Errors in the drivers' logs",
        'metric Store: requests a minute',
        'metric Store: tries of PUT that failed',
      ]);
      expect(widgets[0]!.properties.markdown).to.include('docs/runbook.md of pulumi-aws-media');
    });

    it('tell where they are', () => {
      const at =
        'https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/';
      expect(watch.graph.outputs).to.deep.equal({
        fleetUrl: at + watch.text('watch-fleet', 'dashboardName'),
        channelUrls: { news: at + watch.text('watch-channel-news', 'dashboardName') },
      });
    });
  });

  describe('with everything', () => {
    let watch: Recorded;
    before(async () => {
      watch = await recordDashboards(full);
    });

    const rows = ({ properties }: Widget) =>
      properties.metrics!.map((row) => row.filter((each) => typeof each === 'string'));

    it('have a line a channel where the fleet is shown, and lines where alarms go off', () => {
      const fleet = body(watch, 'watch-fleet');
      const delay = widget(fleet, 'Delay of parts, p99 (parts)');
      expect(delay.properties.stat).to.equal('p99');
      expect(delay.properties.metrics).to.deep.equal([
        ['AwsMedia', 'PartDelay', 'Channel', 'news', { label: 'news' }],
        ['AwsMedia', 'PartDelay', 'Channel', 'sport', { label: 'sport' }],
      ]);
      const lines = (title: string) => widget(fleet, title).properties.annotations?.horizontal;
      expect(lines('Delay of parts, p99 (parts)')).to.deep.equal([{ label: 'part-delay', value: 2 }]);
      expect(lines('Temperature of the GPU (degrees Celsius)')).to.deep.equal([
        { label: 'gpu-hot', value: 85 },
      ]);
      expect(lines('NVENC in use (%)')).to.deep.equal([
        { label: 'little', value: 70 },
        { label: 'much', value: 85 },
      ]);
      expect(rows(widget(fleet, 'Temperature of the GPU (degrees Celsius)'))[1]).to.deep.equal([
        ...['AwsMedia', 'GpuTemperature', 'Channel', 'sport', 'Gpu', '0'],
      ]);
      expect(rows(widget(fleet, "Errors in the drivers' logs"))).to.deep.equal([
        ['AwsMedia', 'GpuXid', 'Cluster', watch.text('live-cluster', 'name')],
      ]);
    });

    it('have every alarm that has gone off, those of distributions apart, and none that only costs are about', () => {
      const { widgets } = body(watch, 'watch-fleet');
      const shown = widgets.filter(({ type }) => type === 'alarm');
      expect(titles(shown)).to.deep.equal([
        'alarm Alarms that have gone off',
        'alarm Alarms of distributions',
      ]);
      for (const { properties } of shown) {
        expect(properties.states).to.deep.equal(['ALARM', 'INSUFFICIENT_DATA']);
      }
      const made = watch.resources.filter(
        ({ type, name }) => type.endsWith(':MetricAlarm') && !name.endsWith('-nvenc-low'),
      );
      const arns = shown.flatMap(({ properties }) => properties.alarms!);
      expect(arns).to.have.members(made.map(({ name }) => watch.output(name, 'arn')));
      expect(shown[1]!.properties.alarms).to.deep.equal([
        watch.output('cdn-1-alarm-cdn-errors', 'arn'),
        watch.output('cdn-2-alarm-cdn-errors', 'arn'),
      ]);
    });

    it('have the origin by its zones and the distributions by their numbers, in the region that each writes to', () => {
      const fleet = body(watch, 'watch-fleet');
      const errors = widget(fleet, 'Origin: errors (5xx) a minute');
      const balancer = watch.output('origin-balancer', 'arnSuffix') as string;
      const group = watch.output('origin-zone-use1-az6', 'arnSuffix') as string;
      const name = 'HTTPCode_Target_5XX_Count';
      expect(rows(errors)[1]).to.deep.equal([
        ...['AWS/ApplicationELB', name, 'TargetGroup', group, 'LoadBalancer', balancer],
      ]);
      expect(rows(errors)[2]).to.deep.equal([
        ...['AWS/ApplicationELB', 'HTTPCode_ELB_5XX_Count', 'LoadBalancer', balancer],
      ]);
      const viewers = widget(fleet, 'Viewers: errors 5xx (%)');
      expect(viewers.properties.region).to.equal('us-east-1');
      expect(rows(viewers)).to.deep.equal(
        [1, 2].map((n) => [
          ...[
            'AWS/CloudFront',
            '5xxErrorRate',
            'DistributionId',
            watch.child(`cdn-${n}`).id,
            'Region',
            'Global',
          ],
        ]),
      );
    });

    it('have of a channel its alarms in the order of the runbook, and the origin of its zone alone', () => {
      const news = body(watch, 'watch-channel-sport');
      const own = news.widgets.find(({ type }) => type === 'alarm')!.properties.alarms!;
      expect(own).to.have.length(12);
      expect(own.slice(0, 3)).to.deep.equal(
        ['stopped', 'no-input', 'slow'].map((id) => watch.output(`live-channel-sport-alarm-${id}`, 'arn')),
      );
      const zones = widget(news, 'Origin: healthy tasks').properties.metrics!.map((row) => row.at(-1));
      const { placements } = { placements: watch.text('watch-channel-sport', 'dashboardBody') };
      expect(zones).to.have.length(1);
      expect(placements).to.include(`It is encoded in ${(zones[0] as { label: string }).label}.`);
      expect(news.widgets[0]!.properties.markdown).to.include('[the runbook](https://example.com/runbook)');
    });

    it('have of a channel the bit rate of its contribution, computed of what came in', () => {
      const { metrics } = widget(
        body(watch, 'watch-channel-news'),
        'Contribution (bits a second)',
      ).properties;
      expect(metrics).to.deep.equal([
        ['AwsMedia', 'InputBytes', 'Channel', 'news', { id: 'bytes', stat: 'Sum', visible: false }],
        [{ expression: '8 * bytes / PERIOD(bytes)', label: 'bits a second' }],
      ]);
    });

    it('have of a channel the median and the 99th percentile of its parts’ delay', () => {
      const { metrics } = widget(body(watch, 'watch-channel-news'), 'Delay of parts (parts)').properties;
      expect(metrics!.map((row) => row.at(-1))).to.deep.equal([
        { stat: 'p50', label: 'p50' },
        { stat: 'p99', label: 'p99' },
      ]);
    });

    it('have of a channel what its own encoder warns of', () => {
      const warnings = widget(body(watch, 'watch-channel-news'), 'Warnings and errors of the encoder');
      const group = watch.text('live-channel-news-log', 'name');
      expect(warnings.properties.query).to.equal(
        `SOURCE '${group}' | fields @timestamp, level, msg | filter level >= 40 | sort @timestamp desc | limit 100`,
      );
    });
  });

  it('are the fleet’s alone where channels are to have none', async () => {
    const watch = await recordDashboards(() => ({ ...minimal(), perChannel: false }));
    expect(watch.list.filter((line) => line.endsWith(' Dashboard'))).to.deep.equal(['watch-fleet Dashboard']);
    expect(watch.graph.outputs['channelUrls']).to.deep.equal({});
  });

  it('are changed by transforms, each kind by its own', async () => {
    const watch = await recordDashboards(minimal, {
      transform: {
        fleet: { dashboardName: 'live' },
        channel: (args, opts, name) => {
          args.dashboardName = `of-${name}`;
          opts.retainOnDelete = true;
        },
      },
    });
    expect(watch.text('watch-fleet', 'dashboardName')).to.equal('live');
    expect(watch.text('watch-channel-news', 'dashboardName')).to.equal('of-watch-channel-news');
    expect(watch.child('watch-channel-news').options.retainOnDelete).to.equal(true);
    expect(watch.graph.outputs['fleetUrl']).to.match(/\/dashboard\/live$/);
  });
});
