/** Who may watch, from which pages and countries. */
import type * as pulumi from '@pulumi/pulumi';
import { flag, isObject, isPlain, rule, type InputProblems } from '../../kit';
import { COUNTRY_CODES } from '../edge/countries';
import type { CdnCorsArgs, CdnGeoArgs, CdnSignedAccessArgs, StreamingCdnArgs } from './args';
import { checkPublicKey } from './public-key';
import { ID_FORM, isId, keyGroupId, namesOnly, texts } from './rules';

/** CloudFront Developer Guide, "Quotas": public keys in a key group, and key groups of a behaviour. */
const MAX_KEYS = 5;
const MAX_KEY_GROUPS = 4;

/** Who may watch. */
export interface NormalAccess {
  readonly isPublic: boolean;
  /** Public keys by id. */
  readonly keys: ReadonlyMap<string, pulumi.Input<string>>;
  readonly keyGroupIds: readonly pulumi.Input<string>[];
}

/** Which pages may play. */
export interface NormalCors {
  readonly origins: readonly string[];
  readonly credentials: boolean;
}

/** Which countries are served. */
export interface NormalGeo {
  readonly restrictionType: 'none' | 'whitelist' | 'blacklist';
  readonly locations: readonly string[];
}

const ACCESS_FIX = `write 'public' where everybody may watch, or { keys: { '2026-11': { publicKey } } }`;

export function normalAccess(problems: InputProblems, given: StreamingCdnArgs['access']): NormalAccess {
  const none: NormalAccess = { isPublic: true, keys: new Map(), keyGroupIds: [] };
  if (given === 'public') return none;
  if (!isPlain(given)) {
    problems.add('access', given, { allowed: `'public', or keys of signatures`, fix: ACCESS_FIX });
    return none;
  }
  problems.checkNames('access', given, ['keys', 'keyGroupIds']);
  const { keys: givenKeys, keyGroupIds: givenIds } = given as CdnSignedAccessArgs;
  const keys = normalKeys(problems, givenKeys);
  const keyGroupIds = normalGroups(problems, givenIds, keys.size > 0 ? MAX_KEY_GROUPS - 1 : MAX_KEY_GROUPS);
  if (givenKeys === undefined && givenIds === undefined) {
    problems.add('access', given, {
      because: 'no key: no signature would ever be valid',
      allowed: `'public', or keys of signatures`,
      fix: ACCESS_FIX,
    });
  }
  return { isPublic: false, keys, keyGroupIds };
}

function normalKeys(
  problems: InputProblems,
  given: CdnSignedAccessArgs['keys'],
): Map<string, pulumi.Input<string>> {
  const keys = new Map<string, pulumi.Input<string>>();
  if (given === undefined) return keys;
  const example = `{ '2026-11': { publicKey } }`;
  if (!isObject(problems, 'access.keys', given, example)) return keys;
  const ids = Object.keys(given).sort();
  if (ids.length === 0 || ids.length > MAX_KEYS) {
    const allowed = `1 to ${MAX_KEYS} keys, a limit of CloudFront's`;
    const fix = 'remove those whose signatures have ended';
    problems.add('access.keys', `${ids.length} keys`, { allowed, fix });
  }
  for (const id of ids) {
    const path = `access.keys[${JSON.stringify(id)}]`;
    if (!isId(id)) {
      problems.add(path, id, { because: 'the id', allowed: ID_FORM, fix: 'name it after its month' });
    }
    const key = given[id];
    if (!isPlain(key)) {
      // Without the value: it may be a key.
      problems.add(path, typeof key, { allowed: 'an object', fix: 'write { publicKey }' });
      continue;
    }
    problems.checkNames(path, namesOnly(key), ['publicKey']);
    keys.set(id, checkPublicKey(problems, `${path}.publicKey`, key.publicKey));
  }
  return keys;
}

function normalGroups(
  problems: InputProblems,
  given: readonly pulumi.Input<string>[] = [],
  most: number,
): readonly pulumi.Input<string>[] {
  if (!Array.isArray(given) || given.length > most) {
    const allowed = `a list of at most ${most} ids, a limit of CloudFront's`;
    problems.add('access.keyGroupIds', given, { allowed, fix: 'leave some out' });
    return [];
  }
  return given.map((id: pulumi.Input<string>, n) =>
    problems.check<string>(`access.keyGroupIds[${n}]`, id, keyGroupId),
  );
}

const corsOrigin = rule(
  (value) =>
    typeof value === 'string' &&
    (value === '*' || /^https?:\/\/(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/.test(value)),
  `'*', or an origin as browsers send it: https://www.example.com, https://*.example.com`,
  'leave out path and final slash',
);

export function normalCors(
  problems: InputProblems,
  given: CdnCorsArgs | undefined,
  { isPublic }: NormalAccess,
): NormalCors {
  const args = given ?? {};
  const fallback: NormalCors = { origins: isPublic ? ['*'] : [], credentials: !isPublic };
  if (!isObject(problems, 'cors', args, `{ origins: ['https://www.example.com'] }`)) return fallback;
  problems.checkNames('cors', args, ['origins', 'credentials']);
  if (args.credentials !== undefined) problems.judge('cors.credentials', args.credentials, flag);
  const credentials = args.credentials ?? fallback.credentials;
  const origins = texts(problems, 'cors.origins', args.origins, corsOrigin, fallback.origins);
  if (args.origins === undefined && !isPublic) {
    problems.add('cors.origins', undefined, {
      because: 'access is signed: browsers send cookies only where a page is named',
      allowed: 'the origins of the pages that play',
      fix: `write cors: { origins: ['https://www.example.com'] }`,
    });
  }
  if (credentials && origins.includes('*')) {
    problems.add('cors.origins', origins, {
      because: 'browsers refuse * together with cookies',
      allowed: 'origins by name',
      fix: 'name the pages, or set cors.credentials to false, for signed URLs without cookies',
    });
  }
  return { origins, credentials };
}

const country = rule(
  (value) => COUNTRY_CODES.has(value as string),
  'a country of ISO 3166-1 alpha-2 in capitals, as DE',
  'correct it',
);

export function normalGeo(problems: InputProblems, given: CdnGeoArgs | undefined): NormalGeo {
  const none: NormalGeo = { restrictionType: 'none', locations: [] };
  if (given === undefined || !isObject(problems, 'geo', given, `{ allow: ['DE'] }`)) return none;
  problems.checkNames('geo', given, ['allow', 'block']);
  const { allow, block } = given;
  if ((allow === undefined) === (block === undefined)) {
    const fix = 'write the countries that are served, or those that are not';
    problems.add('geo', given, { allowed: 'one of allow and block', fix });
  }
  const [path, list] = allow === undefined ? ['geo.block', block] : ['geo.allow', allow];
  const locations = texts(problems, path, list, country, []);
  const twice = locations.find((code, n) => locations.indexOf(code) !== n);
  if (twice !== undefined) {
    problems.add(path, twice, { because: 'it is there twice', allowed: 'once', fix: 'remove one' });
  }
  return {
    restrictionType: allow === undefined ? 'blacklist' : 'whitelist',
    locations: [...locations].sort(),
  };
}
