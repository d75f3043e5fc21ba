/** Tries an encoder or a decoder on one frame, and reads what ffmpeg says about it. */
import type { CheckContext } from './check';
import { runProgram } from './program';

export interface Trial {
  /** Why it did not work, in ffmpeg's words; undefined where it did. */
  readonly failure?: string;
  /** All that ffmpeg said. */
  readonly log: string;
}

export interface VideoEncoder {
  readonly encoder: string;
  readonly pixelFormat: 'yuv420p' | 'yuv420p10le' | 'nv12' | 'p010le';
}

/** Large enough for every encoder: NVENC takes no picture below 145 x 49. */
const PICTURE = 'color=c=gray:s=256x256:r=25';
const MP4 = ['-f', 'mp4', '-movflags', '+cmaf+empty_moov+default_base_moof', 'pipe:1'];

export function tryVideoEncoder(
  context: CheckContext,
  { encoder, pixelFormat }: VideoEncoder,
): Promise<Trial> {
  return encode(context, [
    ...['-f', 'lavfi', '-i', PICTURE, '-vf', `scale,format=${pixelFormat}`, '-frames:v', '1'],
    // With the plus an encoder that cannot take these pictures fails, instead of getting others.
    ...['-c:v', encoder, '-pix_fmt', `+${pixelFormat}`],
  ]);
}

export const tryAac = (context: CheckContext): Promise<Trial> =>
  encode(context, ['-f', 'lavfi', '-i', 'sine=sample_rate=48000', '-frames:a', '4', '-c:a', 'aac']);

async function encode(context: CheckContext, job: readonly string[]): Promise<Trial> {
  const run = ['-hide_banner', '-nostdin', '-loglevel', 'level+verbose', ...job, ...MP4];
  const outcome = await runProgram(context, 'ffmpeg', run);
  if (outcome.kind !== 'ended') return { failure: 'ffmpeg cannot be started', log: '' };
  const log = outcome.stderr;
  if (outcome.code !== 0) return { failure: reason(log, outcome.code), log };
  if (!outcome.stdout.includes('mdat')) return { failure: 'it ended well and wrote no media', log };
  return { log };
}

/** Decodes an elementary stream of one frame, and counts the bytes of the picture. */
export async function tryDecoder(
  context: CheckContext,
  { format, stream, pictureBytes }: { format: string; stream: Buffer; pictureBytes: number },
): Promise<Trial> {
  const job = ['-f', format, '-i', 'pipe:0', '-f', 'rawvideo', 'pipe:1'];
  const run = ['-hide_banner', '-loglevel', 'level+error', ...job];
  const outcome = await runProgram(context, 'ffmpeg', run, stream);
  if (outcome.kind !== 'ended') return { failure: 'ffmpeg cannot be started', log: '' };
  const log = outcome.stderr;
  if (outcome.code !== 0) return { failure: reason(log, outcome.code), log };
  if (outcome.stdout.length !== pictureBytes) {
    return { failure: `it made ${outcome.stdout.length} bytes of picture instead of ${pictureBytes}`, log };
  }
  return { log };
}

/** The first error: those after it are its consequences. */
function reason(log: string, code: number | null): string {
  const lines = log.split('\n').map((line) => line.trim());
  const errors = lines.filter((line) => /\[(error|fatal|panic)\]/.test(line));
  const line = errors[0] ?? lines.findLast((line) => line !== '');
  if (line === undefined) return code === null ? 'it was killed' : `exit code ${code}, without a word`;
  // Its level, and the address that names an instance, say nothing to a reader.
  return line
    .replace(/\[(error|fatal|panic)\] ?/, '')
    .replace(/^\[([\w.]+) @ 0x[0-9a-f]+\] /, '$1: ')
    .trim();
}
