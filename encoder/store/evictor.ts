/**
 * Keeps a store at the length of the live window. On files all of it: the local counterpart of lifecycle rules. On S3
 * the bundles alone, whose bytes are dear; segments and claims expire by the bucket's own rules, with the DVR window.
 *
 * It counts media, not hours: a channel that was off for a night keeps what its playlist lists. What it
 * finds at its start counts as just made, so a restart keeps more for a while, never less.
 */
import type { SegmentStore } from './store';

/** Seconds of media kept after a segment, by kind of object. */
export interface Retention {
  readonly edge: number;
  readonly segments: number;
  readonly claims: number;
}

/**
 * Bundles hold the parts: readable three target durations after they left the window. A segment stays for its
 * own length and that of the playlist after it left the playlist (RFC 8216, section 6.2.2). Claims outlive
 * every segment.
 */
export function retention(windowSeconds: number, targetDuration: number): Retention {
  return {
    edge: windowSeconds + 4 * targetDuration,
    segments: 2 * windowSeconds + 4 * targetDuration,
    claims: Math.max(3600, 4 * windowSeconds),
  };
}

interface Entry {
  readonly key: string;
  readonly madeAt: number;
}

export class Evictor {
  readonly #stores: Readonly<Partial<Record<keyof Retention, SegmentStore>>>;
  readonly #channel: string;
  readonly #retention: Retention;
  /** Seconds of media since the start. */
  #clock = 0;
  #entries: Record<keyof Retention, Entry[]> = { edge: [], segments: [], claims: [] };

  /** @param stores whose objects are deleted; without `general` segments and claims are left to others */
  constructor(
    { edge, general }: { readonly edge: SegmentStore; readonly general?: SegmentStore },
    channel: string,
    keep: Retention,
  ) {
    this.#stores = { edge, ...(general && { segments: general, claims: general }) };
    this.#channel = channel;
    this.#retention = keep;
  }

  /** Takes note of what is there. */
  async start(): Promise<void> {
    const prefixes = {
      edge: `edge/${this.#channel}/`,
      segments: `live/${this.#channel}/s/`,
      claims: `claims/${this.#channel}/`,
    };
    for (const kind of ['edge', 'segments', 'claims'] as const) {
      for (const key of (await this.#stores[kind]?.list(prefixes[kind])) ?? []) {
        if (!key.endsWith('/last')) this.#entries[kind].push({ key, madeAt: 0 });
      }
    }
  }

  made(kind: keyof Retention, key: string): void {
    if (this.#stores[kind]) this.#entries[kind].push({ key, madeAt: this.#clock });
  }

  /** Moves the media clock on and deletes what is older than its retention. */
  async advance(seconds: number): Promise<void> {
    this.#clock += seconds;
    for (const kind of ['edge', 'segments', 'claims'] as const) {
      const oldest = this.#clock - this.#retention[kind];
      const entries = this.#entries[kind];
      const keep = entries.findIndex(({ madeAt }) => madeAt >= oldest);
      const gone = entries.splice(0, keep === -1 ? entries.length : keep);
      for (const { key } of gone) await this.#stores[kind]!.delete(key);
    }
  }
}
