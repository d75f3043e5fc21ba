/**
 * SRT contribution: a process of our own on libsrt (srt-front/), watched and started again from here. A caller
 * that reconnects begins a new session; nothing else restarts.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { FrontOptions, InputFront } from './front';
import { SrtFeed } from './srt-feed';
import { startProgram, type SrtRun } from './srt-program';
import { checkSettings, frontUrl, programInput, type SrtSettings } from './srt-settings';

export { readPassphrases, readPassphraseSecret, type SrtSettings } from './srt-settings';

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 10_000;
/** A run as long as this was no failure to start. */
const STEADY_MS = 10_000;

/**
 * Resolves when the port is bound (a caller: when the program runs).
 *
 * @throws Error that names every bad setting, or says why the port could not be bound and what to do
 */
export async function startSrtFront(settings: SrtSettings, options: FrontOptions): Promise<InputFront> {
  checkSettings(settings);
  const supervisor = new Supervisor(settings, options);
  const port = await supervisor.start();
  return { url: frontUrl(settings, port), close: () => supervisor.close() };
}

class Supervisor {
  readonly #settings: SrtSettings;
  readonly #options: FrontOptions;
  readonly #feed: SrtFeed;
  readonly #closing = new AbortController();
  #run: SrtRun | undefined;
  /** Why the last run says that it could not start. */
  #failure: string | undefined;
  #supervised: Promise<void> = Promise.resolve();

  constructor(settings: SrtSettings, options: FrontOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#feed = new SrtFeed(options, { resume: () => this.#run?.resume(), pause: () => this.#run?.pause() });
  }

  /** @returns the port */
  async start(): Promise<number> {
    const port = await this.#begin(this.#settings.port);
    this.#supervised = this.#supervise(port);
    return port;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#run?.stop();
    await this.#supervised;
    await this.#run?.ended;
    this.#feed.end('the front was closed');
  }

  /** Starts the program once. @returns the port when it is bound */
  #begin(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#failure = undefined;
      const run = startProgram({
        input: programInput(this.#settings, port),
        log: this.#options.log,
        onMedia: (bytes) => this.#feed.media(bytes),
        onEvent: (event) => {
          if (event.event === 'listening' || event.event === 'calling') resolve(event.port);
          if (event.event === 'failed') this.#failure = this.#explain(event.code, event.text);
          this.#feed.event(event);
        },
      });
      this.#run = run;
      void run.ended.then((how) =>
        reject(new Error(`the SRT front could not be started: ${this.#failure ?? how}`)),
      );
    });
  }

  /** Until it is closed: waits for the program's end, and starts it again on the same port. */
  async #supervise(port: number): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    let began = Date.now();
    for (;;) {
      const ended = await this.#run?.ended;
      const how = this.#failure ?? ended ?? '';
      if (this.#closing.signal.aborted) return;
      this.#feed.end(how);
      if (Date.now() - began > STEADY_MS) retryMs = FIRST_RETRY_MS;
      const waitMs = Math.round(retryMs * (0.5 + Math.random() / 2));
      this.#options.log.error({ how, waitMs }, `the SRT front has ended: ${how}. Starting it again`);
      await delay(waitMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      if (this.#closing.signal.aborted) return;
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      began = Date.now();
      // A failure is what the next turn sees and logs.
      await this.#begin(port).catch(() => undefined);
    }
  }

  #explain(code: string, text: string): string {
    const { host, port } = this.#settings;
    switch (code) {
      case 'port-in-use':
        return `UDP port ${port} of ${host} is in use. Stop what uses it (\`ss -lunp\` names it), or give another port`;
      case 'bind':
        return `UDP port ${port} of ${host} could not be bound: ${text}. Give an address of this machine and a port that this user may bind`;
      case 'host':
        return `the host ${host} could not be found: ${text}. Give an address of this machine`;
      default:
        return text;
    }
  }
}
