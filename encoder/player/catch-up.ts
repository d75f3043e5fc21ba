/**
 * Steers the distance to the live edge with the playback rate. Pure: it is fed observations and says what
 * the element should do.
 *
 * hls.js can do this itself (`maxLiveSyncPlaybackRate`), but only while more than one second is buffered.
 * With PART-HOLD-BACK at 1.02 s a player on target never has that much, so after a stall it would stay
 * some 0.3 s behind for ever; and its answer to a stall is to add a second to the target until the page
 * is loaded again. Here the guard is in parts, the target comes back down, and a playhead that is too
 * close to the edge (after a discontinuity) is slowed down before it runs dry.
 */

export interface EdgeObservation {
  /** Monotonic milliseconds. */
  readonly now: number;
  /** Seconds from the playhead to the live edge. */
  readonly latency: number;
  /** Seconds since the playlist last grew; the edge is assumed to have moved on by as much. */
  readonly age: number;
  /** PART-HOLD-BACK, in seconds. */
  readonly holdBack: number;
  /** PART-TARGET, in seconds. */
  readonly part: number;
  /** Seconds of media that can be played without a break. */
  readonly buffer: number;
  /** Whether playback stands still unasked. */
  readonly stalled: boolean;
  /** Whether media is buffered beyond a hole: then waiting for more of the same does not help. */
  readonly beyondHole: boolean;
}

export interface EdgeDecision {
  /** Playback rate; 0 holds a stalled player until it has enough to keep going. */
  readonly rate: number;
  /** Whether to seek to the live edge, because playing faster would take too long. */
  readonly jump: boolean;
}

/** Catch up from this far behind the target, in seconds, until this near. */
const BEHIND_ENTER = 0.08;
const BEHIND_LEAVE = 0.03;
/** The same on the other side: too close to the edge to survive a late part. */
const AHEAD_ENTER = 0.12;
const AHEAD_LEAVE = 0.02;
/** Speech stays natural up to about this rate, with the pitch preserved. */
const FASTEST = 1.3;
const SLOWEST = 0.9;
/** Rate for each second of distance; the distance shrinks by this share a second. */
const GAIN = 0.5;
/** Farther behind than this is jumped, not played: catching up would take some 15 s. */
const JUMP_BEYOND_SECONDS = 4;
const JUMP_CONFIRM_MS = 300;
const JUMP_PAUSE_MS = 3_000;
/** A hold ends by itself: past this, whatever there is gets played. */
const HOLD_MS = 2_500;
/** The most that stalls add. A longer stall is an outage that this would not have bridged: it teaches nothing. */
const MOST_ADDED_PARTS = 3;
const PATIENCE_MS = 30_000;
const MOST_PATIENCE_MS = 600_000;
/** Time constant of the smoothing: playlists arrive with some jitter. */
const SMOOTHING_MS = 500;

export class LiveEdgeControl {
  #smoothed: number | undefined;
  #at = 0;
  #mode: 'steady' | 'behind' | 'ahead' = 'steady';
  #farSince: number | undefined;
  #jumpedAt = -Infinity;
  #stalledSince: number | undefined;
  #added = 0;
  #patienceMs = PATIENCE_MS;
  #calmSince = 0;
  #loweredAt = -Infinity;

  /** Seconds that stalls have added to the target. */
  get added(): number {
    return this.#added;
  }

  /** A stall has ended: short ones mean that the target is too tight for this network. */
  stallEnded(now: number, lengthMs: number, part: number): void {
    this.#smoothed = undefined;
    this.#calmSince = now;
    if (lengthMs > MOST_ADDED_PARTS * part * 1000) return;
    this.#added = Math.min(this.#added + part, MOST_ADDED_PARTS * part);
    // Lowering it was a mistake: wait twice as long before the next try.
    if (now - this.#loweredAt < 2 * PATIENCE_MS)
      this.#patienceMs = Math.min(2 * this.#patienceMs, MOST_PATIENCE_MS);
  }

  step(seen: EdgeObservation): EdgeDecision {
    this.#relax(seen);
    const target = seen.holdBack + this.#added;
    const excess = this.#smooth(seen) - target;
    // Only over media that exists: in an outage the edge is an assumption.
    if (this.#shouldJump(seen.now, seen.latency - seen.age - target)) return { rate: 1, jump: true };
    if (this.#shouldHold(seen, target)) return { rate: 0, jump: false };
    return { rate: this.#rate(excess, seen), jump: false };
  }

  #relax(seen: EdgeObservation): void {
    if (this.#added === 0 || seen.now - Math.max(this.#calmSince, this.#loweredAt) < this.#patienceMs) return;
    this.#added = Math.max(0, this.#added - seen.part);
    this.#loweredAt = seen.now;
  }

  #smooth(seen: EdgeObservation): number {
    const weight = 1 - Math.exp((this.#at - seen.now) / SMOOTHING_MS);
    this.#at = seen.now;
    this.#smoothed =
      this.#smoothed === undefined ? seen.latency : this.#smoothed + weight * (seen.latency - this.#smoothed);
    return this.#smoothed;
  }

  #shouldJump(now: number, excess: number): boolean {
    if (excess <= JUMP_BEYOND_SECONDS) {
      this.#farSince = undefined;
      return false;
    }
    this.#farSince ??= now;
    if (now - this.#farSince < JUMP_CONFIRM_MS || now - this.#jumpedAt < JUMP_PAUSE_MS) return false;
    this.#jumpedAt = now;
    this.#smoothed = undefined;
    return true;
  }

  /**
   * A browser resumes as soon as it has a frame. One part is then all there is, and the next late part
   * is the next stall; so wait for a second one.
   */
  #shouldHold(seen: EdgeObservation, target: number): boolean {
    if (!seen.stalled) {
      this.#stalledSince = undefined;
      return false;
    }
    this.#stalledSince ??= seen.now;
    const enough = Math.min(1.9 * seen.part, target - seen.part);
    return seen.buffer < enough && !seen.beyondHole && seen.now - this.#stalledSince < HOLD_MS;
  }

  #rate(excess: number, seen: EdgeObservation): number {
    const canHurry = seen.buffer > 1.2 * seen.part;
    if (this.#mode === 'behind' ? excess < BEHIND_LEAVE : this.#mode === 'ahead' && excess > -AHEAD_LEAVE) {
      this.#mode = 'steady';
    }
    if (this.#mode === 'steady') {
      if (excess > BEHIND_ENTER) this.#mode = 'behind';
      else if (excess < -AHEAD_ENTER) this.#mode = 'ahead';
    }
    if (this.#mode === 'behind') return canHurry ? clamp(twentieths(1 + GAIN * excess), 1.05, FASTEST) : 1;
    if (this.#mode === 'ahead') return clamp(twentieths(1 + GAIN * excess), SLOWEST, 0.95);
    return 1;
  }
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
/** Every change of rate costs the audio renderer a little, so there are few steps. */
const twentieths = (rate: number): number => Math.round(rate * 20) / 20;
