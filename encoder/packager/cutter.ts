/** Groups one track's fragments into parts on the channel's tick grid. */
import {
  AAC_FRAME_SAMPLES,
  audioFramesBefore,
  framesPerGop,
  framesPerSegment,
  partsPerSegment,
  tickTicks,
  type TickGrid,
} from '../contract';
import type { Fragment } from './box-reader';

/** One rendition's share of a tick. */
export interface TrackPart {
  /** Ticks since the generation's first frame. */
  readonly tick: number;
  readonly bytes: readonly Uint8Array[];
  readonly length: number;
  /** In the track's own ticks, since the generation's first frame. */
  readonly start: number;
  readonly duration: number;
  readonly independent: boolean;
  /** There is no media for it. */
  readonly gap?: true;
}

/** The encoder's timing left the grid: the segment ends here, and a new generation begins. */
export class TimingError extends Error {
  override readonly name = 'TimingError';
}

interface Gathering {
  bytes: Uint8Array[];
  length: number;
  start: number;
  duration: number;
  independent: boolean;
}

export class PartCutter {
  readonly #grid: TickGrid;
  readonly #kind: 'video' | 'audio';
  readonly #name: string;
  readonly #emit: (part: TrackPart) => void;
  readonly #isShed: (segment: number) => boolean;
  #base: bigint | undefined;
  #frames = 0;
  #tick = 0;
  /** Frames, counted from the generation's first, at which the tick that is being gathered ends. */
  #tickEnds: number;
  #part: Gathering | undefined;
  #tailSeen = false;

  /** @param isShed whether the encoder leaves out a segment of this track; some of its frames come all the same */
  constructor(
    kind: 'video' | 'audio',
    name: string,
    grid: TickGrid,
    emit: (part: TrackPart) => void,
    isShed: (segment: number) => boolean = () => false,
  ) {
    this.#isShed = isShed;
    this.#kind = kind;
    this.#name = name;
    this.#grid = grid;
    this.#emit = emit;
    this.#tickEnds = this.#framesBefore(1);
  }

  /** Number of the frame that comes next, counted from the generation's first; segments that are left out count. */
  get nextFrame(): number {
    return this.#frames;
  }

  /** @throws TimingError for a frame that is not the next one on the grid, or a segment without a key frame. */
  push(fragment: Fragment): void {
    const frameTicks = this.#kind === 'video' ? this.#grid.frameTicks : AAC_FRAME_SAMPLES;
    this.#base ??= fragment.time;
    const start = Number(fragment.time - this.#base);
    const expected = this.#frames * frameTicks;
    if (this.#kind === 'video' && start === expected && this.#passOver(fragment.duration)) return;
    // A source's sound may end within a frame. What is left of that tick is dropped; nothing may follow.
    const isTail = this.#kind === 'audio' && fragment.duration < frameTicks && !this.#tailSeen;
    if (isTail && fragment.samples === 1 && start === expected) {
      this.#tailSeen = true;
      return;
    }
    if (this.#tailSeen || fragment.samples !== 1 || fragment.duration !== frameTicks || start !== expected) {
      throw new TimingError(
        `${this.#name}: frame ${this.#frames} has ${fragment.samples} samples, ${fragment.duration} ticks at ${start}; ` +
          `the grid needs one sample, ${frameTicks} ticks at ${expected}`,
      );
    }
    this.#checkKeyFrame(fragment.startsWithKeyFrame);
    this.#part ??= { bytes: [], length: 0, start, duration: 0, independent: false };
    this.#part.bytes.push(...fragment.bytes);
    this.#part.length += fragment.length;
    this.#part.duration += fragment.duration;
    this.#part.independent ||= fragment.startsWithKeyFrame;
    this.#frames++;
    if (this.#frames === this.#tickEnds) this.#close();
  }

  /** Of a segment that is left out some frames come; each lasts until the next. */
  #passOver(duration: number): boolean {
    const length = framesPerSegment(this.#grid);
    const segment = Math.floor(this.#frames / length);
    if (!this.#isShed(segment)) return false;
    const end = this.#frames + duration / this.#grid.frameTicks;
    const segmentEnd = (segment + 1) * length;
    if (!Number.isInteger(end) || end > segmentEnd) return false;
    this.#frames = end;
    if (end === segmentEnd) {
      this.#tick = (segment + 1) * partsPerSegment(this.#grid);
      this.#tickEnds = this.#framesBefore(this.#tick + 1);
    }
    return true;
  }

  #checkKeyFrame(isKeyFrame: boolean): void {
    if (this.#kind === 'audio') return;
    if (this.#frames % framesPerSegment(this.#grid) === 0 && !isKeyFrame) {
      throw new TimingError(`${this.#name}: frame ${this.#frames} begins a segment and is no key frame`);
    }
    // A key frame inside a part would make it begin with frames that need the GOP before.
    if (isKeyFrame && this.#frames % framesPerGop(this.#grid) !== 0) {
      throw new TimingError(
        `${this.#name}: frame ${this.#frames} is a key frame; the grid has them every ${framesPerGop(this.#grid)} frames`,
      );
    }
  }

  #close(): void {
    this.#emit({ tick: this.#tick, ...this.#part! });
    this.#part = undefined;
    this.#tick++;
    this.#tickEnds = this.#framesBefore(this.#tick + 1);
  }

  #framesBefore(tick: number): number {
    return this.#kind === 'video'
      ? (tick * tickTicks(this.#grid)) / this.#grid.frameTicks
      : audioFramesBefore(this.#grid, tick);
  }
}
