/**
 * Maps a generation's media time to the wall clock: the anchors from which EXT-X-PROGRAM-DATE-TIME is made.
 *
 * Stamping arrival times would carry every scheduling delay into the playlist; counting durations alone
 * would drift with the source's clock (50 ppm is 4 s a day). So anchors count durations, and once a
 * segment move by a small part of what the least delayed frame of the last segment says.
 */
import { tickSeconds, type TickGrid } from '../contract';

/** Share of the measured error that one segment takes back. */
const GAIN = 0.2;

/**
 * Segments in which the path's own delay is learnt: half a minute, in which a source of 100 ppm drifts by 3 ms. One
 * segment would not do: an encoder is slower at its start than it will be.
 */
const LEARNING_SEGMENTS = 8;

export class Timeline {
  readonly #frameMs: number;
  readonly #maxStepMs: number;
  /** Wall clock of the generation's first frame, corrections included. */
  #base: number;
  /** Delay of the least delayed frame while it was learnt: encoder and pipe, not drift. */
  #pathMs = Infinity;
  #learnt = 0;
  #leastDelayMs = Infinity;

  /** @param firstFrameMs Unix milliseconds at which the generation's first frame was captured */
  constructor(grid: TickGrid, firstFrameMs: number) {
    this.#frameMs = (1000 * tickSeconds(grid)) / grid.framesPerPart;
    this.#maxStepMs = 0.4 * this.#frameMs;
    this.#base = firstFrameMs;
  }

  /** Milliseconds from the capture of frame `index` to `nowMs`. */
  lateness(index: number, nowMs: number): number {
    return nowMs - this.#base - index * this.#frameMs;
  }

  /** Notes that frame `index` of the generation came out of the encoder at `nowMs`. */
  observe(index: number, nowMs: number): void {
    this.#leastDelayMs = Math.min(this.#leastDelayMs, nowMs - index * this.#frameMs);
  }

  /**
   * Unix milliseconds of the frame that begins the next segment. Call once a segment, in order:
   * each call may correct the clock by at most 0.4 of a frame.
   */
  anchor(frameIndex: number): number {
    if (frameIndex > 0 && Number.isFinite(this.#leastDelayMs)) {
      if (this.#learnt < LEARNING_SEGMENTS) {
        this.#learnt++;
        // No frame comes out before its capture: if one seems to, the generation's first was late, and is made up for.
        this.#pathMs = Math.max(0, Math.min(this.#pathMs, this.#leastDelayMs - this.#base));
      } else {
        const error = this.#leastDelayMs - this.#pathMs - this.#base;
        this.#base += Math.max(-this.#maxStepMs, Math.min(this.#maxStepMs, GAIN * error));
      }
      this.#leastDelayMs = Infinity;
    }
    return Math.round((this.#base + frameIndex * this.#frameMs) * 1000) / 1000;
  }
}
