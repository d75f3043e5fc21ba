/** The channels that this origin follows: each while somebody asks for it, and a minute after. */
import type { ChannelStores } from '../store/store';
import type { Logger } from '../telemetry/log';
import { ChannelFollower } from './channel-follower';

const IDLE_MS = 60_000;
/** How long a channel that was not found is not looked for again: the store is asked once a second at most. */
const ABSENT_MS = 1000;
const MOST_ABSENT = 10_000;

export interface ChannelsOptions {
  readonly stores: ChannelStores;
  readonly windowSeconds: number;
  readonly log: Logger;
  /** How long a channel is followed after the last request for it, in milliseconds; a minute by default. */
  readonly idleMs?: number;
  readonly onTickDelay?: (channel: string, milliseconds: number) => void;
}

interface Entry {
  readonly follower: Promise<ChannelFollower | undefined>;
  usedAt: number;
}

export class Channels {
  readonly #options: ChannelsOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #absent = new Map<string, number>();
  readonly #sweeper: NodeJS.Timeout;
  readonly #idleMs: number;
  #closed = false;

  constructor(options: ChannelsOptions) {
    this.#options = options;
    this.#idleMs = options.idleMs ?? IDLE_MS;
    this.#sweeper = setInterval(() => this.#sweep(), this.#idleMs / 12).unref();
  }

  get size(): number {
    return this.#closed ? 0 : this.#entries.size;
  }

  /**
   * The channel's follower, or undefined where the store has no such channel. After {@link close} only what was
   * followed, as it was then: a new follower would keep the process alive.
   */
  async get(channel: string): Promise<ChannelFollower | undefined> {
    if (this.#closed) return this.#entries.get(channel)?.follower;
    const now = Date.now();
    if (now - (this.#absent.get(channel) ?? -Infinity) < ABSENT_MS) return undefined;
    let entry = this.#entries.get(channel);
    if (!entry) {
      entry = { follower: this.#open(channel), usedAt: now };
      this.#entries.set(channel, entry);
    }
    entry.usedAt = now;
    let follower;
    try {
      follower = await entry.follower;
    } catch (error) {
      this.#entries.delete(channel);
      throw error;
    }
    if (!follower) {
      this.#entries.delete(channel);
      if (this.#absent.size >= MOST_ABSENT) this.#absent.clear();
      this.#absent.set(channel, now);
    }
    return follower;
  }

  /** Ends following, after one more look at each channel's store. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    this.#closed = true;
    for (const entry of [...this.#entries.values()]) {
      let follower: ChannelFollower | undefined;
      try {
        follower = await entry.follower;
        await follower?.lastLook();
      } catch (error) {
        this.#options.log.error({ error: String(error) }, 'the store cannot be read at the end');
      } finally {
        follower?.close();
      }
    }
  }

  async #open(channel: string): Promise<ChannelFollower | undefined> {
    const { stores, windowSeconds, log, onTickDelay } = this.#options;
    const follower = new ChannelFollower({
      stores,
      channel,
      windowSeconds,
      log,
      ...(onTickDelay && { onTickDelay: (milliseconds) => onTickDelay(channel, milliseconds) }),
    });
    return (await follower.start()) ? follower : undefined;
  }

  #sweep(): void {
    const now = Date.now();
    for (const [channel, entry] of this.#entries) {
      if (now - entry.usedAt < this.#idleMs) continue;
      void entry.follower.then(
        (follower) => {
          if (follower && follower.listeners > 0) return;
          follower?.close();
          this.#entries.delete(channel);
        },
        () => undefined,
      );
    }
    for (const [channel, at] of this.#absent) if (now - at >= ABSENT_MS) this.#absent.delete(channel);
  }
}
