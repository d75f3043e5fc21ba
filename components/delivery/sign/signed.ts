/** Signed URLs and signed cookies, by AWS's own signer. */
import { getSignedCookies, getSignedUrl } from '@aws-sdk/cloudfront-signer';
import { accessProblems, hasWildcard, matches, policyText, urlProblems, type Access } from './access';
import { keyProblems, type SigningKey } from './key';
import { SignError, type SignProblem } from './problems';

/** What a signed URL lets in. */
export interface UrlAccess extends Access {
  /**
   * What the signature is good for, with wildcards. A player that adds it to each request may ask for all of it.
   * @default the URL alone, exactly
   */
  readonly resource?: string;
}

/** What signed cookies let in. */
export interface CookieAccess extends Access {
  /** What the cookies are good for. @example 'https://media.example.com/live/news/*' */
  readonly resource: string;
}

/**
 * A URL with a signature. It is a canned policy where nothing but the time of expiry is said, else a custom one.
 *
 * The signature of a playlist is not on the URIs in it: for HLS sign cookies, or give `resource` a wildcard and let
 * the player add the parameters to each request.
 * @throws SignError with everything that is wrong
 */
export function signUrl(url: string, access: UrlAccess, key: SigningKey, now = new Date()): string {
  const { resource } = access;
  const problems = [
    ...keyProblems(key),
    ...accessProblems(access, now),
    ...urlProblems('url', url, false),
    ...(resource === undefined ? [] : resourceProblems(resource, url)),
  ];
  if (problems.length > 0) throw new SignError(problems);
  const credentials = credentialsOf(key);
  if (isCanned(access)) {
    return getSignedUrl({ ...credentials, url, dateLessThan: wholeSeconds(access.expires) });
  }
  return getSignedUrl({ ...credentials, url, policy: policyText(resource ?? url, access) });
}

const isCanned = ({ resource, notBefore, ip }: UrlAccess): boolean =>
  resource === undefined && notBefore === undefined && ip === undefined;

function resourceProblems(resource: string, url: string): SignProblem[] {
  const problems = urlProblems('access.resource', resource, true);
  if (problems.length > 0 || matches(resource, url)) return problems;
  const problem = `is ${JSON.stringify(resource)}, which the URL is not part of: it would be refused`;
  return [{ path: 'access.resource', problem }];
}

/** Names and values, to be sent with each request for the resource. */
export type SignedCookies = Readonly<Record<string, string>>;

/**
 * Cookies, which browsers and most players send with every request for playlists, segments and parts: three by SHA1,
 * and a fourth that names the hash by SHA256.
 * @throws SignError with everything that is wrong
 */
export function signCookies(access: CookieAccess, key: SigningKey, now = new Date()): SignedCookies {
  const { resource } = access;
  const problems = [
    ...keyProblems(key),
    ...accessProblems(access, now),
    ...urlProblems('access.resource', resource, true),
  ];
  if (problems.length > 0) throw new SignError(problems);
  const credentials = credentialsOf(key);
  const cookies =
    !hasWildcard(resource) && access.notBefore === undefined && access.ip === undefined
      ? getSignedCookies({ ...credentials, url: resource, dateLessThan: wholeSeconds(access.expires) })
      : getSignedCookies({ ...credentials, policy: policyText(resource, access) });
  return Object.fromEntries(Object.entries(cookies).map(([name, value]) => [name, String(value)]));
}

/** The signer rounds, which could lead past the time that was asked for. */
const wholeSeconds = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000);

const credentialsOf = ({ keyPairId, privateKey, hash = 'SHA256' }: SigningKey) => ({
  keyPairId,
  privateKey,
  algorithm: hash,
});

/** Attributes of the cookies, as browsers take them. */
export interface CookieAttributes {
  /** Also its subdomains get the cookies. @default the host that sets them, alone */
  readonly domain?: string;
  /** @default '/' */
  readonly path?: string;
  /**
   * `none` for players on another site than the media, where browsers still allow that.
   * @default 'lax'
   */
  readonly sameSite?: 'lax' | 'strict' | 'none';
}

/**
 * Values of Set-Cookie: over HTTPS alone, hidden from scripts, gone with the session. CloudFront counts the time; an
 * `Expires` of the cookie would only tell how long it is good for.
 * @throws SignError for attributes that no cookie can have
 */
export function setCookieValues(
  cookies: SignedCookies,
  { domain, path = '/', sameSite = 'lax' }: CookieAttributes = {},
): string[] {
  const problems: SignProblem[] = [];
  if (domain !== undefined && !/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(domain))
    problems.push({
      path: 'domain',
      problem: `is ${JSON.stringify(domain)}; allowed: a host name, as media.example.com`,
    });
  if (!/^\/[\x21-\x3a\x3c-\x7e]*$/.test(path))
    problems.push({
      path: 'path',
      problem: `is ${JSON.stringify(path)}; allowed: a path that begins with a slash`,
    });
  if (problems.length > 0) throw new SignError(problems);
  const site = { lax: 'Lax', strict: 'Strict', none: 'None' }[sameSite];
  const attributes = `${domain === undefined ? '' : `; Domain=${domain}`}; Path=${path}; Secure; HttpOnly; SameSite=${site}`;
  return Object.entries(cookies).map(([name, value]) => `${name}=${value}${attributes}`);
}
