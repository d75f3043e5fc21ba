/**
 * Measures glass-to-glass delay: reads the clock blocks out of the frames that are shown, and compares
 * them with the instant at which each frame is on the screen.
 */
import { CLOCK_BLOCKS, CLOCK_HEIGHT, clockAge, decodeClock } from '../contract/clock';
import type { ClockStatus, DelaySample } from './api';

/** Pixels a block in the small canvas: the two in the middle are read, the outer ones absorb the edges. */
const CELL = 4;
/** At most 15 reads a second: enough for a plot, and a read-back from the GPU is not free. */
const READ_INTERVAL_MS = 1000 / 15;
/** A clock that is older than this, or further in the future, is a picture that looks like one. */
const OLDEST_MS = 10 * 60_000;
const NEWEST_MS = -60_000;
/** The clock advances with the media: a reading that is this far off the last one needs a second witness. */
const AGREEMENT_MS = 400;
/** Reads in a row without a clock after which the picture has none. */
const READS_TO_ABSENT = 45;

export class GlassToGlass {
  readonly #video: HTMLVideoElement;
  readonly #onSample: (sample: DelaySample) => void;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #levels = new Float64Array(CLOCK_BLOCKS);
  #lastRead = -Infinity;
  #lastDelay: number | undefined;
  #misses = 0;
  #status: ClockStatus = 'unknown';

  constructor(video: HTMLVideoElement, onSample: (sample: DelaySample) => void) {
    this.#video = video;
    this.#onSample = onSample;
    const canvas = document.createElement('canvas');
    canvas.width = CLOCK_BLOCKS * CELL;
    canvas.height = CELL;
    this.#context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
    if ('requestVideoFrameCallback' in HTMLVideoElement.prototype) this.#next();
    else this.#status = 'absent';
  }

  get status(): ClockStatus {
    return this.#status;
  }

  #next(): void {
    this.#video.requestVideoFrameCallback((now, frame) => {
      if (now - this.#lastRead >= READ_INTERVAL_MS - 4) {
        this.#lastRead = now;
        this.#read(frame.expectedDisplayTime, frame.width, frame.height);
      }
      this.#next();
    });
  }

  #read(displayTime: number, width: number, height: number): void {
    const clock = this.#decode(width, height);
    // Not performance.timeOrigin: that is the wall clock as it was when the page was loaded, and the
    // system clock is corrected while a page is open for hours. The offset is taken anew for each frame.
    const at = displayTime + (Date.now() - performance.now());
    const delay = clock === undefined ? undefined : clockAge(clock, at);
    if (delay === undefined || delay > OLDEST_MS || delay < NEWEST_MS) {
      this.#missed();
      return;
    }
    const agrees = this.#lastDelay !== undefined && Math.abs(delay - this.#lastDelay) < AGREEMENT_MS;
    this.#lastDelay = delay;
    if (!agrees) return;
    this.#misses = 0;
    this.#status = 'present';
    this.#onSample({ at, glassToGlassMs: delay });
  }

  #missed(): void {
    this.#misses++;
    if (this.#misses < READS_TO_ABSENT) return;
    this.#status = 'absent';
    this.#lastDelay = undefined;
  }

  /** Draws the middle half of the clock's row only, and reads the centre of each block. */
  #decode(width: number, height: number): number | undefined {
    const context = this.#context;
    if (context === null || width === 0 || height === 0) return undefined;
    const row = height * CLOCK_HEIGHT;
    const canvas = context.canvas;
    context.drawImage(this.#video, 0, row / 4, width, row / 2, 0, 0, canvas.width, canvas.height);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
    for (let block = 0; block < CLOCK_BLOCKS; block++) {
      let sum = 0;
      for (let y = 1; y < CELL - 1; y++) {
        for (let x = 1; x < CELL - 1; x++) {
          // Green carries most of the luma, and the blocks are grey.
          sum += pixels[(y * canvas.width + block * CELL + x) * 4 + 1]!;
        }
      }
      this.#levels[block] = sum / (CELL - 2) ** 2;
    }
    return decodeClock(this.#levels);
  }
}
