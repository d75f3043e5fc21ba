/**
 * The tick grid of a channel: when parts and segments begin, for every rendition alike.
 *
 * Video decides: a part is a whole number of frames that divides the GOP, a segment is two GOPs.
 * Audio is cut at the last AAC frame that ends at or before the tick, so part k of every rendition
 * is the same tick. All arithmetic is on integers; seconds appear only where a playlist prints them.
 */

/** Samples in one AAC-LC frame (ISO/IEC 14496-3). */
export const AAC_FRAME_SAMPLES = 1024;

export const GOPS_PER_SEGMENT = 2;

/** Part length: nominally 0.2, 0.333 and 1 s. Budgets use the real values, see {@link tickSeconds}. */
export const PROFILES = ['lowest', 'balanced', 'economy'] as const;
export type Profile = (typeof PROFILES)[number];
export const DEFAULT_PROFILE: Profile = 'balanced';

export const FRAME_RATES = ['23.976', '24', '25', '29.97', '30', '50', '59.94', '60'] as const;
export type FrameRate = (typeof FRAME_RATES)[number];

export const AUDIO_SAMPLE_RATES = [44_100, 48_000] as const;
export type AudioSampleRate = (typeof AUDIO_SAMPLE_RATES)[number];

const PARTS_PER_GOP: Readonly<Record<Profile, number>> = { lowest: 10, balanced: 6, economy: 2 };

/** Frames a part, by the rate's whole number (23.976 counts as 24) and profile. */
const FRAMES_PER_PART: Readonly<Record<number, Readonly<Record<Profile, number>>>> = {
  24: { lowest: 5, balanced: 8, economy: 24 },
  25: { lowest: 5, balanced: 8, economy: 25 },
  30: { lowest: 6, balanced: 10, economy: 30 },
  50: { lowest: 10, balanced: 16, economy: 50 },
  60: { lowest: 12, balanced: 20, economy: 60 },
};

/** Plain data: it is written into claims, so that an origin needs nothing but the store. */
export interface TickGrid {
  /** Video ticks a second: 1000 times the rate's whole number. */
  readonly timescale: number;
  /** Video ticks a frame: 1000, or 1001 at 23.976, 29.97 and 59.94. */
  readonly frameTicks: number;
  readonly framesPerPart: number;
  readonly partsPerGop: number;
  /** Hz; the timescale of audio renditions. */
  readonly audioSampleRate: number;
}

/** The rate as ffmpeg takes it, for example `30000/1001`. */
export function frameRateFraction(rate: FrameRate): { numerator: number; denominator: number } {
  const whole = Math.round(Number(rate));
  return { numerator: whole * 1000, denominator: rate.includes('.') ? 1001 : 1000 };
}

export function tickGrid(
  rate: FrameRate,
  profile: Profile,
  audioSampleRate: AudioSampleRate = 48_000,
): TickGrid {
  const { numerator, denominator } = frameRateFraction(rate);
  const frames = FRAMES_PER_PART[numerator / 1000];
  if (frames === undefined) throw new RangeError(`no tick grid for ${rate} frames a second`);
  return {
    timescale: numerator,
    frameTicks: denominator,
    framesPerPart: frames[profile],
    partsPerGop: PARTS_PER_GOP[profile],
    audioSampleRate,
  };
}

/**
 * The supported rate that a measured one stands for.
 * @throws RangeError for a rate that is none of the eight (0.01 % tolerance), naming the nearest.
 */
export function frameRateOf(framesPerSecond: number): FrameRate {
  const value = (rate: FrameRate) => {
    const { numerator, denominator } = frameRateFraction(rate);
    return numerator / denominator;
  };
  const nearest = [...FRAME_RATES].sort(
    (a, b) => Math.abs(value(a) - framesPerSecond) - Math.abs(value(b) - framesPerSecond),
  )[0] as FrameRate;
  if (!(Math.abs(value(nearest) - framesPerSecond) <= value(nearest) * 1e-4)) {
    throw new RangeError(
      `${framesPerSecond} frames a second fits no tick grid. Allowed: ${FRAME_RATES.join(', ')}; the nearest is ${nearest}.`,
    );
  }
  return nearest;
}

export const partsPerSegment = (grid: TickGrid): number => grid.partsPerGop * GOPS_PER_SEGMENT;
export const framesPerGop = (grid: TickGrid): number => grid.partsPerGop * grid.framesPerPart;
export const framesPerSegment = (grid: TickGrid): number => framesPerGop(grid) * GOPS_PER_SEGMENT;

/** Video ticks in one tick of the grid. */
export const tickTicks = (grid: TickGrid): number => grid.framesPerPart * grid.frameTicks;
/** Seconds in one tick of the grid: the real length of a video part. */
export const tickSeconds = (grid: TickGrid): number => tickTicks(grid) / grid.timescale;
/** Seconds in one whole segment. */
export const segmentSeconds = (grid: TickGrid): number => tickSeconds(grid) * partsPerSegment(grid);

/** AAC frames that end at or before grid tick `tick`, counted from the generation's first frame. */
export function audioFramesBefore(grid: TickGrid, tick: number): number {
  const samples =
    (BigInt(tick) * BigInt(tickTicks(grid)) * BigInt(grid.audioSampleRate)) / BigInt(grid.timescale);
  return Number(samples / BigInt(AAC_FRAME_SAMPLES));
}

/** AAC frames in the longest audio part that the grid can give. */
function longestAudioPartFrames(grid: TickGrid): number {
  const exact = (tickTicks(grid) * grid.audioSampleRate) / (grid.timescale * AAC_FRAME_SAMPLES);
  return Math.ceil(exact);
}

const roundUp5 = (seconds: number): number => Math.ceil(seconds * 1e5 - 1e-6) / 1e5;

/** EXT-X-PART-INF PART-TARGET in seconds: the longest part of any rendition, rounded up at five decimals. */
export function partTarget(grid: TickGrid): number {
  const audio = (longestAudioPartFrames(grid) * AAC_FRAME_SAMPLES) / grid.audioSampleRate;
  return roundUp5(Math.max(tickSeconds(grid), audio));
}

/** PART-HOLD-BACK in seconds: three times PART-TARGET, rounded up (Apple's authoring rule 14.3). */
export const partHoldBack = (grid: TickGrid): number => roundUp5(3 * partTarget(grid));

/** EXT-X-TARGETDURATION in whole seconds; the same in every rendition, audio segments may be a frame longer. */
export function targetDuration(grid: TickGrid): number {
  const audio = segmentSeconds(grid) + AAC_FRAME_SAMPLES / grid.audioSampleRate;
  return Math.round(audio);
}

/** How far ahead `_HLS_part` may ask: Apple's Advance Part Limit, in parts. */
export function advancePartLimit(grid: TickGrid): number {
  const target = partTarget(grid);
  return Math.ceil(target < 1 ? 3 / target : 3);
}
