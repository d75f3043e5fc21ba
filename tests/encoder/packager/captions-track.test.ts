import { expect } from 'chai';
import fc from 'fast-check';
import { CaptionTrack } from '../../../encoder/packager/captions-track';

/** Numbered constructs: field 1, field 2, the start of a packet of CEA-708, its data. */
const field1 = (n: number): Buffer => Buffer.from([0xfc, 0x20 + n, 0x80]);
const field2 = (n: number): Buffer => Buffer.from([0xfd, 0x20 + n, 0x80]);
const start = (n: number): Buffer => Buffer.from([0xff, n, 0]);
const data = (n: number): Buffer => Buffer.from([0xfe, n, 0]);
const many = (count: number, make: (n: number) => Buffer): Buffer => {
  return Buffer.concat(Array.from({ length: count }, (_, n) => make(n)));
};
const NOTHING = Buffer.from([0xfa, 0, 0, 0xf8, 0x80, 0x80, 0xfc, 0x80, 0x80, 0xfd, 0, 0]);

const take = (track: CaptionTrack, from: number, count: number): (string | undefined)[] =>
  Array.from({ length: count }, (_, i) => {
    const taken = track.take(from + i);
    return taken && Buffer.from(taken).toString('hex');
  });
const hex = (...triplets: readonly Buffer[]): string => Buffer.concat(triplets).toString('hex');

describe('captions waiting for their frames', () => {
  it('gives each frame its own, line 21 first, without padding', () => {
    const track = new CaptionTrack(30);
    track.put(7, Buffer.concat([start(1), field2(1), NOTHING, field1(1), data(2)]));
    track.put(8, NOTHING);
    track.put(9, field1(2));
    expect(take(track, 6, 5)).to.deep.equal([
      undefined,
      hex(field1(1), field2(1), start(1), data(2)),
      undefined,
      hex(field1(2)),
      undefined,
    ]);
    expect(track.dropped).to.equal(0);
  });

  it('spreads pairs over frames, one of each field in each', () => {
    for (const rate of [30, 30_000 / 1001]) {
      const track = new CaptionTrack(rate);
      track.put(0, Buffer.concat([field1(1), field1(2), field2(1)]));
      track.put(0, field1(3));
      track.put(1, field2(2));
      expect(take(track, 0, 4)).to.deep.equal([
        hex(field1(1), field2(1)),
        hex(field1(2), field2(2)),
        hex(field1(3)),
        undefined,
      ]);
    }
  });

  it('makes up for no pause by a burst', () => {
    for (const rate of [30, 30_000 / 1001, 60]) {
      const track = new CaptionTrack(rate);
      take(track, 0, 100);
      track.put(100, many(3, field1));
      const sizes = take(track, 100, 6).map((each) => (each?.length ?? 0) / 6);
      expect(sizes).to.deep.equal(rate < 31 ? [1, 1, 1, 0, 0, 0] : [1, 0, 1, 0, 1, 0]);
    }
  });

  it('puts 31 triplets into a frame at most, the rest in order into the next', () => {
    const track = new CaptionTrack(30);
    track.put(0, Buffer.concat([many(40, data), field1(1)]));
    expect(take(track, 0, 3)).to.deep.equal([
      hex(field1(1), many(30, data)),
      hex(...Array.from({ length: 10 }, (_, n) => data(30 + n))),
      undefined,
    ]);
  });

  for (const [rate, pairs] of [
    [60, 30],
    [60_000 / 1001, 30],
    [50, 30],
    [25, 30],
    [24, 30],
    [30, 30],
  ] as const) {
    it(`keeps up with line 21 at ${rate.toFixed(2)} frames a second`, () => {
      const track = new CaptionTrack(rate);
      const frames = Math.round(rate);
      for (let n = 0; n < pairs; n++) track.put(Math.floor((n * frames) / pairs), field1(n));
      const taken = take(track, 0, frames + 1);
      expect(taken.filter(Boolean).join('')).to.equal(many(pairs, field1).toString('hex'));
      const most = Math.max(...taken.map((each) => (each?.length ?? 0) / 6));
      expect(most).to.equal(rate < 29 ? 2 : 1);
      expect(track.dropped).to.equal(0);
    });
  }

  it('hands what a missing frame had to the next, unless half a second has passed', () => {
    const track = new CaptionTrack(30);
    track.put(10, field1(1));
    track.put(11, field1(2));
    track.put(30, field1(3));
    expect(take(track, 26, 1)).to.deep.equal([hex(field1(2))]);
    expect(track.dropped).to.equal(1);
    expect(take(track, 45, 1)).to.deep.equal([hex(field1(3))]);
  });

  it('takes captions that come late or out of order', () => {
    const track = new CaptionTrack(30);
    track.put(3, field1(3));
    track.put(1, field1(1));
    expect(take(track, 0, 2)).to.deep.equal([undefined, hex(field1(1))]);
    track.put(0, field1(2));
    expect(take(track, 2, 2)).to.deep.equal([hex(field1(2)), hex(field1(3))]);
  });

  it('counts what it drops when frames never come, and stays small', () => {
    const track = new CaptionTrack(30);
    for (let frame = 0; frame < 1000; frame++) track.put(frame, field1(1));
    // Ten seconds wait.
    expect(track.dropped).to.equal(700);
    expect(take(track, 999, 1)).to.deep.equal([hex(field1(1))]);
    // Of these, what is less than half a second late is kept: frames 984 to 999, one of which has gone out.
    expect(track.dropped).to.equal(984);
  });

  it('drops the oldest where more comes than a receiver takes', () => {
    const track = new CaptionTrack(30);
    track.put(0, many(70, field1));
    track.put(0, many(250, data));
    for (let i = 0; i < 4; i++) track.put(0, many(250, data));
    expect(take(track, 0, 1)[0]!.slice(0, 6)).to.equal(hex(field1(10)));
    expect(track.dropped).to.equal(10 + 50);
  });

  it('loses and adds nothing while it keeps up, and keeps the order of each kind', () => {
    // Sixty pairs at most, which may all wait.
    const frame = fc.array(fc.constantFrom(0, 1, 2), { maxLength: 2 });
    const rates = fc.constantFrom(24, 25, 29.97, 30, 50, 60);
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 30 }), rates, (frames, rate) => {
        const track = new CaptionTrack(rate);
        const sent: string[][] = [[], [], []];
        frames.forEach((kinds, i) => {
          const triplets = kinds.map((kind) => {
            const made = [field1, field2, data][kind]!(sent[kind]!.length);
            sent[kind]!.push(hex(made));
            return made;
          });
          track.put(i, Buffer.concat(triplets));
        });
        const got: string[][] = [[], [], []];
        for (const taken of take(track, 0, 160)) {
          for (const each of taken?.match(/.{6}/g) ?? [])
            got[['fc', 'fd', 'fe'].indexOf(each.slice(0, 2))]!.push(each);
        }
        expect(got).to.deep.equal(sent);
        expect(track.dropped).to.equal(0);
      }),
      { numRuns: 200 },
    );
  });
});
