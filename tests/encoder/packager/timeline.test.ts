import { expect } from 'chai';
import {
  framesPerSegment,
  partsPerSegment,
  segmentSeconds,
  tickGrid,
  type FrameRate,
  type TickGrid,
} from '../../../encoder/contract';
import { Timeline } from '../../../encoder/packager/timeline';

const START = 1_800_000_000_000;

/** Uniform in [0, 1), the same in every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Simulation {
  readonly grid: TickGrid;
  readonly hours: number;
  /** How much slower the source's clock is than the wall clock: its frames take this much longer. */
  readonly ppm?: number;
  /** Encoder and pipe: the same for every frame. */
  readonly pathMs?: number;
  /** On top of that, at random for each frame. */
  readonly jitterMs?: number;
  /** Extra delay of the first frame, that shrinks to nothing over half a segment. */
  readonly coldStartMs?: number;
  readonly seed?: number;
}

interface Anchor {
  readonly anchor: number;
  /** When the segment's first frame was captured, by the wall clock. */
  readonly truth: number;
}

function simulate({
  grid,
  hours,
  ppm = 0,
  pathMs = 30,
  jitterMs = 0,
  coldStartMs = 0,
  seed = 1,
}: Simulation): Anchor[] {
  const rng = random(seed);
  const timeline = new Timeline(grid, START);
  const frameMs = ((1000 * grid.frameTicks) / grid.timescale) * (1 + ppm / 1e6);
  const frames = framesPerSegment(grid);
  // As the writer does: a segment's anchor is asked for two ticks before it begins.
  const claimAt = (partsPerSegment(grid) - 2) * grid.framesPerPart;
  const segments = Math.floor((hours * 3600) / segmentSeconds(grid));
  const anchors: Anchor[] = [{ anchor: timeline.anchor(0), truth: START }];
  let last = 0;
  for (let frame = 0; frame < segments * frames; frame++) {
    const cold = Math.max(0, coldStartMs * (1 - frame / (frames / 2)));
    // Frames leave a pipe in order: a late one holds up those behind it.
    last = Math.max(last, START + frame * frameMs + pathMs + cold + rng() * jitterMs);
    timeline.observe(frame, last);
    if (frame % frames === claimAt) {
      const begins = frame - claimAt + frames;
      anchors.push({ anchor: timeline.anchor(begins), truth: START + begins * frameMs });
    }
  }
  return anchors;
}

const errors = (anchors: readonly Anchor[]): number[] => anchors.map(({ anchor, truth }) => anchor - truth);
const steps = (anchors: readonly Anchor[]): number[] =>
  anchors.slice(1).map(({ anchor }, i) => anchor - anchors[i]!.anchor);
const largest = (values: readonly number[]): number =>
  values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);

function check(anchors: readonly Anchor[], grid: TickGrid, bounds: { error: number }): void {
  const frameMs = (1000 * grid.frameTicks) / grid.timescale;
  const nominal = 1000 * segmentSeconds(grid);
  const differences = steps(anchors);
  expect(differences.filter((difference) => !(difference > 0))).to.deep.equal([]);
  // Anchors are whole microseconds.
  expect(largest(differences.map((difference) => difference - nominal)), 'correction').to.be.at.most(
    0.4 * frameMs + 0.001,
  );
  expect(largest(errors(anchors)), 'error').to.be.below(bounds.error);
}

describe('Timeline over a day', function () {
  this.timeout(30_000);
  const grid = tickGrid('30', 'balanced');

  for (const ppm of [-100, 100]) {
    it(`follows a source clock of ${ppm} ppm through delays of 0 to 200 ms: rising, smooth, within 100 ms`, () => {
      const anchors = simulate({ grid, hours: 24, ppm, jitterMs: 200, seed: 7 });
      expect(anchors).to.have.length(21_601);
      check(anchors, grid, { error: 100 });
      // Without correction the last one would be off by 8.6 s.
      expect(Math.abs(errors(anchors).at(-1)!)).to.be.below(20);
    });
  }

  it('stays within 5 ms of the truth when delays vary by a frame and nothing drifts', () => {
    check(simulate({ grid, hours: 24, jitterMs: 33, seed: 11 }), grid, { error: 5 });
  });

  it('does not drift by itself, whatever the delays', () => {
    const all = errors(simulate({ grid, hours: 24, jitterMs: 200, seed: 11 }));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const hour = 900;
    // Beginning and end of the day: the same but for noise. Drift of 1 ppm would show as 83 ms.
    expect(mean(all.slice(-hour)) - mean(all.slice(hour, 2 * hour))).to.be.within(-2, 2);
  });

  it('is exact to the microsecond with an even source', () => {
    for (const rate of ['29.97', '25', '59.94'] satisfies FrameRate[]) {
      const even = tickGrid(rate, 'balanced');
      check(simulate({ grid: even, hours: 24 }), even, { error: 0.002 });
    }
  });

  for (const rate of ['23.976', '25', '59.94'] satisfies FrameRate[]) {
    for (const profile of ['lowest', 'economy'] as const) {
      it(`holds at ${rate} fps, ${profile}, for two hours`, () => {
        const other = tickGrid(rate, profile);
        for (const ppm of [-100, 100]) {
          check(simulate({ grid: other, hours: 2, ppm, jitterMs: 200, seed: 3 }), other, { error: 100 });
        }
      });
    }
  }
});

describe('Timeline', () => {
  const grid = tickGrid('30', 'balanced');
  const frames = framesPerSegment(grid);

  it('gives the first frame its capture time and counts on from there while nothing was observed', () => {
    const timeline = new Timeline(grid, START);
    expect([0, 120, 240].map((frame) => timeline.anchor(frame))).to.deep.equal([
      START,
      START + 4000,
      START + 8000,
    ]);
  });

  it('takes a slow start of an encoder for no drift', () => {
    // Shorter than a segment, and longer.
    for (const coldStartMs of [2000, 9000]) {
      check(simulate({ grid, hours: 0.5, coldStartMs, jitterMs: 20 }), grid, { error: 5 });
    }
  });

  it('takes back a fifth of the error a segment, and 0.4 of a frame at most', () => {
    const timeline = new Timeline(grid, START);
    const observe = (segment: number, delayMs: number) => {
      for (let i = 0; i < frames; i++) {
        const frame = segment * frames + i;
        timeline.observe(frame, START + (frame * 1000) / 30 + delayMs);
      }
      return timeline.anchor((segment + 1) * frames) - START - (segment + 1) * 4000;
    };
    // Half a minute to learn the path's delay: the least one counts.
    for (let segment = 0; segment < 8; segment++)
      expect(observe(segment, segment === 3 ? 50 : 70)).to.equal(0);
    expect(observe(8, 50)).to.equal(0);
    expect(observe(9, 60)).to.be.closeTo(2, 0.001);
    expect(observe(10, 60)).to.be.closeTo(3.6, 0.001);
    // A jump of a second is taken back in steps of 0.4 x 33.3 ms.
    expect(observe(11, 1050)).to.be.closeTo(3.6 + 13.333, 0.002);
    expect(observe(12, -2000)).to.be.closeTo(3.6, 0.002);
  });

  it('lets one late frame, or all but one, change nothing', () => {
    const observed = (late: (frame: number) => boolean): number[] => {
      const timeline = new Timeline(grid, START);
      const anchors: number[] = [];
      for (let frame = 0; frame < 10 * frames; frame++) {
        timeline.observe(frame, START + (frame * 1000) / 30 + (late(frame) ? 180 : 20));
        if ((frame + 1) % frames === 0) anchors.push(timeline.anchor(frame + 1));
      }
      return anchors;
    };
    const nominal = Array.from({ length: 10 }, (_, i) => START + 4000 * (i + 1));
    expect(observed((frame) => frame % 50 === 0)).to.deep.equal(nominal);
    expect(observed((frame) => frame % frames !== 60)).to.deep.equal(nominal);
  });
});
