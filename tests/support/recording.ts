/** Recordings of the encoder's own output, made by ffmpeg as fast as it can. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  LADDERS,
  tickGrid,
  type FrameRate,
  type LadderName,
  type Profile,
  type TickGrid,
} from '../../encoder/contract';
import { BoxReader } from '../../encoder/packager/box-reader';
import {
  descriptors,
  ffmpegArguments,
  PROGRESS_FD,
  trackIds,
  type EncodeJob,
} from '../../encoder/ffmpeg/arguments';

const run = promisify(execFile);

export interface Recording {
  readonly folder: string;
  readonly grid: TickGrid;
  readonly ids: readonly string[];
  file(id: string): string;
  /** Every track's bytes, fragment by fragment, in the order and at most at the speed of their times. */
  play(options?: { realTime?: boolean }): Map<string, Readable>;
  remove(): Promise<void>;
}

export interface RecordingOptions {
  readonly ladder: LadderName;
  readonly frameRate?: FrameRate;
  readonly profile?: Profile;
  readonly seconds: number;
}

/** The encoder's own arguments for a job, but into files and not at the speed of the clock. */
export function intoFiles(job: EncodeJob, file: (id: string) => string, progress: string): string[] {
  const { tracks } = descriptors(job);
  const files = new Map([...tracks].map(([id, fd]) => [`pipe:${fd}`, file(id)]));
  files.set(`pipe:${PROGRESS_FD}`, progress);
  return ffmpegArguments(job)
    .filter((argument) => argument !== '-re')
    .map((argument) => files.get(argument) ?? argument);
}

export async function record(options: RecordingOptions): Promise<Recording> {
  const { ladder: name, frameRate = '30', profile = 'balanced', seconds } = options;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'recording-'));
  const ladder = LADDERS[name];
  const grid = tickGrid(frameRate, profile);
  const source = path.join(folder, 'source.mkv');
  const limit = ['-t', String(seconds)];
  await run('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-f', 'lavfi', ...limit, '-i', 'testsrc2=size=640x360:rate=60'],
    ...[
      '-f',
      'lavfi',
      ...limit,
      '-i',
      'sine=frequency=440:sample_rate=48000',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
    ],
    ...['-c:a', 'pcm_s16le', source],
  ]);
  const ids = trackIds(ladder);
  const file = (id: string) => path.join(folder, `${id}.mp4`);
  const recorded = intoFiles(
    { source: { kind: 'file', path: source, loop: false }, ladder, frameRate, grid },
    file,
    path.join(folder, 'progress'),
  );
  await run('ffmpeg', recorded, { timeout: 120_000, maxBuffer: 1 << 24 });
  return {
    folder,
    grid,
    ids,
    file,
    play: (play) => playFiles(new Map(ids.map((id) => [id, file(id)])), play?.realTime ?? false),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

interface TimedFragment {
  readonly id: string;
  /** When its last frame ends, from the beginning. */
  readonly dueMs: number;
  readonly bytes: readonly Uint8Array[];
}

function fragmentsOf(id: string, file: string): TimedFragment[] {
  const fragments: TimedFragment[] = [];
  let timescale = 1;
  let init: Uint8Array[] = [];
  const reader = new BoxReader({
    init: (found) => {
      timescale = found.timescale;
      init = [found.bytes];
    },
    fragment: ({ time, duration, bytes }) => {
      fragments.push({
        id,
        dueMs: (1000 * (Number(time) + duration)) / timescale,
        bytes: [...init, ...bytes],
      });
      init = [];
    },
  });
  reader.push(readFileSync(file));
  return fragments;
}

export function playFiles(files: ReadonlyMap<string, string>, realTime: boolean): Map<string, Readable> {
  const streams = new Map([...files.keys()].map((id) => [id, new PassThrough()]));
  const fragments = [...files]
    .flatMap(([id, file]) => fragmentsOf(id, file))
    .sort((a, b) => a.dueMs - b.dueMs);
  void (async () => {
    const startedAt = Date.now();
    for (const { id, dueMs, bytes } of fragments) {
      const wait = realTime ? startedAt + dueMs - Date.now() : 0;
      if (wait > 0) await delay(wait);
      else await turn();
      for (const chunk of bytes) streams.get(id)!.write(chunk);
    }
    for (const stream of streams.values()) stream.end();
  })();
  return new Map<string, Readable>(streams);
}
