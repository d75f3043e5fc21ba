import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';

const SOURCE = path.resolve(__dirname, '../../../..', 'components/watch/media-dashboards.ts');
const COMMENT = readFileSync(SOURCE, 'utf8').split('### Cost')[1]!.split('*/')[0]!;

/** Dollars, us-east-1, assumed. */
const DASHBOARD = 3;
const CHANNELS = 25;

describe('the cost in the comment of MediaDashboards', () => {
  it('is what its arithmetic says, line by line', () => {
    const lines = [...COMMENT.matchAll(/^ \* \| [^|]+ \| (\d+) x \$([\d.]+) \| ([\d.]+) \|$/gm)];
    expect(lines).to.have.length(2);
    for (const [, count, price, dollars] of lines) {
      expect([Number(count), Number(price)]).to.deep.equal([1, DASHBOARD]);
      expect(Number(dollars)).to.equal(Number(count) * Number(price));
    }
  });

  it('has the sum of the reference load, and says that prices are assumed', () => {
    const [, channels, all, fleet] =
      /So (\d+) channels are \$([\d.]+) a month, or \$([\d.]+) with `perChannel: false`/.exec(COMMENT)!;
    expect(Number(channels)).to.equal(CHANNELS);
    expect(Number(all)).to.equal((1 + CHANNELS) * DASHBOARD);
    expect(Number(fleet)).to.equal(DASHBOARD);
    expect(COMMENT).to.include('prices are assumed');
  });
});
