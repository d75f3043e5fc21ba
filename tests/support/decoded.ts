/** What a player would see and hear of a rendition's segment. */
import { spawn } from 'node:child_process';

/** A picture of 16 x 9 bytes of luma for each frame. */
export const THUMBNAIL = { width: 16, height: 9, bytes: 144 };

export async function thumbnails(media: Buffer): Promise<Buffer[]> {
  const { width, height, bytes } = THUMBNAIL;
  const raw = await decode(media, [
    '-vf',
    `scale=${width}:${height},format=gray`,
    '-f',
    'rawvideo',
    'pipe:1',
  ]);
  return Array.from({ length: raw.length / bytes }, (_, i) => raw.subarray(i * bytes, (i + 1) * bytes));
}

/** Mean difference of two pictures, 0 to 255. */
export function difference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}

export interface Tone {
  /** 0 to 1. */
  readonly level: number;
  /** Hz; of a single tone. */
  readonly frequency: number;
}

export async function tone(media: Buffer): Promise<Tone> {
  const raw = await decode(media, ['-ac', '1', '-ar', '48000', '-f', 's16le', 'pipe:1']);
  const samples = new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
  let crossings = 0;
  let squares = 0;
  for (let i = 1; i < samples.length; i++) {
    squares += samples[i]! ** 2;
    if (samples[i - 1]! < 0 !== samples[i]! < 0) crossings++;
  }
  return {
    level: Math.sqrt(squares / samples.length) / 32_768,
    frequency: (crossings / 2 / samples.length) * 48_000,
  };
}

/** Seconds from the segment's start at which the picture turns white, and at which a tone begins after silence. */
export async function claps(
  video: Buffer,
  audio: Buffer,
  framesPerSecond: number,
): Promise<{ seen: number[]; heard: number[] }> {
  const white = (await thumbnails(video)).map((picture) => picture[72]! > 128);
  const seen = white.flatMap((is, i) => (is && i > 0 && !white[i - 1] ? [i / framesPerSecond] : []));
  const raw = await decode(audio, ['-ac', '1', '-ar', '48000', '-f', 's16le', 'pipe:1']);
  const heard: number[] = [];
  let quiet = 0;
  for (let at = 0; at < raw.length; at += 2) {
    const loud = Math.abs(raw.readInt16LE(at)) > 3000;
    if (loud && quiet > 4800) heard.push(at / 2 / 48_000);
    quiet = loud ? 0 : quiet + 1;
  }
  return { seen, heard };
}

/** ffmpeg's own words about a segment, from a filter that reports. */
export async function report(media: Buffer, filter: string): Promise<string> {
  const { stderr } = await run(media, ['-vf', filter, '-f', 'null', '-'], 'info');
  return stderr;
}

/** What the pictures say of their colours, as ffprobe names it. */
export async function colours(media: Buffer): Promise<string> {
  return (await report(media, 'showinfo')).match(
    /color_range:\S+ color_space:\S+ color_primaries:\S+ color_trc:\S+/,
  )![0];
}

async function decode(media: Buffer, output: readonly string[]): Promise<Buffer> {
  return (await run(media, output, 'error')).stdout;
}

function run(
  media: Buffer,
  output: readonly string[],
  level: string,
): Promise<{ stdout: Buffer; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('ffmpeg', [
      '-hide_banner',
      '-nostats',
      '-loglevel',
      level,
      '-i',
      'pipe:0',
      ...output,
    ]);
    const stdout: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve({ stdout: Buffer.concat(stdout), stderr })
        : reject(new Error(`ffmpeg: ${stderr}`)),
    );
    child.stdin.on('error', () => undefined);
    child.stdin.end(media);
  });
}
