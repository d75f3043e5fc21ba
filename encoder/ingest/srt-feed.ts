/** What the program of an SRT front tells, as sessions, log lines and metrics. */
import { Readable } from 'node:stream';
import type { FrontOptions } from './front';
import { inputMetrics, type InputMetrics } from './input-metrics';
import { Refusals } from './refusals';
import type { SrtEvent } from './srt-events';
import { SrtMetrics } from './srt-metrics';

/** Media that waits for its reader; the program itself holds half a second more, and drops what is beyond that. */
const WAITING_BYTES = 1 << 18;
const REPEATED_MS = 10_000;
/** Of refusals, for one IP address: a caller that is refused usually calls again at once. */
const LINES_PER_MINUTE = 10;

interface Session {
  readonly address: string;
  readonly began: number;
  readonly media: Readable;
  bytes: number;
  droppedBytes: number;
}

type Told<Name extends SrtEvent['event']> = Extract<SrtEvent, { event: Name }>;

export class SrtFeed {
  readonly #options: FrontOptions;
  readonly #flow: { pause(): void; resume(): void };
  readonly #input: InputMetrics;
  readonly #srt: SrtMetrics;
  readonly #refusals: Refusals;
  #session: Session | undefined;
  /** What would be said many times a second, and when it was said last. */
  readonly #said = new Map<string, number>();

  constructor(options: FrontOptions, flow: { pause(): void; resume(): void }) {
    this.#options = options;
    this.#flow = flow;
    this.#input = inputMetrics(options.registry);
    this.#srt = new SrtMetrics(options.registry, options.log);
    this.#refusals = new Refusals({
      log: options.log,
      refused: this.#input.refused,
      linesPerMinute: LINES_PER_MINUTE,
    });
  }

  media(bytes: Buffer): void {
    const session = this.#session;
    if (session === undefined) return;
    session.bytes += bytes.length;
    this.#input.bytes.inc(bytes.length);
    if (session.media.destroyed) this.#drop(bytes.length);
    else if (!session.media.push(bytes)) this.#flow.pause();
  }

  event(event: SrtEvent): void {
    const { log } = this.#options;
    switch (event.event) {
      case 'listening':
        return this.#listening(event);
      case 'calling':
        return log.info({ port: event.port }, 'calling');
      case 'accepted':
        return this.#accepted(event);
      case 'ended':
        return this.end(event.why);
      case 'refused':
        return this.#refusals.refuse(event.reason, withoutPort(event.address), event.address, event.detail);
      case 'refused-more':
        this.#input.refused.inc({ reason: event.reason }, event.count);
        return log.warn({ reason: event.reason, count: event.count }, 'more callers refused');
      case 'handshakes-ignored':
        return this.#sayNowAndThen(
          { count: event.count },
          'SRT handshakes ignored: one host, or all together, sent too many',
        );
      case 'connect-failed':
        return log.warn(
          { reason: event.reason, code: event.code, retryMs: event.retryMs },
          'SRT connection failed',
        );
      case 'dropped':
        return this.#drop(event.bytes);
      case 'statistics':
        return this.#srt.record(event);
      case 'failed':
        return undefined; // the run's end tells it
    }
  }

  /** Ends the session in use, if there is one. */
  end(why: string): void {
    const session = this.#session;
    if (session === undefined) return;
    this.#session = undefined;
    this.#input.connected.set(0);
    this.#srt.end();
    const seconds = Math.round(performance.now() - session.began) / 1000;
    this.#options.log.info(
      { address: session.address, seconds, bytes: session.bytes, droppedBytes: session.droppedBytes, why },
      'caller has gone',
    );
    session.media.push(null);
  }

  #listening(event: Told<'listening'>): void {
    const { port, udpBufferBytes, wantedUdpBufferBytes } = event;
    this.#options.log.info({ port, udpBufferBytes }, 'waiting for a caller');
    if (udpBufferBytes >= wantedUdpBufferBytes) return;
    this.#options.log.warn(
      { udpBufferBytes, wantedUdpBufferBytes },
      `the kernel gives the SRT port a smaller buffer than a burst may need: sysctl -w net.core.rmem_max=${wantedUdpBufferBytes}`,
    );
  }

  #accepted(event: Told<'accepted'>): void {
    this.end('another caller was accepted');
    const { address, latencyMs, keyLength, passphrase } = event;
    const media = new Readable({ highWaterMark: WAITING_BYTES, read: () => this.#flow.resume() });
    // Whoever destroys it gives up its media, and the program must be heard all the same.
    media.once('close', () => this.#flow.resume());
    this.#session = { address, began: performance.now(), media, bytes: 0, droppedBytes: 0 };
    this.#input.sessions.inc();
    this.#input.connected.set(1);
    this.#srt.begin(latencyMs);
    this.#options.log.info(
      { address, container: 'mpegts', latencyMs, keyLength, passphrase },
      'caller accepted',
    );
    this.#options.onSession({ container: 'mpegts', address, media });
  }

  #drop(bytes: number): void {
    this.#input.droppedBytes.inc(bytes);
    if (this.#session !== undefined) this.#session.droppedBytes += bytes;
    this.#sayNowAndThen({ bytes }, 'media dropped: what reads it does not keep up');
  }

  #sayNowAndThen(fields: object, message: string): void {
    const now = performance.now();
    if (now - (this.#said.get(message) ?? -Infinity) < REPEATED_MS) return;
    this.#said.set(message, now);
    this.#options.log.warn(fields, message);
  }
}

const withoutPort = (address: string): string => address.slice(0, address.lastIndexOf(':'));
