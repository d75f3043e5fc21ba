/** Puts caption data into encoded frames: an SEI unit before the picture, sizes in the boxes corrected. */
import type { Fragment } from './box-reader';
import { boxes, findBox, MediaBoxError, type Box } from './boxes';
import { Pieces } from './captions-bytes';
import { captionUnit, type VideoCodec } from './captions-sei';

export interface UnitFormat {
  readonly codec: VideoCodec;
  /** Bytes of the length before each NAL unit: 1, 2 or 4. */
  readonly lengthSize: number;
}

/** Inserts captions into the frames of one video track. */
export class CaptionInserter {
  readonly #format: UnitFormat;

  /** @param init the track's init segment @throws MediaBoxError for a track that is neither H.264 nor HEVC */
  constructor(init: Buffer) {
    this.#format = unitFormat(init);
  }

  /**
   * @param fragment one frame; @param ccData triplets, at most 31
   * @returns the same object where there is nothing to insert
   * @throws MediaBoxError when the fragment is not one `moof` with one sample and its `mdat`
   */
  insert(fragment: Fragment, ccData: Uint8Array | undefined): Fragment {
    if (!ccData || ccData.length === 0) return fragment;
    const bytes = insertCaptions(fragment.bytes, ccData, this.#format);
    let length = 0;
    for (const piece of bytes) length += piece.length;
    return { ...fragment, bytes, length };
  }
}

/** Reads `avcC` or `hvcC` (ISO/IEC 14496-15, sections 5.3.3.1 and 8.3.3.1). */
export function unitFormat(init: Buffer): UnitFormat {
  const stsd = findBox(init, 0, init.length, 'moov/trak/mdia/minf/stbl/stsd');
  const entry = stsd && (boxes(init, stsd.start + 8, stsd.end).next().value as Box | undefined);
  if (!entry) throw new MediaBoxError('an init segment without a sample entry');
  const visualEntryBytes = 78;
  const configuration = (type: string) => findBox(init, entry.start + visualEntryBytes, entry.end, type);
  const lengthSize = (box: Box, at: number): number => {
    if (box.start + at >= box.end) throw new MediaBoxError('a codec configuration that is cut off');
    return (init[box.start + at]! & 3) + 1;
  };
  if (entry.type === 'avc1' || entry.type === 'avc3') {
    const avcC = configuration('avcC');
    if (avcC) return { codec: 'h264', lengthSize: lengthSize(avcC, 4) };
  }
  if (entry.type === 'hvc1' || entry.type === 'hev1') {
    const hvcC = configuration('hvcC');
    if (hvcC) return { codec: 'hevc', lengthSize: lengthSize(hvcC, 21) };
  }
  throw new MediaBoxError(
    `captions in a track of type ${JSON.stringify(entry.type)}; allowed are H.264 and HEVC with their configuration`,
  );
}

/**
 * The fragment with the captions before the picture's first slice. Media bytes are not copied.
 * @throws MediaBoxError when it is not one `moof` with one sample and its `mdat`
 */
export function insertCaptions(
  fragment: readonly Uint8Array[],
  ccData: Uint8Array,
  format: UnitFormat,
): Uint8Array[] {
  const pieces = new Pieces(fragment);
  try {
    const { moof, mdat } = topBoxes(pieces);
    const sample = oneSample(pieces.copy(moof.at, moof.end), mdat.start - moof.at, mdat.end - mdat.start);
    const at = firstSlice(pieces, mdat.start, mdat.start + sample.size, format);
    const unit = captionUnit(format.codec, ccData);
    const added = format.lengthSize + unit.length;
    const prefixed = Buffer.alloc(added);
    prefixed.writeUIntBE(unit.length, 0, format.lengthSize);
    unit.copy(prefixed, format.lengthSize);
    return [
      ...pieces.slice(0, moof.at),
      withSize(sample, added),
      ...pieces.slice(moof.end, mdat.at),
      mdatHeader(pieces, mdat, added),
      ...pieces.slice(mdat.start, at),
      prefixed,
      ...pieces.slice(at, pieces.length),
    ];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new MediaBoxError(`captions can't be inserted: ${error.message}`, { cause: error });
  }
}

interface TopBox {
  /** Where the header begins, the payload begins and the box ends. */
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

function topBoxes(pieces: Pieces): { moof: TopBox; mdat: TopBox } {
  let moof: TopBox | undefined;
  let at = 0;
  while (at + 8 <= pieces.length) {
    const small = pieces.number(at, 4);
    const type = pieces.copy(at + 4, at + 8).toString('latin1');
    const [size, header] = small === 1 ? [pieces.number(at + 8, 8), 16] : [small, 8];
    if (size < header || at + size > pieces.length) break;
    const box = { at, start: at + header, end: at + size };
    if (type === 'moof') moof = box;
    if (type === 'mdat' && moof) return { moof, mdat: box };
    at += size;
  }
  throw new MediaBoxError('captions need a fragment of a moof and its mdat');
}

interface Sample {
  readonly moof: Buffer;
  readonly size: number;
  /** Where the size is written: in `trun`, or in `tfhd` as the default. */
  readonly sizeAt: number;
}

/** The only sample of a fragment, which must fill the `mdat`. @param mediaAt from the moof's first byte */
function oneSample(moof: Buffer, mediaAt: number, mediaBytes: number): Sample {
  const traf = findBox(moof, 8, moof.length, 'traf');
  const tfhd = traf && findBox(moof, traf.start, traf.end, 'tfhd');
  const truns = traf ? [...boxes(moof, traf.start, traf.end)].filter(({ type }) => type === 'trun') : [];
  const [trun] = truns;
  if (!tfhd || !trun || truns.length > 1 || moof.readUInt32BE(trun.start + 4) !== 1) {
    throw new MediaBoxError('captions need a fragment of one sample');
  }
  const runFlags = moof.readUInt32BE(trun.start);
  const headFlags = moof.readUInt32BE(tfhd.start);
  if (headFlags & 0x1)
    throw new MediaBoxError('captions need offsets that count from the moof (default-base-is-moof)');
  if (runFlags & 0x1 && moof.readInt32BE(trun.start + 8) !== mediaAt) {
    throw new MediaBoxError('captions need a sample that begins with its mdat');
  }
  const width = (flags: number, bits: readonly number[]) => 4 * bits.filter((bit) => flags & bit).length;
  let sizeAt: number;
  if (runFlags & 0x200) sizeAt = trun.start + 8 + width(runFlags, [0x1, 0x4, 0x100]);
  else if (headFlags & 0x10) sizeAt = tfhd.start + 8 + width(headFlags, [0x2, 0x8]);
  else throw new MediaBoxError('captions need a sample size in trun or tfhd');
  const size = moof.readUInt32BE(sizeAt);
  if (size !== mediaBytes) throw new MediaBoxError(`a sample of ${size} bytes in an mdat of ${mediaBytes}`);
  return { moof, size, sizeAt };
}

/** The boxes of the moof keep their sizes: only the sample's is another, and the copy is ours. */
function withSize({ moof, size, sizeAt }: Sample, added: number): Buffer {
  moof.writeUInt32BE(size + added, sizeAt);
  return moof;
}

function mdatHeader(pieces: Pieces, mdat: TopBox, added: number): Buffer {
  const header = pieces.copy(mdat.at, mdat.start);
  const size = mdat.end - mdat.at + added;
  if (header.length === 16) header.writeBigUInt64BE(BigInt(size), 8);
  else header.writeUInt32BE(size, 0);
  return header;
}

/** Where the length of the first unit is that belongs to the picture itself. */
function firstSlice(pieces: Pieces, start: number, end: number, { codec, lengthSize }: UnitFormat): number {
  let at = start;
  while (at + lengthSize < end) {
    const header = pieces.number(at + lengthSize, 1);
    if (codec === 'h264' ? beginsPictureH264(header & 0x1f) : header >> 1 <= LAST_HEVC_SLICE) return at;
    at += lengthSize + pieces.number(at, lengthSize);
  }
  throw new MediaBoxError('a frame without a slice');
}

/** Slices, and the prefix unit of scalable streams, which no other unit may come after. */
const beginsPictureH264 = (type: number): boolean => (type >= 1 && type <= 5) || type === 14 || type === 20;
const LAST_HEVC_SLICE = 31;
