/** As much of ISO/IEC 14496-12 as the media rules need. Reads, never trusts: a wrong size is an error, not a crash. */

export interface Box {
  readonly type: string;
  readonly start: number;
  /** Where the payload begins. */
  readonly body: number;
  readonly end: number;
}

export class Mp4Error extends Error {
  override readonly name = 'Mp4Error';
}

export function readBoxes(data: Buffer, start = 0, end = data.length): Box[] {
  const boxes: Box[] = [];
  let at = start;
  while (at < end) {
    if (end - at < 8) throw new Mp4Error(`${end - at} stray bytes at offset ${at}`);
    const type = data.toString('latin1', at + 4, at + 8);
    let size = data.readUInt32BE(at);
    let body = at + 8;
    if (size === 1) {
      if (end - at < 16) throw new Mp4Error(`the box ${type} at offset ${at} is cut off`);
      size = Number(data.readBigUInt64BE(at + 8));
      body = at + 16;
    } else if (size === 0) size = end - at;
    if (size < body - at || at + size > end) {
      throw new Mp4Error(`the box ${type} at offset ${at} says ${size} bytes, ${end - at} are there`);
    }
    boxes.push({ type, start: at, body, end: at + size });
    at += size;
  }
  return boxes;
}

const child = (data: Buffer, parent: Box, type: string, skip = 0): Box | undefined =>
  readBoxes(data, parent.body + skip, parent.end).find((box) => box.type === type);

function descend(data: Buffer, parent: Box, ...path: readonly string[]): Box | undefined {
  let box: Box | undefined = parent;
  for (const type of path) box = box === undefined ? undefined : child(data, box, type);
  return box;
}

export interface Track {
  readonly id: number;
  readonly timescale: number;
  readonly handler: string;
  /** `avc1`, `hvc1`, `mp4a`... */
  readonly sampleEntry: string;
  readonly defaultDuration: number;
  readonly defaultSize: number;
  readonly defaultFlags: number;
}

const version = (data: Buffer, box: Box): number => data.readUInt8(box.body);
const flagsOf = (data: Buffer, box: Box): number => data.readUInt32BE(box.body) & 0xffffff;

function readTrack(
  data: Buffer,
  trak: Box,
  defaults: ReadonlyMap<number, readonly [number, number, number]>,
): Track | undefined {
  const tkhd = child(data, trak, 'tkhd');
  const mdhd = descend(data, trak, 'mdia', 'mdhd');
  const hdlr = descend(data, trak, 'mdia', 'hdlr');
  const stsd = descend(data, trak, 'mdia', 'minf', 'stbl', 'stsd');
  if (tkhd === undefined || mdhd === undefined || hdlr === undefined || stsd === undefined) return undefined;
  const id = data.readUInt32BE(tkhd.body + (version(data, tkhd) === 1 ? 20 : 12));
  const [defaultDuration, defaultSize, defaultFlags] = defaults.get(id) ?? [0, 0, 0];
  return {
    id,
    timescale: data.readUInt32BE(mdhd.body + (version(data, mdhd) === 1 ? 20 : 12)),
    handler: data.toString('latin1', hdlr.body + 8, hdlr.body + 12),
    sampleEntry: readBoxes(data, stsd.body + 8, stsd.end)[0]?.type ?? '',
    defaultDuration,
    defaultSize,
    defaultFlags,
  };
}

/** @throws Mp4Error */
export function readInit(data: Buffer): { readonly tracks: readonly Track[]; readonly fragmented: boolean } {
  try {
    const boxes = readBoxes(data);
    const moov = boxes.find(({ type }) => type === 'moov');
    if (!boxes.some(({ type }) => type === 'ftyp')) throw new Mp4Error('there is no ftyp box');
    if (moov === undefined) throw new Mp4Error('there is no moov box');
    const mvex = child(data, moov, 'mvex');
    const trexes =
      mvex === undefined ? [] : readBoxes(data, mvex.body, mvex.end).filter(({ type }) => type === 'trex');
    const defaults = new Map(
      trexes.map((trex): [number, readonly [number, number, number]] => [
        data.readUInt32BE(trex.body + 4),
        [
          data.readUInt32BE(trex.body + 12),
          data.readUInt32BE(trex.body + 16),
          data.readUInt32BE(trex.body + 20),
        ],
      ]),
    );
    const tracks = readBoxes(data, moov.body, moov.end)
      .filter(({ type }) => type === 'trak')
      .flatMap((trak) => readTrack(data, trak, defaults) ?? []);
    return { tracks, fragmented: mvex !== undefined };
  } catch (error) {
    if (error instanceof RangeError) throw new Mp4Error('a box of the initialization section is cut off');
    throw error;
  }
}

export interface Fragment {
  readonly trackId: number;
  /** tfdt; undefined if the traf has none. */
  readonly decodeTime: bigint | undefined;
  readonly duration: bigint;
  readonly samples: number;
  readonly defaultBaseIsMoof: boolean;
  /** By the sample flags. */
  readonly startsWithSync: boolean;
  readonly firstSample: Buffer;
}

interface Run {
  readonly samples: number;
  readonly duration: bigint;
  readonly firstFlags: number;
  readonly firstSize: number;
  readonly dataOffset: number | undefined;
}

function readRun(data: Buffer, trun: Box, defaults: { duration: number; size: number; flags: number }): Run {
  const flags = flagsOf(data, trun);
  const samples = data.readUInt32BE(trun.body + 4);
  let at = trun.body + 8;
  const next = (present: boolean): number | undefined => {
    if (!present) return undefined;
    const value = data.readUInt32BE(at);
    at += 4;
    return value;
  };
  const offset = next((flags & 0x1) !== 0);
  const firstSampleFlags = next((flags & 0x4) !== 0);
  let duration = (flags & 0x100) === 0 ? BigInt(samples) * BigInt(defaults.duration) : 0n;
  let firstFlags = firstSampleFlags ?? defaults.flags;
  let firstSize = defaults.size;
  // Without fields of their own the samples take no bytes: a damaged count must not be counted to.
  const entries = (flags & 0xf00) === 0 ? 0 : samples;
  for (let index = 0; index < entries; index++) {
    duration += BigInt(next((flags & 0x100) !== 0) ?? 0);
    const size = next((flags & 0x200) !== 0) ?? defaults.size;
    const own = next((flags & 0x400) !== 0);
    next((flags & 0x800) !== 0);
    if (index === 0) {
      firstSize = size;
      if (firstSampleFlags === undefined && own !== undefined) firstFlags = own;
    }
  }
  // The offset is signed.
  return {
    samples,
    duration,
    firstFlags,
    firstSize,
    dataOffset: offset === undefined ? undefined : offset | 0,
  };
}

function readTraf(
  data: Buffer,
  moof: Box,
  mdat: Box,
  traf: Box,
  tracks: readonly Track[],
): Fragment | undefined {
  const boxes = readBoxes(data, traf.body, traf.end);
  const tfhd = boxes.find(({ type }) => type === 'tfhd');
  if (tfhd === undefined) return undefined;
  const flags = flagsOf(data, tfhd);
  const trackId = data.readUInt32BE(tfhd.body + 4);
  const track = tracks.find(({ id }) => id === trackId);
  let at = tfhd.body + 8 + ((flags & 0x1) !== 0 ? 8 : 0) + ((flags & 0x2) !== 0 ? 4 : 0);
  const next = (bit: number, fallback: number): number => {
    if ((flags & bit) === 0) return fallback;
    at += 4;
    return data.readUInt32BE(at - 4);
  };
  const defaults = {
    duration: next(0x8, track?.defaultDuration ?? 0),
    size: next(0x10, track?.defaultSize ?? 0),
    flags: next(0x20, track?.defaultFlags ?? 0),
  };
  const tfdt = boxes.find(({ type }) => type === 'tfdt');
  const runs = boxes.filter(({ type }) => type === 'trun').map((trun) => readRun(data, trun, defaults));
  const first = runs.find(({ samples }) => samples > 0);
  const start = first?.dataOffset === undefined ? mdat.body : moof.start + first.dataOffset;
  return {
    trackId,
    decodeTime:
      tfdt === undefined
        ? undefined
        : version(data, tfdt) === 1
          ? data.readBigUInt64BE(tfdt.body + 4)
          : BigInt(data.readUInt32BE(tfdt.body + 4)),
    duration: runs.reduce((sum, run) => sum + run.duration, 0n),
    samples: runs.reduce((sum, run) => sum + run.samples, 0),
    defaultBaseIsMoof: (flags & 0x020000) !== 0,
    // sample_is_non_sync_sample
    startsWithSync: first !== undefined && (first.firstFlags & 0x10000) === 0,
    firstSample: data.subarray(start, start + (first?.firstSize ?? 0)),
  };
}

/**
 * The fragments of a part or segment, in order.
 * @throws Mp4Error if it is not whole moof and mdat pairs
 */
export function readFragments(data: Buffer, tracks: readonly Track[]): Fragment[] {
  try {
    const boxes = readBoxes(data);
    const fragments: Fragment[] = [];
    for (const [index, moof] of boxes.entries()) {
      if (moof.type !== 'moof') continue;
      const mdat = boxes.slice(index + 1).find(({ type }) => type === 'mdat' || type === 'moof');
      if (mdat?.type !== 'mdat') throw new Mp4Error(`the moof at offset ${moof.start} has no mdat after it`);
      for (const traf of readBoxes(data, moof.body, moof.end).filter(({ type }) => type === 'traf')) {
        const fragment = readTraf(data, moof, mdat, traf, tracks);
        if (fragment !== undefined) fragments.push(fragment);
      }
    }
    if (fragments.length === 0) throw new Mp4Error('there is no moof box with a track fragment');
    return fragments;
  } catch (error) {
    if (error instanceof RangeError) throw new Mp4Error('a box of a fragment is cut off');
    throw error;
  }
}

/** The payload alone: equal for a segment and its parts even where a server wrote the headers anew. */
export const payloadOf = (data: Buffer): Buffer =>
  Buffer.concat(
    readBoxes(data)
      .filter(({ type }) => type === 'mdat')
      .map(({ body, end }) => data.subarray(body, end)),
  );

/** Does the sample hold an IDR (H.264) or IRAP (HEVC) picture? Undefined for other formats, or if it can't be told. */
export function holdsKeyFrame(sample: Buffer, sampleEntry: string): boolean | undefined {
  const avc = /^avc[13]$/.test(sampleEntry);
  const hevc = /^(hvc1|hev1)$/.test(sampleEntry);
  if (!avc && !hevc) return undefined;
  let at = 0;
  while (at + 5 <= sample.length) {
    const size = sample.readUInt32BE(at);
    const header = sample.readUInt8(at + 4);
    const type = avc ? header & 0x1f : (header >> 1) & 0x3f;
    if (avc ? type === 5 : type >= 16 && type <= 23) return true;
    if (avc ? type === 1 : type <= 9) return false;
    at += 4 + size;
  }
  return undefined;
}
