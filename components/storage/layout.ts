/** Where things are in the two kinds of bucket: the folders of encoder/contract's keys. */
import { keys, type SegmentStorageClass } from '../../encoder/contract';

/** The part of a key before the channel, with its slash. */
const folder = (key: string): string => key.slice(0, key.indexOf('/') + 1);

/** Prefixes of keys, with their slash: what lifecycle rules and policies are about. */
export const FOLDERS = {
  /** Segments and initialisation segments: what viewers read. */
  live: folder(keys.segment('c', 'r', 0)),
  /** Bundles of parts: in the directory bucket, or in the general one where there is no zone. */
  edge: folder(keys.bundle('c', 0, 0)),
  claims: folder(keys.claim('c', 0)),
} as const;

/** Runtimes of the zones that the store is given; this is the key of its only runtime where it has none. */
export const REGIONAL = 'regional';

/** The runtime's STORE: `s3:<general bucket>`, or with the zone's directory bucket after a comma. */
export const storeLocation = (general: string, directory?: string): string =>
  directory === undefined ? `s3:${general}` : `s3:${general},${directory}`;

/** S3 User Guide, "Directory bucket naming rules". */
export const directorySuffix = (zoneId: string): string => `--${zoneId}--x-s3`;

/** Class of archived segments: S3 moves what nobody reads, for a fee an object and none a transition. */
export const ARCHIVE_CLASS: SegmentStorageClass = 'INTELLIGENT_TIERING';
