/**
 * Recordings that play for as long as a test likes: a few seconds of fragments, looped GOP by GOP. Only the decode
 * times (`tfdt`) and sequence numbers (`mfhd`) are written anew; the rest of each fragment is what was recorded.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  AAC_FRAME_SAMPLES,
  framesPerGop,
  framesPerSegment,
  frameRateFraction,
  LADDERS,
  tickGrid,
  type AudioSampleRate,
  type FrameRate,
  type Ladder,
  type Profile,
  type TickGrid,
  type VideoRung,
} from '../../encoder/contract';
import { trackSpecs } from '../../encoder/ladder/track-specs';
import { findBox } from '../../encoder/packager/boxes';
import { BoxReader } from '../../encoder/packager/box-reader';
import type { TrackSpec } from '../../encoder/packager/packager';
import * as mp4 from './mp4';
import { intoFiles } from './recording';

const run = promisify(execFile);

/** One frame's fragment: the `moof` that is written anew, and what stands around it. */
interface LoopFrame {
  readonly before: Buffer;
  readonly moof: Buffer;
  readonly after: Buffer;
  /** Where in the `moof` the sequence number and the 64-bit decode time are. */
  readonly sequenceAt: number;
  readonly timeAt: number;
}

export interface LoopTrack {
  readonly spec: TrackSpec;
  readonly init: Buffer;
  readonly timescale: number;
  /** Ticks a frame, in {@link timescale}. */
  readonly frameTicks: number;
  readonly frames: readonly LoopFrame[];
}

export interface Loop {
  readonly grid: TickGrid;
  readonly tracks: readonly LoopTrack[];
}

/** A track's frame as it would come out of an encoder that had run for as long. @param index from 0 */
export function restamped({ frames, frameTicks }: LoopTrack, index: number, firstTime: bigint): Uint8Array[] {
  const { before, moof, after, sequenceAt, timeAt } = frames[index % frames.length]!;
  const head = Buffer.concat([before, moof]);
  head.writeUInt32BE((index + 1) >>> 0, before.length + sequenceAt);
  head.writeBigUInt64BE(firstTime + BigInt(index) * BigInt(frameTicks), before.length + timeAt);
  return [head, after];
}

export interface LoopOptions {
  readonly frameRate: FrameRate;
  readonly audioSampleRate?: AudioSampleRate;
  readonly profile?: Profile;
}

const rung = (id: string, width: number, height: number, bitrateKbps: number): VideoRung => ({
  ...LADDERS.tiny.video[0],
  ...{ id, width, height, bitrateKbps, maxrateKbps: Math.ceil(bitrateKbps * 1.1) },
});

/** Two rungs and sound, as small as they can be: what is proved with them is time, not pictures. */
const LADDER: Ladder = {
  description: 'two thumbnails and sound',
  video: [rung('180p', 320, 180, 150), rung('108p', 192, 108, 80)],
  audio: [{ ...LADDERS.tiny.audio[0], bitrateKbps: 64 }],
};

/** Records the encoder's own output, with its own arguments, as fast as ffmpeg can. @param seconds at least 9 */
export async function recordLoop(options: LoopOptions & { readonly seconds: number }): Promise<Loop> {
  const { frameRate, profile = 'balanced', audioSampleRate = 48_000, seconds } = options;
  const grid = tickGrid(frameRate, profile, audioSampleRate);
  const folder = await mkdtemp(path.join(tmpdir(), 'loop-'));
  try {
    const source = path.join(folder, 'source.mkv');
    await makeSource(source, frameRate, audioSampleRate, seconds);
    const file = (id: string) => path.join(folder, `${id}.mp4`);
    const job = {
      source: { kind: 'file', path: source, loop: false },
      ladder: LADDER,
      frameRate,
      grid,
    } as const;
    const toFiles = intoFiles(job, file, path.join(folder, 'progress'));
    await run('ffmpeg', toFiles, { timeout: 120_000, maxBuffer: 1 << 24 });
    const tracks = trackSpecs(LADDER).map((spec) => readLoopTrack(spec, readFileSync(file(spec.id)), grid));
    return { grid, tracks };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeSource(
  file: string,
  rate: FrameRate,
  audioSampleRate: number,
  seconds: number,
): Promise<void> {
  const { numerator, denominator } = frameRateFraction(rate);
  const limit = ['-t', String(seconds)];
  const picture = `testsrc2=size=320x180:rate=${numerator}/${denominator}`;
  const sound = `sine=frequency=440:sample_rate=${audioSampleRate}`;
  await run('ffmpeg', [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error'],
    ...['-f', 'lavfi', ...limit, '-i', picture, '-f', 'lavfi', ...limit, '-i', sound],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'pcm_s16le', file],
  ]);
}

/** @throws Error where the recording has not one whole segment, or is not made of single frames on the grid */
function readLoopTrack(spec: TrackSpec, bytes: Buffer, grid: TickGrid): LoopTrack {
  const frameTicks = spec.kind === 'video' ? grid.frameTicks : AAC_FRAME_SAMPLES;
  let init: Buffer | undefined;
  let timescale = 0;
  const frames: LoopFrame[] = [];
  const reader = new BoxReader({
    init: (found) => ({ bytes: init, timescale } = found),
    fragment: (fragment) => {
      // The source's sound may end within a frame; that one is left out.
      if (spec.kind === 'audio' && fragment.duration < frameTicks) return;
      if (fragment.samples !== 1 || fragment.duration !== frameTicks) {
        throw new Error(
          `${spec.id}: a fragment of ${fragment.samples} samples and ${fragment.duration} ticks`,
        );
      }
      frames.push(loopFrame(Buffer.concat(fragment.bytes)));
    },
  });
  reader.push(bytes);
  reader.end();
  const whole = spec.kind === 'video' ? framesPerSegment(grid) : 1;
  const kept = frames.slice(0, frames.length - (frames.length % whole));
  if (!init || kept.length === 0)
    throw new Error(`${spec.id}: ${frames.length} frames were recorded, too few`);
  return { spec, init, timescale, frameTicks, frames: kept };
}

function loopFrame(bytes: Buffer): LoopFrame {
  const found = findBox(bytes, 0, bytes.length, 'moof')!;
  const [start, end] = [found.start - 8, found.end];
  const moof = bytes.subarray(start, end);
  const time = findBox(moof, 8, moof.length, 'traf/tfdt')!;
  if (moof[time.start] !== 1) throw new Error('a tfdt of 32 bits cannot be written anew beyond 2^32');
  return {
    before: bytes.subarray(0, start),
    moof,
    after: bytes.subarray(end),
    sequenceAt: findBox(moof, 8, moof.length, 'mfhd')!.start + 4,
    timeAt: time.start + 4,
  };
}

/** One picture track and sound whose frames hold eight bytes each: for days of media. */
export function tinyLoop({ frameRate, profile = 'economy', audioSampleRate = 48_000 }: LoopOptions): Loop {
  const grid = tickGrid(frameRate, profile, audioSampleRate);
  const payload = Buffer.alloc(8, 0x6d);
  const [video, audio] = trackSpecs({ ...LADDER, video: LADDER.video.slice(0, 1) }) as [TrackSpec, TrackSpec];
  const pictures = Array.from({ length: framesPerGop(grid) }, (_, i) =>
    loopFrame(mp4.frame(0n, grid.frameTicks, i === 0, payload)),
  );
  return {
    grid,
    tracks: [
      {
        spec: video,
        init: mp4.init({ timescale: grid.timescale }),
        timescale: grid.timescale,
        frameTicks: grid.frameTicks,
        frames: pictures,
      },
      {
        spec: audio,
        init: mp4.init({
          handler: 'soun',
          timescale: audioSampleRate,
          entry: mp4.aacEntry({ sampleRate: audioSampleRate }),
        }),
        timescale: audioSampleRate,
        frameTicks: AAC_FRAME_SAMPLES,
        frames: [loopFrame(mp4.frame(0n, AAC_FRAME_SAMPLES, true, payload))],
      },
    ],
  };
}
