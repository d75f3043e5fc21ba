import { expect } from 'chai';
import fc from 'fast-check';
import { PresentationOrder, type PictureCaptions } from '../../../encoder/ingest/ts/presentation-order';
import { UnitScanner } from '../../../encoder/ingest/ts/unit-scanner';

const WANTED = 6;

function scan(pieces: readonly Buffer[]): string[] {
  const units: string[] = [];
  const scanner = new UnitScanner(
    (byte) => byte === WANTED,
    (unit) => units.push(unit.toString('hex')),
  );
  for (const piece of pieces) {
    // In the middle of something larger, as a payload is in its chunk.
    const around = Buffer.concat([Buffer.from([0, 0]), piece, Buffer.from([1, WANTED])]);
    scanner.push(around, 2, 2 + piece.length);
  }
  return units;
}

describe('units of an elementary stream', () => {
  it('are those between start codes, whatever the pieces', () => {
    // Many zeros and ones: each place may be in a start code.
    const byte = fc.constantFrom(0, 0, 0, 1, 1, 3, WANTED, 0x41, 0x42);
    fc.assert(
      fc.property(fc.array(fc.array(byte, { maxLength: 12 }), { maxLength: 30 }), (pieces) => {
        // Zeros at the end belong to the next start code; what no start code follows has not ended yet.
        const expected = [];
        for (const [, unit] of Buffer.from(pieces.flat())
          .toString('hex')
          .matchAll(/(?<=^(?:..)*000001)((?:..)*?)(?=(?:00)*000001)/g)) {
          if (unit!.startsWith('06')) expected.push(unit);
        }
        expect(scan(pieces.map((piece) => Buffer.from(piece)))).to.deep.equal(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it('are given up where they are longer than any caption', () => {
    const start = Buffer.from([0, 0, 1, WANTED]);
    const long = (bytes: number) => Buffer.concat([start, Buffer.alloc(bytes - 1, 0x55)]);
    // Zeros of the next start code count until it is complete.
    const units = scan([long(16 * 1024 - 2), long(16 * 1024 - 1), long(5), start]);
    expect(units.map((unit) => unit.length / 2)).to.deep.equal([16 * 1024 - 2, 5]);
  });
});

describe('captions in presentation order', () => {
  const order = (modulus = 2 ** 33) => {
    const shown: number[] = [];
    const made = new PresentationOrder(modulus, ({ pts90k }: PictureCaptions) => shown.push(pts90k));
    const add = (...times: number[]): void => {
      for (const pts90k of times) made.add({ pts90k, ccData: Buffer.alloc(0) });
    };
    return { shown, made, add };
  };

  it('come out when the decoder has reached them', () => {
    const { shown, made, add } = order();
    made.decodeAt(0);
    add(3000, 12_000, 6000, 9000);
    expect(shown).to.deep.equal([]);
    made.decodeAt(6000);
    expect(shown).to.deep.equal([3000, 6000]);
    made.flush();
    expect(shown).to.deep.equal([3000, 6000, 9000, 12_000]);
  });

  it('are not held back by a clock that jumps, either way', () => {
    for (const to of [5_000_000, 1_000_000_000]) {
      const { shown, made, add } = order();
      made.decodeAt(500_000_000);
      add(500_009_000, 500_006_000);
      made.decodeAt(to);
      expect(shown).to.deep.equal([500_006_000, 500_009_000]);
    }
  });

  it('are at most 64, and the earliest goes first', () => {
    const { shown, made, add } = order();
    made.decodeAt(0);
    add(...Array.from({ length: 66 }, (_, i) => (100 - i) * 3000));
    expect(shown).to.deep.equal([36 * 3000, 35 * 3000]);
  });
});
