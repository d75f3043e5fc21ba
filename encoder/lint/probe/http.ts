/**
 * A small HTTP client that measures: when the headers, the first and the last byte came. HTTP/2 where the server
 * offers it, else HTTP/1.1. Redirects are returned, not followed: they are something to report.
 */
import http from 'node:http';
import https from 'node:https';
import http2 from 'node:http2';
import tls from 'node:tls';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

const gunzip = promisify(zlib.gunzip);
const unbrotli = promisify(zlib.brotliDecompress);

export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded. */
  readonly body: Buffer;
  /** All bytes that were announced have come. */
  readonly whole: boolean;
  /** Milliseconds of one monotonic clock. */
  readonly sentAt: number;
  readonly firstByteAt: number;
  readonly lastByteAt: number;
}

export interface RequestOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

export class RequestFailed extends Error {
  readonly kind: 'timeout' | 'network' | 'aborted';
  constructor(kind: RequestFailed['kind'], message: string) {
    super(message);
    this.name = 'RequestFailed';
    this.kind = kind;
  }
}

export interface Connection {
  readonly protocol: 'h2' | 'http/1.1';
  /** `TLSv1.3`; undefined without TLS. */
  readonly tls: string | undefined;
}

/** More than any part of a sensible stream; a server that sends more is cut off. */
const MAX_BODY = 256 * 1024 * 1024;

export const isLoopback = (url: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\]|.*\.localhost)$/.test(new URL(url).hostname);

const flat = (headers: http.IncomingHttpHeaders): Record<string, string> => {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !name.startsWith(':'))
      out[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return out;
};

async function decode(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === 'gzip' || encoding === 'x-gzip') return gunzip(body);
  if (encoding === 'br') return unbrotli(body);
  return body;
}

interface Raw {
  status: number;
  headers: http.IncomingHttpHeaders;
}

/** Collects one exchange, whichever protocol it runs on. */
class Exchange {
  readonly #chunks: Buffer[] = [];
  readonly #sentAt = performance.now();
  #size = 0;
  #firstByteAt: number | undefined;
  #head: Raw | undefined;

  head(status: number, headers: http.IncomingHttpHeaders): void {
    this.#head = { status, headers };
  }

  /** False when it has become too much. */
  data(chunk: Buffer): boolean {
    this.#firstByteAt ??= performance.now();
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    return this.#size <= MAX_BODY;
  }

  async answer(url: string, ended: boolean): Promise<Answer> {
    const lastByteAt = performance.now();
    const raw = Buffer.concat(this.#chunks);
    const headers = flat(this.#head?.headers ?? {});
    const announced = headers['content-length'];
    const whole = ended && (announced === undefined || Number(announced) === raw.length);
    const body = whole ? await decode(raw, headers['content-encoding']) : raw;
    return {
      url,
      status: this.#head?.status ?? 0,
      headers,
      body,
      whole,
      sentAt: this.#sentAt,
      firstByteAt: this.#firstByteAt ?? lastByteAt,
      lastByteAt,
    };
  }
}

export class HttpClient {
  readonly #insecure: boolean;
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #tlsAgent: https.Agent;
  readonly #sessions = new Map<string, http2.ClientHttp2Session>();
  readonly #connections = new Map<string, Promise<Connection>>();

  /** @param insecure accept any certificate of a loopback host */
  constructor(insecure: boolean) {
    this.#insecure = insecure;
    this.#tlsAgent = new https.Agent({ keepAlive: true });
  }

  /** What the server's origin negotiates. */
  connection(url: string): Promise<Connection> {
    const { origin, protocol } = new URL(url);
    const known = this.#connections.get(origin);
    if (known !== undefined) return known;
    const found: Promise<Connection> =
      protocol === 'http:'
        ? Promise.resolve({ protocol: 'http/1.1', tls: undefined })
        : this.#negotiate(new URL(url));
    this.#connections.set(origin, found);
    return found;
  }

  /** @throws RequestFailed */
  async get(url: string, options: RequestOptions): Promise<Answer> {
    const timeout = AbortSignal.timeout(options.timeoutMs);
    const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
    try {
      const { protocol } = await this.connection(url);
      const exchange = new Exchange();
      const ended =
        protocol === 'h2'
          ? await this.#http2(url, options.headers ?? {}, signal, exchange)
          : await this.#http1(url, options.headers ?? {}, signal, exchange);
      return await exchange.answer(url, ended);
    } catch (error) {
      if (options.signal?.aborted === true) throw new RequestFailed('aborted', 'stopped');
      if (timeout.aborted)
        throw new RequestFailed('timeout', `no whole answer within ${options.timeoutMs} ms`);
      throw new RequestFailed('network', error instanceof Error ? error.message : String(error));
    }
  }

  close(): void {
    this.#agent.destroy();
    this.#tlsAgent.destroy();
    for (const session of this.#sessions.values()) session.destroy();
    this.#sessions.clear();
  }

  #verify(url: string): boolean {
    return !(this.#insecure && isLoopback(url));
  }

  #negotiate(url: URL): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const host = url.hostname.replace(/^\[|\]$/g, '');
      const isName = !/^[0-9.:]+$/.test(host);
      const socket = tls.connect({
        host,
        port: Number(url.port === '' ? 443 : url.port),
        ...(isName ? { servername: host } : {}),
        ALPNProtocols: ['h2', 'http/1.1'],
        rejectUnauthorized: this.#verify(url.href),
        timeout: 10_000,
      });
      socket.once('secureConnect', () => {
        resolve({
          protocol: socket.alpnProtocol === 'h2' ? 'h2' : 'http/1.1',
          tls: socket.getProtocol() ?? undefined,
        });
        socket.destroy();
      });
      socket.once('timeout', () => socket.destroy(new Error('the TLS handshake took more than 10 s')));
      socket.once('error', reject);
    });
  }

  #http1(
    url: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    exchange: Exchange,
  ): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const secure = url.startsWith('https:');
      const request = secure
        ? https.get(url, { headers, signal, agent: this.#tlsAgent, rejectUnauthorized: this.#verify(url) })
        : http.get(url, { headers, signal, agent: this.#agent });
      request.once('error', reject);
      request.once('response', (response) => {
        exchange.head(response.statusCode ?? 0, response.headers);
        response.on('data', (chunk: Buffer) => {
          if (!exchange.data(chunk)) response.destroy(new Error('the body is too large'));
        });
        response.once('error', reject);
        response.once('end', () => resolve(response.complete));
      });
    });
  }

  #session(origin: string): http2.ClientHttp2Session {
    const open = this.#sessions.get(origin);
    if (open !== undefined && !open.closed && !open.destroyed) return open;
    // The receiver's window limits the speed: the default of 64 KiB would make a good server look slow.
    const session = http2.connect(origin, {
      rejectUnauthorized: this.#verify(origin),
      settings: { initialWindowSize: 8 * 1024 * 1024 },
    });
    session.once('connect', () => session.setLocalWindowSize(32 * 1024 * 1024));
    session.on('error', () => this.#sessions.delete(origin));
    // One for every request under way.
    session.setMaxListeners(0);
    this.#sessions.set(origin, session);
    return session;
  }

  #http2(
    url: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    exchange: Exchange,
  ): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const { origin, pathname, search } = new URL(url);
      const session = this.#session(origin);
      session.once('error', reject);
      const stream = session.request(
        { ':path': `${pathname}${search}`, ...headers },
        { signal, endStream: true },
      );
      stream.once('response', (head) => exchange.head(Number(head[':status'] ?? 0), head));
      stream.on('data', (chunk: Buffer) => {
        if (!exchange.data(chunk)) stream.destroy(new Error('the body is too large'));
      });
      stream.once('error', reject);
      stream.once('close', () => {
        session.removeListener('error', reject);
        resolve(stream.rstCode === http2.constants.NGHTTP2_NO_ERROR);
      });
    });
  }
}
