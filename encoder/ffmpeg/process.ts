/** One run of ffmpeg: its pipes, its progress, its log, its end. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Logger } from '../telemetry/log';
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
  readonly ended: Promise<{
    code: number | null;
    signal: NodeJS.Signals | null;
    lastLines: readonly string[];
  }>;
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
  const stdio = Array<'ignore' | 'pipe'>(pictures + 1 + sound.length + tracks.size).fill('pipe');
  stdio[1] = 'ignore';
  // In a session of its own: Ctrl-C at a terminal is for the one who decides how the programme ends.
  const child = spawn('ffmpeg', options.arguments, { stdio, detached: true });
  const lastLines: string[] = [];
  const ended = new Promise<Awaited<FfmpegRun['ended']>>((resolve) => {
    child.once('error', (error) => {
      lastLines.push(`ffmpeg could not be started: ${error.message}`);
      resolve({ code: null, signal: null, lastLines });
    });
    child.once('close', (code, signal) => resolve({ code, signal, lastLines }));
  });
  // Descriptors are there even when the program is not.
  const descriptor = (fd: number) => child.stdio[fd]!;
  readLog(descriptor(2) as Readable, lastLines, options.log);
  readProgress(descriptor(PROGRESS_FD) as Readable, options.onProgress);
  const commands = descriptor(0) as Writable;
  // A program that has ended says so by its exit.
  commands.on('error', () => undefined);
  return {
    pid: child.pid,
    tracks: new Map([...tracks].map(([id, fd]) => [id, descriptor(fd) as Readable])),
    command: (line) => commands.write(line),
    ended,
    // It has nothing to finish: what its pipes held beyond the last whole frame is of no use.
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function readLog(stderr: Readable, lastLines: string[], log: Logger): void {
  createInterface({ input: stderr }).on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > LAST_LINES) lastLines.shift();
    const level = /\[(fatal|error|panic)\]/.test(line) ? 'error' : 'warn';
    // Said by every start of a fragmented AAC track: its priming samples come before zero. And the dialogue of a command.
    if (/starts with a nonzero dts -1024|^(Enter command:|Command reply for)|^$/.test(line))
      log.debug({ ffmpeg: line }, 'ffmpeg');
    else log[level]({ ffmpeg: line }, 'ffmpeg');
  });
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
