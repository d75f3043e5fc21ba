/** How long CloudFront keeps what, and by what it tells answers apart. The runtime's numbers; a test compares. */
import type * as cloudfront from '@pulumi/aws/cloudfront';

/** Seconds. `max` is what an origin's `max-age` is cut to; `standard` is for answers without one. */
export interface CacheSeconds {
  readonly min: number;
  readonly standard: number;
  readonly max: number;
}

/** What is in a cache key besides host and path. */
export interface CacheRule {
  readonly seconds: CacheSeconds;
  readonly queryStrings: readonly string[];
  /**
   * Whether Accept-Encoding is in the key, as CloudFront normalises it (br, gzip or neither), and reaches the origin:
   * texts are compressed, by the origin or by CloudFront. Media is not, so nobody's Accept-Encoding splits its cache.
   */
  readonly isText: boolean;
}

/** Delivery directives of LL-HLS. */
export const DIRECTIVES = ['_HLS_msn', '_HLS_part', '_HLS_skip'] as const;

/** Six target durations: how long the origin lets the answer to a blocking request be kept. */
export const BLOCKING_ANSWER_SECONDS = 24;
/** How long parts, segments and inits are kept: no URL of theirs ever answers differently. */
export const IMMUTABLE_SECONDS = 86_400;
const YEAR_SECONDS = 31_536_000;

/**
 * `min` is 0 throughout: more would keep answers that the origin marks `no-store`. It does not switch compression off:
 * that is so where `max` is 0 as well.
 */
export const CACHE_RULES = {
  multivariant: { seconds: { min: 0, standard: 1, max: 1 }, queryStrings: [], isText: true },
  playlists: {
    seconds: { min: 0, standard: 1, max: BLOCKING_ANSWER_SECONDS },
    queryStrings: DIRECTIVES,
    isText: true,
  },
  media: {
    seconds: { min: 0, standard: IMMUTABLE_SECONDS, max: IMMUTABLE_SECONDS },
    queryStrings: [],
    isText: false,
  },
  videos: { seconds: { min: 0, standard: YEAR_SECONDS, max: YEAR_SECONDS }, queryStrings: [], isText: true },
  manifests: { seconds: { min: 0, standard: 60, max: 3600 }, queryStrings: [], isText: true },
} as const satisfies Record<string, CacheRule>;
/** One of {@link CACHE_RULES}. */
export type CacheName = keyof typeof CACHE_RULES;

/** CloudFront's own policies, by ids that are the same in every account: Developer Guide, "Use managed ... policies". */
export const MANAGED = {
  /** CachingDisabled. */
  noCache: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
  /** AllViewerExceptHostHeader. */
  allButHost: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
  /** SecurityHeadersPolicy. */
  securityHeaders: '67f7725c-6f97-4210-82d7-5512b31e9d03',
} as const;

/** Codes whose answers CloudFront keeps, for 10 s where nothing is said. */
export const ERROR_CODES = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504] as const;

/**
 * Answers of S3 that send CloudFront to the live origin. 403 is an absent key, because CloudFront may not list the
 * bucket; 500 and above are S3 itself out of order or out of reach, when the live origin still has the parts.
 */
export const FAILOVER_CODES = [403, 404, 500, 502, 503, 504] as const;

/** What a page of another origin may read of an answer; `Age` is what players tell the live edge's age by. */
export const EXPOSED_HEADERS = ['Age', 'Content-Length', 'Content-Range', 'Date', 'Server-Timing'] as const;
/** What a page of another origin may send. With cookies a star would be taken literally. */
export const ALLOWED_HEADERS = [
  'Range',
  'CMCD-Request',
  'CMCD-Object',
  'CMCD-Status',
  'CMCD-Session',
] as const;
/** How long a browser keeps the answer to its preflight. */
export const PREFLIGHT_SECONDS = 86_400;

/** Arguments of a cache policy. @param headers that are in the key, besides Accept-Encoding */
export function cachePolicyArgs(
  { seconds, queryStrings, isText }: CacheRule,
  headers: readonly string[] = [],
): Omit<cloudfront.CachePolicyArgs, 'name' | 'comment'> {
  return {
    minTtl: seconds.min,
    defaultTtl: seconds.standard,
    maxTtl: seconds.max,
    parametersInCacheKeyAndForwardedToOrigin: {
      cookiesConfig: { cookieBehavior: 'none' },
      headersConfig:
        headers.length > 0
          ? { headerBehavior: 'whitelist', headers: { items: [...headers].sort() } }
          : { headerBehavior: 'none' },
      queryStringsConfig:
        queryStrings.length > 0
          ? { queryStringBehavior: 'whitelist', queryStrings: { items: [...queryStrings] } }
          : { queryStringBehavior: 'none' },
      enableAcceptEncodingBrotli: isText,
      enableAcceptEncodingGzip: isText,
    },
  };
}
