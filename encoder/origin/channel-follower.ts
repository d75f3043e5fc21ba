/**
 * Follows one channel in the store: polls at the predicted time of the next tick, and turns what it finds
 * into states. Everything it holds can be read from the store again.
 */
import { partsPerSegment, targetDuration, tickSeconds, type Claim, type SegmentRecord } from '../contract';
import {
  isComplete,
  isWhole,
  readNextBundle,
  readSegmentState,
  type SegmentState,
} from '../packager/segment-state';
import { readBundle } from '../store/bundle';
import { lastClaim, readClaim } from '../store/claims';
import type { ChannelStores } from '../store/store';
import type { Logger } from '../telemetry/log';
import { channelState, isListed, recordSeconds, type ChannelState } from './channel-state';

const POLL_MS = 10;
const POLLS_PER_TICK = 8;
const SLOWEST_POLL_MS = 250;
/** How far a tick moves the time of the first look at the next one, at most: as often too early as too late. */
const LEARN_MS = 3;

export interface FollowerOptions {
  readonly stores: ChannelStores;
  readonly channel: string;
  readonly windowSeconds: number;
  readonly log: Logger;
  readonly now?: () => number;
  readonly onTickDelay?: (milliseconds: number) => void;
}

export class ChannelFollower {
  readonly #options: FollowerOptions;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #records = new Map<number, SegmentRecord>();
  #states: SegmentState[] = [];
  #state: ChannelState | undefined;
  #timer: { cancel: () => void } | undefined;
  #closed = false;
  #stopping = false;
  #following: Promise<void> = Promise.resolve();
  /** Milliseconds from a tick's end by its claim's clock to the look that finds its bundle; learnt. */
  #delayMs = 0;
  #misses = 0;
  /** When the last look for a bundle began. */
  #lookedAt = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  get state(): ChannelState | undefined {
    return this.#state;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Reads the channel's state from the store and follows it from there. @returns false for a channel without claims */
  async start(): Promise<boolean> {
    const found = await this.#load();
    if (found) {
      this.#publish();
      this.#following = this.#follow();
    }
    return found;
  }

  /** Takes in what the store has by now, such as a programme's end, before {@link close}. */
  async lastLook(): Promise<void> {
    this.#stopping = true;
    this.#timer?.cancel();
    await this.#following;
    while (await this.#advance()) continue;
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#notify();
  }

  /** Calls back after every change of state, and when the follower closes. @returns a function that ends it */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  async #load(): Promise<boolean> {
    const { stores, channel, windowSeconds } = this.#options;
    const last = await lastClaim(stores.general, channel);
    if (!last) return false;
    const claims = [last];
    this.#remember(last);
    // Parts are listed for three target durations, so as many segments are needed with their bundles.
    const partSeconds = 4 * targetDuration(last.grid);
    let seconds = 0;
    this.#states = [await this.#read(last)];
    while (!claims[0]!.fresh && seconds < partSeconds) {
      const claim = await readClaim(stores.general, channel, claims[0]!.msn - 1);
      if (!claim) break;
      claims.unshift(claim);
      const state = await this.#read(claim);
      this.#states.unshift(state);
      if (isComplete(state)) seconds += state.bundles.length * tickSeconds(claim.grid);
    }
    // Claims are made ahead: the last one's segment comes after the one that is still being written. What is
    // on record without a bundle has lost its bundles to eviction.
    const open = this.#states.findIndex(
      (state) => !isComplete(state) && (state.bundles.length > 0 || !this.#records.has(state.claim.msn)),
    );
    if (open !== -1) this.#states = this.#states.slice(0, open + 1);
    // The rest of the window is in the records: one claim in 16.
    let earliest = Math.min(claims[0]!.msn, ...this.#records.keys());
    while (this.#recordedSeconds(last) < windowSeconds) {
      const claim = await readClaim(stores.general, channel, earliest + 1);
      if (!claim) break;
      this.#remember(claim);
      const reached = Math.min(earliest, ...this.#records.keys());
      if (reached === earliest) break;
      earliest = reached;
    }
    return true;
  }

  #read(claim: Claim): Promise<SegmentState> {
    return readSegmentState(this.#options.stores.edge, { claim, bundles: [] });
  }

  #remember(claim: Claim): void {
    for (const record of claim.records) this.#records.set(record.msn, record);
  }

  #recordedSeconds(format: Claim): number {
    let sum = 0;
    for (const record of this.#records.values()) sum += recordSeconds(record, format);
    return sum;
  }

  async #follow(): Promise<void> {
    while (!this.#closed && !this.#stopping) {
      let progress = false;
      try {
        progress = await this.#advance();
      } catch (error) {
        this.#options.log.error(
          { channel: this.#options.channel, error: String(error) },
          'the store cannot be read',
        );
        this.#misses += POLLS_PER_TICK;
      }
      if (this.#closed || this.#stopping) return;
      if (progress) this.#misses = 0;
      else this.#misses++;
      await this.#wait(this.#nextPollMs());
    }
  }

  /** One look at the store for what comes next. */
  async #advance(): Promise<boolean> {
    const { stores, channel } = this.#options;
    const head = this.#states.at(-1)!;
    if (!isComplete(head)) return this.#advanceTick(head);
    const claim = await readClaim(stores.general, channel, head.claim.msn + 1);
    if (claim) {
      this.#remember(claim);
      this.#states.push({ claim, bundles: [] });
      return true;
    }
    if (isWhole(head) && !head.end) {
      const end = await readBundle(stores.edge, channel, head.claim.msn, partsPerSegment(head.claim.grid));
      if (end?.end) {
        this.#states[this.#states.length - 1] = { ...head, end };
        this.#publish();
        return true;
      }
    }
    return false;
  }

  async #advanceTick(head: SegmentState): Promise<boolean> {
    this.#lookedAt = this.#now();
    const next = await readNextBundle(this.#options.stores.edge, head);
    if (!next) return false;
    this.#states[this.#states.length - 1] = next;
    if (next.bundles.length > head.bundles.length) this.#learnDelay(next);
    this.#publish();
    return true;
  }

  #learnDelay({ claim, bundles }: SegmentState): void {
    const due = this.#due(claim, bundles.length - 1);
    this.#options.onTickDelay?.(this.#now() - due);
    // Found at once: it may have been there for a while, so look earlier next time. A look that takes long is no
    // reason to begin it late, and one late bundle is none to begin the next looks late.
    if (this.#misses === 0) this.#delayMs -= LEARN_MS;
    else this.#delayMs += Math.min(LEARN_MS, 0.3 * (this.#lookedAt - due - POLL_MS / 2 - this.#delayMs));
  }

  /** When a tick's last frame ends by the writer's clock. */
  #due(claim: Claim, tick: number): number {
    return claim.anchor + (tick + 1) * tickSeconds(claim.grid) * 1000;
  }

  #nextPollMs(): number {
    const head = this.#states.at(-1)!;
    if (this.#misses >= POLLS_PER_TICK) {
      return Math.min(SLOWEST_POLL_MS, POLL_MS * 2 ** Math.min(10, this.#misses - POLLS_PER_TICK + 1));
    }
    if (isComplete(head)) return head.end?.end?.final ? SLOWEST_POLL_MS : POLL_MS;
    // From the beginning of one look to that of the next.
    if (this.#misses > 0) return Math.max(0, this.#lookedAt + POLL_MS - this.#now());
    const tickMs = tickSeconds(head.claim.grid) * 1000;
    const wait = this.#due(head.claim, head.bundles.length) + this.#delayMs - this.#now();
    return Math.min(tickMs, Math.max(0, wait));
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#timer = {
        cancel: () => {
          clearTimeout(timer);
          resolve();
        },
      };
    });
  }

  #publish(): void {
    this.#forget();
    const { channel, windowSeconds } = this.#options;
    this.#state = channelState(channel, [...this.#records.values()], this.#states, windowSeconds);
    this.#notify();
  }

  /** Lets go of what no playlist lists any more. */
  #forget(): void {
    const newest = this.#states.at(-1)!.claim;
    let fresh = this.#states.findLastIndex((state) => state.claim.fresh && isListed(state));
    if (fresh === -1) fresh = 0;
    let keepFrom = this.#states.length - 1;
    for (let seconds = 0; keepFrom > fresh && seconds < 4 * targetDuration(newest.grid); keepFrom--) {
      seconds += this.#states[keepFrom - 1]!.bundles.length * tickSeconds(newest.grid);
    }
    this.#states = this.#states.slice(Math.max(keepFrom, fresh));
    const first = this.#states[0]!.claim;
    const listed = this.#state?.segments[0]?.record.msn ?? -Infinity;
    for (const msn of this.#records.keys()) {
      if (msn < (first.fresh ? first.msn : listed)) this.#records.delete(msn);
    }
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
