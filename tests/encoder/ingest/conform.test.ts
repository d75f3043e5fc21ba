import { expect } from 'chai';
import fc from 'fast-check';
import { tickGrid, type FrameRate } from '../../../encoder/contract';
import { Conform, type InputState, type OnInputLoss } from '../../../encoder/ingest/conform';

const START = 1_000_000;
const SAMPLE_RATE = 48_000;

/** A picture or a block of sound that arrives. Times in milliseconds since the start. */
type Arrival =
  | { readonly at: number; readonly pts: number }
  | { readonly at: number; readonly pts: number; readonly track: number };

interface Shown {
  /** Timestamp of the picture, in milliseconds; or what was shown instead. */
  readonly picture: number | 'slate';
  /** Milliseconds since the start. */
  readonly at: number;
}

interface Heard {
  /** Of the first sample, in milliseconds; undefined: silence. */
  readonly pts: number | undefined;
  readonly samples: number;
  readonly from: number;
}

/** Feeds arrivals to the stage with a clock that steps by 2 ms. */
class Simulation {
  readonly shown: Shown[] = [];
  readonly heard: Heard[][] = [[], []];
  readonly states: [at: number, state: InputState][] = [];
  readonly conform: Conform;
  readonly slotMs: number;
  #now = START;

  constructor(options: { rate?: FrameRate; onInputLoss?: OnInputLoss } = {}) {
    const grid = tickGrid(options.rate ?? '30', 'balanced');
    this.slotMs = (1000 * grid.frameTicks) / grid.timescale;
    const cursors = [0, 0];
    this.conform = new Conform({
      grid,
      tracks: 2,
      onInputLoss: options.onInputLoss ?? 'slate',
      startMs: START,
      sink: {
        picture: (slot, picture) => {
          // In a gap, slots pass unwritten.
          if (options.onInputLoss === 'gap') expect(slot).to.be.at.least(this.shown.length);
          else expect(slot, 'slots come in order, each once').to.equal(this.shown.length);
          const id = picture === 'slate' ? 'slate' : Buffer.from(picture.bytes[0]!).readDoubleLE(0);
          this.shown.push({ picture: id, at: this.#now - START });
        },
        sound: (track, samples) => {
          const count = typeof samples === 'number' ? samples : samples.length / 4;
          const pts = typeof samples === 'number' ? undefined : readSample(samples);
          this.heard[track]!.push({ pts, samples: count, from: cursors[track]! });
          cursors[track]! += count;
          const due = ((this.#now - this.conform.dueAt(0)) * SAMPLE_RATE) / 1000;
          if (cursors[track]! > due + 4800) throw new Error('sound is written before its time');
        },
      },
      onState: (state) => this.states.push([this.#now - START, state]),
    });
  }

  run(arrivals: readonly Arrival[], untilMs: number): this {
    const sorted = [...arrivals].sort((a, b) => a.at - b.at);
    let next = 0;
    for (; this.#now <= START + untilMs; this.#now += 2) {
      for (; next < sorted.length && START + sorted[next]!.at <= this.#now; next++) {
        const arrival = sorted[next]!;
        const pts90k = Math.round(arrival.pts * 90);
        if ('track' in arrival) this.conform.sound(arrival.track, pts90k, block(arrival.pts), this.#now);
        else this.conform.picture(pts90k, { bytes: [label(Math.round(arrival.pts))] }, this.#now);
      }
      this.conform.advance(this.#now);
    }
    return this;
  }

  /** Pictures of the source in the slots from..to, as timestamps; repeated ones repeated. */
  pictures(fromMs = 0, toMs = Infinity): (number | 'slate')[] {
    return this.shown
      .slice(Math.round(fromMs / this.slotMs), Math.round(Math.min(toMs, 1e9) / this.slotMs))
      .map(({ picture }) => picture);
  }

  /** Milliseconds of silence in a track from a time on. */
  silence(track: number, fromMs = 0): number {
    const heard = this.heard[track]!.filter(
      ({ pts, from }) => pts === undefined && (from * 1000) / SAMPLE_RATE >= fromMs,
    );
    return heard.reduce((sum, { samples }) => sum + (samples * 1000) / SAMPLE_RATE, 0);
  }
}

const label = (pts: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(pts);
  return bytes;
};

/** A block of 1024 samples; each tells its own number since timestamp 0. */
function block(pts: number): Buffer {
  const bytes = Buffer.alloc(4096);
  const first = Math.round((pts * SAMPLE_RATE) / 1000);
  for (let i = 0; i < 1024; i++) bytes.writeInt32LE((first + i) | 0, i * 4);
  return bytes;
}
const readSample = (bytes: Uint8Array): number =>
  (Buffer.from(bytes.buffer, bytes.byteOffset, 4).readInt32LE(0) * 1000) / SAMPLE_RATE;

interface SourceShape {
  readonly from?: number;
  readonly to: number;
  readonly fps?: number;
  readonly pts?: number;
  /** Arrival of what was captured at a time. */
  readonly arrives?: (ms: number) => number;
  readonly sound?: readonly number[];
  readonly soundLateMs?: number;
}

/** What a source sends: pictures at its rate, sound in blocks of 1024 samples. */
function source(shape: SourceShape): Arrival[] {
  const { from = 0, to, fps = 30, pts = 0, arrives = (ms) => ms, sound = [], soundLateMs = 0 } = shape;
  const arrivals: Arrival[] = [];
  for (let i = 0; from + (i * 1000) / fps < to; i++) {
    const ms = (i * 1000) / fps;
    arrivals.push({ at: arrives(from + ms), pts: pts + ms });
  }
  for (const track of sound) {
    for (let i = 0; from + (i * 1024_000) / SAMPLE_RATE < to; i++) {
      const ms = (i * 1024_000) / SAMPLE_RATE;
      arrivals.push({ at: arrives(from + ms + 21.333) + soundLateMs, pts: pts + ms, track });
    }
  }
  return arrivals;
}

const range = (from: number, count: number, step = 1000 / 30): number[] =>
  Array.from({ length: count }, (_, i) => Math.round(from + i * step));

/** Each picture is the one after the one before. */
function expectSteady(shown: readonly number[]): void {
  const steps = shown.slice(1).map((pts, i) => pts - shown[i]!);
  expect(new Set(steps.filter((step) => step !== 33 && step !== 34))).to.deep.equal(new Set());
}

describe('conforming a source to the grid', () => {
  it('shows the slate until something arrives, and silence with it', () => {
    const simulation = new Simulation().run([], 2000);
    expect(simulation.pictures(0, 1700)).to.deep.equal(Array(51).fill('slate'));
    expect(simulation.silence(0)).to.be.within(1780, 1802);
    expect(simulation.states).to.deep.equal([]);
  });

  it('shows every picture of a steady source once, in order, as it comes', () => {
    const simulation = new Simulation().run(source({ from: 1000, to: 4000 }), 4000);
    const from = simulation.shown.findIndex(({ picture }) => picture !== 'slate');
    expect(from).to.equal(30);
    expect(simulation.shown.slice(from, from + 85).map(({ picture }) => picture)).to.deep.equal(range(0, 85));
    for (const { picture, at } of simulation.shown.slice(from, from + 85)) {
      expect(at - 1000 - (picture as number), 'latency in ms').to.be.within(0, 20);
    }
  });

  it('keeps sound on its picture to the sample', () => {
    const simulation = new Simulation().run(source({ from: 1000, to: 6000, sound: [0], pts: 7000 }), 6000);
    const slot = simulation.shown.findIndex(({ picture }) => picture === 7000);
    for (const { pts, from } of simulation.heard[0]!.filter((piece) => piece.pts !== undefined)) {
      const here = (from * 1000) / SAMPLE_RATE - slot * simulation.slotMs + 7000 - pts!;
      expect(Math.abs(here)).to.be.lessThan(0.05);
    }
    expect(simulation.silence(0, 1100), 'ms of silence').to.equal(0);
    expect(simulation.silence(1, 1100)).to.be.greaterThan(4000);
  });

  const rates: [string, number, FrameRate, (count: number) => number[]][] = [
    [
      '25 in 30: one in five twice',
      25,
      '30',
      () => range(0, 100, 40).flatMap((pts, i) => (i % 5 === 3 ? [pts, pts] : [pts])),
    ],
    ['60 in 30: every second', 60, '30', (count) => range(0, count)],
    ['30 in 60: each twice', 30, '60', () => range(0, 100).flatMap((pts) => [pts, pts])],
  ];
  for (const [name, fps, rate, expected] of rates) {
    it(`brings one rate to another: ${name}`, () => {
      const simulation = new Simulation({ rate }).run(source({ from: 500, to: 4000, fps }), 4000);
      const from = simulation.shown.findIndex(({ picture }) => picture !== 'slate');
      const shown = simulation.shown.slice(from, from + 80).map(({ picture }) => picture);
      expect(shown).to.deep.equal(expected(80).slice(0, 80));
      expect(simulation.conform.counts).to.include({ late: 0, anchors: 1 });
    });
  }

  it('repeats the last picture for a second, then shows the slate, and goes on with the source', () => {
    const simulation = new Simulation().run(
      [...source({ to: 2000, sound: [0] }), ...source({ from: 5000, to: 7000, pts: 5000, sound: [0] })],
      7000,
    );
    const shown = simulation.pictures();
    const last = shown.indexOf('slate') - 1;
    expect(shown.filter((picture) => picture === shown[last]).length, 'the last picture').to.equal(31);
    expect(shown.slice(shown.lastIndexOf('slate') + 1).slice(0, 50)).to.deep.equal(range(5000, 50));
    expect(simulation.states.map(([, state]) => state)).to.deep.equal(['live', 'repeat', 'slate', 'live']);
  });

  it('repeats for ever where that is asked for', () => {
    const simulation = new Simulation({ onInputLoss: 'repeat' }).run(source({ to: 1000 }), 8000);
    expect(new Set(simulation.pictures(1100))).to.deep.equal(new Set([967]));
    expect(simulation.states.map(([, state]) => state)).to.deep.equal(['live', 'repeat']);
  });

  it('writes nothing in a gap, and says when it begins and ends', () => {
    const arrivals = [...source({ to: 1000 }), ...source({ from: 3000, to: 4000, pts: 3000 })];
    const simulation = new Simulation({ onInputLoss: 'gap' }).run(arrivals, 4000);
    expect(simulation.shown.filter(({ at }) => at > 1000 && at < 2990)).to.deep.equal([]);
    expect(simulation.shown.length, 'pictures').to.be.within(58, 61);
    expect(simulation.states.map(([, state]) => state)).to.deep.equal(['live', 'gap', 'live']);
    expect(simulation.states[1]![0]).to.be.within(1195, 1205);
    expect(simulation.states[2]![0]).to.be.within(2998, 3004);
  });

  it('passes over a hold-up of less than its patience without a repetition', () => {
    const held = (ms: number) => (ms > 2000 && ms < 2150 ? 2150 : ms);
    const simulation = new Simulation().run(source({ to: 4000, arrives: held }), 4000);
    expect(simulation.pictures(0, 3700)).to.deep.equal(range(0, 111));
    expect(simulation.conform.counts).to.include({ repeated: 0, late: 0 });
  });

  it('leaves out what a hold-up made late, and keeps sound and picture where they belong', () => {
    const held = (ms: number) => (ms > 2000 && ms < 2600 ? 2600 : ms);
    const simulation = new Simulation().run(source({ to: 5000, arrives: held, sound: [0] }), 5000);
    const shown = simulation.pictures(0, 4700);
    expect(shown.slice(81), 'after the hold-up').to.deep.equal(range(81 / 0.03, shown.length - 81));
    expect(simulation.conform.counts.anchors).to.equal(1);
    expect(simulation.silence(0, 2700)).to.equal(0);
  });

  const jumps: [string, number][] = [
    ['forward by an hour', 3_600_000],
    ['back by a minute', -60_000],
    ['forward by 0.7 s', 700],
  ];
  for (const [name, step] of jumps) {
    it(`does not lose a picture to a jump of the timestamps ${name}`, () => {
      const before = source({ to: 2000, pts: 100_000, sound: [0] });
      const after = source({ from: 2000, to: 4000, pts: 102_000 + step, sound: [0] });
      const simulation = new Simulation().run([...before, ...after], 4000);
      const expected = [...range(100_000, 60), ...range(102_000 + step, 50)];
      expect(simulation.pictures(0, 3600)).to.deep.equal(expected.slice(0, 108));
      expect(simulation.conform.counts).to.include({ anchors: 2, repeated: 0 });
      expect(simulation.silence(0, 2100)).to.equal(0);
    });
  }

  it('does not notice the wrap of 33-bit timestamps', () => {
    const wrapMs = 2 ** 33 / 90;
    const arrivals = source({ to: 4000, pts: wrapMs - 2000, sound: [0] });
    const wrapped = arrivals.map((arrival) => ({ ...arrival, pts: arrival.pts % wrapMs }));
    const simulation = new Simulation().run(wrapped, 4000);
    expect(simulation.conform.counts).to.include({ anchors: 1, repeated: 0, late: 0 });
    expect(simulation.silence(0, 100)).to.equal(0);
  });

  it('takes a source that paused as it comes again, half a second later', () => {
    const paused = (ms: number) => (ms >= 2000 ? ms + 3000 : ms);
    const simulation = new Simulation().run(source({ to: 5000, arrives: paused }), 8000);
    expect(simulation.states.map(([, state]) => state)).to.deep.equal(['live', 'repeat', 'slate', 'live']);
    const resumed = simulation.shown.findIndex(({ at, picture }) => at >= 5400 && picture !== 'slate');
    expect(simulation.shown[resumed]!.at).to.be.within(5480, 5560);
    expectSteady(simulation.pictures().slice(resumed, resumed + 60) as number[]);
  });

  it('shows a source that runs at nine tenths of its speed with repetitions, never the slate', () => {
    const slow = (ms: number) => ms / 0.9;
    const simulation = new Simulation().run(source({ to: 18_000, arrives: slow }), 20_000);
    expect(simulation.pictures().filter((picture) => picture === 'slate').length).to.equal(0);
    expect(new Set(simulation.pictures()).size, 'pictures that were seen').to.be.greaterThan(350);
  });

  it('stays at the live edge of a source that sends twice as fast', () => {
    const fast = (ms: number) => ms / 2;
    const simulation = new Simulation().run(source({ to: 20_000, arrives: fast }), 10_000);
    const { picture, at } = simulation.shown.at(-1)!;
    expect((picture as number) - 2 * at).to.be.within(-2200, 100);
  });

  it('plays bursts of 400 ms smoothly once it knows them', () => {
    const bursts = (ms: number) => Math.ceil((ms + 1) / 400) * 400;
    const simulation = new Simulation().run(source({ to: 12_000, arrives: bursts, sound: [0] }), 12_000);
    const shown = simulation.pictures(3000, 11_500) as number[];
    expectSteady(shown);
    expect(simulation.silence(0, 3000)).to.equal(0);
  });

  it('does not keep the latency that a decoder gathers while it starts', () => {
    const startUp = (ms: number) => Math.max(ms, 1500 + ms / 20);
    const simulation = new Simulation().run(source({ to: 6000, arrives: startUp, sound: [0] }), 6000);
    const { picture, at } = simulation.shown.at(-1)!;
    expect(at - (picture as number), 'latency in ms').to.be.lessThan(50);
    expect(simulation.silence(0, 3000)).to.equal(0);
  });

  it('gives back, after ten seconds, latency that nothing needs any more', () => {
    const once = (ms: number) => (ms < 3000 ? ms + 600 : Math.max(ms, 3600));
    const simulation = new Simulation().run(source({ to: 40_000, arrives: once }), 40_000);
    const { picture, at } = simulation.shown.at(-1)!;
    expect(at - (picture as number)).to.be.lessThan(180);
  });

  it('waits with the pictures for sound that comes 400 ms after them', () => {
    const simulation = new Simulation().run(source({ to: 40_000, sound: [0], soundLateMs: 400 }), 40_000);
    expect(simulation.silence(0, 4000)).to.equal(0);
    const shown = simulation.pictures(4000, 39_000) as number[];
    expectSteady(shown);
  });

  it('joins sound whose timestamps are rounded to milliseconds, sample by sample', () => {
    const exact = source({ to: 5000, sound: [0] });
    const rounded = exact.map((arrival) => ({ ...arrival, pts: Math.round(arrival.pts) }));
    const simulation = new Simulation().run(rounded, 5000);
    expect(simulation.silence(0, 200)).to.equal(0);
    const heard = simulation.heard[0]!.filter(({ pts }) => pts !== undefined);
    for (const { samples } of heard.slice(1, -1)) expect(samples).to.equal(1024);
  });

  it('puts silence where the sound has a hole, and the rest where it belongs', () => {
    const whole = source({ to: 5000, sound: [0] });
    const holed = whole.filter(
      (arrival) => !('track' in arrival && arrival.pts > 2000 && arrival.pts < 2500),
    );
    const simulation = new Simulation().run(holed, 5000);
    expect(simulation.silence(0, 1900)).to.be.within(470, 520);
    const after = simulation.heard[0]!.filter(({ pts }) => pts !== undefined && pts > 2600);
    for (const { pts, from } of after)
      expect(Math.abs((from * 1000) / SAMPLE_RATE - pts!)).to.be.lessThan(0.05);
  });

  for (const ppm of [100, -100]) {
    it(`follows a source whose clock is ${ppm} ppm off for an hour, without a repetition or a lost picture`, function () {
      this.timeout(60_000);
      const skewed = (ms: number) => ms * (1 + ppm / 1e6);
      const simulation = new Simulation().run(source({ to: 3_600_000, arrives: skewed }), 3_599_000);
      expect(simulation.conform.counts).to.include({ repeated: 0, late: 0, anchors: 1 });
    });
  }

  it('fills every slot and every sample once, whatever comes and whenever', () => {
    const arrival = fc.record({
      at: fc.integer({ min: 0, max: 5000 }),
      pts: fc.oneof(fc.integer({ min: 0, max: 6000 }), fc.integer({ min: 0, max: 95_443_717 })),
      kind: fc.constantFrom('picture', 'sound'),
    });
    fc.assert(
      fc.property(
        fc.array(arrival, { maxLength: 200 }),
        fc.constantFrom('slate', 'repeat'),
        (random, onInputLoss) => {
          const arrivals = random.map(({ at, pts, kind }) =>
            kind === 'sound' ? { at, pts, track: 0 } : { at, pts },
          );
          const simulation = new Simulation({ onInputLoss }).run(arrivals, 6000);
          // Slots are checked in the sink. The last may still be awaited.
          expect(simulation.shown.length).to.be.within(174, 182);
          for (const track of simulation.heard) {
            const samples = track.reduce((sum, piece) => sum + piece.samples, 0);
            expect(samples).to.be.within(5799 * 48, 6040 * 48);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
