/** What an init segment says: codec (RFC 6381), timescale, picture size, channels. */
import { createHash } from 'node:crypto';
import { boxes, findBox, MediaBoxError, type Box } from './boxes';
import type { SampleDefaults } from './moof';

export interface InitSegment {
  readonly bytes: Buffer;
  /** First 32 hex digits of the SHA-256 of the bytes: the init's name. */
  readonly hash: string;
  readonly kind: 'video' | 'audio';
  readonly codecs: string;
  /** Ticks a second. */
  readonly timescale: number;
  readonly width?: number;
  readonly height?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly defaults: SampleDefaults;
}

/** @param bytes `ftyp` and `moov` together; @param moov the `moov` box alone */
export function parseInit(bytes: Buffer, moov: Buffer, headerSize: number): InitSegment {
  const tracks = [...boxes(moov, headerSize, moov.length)].filter((box) => box.type === 'trak');
  const trak = tracks[0];
  if (!trak || tracks.length > 1) {
    throw new MediaBoxError(`a moov with ${tracks.length} tracks; a stream carries one track`);
  }
  const need = (path: string): Box => {
    const box = findBox(moov, trak.start, trak.end, path);
    if (!box) throw new MediaBoxError(`a moov without ${path}`);
    return box;
  };
  const mdhd = need('mdia/mdhd').start;
  const timescale = moov.readUInt32BE(mdhd + (moov[mdhd] === 1 ? 20 : 12));
  const handler = need('mdia/hdlr').start;
  const type = moov.toString('latin1', handler + 8, handler + 12);
  const stsd = need('mdia/minf/stbl/stsd');
  const entry = boxes(moov, stsd.start + 8, stsd.end).next().value as Box | undefined;
  if (!entry) throw new MediaBoxError('a moov without a sample entry');
  const common = {
    bytes,
    hash: createHash('sha256').update(bytes).digest('hex').slice(0, 32),
    timescale,
    defaults: sampleDefaults(moov, headerSize),
  };
  if (type === 'vide') {
    return {
      ...common,
      kind: 'video',
      codecs: videoCodec(moov, entry),
      width: moov.readUInt16BE(entry.start + 24),
      height: moov.readUInt16BE(entry.start + 26),
    };
  }
  if (type === 'soun') {
    return {
      ...common,
      kind: 'audio',
      codecs: audioCodec(moov, entry),
      channels: moov.readUInt16BE(entry.start + 16),
      sampleRate: moov.readUInt16BE(entry.start + 24),
    };
  }
  throw new MediaBoxError(`a track of type ${JSON.stringify(type)}; allowed are video and audio`);
}

function sampleDefaults(moov: Buffer, headerSize: number): SampleDefaults {
  const trex = findBox(moov, headerSize, moov.length, 'mvex/trex');
  if (!trex) throw new MediaBoxError('a moov without mvex/trex: the stream is not fragmented');
  return { duration: moov.readUInt32BE(trex.start + 12), flags: moov.readUInt32BE(trex.start + 20) };
}

const VISUAL_ENTRY_SIZE = 78;
const AUDIO_ENTRY_SIZE = 28;

function videoCodec(moov: Buffer, entry: Box): string {
  const child = (type: string, bytes: number) => {
    const box = findBox(moov, entry.start + VISUAL_ENTRY_SIZE, entry.end, type);
    return box && box.end - box.start >= bytes ? box : undefined;
  };
  if (entry.type === 'avc1' || entry.type === 'avc3') {
    const avcc = child('avcC', 4);
    if (!avcc) throw new MediaBoxError('an H.264 track without avcC');
    return `${entry.type}.${moov.toString('hex', avcc.start + 1, avcc.start + 4)}`;
  }
  if (entry.type === 'hvc1' || entry.type === 'hev1') {
    const hvcc = child('hvcC', 13);
    if (!hvcc) throw new MediaBoxError('an HEVC track without hvcC');
    return `${entry.type}.${hevcParameters(moov, hvcc.start)}`;
  }
  if (entry.type === 'av01') {
    const av1c = child('av1C', 4);
    if (!av1c) throw new MediaBoxError('an AV1 track without av1C');
    return `av01.${av1Parameters(moov, av1c.start, child('colr', 11))}`;
  }
  throw new MediaBoxError(
    `a video track of type ${JSON.stringify(entry.type)}; allowed are avc1, avc3, hvc1, hev1, av01`,
  );
}

/** ISO/IEC 14496-15, annex E: profile space and number, compatibility (bit-reversed), tier and level, constraints. */
function hevcParameters(moov: Buffer, at: number): string {
  const profile = moov[at + 1]!;
  const space = ['', 'A', 'B', 'C'][profile >> 6]!;
  const tier = profile & 0x20 ? 'H' : 'L';
  let reversed = 0;
  const compatibility = moov.readUInt32BE(at + 2);
  for (let bit = 0; bit < 32; bit++) if (compatibility & (1 << bit)) reversed += 2 ** (31 - bit);
  const constraints: string[] = [];
  for (let i = 0; i < 6; i++) constraints.push(moov[at + 6 + i]!.toString(16).toUpperCase());
  while (constraints.length > 0 && constraints.at(-1) === '0') constraints.pop();
  const level = moov[at + 12]!;
  return [
    `${space}${profile & 0x1f}`,
    reversed.toString(16).toUpperCase(),
    `${tier}${level}`,
    ...constraints,
  ].join('.');
}

/**
 * "AV1 Codec ISO Media File Format Binding", section 5: profile, level and tier, bit depth; then, all or none,
 * monochrome, chroma subsampling, colour primaries, transfer, matrix and range, where any is not the default.
 */
function av1Parameters(moov: Buffer, at: number, colr: Box | undefined): string {
  const [profile, level] = [moov[at + 1]! >> 5, moov[at + 1]! & 0x1f];
  const flags = moov[at + 2]!;
  const tier = flags & 0x80 ? 'H' : 'M';
  const depth = flags & 0x40 ? (profile === 2 && flags & 0x20 ? 12 : 10) : 8;
  const two = (value: number) => String(value).padStart(2, '0');
  const base = `${profile}.${two(level)}${tier}.${two(depth)}`;
  const chroma = `${(flags >> 3) & 1}${(flags >> 2) & 1}${(flags & 0x0c) === 0x0c ? flags & 3 : 0}`;
  const nclx =
    colr && moov.toString('latin1', colr.start, colr.start + 4) === 'nclx' ? colr.start + 4 : undefined;
  const colour = nclx === undefined ? [1, 1, 1] : [0, 2, 4].map((offset) => moov.readUInt16BE(nclx + offset));
  const fullRange = nclx === undefined ? 0 : moov[nclx + 6]! >> 7;
  const options = `${(flags >> 4) & 1}.${chroma}.${colour.map(two).join('.')}.${fullRange}`;
  return options === '0.110.01.01.01.0' ? base : `${base}.${options}`;
}

function audioCodec(moov: Buffer, entry: Box): string {
  if (entry.type !== 'mp4a') {
    throw new MediaBoxError(`an audio track of type ${JSON.stringify(entry.type)}; allowed is mp4a`);
  }
  const esds = findBox(moov, entry.start + AUDIO_ENTRY_SIZE, entry.end, 'esds');
  if (!esds) throw new MediaBoxError('an AAC track without esds');
  let at = esds.start + 4;
  let objectType = 0;
  while (at < esds.end) {
    const tag = moov[at++]!;
    let size = 0;
    for (let i = 0; i < 4; i++) {
      const byte = moov[at++] ?? 0;
      size = (size << 7) | (byte & 0x7f);
      if (!(byte & 0x80)) break;
    }
    if (tag === 0x03) {
      // ES descriptor: id, then flags that say which optional fields follow.
      const flags = moov[at + 2]!;
      at += 3 + (flags & 0x80 ? 2 : 0);
      if (flags & 0x40) at += 1 + (moov[at] ?? 0);
      if (flags & 0x20) at += 2;
    } else if (tag === 0x04) {
      if (at >= esds.end) throw new MediaBoxError('an esds that ends before its object type');
      objectType = moov[at]!;
      at += 13;
    } else if (tag === 0x05) {
      const first = moov[at]! >> 3;
      const audioObject = first === 31 ? 32 + (((moov[at]! & 7) << 3) | (moov[at + 1]! >> 5)) : first;
      return `mp4a.${objectType.toString(16)}.${audioObject}`;
    } else {
      at += size;
    }
  }
  return `mp4a.${objectType.toString(16)}`;
}
