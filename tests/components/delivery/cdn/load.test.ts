import { expect } from 'chai';
import fc from 'fast-check';
import {
  DEFAULT_QUOTAS,
  MAX_DISTRIBUTIONS,
  assign,
  countThatDoes,
  fits,
  peakOf,
  requestsPerViewer,
  sumOf,
  type ChannelLoad,
} from '../../../../components/delivery/cdn/load';
import { tickGrid, tickSeconds } from '../../../../encoder/contract';

/** The reference load: 25 channels, 50,000 viewers at 50 Mbit/s. */
const REFERENCE: readonly ChannelLoad[] = Array.from({ length: 25 }, (_, n) => ({
  id: `channel-${n}`,
  gbps: (2000 * 50) / 1000,
  requestsPerSecond: 2000 * requestsPerViewer('balanced'),
}));

describe('requests of a viewer', () => {
  it('are a playlist and a part of picture and sound a tick, at the frame rate with the shortest parts', () => {
    expect(requestsPerViewer('balanced')).to.equal(4 / tickSeconds(tickGrid('25', 'balanced')));
    expect(requestsPerViewer('balanced')).to.equal(12.5);
    expect(requestsPerViewer('lowest')).to.equal(20);
    expect(requestsPerViewer('economy')).to.equal(4);
  });
});

describe('channels over distributions', () => {
  it('is 25 distributions for the reference load, one a channel: 17 would do for the bytes, if channels could be cut', () => {
    expect(sumOf(REFERENCE)).to.deep.equal({ gbps: 2500, requestsPerSecond: 625_000 });
    expect(Math.ceil(2500 / DEFAULT_QUOTAS.gbps)).to.equal(17);
    expect(countThatDoes(REFERENCE, DEFAULT_QUOTAS)).to.equal(25);
    expect(new Set(assign(REFERENCE, 25, DEFAULT_QUOTAS).values()).size).to.equal(25);
  });

  it('is none where a channel alone is too much', () => {
    const final = { id: 'final', gbps: 151, requestsPerSecond: 1 };
    expect(countThatDoes([final], DEFAULT_QUOTAS)).to.equal(undefined);
    expect(countThatDoes([{ ...final, gbps: 150 }], DEFAULT_QUOTAS)).to.equal(1);
  });

  it('keeps what is pinned where it is, above the quotas too', () => {
    const pinned = REFERENCE.slice(0, 3).map((load) => ({ ...load, distribution: 2 }));
    const assigned = assign([...REFERENCE.slice(3, 5), ...pinned], 4, DEFAULT_QUOTAS);
    for (const { id } of pinned) expect(assigned.get(id)).to.equal(2);
    expect(peakOf(pinned, assigned).gbps).to.equal(300);
  });

  const ids = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,8}$/), { minLength: 1, maxLength: 20 });
  const loads = ids.chain((names) =>
    fc.tuple(
      ...names.map((id) =>
        fc.record({
          id: fc.constant(id),
          gbps: fc.nat({ max: 150 }),
          requestsPerSecond: fc.nat({ max: 250_000 }),
        }),
      ),
    ),
  );

  it('gives each a distribution, and with the number that would do nobody is asked for too much', () => {
    fc.assert(
      fc.property(loads, (channels) => {
        const count = countThatDoes(channels, DEFAULT_QUOTAS)!;
        expect(count).to.be.within(1, Math.min(MAX_DISTRIBUTIONS, Math.max(1, channels.length)));
        const assigned = assign(channels, count, DEFAULT_QUOTAS);
        expect([...assigned.keys()].sort()).to.deep.equal(channels.map(({ id }) => id).sort());
        expect(fits(peakOf(channels, assigned), DEFAULT_QUOTAS)).to.equal(true);
        for (const number of assigned.values()) expect(number).to.be.within(1, count);
      }),
      { numRuns: 60 },
    );
  });

  it('uses every distribution, where there is room too', () => {
    const roomy = { gbps: 1e6, requestsPerSecond: 1e9 };
    expect(new Set(assign(REFERENCE, 4, roomy).values()).size).to.equal(4);
  });

  it('does not depend on the order in which channels are given', () => {
    fc.assert(
      fc.property(loads, fc.integer({ min: 1, max: 6 }), (channels, count) => {
        const one = assign(channels, count, DEFAULT_QUOTAS);
        const other = assign([...channels].reverse(), count, DEFAULT_QUOTAS);
        expect([...other].sort()).to.deep.equal([...one].sort());
      }),
      { numRuns: 60 },
    );
  });

  it('leaves every channel where it is when others come or go, where there is room', () => {
    fc.assert(
      fc.property(loads, fc.nat(), fc.integer({ min: 1, max: 6 }), (channels, seed, count) => {
        const roomy = { gbps: 1e6, requestsPerSecond: 1e9 };
        const all = assign(channels, count, roomy);
        const gone = channels[seed % channels.length]!.id;
        const fewer = assign(
          channels.filter(({ id }) => id !== gone),
          count,
          roomy,
        );
        for (const [id, number] of fewer) expect(all.get(id), id).to.equal(number);
      }),
      { numRuns: 60 },
    );
  });

  it('moves only to the new distribution when there is one more, where there is room', () => {
    fc.assert(
      fc.property(loads, fc.integer({ min: 1, max: 6 }), (channels, count) => {
        const roomy = { gbps: 1e6, requestsPerSecond: 1e9 };
        const before = assign(channels, count, roomy);
        for (const [id, number] of assign(channels, count + 1, roomy)) {
          if (number !== count + 1) expect(before.get(id), id).to.equal(number);
        }
      }),
      { numRuns: 60 },
    );
  });
});
