/**
 * The init segments that a channel's playlists name. They are put at each start and again each day while the channel
 * runs, so that a bucket's rule may expire everything that is old: what is in use is never older than a day.
 */
import { keys } from '../contract';
import type { SegmentStore } from '../store/store';
import type { InitSegment } from './init';

const REFRESH_MS = 24 * 3600 * 1000;
/** After a refresh that failed. */
const AGAIN_MS = 3600 * 1000;

export interface InitsOptions {
  readonly store: SegmentStore;
  readonly channel: string;
  readonly now: () => number;
  /** How old they become, in milliseconds. @default a day */
  readonly refreshMs?: number;
  /** Called where a refresh failed; the next one follows in an hour. */
  readonly onError?: (error: unknown) => void;
}

export class Inits {
  readonly #options: InitsOptions;
  #current: ReadonlyMap<string, InitSegment> = new Map();
  #due = Infinity;

  constructor(options: InitsOptions) {
    this.#options = options;
  }

  /** Puts a generation's inits, by rendition. They are the ones that are refreshed from now on. */
  async put(inits: ReadonlyMap<string, InitSegment>): Promise<void> {
    await this.#write(inits);
    this.#current = new Map(inits);
    this.#settle(this.#refreshMs);
  }

  /** Puts them again where a day has passed. Nothing waits for it: they are there, only older than they should be. */
  refresh(): void {
    const { now, onError } = this.#options;
    if (now() < this.#due) return;
    // Until it is known how this one ends.
    this.#due = Infinity;
    this.#write(this.#current).then(
      () => this.#settle(this.#refreshMs),
      (error: unknown) => {
        this.#settle(AGAIN_MS);
        onError?.(error);
      },
    );
  }

  get #refreshMs(): number {
    return this.#options.refreshMs ?? REFRESH_MS;
  }

  #settle(next: number): void {
    this.#due = this.#options.now() + next;
  }

  /** Over what may be there: the name is the hash of the bytes, so they are the same. */
  async #write(inits: ReadonlyMap<string, InitSegment>): Promise<void> {
    const { store, channel } = this.#options;
    await Promise.all(
      [...inits].map(([id, { hash, bytes }]) => store.replace(keys.init(channel, id, hash), [bytes])),
    );
  }
}
