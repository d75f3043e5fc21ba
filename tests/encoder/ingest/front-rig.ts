/** A front's surroundings in a test: what it logs, what it counts, the sessions it gives, and real pushers. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { FrontOptions, InputSession } from '../../../encoder/ingest/front';

const run = promisify(execFile);

export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

export interface Taken {
  readonly session: InputSession;
  /** Every byte, once the session has ended. */
  readonly ended: Promise<Buffer>;
  /** Bytes so far. */
  readonly length: () => number;
}

export class FrontRig {
  readonly registry = new Registry();
  readonly lines: LogLine[] = [];
  readonly taken: Taken[] = [];
  readonly options: FrontOptions;
  readonly #changed = new EventEmitter();

  /** @param read false leaves each session's media to the test */
  constructor(read = true) {
    this.#changed.setMaxListeners(0);
    const sink = new Writable({
      decodeStrings: false,
      write: (line: string | Buffer, _encoding, done) => {
        this.lines.push(JSON.parse(line.toString()) as LogLine);
        this.#changed.emit('change');
        done();
      },
    });
    this.options = {
      log: pino({ level: 'debug' }, sink),
      registry: this.registry,
      onSession: (session) => {
        this.taken.push(collect(session, read));
        this.#changed.emit('change');
      },
    };
  }

  /** The session of this number, counted from 0, once it is there. */
  session(index: number): Promise<Taken> {
    return this.#when(() => this.taken[index]);
  }

  /** The log line of this number with this message, counted from 0, once it is there. */
  line(msg: string, index = 0): Promise<LogLine> {
    return this.#when(() => this.lines.filter((line) => line.msg === msg)[index]);
  }

  count(msg: string): number {
    return this.lines.filter((line) => line.msg === msg).length;
  }

  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
    const metric = await this.registry.getSingleMetric(name)?.get();
    const found = metric?.values.find((value) =>
      Object.entries(labels).every(([label, wanted]) => value.labels[label] === wanted),
    );
    return found?.value;
  }

  async #when<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#changed.once('change', resolve));
    }
  }
}

function collect(session: InputSession, read: boolean): Taken {
  const chunks: Buffer[] = [];
  let length = 0;
  const ended = new Promise<Buffer>((resolve, reject) => {
    session.media.on('end', () => resolve(Buffer.concat(chunks)));
    session.media.on('error', reject);
  });
  if (read) {
    session.media.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
    });
  }
  return { session, ended, length: () => length };
}

/** Everything that is left to read. */
export async function readAll(media: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of media) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export interface Pusher {
  readonly child: ChildProcess;
  /** Exit code and what it said. */
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
}

const pushers = new Set<ChildProcess>();

/** ffmpeg with these arguments. */
export function push(...args: readonly string[]): Pusher {
  const child = spawn('ffmpeg', ['-hide_banner', '-nostdin', '-loglevel', 'warning', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  pushers.add(child);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<{ code: number | null; said: string }>((resolve) => {
    child.once('close', (code) => {
      pushers.delete(child);
      resolve({ code, said });
    });
  });
  return { child, ended };
}

export function stopPushers(): void {
  for (const child of pushers) child.kill('SIGKILL');
}

/** Pictures and sound in files of their own, made once: 320x180, 30 frames a second, a GOP a second, AAC at 48 kHz. */
export class Clips {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(): Promise<Clips> {
    return new Clips(await mkdtemp(path.join(os.tmpdir(), 'clips-')));
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  async clip(name: string, seconds: number, ...extra: readonly string[]): Promise<string> {
    const file = path.join(this.#folder, name);
    await run('ffmpeg', [
      ...['-hide_banner', '-loglevel', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=30'],
      ...['-f', 'lavfi', '-i', 'sine=sample_rate=48000', '-t', String(seconds)],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '30', '-c:a', 'aac', ...extra, file],
    ]);
    return file;
  }

  async write(name: string, bytes: Uint8Array): Promise<string> {
    const file = path.join(this.#folder, name);
    await writeFile(file, bytes);
    return file;
  }

  /** Each packet's stream, times in its container's units, size and hash. */
  async packets(file: string): Promise<string[]> {
    const { stdout } = await run('ffmpeg', [
      ...['-hide_banner', '-loglevel', 'error', '-copyts', '-i', file, '-map', '0:v', '-map', '0:a?'],
      ...['-c', 'copy', '-f', 'framemd5', '-'],
    ]);
    return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  }

  /** Frames that decode, by codec. */
  async frames(file: string): Promise<Record<string, number>> {
    const { stdout } = await run('ffprobe', [
      ...['-v', 'error', '-count_frames', '-show_entries', 'stream=codec_name,nb_read_frames', '-of', 'json'],
      file,
    ]);
    const { streams } = JSON.parse(stdout) as {
      streams: { codec_name: string; nb_read_frames: string }[];
    };
    return Object.fromEntries(streams.map((stream) => [stream.codec_name, Number(stream.nb_read_frames)]));
  }
}
