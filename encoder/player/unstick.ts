/** Frees a playhead that stands still although nothing has failed: the last resort after hls.js's own. */
import type { Playback } from './playback';

/** hls.js skips most holes by itself; this long is left to it. */
const HOLE_MS = 600;
const HOLE_PAUSE_MS = 1_000;
/** Media goes on in the playlist but playback does not: load again, seek, then rebuild the media source. */
const REMEDIES_MS = [2_500, 5_000, 8_000] as const;
/** A playlist that has not grown for longer shows that the encoder is away: there is nothing to repair. */
const FRESH_SECONDS = 2;

export class Unstick {
  readonly #video: HTMLVideoElement;
  readonly #playback: Playback;
  readonly #report: (detail: string) => void;
  #since: number | undefined;
  #skippedAt = -Infinity;
  #tried = 0;

  constructor(video: HTMLVideoElement, playback: Playback, report: (detail: string) => void) {
    this.#video = video;
    this.#playback = playback;
    this.#report = report;
  }

  /** @param next where buffered media begins beyond a hole, in seconds */
  step(now: number, stalled: boolean, next: number | undefined): void {
    const edge = this.#playback.edge();
    if (!stalled || edge === undefined) {
      this.#since = undefined;
      return;
    }
    if (next === undefined && edge.age > FRESH_SECONDS) {
      this.#since = now;
      return;
    }
    if (this.#since === undefined) {
      this.#since = now;
      this.#tried = 0;
    }
    const still = now - this.#since;
    if (next !== undefined && still > HOLE_MS && now - this.#skippedAt > HOLE_PAUSE_MS) {
      this.#skippedAt = now;
      this.#report(`skipped a hole of ${(next - this.#video.currentTime).toFixed(2)} s`);
      this.#video.currentTime = next + 0.02;
    }
    const wait = REMEDIES_MS[this.#tried];
    if (wait === undefined || still < wait) return;
    this.#tried++;
    this.#remedy(this.#tried);
    if (this.#tried === REMEDIES_MS.length) this.#since = undefined;
  }

  #remedy(attempt: number): void {
    if (attempt === 1) {
      this.#report('no progress: loading again');
      this.#playback.reload();
    } else if (attempt === 2) {
      const edge = this.#playback.syncPosition();
      this.#report('no progress: seeking to the live edge');
      if (edge !== undefined) this.#video.currentTime = edge;
    } else {
      this.#report('no progress: new media source');
      this.#playback.rebuild();
    }
  }
}
