/** The object store, as much of it as the live path needs: S3's conditional PUT, GET with a range, DELETE. */

export interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** A new object that grows until it is committed; nobody sees it before. On S3 a multipart upload. */
export interface ObjectWriter {
  append(chunks: readonly Uint8Array[]): Promise<void>;
  /** @returns false, and changes nothing, where the key exists */
  commit(): Promise<boolean>;
  abort(): Promise<void>;
}

export interface SegmentStore {
  /**
   * Writes a new object, whole or not at all.
   * @returns false, and changes nothing, where the key exists
   */
  create(key: string, body: readonly Uint8Array[]): Promise<boolean>;
  /** Begins a new object; {@link ObjectWriter.commit} creates it as {@link create} would. */
  begin(key: string): ObjectWriter;
  /** Writes an object, whole or not at all, over one that may exist. For hints, logs and objects named by their hash. */
  replace(key: string, body: readonly Uint8Array[]): Promise<void>;
  /** The object, or the part of `range` that exists; undefined where there is no such key. */
  read(key: string, range?: ByteRange): Promise<Buffer | undefined>;
  /** Length in bytes; undefined where there is no such key. */
  size(key: string): Promise<number | undefined>;
  delete(key: string): Promise<void>;
  /** Keys under a prefix that ends in `/`, in no order. For eviction at a start; never in a loop. */
  list(prefix: string): Promise<string[]>;
}

/** A live channel's two stores: the zone's own for bundles, the general one for everything else. */
export interface ChannelStores {
  readonly edge: SegmentStore;
  readonly general: SegmentStore;
}

const NAME = '[a-z0-9][a-z0-9.-]*';
const KEY = new RegExp(`^${NAME}(?:/${NAME})*$`);

/**
 * Every store refuses what is no key, so that a fault shows in the first test and not on the first disk.
 * @throws RangeError
 */
export function checkKey(key: string): string {
  if (!KEY.test(key)) throw new RangeError(`no key of this store: ${JSON.stringify(key)}`);
  return key;
}

/** The prefix of a listing: a key and a slash. @throws RangeError */
export function checkPrefix(prefix: string): string {
  if (!prefix.endsWith('/')) throw new RangeError(`no prefix of this store: ${JSON.stringify(prefix)}`);
  checkKey(prefix.slice(0, -1));
  return prefix;
}
