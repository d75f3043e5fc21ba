/** Tiny fragmented MP4, byte by byte: enough for the linter's own reader. */

const u32 = (...values: readonly number[]): Buffer => {
  const out = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => out.writeUInt32BE(value >>> 0, 4 * index));
  return out;
};
const u64 = (value: bigint): Buffer => {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(value);
  return out;
};

export function box(type: string, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(8 + body.length), Buffer.from(type, 'latin1'), body]);
}

export interface TrackShape {
  readonly handler: 'vide' | 'soun';
  readonly entry: string;
  readonly timescale: number;
}

export function initSection({ handler, entry, timescale }: TrackShape): Buffer {
  const trak = box(
    'trak',
    box('tkhd', u32(3, 0, 0, 1), Buffer.alloc(68)),
    box(
      'mdia',
      box('mdhd', u32(0, 0, 0, timescale, 0, 0)),
      box('hdlr', u32(0, 0), Buffer.from(handler, 'latin1'), Buffer.alloc(13)),
      box('minf', box('stbl', box('stsd', u32(0, 1), box(entry, Buffer.alloc(28))))),
    ),
  );
  const mvex = box('mvex', box('trex', u32(0, 1, 1, 0, 0, 0)));
  return Buffer.concat([box('ftyp', Buffer.from('cmfc', 'latin1'), u32(0)), box('moov', trak, mvex)]);
}

export interface FragmentShape {
  readonly decodeTime: number;
  /** Duration of each sample, in ticks. */
  readonly sampleTicks: number;
  readonly samples: readonly Buffer[];
  readonly startsWithSync: boolean;
  readonly defaultBaseIsMoof?: boolean;
  readonly withDecodeTime?: boolean;
}

const SYNC = 0x02000000;
const NON_SYNC = 0x01010000;

export function fragment(shape: FragmentShape): Buffer {
  const {
    decodeTime,
    sampleTicks,
    samples,
    startsWithSync,
    defaultBaseIsMoof = true,
    withDecodeTime = true,
  } = shape;
  const make = (dataOffset: number): Buffer => {
    const entries = samples.flatMap((sample, index) => [
      sampleTicks,
      sample.length,
      index === 0 && startsWithSync ? SYNC : NON_SYNC,
    ]);
    return box(
      'moof',
      box('mfhd', u32(0, 1)),
      box(
        'traf',
        box('tfhd', u32(defaultBaseIsMoof ? 0x020000 : 0, 1)),
        ...(withDecodeTime ? [box('tfdt', u32(0x01000000), u64(BigInt(decodeTime)))] : []),
        box('trun', u32(0x000701, samples.length, dataOffset, ...entries)),
      ),
    );
  };
  return Buffer.concat([make(make(0).length + 8), box('mdat', ...samples)]);
}

/** A length-prefixed NAL unit of H.264: IDR or not. */
export function avcSample(key: boolean, payload: number): Buffer {
  const nal = Buffer.alloc(24, payload);
  nal.writeUInt8(key ? 0x65 : 0x41, 0);
  return Buffer.concat([u32(nal.length), nal]);
}
