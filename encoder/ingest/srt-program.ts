/** One run of the SRT front's program: its frames, its end. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../telemetry/log';
import type { SrtEvent } from './srt-events';
import { FrameError, FrameReader } from './srt-frames';

/** Beside this file's JavaScript. Neither a checkout nor the package has it built. */
export const PROGRAM = path.join(__dirname, 'srt-front', 'srt-front');
/** Its sources: in the package where they are in a checkout. They build to `PROGRAM`. */
const SOURCES = path.resolve(__dirname, '..', '..', '..', 'encoder', 'ingest', 'srt-front');
/** What to do where it is missing. */
export const BUILD =
  `build it: \`make setup\` in a checkout, \`make -C '${SOURCES}' srt-front\` in an installed package (needs, as Debian ` +
  'calls them, gcc make libc6-dev libsrt-gnutls-dev nettle-dev)';
/** How long what the program wrote before its end may take to be read. */
const DRAIN_MS = 1000;
const STOP_MS = 2000;

export interface SrtRun {
  readonly pid: number | undefined;
  /** Resolves with a sentence about how it ended, after its last event; never rejects. */
  readonly ended: Promise<string>;
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

export interface SrtRunOptions {
  /** The configuration: for the pipe alone, as it may hold passphrases. */
  readonly input: string;
  readonly log: Logger;
  /** For tests: another program than `PROGRAM`. */
  readonly program?: string;
  readonly onMedia: (bytes: Buffer) => void;
  readonly onEvent: (event: SrtEvent) => void;
}

export function startProgram(options: SrtRunOptions): SrtRun {
  // Without our environment; in a session of its own, for Ctrl-C is for the one who decides how the programme ends.
  const program = options.program ?? PROGRAM;
  const child = spawn(program, [], { stdio: 'pipe', detached: true, env: {} });
  let lastLine = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastLine = line;
    options.log.warn({ srt: line }, 'SRT front');
  });
  // The configuration goes to a program that may have failed to start.
  child.stdin.on('error', () => undefined);
  child.stdin.write(options.input);
  const reader = new FrameReader({
    media: options.onMedia,
    event: (json) => options.onEvent(JSON.parse(json) as SrtEvent),
  });
  child.stdout.on('data', (chunk: Buffer) => {
    try {
      reader.push(chunk);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      // Only another start finds the beginning of a frame again.
      options.log.error({ error: error.message }, 'SRT front');
      child.kill('SIGKILL');
      child.stdout.destroy();
    }
  });
  return {
    pid: child.pid,
    ended: ending(child, program, () => lastLine),
    pause: () => child.stdout.pause(),
    resume: () => child.stdout.resume(),
    stop: () => stop(child),
  };
}

async function ending(
  child: ChildProcessWithoutNullStreams,
  program: string,
  lastLine: () => string,
): Promise<string> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const how = await new Promise<string>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === 'ENOENT'
          ? `its program is missing (${program}); ${BUILD}`
          : `its program ${program} could not be started: ${error.message}`,
      ),
    );
    child.once('exit', (code, signal) =>
      resolve(
        signal !== null
          ? `its program was ended by ${signal}`
          : `its program ended with exit code ${code}${code === 0 || lastLine() === '' ? '' : `: ${lastLine()}`}`,
      ),
    );
  });
  // A reader that has stopped reading must not hold up a new start.
  const given = new AbortController();
  await Promise.race([closed, delay(DRAIN_MS, undefined, { signal: given.signal }).catch(() => undefined)]);
  given.abort();
  child.stdout.destroy();
  return how;
}

async function stop(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.stdin.end();
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(timer);
}
