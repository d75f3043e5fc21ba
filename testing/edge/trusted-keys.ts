/** Whether CloudFront lets a request in at a behaviour that trusts a key group: signed URLs and signed cookies. */
import { createVerify } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** The keys of a behaviour's key groups. */
export interface TrustedKeys {
  /** Public keys by id, as PEM. */
  readonly keys: Readonly<Record<string, string>>;
  /** Seconds since 1970. @default now */
  readonly now?: number;
  /** The viewer's. @default '198.51.100.7' */
  readonly ip?: string;
}

/** What a viewer sends of its signature. */
export interface SignedRequest {
  /** With scheme and host. */
  readonly url: string;
  readonly cookies?: Readonly<Record<string, string>>;
}

interface Statement {
  readonly Resource?: string;
  readonly Condition: {
    readonly DateLessThan: { readonly 'AWS:EpochTime': number };
    readonly DateGreaterThan?: { readonly 'AWS:EpochTime': number };
    readonly IpAddress?: { readonly 'AWS:SourceIp': string };
  };
}

const NAMES = ['Expires', 'Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm'];

/** @returns why the viewer gets a 403; undefined where the request is let in */
export function refusalOf({ url, cookies = {} }: SignedRequest, trusted: TrustedKeys): string | undefined {
  const mark = url.indexOf('?');
  const pairs = mark < 0 ? [] : url.slice(mark + 1).split('&');
  const isOurs = (pair: string) => NAMES.includes(pair.split('=')[0]!);
  const given = new Map(pairs.filter(isOurs).map((pair) => pair.split('=') as [string, string]));
  const inUrl = given.size > 0;
  const value = (name: string) =>
    inUrl ? decodeURIComponent(given.get(name) ?? '') : (cookies[`CloudFront-${name}`] ?? '');
  const others = pairs.filter((pair) => !isOurs(pair));
  const asked = `${mark < 0 ? url : url.slice(0, mark)}${others.length > 0 ? `?${others.join('&')}` : ''}`;

  const id = value('Key-Pair-Id');
  if (id === '') return 'the Key-Pair-Id is missing';
  const key = trusted.keys[id];
  if (key === undefined) return `the key ${id} is in no trusted key group`;
  const policy =
    value('Policy') === ''
      ? `{"Statement":[{"Resource":"${asked}","Condition":{"DateLessThan":{"AWS:EpochTime":${value('Expires')}}}}]}`
      : bytesOf(value('Policy')).toString('utf8');
  const hash = value('Hash-Algorithm') === 'SHA256' ? 'RSA-SHA256' : 'RSA-SHA1';
  if (
    !createVerify(hash)
      .update(policy)
      .verify(key, bytesOf(value('Signature')))
  )
    return 'the signature is not of this policy and key';
  return policyRefusal(policy, asked, trusted);
}

function policyRefusal(policy: string, asked: string, trusted: TrustedKeys): string | undefined {
  if (/\s/.test(policy)) return 'the policy has white space';
  const [statement, ...more] = (JSON.parse(policy) as { Statement: Statement[] }).Statement;
  if (!statement || more.length > 0) return 'a policy has one statement';
  const now = trusted.now ?? Math.floor(Date.now() / 1000);
  const { DateLessThan: until, DateGreaterThan: from, IpAddress: range } = statement.Condition;
  if (now >= until['AWS:EpochTime']) return 'the time is past';
  if (from && now <= from['AWS:EpochTime']) return 'the time is not come';
  if (range && !isWithin(trusted.ip ?? '198.51.100.7', range['AWS:SourceIp']))
    return 'the address is another';
  if (!isLike(asked, statement.Resource ?? '*')) return 'the resource is another';
  return undefined;
}

/** Base64 with the three characters that URLs and cookies cannot have replaced. */
const bytesOf = (text: string): Buffer =>
  Buffer.from(
    text.replace(/[-_~]/g, (character) => ({ '-': '+', _: '=', '~': '/' })[character]!),
    'base64',
  );

function isLike(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern;
  if (pattern === '') return text === '';
  if (first === '*') {
    const tail = rest.join('');
    for (let i = 0; i <= text.length; i++) if (isLike(text.slice(i), tail)) return true;
    return false;
  }
  return text !== '' && (first === '?' || first === text[0]) && isLike(text.slice(1), rest.join(''));
}

function isWithin(address: string, range: string): boolean {
  const [base = '', bits = '32'] = range.split('/');
  if (!isIPv4(address) || !isIPv4(base)) return false;
  const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size);
}
