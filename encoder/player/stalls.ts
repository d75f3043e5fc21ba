/**
 * Counts the times that playback stopped without being asked to. Pure: it is fed observations and holds
 * no timer and no element.
 */

/** What the element looks like at one instant. */
export interface PlaybackObservation {
  /** Monotonic milliseconds. */
  readonly now: number;
  /** Seconds on the media's timeline. */
  readonly position: number;
  /** Paused by the viewer, or ended: standing still is right. */
  readonly idle: boolean;
  readonly seeking: boolean;
}

export interface StallChange {
  readonly type: 'begun' | 'ended';
  /** Length of the stall so far, in milliseconds. */
  readonly lengthMs: number;
}

/** A position that stands still for longer than this is a stall. */
export const STALL_MS = 250;
/** After a `waiting` event the decoder itself says that it has run dry: less proof is needed. */
export const STALL_AFTER_WAITING_MS = 100;
/** Without observations for this long the page itself was asleep, so nothing can be said about playback. */
const BLIND_MS = 2_000;
/** A step this much larger than the time that passed is a seek, and no proof that playback runs. */
const SEEK_STEP_SECONDS = 0.5;
const FASTEST_RATE = 2;

export class StallCounter {
  #stalls = 0;
  #pastMs = 0;
  #started = false;
  #stalledSince: number | undefined;
  #waiting = false;
  #last: PlaybackObservation | undefined;
  /** When the position was last seen to advance. */
  #movedAt = 0;

  get stalls(): number {
    return this.#stalls;
  }

  get stalled(): boolean {
    return this.#stalledSince !== undefined;
  }

  /** Whether playback has ever run. Waiting for the first frame is starting up, not a stall. */
  get started(): boolean {
    return this.#started;
  }

  stalledMs(now: number): number {
    return this.#pastMs + (this.#stalledSince === undefined ? 0 : Math.max(0, now - this.#stalledSince));
  }

  /** The element's `waiting` event. */
  waiting(): void {
    this.#waiting = true;
  }

  /** Call often (10 times a second) and on every `playing`, `waiting`, `pause` and `ended` event. */
  observe(seen: PlaybackObservation): StallChange | undefined {
    const last = this.#last;
    this.#last = seen;
    if (last === undefined || seen.now - last.now > BLIND_MS) {
      this.#movedAt = seen.now;
      if (last !== undefined && this.#stalledSince !== undefined && seen.position !== last.position) {
        return this.#end(seen.now);
      }
      return undefined;
    }
    if (seen.idle) {
      this.#movedAt = seen.now;
      this.#waiting = false;
      return this.#stalledSince === undefined ? undefined : this.#end(seen.now);
    }
    if (advanced(last, seen)) {
      this.#started = true;
      this.#movedAt = seen.now;
      this.#waiting = false;
      return this.#stalledSince === undefined ? undefined : this.#end(seen.now);
    }
    if (!this.#started || this.#stalledSince !== undefined) return undefined;
    const stillMs = seen.now - this.#movedAt;
    if (stillMs <= (this.#waiting ? STALL_AFTER_WAITING_MS : STALL_MS)) return undefined;
    this.#stalledSince = this.#movedAt;
    this.#stalls++;
    return { type: 'begun', lengthMs: stillMs };
  }

  #end(now: number): StallChange {
    const lengthMs = now - (this.#stalledSince ?? now);
    this.#pastMs += lengthMs;
    this.#stalledSince = undefined;
    this.#waiting = false;
    return { type: 'ended', lengthMs };
  }
}

function advanced(before: PlaybackObservation, after: PlaybackObservation): boolean {
  const step = after.position - before.position;
  const elapsed = (after.now - before.now) / 1000;
  return !after.seeking && step > 0 && step <= elapsed * FASTEST_RATE + SEEK_STEP_SECONDS;
}
