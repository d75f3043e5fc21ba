/** Who may ask for what, from when and until when: CloudFront's policies, and what is wrong with one. */
import { isIPv4 } from 'node:net';
import type { SignProblem } from './problems';

/** From when, until when and from where a signature lets viewers in. */
export interface Access {
  /** CloudFront answers until then, and lets downloads that have begun go on. */
  readonly expires: Date;
  /** @default at once */
  readonly notBefore?: Date;
  /** An IPv4 address, or a range as 192.0.2.0/24; policies know no IPv6. @default every address */
  readonly ip?: string;
}

/** Query parameters that CloudFront keeps to itself: a URL that is signed has none of them. */
export const RESERVED_PARAMETERS = [
  'Expires',
  'Policy',
  'Signature',
  'Key-Pair-Id',
  'Hash-Algorithm',
] as const;

/** Seconds since 1970, as policies count. */
export const epochSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** A resource is a URL in which `*` stands for any characters, none too, and `?` for one. */
export const hasWildcard = (resource: string): boolean => /[*?]/.test(resource);

export function matches(resource: string, url: string): boolean {
  const pattern = resource
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${pattern}$`, 's').test(url);
}

/** A custom policy; CloudFront takes no white space in it. */
export function policyText(resource: string, { expires, notBefore, ip }: Access): string {
  return JSON.stringify({
    Statement: [
      {
        Resource: resource,
        Condition: {
          DateLessThan: { 'AWS:EpochTime': epochSeconds(expires) },
          ...(notBefore && { DateGreaterThan: { 'AWS:EpochTime': epochSeconds(notBefore) } }),
          ...(ip !== undefined && { IpAddress: { 'AWS:SourceIp': ip.includes('/') ? ip : `${ip}/32` } }),
        },
      },
    ],
  });
}

export function accessProblems({ expires, notBefore, ip }: Access, now: Date): SignProblem[] {
  const found: SignProblem[] = [];
  const add = (path: string, problem: string) => found.push({ path, problem });
  if (Number.isNaN(expires.getTime())) add('access.expires', 'is no date');
  else if (expires <= now)
    add('access.expires', `is ${expires.toISOString()}, which is past; allowed: a later time`);
  if (notBefore) {
    if (Number.isNaN(notBefore.getTime())) add('access.notBefore', 'is no date');
    else if (notBefore >= expires)
      add('access.notBefore', `is ${notBefore.toISOString()}; allowed: before access.expires`);
  }
  if (ip !== undefined && !isRange(ip)) {
    add(
      'access.ip',
      `is ${JSON.stringify(ip)}; allowed: an IPv4 address or range, as 192.0.2.7 or 192.0.2.0/24`,
    );
  }
  return found;
}

function isRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  return (
    isIPv4(address) && rest.length === 0 && (bits === undefined || /^(?:[0-9]|[12][0-9]|3[0-2])$/.test(bits))
  );
}

/** A URL that can be signed, or a resource of a policy, where wildcards are allowed. */
export function urlProblems(path: string, text: string, wildcards: boolean): SignProblem[] {
  const form = wildcards
    ? 'http(s)://, a host and a path, * and ? as wildcards, as https://d111111abcdef8.cloudfront.net/live/news/*'
    : 'http(s)://, a host and a path, as https://d111111abcdef8.cloudfront.net/live/news/index.m3u8';
  const wrong = (problem: string): SignProblem[] => [{ path, problem }];
  const isForm = wildcards ? /^(?:https?|\*):\/\/[^/\s]+\/\S*$/ : /^https?:\/\/[^/\s*?]+\/[^\s*#]*$/;
  if (!isForm.test(text) || !URL.canParse(text.replace(/^\*:/, 'https:').replace('://*', '://any')))
    return wrong(`is ${JSON.stringify(text)}; allowed: ${form}`);
  if (wildcards) return [];
  const names = [...new URL(text).searchParams.keys()];
  const reserved = RESERVED_PARAMETERS.filter((name) => names.includes(name));
  return reserved.length === 0
    ? []
    : wrong(
        `has the query parameters ${reserved.join(', ')}, which CloudFront keeps to itself: leave them out`,
      );
}
