import cf from 'cloudfront';
import crypto from 'crypto';
import { decoded, headerOf, queryPairs, queryText, refuse } from './answer';
import type { Answer, Cors, EdgeEvent, TokenParameters, ViewerRequest, ViewerResponse } from './types';

interface Claims {
  exp?: unknown;
  nbf?: unknown;
  aud?: unknown;
  jti?: unknown;
  path?: unknown;
  ip?: unknown;
}

/** What the code is rendered with: nothing is left to a default but what no default has. */
export type RenderedToken = Required<Omit<TokenParameters, 'audience'>> & Pick<TokenParameters, 'audience'>;

/** Lets a request on whose token is signed with a key of the KeyValueStore, in time, and for this path. */
export async function token(event: EdgeEvent, parameters: RenderedToken, cors: Cors | null): Promise<Answer> {
  const request = event.request;
  // A browser's question about CORS carries no credentials, and its answer no media.
  if (request.method === 'OPTIONS') return request;
  const text = tokenText(request, parameters);
  if (text === '') return denied(request, cors, 'a token is needed');
  const store = cf.kvs();
  const segments = text.split('.');
  const head = parsed(segments[0]) as { alg?: unknown; kid?: unknown };
  const kid = head.kid;
  if (
    text.length > 2048 ||
    segments.length !== 3 ||
    head.alg !== 'HS256' ||
    typeof kid !== 'string' ||
    !/^[A-Za-z0-9_-]{1,64}$/.test(kid)
  )
    return denied(request, cors, 'the token is not valid');
  let key = '';
  try {
    key = await store.get(`key/${kid}`);
  } catch {
    try {
      if (await store.exists(`key/${kid}`)) return unavailable(request, cors);
    } catch {
      return unavailable(request, cors);
    }
  }
  if (key.length < 32) return denied(request, cors, 'the token is not valid');
  const signature = crypto
    .createHmac('sha256', key)
    .update(`${segments[0]}.${segments[1]}`)
    .digest('base64url');
  if (!isSame(signature, segments[2]!)) return denied(request, cors, 'the token is not valid');
  const claims = parsed(segments[1]) as Claims;
  const problem = problemOf(claims, event, parameters);
  if (problem !== '') return denied(request, cors, problem);
  if (parameters.revocation && typeof claims.jti === 'string') {
    try {
      if (await store.exists(`revoked/${claims.jti}`)) return denied(request, cors, 'the token is revoked');
    } catch {
      return unavailable(request, cors);
    }
  }
  return request;
}

/** Takes the token out of the query, where it is there: it belongs in no log of an origin. */
function tokenText(request: ViewerRequest, parameters: RenderedToken): string {
  const name = parameters.name;
  const pairs = queryPairs(request.querystring);
  const isToken = (pair: string[]): boolean => decoded(pair[0]!) === name;
  const first = pairs.filter(isToken)[0];
  if (first) request.querystring = queryText(pairs.filter((pair) => !isToken(pair)));
  const bearer = /^Bearer +([^ ]+) *$/i.exec(headerOf(request, 'authorization'));
  const cookie = request.cookies[name];
  const found = {
    query: first ? decoded(first[1]!) : '',
    header: bearer ? bearer[1]! : '',
    cookie: cookie ? cookie.value : '',
  };
  const from = parameters.from;
  for (let i = 0; i < from.length; i++) if (found[from[i]!] !== '') return found[from[i]!];
  return '';
}

function problemOf(claims: Claims, event: EdgeEvent, parameters: RenderedToken): string {
  const leeway = parameters.leewaySeconds;
  const now = Math.floor(Date.now() / 1000);
  if (typeof claims.exp !== 'number' || typeof claims.path !== 'string' || claims.path.charAt(0) !== '/')
    return 'the token is not valid';
  if (now >= claims.exp + leeway) return 'the token has expired';
  if (claims.nbf !== undefined && !(typeof claims.nbf === 'number' && now >= claims.nbf - leeway))
    return 'the token is not valid yet';
  if (parameters.audience !== undefined && claims.aud !== parameters.audience)
    return 'the token is for another audience';
  if (claims.ip !== undefined && claims.ip !== event.viewer.ip) return 'the token is for another address';
  const path = event.request.uri;
  // Steps in a path could lead out of what the token is for, at an origin that follows them.
  const isPlain = decoded(path).split(/[/\\]/).indexOf('..') < 0;
  const isUnder = claims.path.slice(-1) === '/' ? path.indexOf(claims.path) === 0 : path === claims.path;
  return isPlain && isUnder ? '' : 'the token is for another path';
}

function parsed(segment: string | undefined): unknown {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment || '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** In a time that does not depend on where they differ. */
function isSame(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

const denied = (request: ViewerRequest, cors: Cors | null, message: string): ViewerResponse =>
  refuse(request, cors, 403, 'Forbidden', message);

const unavailable = (request: ViewerRequest, cors: Cors | null): ViewerResponse =>
  refuse(request, cors, 503, 'Service Unavailable', 'the token cannot be checked now; try again');
