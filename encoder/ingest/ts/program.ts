/** What a programme is made of: PAT and PMT (ISO/IEC 13818-1, sections 2.4.4.3 and 2.4.4.8). */

export interface VideoStream {
  /** The packet identifier; in FLV, which has none, the tag type. */
  readonly pid: number;
  /** `h264`, `hevc`, `mpeg2`, or another name of `VIDEO_TYPES`. */
  readonly codec: string;
}

export interface AudioStream {
  readonly pid: number;
  /** `aac`, `mp2`, `ac3` or another name of `AUDIO_TYPES`. */
  readonly codec: string;
  /** ISO 639-2, such as `eng`; absent where the stream does not say. */
  readonly language?: string;
}

export interface Program {
  readonly video: VideoStream | undefined;
  readonly audio: readonly AudioStream[];
}

const VIDEO_TYPES: Readonly<Record<number, string>> = {
  0x01: 'mpeg1',
  0x02: 'mpeg2',
  0x10: 'mpeg4',
  0x1b: 'h264',
  0x21: 'jpeg2000',
  0x24: 'hevc',
  0x32: 'jpegxs',
  0x33: 'vvc',
  0x42: 'avs',
  0xd1: 'dirac',
  0xd2: 'avs2',
  0xd4: 'avs3',
  0xea: 'vc1',
};

const AUDIO_TYPES: Readonly<Record<number, string>> = {
  0x03: 'mp2',
  0x04: 'mp2',
  0x0f: 'aac',
  0x11: 'aac-latm',
  0x81: 'ac3',
  0x82: 'dts',
  0x83: 'truehd',
  0x87: 'eac3',
};

const PRIVATE_DATA = 0x06;
/** What a registration descriptor, or a descriptor of DVB, says of a stream of private data. */
const VIDEO_REGISTRATIONS: Readonly<Record<string, string>> = { HEVC: 'hevc', AV01: 'av1', 'VC-1': 'vc1' };
const AUDIO_REGISTRATIONS: Readonly<Record<string, string>> = {
  'AC-3': 'ac3',
  EAC3: 'eac3',
  Opus: 'opus',
  BSSD: 's302m',
  DTS1: 'dts',
  DTS2: 'dts',
  DTS3: 'dts',
};
const AUDIO_DESCRIPTORS: Readonly<Record<number, string>> = {
  0x6a: 'ac3',
  0x7a: 'eac3',
  0x7b: 'dts',
  0x7c: 'aac',
};
const REGISTRATION = 0x05;
const ISO_639_LANGUAGE = 0x0a;

const PAT_TABLE = 0x00;
const PMT_TABLE = 0x02;
const CRC_BYTES = 4;
const PID_MASK = 0x1fff;

export interface ProgramMap {
  readonly program: number;
  readonly pid: number;
}

/** Where the first programme's map is. Undefined for any other section, or one that is not yet in force. */
export function firstProgramMap(section: Buffer): ProgramMap | undefined {
  if (!inForce(section, PAT_TABLE, 12)) return undefined;
  for (let at = 8; at + 4 <= section.length - CRC_BYTES; at += 4) {
    const program = section.readUInt16BE(at);
    // Programme 0 is the network's own table.
    if (program !== 0) return { program, pid: section.readUInt16BE(at + 2) & PID_MASK };
  }
  return undefined;
}

/** Undefined for any other section, one that is not yet in force, or one whose lengths contradict it. */
export function readProgram(section: Buffer, program: number): Program | undefined {
  if (!inForce(section, PMT_TABLE, 16) || section.readUInt16BE(3) !== program) return undefined;
  const end = section.length - CRC_BYTES;
  let at = 12 + (section.readUInt16BE(10) & 0xfff);
  let video: VideoStream | undefined;
  const audio: AudioStream[] = [];
  while (at + 5 <= end) {
    const pid = section.readUInt16BE(at + 1) & PID_MASK;
    const next = at + 5 + (section.readUInt16BE(at + 3) & 0xfff);
    if (next > end) return undefined;
    const stream = readStream(section[at]!, section.subarray(at + 5, next));
    if (stream?.kind === 'video') video ??= { pid, codec: stream.codec };
    else if (stream?.kind === 'audio') {
      audio.push({ pid, codec: stream.codec, ...(stream.language && { language: stream.language }) });
    }
    at = next;
  }
  return { video, audio };
}

function inForce(section: Buffer, table: number, bytes: number): boolean {
  const current = 0x01;
  return section.length >= bytes && section[0] === table && (section[5]! & current) !== 0;
}

interface Stream {
  readonly kind: 'video' | 'audio';
  readonly codec: string;
  readonly language?: string | undefined;
}

function readStream(type: number, descriptors: Buffer): Stream | undefined {
  let videoCodec = VIDEO_TYPES[type];
  let audioCodec = AUDIO_TYPES[type];
  let language: string | undefined;
  for (let at = 0; at + 2 <= descriptors.length; at += 2 + descriptors[at + 1]!) {
    const tag = descriptors[at]!;
    const body = descriptors.subarray(at + 2, at + 2 + descriptors[at + 1]!);
    if (tag === ISO_639_LANGUAGE) language ??= readLanguage(body);
    if (type !== PRIVATE_DATA) continue;
    audioCodec ??= AUDIO_DESCRIPTORS[tag];
    if (tag !== REGISTRATION) continue;
    const format = body.toString('latin1', 0, 4);
    videoCodec ??= VIDEO_REGISTRATIONS[format];
    audioCodec ??= AUDIO_REGISTRATIONS[format];
  }
  if (videoCodec) return { kind: 'video', codec: videoCodec };
  return audioCodec ? { kind: 'audio', codec: audioCodec, language } : undefined;
}

function readLanguage(body: Buffer): string | undefined {
  const code = body.toString('latin1', 0, 3).toLowerCase();
  return /^[a-z]{3}$/.test(code) && code !== 'und' ? code : undefined;
}
