/** Reads parts and segments for the origin: a bundle's media once for all who ask, everything else by range. */
import { keys, partsPerSegment, type BundlePart } from '../contract';
import { readSegmentState, trackParts, type SegmentState } from '../packager/segment-state';
import { readBundle, readBundlePart, type Bundle } from '../store/bundle';
import { readClaim } from '../store/claims';
import type { ChannelStores } from '../store/store';
import type { ChannelState } from './channel-state';

/** Media of recent bundles, newest use last. Bounded in bytes. */
class MediaCache {
  readonly #limit: number;
  readonly #entries = new Map<string, { bytes: number; media: Promise<Buffer | undefined> }>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string, bytes: number, read: () => Promise<Buffer | undefined>): Promise<Buffer | undefined> {
    const known = this.#entries.get(key);
    if (known) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.media;
    }
    const media = read();
    this.#entries.set(key, { bytes, media });
    this.#bytes += bytes;
    media.then(
      (buffer) => buffer ?? this.#drop(key),
      () => this.#drop(key),
    );
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#limit) break;
      this.#drop(oldest);
    }
    return media;
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}

export class MediaReader {
  readonly #stores: ChannelStores;
  readonly #cache: MediaCache;

  constructor(stores: ChannelStores, cacheBytes: number) {
    this.#stores = stores;
    this.#cache = new MediaCache(cacheBytes);
  }

  /** A part that the state knows, or that the store has under its name; undefined where there is none. */
  async part(
    channel: string,
    state: ChannelState | undefined,
    rendition: string,
    msn: number,
    tick: number,
  ): Promise<Buffer | undefined> {
    const known = state?.segments.find(({ record }) => record.msn === msn)?.state?.bundles[tick];
    if (known) {
      const part = known.parts.find(({ rendition: id }) => id === rendition);
      return part && this.#shared(channel, known, part);
    }
    const bundle = await readBundle(this.#stores.edge, channel, msn, tick);
    const part = bundle?.parts.find(({ rendition: id }) => id === rendition);
    if (!bundle || !part) return undefined;
    const claim = await readClaim(this.#stores.general, channel, msn);
    if (claim?.writer !== bundle.writer || tick >= partsPerSegment(claim.grid)) return undefined;
    return whole(await readBundlePart(this.#stores.edge, channel, bundle, part), part);
  }

  /** A whole segment: its object, or its parts where that is not written yet. */
  async segment(
    channel: string,
    state: ChannelState | undefined,
    rendition: string,
    msn: number,
  ): Promise<Buffer | undefined> {
    const object = await this.#stores.general.read(keys.segment(channel, rendition, msn));
    if (object) return object;
    const listed = state?.segments.find(({ record }) => record.msn === msn);
    if (listed && !listed.complete) return undefined;
    const segment = listed?.state ?? (await this.#complete(channel, msn));
    const parts = segment ? trackParts(segment, rendition) : [];
    if (parts.length === 0) return undefined;
    const media = await Promise.all(parts.map(({ bundle, part }) => this.#shared(channel, bundle, part)));
    return media.every((bytes) => bytes !== undefined) ? Buffer.concat(media) : undefined;
  }

  init(channel: string, rendition: string, hash: string): Promise<Buffer | undefined> {
    return this.#stores.general.read(keys.init(channel, rendition, hash));
  }

  async #complete(channel: string, msn: number): Promise<SegmentState | undefined> {
    const claim = await readClaim(this.#stores.general, channel, msn);
    if (!claim) return undefined;
    const state = await readSegmentState(this.#stores.edge, { claim, bundles: [] });
    return state.end || state.bundles.length === partsPerSegment(claim.grid) ? state : undefined;
  }

  async #shared(channel: string, bundle: Bundle, part: BundlePart): Promise<Buffer | undefined> {
    const bytes = bundle.parts.reduce((sum, { length }) => sum + length, 0);
    const range = { start: bundle.mediaStart, end: bundle.mediaStart + bytes };
    const media = await this.#cache.get(keys.bundle(channel, bundle.msn, bundle.tick), bytes, () =>
      this.#stores.edge.read(keys.bundle(channel, bundle.msn, bundle.tick), range),
    );
    return media && whole(media.subarray(part.offset, part.offset + part.length), part);
  }
}

/** Of a gap there is nothing. */
const whole = (bytes: Buffer | undefined, part: BundlePart): Buffer | undefined =>
  bytes?.length === part.length && !part.gap ? bytes : undefined;
