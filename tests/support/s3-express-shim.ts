/**
 * Stands in front of a real S3 server on loopback and plays a directory bucket: sessions, listings in no order,
 * ETags that are no MD5. It is also as slow and as faulty as it is told to be, each run alike by its seed.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  Agent,
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { REGION, type S3Server } from './s3-server';
import { signed } from './s3-sign';

export type Kind = 'PUT' | 'GET' | 'HEAD' | 'DELETE' | 'LIST' | 'SESSION';

/** A request that was answered, or whose answer was lost. */
export interface ShimRequest {
  readonly bucket: string;
  readonly kind: Kind;
  /** Of a listing, its prefix. */
  readonly key: string;
  /** Access key id of who asked; of a session, of who created it. */
  readonly principal: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** What the answer was, whether it arrived or not. */
  readonly status: number;
}

export interface ShimOptions {
  readonly server: S3Server;
  readonly seed?: number;
  /** @default 300, as of S3 Express */
  readonly sessionSeconds?: number;
  /** Log-normal, added to each request. @default none */
  readonly latencyMs?: { readonly median: number; readonly p99: number };
  /** Part of the requests that are answered with 503, 0 to 1, before they have an effect. */
  readonly unavailable?: number;
  /** Of the PUTs that took effect, each how manyth has its connection cut instead of an answer. */
  readonly loseEvery?: number;
  /** Of the PUTs, each how manyth is taken and then neither passed on nor answered. */
  readonly hangEvery?: number;
  /** Of the PUTs, each how manyth meets another conditional write of its key. */
  readonly conflictEvery?: number;
  /** Whether the connection is cut where a condition is refused: a server need not read a body that it refuses. */
  readonly cutRefused?: boolean;
  /** Of the GETs, each how manyth loses its connection in the middle of its answer. */
  readonly cutEvery?: number;
  /** Keys of a page of a listing. @default 1000 */
  readonly pageKeys?: number;
  /** Called for each request when its answer is known. */
  readonly onRequest?: (request: ShimRequest) => void;
}

export interface Shim {
  readonly url: string;
  /** Name by which clients know the directory bucket. */
  readonly directory: string;
  readonly general: string;
  /** Requests that came, by bucket and kind. */
  readonly counts: Map<string, number>;
  /** Keys of the PUTs whose answer was lost. */
  readonly lost: string[];
  count(bucket: string, kind: Kind): number;
  stop(): Promise<void>;
}

const DIRECTORY = 'media--use1-az4--x-s3';
/** Of the request, those that mean something to a server; of them, those that a signature must cover. */
const PASSED = ['content-length', 'content-type', 'if-none-match', 'range', 'x-amz-storage-class'];

export async function startShim(options: ShimOptions): Promise<Shim> {
  const { server: target, seed = 1, latencyMs } = options;
  const random = mulberry32(seed);
  const buckets = new Map([
    [DIRECTORY, await target.bucket()],
    ['media', await target.bucket()],
  ]);
  const sessions = new Map<string, Session>();
  const counts = new Map<string, number>();
  const lost: string[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const host = new URL(target.url).host;
  let puts = 0;
  let gets = 0;
  let effects = 0;

  const handle = async (incoming: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url ?? '/', 'http://shim');
    const [bucket = '', ...rest] = url.pathname.slice(1).split('/');
    // The SDK ends the path of a listing with two slashes where a directory bucket is named in the path.
    const key = rest.join('/').replace(/^\/+/, '');
    const kind = kindOf(incoming.method ?? 'GET', key, url);
    counts.set(`${bucket} ${kind}`, (counts.get(`${bucket} ${kind}`) ?? 0) + 1);
    const backing = buckets.get(bucket);
    const isDirectory = bucket === DIRECTORY;
    if (latencyMs) await delay(logNormal(random, latencyMs));
    const session = sessions.get(String(incoming.headers['x-amz-s3session-token']));
    const signer = /Credential=([^/,]*)\//.exec(incoming.headers.authorization ?? '')?.[1] ?? '';
    const principal = session?.principal ?? signer;
    const note = (status: number): void =>
      options.onRequest?.({
        bucket,
        kind,
        key: kind === 'LIST' ? (url.searchParams.get('prefix') ?? '') : key,
        principal,
        headers: incoming.headers,
        status,
      });
    const refuse = (status: number, code: string): void => {
      note(status);
      incoming.resume();
      answer.writeHead(status, { 'content-type': 'application/xml' });
      answer.end(
        incoming.method === 'HEAD' ? '' : `<Error><Code>${code}</Code><Message>shim</Message></Error>`,
      );
    };
    if (backing === undefined) return refuse(404, 'NoSuchBucket');
    if (random() < (options.unavailable ?? 0)) return refuse(503, 'SlowDown');
    if (kind === 'SESSION') {
      incoming.resume();
      note(200);
      return answerSession(answer, random, sessions, principal, options.sessionSeconds ?? 300);
    }
    if (isDirectory) {
      const isSigned = /Credential=[^,]*\/s3express\/aws4_request/.test(incoming.headers.authorization ?? '');
      if (!session || !isSigned || signer !== session.key) return refuse(403, 'AccessDenied');
      if (session.until < Date.now()) return refuse(400, 'ExpiredToken');
      const [prefix, delimiter] = [url.searchParams.get('prefix'), url.searchParams.get('delimiter')];
      const isListable = (prefix ?? '/').endsWith('/') && (delimiter ?? '/') === '/';
      if (kind === 'LIST' && !isListable) return refuse(400, 'InvalidRequest');
    }
    if (kind === 'LIST') url.searchParams.set('max-keys', String(options.pageKeys ?? 1000));
    if (kind === 'PUT') puts++;
    if (kind === 'PUT' && puts % (options.hangEvery ?? Infinity) === 0) {
      incoming.resume();
      return;
    }
    if (kind === 'PUT' && puts % (options.conflictEvery ?? Infinity) === 0) {
      return refuse(409, 'ConditionalRequestConflict');
    }
    const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
    const path = `/${backing}${key === '' ? '/' : `/${key}`}${query === '' ? '' : `?${query}`}`;
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(incoming.headers)) {
      if (PASSED.includes(name) || name.startsWith('x-amz-meta-')) headers[name] = String(value);
    }
    const upstream = request(target.url, {
      agent,
      method: incoming.method ?? 'GET',
      path,
      headers: signed(
        { method: incoming.method ?? 'GET', target: path, host, headers },
        target.credentials,
        REGION,
      ),
    });
    incoming.pipe(upstream);
    answer.on('close', () => upstream.destroy());
    const [response] = (await once(upstream, 'response')) as [IncomingMessage];
    const status = response.statusCode ?? 502;
    note(status);
    if (kind === 'PUT' && status === 200 && ++effects % (options.loseEvery ?? Infinity) === 0) {
      lost.push(key);
      response.resume();
      incoming.socket.destroy();
      return;
    }
    if (status === 412 && options.cutRefused === true) {
      response.resume();
      incoming.socket.destroy();
      return;
    }
    const passed = { ...response.headers };
    delete passed['connection'];
    delete passed['keep-alive'];
    if (isDirectory && passed.etag) {
      passed.etag = `"${createHash('sha256').update(`${seed}${key}`).digest('hex').slice(0, 32)}"`;
    }
    if (kind === 'LIST' && isDirectory) {
      const body = shuffled(Buffer.concat(await response.toArray()).toString(), random);
      answer.writeHead(status, { ...passed, 'content-length': String(Buffer.byteLength(body)) });
      answer.end(body);
      return;
    }
    answer.writeHead(status, passed);
    if (kind === 'GET' && status < 300 && ++gets % (options.cutEvery ?? Infinity) === 0) {
      const body = Buffer.concat(await response.toArray());
      answer.write(body.subarray(0, body.length >> 1), () => answer.destroy());
      return;
    }
    response.pipe(answer);
  };

  const server = createServer((incoming, answer) => {
    handle(incoming, answer).catch(() => answer.destroy());
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    directory: DIRECTORY,
    general: 'media',
    counts,
    lost,
    count: (bucket, kind) => counts.get(`${bucket} ${kind}`) ?? 0,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await once(server, 'close');
    },
  };
}

function kindOf(method: string, key: string, url: URL): Kind {
  if (url.searchParams.has('session')) return 'SESSION';
  if (method === 'GET' && key === '') return 'LIST';
  return method as Kind;
}

interface Session {
  readonly key: string;
  readonly until: number;
  readonly principal: string;
}

function answerSession(
  answer: ServerResponse,
  random: () => number,
  sessions: Map<string, Session>,
  principal: string,
  seconds: number,
): void {
  const token = `token-${Math.floor(random() * 2 ** 32)}-${sessions.size}`;
  const key = `SESSION${sessions.size}`;
  const until = Date.now() + seconds * 1000;
  sessions.set(token, { key, until, principal });
  answer.writeHead(200, { 'content-type': 'application/xml' });
  answer.end(
    '<CreateSessionResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Credentials>' +
      `<AccessKeyId>${key}</AccessKeyId><SecretAccessKey>${token}</SecretAccessKey>` +
      `<SessionToken>${token}</SessionToken><Expiration>${new Date(until).toISOString()}</Expiration>` +
      '</Credentials></CreateSessionResult>',
  );
}

/** The entries of a page of a listing, in another order. */
function shuffled(xml: string, random: () => number): string {
  const entries = xml.match(/<Contents>.*?<\/Contents>/gs) ?? [];
  const order = entries.map((entry) => ({ entry, at: random() })).sort((a, b) => a.at - b.at);
  let next = 0;
  return xml.replace(/<Contents>.*?<\/Contents>/gs, () => order[next++]!.entry);
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** 2.326 standard deviations above the median lies the 99th percentile. */
function logNormal(random: () => number, { median, p99 }: { median: number; p99: number }): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp((Math.log(p99 / median) / 2.326) * normal);
}

/** A small generator of numbers from 0 to 1 by a seed (public domain, Tommy Ettinger). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
