import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect } from 'chai';
import type { CapacityOutput } from '../../cli/capacity';

const MAIN = path.resolve(__dirname, '../../cli/main.js');

function run(...list: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'capacity', ...list], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { code: status, out: stdout, err: stderr };
}

const json = (...list: string[]): CapacityOutput => JSON.parse(run(...list, '--json').out) as CapacityOutput;

describe('aws-media capacity', function () {
  this.timeout(30_000);

  it('plans the reference load: what carries it, what binds, what a channel-hour costs', () => {
    const { request, options, purchases, liveEdgeZones, traffic } = json();
    expect(request).to.deep.equal({
      ...{
        channels: 25,
        ladder: 'hevc-2160p30-50',
        frameRate: '30',
        preset: 'p3',
        tuning: 'll',
        margin: 0.7,
      },
      ...{ splitFrame: false, taskNetwork: 'host', region: 'us-east-1', zones: [], purchase: 'on-demand' },
      objective: 'cost',
    });
    const [first] = options;
    expect(first).to.include({
      instanceType: 'g6.xlarge',
      channelsPerInstance: 2,
      instances: 13,
      binding: 'vcpu',
    });
    expect(first!.usdPerChannelHour).to.be.closeTo(0.418496, 1e-9);
    expect(traffic).to.deep.equal({ inGbps: 1.25, encodedGbps: 1.8665 });
    expect(purchases.map(({ purchase, instances }) => [purchase, instances])).to.deep.equal([
      ...[
        ['on-demand', 13],
        ['savings-plan-1y', 13],
        ['savings-plan-3y', 13],
        ['spot', 13],
        ['mix:70/20/10', 13],
      ],
    ]);
    expect(liveEdgeZones).to.deep.equal({
      ...{ 'use1-az4': 'offered', 'use1-az5': 'not-offered', 'use1-az6': 'offered' },
    });
  });

  it('shows a person the same within 80 columns, and unknown prices as unknown', () => {
    const { code, out } = run('--region', 'eu-west-1', '--zones', 'euw1-az1', '--purchase', 'mix');
    expect(code).to.equal(0);
    expect(out.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
    expect(out).to.match(/^g5\.2xlarge +1 +25 +encoders +73 % +~17\.00 +~0\.680 +~12413$/m);
    expect(out).to.match(/^g5\.xlarge +1 +25 +encoders +73 % +unknown +unknown +unknown$/m);
    expect(out.replace(/\s+/g, ' ')).to.match(/ g6\.xlarge, [^:]*: not offered in this region\./);
    expect(out).to.contain('euw1-az1: unknown');
  });

  for (const list of [
    [],
    ['--frame-rate', '60', '--preset', 'p5'],
    ['--channels', '999999', '--ladder', 'economy'],
    ['--claims'],
    ['--purchase', 'spot', '--region', 'ap-southeast-1'],
    ['--split-frame', '--frame-rate', '60', '--preset', 'p4', '--tuning', 'hq'],
  ]) {
    it(`fits 80 columns: ${list.join(' ') || 'without options'}`, () => {
      const { out, err } = run(...list);
      expect(err).to.equal('');
      expect(out.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
    });
  }

  it('says by its exit code that nothing carries the channel, and why', () => {
    const { code, out } = run(
      '--frame-rate',
      '60',
      '--preset',
      'p5',
      '--instance-type',
      'g5.xlarge',
      'g6.xlarge',
    );
    expect(code).to.equal(1);
    expect(out).to.contain('No instance type carries one.');
    expect(out.replace(/\s+/g, ' ')).to.contain('needs 136 % of one encoder of L4: take preset p3 or faster');
  });

  it('reckons with the contribution that is named', () => {
    const contribution = json('--contribution', 'h264:1920x1080:20000', '--channels', '2');
    expect(contribution.request.contribution).to.deep.equal({
      ...{ codec: 'h264', bitDepth: 8, width: 1920, height: 1080, bitrateKbps: 20_000 },
    });
    expect(contribution.traffic.inGbps).to.equal(0.04);
    const { refused } = json('--contribution', 'h264:1920x1080:20000:10', '--instance-type', 'g6.xlarge');
    expect(refused[0]!.reasons[0]!.message).to.contain('L4 does not decode h264 of 10 bits');
  });

  it('ranks by the way of buying, and by how many channels go with an instance', () => {
    const spot = json('--purchase', 'spot');
    expect(spot.options[0]).to.include({ instanceType: 'g6.xlarge', instances: 13 });
    expect(spot.options[0]!.usdPerHour).to.be.closeTo(13 * 0.4011, 1e-9);
    expect(json('--objective', 'blast-radius').options[0]).to.include({ instanceType: 'g4dn.xlarge' });
  });

  for (const [list, message] of [
    [['--channels', '0'], 'Allowed: a whole number from 1 to 999999.'],
    [['--margin', '1.2'], 'Allowed: above 0 and at most 1; 0.7 leaves 30 % free.'],
    [['--region', 'virginia'], 'Allowed: the name of a region, as us-east-1.'],
    [['--zones', 'us-east-1a'], 'Allowed: ids of zones with commas between'],
    [['--purchase', 'mix:70/20/20'], 'parts that are 100 in all'],
    [['--contribution', 'hevc'], 'Allowed: CODEC:WIDTHxHEIGHT:KBPS'],
    [['--contribution', 'vp9:1920x1080:5000'], 'Allowed: CODEC:WIDTHxHEIGHT:KBPS'],
    [['--preset', 'p8'], 'Allowed choices are p1, p2, p3, p4, p5, p6, p7.'],
    [['--ladder', 'hevc-2160'], 'hevc-2160p30-50'],
    [['--instance-type', 'g6.xlarg'], 'Did you mean g6.xlarge?'],
  ] as const) {
    it(`refuses ${list.join(' ')} with what is allowed`, () => {
      const { code, out, err } = run(...list);
      expect(err).to.contain(message);
      expect({ code, out }).to.deep.equal({ code: 2, out: '' });
    });
  }

  it('prints the claims beside what the model reckons', () => {
    const { claims } = JSON.parse(run('--claims', '--json').out) as {
      claims: { id: string; ours: string }[];
    };
    expect(claims.find(({ id }) => id === 'C07')!.ours).to.contain('60.2 % to 64.2 %');
    expect(run('--claims').out).to.contain('C07');
  });
});
