/** Arguments as given -> what the component works with, once, or everything that is wrong with them. */
import type * as pulumi from '@pulumi/pulumi';
import { CHANNEL_PATTERN, DEFAULT_PROFILE, PROFILES } from '../../../encoder/contract';
import {
  ENVIRONMENTS,
  InputProblems,
  PROTECTION,
  checkTags,
  flag,
  isObject,
  isPlain,
  matching,
  oneOf,
  optional,
  rule,
  type Tags,
} from '../../kit';
import { normalAlarms, type NormalCdnAlarms } from './alarms';
import {
  CDN_ARGUMENTS,
  CDN_TRANSFORMS,
  type CdnDomainArgs,
  type StreamingCdnArgs,
  type StreamingCdnTransforms,
} from './args';
import {
  normalAccess,
  normalCors,
  normalGeo,
  type NormalAccess,
  type NormalCors,
  type NormalGeo,
} from './normal-access';
import { normalFunctions, type NormalFunction } from './normal-functions';
import { normalLoad, type NormalLoad } from './normal-load';
import { normalLogs, normalRealtime, type NormalLogs, type NormalRealtime } from './normal-logs';
import {
  normalApi,
  normalOrigin,
  normalStore,
  normalVideos,
  type NormalOrigin,
  type NormalStore,
  type NormalVideos,
} from './normal-origins';
import { normalStaged, type NormalStaged } from './normal-staged';
import { MAX_BEHAVIORS, routesOf, type CdnRoute } from './routes';
import { ANSWERED, judgeOf, certificateArn, hostName, webAclArn, zoneId } from './rules';
import { SHIELD_REGIONS } from './shield';

/** Arguments, checked, with their defaults. */
export interface NormalCdn {
  readonly origin: NormalOrigin;
  readonly store: NormalStore;
  readonly readers: string;
  readonly load: NormalLoad;
  readonly access: NormalAccess;
  readonly routes: readonly CdnRoute[];
  readonly videos: NormalVideos | undefined;
  readonly api: NormalOrigin | undefined;
  readonly http3: boolean;
  readonly staged: NormalStaged | undefined;
  /** Undefined: that of the bucket. */
  readonly originShield: pulumi.Input<string> | false | undefined;
  readonly errorCachingSeconds: 0 | 1 | undefined;
  readonly cors: NormalCors;
  readonly geo: NormalGeo;
  readonly webAclArn: pulumi.Input<string> | undefined;
  readonly domain: CdnDomainArgs | undefined;
  readonly priceClass: string;
  readonly logs: NormalLogs | undefined;
  readonly realtimeLogs: NormalRealtime | undefined;
  readonly additionalMetrics: boolean;
  readonly alarms: NormalCdnAlarms | undefined;
  readonly functions: ReadonlyMap<string, NormalFunction>;
  readonly protect: boolean;
  readonly tags: Tags;
}

const PRICE_CLASSES = ['PriceClass_All', 'PriceClass_200', 'PriceClass_100'];

const readersRule = rule(
  matching(/^[a-z][a-z0-9-]{0,9}$/),
  '1 to 10 of a-z, 0-9 and hyphens, a letter first',
  'give what storeReaders was given as its prefix',
);
const shieldRule = rule(
  (value) => SHIELD_REGIONS.includes(value as string),
  `${SHIELD_REGIONS.join(', ')}, or false`,
  'choose the one that is nearest to the origin',
);

/** As errors name the component. */
export const ownerOf = (name: string): string => `StreamingCdn ${JSON.stringify(name)}`;

/**
 * @param owner as errors name it
 * @throws pulumi.InputPropertiesError with everything that can be seen now
 */
export function normalise(
  owner: string,
  given: StreamingCdnArgs,
  transform: StreamingCdnTransforms = {},
): NormalCdn {
  const problems = new InputProblems(owner);
  const example = '{ origin, store, channels, access, viewers, averageMbps }';
  const args = (isObject(problems, 'args', given, example) ? given : {}) as StreamingCdnArgs;
  problems.checkNames('', args, CDN_ARGUMENTS);
  if (isObject(problems, 'transform', transform, `{ distribution: { comment: 'live' } }`)) {
    problems.checkNames('transform', transform, CDN_TRANSFORMS);
  }
  const { environment = 'prod', profile = DEFAULT_PROFILE, priceClass = 'PriceClass_All' } = args;
  problems.judge('environment', environment, oneOf(ENVIRONMENTS));
  problems.judge('profile', profile, oneOf(PROFILES));
  problems.judge('priceClass', priceClass, oneOf(PRICE_CLASSES));
  const { readers = 'cdn', additionalMetrics = false, errorCachingSeconds } = args;
  problems.judge('readers', readers, readersRule);
  problems.judge('additionalMetrics', additionalMetrics, flag);
  if (errorCachingSeconds !== undefined) {
    problems.judge('errorCachingSeconds', errorCachingSeconds, oneOf([0, 1]));
  }
  const origin = normalOrigin(problems, 'origin', args.origin, 'an LlHlsOrigin, or { domainName }');
  const store = normalStore(problems, 'store', args.store);
  const access = normalAccess(problems, args.access);
  const load = normalLoad(problems, args, PROFILES.includes(profile) ? profile : DEFAULT_PROFILE);
  const videos = normalVideos(problems, args.videos);
  const api = normalApi(problems, args.api);
  const staged = normalStaged(problems, args.stagedDeployment);
  const functions = normalFunctions(problems, args.functions, {
    videos: videos !== undefined,
    api: api !== undefined,
  });
  checkCounts(problems, load.distributions, origin.vpcOriginId !== undefined, staged !== undefined);
  const normal: NormalCdn = {
    ...{ origin, store, readers, load, access, videos, api, staged, functions },
    routes: normalRoutes(problems, args, access, videos, api !== undefined),
    http3: normalHttp3(problems, args),
    originShield: normalShield(problems, args.originShield),
    errorCachingSeconds,
    cors: normalCors(problems, args.cors, access),
    geo: normalGeo(problems, args.geo),
    webAclArn: optional(
      problems,
      'webAclArn',
      args.webAclArn,
      judgeOf(args.webAclArn, webAclArn, ANSWERED.webAcl),
    ),
    domain: normalDomain(problems, args.domain),
    priceClass,
    logs: normalLogs(problems, args.logs, access.isPublic),
    realtimeLogs: normalRealtime(problems, args.realtimeLogs, access.isPublic),
    additionalMetrics,
    alarms: normalAlarms(problems, args.alarms),
    protect: (PROTECTION[environment] ?? PROTECTION.prod).protect,
    tags: checkTags(problems, args.tags),
  };
  problems.throwIfAny();
  return normal;
}

/** CloudFront Developer Guide, "Quotas": distributions of a VPC origin, staging distributions of an account. */
const MAX_OF_VPC_ORIGIN = 50;
const MAX_STAGING = 20;

function checkCounts(problems: InputProblems, count: number, isVpc: boolean, isStaged: boolean): void {
  const all = isStaged ? 2 * count : count;
  if (isVpc && all > MAX_OF_VPC_ORIGIN) {
    problems.add('distributions', count, {
      because: `${all} distributions of one VPC origin`,
      allowed: `at most ${MAX_OF_VPC_ORIGIN} distributions of a VPC origin`,
      fix: 'have the quotas of a distribution raised, or give some channels an origin and a StreamingCdn of their own',
    });
  }
  if (isStaged && count > MAX_STAGING) {
    problems.add('stagedDeployment', `${count} staging distributions`, {
      allowed: `at most ${MAX_STAGING} of an account`,
      fix: 'try the change on a StreamingCdn of fewer distributions',
    });
  }
}

function normalRoutes(
  problems: InputProblems,
  { channels }: StreamingCdnArgs,
  { isPublic }: NormalAccess,
  videos: { readonly isPublic: boolean } | undefined,
  hasApi: boolean,
): readonly CdnRoute[] {
  const publicChannels = isPlain(channels)
    ? Object.entries(channels)
        .filter(([id, channel]) => CHANNEL_PATTERN.test(id) && isPlain(channel) && channel['public'] === true)
        .map(([id]) => id)
    : [];
  const routes = routesOf({ isPublic, publicChannels, videos, hasApi });
  // The default behaviour is one of them.
  if (routes.length + 1 > MAX_BEHAVIORS) {
    const own = routesOf({ isPublic, publicChannels: [], videos, hasApi }).length + 1;
    const each = (routes.length + 1 - own) / publicChannels.length;
    problems.add('channels', `${publicChannels.length} public channels`, {
      because: `each is ${each} behaviours, ${routes.length + 1} in all`,
      allowed: `${MAX_BEHAVIORS} behaviours a distribution: ${Math.floor((MAX_BEHAVIORS - own) / each)} public channels`,
      fix: 'give the public channels a StreamingCdn of their own',
    });
  }
  return routes;
}

function normalHttp3(problems: InputProblems, { http3, stagedDeployment }: StreamingCdnArgs): boolean {
  if (http3 !== undefined) problems.judge('http3', http3, flag);
  if (http3 === true && stagedDeployment !== undefined) {
    problems.add('http3', http3, {
      because: 'stagedDeployment is given, and CloudFront has no continuous deployment with HTTP/3',
      allowed: 'one of the two',
      fix: 'set http3 to false while the change is tried, or leave out stagedDeployment',
    });
  }
  return http3 ?? stagedDeployment === undefined;
}

function normalShield(
  problems: InputProblems,
  given: StreamingCdnArgs['originShield'],
): NormalCdn['originShield'] {
  return given === undefined || given === false
    ? given
    : problems.check<string>('originShield', given, shieldRule);
}

function normalDomain(problems: InputProblems, given: CdnDomainArgs | undefined): CdnDomainArgs | undefined {
  const example = `{ name: 'live.example.com', zoneId }`;
  if (given === undefined || !isObject(problems, 'domain', given, example)) return undefined;
  problems.checkNames('domain', given, ['name', 'zoneId', 'certificateArn']);
  problems.judge('domain.name', given.name, hostName);
  const judge = judgeOf(given.certificateArn, certificateArn, ANSWERED.certificate);
  const certificate = optional(problems, 'domain.certificateArn', given.certificateArn, judge);
  return {
    name: given.name,
    zoneId: problems.check<string>('domain.zoneId', given.zoneId, zoneId),
    ...(certificate !== undefined && { certificateArn: certificate }),
  };
}
