/** What an edge function is made of, and what is wrong with it. */
import { nearest } from '../../kit/nearest';
import { COUNTRY_CODES } from './countries';
import type {
  Cors,
  CountryParameters,
  DeviceParameters,
  DirectiveParameters,
  HeaderParameters,
  TokenParameters,
} from './functions/types';

/** Steps of a viewer-request function; they run in this order, and the first that answers ends it. */
export interface ViewerRequestParameters {
  /** Whose pages may read the answers that the function itself gives. As the media's own CORS. */
  readonly cors?: Cors;
  readonly country?: CountryParameters;
  readonly token?: TokenParameters;
  readonly directives?: DirectiveParameters;
  readonly device?: DeviceParameters;
}

/** Steps of a viewer-response function. */
export interface ViewerResponseParameters {
  readonly headers: HeaderParameters;
}

/** The steps of each kind of function. */
export interface EdgeParameters {
  readonly 'viewer-request': ViewerRequestParameters;
  readonly 'viewer-response': ViewerResponseParameters;
}

/** When a function runs. A behaviour has at most one function of each. */
export type EdgeEventType = keyof EdgeParameters;

/** What is wrong with a parameter. */
export interface EdgeProblem {
  /** As in `country.block[1]`. */
  readonly path: string;
  readonly value: unknown;
  readonly allowed: string;
  readonly fix: string;
}

/** A function cannot be made; every problem is in the message. */
export class EdgeParametersError extends Error {
  override readonly name = 'EdgeParametersError';
  readonly problems: readonly EdgeProblem[];

  constructor(eventType: EdgeEventType, problems: readonly EdgeProblem[]) {
    const lines = problems.map(
      ({ path, value, allowed, fix }) =>
        `  ${path} is ${JSON.stringify(value) ?? 'absent'}; allowed: ${allowed}; to correct it: ${fix}`,
    );
    super(`the ${eventType} function has bad parameters:\n${lines.join('\n')}`);
    this.problems = problems;
  }
}

const TOKEN = /^[A-Za-z0-9_-]{1,64}$/;
/** RFC 9110 names, in lower case as CloudFront wants them. */
const HEADER_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** What a header's value, a path or a parameter's name can have without being read as something else. */
const PRINTABLE = /^[\x20-\x7e]+$/;
const PATH = /^\/(?:[A-Za-z0-9._~-]+\/)*$/;
const SUFFIX = /^\.[a-z0-9]{1,8}$/;
const QUERY_NAME = /^[A-Za-z0-9._-]{1,64}$/;
/** Headers that CloudFront lets no function set in a viewer-response, or not at all. */
const NOT_SETTABLE =
  /^(?:connection|expect|keep-alive|proxy-.*|trailer|upgrade|x-accel-.*|x-amz-cf-.*|x-amzn-.*|x-cache|x-edge-.*|x-forwarded-proto|x-real-ip|warning|via|transfer-encoding|content-length|content-encoding|set-cookie)$/;

const NAMES = {
  'viewer-request': ['cors', 'country', 'token', 'directives', 'device'],
  'viewer-response': ['headers'],
  cors: ['origins', 'credentials'],
  country: ['block', 'allow', 'fromKey', 'whenUnknown', 'status', 'message'],
  token: ['from', 'name', 'audience', 'revocation', 'leewaySeconds'],
  directives: ['keep'],
  device: ['rewrites'],
  headers: ['cache', 'security'],
} as const;

/** Everything that is wrong; empty where the function can be made. */
export function edgeProblems<E extends EdgeEventType>(
  eventType: E,
  parameters: EdgeParameters[E],
): EdgeProblem[] {
  const found: EdgeProblem[] = [];
  const add = (path: string, value: unknown, allowed: string, fix: string) =>
    found.push({ path, value, allowed, fix });
  nameProblems('', parameters, NAMES[eventType], add);
  const steps: object = parameters;
  for (const [step, value] of Object.entries(steps) as [string, unknown][]) {
    const known = NAMES[step as keyof typeof NAMES] as readonly string[] | undefined;
    if (known && typeof value === 'object' && value !== null) nameProblems(step, value, known, add);
  }
  if (eventType === 'viewer-response') {
    const { headers } = parameters as ViewerResponseParameters;
    if (!headers) add('headers', headers, 'an object', 'say which headers, or make no function');
    else headerProblems(headers, add);
    return found;
  }
  const { cors, country, token, directives, device } = parameters as ViewerRequestParameters;
  if (!country && !token && !directives && !device) {
    add('', parameters, 'one of country, token, directives, device', 'name a step, or make no function');
  }
  if (cors) corsProblems(cors, add);
  if (country) countryProblems(country, add);
  if (token) tokenProblems(token, add);
  (directives?.keep ?? []).forEach((name, i) => {
    if (!QUERY_NAME.test(name) || name.startsWith('_HLS_')) {
      const fix = 'name another parameter; directives stay in any case';
      add(`directives.keep[${i}]`, name, 'letters, digits, dots, dashes; not _HLS_...', fix);
    }
  });
  if (device) deviceProblems(device, add);
  return found;
}

type Add = (path: string, value: unknown, allowed: string, fix: string) => void;

/** Properties that nothing reads are mistakes of spelling. */
function nameProblems(at: string, value: object, known: readonly string[], add: Add): void {
  for (const [name, given] of Object.entries(value)) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    const fix = meant === undefined ? 'correct the name or remove the property' : `write ${meant}`;
    add(at === '' ? name : `${at}.${name}`, given, `the properties ${known.join(', ')}`, fix);
  }
}

function corsProblems({ origins, credentials }: Cors, add: Add): void {
  if (origins === '*') {
    if (credentials) {
      const fix = 'name the origins: browsers refuse * for requests with cookies';
      add('cors.origins', origins, 'a list of origins where credentials is true', fix);
    }
    return;
  }
  if (origins.length === 0) add('cors.origins', origins, "'*' or one origin and more", 'name the origins');
  origins.forEach((origin, i) => {
    if (!isOrigin(origin)) {
      const allowed = 'a scheme and a host, as https://player.example.com, in lower case, without a path';
      add(`cors.origins[${i}]`, origin, allowed, 'write the origin as browsers send it');
    }
  });
}

function isOrigin(text: string): boolean {
  try {
    return new URL(text).origin === text && /^https?:/.test(text);
  } catch {
    return false;
  }
}

function countryProblems({ block, allow, fromKey, status, whenUnknown }: CountryParameters, add: Add): void {
  const given = [block, allow, fromKey].filter((each) => each !== undefined);
  if (given.length !== 1) {
    const value = { block, allow, fromKey };
    add('country', value, 'exactly one of block, allow and fromKey', 'say which countries in one way');
  }
  for (const [name, list] of Object.entries({ block, allow })) {
    if (list?.length === 0)
      add(`country.${name}`, list, 'one code and more', 'name a country or leave the step out');
    list?.forEach((code, i) => {
      if (!COUNTRY_CODES.has(code)) {
        const fix = 'take the code of two capital letters (GB, not UK)';
        add(`country.${name}[${i}]`, code, 'ISO 3166-1 alpha-2', fix);
      }
    });
  }
  if (fromKey !== undefined && !isStoreKey(fromKey)) {
    add('country.fromKey', fromKey, '1 to 512 printable characters', 'name the key of the KeyValueStore');
  }
  if (status !== undefined && status !== 403 && status !== 451)
    add('country.status', status, '403 or 451', 'take one of them');
  if (whenUnknown !== undefined && whenUnknown !== 'allow' && whenUnknown !== 'deny')
    add('country.whenUnknown', whenUnknown, "'allow' or 'deny'", 'take one of them');
}

const isStoreKey = (key: string): boolean => PRINTABLE.test(key) && key.length <= 512;

function tokenProblems({ from, name, leewaySeconds }: TokenParameters, add: Add): void {
  const sources = ['cookie', 'query', 'header'];
  const isList = from === undefined || (from.length > 0 && from.every((each) => sources.includes(each)));
  if (!isList) add('token.from', from, 'some of cookie, query, header', 'say where the token is');
  if (name !== undefined && !TOKEN.test(name))
    add('token.name', name, '1 to 64 letters, digits, dashes and underscores', 'take another name');
  if (
    leewaySeconds !== undefined &&
    !(Number.isInteger(leewaySeconds) && leewaySeconds >= 0 && leewaySeconds <= 300)
  )
    add('token.leewaySeconds', leewaySeconds, 'whole seconds from 0 to 300', 'take 30, or leave it out');
}

function deviceProblems({ rewrites }: DeviceParameters, add: Add): void {
  if (rewrites.length === 0)
    add('device.rewrites', rewrites, 'one and more', 'name a path or leave the step out');
  rewrites.forEach((rewrite, i) => {
    for (const name of ['prefix', 'mobile', 'tablet'] as const) {
      const value = rewrite[name];
      if (value === undefined && name === 'tablet') continue;
      if (value === undefined || !PATH.test(value)) {
        const allowed = 'a path that begins and ends with a slash, as /videos/';
        add(`device.rewrites[${i}].${name}`, value, allowed, 'write the path so');
      }
    }
  });
}

function headerProblems({ cache, security }: HeaderParameters, add: Add): void {
  (cache ?? []).forEach(({ prefix, suffixes, cacheControl }, i) => {
    const at = `headers.cache[${i}]`;
    if (prefix !== undefined && !PATH.test(prefix))
      add(`${at}.prefix`, prefix, 'a path that begins and ends with a slash, as /live/', 'write the path so');
    if (suffixes.length === 0) add(`${at}.suffixes`, suffixes, 'one and more', 'name the ends of paths');
    suffixes.forEach((suffix, j) => {
      if (!SUFFIX.test(suffix) || suffix === '.m3u8' || suffix === '.mpd') {
        const fix = "name media alone: a playlist's age is its origin's to say";
        add(`${at}.suffixes[${j}]`, suffix, 'a dot and 1 to 8 small letters or digits, no playlist', fix);
      }
    });
    if (!PRINTABLE.test(cacheControl))
      add(`${at}.cacheControl`, cacheControl, 'a value of Cache-Control', 'write one');
  });
  for (const [name, value] of Object.entries(security ?? {})) {
    const at = `headers.security.${name}`;
    if (!HEADER_NAME.test(name))
      add(at, value, 'a name of small letters, digits and dashes', 'write the name so');
    else if (NOT_SETTABLE.test(name) || name === 'cache-control')
      add(at, value, 'a header that a function may set; Cache-Control by headers.cache', 'leave it out');
    if (!PRINTABLE.test(value)) add(at, value, 'printable ASCII', 'write such a value');
  }
}
