/** Builds fragmented MP4 box by box (ISO/IEC 14496-12), for tests that need bytes which ffmpeg does not make. */

export const u8 = (...values: readonly number[]): Buffer => Buffer.from(values);

export function u16(...values: readonly number[]): Buffer {
  const out = Buffer.alloc(2 * values.length);
  values.forEach((value, i) => out.writeUInt16BE(value, 2 * i));
  return out;
}

export function u32(...values: readonly number[]): Buffer {
  const out = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => out.writeUInt32BE(value, 4 * i));
  return out;
}

export function u64(...values: readonly bigint[]): Buffer {
  const out = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => out.writeBigUInt64BE(value, 8 * i));
  return out;
}

export const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

export function box(type: string, ...payload: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(payload);
  return Buffer.concat([u32(8 + body.length), ascii(type), body]);
}

/** The same box with its size in 64 bits. */
export function largeBox(type: string, ...payload: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(payload);
  return Buffer.concat([u32(1), ascii(type), u64(BigInt(16 + body.length)), body]);
}

export const fullBox = (
  type: string,
  version: number,
  flags: number,
  ...payload: readonly Uint8Array[]
): Buffer => box(type, u32(version * 2 ** 24 + flags), ...payload);

// Init segments.

export const ftyp = (): Buffer => box('ftyp', ascii('iso6'), u32(0), ascii('cmfciso6'));

const visualEntry = (type: string, width: number, height: number, config: Buffer): Buffer =>
  box(type, Buffer.alloc(6), u16(1), Buffer.alloc(16), u16(width, height), Buffer.alloc(50), config);

/** `avc1` with the three bytes that the codec string shows: profile, constraints, level. */
export const avcEntry = (
  profile: readonly number[] = [0x64, 0x00, 0x1e],
  width = 640,
  height = 360,
): Buffer => visualEntry('avc1', width, height, box('avcC', u8(1, ...profile, 0xff, 0xe0, 0)));

export interface HevcProfile {
  readonly type?: 'hvc1' | 'hev1';
  /** 0 to 3: none, A, B, C. */
  readonly space?: number;
  readonly profile: number;
  readonly compatibility: number;
  readonly tier: 'L' | 'H';
  readonly level: number;
  readonly constraints: readonly number[];
}

export function hevcEntry(hevc: HevcProfile): Buffer {
  const first = ((hevc.space ?? 0) << 6) | (hevc.tier === 'H' ? 0x20 : 0) | hevc.profile;
  const config = Buffer.concat([
    u8(1, first),
    u32(hevc.compatibility),
    u8(...hevc.constraints, hevc.level),
    u8(0),
  ]);
  return visualEntry(hevc.type ?? 'hvc1', 1280, 720, box('hvcC', config));
}

export interface AacOptions {
  readonly channels?: number;
  readonly sampleRate?: number;
  /** The decoder's configuration as in an esds; AAC-LC, 48 kHz, stereo by default. */
  readonly config?: Buffer;
  /** Bytes in which each descriptor's length is written: 1, or 4 as ffmpeg does. */
  readonly lengthBytes?: 1 | 4;
  /** Flags of the ES descriptor and the fields that they announce. */
  readonly es?: Buffer;
}

export function aacEntry(options: AacOptions = {}): Buffer {
  const { channels = 2, sampleRate = 48_000, config = u8(0x11, 0x90), lengthBytes = 4, es = u8(0) } = options;
  const descriptor = (tag: number, ...payload: Buffer[]): Buffer => {
    const body = Buffer.concat(payload);
    return Buffer.concat([
      u8(tag),
      lengthBytes === 1 ? u8(body.length) : u8(0x80, 0x80, 0x80, body.length),
      body,
    ]);
  };
  const decoder = descriptor(4, u8(0x40, 0x15), Buffer.alloc(11), descriptor(5, config));
  const esds = fullBox('esds', 0, 0, descriptor(3, u16(1), es, decoder, descriptor(6, u8(2))));
  return box(
    'mp4a',
    ...[
      Buffer.alloc(6),
      u16(1),
      Buffer.alloc(8),
      u16(channels, 16),
      Buffer.alloc(4),
      u16(sampleRate, 0),
      esds,
    ],
  );
}

export interface TrackOptions {
  readonly handler?: string;
  readonly timescale?: number;
  readonly entry?: Buffer;
  readonly mdhdVersion?: 0 | 1;
}

export function trak(options: TrackOptions = {}): Buffer {
  const { handler = 'vide', timescale = 30_000, entry = avcEntry(), mdhdVersion = 0 } = options;
  const mdhd =
    mdhdVersion === 1
      ? fullBox('mdhd', 1, 0, u64(7n, 8n), u32(timescale), u64(0n), u32(0))
      : fullBox('mdhd', 0, 0, u32(7, 8, timescale, 0, 0));
  const hdlr = fullBox('hdlr', 0, 0, u32(0), ascii(handler), Buffer.alloc(13));
  const stsd = fullBox('stsd', 0, 0, u32(1), entry);
  return box(
    'trak',
    fullBox('tkhd', 0, 3, Buffer.alloc(80)),
    box('mdia', mdhd, hdlr, box('minf', box('stbl', stsd))),
  );
}

export const trex = (duration = 0, flags = 0): Buffer => fullBox('trex', 0, 0, u32(1, 1, duration, 0, flags));

export interface InitOptions extends TrackOptions {
  readonly defaultDuration?: number;
  readonly defaultFlags?: number;
}

export const moov = (options: InitOptions = {}): Buffer =>
  box(
    'moov',
    fullBox('mvhd', 0, 0, Buffer.alloc(96)),
    trak(options),
    box('mvex', trex(options.defaultDuration, options.defaultFlags)),
  );

export const init = (options: InitOptions = {}): Buffer => Buffer.concat([ftyp(), moov(options)]);

// Fragments.

export const SYNC = 0x0200_0000;
export const NON_SYNC = 0x0101_0000;

export interface Sample {
  readonly duration?: number;
  readonly size?: number;
  readonly flags?: number;
  readonly compositionOffset?: number;
}

export interface MoofOptions {
  readonly time: bigint;
  readonly tfdtVersion?: 0 | 1;
  readonly tfhd?: {
    readonly baseDataOffset?: bigint;
    readonly descriptionIndex?: number;
    readonly duration?: number;
    readonly size?: number;
    readonly flags?: number;
  };
  /** Every sample has the same fields. */
  readonly samples: readonly Sample[];
  readonly firstSampleFlags?: number;
  readonly dataOffset?: number;
}

function tfhd({
  baseDataOffset,
  descriptionIndex,
  duration,
  size,
  flags,
}: NonNullable<MoofOptions['tfhd']>): Buffer {
  const fields: [bit: number, Buffer | undefined][] = [
    [0x1, baseDataOffset === undefined ? undefined : u64(baseDataOffset)],
    [0x2, descriptionIndex === undefined ? undefined : u32(descriptionIndex)],
    [0x8, duration === undefined ? undefined : u32(duration)],
    [0x10, size === undefined ? undefined : u32(size)],
    [0x20, flags === undefined ? undefined : u32(flags)],
  ];
  const present = fields.filter(([, value]) => value !== undefined);
  const bits = present.reduce((sum, [bit]) => sum | bit, 0x02_0000);
  return fullBox('tfhd', 0, bits, u32(1), ...present.map(([, value]) => value!));
}

export const tfdt = (time: bigint, version: 0 | 1 = 1): Buffer =>
  fullBox('tfdt', version, 0, version === 1 ? u64(time) : u32(Number(time)));

export function trun({ samples, firstSampleFlags, dataOffset }: Omit<MoofOptions, 'time'>): Buffer {
  const first = samples[0] ?? {};
  const fields = [
    [0x100, 'duration'],
    [0x200, 'size'],
    [0x400, 'flags'],
    [0x800, 'compositionOffset'],
  ] as const;
  const present = fields.filter(([, name]) => first[name] !== undefined);
  let bits = present.reduce<number>((sum, [bit]) => sum | bit, 0);
  if (dataOffset !== undefined) bits |= 0x1;
  if (firstSampleFlags !== undefined) bits |= 0x4;
  return fullBox(
    'trun',
    0,
    bits,
    u32(samples.length),
    ...(dataOffset === undefined ? [] : [u32(dataOffset)]),
    ...(firstSampleFlags === undefined ? [] : [u32(firstSampleFlags)]),
    ...samples.map((sample) => u32(...present.map(([, name]) => sample[name]!))),
  );
}

export const moof = (options: MoofOptions): Buffer =>
  box(
    'moof',
    fullBox('mfhd', 0, 0, u32(1)),
    box('traf', tfhd(options.tfhd ?? {}), tfdt(options.time, options.tfdtVersion), trun(options)),
  );

/** A fragment of one frame: what the encoder's ffmpeg makes for each frame. */
export function frame(time: bigint, duration: number, key: boolean, payload: Uint8Array): Buffer {
  const sample = { duration, size: payload.length, flags: key ? SYNC : NON_SYNC };
  return Buffer.concat([moof({ time, samples: [sample] }), box('mdat', payload)]);
}
