import { expect } from 'chai';
import fc from 'fast-check';
import {
  CLOCK_BLOCKS,
  CLOCK_MODULUS_MS,
  clockAge,
  decodeClock,
  encodeClock,
} from '../../../encoder/contract/clock';

const clock = fc.integer({ min: 0, max: CLOCK_MODULUS_MS - 1 });
/** Positions of the 26 clock bits and of the two parity bits in the row. */
const FIRST_BIT = 2;
const PARITY = 28;

const levels = (blocks: readonly boolean[], black = 0, white = 255): number[] =>
  blocks.map((block) => (block ? white : black));
const flip = (blocks: readonly boolean[], ...wrong: number[]): boolean[] =>
  blocks.map((block, i) => (wrong.includes(i) ? !block : block));

describe('clock in the picture', () => {
  it('reads back every millisecond of any Unix time, modulo 2^26', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8.64e15 }), (unixMs) => {
        expect(decodeClock(levels(encodeClock(unixMs)))).to.equal(unixMs % CLOCK_MODULUS_MS);
      }),
      { numRuns: 2000 },
    );
    for (const edge of [0, 1, CLOCK_MODULUS_MS - 1, CLOCK_MODULUS_MS, CLOCK_MODULUS_MS + 1]) {
      expect(decodeClock(levels(encodeClock(edge)))).to.equal(edge % CLOCK_MODULUS_MS);
    }
  });

  it('reads a dim, noisy row: any contrast above 64, and noise below a third of it', () => {
    const row = fc.tuple(
      clock,
      fc.integer({ min: 0, max: 150 }),
      fc.integer({ min: 70, max: 105 }),
      fc.array(fc.double({ min: 0, max: 0.34, noNaN: true }), {
        minLength: CLOCK_BLOCKS,
        maxLength: CLOCK_BLOCKS,
      }),
    );
    fc.assert(
      fc.property(row, ([value, black, contrast, noise]) => {
        // The markers stay clean: they are what black and white are measured by.
        const read = encodeClock(value).map((block, i) => {
          const off = i < FIRST_BIT || i > PARITY + 1 ? 0 : noise[i]! * contrast;
          return block ? black + contrast - off : black + off;
        });
        expect(decodeClock(read)).to.equal(value);
      }),
    );
  });

  it('refuses any single wrong block', () => {
    fc.assert(
      fc.property(clock, (value) => {
        const row = encodeClock(value);
        for (let block = 0; block < CLOCK_BLOCKS; block++) {
          expect(decodeClock(levels(flip(row, block))), `block ${block}`).to.equal(undefined);
        }
      }),
    );
  });

  it('refuses two wrong neighbours: one parity bit covers the even places, the other the odd ones', () => {
    fc.assert(
      fc.property(clock, fc.integer({ min: 0, max: CLOCK_BLOCKS - 2 }), (value, block) => {
        expect(decodeClock(levels(flip(encodeClock(value), block, block + 1)))).to.equal(undefined);
      }),
    );
  });

  it('cannot refuse two wrong bits that share a parity bit: parity guarantees no more than that', () => {
    fc.assert(
      fc.property(clock, fc.integer({ min: 0, max: 23 }), (value, bit) => {
        const wrong = flip(encodeClock(value), FIRST_BIT + bit, FIRST_BIT + bit + 2);
        const read = decodeClock(levels(wrong));
        expect(read).to.be.a('number');
        expect(read).to.not.equal(value);
      }),
    );
  });

  it('reads an even blend of any two clocks as one of them, or not at all', () => {
    fc.assert(
      fc.property(clock, clock, fc.double({ min: 0, max: 1, noNaN: true }), (first, second, weight) => {
        const [a, b] = [levels(encodeClock(first)), levels(encodeClock(second))];
        const read = decodeClock(a.map((level, i) => level * (1 - weight) + b[i]! * weight));
        expect([first, second, undefined]).to.include(read);
        if (weight < 0.34) expect(read).to.equal(first);
        if (weight > 0.66) expect(read).to.equal(second);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads an uneven blend of two successive milliseconds as one of them, or not at all', () => {
    const weights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: CLOCK_BLOCKS,
      maxLength: CLOCK_BLOCKS,
    });
    fc.assert(
      fc.property(clock, weights, (first, mix) => {
        const second = (first + 1) % CLOCK_MODULUS_MS;
        const [a, b] = [levels(encodeClock(first)), levels(encodeClock(second))];
        const read = decodeClock(a.map((level, i) => level * (1 - mix[i]!) + b[i]! * mix[i]!));
        expect([first, second, undefined]).to.include(read);
      }),
      { numRuns: 1000 },
    );
  });

  it('finds no clock in an even picture, in too little contrast, or in too few blocks', () => {
    expect(decodeClock(new Array<number>(CLOCK_BLOCKS).fill(128))).to.equal(undefined);
    expect(decodeClock(levels(encodeClock(12_345), 100, 164))).to.equal(undefined);
    expect(decodeClock(levels(encodeClock(12_345)).slice(1))).to.equal(undefined);
    expect(decodeClock(new Array<number>(CLOCK_BLOCKS).fill(NaN))).to.equal(undefined);
  });

  it('measures the age of a clock across the wrap, within 9.3 hours either way', () => {
    const half = CLOCK_MODULUS_MS / 2;
    fc.assert(
      fc.property(
        fc.integer({ min: half, max: 4e12 }),
        fc.integer({ min: -half + 1, max: half - 1 }),
        (now, age) => {
          const read = decodeClock(levels(encodeClock(now - age)));
          expect(clockAge(read!, now)).to.equal(age);
        },
      ),
    );
  });
});
