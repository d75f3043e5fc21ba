/** Callers of the SRT front: the program of srt-push.c, whose passphrase goes by a pipe. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = path.join(__dirname, 'srt-push');

/** Why tests of SRT cannot run here, or nothing. */
export function srtMissing(): string | undefined {
  return existsSync(PROGRAM) ? undefined : 'the SRT front and its caller are not built; run `make setup`';
}

export interface PushSettings {
  readonly mode?: 'caller' | 'listener';
  readonly host?: string;
  readonly port?: number;
  readonly passphrase?: string;
  readonly streamId?: string;
  readonly keyLength?: 16 | 24 | 32;
  readonly latencyMs?: number;
  /** The pace; without it as fast as SRT takes it. */
  readonly mbps?: number;
}

export type PushEvent = Readonly<Record<string, string | number>> & { readonly event: string };

const running = new Set<ChildProcess>();

/** One caller (or listener) that sends what it is given. */
export class SrtPush {
  readonly #child = spawn(PROGRAM, [], { stdio: ['pipe', 'pipe', 'inherit'], env: {} });
  readonly #events: PushEvent[] = [];
  readonly #changed = new EventEmitter();
  #closed = false;
  readonly ended: Promise<number | null>;

  constructor(settings: PushSettings) {
    running.add(this.#child);
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdin.write(configuration(settings));
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#events.push(JSON.parse(line) as PushEvent);
      this.#changed.emit('change');
    });
    this.ended = new Promise((resolve) =>
      this.#child.once('close', (code) => {
        running.delete(this.#child);
        this.#closed = true;
        this.#changed.emit('change');
        resolve(code);
      }),
    );
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  /** The event of this name, once it is there; an error where the program ends without it. */
  async event(name: string): Promise<PushEvent> {
    for (;;) {
      const found = this.#events.find((event) => event.event === name);
      if (found !== undefined) return found;
      if (this.#closed) throw new Error(`srt-push ended without ${name}: ${JSON.stringify(this.#events)}`);
      await new Promise((resolve) => this.#changed.once('change', resolve));
    }
  }

  send(media: Buffer): void {
    this.#child.stdin.write(media);
  }

  /** Lets it end when all was acknowledged. @returns its exit code, 0 then */
  finish(): Promise<number | null> {
    this.#child.stdin.end();
    return this.ended;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** Sends it all and ends. */
export async function pushAll(settings: PushSettings, media: Buffer): Promise<SrtPush> {
  const push = new SrtPush(settings);
  await push.event('connected');
  push.send(media);
  await push.finish();
  return push;
}

export function stopSrtPushes(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Packets of 188 bytes, each with its own number, so that a missing or repeated one shows. */
export function packets(bytes: number, seed = 0): Buffer {
  const media = Buffer.alloc(Math.floor(bytes / 188) * 188);
  for (let at = 0; at < media.length; at += 188) {
    media[at] = 0x47;
    media.writeUInt32BE(seed, at + 4);
    media.writeUInt32BE(at / 188, at + 8);
    media.fill(at / 188, at + 12, at + 188);
  }
  return media;
}

/** What `startSrtFront` gives as its URL, as a port. */
export const portOf = (url: string): number => Number(/:(\d+)\?/.exec(url)?.[1]);

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function configuration(settings: PushSettings): string {
  const { mode = 'caller', host = '127.0.0.1', port = 0 } = settings;
  const lines = [`mode ${mode}`, `host ${host}`, `port ${port}`];
  if (settings.passphrase !== undefined) lines.push(`passphrase ${settings.passphrase}`);
  if (settings.streamId !== undefined) lines.push(`stream-id ${settings.streamId}`);
  if (settings.keyLength !== undefined) lines.push(`key-length ${settings.keyLength}`);
  if (settings.latencyMs !== undefined) lines.push(`latency-ms ${settings.latencyMs}`);
  if (settings.mbps !== undefined) lines.push(`mbps ${settings.mbps}`);
  return `${lines.join('\n')}\nend\n`;
}
