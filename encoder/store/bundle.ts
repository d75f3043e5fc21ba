/**
 * The bundle: every rendition's part of one tick in one object.
 *
 * Layout: 4 bytes `AMB1`, the header's length in bytes (uint32, big-endian), the header as JSON
 * ({@link BundleHeader}), then the parts' media. A reader takes the head by range first.
 */
import type { BundleHeader, BundlePart } from '../contract';
import { keys } from '../contract';
import type { SegmentStore } from './store';

const MAGIC = 0x414d_4231;
const PREFIX = 8;
/** One read of this many bytes holds the head of any ladder in use (about 130 bytes a rendition). */
const HEAD_READ = 4096;
const MAX_HEADER = 1024 * 1024;

export interface Bundle extends BundleHeader {
  /** Where the media begins in the object. */
  readonly mediaStart: number;
}

export class CorruptObjectError extends Error {
  override readonly name = 'CorruptObjectError';
}

export function encodeBundle(header: BundleHeader, media: readonly Uint8Array[]): Uint8Array[] {
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32BE(MAGIC, 0);
  prefix.writeUInt32BE(json.length, 4);
  return [prefix, json, ...media];
}

/** The head of the bundle at a tick, or undefined where there is none (yet). */
export async function readBundle(
  store: SegmentStore,
  channel: string,
  msn: number,
  tick: number,
): Promise<Bundle | undefined> {
  const key = keys.bundle(channel, msn, tick);
  let head = await store.read(key, { start: 0, end: HEAD_READ });
  if (!head) return undefined;
  if (head.length < PREFIX || head.readUInt32BE(0) !== MAGIC)
    throw new CorruptObjectError(`${key} is no bundle`);
  const mediaStart = PREFIX + head.readUInt32BE(4);
  if (mediaStart > MAX_HEADER) throw new CorruptObjectError(`${key} has a header of ${mediaStart} bytes`);
  if (mediaStart > head.length) {
    head = await store.read(key, { start: 0, end: mediaStart });
    if (!head || head.length < mediaStart) throw new CorruptObjectError(`${key} is cut off`);
  }
  try {
    return { ...(JSON.parse(head.toString('utf8', PREFIX, mediaStart)) as BundleHeader), mediaStart };
  } catch (error) {
    throw new CorruptObjectError(`${key} has a header that is no JSON`, { cause: error });
  }
}

/** One rendition's media of a bundle. */
export async function readBundlePart(
  store: SegmentStore,
  channel: string,
  bundle: Bundle,
  part: BundlePart,
): Promise<Buffer | undefined> {
  const start = bundle.mediaStart + part.offset;
  return store.read(keys.bundle(channel, bundle.msn, bundle.tick), { start, end: start + part.length });
}
