import { expect } from 'chai';
import fc from 'fast-check';
import { parseDuration, wholeDays } from '../../../components/kit';

describe('lengths of time as text', () => {
  it('reads each unit, singular and plural, into seconds', () => {
    const read = ['1 second', '90 minutes', '1.5 hours', '1 day', '30 days', '2 weeks'].map(parseDuration);
    expect(read).to.deep.equal([1, 5400, 5400, 86_400, 2_592_000, 1_209_600]);
  });

  it('takes nothing else', () => {
    const others = [
      '',
      '1',
      'day',
      '1day',
      '1 fortnight',
      '-1 days',
      '1  day',
      '1 day ',
      ' 1 day',
      '1e3 days',
      5,
      null,
    ];
    expect(others.map(parseDuration)).to.deep.equal(others.map(() => undefined));
  });

  it('rounds up to whole days, at least one', () => {
    expect([0, 1, 86_400, 86_401, 172_800].map(wholeDays)).to.deep.equal([1, 1, 1, 2, 2]);
  });

  it('never keeps for less than was asked, nor a day more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 315_360_000 }), (seconds) => {
        const kept = wholeDays(seconds) * 86_400;
        expect(kept).to.be.at.least(seconds);
        expect(kept - seconds).to.be.below(86_400);
      }),
    );
  });
});
