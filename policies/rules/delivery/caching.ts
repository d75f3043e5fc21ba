/** What tells CloudFront how long to keep an answer, and by what to tell answers apart. */
import {
  Undecided,
  among,
  blocks,
  flag,
  found,
  notApplicable,
  number,
  peek,
  text,
  texts,
  type Outcome,
  type Resource,
  type Stack,
  type Values,
} from '../../core';
import type { Behaviour } from './behaviours';

export const CACHE_POLICY = 'aws:cloudfront/cachePolicy:CachePolicy';

/** What is in a key of one kind: nothing, all, some names, or all but some. */
export interface Keyed {
  readonly kind: 'none' | 'all' | 'whitelist' | 'allExcept';
  readonly names: readonly string[];
}

/** A cache policy, whoever made it. Seconds. */
export interface Caching {
  /** As findings name it. */
  readonly called: string;
  readonly minTtl: number;
  readonly defaultTtl: number;
  readonly maxTtl: number;
  readonly queryStrings: Keyed;
  readonly cookies: Keyed;
  readonly headers: Keyed;
  readonly gzip: boolean;
  readonly brotli: boolean;
}

const NONE: Keyed = { kind: 'none', names: [] };
const DAY = 86_400;
const YEAR = 31_536_000;

const managed = (
  called: string,
  [minTtl, defaultTtl, maxTtl]: readonly [number, number, number],
  compressed: { readonly gzip: boolean; readonly brotli: boolean },
  keyed: Partial<Pick<Caching, 'queryStrings' | 'headers' | 'cookies'>> = {},
): Caching => ({
  ...{ called, minTtl, defaultTtl, maxTtl, queryStrings: NONE, cookies: NONE, headers: NONE },
  ...{ ...compressed, ...keyed },
});

const BOTH = { gzip: true, brotli: true } as const;
const NEITHER = { gzip: false, brotli: false } as const;

/**
 * AWS's own, by ids that are the same in every account: CloudFront Developer Guide, "Use managed cache policies", read
 * 2026-11-21. Those that are for web sites are not among them.
 */
const MANAGED: ReadonlyMap<string, Caching> = new Map([
  ['4135ea2d-6df8-44a3-9df3-4b5a84be39ad', managed('CachingDisabled', [0, 0, 0], NEITHER)],
  ['658327ea-f89d-4fab-a63d-7e88639e58f6', managed('CachingOptimized', [1, DAY, YEAR], BOTH)],
  [
    'b2884449-e4de-46a7-ac36-70bc7f1ddd6d',
    managed('CachingOptimizedForUncompressedObjects', [1, DAY, YEAR], NEITHER),
  ],
]);

const keyed = (config: Values | undefined, behaviour: string, list: string): Keyed => {
  if (!config) return NONE;
  const kind = text(config, behaviour) ?? 'none';
  return {
    kind: kind === 'all' || kind === 'whitelist' || kind === 'allExcept' ? kind : 'none',
    names: blocks(config, list).flatMap((each) => texts(each, 'items')),
  };
};

/** Ages that are not given are those that the provider fills in: none, a day, a year. */
export function cachingOf(policy: Resource): Caching {
  const parameters = blocks(policy, 'parametersInCacheKeyAndForwardedToOrigin')[0] ?? {};
  const config = (name: string): Values | undefined => blocks(parameters, name)[0];
  return {
    called: `the cache policy ${policy.name}`,
    minTtl: number(policy, 'minTtl') ?? 0,
    defaultTtl: number(policy, 'defaultTtl') ?? DAY,
    maxTtl: number(policy, 'maxTtl') ?? YEAR,
    queryStrings: keyed(config('queryStringsConfig'), 'queryStringBehavior', 'queryStrings'),
    cookies: keyed(config('cookiesConfig'), 'cookieBehavior', 'cookies'),
    headers: keyed(config('headersConfig'), 'headerBehavior', 'headers'),
    gzip: flag(parameters, 'enableAcceptEncodingGzip') ?? false,
    brotli: flag(parameters, 'enableAcceptEncodingBrotli') ?? false,
  };
}

/** The older way, in the behaviour itself. */
function forwarded(values: Values, config: Values): Caching {
  const names = texts(config, 'queryStringCacheKeys');
  const cookies = blocks(config, 'cookies')[0];
  const forward = (cookies && text(cookies, 'forward')) ?? 'none';
  const headers = texts(config, 'headers');
  return {
    called: 'it',
    minTtl: number(values, 'minTtl') ?? 0,
    defaultTtl: number(values, 'defaultTtl') ?? DAY,
    maxTtl: number(values, 'maxTtl') ?? YEAR,
    queryStrings: {
      kind: flag(config, 'queryString') !== true ? 'none' : names.length > 0 ? 'whitelist' : 'all',
      names,
    },
    cookies: {
      kind: forward === 'all' || forward === 'whitelist' ? forward : 'none',
      names: cookies ? texts(cookies, 'whitelistedNames') : [],
    },
    headers: {
      kind: headers.length === 0 ? 'none' : headers.includes('*') ? 'all' : 'whitelist',
      names: headers,
    },
    // CloudFront compresses with gzip alone here, and keeps no Accept-Encoding.
    ...{ gzip: flag(values, 'compress') ?? false, brotli: false },
  };
}

/**
 * What may decide a behaviour's caching: the one policy whose id it has, or while ids are not known, every policy that the
 * behaviours' values come from. Empty where it is a policy of somebody else.
 * @throws Undecided where not even that is known
 */
export function cachingsOf(stack: Stack, distribution: Resource, behaviour: Behaviour): readonly Caching[] {
  const { values } = behaviour;
  const legacy = blocks(values, 'forwardedValues')[0];
  if (legacy) return [forwarded(values, legacy)];
  return policiesOf(stack, distribution, behaviour, {
    field: 'cachePolicyId',
    type: CACHE_POLICY,
    managed: (id) => MANAGED.get(id),
    read: cachingOf,
  });
}

export interface PolicyOfBehaviour<T> {
  /** Property of the behaviour, as `cachePolicyId`. */
  readonly field: string;
  readonly type: string;
  /** AWS's own by its id. */
  readonly managed: (id: string) => T | undefined;
  readonly read: (policy: Resource) => T;
}

/** The same for any policy that a behaviour names by its id. */
export function policiesOf<T>(
  stack: Stack,
  distribution: Resource,
  { values, property }: Behaviour,
  { field, type, managed: own, read }: PolicyOfBehaviour<T>,
): readonly T[] {
  const id = peek(values, field);
  if (id === undefined || id === '') return [];
  const behind = stack.behind(distribution, property, type);
  if (typeof id === 'string') {
    const known = own(id);
    if (known !== undefined) return [known];
    const same = stack.ofType(type).filter((policy) => peek(policy, 'id') === id);
    if (same.length > 0) return same.map(read);
    return behind.length === 1 ? behind.map(read) : [];
  }
  if (behind.length === 0) throw new Undecided(`${property}.${field}`);
  return behind.map(read);
}

/**
 * What is found where one of several is the right one, and nobody knows which: nothing, if one of them is right.
 * Ids are known from the first update on, and then there is one.
 */
export function leastFound<T>(
  candidates: readonly T[],
  judge: (candidate: T) => readonly string[],
): readonly string[] {
  const all = candidates.map(judge);
  return all.reduce((least, each) => (each.length < least.length ? each : least), all[0] ?? []);
}

/** What is found of behaviours by what may decide each. */
export function judgedBy<T>(
  behaviours: readonly Behaviour[],
  candidatesOf: (behaviour: Behaviour) => readonly T[],
  judge: (behaviour: Behaviour, candidate: T) => readonly string[],
): Outcome {
  let looked = 0;
  const findings = among(behaviours, (behaviour) => {
    const candidates = candidatesOf(behaviour);
    looked += candidates.length;
    return leastFound(candidates, (candidate) => judge(behaviour, candidate));
  });
  return looked === 0 ? notApplicable('its policies are not of this program') : found(findings);
}
