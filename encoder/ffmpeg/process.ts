/** One run of ffmpeg: its pipes, its progress, its log, its end. */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Logger } from '../telemetry/log';
import { spawnFfmpeg, type FfmpegEnd } from './child';
import { PROGRESS_FD, type Descriptors } from './descriptors';

/** What ffmpeg reports of itself twice a second. */
export interface Progress {
  readonly frame: number;
  readonly fps: number;
  /** Media time over wall time; below 1 the encoder does not keep up. */
  readonly speed: number;
  readonly droppedFrames: number;
  readonly duplicatedFrames: number;
}

export interface FfmpegRun {
  readonly pid: number | undefined;
  readonly tracks: ReadonlyMap<string, Readable>;
  /** Sends a run-time command to a filter; one line. */
  command(line: string): void;
  /** Resolves when the process and its pipes have ended; never rejects. */
  readonly ended: Promise<FfmpegEnd>;
  stop(): Promise<void>;
}

export interface FfmpegOptions {
  readonly arguments: readonly string[];
  readonly descriptors: Descriptors;
  readonly log: Logger;
  readonly onProgress?: (progress: Progress) => void;
}

const LAST_LINES = 20;

export function startFfmpeg(options: FfmpegOptions): FfmpegRun {
  const { pictures, sound, tracks } = options.descriptors;
  const { process, ended, stop } = spawnFfmpeg({
    arguments: options.arguments,
    descriptors: pictures + 1 + sound.length + tracks.size,
    keptLines: LAST_LINES,
    onLine: (line) => logLine(line, options.log),
  });
  const descriptor = (fd: number) => process.stdio[fd]!;
  readProgress(descriptor(PROGRESS_FD) as Readable, options.onProgress);
  const commands = descriptor(0) as Writable;
  // A program that has ended says so by its exit.
  commands.on('error', () => undefined);
  return {
    pid: process.pid,
    tracks: new Map([...tracks].map(([id, fd]) => [id, descriptor(fd) as Readable])),
    command: (line) => commands.write(line),
    ended,
    stop,
  };
}

function logLine(line: string, log: Logger): void {
  const level = /\[(fatal|error|panic)\]/.test(line) ? 'error' : 'warn';
  // Said by every start of a fragmented AAC track: its priming samples come before zero. And the dialogue of a command.
  if (/starts with a nonzero dts -1024|^(Enter command:|Command reply for)|^$/.test(line))
    log.debug({ ffmpeg: line }, 'ffmpeg');
  else log[level]({ ffmpeg: line }, 'ffmpeg');
}

function readProgress(pipe: Readable, onProgress: FfmpegOptions['onProgress']): void {
  let block: Record<string, string> = {};
  createInterface({ input: pipe }).on('line', (line) => {
    const [key = '', value = ''] = line.split('=', 2);
    block[key.trim()] = value.trim();
    if (key !== 'progress') return;
    const number = (name: string) => Number.parseFloat(block[name] ?? '') || 0;
    onProgress?.({
      frame: number('frame'),
      fps: number('fps'),
      speed: number('speed'),
      droppedFrames: number('drop_frames'),
      duplicatedFrames: number('dup_frames'),
    });
    block = {};
  });
}
