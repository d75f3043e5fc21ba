import { expect } from 'chai';
import {
  AAC_FRAME_SAMPLES,
  advancePartLimit,
  AUDIO_SAMPLE_RATES,
  audioFramesBefore,
  FRAME_RATES,
  frameRateFraction,
  frameRateOf,
  framesPerGop,
  framesPerSegment,
  partHoldBack,
  partsPerSegment,
  partTarget,
  PROFILES,
  segmentSeconds,
  targetDuration,
  tickGrid,
  tickSeconds,
  tickTicks,
  type FrameRate,
  type Profile,
} from '../../../encoder/contract';

/** Minutes of media over which each rule is proved, for every grid. */
const MINUTES = 20;
/** Playlists print durations with five decimals: they are compared as whole numbers of these. */
const UNIT = 100_000n;
/** What `toFixed(5)` prints, in hundred-thousandths of a second. */
const printed = (seconds: number): bigint => BigInt(Math.round(Number(seconds.toFixed(5)) * 1e5));

const grids = FRAME_RATES.flatMap((rate) =>
  AUDIO_SAMPLE_RATES.flatMap((audio) =>
    PROFILES.map((profile) => ({ rate, audio, profile, name: `${rate} fps, AAC ${audio} Hz, ${profile}` })),
  ),
);

describe('tick grid', () => {
  for (const { rate, audio, profile, name } of grids) {
    describe(name, () => {
      const grid = tickGrid(rate, profile, audio);
      const scale = BigInt(grid.timescale);
      const hz = BigInt(audio);
      const tickVideo = BigInt(tickTicks(grid));
      const parts = partsPerSegment(grid);
      const ticks = Math.ceil((MINUTES * 60) / tickSeconds(grid));
      const target = printed(partTarget(grid));
      /** Samples from the start to each tick's cut, counted frame by frame and not by the formula that is tested. */
      const cuts: bigint[] = [0n];
      for (let tick = 1, samples = 0n; tick <= ticks; tick++) {
        while ((samples + 1024n) * scale <= BigInt(tick) * tickVideo * hz) samples += 1024n;
        cuts.push(samples);
      }

      it('cuts audio at the last AAC frame that ends at or before the tick', () => {
        const formula = cuts.map((_, tick) => BigInt(audioFramesBefore(grid, tick) * AAC_FRAME_SAMPLES));
        expect(formula).to.deep.equal(cuts);
      });

      it('starts audio less than one AAC frame before the picture of the same tick, and never after it', () => {
        // In units of 1 / (hz * timescale) seconds.
        const behind = cuts.map((samples, tick) => BigInt(tick) * tickVideo * hz - samples * scale);
        expect(behind.filter((gap) => gap < 0n || gap >= 1024n * scale)).to.deep.equal([]);
      });

      it('has no part longer than PART-TARGET (T2)', () => {
        const audioTooLong = cuts.filter(
          (samples, i) => i > 0 && (samples - cuts[i - 1]!) * UNIT > target * hz,
        );
        expect(audioTooLong).to.deep.equal([]);
        expect(tickVideo * UNIT <= target * scale).to.equal(true);
      });

      it('has a PART-TARGET that is the longest part, rounded up at five decimals and no further', () => {
        const longest = cuts.slice(1).reduce((max, samples, i) => {
          const length = samples - cuts[i]!;
          return length > max ? length : max;
        }, 0n);
        // ceil(max(a / b, c / d) * 1e5), in integers.
        const ceil = (n: bigint, d: bigint) => (n * UNIT + d - 1n) / d;
        const exact = [ceil(tickVideo, scale), ceil(longest, hz)].reduce((a, b) => (a > b ? a : b));
        expect(target).to.equal(exact);
      });

      it('has no part shorter than 85 % of PART-TARGET, independent and last ones included (T3)', () => {
        const audioTooShort = cuts.filter(
          (samples, i) => i > 0 && (samples - cuts[i - 1]!) * UNIT * 100n < 85n * target * hz,
        );
        expect(audioTooShort).to.deep.equal([]);
        expect(tickVideo * UNIT * 100n >= 85n * target * scale).to.equal(true);
      });

      it('has no segment whose rounded EXTINF exceeds TARGETDURATION, video or audio (T9, T10)', () => {
        const limit = targetDuration(grid);
        const video = Math.round(Number((tickVideo * BigInt(parts) * UNIT) / scale) / 1e5);
        const longest: number[] = [];
        for (let tick = parts; tick <= ticks; tick += parts) {
          longest.push(Math.round(Number((Number(cuts[tick]! - cuts[tick - parts]!) / audio).toFixed(5))));
        }
        expect(longest).to.have.length.above(200);
        expect(Math.max(video, ...longest)).to.be.at.most(limit);
        // Apple 7.7: not longer than it by half a second; and no more than needed.
        expect(limit - segmentSeconds(grid)).to.be.within(-0.5, 0.5);
      });

      it('has a PART-HOLD-BACK of at least three PART-TARGETs as printed (T5)', () => {
        const holdBack = printed(partHoldBack(grid));
        expect(holdBack >= 3n * target).to.equal(true);
        expect(holdBack - 3n * target <= 1n).to.equal(true);
      });

      it('prints EXTINFs whose sums stay within one video frame of the media, over any window (T24)', () => {
        const frame = BigInt(grid.frameTicks) * UNIT;
        const videoLength = printed(segmentSeconds(grid));
        let printedVideo = 0n;
        /** How far the printed sum is from the real one at each segment's end, in ticks x 1e5. */
        const videoErrors: bigint[] = [0n];
        const audioErrors: bigint[] = [0n];
        let printedAudio = 0n;
        for (let tick = parts; tick <= ticks; tick += parts) {
          printedVideo += videoLength;
          printedAudio += printed(Number(cuts[tick]! - cuts[tick - parts]!) / audio);
          videoErrors.push(printedVideo * scale - BigInt(tick) * tickVideo * UNIT);
          audioErrors.push(printedAudio * hz - cuts[tick]! * UNIT);
        }
        const spread = (errors: readonly bigint[]) => {
          const sorted = [...errors].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
          return sorted.at(-1)! - sorted[0]!;
        };
        // The largest difference between any two ends is the worst run of segments.
        expect(spread(videoErrors) < frame).to.equal(true);
        expect(spread(audioErrors) * scale < frame * hz).to.equal(true);
      });

      it('begins every second GOP with a segment, and every GOP with a part', () => {
        expect(framesPerGop(grid)).to.equal(grid.partsPerGop * grid.framesPerPart);
        expect(framesPerSegment(grid)).to.equal(2 * framesPerGop(grid));
        expect(parts).to.equal(2 * grid.partsPerGop);
        expect(segmentSeconds(grid)).to.be.within(3.8, 4.2);
      });

      it('lets clients ask ahead as far as the Advance Part Limit and no further', () => {
        const seconds = partTarget(grid);
        expect(advancePartLimit(grid)).to.equal(seconds < 1 ? Math.ceil(3 / seconds) : 3);
        expect(advancePartLimit(grid)).to.be.at.least(3);
      });
    });
  }

  it('has the frames a part of the design, by rate and profile', () => {
    const table = (rate: FrameRate) => PROFILES.map((profile) => tickGrid(rate, profile).framesPerPart);
    expect(Object.fromEntries(FRAME_RATES.map((rate) => [rate, table(rate)]))).to.deep.equal({
      '23.976': [5, 8, 24],
      '24': [5, 8, 24],
      '25': [5, 8, 25],
      '29.97': [6, 10, 30],
      '30': [6, 10, 30],
      '50': [10, 16, 50],
      '59.94': [12, 20, 60],
      '60': [12, 20, 60],
    });
    expect(PROFILES.map((profile) => tickGrid('30', profile).partsPerGop)).to.deep.equal([10, 6, 2]);
  });

  const examples: [FrameRate, Profile, 44_100 | 48_000, number, number][] = [
    ['30', 'balanced', 48_000, 0.34134, 1.02402],
    ['29.97', 'balanced', 48_000, 0.34134, 1.02402],
    ['30', 'balanced', 44_100, 0.3483, 1.0449],
    ['25', 'balanced', 48_000, 0.32, 0.96],
    ['30', 'lowest', 48_000, 0.21334, 0.64002],
    ['60', 'economy', 48_000, 1.00267, 3.00801],
  ];
  for (const [rate, profile, audio, target, holdBack] of examples) {
    it(`has PART-TARGET ${target} and PART-HOLD-BACK ${holdBack} at ${rate} fps, ${audio} Hz, ${profile}`, () => {
      const grid = tickGrid(rate, profile, audio);
      expect([partTarget(grid), partHoldBack(grid)]).to.deep.equal([target, holdBack]);
    });
  }

  it('counts audio frames exactly after 30 years of ticks', () => {
    const grid = tickGrid('29.97', 'balanced', 44_100);
    const ticks = 2_836_000_000;
    const exact = (BigInt(ticks) * 10_010n * 44_100n) / (30_000n * 1024n);
    expect(audioFramesBefore(grid, ticks)).to.equal(Number(exact));
  });

  it('writes rates as ffmpeg takes them', () => {
    expect(FRAME_RATES.map(frameRateFraction)).to.deep.equal([
      { numerator: 24_000, denominator: 1001 },
      { numerator: 24_000, denominator: 1000 },
      { numerator: 25_000, denominator: 1000 },
      { numerator: 30_000, denominator: 1001 },
      { numerator: 30_000, denominator: 1000 },
      { numerator: 50_000, denominator: 1000 },
      { numerator: 60_000, denominator: 1001 },
      { numerator: 60_000, denominator: 1000 },
    ]);
  });
});

describe('frameRateOf', () => {
  it('knows each rate by its fraction and by its rounded decimal', () => {
    for (const rate of FRAME_RATES) {
      const { numerator, denominator } = frameRateFraction(rate);
      expect(frameRateOf(numerator / denominator)).to.equal(rate);
      expect(frameRateOf(Number(rate))).to.equal(rate);
    }
  });

  it('tells 23.976 from 24, 29.97 from 30 and 59.94 from 60', () => {
    expect([23.976, 24, 29.97, 30, 59.94, 60].map(frameRateOf)).to.deep.equal([
      '23.976',
      '24',
      '29.97',
      '30',
      '59.94',
      '60',
    ]);
  });

  const refused: [number, FrameRate][] = [
    [15, '23.976'],
    [23.99, '24'],
    [27, '25'],
    [29.98, '29.97'],
    [48, '50'],
    [100, '60'],
    [120, '60'],
    [0, '23.976'],
    [-25, '23.976'],
  ];
  for (const [rate, nearest] of refused) {
    it(`refuses ${rate} and names ${nearest} as the nearest`, () => {
      expect(() => frameRateOf(rate)).to.throw(
        RangeError,
        `${rate} frames a second fits no tick grid. Allowed: ${FRAME_RATES.join(', ')}; the nearest is ${nearest}.`,
      );
    });
  }

  it('refuses what is no number', () => {
    expect(() => frameRateOf(NaN)).to.throw(RangeError, 'NaN frames a second fits no tick grid');
    expect(() => frameRateOf(Infinity)).to.throw(RangeError, 'Infinity frames a second fits no tick grid');
  });
});
