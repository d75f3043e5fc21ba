/**
 * Whether the encoder keeps up with its source, by the frames that come out of it; and what is left out while it
 * does not: whole segments of the rung that matters least, then of the next.
 */
import { framesPerSegment, tickSeconds, type Ladder, type TickGrid } from './contract';

/** Media time over wall time below which an encoder does not keep up, and for how long before that is an alarm. */
export const SLOW_SPEED = 0.98;
export const SLOW_MS = 5000;
/** An encoder that is later than this is relieved at once. */
const RELIEF_LATE_MS = 1500;
/** One that has come within this needs no relief any more. */
const CAUGHT_UP_MS = 400;
/** How far ahead of the frames that the encoder has been given a segment may be left out: its filters act on time. */
const NOTICE_SECONDS = 0.5;
/** Segments that are left out in one go, doubled each time that it was too early to end it. */
const FIRST_SEGMENTS = 2;
const MOST_SEGMENTS = 32;
/** Without trouble for so long, the next trouble counts as the first. */
const FORGET_MS = 300_000;

export interface ShedRange {
  /** Segments of the generation, both included. */
  readonly from: number;
  readonly to: number;
}

export interface LoadOptions {
  readonly ladder: Ladder;
  readonly grid: TickGrid;
  /** Asks the encoder to leave out segments of a rung, in place of what it was asked for that rung before. */
  readonly shed: (rungId: string, range: ShedRange) => void;
  readonly onAlarm?: (slow: boolean, speed: number) => void;
}

const SECOND_MS = 1000;
/** Seconds, of the last five, in which an encoder must have fallen behind: one hold-up is no lack of speed. */
const FALLING_SECONDS = 4;
/** What counts as falling behind within a second, in milliseconds: more than arrival times vary. */
const FALLING_MS = 5;

export class Load {
  readonly #options: LoadOptions;
  readonly #frameMs: number;
  readonly #ranges = new Map<string, ShedRange>();
  /** Least important first; the most important one is never left out. */
  readonly #order: readonly string[];
  /** Least lateness of each of the last seconds, oldest first; the last one is not over. */
  #seconds: { at: number; lateMs: number }[] = [];
  #slow = false;
  #segments = FIRST_SEGMENTS;
  #lastSlowAt = -Infinity;
  #checkedAt = -Infinity;
  #lateAtCheck = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#frameMs = (1000 * tickSeconds(options.grid)) / options.grid.framesPerPart;
    this.#order = [...options.ladder.video]
      .sort((a, b) => b.priority - a.priority)
      .map(({ id }) => id)
      .slice(0, -1);
  }

  /** Media time over wall time of the last five seconds. */
  get speed(): number {
    const first = this.#seconds[0];
    const last = this.#seconds.at(-1);
    if (!first || !last || first === last) return 1;
    return 1 - (last.lateMs - first.lateMs) / (last.at - first.at);
  }

  isShed(rungId: string, segment: number): boolean {
    const range = this.#ranges.get(rungId);
    return range !== undefined && segment >= range.from && segment <= range.to;
  }

  /**
   * Notes a frame that came out.
   * @param frames so far @param lateMs after its time @param fed frames that the encoder has been given
   */
  observe(frames: number, lateMs: number, fed: number, nowMs: number): void {
    const second = this.#seconds.at(-1);
    if (!second || nowMs - second.at >= SECOND_MS) this.#seconds.push({ at: nowMs, lateMs });
    else second.lateMs = Math.min(second.lateMs, lateMs);
    // Five whole ones, and the one that is not over.
    this.#seconds = this.#seconds.slice(-SLOW_MS / SECOND_MS - 1);
    if (nowMs - this.#checkedAt < 500) return;
    this.#checkedAt = nowMs;
    this.#alarm(lateMs, nowMs);
    this.#relieve(frames, lateMs, fed, nowMs);
    this.#lateAtCheck = lateMs;
  }

  #alarm(lateMs: number, nowMs: number): void {
    const falling = this.#seconds
      .slice(1)
      .filter(({ lateMs: late }, i) => late > this.#seconds[i]!.lateMs + FALLING_MS);
    const slow =
      (this.#seconds.length > SLOW_MS / SECOND_MS &&
        this.speed < SLOW_SPEED &&
        falling.length >= FALLING_SECONDS) ||
      // It is over when the encoder has caught up.
      (this.#slow && lateMs > CAUGHT_UP_MS);
    if (slow) this.#lastSlowAt = nowMs;
    if (slow === this.#slow) return;
    this.#slow = slow;
    this.#options.onAlarm?.(slow, this.speed);
  }

  #relieve(frames: number, lateMs: number, fed: number, nowMs: number): void {
    if (nowMs - this.#lastSlowAt > FORGET_MS) this.#segments = FIRST_SEGMENTS;
    const needed = lateMs > RELIEF_LATE_MS || (this.#slow && lateMs > CAUGHT_UP_MS);
    if (!needed) return;
    const length = framesPerSegment(this.#options.grid);
    const notice = (NOTICE_SECONDS * 1000) / this.#frameMs;
    const first = Math.ceil((fed + notice) / length);
    const now = Math.floor(frames / length);
    // A range that is asked for and not yet over must show what it does before anything else is left out.
    const active = this.#order.filter((id) => (this.#ranges.get(id)?.to ?? -1) >= now);
    const newest = active.at(-1);
    if (newest) {
      const range = this.#ranges.get(newest)!;
      const helps = lateMs < this.#lateAtCheck || now < range.from;
      if (range.to <= first) this.#set(newest, { from: range.from, to: range.to + this.#grow() });
      if (helps) return;
    }
    const next = this.#order.find((id) => !active.includes(id));
    if (next && (!newest || now > this.#ranges.get(newest)!.from)) {
      this.#set(next, { from: first, to: first + this.#segments - 1 });
      this.#lastSlowAt = nowMs;
    }
  }

  #grow(): number {
    this.#segments = Math.min(MOST_SEGMENTS, this.#segments * 2);
    return this.#segments;
  }

  #set(id: string, range: ShedRange): void {
    this.#ranges.set(id, range);
    this.#options.shed(id, range);
  }
}
