/** A child process that is ffmpeg: how it starts, what it said last, and how it ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface FfmpegEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lastLines: readonly string[];
}

export interface FfmpegChild {
  readonly process: ChildProcess;
  /** Resolves when the process and its pipes have ended; never rejects. */
  readonly ended: Promise<FfmpegEnd>;
  /** It has nothing to finish: what its pipes held beyond the last whole frame is of no use. */
  readonly stop: () => Promise<void>;
}

export interface FfmpegChildOptions {
  readonly arguments: readonly string[];
  /** Descriptors from 0 on, all pipes; 1 is closed. */
  readonly descriptors: number;
  /** Lines of the log that its end brings. */
  readonly keptLines: number;
  readonly onLine: (line: string) => void;
}

export function spawnFfmpeg(options: FfmpegChildOptions): FfmpegChild {
  const stdio = Array<'ignore' | 'pipe'>(options.descriptors).fill('pipe');
  stdio[1] = 'ignore';
  // In a session of its own: Ctrl-C at a terminal is for the one who decides how the programme ends.
  const child = spawn('ffmpeg', options.arguments, { stdio, detached: true });
  const lastLines: string[] = [];
  const ended = new Promise<FfmpegEnd>((resolve) => {
    child.once('error', (error) => {
      lastLines.push(`ffmpeg could not be started: ${error.message}`);
      resolve({ code: null, signal: null, lastLines });
    });
    child.once('close', (code, signal) => resolve({ code, signal, lastLines }));
  });
  // Descriptors are there even when the program is not.
  createInterface({ input: child.stdio[2] as Readable }).on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > options.keptLines) lastLines.shift();
    options.onLine(line);
  });
  return {
    process: child,
    ended,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
