import { expect } from 'chai';
import fc from 'fast-check';
import { percentile, remember, since } from '../../../encoder/player/samples';

describe('sample history', () => {
  it('keeps what is younger than the limit, and never much more', () => {
    const history: { at: number }[] = [];
    for (let at = 0; at <= 100_000; at += 10) remember(history, { at }, 1_000);
    expect(history.at(-1)?.at).to.equal(100_000);
    expect(history.filter((entry) => entry.at >= 99_000)).to.have.lengthOf(101);
    expect(history.length).to.be.at.most(101 + 64);
  });

  it('keeps at most so many entries, give or take the slack', () => {
    const history: { at: number }[] = [];
    for (let at = 0; at < 10_000; at++) remember(history, { at }, Infinity, 500);
    expect(history.at(-1)?.at).to.equal(9_999);
    expect(history.length).to.be.within(500, 564);
  });

  it('finds the entries from a time on', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000)), fc.nat(1_000), (times, from) => {
        const history = times.sort((a, b) => a - b).map((at) => ({ at }));
        expect(since(history, from)).to.deep.equal(history.filter((entry) => entry.at >= from));
      }),
    );
  });

  it('takes percentiles by nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentile(values, 0.95)).to.equal(95);
    expect(percentile(values, 0.5)).to.equal(50);
    expect(percentile([7], 0.95)).to.equal(7);
    expect(percentile([3, 1, 2], 0)).to.equal(1);
    expect(percentile([], 0.5)).to.equal(null);
    expect(values[0], 'the values are left as they were').to.equal(100);
  });

  it('has at least the asked share of the values at or below the percentile', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const limit = percentile(list, share)!;
        expect(list).to.include(limit);
        expect(list.filter((value) => value <= limit).length).to.be.at.least(share * list.length - 1e-6);
      }),
    );
  });
});
