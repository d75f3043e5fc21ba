/** Where answers come from. */
import type * as pulumi from '@pulumi/pulumi';
import { longestHoldSeconds } from '../../../encoder/contract';
import { flag, isObject, isPlain, matching, rule, type InputProblems } from '../../kit';
import type { CdnApiArgs, CdnVideosArgs } from './args';
import type { CdnBucket, CdnOrigin, CdnSegmentStore } from './neighbours';
import {
  ANSWERED,
  judgeOf,
  bucketArn,
  bucketDomainName,
  hostName,
  texts,
  wholeNumber,
  namesOnly,
} from './rules';

/** An origin, checked. */
export interface NormalOrigin {
  /** Absent: an origin on the internet. */
  readonly vpcOriginId: pulumi.Input<string> | undefined;
  readonly domainName: pulumi.Input<string>;
  readonly readTimeoutSeconds: number;
  readonly keepaliveTimeoutSeconds: number;
  readonly headers: Readonly<Record<string, pulumi.Input<string>>>;
}

/** A bucket, checked. */
export interface NormalStore {
  readonly domainName: pulumi.Input<string>;
  /** Absent where the store's own method lets distributions read. */
  readonly bucketArn: pulumi.Input<string> | undefined;
  /** Absent where the bucket is somebody else's. */
  readonly store: CdnSegmentStore | undefined;
}

/** How long the live origin holds a request at the most. */
export const LONGEST_HOLD_SECONDS = longestHoldSeconds();
/** CloudFront Developer Guide, "Quotas": origin response timeout, and origin keep-alive timeout. */
const MOST_SECONDS = 120;
/** For origins on the internet that say nothing: CloudFront's own, and shorter than the runtime's 75. */
export const DEFAULT_TIMEOUTS = { readTimeoutSeconds: 30, keepaliveTimeoutSeconds: 60 } as const;

const HEADER = matching(/^[A-Za-z0-9-]{1,64}$/);
/** CloudFront Developer Guide, "Custom headers that CloudFront can't add to origin requests". */
const RESERVED_HEADER =
  /^(?:x-amz-.*|x-edge-.*|cache-control|connection|content-length|cookie|host|if-.*|max-forwards|origin|pragma|proxy-.*|range|request-range|te|trailer|transfer-encoding|upgrade|via|x-real-ip)$/i;

const FALLBACK: NormalOrigin = {
  ...{ vpcOriginId: undefined, domainName: '', headers: {} },
  ...DEFAULT_TIMEOUTS,
};

const vpcOriginId = rule(matching(/^[A-Za-z0-9_-]+$/), 'the id of a VPC origin', 'give its id, not its ARN');
/** A load balancer's name has capitals where its own name has. */
const originName = rule(
  (value) => typeof value === 'string' && hostName(value.toLowerCase()) === undefined,
  'a domain name, as origin.example.com',
  'give the name alone, without https:// and path',
);

/** @param example of what is allowed */
export function normalOrigin(
  problems: InputProblems,
  path: string,
  given: CdnOrigin,
  example: string,
): NormalOrigin {
  if (typeof given !== 'object' || given === null || !('domainName' in given)) {
    // Its headers may be secrets.
    const shown = isPlain(given) ? namesOnly(given) : given;
    problems.add(path, shown, { allowed: example, fix: 'give the component, or write { domainName }' });
    return FALLBACK;
  }
  const isVpc = 'vpcOriginId' in given;
  if (!isVpc && isPlain(given)) {
    const known = ['domainName', 'readTimeoutSeconds', 'keepaliveTimeoutSeconds', 'headers'];
    problems.checkNames(path, namesOnly(given), known);
  }
  const { readTimeoutSeconds = DEFAULT_TIMEOUTS.readTimeoutSeconds } = given;
  const { keepaliveTimeoutSeconds = DEFAULT_TIMEOUTS.keepaliveTimeoutSeconds } = given;
  const longer = wholeNumber(LONGEST_HOLD_SECONDS + 1, MOST_SECONDS, ' of seconds');
  problems.judge(`${path}.readTimeoutSeconds`, readTimeoutSeconds, longer);
  const kept = wholeNumber(1, MOST_SECONDS, ' of seconds');
  problems.judge(`${path}.keepaliveTimeoutSeconds`, keepaliveTimeoutSeconds, kept);
  return {
    vpcOriginId: isVpc
      ? problems.check<string>(`${path}.vpcOriginId`, given.vpcOriginId, vpcOriginId)
      : undefined,
    domainName: problems.check<string>(
      `${path}.domainName`,
      given.domainName,
      judgeOf(given.domainName, originName, ANSWERED.host),
    ),
    readTimeoutSeconds,
    keepaliveTimeoutSeconds,
    headers: isVpc ? {} : normalHeaders(problems, path, given.headers),
  };
}

/** Names alone are judged: values are secrets. */
function normalHeaders(
  problems: InputProblems,
  path: string,
  given: Readonly<Record<string, pulumi.Input<string>>> = {},
): Readonly<Record<string, pulumi.Input<string>>> {
  if (!isPlain(given)) {
    problems.add(`${path}.headers`, typeof given, {
      allowed: 'an object',
      fix: `write { 'X-From': secret }`,
    });
    return {};
  }
  for (const name of Object.keys(given)) {
    if (HEADER(name) && !RESERVED_HEADER.test(name)) continue;
    problems.add(`${path}.headers`, name, {
      because: 'the name',
      allowed: 'letters, digits and hyphens, and none of those that CloudFront sets',
      fix: 'take another, as X-Origin-Key',
    });
  }
  return given;
}

export function normalStore(
  problems: InputProblems,
  path: string,
  given: CdnSegmentStore | CdnBucket,
): NormalStore {
  if (typeof given === 'object' && given !== null && 'grantCloudFrontRead' in given) {
    const name = given.generalBucketDomainName;
    const domainName = problems.check<string>(`${path}.generalBucketDomainName`, name, bucketDomainName);
    return { domainName, bucketArn: undefined, store: given };
  }
  return { ...normalBucket(problems, path, given), store: undefined };
}

function normalBucket(problems: InputProblems, path: string, given: CdnBucket): Omit<NormalStore, 'store'> {
  if (typeof given !== 'object' || given === null || !('bucketRegionalDomainName' in given)) {
    problems.add(path, given, {
      allowed: `${path === 'store' ? 'a TieredSegmentStore, or ' : ''}{ bucketArn, bucketRegionalDomainName }`,
      fix: 'give one of them',
    });
    return { domainName: '', bucketArn: undefined };
  }
  if (isPlain(given)) problems.checkNames(path, given, ['bucketArn', 'bucketRegionalDomainName']);
  return {
    domainName: problems.check<string>(
      `${path}.bucketRegionalDomainName`,
      given.bucketRegionalDomainName,
      bucketDomainName,
    ),
    bucketArn: problems.check<string>(`${path}.bucketArn`, given.bucketArn, bucketArn),
  };
}

/** Videos on demand, checked. */
export interface NormalVideos {
  readonly bucket: NormalStore;
  readonly isPublic: boolean;
  readonly cacheKeyHeaders: readonly string[];
}

/** CloudFront Developer Guide, "Quotas on policies". */
const MAX_KEY_HEADERS = 10;
/** Of these nearly every viewer has another value, or AWS refuses them in a key. */
const NEVER_IN_KEY =
  /^(?:accept|accept-encoding|cookie|host|referer|user-agent|x-forwarded-for|cloudfront-viewer-address)$/i;

const keyHeader = rule(
  (value) => HEADER(value) && !NEVER_IN_KEY.test(value as string),
  'the name of a header of few values, as CloudFront-Is-Mobile-Viewer',
  'leave it out: a cache key with it would never be asked for twice',
);

export function normalVideos(
  problems: InputProblems,
  given: CdnVideosArgs | undefined,
): NormalVideos | undefined {
  if (given === undefined || !isObject(problems, 'videos', given, '{ bucket }')) return undefined;
  problems.checkNames('videos', given, ['bucket', 'public', 'cacheKeyHeaders']);
  const { bucket, public: isPublic = false } = given;
  problems.judge('videos.public', isPublic, flag);
  const path = 'videos.cacheKeyHeaders';
  const cacheKeyHeaders = texts(problems, path, given.cacheKeyHeaders, keyHeader, []);
  if (cacheKeyHeaders.length > MAX_KEY_HEADERS) {
    const allowed = `at most ${MAX_KEY_HEADERS}, a limit of CloudFront's`;
    problems.add(path, `${cacheKeyHeaders.length} headers`, { allowed, fix: 'leave some out' });
  }
  const normal = { ...normalBucket(problems, 'videos.bucket', bucket), store: undefined };
  return { bucket: normal, isPublic, cacheKeyHeaders };
}

export function normalApi(problems: InputProblems, given: CdnApiArgs | undefined): NormalOrigin | undefined {
  if (given === undefined || !isObject(problems, 'api', given, '{ origin }')) return undefined;
  problems.checkNames('api', given, ['origin']);
  return normalOrigin(problems, 'api.origin', given.origin, 'an origin in a VPC, or { domainName }');
}
