/** Captioned streams for tests: CEA-608 written pair by pair, put into real video, and read back by ffmpeg. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { BoxReader, type Fragment } from '../../encoder/packager/box-reader';
import { findBox } from '../../encoder/packager/boxes';
import { CaptionInserter } from '../../encoder/packager/captions';
import type { InitSegment } from '../../encoder/packager/init';

const run = promisify(execFile);
/** No child lives longer. */
const LIMITS = { timeout: 60_000, killSignal: 'SIGKILL', maxBuffer: 1 << 27 } as const;

export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'captions-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function ffmpeg(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('ffmpeg', ['-hide_banner', '-nostdin', '-v', 'error', '-y', ...args], LIMITS);
  return stdout;
}

// Writing CEA-608.

export type Line21Service = 'CC1' | 'CC2' | 'CC3' | 'CC4';

export interface Cue {
  readonly service: Line21Service;
  readonly text: string;
  /** The frame from which the pairs are sent: one pair a frame. */
  readonly frame: number;
}

type Pair = readonly [number, number];

const odd = (byte: number): number => {
  const ones = byte.toString(2).replaceAll('0', '').length;
  return ones % 2 === 0 ? byte | 0x80 : byte;
};

const isSecondField = (service: Line21Service): boolean => service === 'CC3' || service === 'CC4';

/** A pop-on caption on the last row: loaded unseen, then shown at once. Control codes are sent twice. */
export function popOn(service: Line21Service, text: string): Pair[] {
  const channel = service === 'CC2' || service === 'CC4' ? 0x08 : 0;
  const control = 0x14 | channel | (isSecondField(service) ? 1 : 0);
  const twice = (first: number, second: number): Pair[] => [
    [first, second],
    [first, second],
  ];
  const characters = Buffer.from(text.length % 2 === 0 ? text : `${text} `, 'latin1');
  const pairs: Pair[] = [];
  for (let i = 0; i < characters.length; i += 2) pairs.push([characters[i]!, characters[i + 1]!]);
  return [
    ...twice(control, 0x20),
    ...twice(control, 0x2e),
    ...twice(0x14 | channel, 0x60),
    ...pairs,
    ...twice(control, 0x2c),
    ...twice(control, 0x2f),
  ];
}

/** Erases what is shown. */
export const erase = (service: Line21Service): Pair[] => {
  const [control] = popOn(service, '').at(-1)!;
  return [
    [control, 0x2c],
    [control, 0x2c],
  ];
};

export const triplet = (service: Line21Service, [first, second]: Pair): Buffer =>
  Buffer.from([0xfc | (isSecondField(service) ? 1 : 0), odd(first), odd(second)]);

const PADDING = Buffer.from([0xfa, 0, 0]);
const NULL_PAIRS = [Buffer.from([0xfc, 0x80, 0x80]), Buffer.from([0xfd, 0x80, 0x80])] as const;

/** Caption data of each frame: a pair of each field, then padding, ten triplets in all. */
export function captionFrames(frames: number, cues: readonly Cue[]): Buffer[] {
  const fields = [0, 1].map((field) => {
    const sent = Array.from({ length: frames }, (): Uint8Array => NULL_PAIRS[field]!);
    for (const { service, text, frame } of cues) {
      if (isSecondField(service) !== (field === 1)) continue;
      popOn(service, text).forEach((pair, i) => (sent[frame + i] = triplet(service, pair)));
    }
    return sent;
  });
  return Array.from({ length: frames }, (_, i) =>
    Buffer.concat([fields[0]![i]!, fields[1]![i]!, ...Array.from({ length: 8 }, () => PADDING)]),
  );
}

// Real video, a fragment a frame.

export interface Track {
  readonly init: InitSegment;
  readonly fragments: readonly Fragment[];
}

export interface VideoOptions {
  readonly codec: 'h264' | 'hevc';
  readonly frames: number;
  readonly bFrames?: number;
  readonly rate?: string;
  readonly filters?: string;
}

export const FRAGMENTED = [
  ...['-movflags', '+cmaf+frag_every_frame+empty_moov+default_base_moof+skip_trailer'],
  ...['-f', 'mp4'],
] as const;

/** Moving pictures without captions. */
export function video(options: VideoOptions): Promise<Track> {
  const { codec, frames, bFrames = 0, rate = '30' } = options;
  const encoder =
    codec === 'h264'
      ? ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', String(bFrames), '-g', '15']
      : [
          ...['-c:v', 'libx265', '-preset', 'ultrafast', '-tag:v', 'hvc1'],
          ...['-x265-params', `bframes=${bFrames}:keyint=15:log-level=error:pools=1:frame-threads=1`],
        ];
  return inFolder(async (folder) => {
    const file = path.join(folder, 'video.mp4');
    await ffmpeg(
      ...['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=${rate}`, '-frames:v', String(frames)],
      ...['-pix_fmt', 'yuv420p', ...encoder, ...FRAGMENTED, file],
    );
    return readTrack(await readFile(file));
  });
}

export function readTrack(bytes: Buffer): Track {
  const inits: InitSegment[] = [];
  const fragments: Fragment[] = [];
  const reader = new BoxReader({
    init: (init) => inits.push(init),
    fragment: (each) => fragments.push(each),
  });
  reader.push(bytes);
  reader.end();
  return { init: inits[0]!, fragments };
}

export const trackBytes = ({ init, fragments }: Track): Buffer =>
  Buffer.concat([init.bytes, ...fragments.flatMap(({ bytes }) => bytes)]);

/** The number of each fragment's picture in presentation order. */
export function presentationNumbers({ fragments }: Track): number[] {
  const times = fragments.map(({ time, bytes }) => Number(time) + compositionOffset(Buffer.concat(bytes)));
  const sorted = [...times].sort((a, b) => a - b);
  return times.map((time) => sorted.indexOf(time));
}

function compositionOffset(fragment: Buffer): number {
  const trun = findBox(fragment, 0, fragment.length, 'moof/traf/trun')!;
  const flags = fragment.readUInt32BE(trun.start);
  if (!(flags & 0x800)) return 0;
  const before = [0x1, 0x4, 0x100, 0x200, 0x400].filter((bit) => flags & bit).length;
  return fragment.readInt32BE(trun.start + 8 + 4 * before);
}

/** The track with captions put into its frames by the packager's own inserter. */
export function withCaptions(track: Track, ccData: (frame: number) => Uint8Array | undefined): Track {
  const inserter = new CaptionInserter(track.init.bytes);
  const numbers = presentationNumbers(track);
  return {
    init: track.init,
    fragments: track.fragments.map((fragment, i) => inserter.insert(fragment, ccData(numbers[i]!))),
  };
}

/** The same stream in another container, not encoded again. */
export function remux(bytes: Buffer, format: string, ...options: readonly string[]): Promise<Buffer> {
  return inFolder(async (folder) => {
    const [from, to] = [path.join(folder, 'from'), path.join(folder, 'to')];
    await writeFile(from, bytes);
    await ffmpeg('-i', from, '-c', 'copy', ...options, '-f', format, to);
    return readFile(to);
  });
}

// Reading with ffmpeg, which shares no code with the project.

/** The captions of CC1 that ffmpeg's decoder reads, in order, without styles. */
export function decodedText(bytes: Buffer): Promise<string[]> {
  return inFolder(async (folder) => {
    const file = path.join(folder, 'stream');
    await writeFile(file, bytes);
    const srt = await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      `movie=${file}[out0+subcc]`,
      '-map',
      '0:s',
      '-f',
      'srt',
      '-',
    );
    return srt
      .replaceAll(/<[^>]*>|\{[^}]*\}|\\h/g, '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !/^\d+$/.test(line) && !line.includes('-->'));
  });
}

interface ProbedFrame {
  readonly pts?: number;
  readonly side_data_list?: readonly { readonly side_data_type: string }[];
}

/** Times of the frames, in presentation order, and whether ffmpeg finds caption data in each. */
export function captionedFrames(bytes: Buffer): Promise<{ pts: number; captioned: boolean }[]> {
  return inFolder(async (folder) => {
    const file = path.join(folder, 'stream');
    await writeFile(file, bytes);
    const show = [
      '-select_streams',
      'v:0',
      '-show_frames',
      '-show_entries',
      'frame=pts,side_data_list:frame_side_data=side_data_type',
    ];
    const { stdout } = await run('ffprobe', ['-v', 'error', '-of', 'json', ...show, file], LIMITS);
    return (JSON.parse(stdout) as { frames: ProbedFrame[] }).frames.map(({ pts, side_data_list }) => ({
      pts: pts!,
      captioned: (side_data_list ?? []).some(
        ({ side_data_type }) => side_data_type === 'ATSC A53 Part 4 Closed Captions',
      ),
    }));
  });
}
