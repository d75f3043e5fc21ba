/** The object store, as much of it as the live path needs: S3's conditional PUT, GET with a range, DELETE. */

export interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export interface SegmentStore {
  /**
   * Writes a new object, whole or not at all.
   * @returns false, and changes nothing, where the key exists
   */
  create(key: string, body: readonly Uint8Array[]): Promise<boolean>;
  /** Writes an object, whole or not at all, over one that may exist. For hints and logs only. */
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
