/** A child process that is started again when it ends: with back-off and jitter, and not for ever when it cannot start. */
import { fork, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import type { Announcement } from '../encoder/process';
import { EXIT } from '../encoder/process';

export interface SupervisedOptions {
  readonly name: string;
  /** The compiled entry file. */
  readonly entry: string;
  /** Asked for at every start. */
  readonly environment: () => Readonly<Record<string, string>>;
  /** Standard error of the child is appended to this file. */
  readonly logFile: string;
  readonly onMessage: (message: Announcement) => void;
  readonly onRestart: (reason: string) => void;
  /** The child ended by itself with success, or cannot be started at all. */
  readonly onEnd: (failure?: string) => void;
}

const FIRST_BACKOFF_MS = 100;
const LAST_BACKOFF_MS = 5000;
const HEALTHY_MS = 10_000;
const LAST_WORDS = 2000;

export class Supervised {
  readonly #options: SupervisedOptions;
  readonly #log: WriteStream;
  #child: ChildProcess | undefined;
  #backoff = FIRST_BACKOFF_MS;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: SupervisedOptions) {
    this.#options = options;
    this.#log = createWriteStream(options.logFile, { flags: 'a' });
    this.#start();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Sends the signal, and kills what has not ended in time. */
  async stop(signal: 'SIGINT' | 'SIGTERM', withinMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    this.#child?.kill(signal);
    const timer = setTimeout(() => this.#child?.kill('SIGKILL'), withinMs);
    await this.#ended;
    clearTimeout(timer);
    this.#log.end();
  }

  #start(): void {
    const startedAt = Date.now();
    let lastWords = '';
    // Its own session: Ctrl-C at the terminal reaches the launcher alone, which ends things in order.
    const child = fork(this.#options.entry, {
      env: { ...process.env, ...this.#options.environment() },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      detached: true,
    });
    this.#child = child;
    child.stderr?.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString('utf8')).slice(-LAST_WORDS);
      this.#log.write(chunk);
    });
    child.on('message', (message) => this.#options.onMessage(message as Announcement));
    this.#ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.#child = undefined;
        resolve();
        this.#closed(startedAt, code, signal, lastWords);
      });
    });
  }

  #closed(startedAt: number, code: number | null, signal: NodeJS.Signals | null, lastWords: string): void {
    if (this.#stopping) return;
    const { name, onEnd, onRestart } = this.#options;
    if (code === 0) return onEnd();
    if (code === EXIT.configuration) return onEnd(`${name} cannot start:\n${withoutLog(lastWords)}`);
    const uptime = Date.now() - startedAt;
    if (uptime > HEALTHY_MS) this.#backoff = FIRST_BACKOFF_MS;
    else if (this.#backoff >= LAST_BACKOFF_MS)
      return onEnd(`${name} ends again and again:\n${lastWords.trim()}`);
    onRestart(`${name} ended (${signal ?? `exit code ${code}`}) and is started again`);
    this.#timer = setTimeout(() => this.#start(), this.#backoff * (0.5 + Math.random() / 2));
    this.#backoff = Math.min(LAST_BACKOFF_MS, this.#backoff * 2);
  }
}

/** What was meant for people: log lines are JSON. */
function withoutLog(words: string): string {
  const lines = words.trim().split('\n');
  return lines.filter((line) => !line.startsWith('{"level"')).join('\n');
}
