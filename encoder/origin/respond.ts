/** Response headers and bodies that all of the origin's answers share. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** HTTP/2 comes through Node's compatibility layer, which has the same shape. */
export type Request = IncomingMessage;
export type Response = ServerResponse;

/** Whether the client has gone. Node's HTTP/2 responses have no `destroyed`; their streams do. */
export const isGone = (response: Response & { readonly stream?: { readonly destroyed: boolean } }): boolean =>
  response.destroyed || response.stream?.destroyed === true;

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Age, Content-Length, Content-Range, Date, Server-Timing',
  'timing-allow-origin': '*',
};

/** For browsers that ask first: a range, or CMCD sent as headers. */
const PREFLIGHT = {
  ...CORS,
  'access-control-allow-methods': 'GET, HEAD, OPTIONS',
  'access-control-allow-headers': 'Range, CMCD-Request, CMCD-Object, CMCD-Status, CMCD-Session',
  'access-control-max-age': '86400',
};

export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';

export interface Body {
  readonly type: string;
  readonly cacheControl: string;
}

export function sendPreflight(response: Response): void {
  response.writeHead(204, PREFLIGHT);
  response.end();
}

/** An error is never stored, so that what is missing now can be there in a moment. */
export function sendError(
  response: Response,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  const body = Buffer.from(`${message}\n`);
  response.writeHead(status, {
    ...CORS,
    ...headers,
    'content-type': 'text/plain; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
  });
  response.end(body);
}

/** Media: HEAD, and one byte range. The body goes out at once, with its length. */
export function sendMedia(
  request: Request,
  response: Response,
  media: Buffer,
  { type, cacheControl }: Body,
): void {
  const headers: Record<string, string | number> = {
    ...CORS,
    'content-type': type,
    'cache-control': cacheControl,
    'accept-ranges': 'bytes',
  };
  const range = parseRange(request.headers.range, media.length);
  if (range === 'unsatisfiable') {
    sendError(response, 416, `the range is outside of the ${media.length} bytes`, {
      'content-range': `bytes */${media.length}`,
    });
    return;
  }
  const bytes = range ? media.subarray(range.start, range.end + 1) : media;
  if (range) headers['content-range'] = `bytes ${range.start}-${range.end}/${media.length}`;
  headers['content-length'] = bytes.length;
  response.writeHead(range ? 206 : 200, headers);
  if (request.method === 'HEAD') response.end();
  else response.end(bytes);
}

/** RFC 9110, section 14: several ranges, or another unit, are ignored. */
function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  if (match[1] === '') {
    const length = Math.min(Number(match[2]), size);
    return length > 0 ? { start: size - length, end: size - 1 } : 'unsatisfiable';
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (match[2] !== '' && Number(match[2]) < start) return undefined;
  return start < size ? { start, end } : 'unsatisfiable';
}

type Encoding = 'br' | 'gzip' | 'identity';

const compressors: Readonly<Record<Exclude<Encoding, 'identity'>, (text: Buffer) => Promise<Buffer>>> = {
  gzip: (text) => promisify(gzip)(text, { level: 6 }),
  br: (text) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
};

/** A text that many are waiting for: compressed at most once an encoding, off the event loop. */
export class SharedText {
  readonly #plain: Buffer;
  readonly #compressed = new Map<Encoding, Promise<Buffer>>();

  constructor(text: string) {
    this.#plain = Buffer.from(text);
  }

  async send(request: Request, response: Response, { type, cacheControl }: Body): Promise<void> {
    const encoding = acceptedEncoding(request.headers['accept-encoding']);
    const body = await this.#encoded(encoding);
    if (isGone(response)) return;
    response.writeHead(200, {
      ...CORS,
      'content-type': type,
      'cache-control': cacheControl,
      vary: 'Accept-Encoding',
      'content-length': body.length,
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    });
    if (request.method === 'HEAD') response.end();
    else response.end(body);
  }

  #encoded(encoding: Encoding): Promise<Buffer> | Buffer {
    if (encoding === 'identity') return this.#plain;
    let body = this.#compressed.get(encoding);
    if (!body) this.#compressed.set(encoding, (body = compressors[encoding](this.#plain)));
    return body;
  }
}

/** Brotli before gzip, by what the client gives a weight above zero. */
export function acceptedEncoding(header: string | string[] | undefined): Encoding {
  const weights = new Map<string, number>();
  for (const item of String(header ?? '').split(',')) {
    const [name = '', ...parameters] = item
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(name, weight ? Number(weight.slice(2)) || 0 : 1);
  }
  const accepts = (name: string) => (weights.get(name) ?? weights.get('*') ?? 0) > 0;
  return accepts('br') ? 'br' : accepts('gzip') ? 'gzip' : 'identity';
}
