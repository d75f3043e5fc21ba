/** Tokens of the edge function's token step: JWTs of HS256, with a secret that the KeyValueStore holds too. */
import { createHmac } from 'node:crypto';
import { isIP } from 'node:net';
import { epochSeconds } from './access';
import { SignError, type SignProblem } from './problems';

/** A secret that is in the KeyValueStore too, by its id. */
export interface TokenKey {
  /** The secret is in the KeyValueStore as `key/<id>`; two ids beside each other while it is changed. */
  readonly id: string;
  /** 32 to 512 characters, as `openssl rand -hex 32` makes. */
  readonly secret: string;
}

/** What a token lets its bearer do. */
export interface TokenClaims {
  /** One path exactly, or where it ends with a slash everything under it. @example '/live/news/' */
  readonly path: string;
  readonly expires: Date;
  readonly notBefore?: Date;
  /** What the function's `audience` must be. */
  readonly audience?: string;
  /** The viewer's address, exactly; phones change theirs. */
  readonly ip?: string;
  /** By which it can be revoked: the function refuses it while the KeyValueStore has `revoked/<id>`. */
  readonly id?: string;
}

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** @throws SignError with everything that is wrong; never with the secret in it */
export function signToken(claims: TokenClaims, key: TokenKey, now = new Date()): string {
  const problems = [...tokenKeyProblems(key), ...claimProblems(claims, now)];
  if (problems.length > 0) throw new SignError(problems);
  const { path, expires, notBefore, audience, ip, id } = claims;
  const head = { alg: 'HS256', typ: 'JWT', kid: key.id };
  const body = {
    path,
    exp: epochSeconds(expires),
    ...(notBefore && { nbf: epochSeconds(notBefore) }),
    ...(audience !== undefined && { aud: audience }),
    ...(ip !== undefined && { ip }),
    ...(id !== undefined && { jti: id }),
  };
  const text = [head, body].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${createHmac('sha256', key.secret).update(text).digest('base64url')}`;
}

function tokenKeyProblems({ id, secret }: TokenKey): SignProblem[] {
  const found: SignProblem[] = [];
  if (!NAME.test(id)) {
    const allowed = '1 to 64 letters, digits, dashes and underscores';
    found.push({ path: 'key.id', problem: `is ${JSON.stringify(id)}; allowed: ${allowed}` });
  }
  if (!/^[\x21-\x7e]{32,512}$/.test(secret)) {
    const problem = `has ${secret.length} characters; allowed: 32 to 512 printable ones, no space`;
    found.push({ path: 'key.secret', problem });
  }
  return found;
}

function claimProblems({ path, expires, notBefore, ip, id }: TokenClaims, now: Date): SignProblem[] {
  const found: SignProblem[] = [];
  const add = (at: string, problem: string) => found.push({ path: at, problem });
  if (!/^\/[\x21-\x7e]*$/.test(path) || path.split('/').includes('..') || path.length > 512)
    add('claims.path', `is ${JSON.stringify(path)}; allowed: a path that begins with a slash, without ..`);
  if (Number.isNaN(expires.getTime())) add('claims.expires', 'is no date');
  else if (expires <= now)
    add('claims.expires', `is ${expires.toISOString()}, which is past; allowed: a later time`);
  if (notBefore && !(notBefore < expires)) add('claims.notBefore', 'is not before claims.expires');
  if (ip !== undefined && isIP(ip) === 0)
    add('claims.ip', `is ${JSON.stringify(ip)}; allowed: one IPv4 or IPv6 address`);
  if (id !== undefined && !NAME.test(id))
    add('claims.id', `is ${JSON.stringify(id)}; allowed: 1 to 64 letters, digits, dashes and underscores`);
  return found;
}
