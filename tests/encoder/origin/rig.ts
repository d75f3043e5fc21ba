/** An origin on loopback, its clients, and what the tests of this folder share. */
import { once } from 'node:events';
import { connect, type ClientHttp2Session } from 'node:http2';
import { request, Agent, type IncomingHttpHeaders } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { generate } from 'selfsigned';
import { pino } from 'pino';
import { Origin, type OriginOptions } from '../../../encoder/origin/origin';
import { startOriginServer, type OriginServer } from '../../../encoder/origin/server';
import type { StaticFiles } from '../../../encoder/origin/static-files';
import type { ByteRange, ChannelStores, ObjectWriter, SegmentStore } from '../../../encoder/store/store';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** `data` events that the body came in. */
  readonly chunks: number;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  readonly agent?: Agent;
}

export interface Rig {
  readonly origin: Origin;
  readonly server: OriginServer;
  /** Playlists rendered so far. */
  renders: number;
  /** `kind status` of every answer, in order. */
  readonly answered: string[];
  /** Lines that the origin logged. */
  readonly logged: string[];
  ask(path: string, options?: AskOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface RigOptions extends Partial<Omit<OriginOptions, 'stores'>> {
  readonly stores: ChannelStores;
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
  readonly player?: StaticFiles;
}

const open = new Set<Rig>();

/** For `afterEach`: a test that fails leaves nothing running. */
export async function closeRigs(): Promise<void> {
  await Promise.all([...open].map((rig) => rig.close()));
}

export async function startRig({ tls, player, ...options }: RigOptions): Promise<Rig> {
  const logged: string[] = [];
  const answered: string[] = [];
  const log = pino(
    { level: 'warn' },
    new Writable({
      write(chunk, _encoding, done) {
        logged.push(String(chunk));
        done();
      },
    }),
  );
  const origin = new Origin({
    windowSeconds: 60,
    log,
    onRender: () => rig.renders++,
    onRequest: (kind, status) => answered.push(`${kind} ${status}`),
    ...options,
  });
  const server = await startOriginServer({
    origin,
    host: '127.0.0.1',
    httpPort: 0,
    ...(tls && { tls: { port: 0, ...tls } }),
    ...(player && { player }),
  });
  const agent = new Agent({ keepAlive: true });
  const rig: Rig = {
    origin,
    server,
    renders: 0,
    answered,
    logged,
    ask: (path, ask = {}) => askPort(server.httpPort, path, { agent, ...ask }),
    close: async () => {
      if (!open.delete(rig)) return;
      agent.destroy();
      await server.close();
    },
  };
  open.add(rig);
  return rig;
}

/** The whole answer of one request over HTTP/1.1. */
export function askPort(port: number, path: string, options: AskOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, signal, agent } = options;
    const sent = request(
      { host: '127.0.0.1', port, path, method, headers, ...(signal && { signal }), ...(agent && { agent }) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(chunks);
          const { statusCode = 0, headers } = response;
          resolve({ status: statusCode, headers, body, text: body.toString(), chunks: chunks.length });
        });
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

/** Waits for what has no event of its own, turn by turn of the event loop. */
export async function until(condition: () => boolean, what: string, timeoutMs = 5000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await turn();
  }
}

/** Gives everything that is ready several turns of the event loop to happen. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

export interface Pending {
  readonly answer: Promise<Answer>;
  readonly done: () => boolean;
  readonly abort: () => void;
}

/** A request that the origin holds: resolves once it is among those waiting. */
export async function held(rig: Rig, path: string, options: AskOptions = {}): Promise<Pending> {
  const before = rig.origin.waiting;
  const controller = new AbortController();
  let done = false;
  const answer = rig.ask(path, { signal: controller.signal, ...options }).finally(() => (done = true));
  answer.catch(() => undefined);
  await until(() => rig.origin.waiting > before || done, `${path} is held`);
  if (done) throw new Error(`${path} was answered at once: ${(await answer).status} ${(await answer).text}`);
  return { answer, done: () => done, abort: () => controller.abort() };
}

/** Asks for what must be answered at once, without being held. */
export async function atOnce(rig: Rig, path: string, options: AskOptions = {}): Promise<Answer> {
  const before = rig.origin.waiting;
  let done = false;
  const answer = rig.ask(path, options).finally(() => (done = true));
  await until(() => done || rig.origin.waiting > before, `${path} is answered`);
  if (!done) throw new Error(`${path} is held`);
  return answer;
}

/** A store that notes each read. */
export class WatchedStore implements SegmentStore {
  readonly reads: string[] = [];
  lists = 0;
  readonly #store: SegmentStore;

  constructor(store: SegmentStore) {
    this.#store = store;
  }

  get stores(): ChannelStores {
    return { edge: this, general: this };
  }

  async read(key: string, range?: ByteRange): Promise<Buffer | undefined> {
    this.reads.push(key);
    return this.#store.read(key, range);
  }

  async size(key: string): Promise<number | undefined> {
    this.reads.push(key);
    return this.#store.size(key);
  }

  async list(prefix: string): Promise<string[]> {
    this.lists++;
    return this.#store.list(prefix);
  }

  create(): Promise<boolean> {
    throw new Error('an origin writes nothing');
  }

  begin(): ObjectWriter {
    throw new Error('an origin writes nothing');
  }

  replace(): Promise<void> {
    throw new Error('an origin writes nothing');
  }

  delete(): Promise<void> {
    throw new Error('an origin deletes nothing');
  }
}

/** A store of which one read can be held up: it answers what was there when it began. */
export class SlowReads extends WatchedStore {
  #key = '';
  #gate: Promise<void> | undefined;
  holding = false;

  /** Holds up the next read of a key. @returns a function that lets it go */
  hold(key: string): () => void {
    this.#key = key;
    let release!: () => void;
    this.#gate = new Promise<void>((resolve) => (release = resolve));
    return release;
  }

  override async read(key: string, range?: ByteRange): Promise<Buffer | undefined> {
    const found = await super.read(key, range);
    if (this.#gate && key === this.#key) {
      const gate = this.#gate;
      this.#gate = undefined;
      this.holding = true;
      await gate;
    }
    return found;
  }
}

export async function certificate(): Promise<{ cert: Buffer; key: Buffer }> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  return { cert: Buffer.from(made.cert), key: Buffer.from(made.private) };
}

/** `NAME` of the header tag `#NAME:value`. */
export const tagOf = (playlist: string, name: string): string | undefined =>
  new RegExp(`^#${name}:(.*)$`, 'm').exec(playlist)?.[1];

/** URIs of the listed parts, of the hint, and of segments, in their order. */
export const partsOf = (playlist: string): string[] =>
  [...playlist.matchAll(/^#EXT-X-PART:.*URI="([^"]+)"/gm)].map((match) => match[1]!);
export const hintOf = (playlist: string): string | undefined =>
  /^#EXT-X-PRELOAD-HINT:TYPE=PART,URI="([^"]+)"$/m.exec(playlist)?.[1];
export const segmentsOf = (playlist: string): string[] => playlist.match(/^[^#\n]+$/gm) ?? [];
export const newestPartOf = (playlist: string): string | undefined => partsOf(playlist).at(-1);

/** An HTTP/2 client of a rig that has TLS. */
export async function openSession(rig: Rig, tls: { readonly cert: Buffer }): Promise<ClientHttp2Session> {
  const session = connect(`https://127.0.0.1:${rig.server.httpsPort}`, { ca: tls.cert });
  await once(session, 'connect');
  return session;
}

/** The whole answer of one request over HTTP/2. */
export function askSession(
  session: ClientHttp2Session,
  path: string,
  { method = 'GET', headers = {}, signal }: Omit<AskOptions, 'agent'> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(
      { ...headers, ':path': path, ':method': method },
      { ...(signal && { signal }) },
    );
    const chunks: Buffer[] = [];
    let answer: IncomingHttpHeaders & { ':status'?: number } = {};
    stream.on('response', (received) => (answer = received as typeof answer));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => {
      const body = Buffer.concat(chunks);
      const { ':status': status = 0, ...rest } = answer;
      // Without the symbol that names sensitive headers.
      const headers = Object.fromEntries(Object.entries(rest));
      resolve({ status, headers, body, text: body.toString(), chunks: chunks.length });
    });
    stream.end();
  });
}
