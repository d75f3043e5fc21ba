import { expect } from 'chai';
import fc from 'fast-check';
import {
  AAC_FRAME_SAMPLES,
  AUDIO_SAMPLE_RATES,
  FRAME_RATES,
  framesPerGop,
  framesPerSegment,
  partsPerSegment,
  PROFILES,
  tickGrid,
  type TickGrid,
} from '../../../encoder/contract';
import type { Fragment } from '../../../encoder/packager/box-reader';
import { PartCutter, TimingError, type TrackPart } from '../../../encoder/packager/cutter';

const grid = tickGrid('30', 'balanced');

type Changes = Partial<Omit<Fragment, 'bytes' | 'length'>>;

/** Frame `index` of a track, as three chunks that no other frame has. */
function fragment(index: number, frameTicks: number, key: boolean, changes: Changes = {}): Fragment {
  const bytes = [`moof ${index};`, 'mdat', `media ${index};`].map((text) => Buffer.from(text));
  return {
    time: BigInt(index) * BigInt(frameTicks),
    duration: frameTicks,
    samples: 1,
    startsWithKeyFrame: key,
    laterKeyFrame: false,
    ...changes,
    bytes,
    length: Buffer.concat(bytes).length,
  };
}

const videoFrame = (index: number, on: TickGrid, changes: Changes = {}): Fragment =>
  fragment(index, on.frameTicks, index % framesPerGop(on) === 0, changes);
const audioFrame = (index: number, changes: Changes = {}): Fragment =>
  fragment(index, AAC_FRAME_SAMPLES, true, changes);

function cut(kind: 'video' | 'audio', on: TickGrid, fragments: Iterable<Fragment>): TrackPart[] {
  const parts: TrackPart[] = [];
  const cutter = new PartCutter(kind, kind, on, (part) => parts.push(part));
  for (const one of fragments) cutter.push(one);
  return parts;
}

const first = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const mediaOf = (fragments: readonly Fragment[]): string =>
  fragments.map(({ bytes }) => Buffer.concat(bytes).toString()).join('');

describe('PartCutter', () => {
  for (const rate of FRAME_RATES) {
    for (const profile of PROFILES) {
      const on = tickGrid(rate, profile);

      it(`cuts video at ${rate} fps, ${profile}, into parts of ${on.framesPerPart} frames, independent where a GOP begins`, () => {
        const frames = first(2 * framesPerSegment(on), (i) => videoFrame(i, on));
        const parts = cut('video', on, frames);
        expect(parts).to.have.length(2 * partsPerSegment(on));
        parts.forEach((part, i) => {
          const mine = frames.slice(i * on.framesPerPart, (i + 1) * on.framesPerPart);
          expect({ ...part, bytes: Buffer.concat(part.bytes).toString() }).to.deep.equal({
            tick: i,
            bytes: mediaOf(mine),
            length: mediaOf(mine).length,
            start: i * on.framesPerPart * on.frameTicks,
            duration: on.framesPerPart * on.frameTicks,
            independent: i % on.partsPerGop === 0,
          });
        });
      });

      for (const hz of AUDIO_SAMPLE_RATES) {
        it(`cuts AAC of ${hz} Hz at ${rate} fps, ${profile}, so that each tick has the frames that end in it`, () => {
          const withAudio = tickGrid(rate, profile, hz);
          const frames = first(1500, (i) => audioFrame(i));
          const parts = cut('audio', withAudio, frames);
          // The tick in which a frame ends, in integers and without the formula that is tested.
          const ticks = new Map<bigint, Fragment[]>();
          const scale = BigInt(withAudio.timescale);
          const tick = BigInt(withAudio.framesPerPart * withAudio.frameTicks * hz);
          frames.forEach((frame, i) => {
            const ending = BigInt((i + 1) * AAC_FRAME_SAMPLES) * scale;
            const index = (ending + tick - 1n) / tick - 1n;
            ticks.set(index, [...(ticks.get(index) ?? []), frame]);
          });
          expect(parts.length).to.be.above(20);
          let start = 0;
          parts.forEach((part, i) => {
            const mine = ticks.get(BigInt(i))!;
            expect({ ...part, bytes: Buffer.concat(part.bytes).toString() }).to.deep.equal({
              tick: i,
              bytes: mediaOf(mine),
              length: mediaOf(mine).length,
              start,
              duration: mine.length * AAC_FRAME_SAMPLES,
              independent: true,
            });
            start += part.duration;
          });
        });
      }
    }
  }

  it('emits a part with its last frame and not a frame later', () => {
    expect(
      cut(
        'video',
        grid,
        first(grid.framesPerPart - 1, (i) => videoFrame(i, grid)),
      ),
    ).to.have.length(0);
    expect(
      cut(
        'video',
        grid,
        first(grid.framesPerPart, (i) => videoFrame(i, grid)),
      ),
    ).to.have.length(1);
    // 16 of 15.6 frames a tick end after the first tick, so the first part has 15.
    expect(
      cut(
        'audio',
        grid,
        first(14, (i) => audioFrame(i)),
      ),
    ).to.have.length(0);
    expect(
      cut(
        'audio',
        grid,
        first(15, (i) => audioFrame(i)),
      ),
    ).to.have.length(1);
  });

  it('passes on the very chunks that it was given', () => {
    const frames = first(grid.framesPerPart, (i) => videoFrame(i, grid));
    const chunks = frames.flatMap(({ bytes }) => bytes);
    const [part] = cut('video', grid, frames);
    expect(part!.bytes.every((chunk, i) => chunk === chunks[i])).to.equal(true);
    expect(part!.bytes).to.have.length(chunks.length);
  });

  it('counts from the time of the first frame, whatever that is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 10_000_000n }), (base) => {
        const frames = first(2 * grid.framesPerPart, (i) =>
          videoFrame(i, grid, { time: base + BigInt(i * 1000) }),
        );
        expect(cut('video', grid, frames).map(({ start }) => start)).to.deep.equal([0, 10_000]);
      }),
    );
  });

  it('takes a GOP inside a segment that begins without a key frame, as no independent part', () => {
    const gop = framesPerGop(grid);
    const parts = cut(
      'video',
      grid,
      first(framesPerSegment(grid), (i) => videoFrame(i, grid, { startsWithKeyFrame: i === 0 })),
    );
    expect(parts.map(({ independent }) => independent)).to.deep.equal(
      first(partsPerSegment(grid), (i) => i === 0),
    );
    expect(gop).to.equal(60);
  });

  it('drops a shorter last audio frame, and refuses anything after it', () => {
    const frames = first(15, (i) => audioFrame(i));
    const tail = audioFrame(15, { duration: 100 });
    expect(cut('audio', grid, [...frames, tail])).to.have.length(1);
    expect(() => cut('audio', grid, [...frames, tail, audioFrame(16)])).to.throw(
      TimingError,
      'frame 15 has 1 samples',
    );
    const next = audioFrame(15, { time: 15n * 1024n + 100n });
    expect(() => cut('audio', grid, [...frames, tail, next])).to.throw(TimingError, 'ticks at 15460');
    for (const again of [tail, audioFrame(15)]) {
      expect(() => cut('audio', grid, [...frames, tail, again])).to.throw(TimingError, 'ticks at 15360');
    }
  });

  describe('ends the generation at', () => {
    const segment = framesPerSegment(grid);
    const upTo = (count: number) => first(count, (i) => videoFrame(i, grid));
    const wrong: [string, Fragment[], string][] = [
      [
        'a first frame that is no key frame',
        [videoFrame(0, grid, { startsWithKeyFrame: false })],
        'video: frame 0 begins a segment and is no key frame',
      ],
      [
        'a second segment without a key frame',
        [...upTo(segment), videoFrame(segment, grid, { startsWithKeyFrame: false })],
        'video: frame 120 begins a segment and is no key frame',
      ],
      [
        'a key frame inside a part',
        [...upTo(7), videoFrame(7, grid, { startsWithKeyFrame: true })],
        'video: frame 7 is a key frame; the grid has them every 60 frames',
      ],
      [
        'a key frame where a part begins but no GOP',
        [...upTo(10), videoFrame(10, grid, { startsWithKeyFrame: true })],
        'video: frame 10 is a key frame; the grid has them every 60 frames',
      ],
      [
        'a frame that is too long',
        [...upTo(3), videoFrame(3, grid, { duration: 1001 })],
        'video: frame 3 has 1 samples, 1001 ticks at 3000; the grid needs one sample, 1000 ticks at 3000',
      ],
      [
        'a frame that is too short',
        [...upTo(3), videoFrame(3, grid, { duration: 999 })],
        'video: frame 3 has 1 samples, 999 ticks at 3000',
      ],
      [
        'a jump forward by one tick',
        [...upTo(3), videoFrame(3, grid, { time: 3001n })],
        'video: frame 3 has 1 samples, 1000 ticks at 3001; the grid needs one sample, 1000 ticks at 3000',
      ],
      ['a frame that is missing', [...upTo(3), videoFrame(4, grid)], '1000 ticks at 4000'],
      ['a frame that comes twice', [...upTo(3), videoFrame(2, grid)], '1000 ticks at 2000'],
      ['a jump back to zero', [...upTo(70).slice(60), videoFrame(0, grid)], '1000 ticks at -60000'],
      [
        'two frames in one fragment',
        [videoFrame(0, grid, { samples: 2, duration: 2000 })],
        'frame 0 has 2 samples',
      ],
    ];
    for (const [what, fragments, message] of wrong) {
      it(what, () => {
        expect(() => cut('video', grid, fragments)).to.throw(TimingError, message);
      });
    }

    const wrongAudio: [string, Fragment[], string][] = [
      [
        'an audio frame of 2048 samples',
        [audioFrame(0, { duration: 2048 })],
        'audio: frame 0 has 1 samples, 2048 ticks at 0; the grid needs one sample, 1024 ticks at 0',
      ],
      ['a hole in the audio', [audioFrame(0), audioFrame(2)], '1024 ticks at 2048'],
      [
        'audio that is off by one sample',
        [audioFrame(0), audioFrame(1, { time: 1023n })],
        '1024 ticks at 1023',
      ],
    ];
    for (const [what, fragments, message] of wrongAudio) {
      it(what, () => {
        expect(() => cut('audio', grid, fragments)).to.throw(TimingError, message);
      });
    }
  });
});
