/** The RTMP front: takes one publisher at a time, and gives what it sends as FLV. */
import { createServer, type Server } from 'node:net';
import { listen } from '../telemetry/server';
import type { FrontOptions, InputFront } from './front';
import { inputMetrics, type InputMetrics } from './input-metrics';
import { Refusals } from './refusals';
import { Connection, type ConnectionOwner, type Rejection } from './rtmp/connection';
import type { FlvStream } from './rtmp/flv-stream';
import { keyProblems, StreamKeys } from './rtmp/keys';
import type { Message } from './rtmp/message';
import { Publication } from './rtmp/publication';

export interface RtmpSettings {
  /** The address to listen on; 127.0.0.1 unless others may push. */
  readonly host: string;
  /** 0 to 65535; 0 takes any free one. 1935 by default, as registered with IANA. */
  readonly port?: number;
  /** The application, the first part of the URL's path; `live` by default. */
  readonly app?: string;
  /** The valid stream keys: one, or two while one replaces the other. They are secrets. */
  readonly keys: readonly string[];
  readonly limits?: Partial<RtmpLimits>;
}

export interface RtmpLimits {
  /** From the connection to the end of the handshake, in milliseconds. */
  readonly handshakeMs: number;
  /** From the handshake to the publish command, in milliseconds. */
  readonly publishMs: number;
  /** Without audio and video for this long, a publisher is taken for gone; milliseconds. */
  readonly idleMs: number;
  /** How long a refused publisher may take to read why, in milliseconds. */
  readonly lingerMs: number;
  /** Connections that have not shown a valid key. One more closes the oldest, so that nobody can fill them up. */
  readonly waitingConnections: number;
  /** Media that waits for the session's reader, in bytes. Beyond it, frames are dropped up to a key frame. */
  readonly bufferBytes: number;
}

const DEFAULT_PORT = 1935;
const DEFAULT_APP = 'live';
const DEFAULT_LIMITS: RtmpLimits = {
  handshakeMs: 10_000,
  publishMs: 10_000,
  idleMs: 10_000,
  lingerMs: 2_000,
  waitingConnections: 16,
  bufferBytes: 32 * 1024 * 1024,
};
const LINES_PER_MINUTE = 10;

/** @throws Error where the settings are wrong or the port cannot be bound; it says what to do. */
export async function startRtmpFront(settings: RtmpSettings, options: FrontOptions): Promise<InputFront> {
  const { host, port = DEFAULT_PORT, app = DEFAULT_APP, keys } = settings;
  const problems = keyProblems(keys);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    problems.push(`port: ${port}; allowed: 0 (any free one) to 65535`);
  if (!/^[\w.-]+(\/[\w.-]+)*$/.test(app))
    problems.push(`app: ${JSON.stringify(app)}; allowed: letters, digits and . _ - in parts joined by /`);
  if (problems.length > 0) throw new Error(`RTMP cannot be started:\n${problems.join('\n')}`);

  const server = createServer();
  const front = new RtmpFront(
    server,
    app,
    new StreamKeys(keys),
    { ...DEFAULT_LIMITS, ...settings.limits },
    options,
  );
  let bound: number;
  try {
    bound = await listen(server, port, host);
  } catch (error) {
    throw new Error(bindProblem(error as NodeJS.ErrnoException, host, port), { cause: error });
  }
  // A connection that could not be accepted; the listener goes on.
  server.on('error', (error) => options.log.warn({ error: String(error) }, 'a connection was not accepted'));
  const url = `rtmp://${host.includes(':') ? `[${host}]` : host}:${bound}/${app}`;
  options.log.info({ url }, 'waiting for a publisher');
  return { url, close: () => front.close() };
}

function bindProblem(error: NodeJS.ErrnoException, host: string, port: number): string {
  const what = `RTMP cannot listen on ${host}, TCP port ${port}`;
  if (error.code === 'EADDRINUSE')
    return `${what}: another program listens there. Stop it, or choose another port.`;
  if (error.code === 'EACCES') return `${what}: not allowed. Choose a port above 1023.`;
  if (error.code === 'EADDRNOTAVAIL') return `${what}: this machine has no such address.`;
  return `${what}: ${error.message}`;
}

interface Published {
  readonly connection: Connection;
  readonly publication: Publication;
  since: number | undefined;
  bytes: number;
  droppedBytes: number;
}

class RtmpFront implements ConnectionOwner {
  readonly #server: Server;
  readonly #app: string;
  readonly #keys: StreamKeys;
  readonly #limits: RtmpLimits;
  readonly #options: FrontOptions;
  readonly #metrics: InputMetrics;
  readonly #refusals: Refusals;
  readonly #connections = new Set<Connection>();
  /** Those of them that have shown no valid key, the oldest first. */
  readonly #waiting = new Set<Connection>();
  #published: Published | undefined;

  constructor(server: Server, app: string, keys: StreamKeys, limits: RtmpLimits, options: FrontOptions) {
    this.#server = server;
    this.#app = app;
    this.#keys = keys;
    this.#limits = limits;
    this.#options = options;
    this.#metrics = inputMetrics(options.registry);
    this.#refusals = new Refusals({
      log: options.log,
      refused: this.#metrics.refused,
      linesPerMinute: LINES_PER_MINUTE,
    });
    server.on('connection', (socket) => {
      const connection = new Connection(socket, limits, this);
      this.#connections.add(connection);
      this.#waiting.add(connection);
      if (this.#waiting.size > limits.waitingConnections) this.#closeOldest();
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#connections) connection.destroy('this side is closing');
    await closed;
  }

  publish(connection: Connection, app: string, key: string): Rejection | undefined {
    // An encoder's field for the address may end in a slash or a query.
    const named = app.replace(/\?.*$/, '').replace(/^\/+|\/+$/g, '');
    const valid = this.#keys.has(key);
    if (named !== this.#app)
      return denied(
        `the address ends in the wrong application: push to /${this.#app}, and give the stream key`,
      );
    if (!valid) return denied("the stream key is not valid here: check it in the encoder's settings");
    if (this.#published)
      return {
        reason: 'busy',
        code: 'NetStream.Publish.BadName',
        description: 'another publisher is on this channel: stop that one first, or wait until it is gone',
      };
    this.#waiting.delete(connection);
    this.#published = this.#begin(connection);
    return undefined;
  }

  media(_connection: Connection, message: Message): Rejection | undefined {
    const description = this.#published?.publication.accept(message);
    return description === undefined
      ? undefined
      : { reason: 'format', code: 'NetStream.Publish.Denied', description };
  }

  refused(connection: Connection, { reason, description }: Rejection): void {
    this.#refusals.refuse(reason, connection.ip, connection.address, description);
  }

  ended(connection: Connection, why: string): void {
    const published = this.#published?.connection === connection ? this.#published : undefined;
    if (published) {
      this.#published = undefined;
      published.publication.end();
    }
    if (published?.since === undefined) {
      this.#options.log.debug({ address: connection.address, why }, 'connection without a stream ended');
      return;
    }
    this.#metrics.connected.set(0);
    const { bytes, droppedBytes, since } = published;
    const seconds = Math.round(performance.now() - since) / 1000;
    this.#options.log.info(
      { address: connection.address, seconds, bytes, droppedBytes, why },
      'caller has gone',
    );
  }

  closed(connection: Connection): void {
    this.#connections.delete(connection);
    this.#waiting.delete(connection);
  }

  #begin(connection: Connection): Published {
    const { bufferBytes, idleMs } = this.#limits;
    const published: Published = {
      connection,
      publication: new Publication({
        bufferBytes,
        idleMs,
        onMedia: (media) => this.#session(published, media),
        onBytes: (bytes) => {
          published.bytes += bytes;
          this.#metrics.bytes.inc(bytes);
        },
        onDropped: (bytes) => {
          if (published.droppedBytes === 0)
            this.#options.log.warn(
              { address: connection.address },
              'media is dropped: it is not read in time',
            );
          published.droppedBytes += bytes;
          this.#metrics.droppedBytes.inc(bytes);
        },
        onIdle: () => connection.destroy(`no audio or video for ${idleMs / 1000} s`),
        onAbandoned: () => connection.destroy('the stream is not read any more'),
      }),
      since: undefined,
      bytes: 0,
      droppedBytes: 0,
    };
    return published;
  }

  #session(published: Published, media: FlvStream): void {
    const { address } = published.connection;
    published.since = performance.now();
    this.#metrics.connected.set(1);
    this.#metrics.sessions.inc();
    this.#options.log.info({ address, container: 'flv' }, 'caller accepted');
    this.#options.onSession({ container: 'flv', address, media });
  }

  #closeOldest(): void {
    const [oldest] = this.#waiting;
    if (!oldest) return;
    const why = `more than ${this.#limits.waitingConnections} connections without a stream: the oldest is closed`;
    this.#refusals.refuse('busy', oldest.ip, oldest.address, why);
    this.#waiting.delete(oldest);
    oldest.destroy(why);
  }
}

const denied = (description: string): Rejection => ({
  reason: 'stream-id',
  code: 'NetStream.Publish.Denied',
  description,
});
