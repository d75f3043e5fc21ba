/** Which path goes where: the behaviours of a distribution, in the order in which CloudFront tries them. */

/** What a behaviour is for; each has a cache policy of its own, but parts, segments and inits, which never change. */
export type CdnRouteKind =
  'multivariant' | 'playlist' | 'part' | 'segment' | 'init' | 'videoManifest' | 'video' | 'api';

/** The origins of a distribution, and the group of two. */
export const ORIGIN_IDS = {
  live: 'live',
  segments: 'segments',
  /** Segments from S3; what is not there, from the live origin. */
  segmentsOrLive: 'segments-or-live',
  videos: 'videos',
  api: 'api',
} as const;
/** One of {@link ORIGIN_IDS}. */
export type CdnOriginId = (typeof ORIGIN_IDS)[keyof typeof ORIGIN_IDS];

/** A path pattern and what becomes of it. */
export interface CdnRoute {
  readonly kind: CdnRouteKind;
  /** `*` is any number of characters, slashes too; nothing else here has a meaning of its own. */
  readonly pattern: string;
  readonly originId: CdnOriginId;
  /** Whether it asks for no signature where the others do. */
  readonly isPublic: boolean;
}

/** CloudFront's quota of behaviours a distribution, the default one among them. */
export const MAX_BEHAVIORS = 75;

/**
 * The URLs of a channel. A star takes slashes too, so the order and the ends matter: a rendition may be called `s`, and
 * its parts are parts (`/p/s/12.3.m4s`: two dots), and the segments of one called `p` are segments (`/s/p/12.m4s`: one).
 */
const LIVE: readonly (readonly [CdnRouteKind, tail: string, CdnOriginId])[] = [
  ['multivariant', 'index.m3u8', ORIGIN_IDS.live],
  ['playlist', '*.m3u8', ORIGIN_IDS.live],
  ['part', 'p/*.*.m4s', ORIGIN_IDS.live],
  ['segment', 's/*.m4s', ORIGIN_IDS.segmentsOrLive],
  ['init', 'i/*.mp4', ORIGIN_IDS.segmentsOrLive],
];

const liveRoutes = (channel: string, isPublic: boolean): readonly CdnRoute[] =>
  LIVE.map(([kind, tail, originId]) => ({ kind, pattern: `/live/${channel}/${tail}`, originId, isPublic }));

/** What the routes depend on. */
export interface CdnRouting {
  /** Whether nothing asks for a signature. */
  readonly isPublic: boolean;
  /** Channels that ask for none where others do. */
  readonly publicChannels: readonly string[];
  /** Absent: no such route. */
  readonly videos?: { readonly isPublic: boolean } | undefined;
  readonly hasApi: boolean;
}

/** All but the default behaviour. Exceptions come first: CloudFront takes the first pattern that fits. */
export function routesOf({ isPublic, publicChannels, videos, hasApi }: CdnRouting): readonly CdnRoute[] {
  const exceptions = isPublic ? [] : [...publicChannels].sort().flatMap((id) => liveRoutes(id, true));
  const ofVideos = (kind: CdnRouteKind, pattern: string): CdnRoute => ({
    ...{ kind, pattern, originId: ORIGIN_IDS.videos },
    isPublic: isPublic || videos?.isPublic === true,
  });
  return [
    ...exceptions,
    ...liveRoutes('*', isPublic),
    ...(videos
      ? [
          ofVideos('videoManifest', '/videos/*.m3u8'),
          ofVideos('videoManifest', '/videos/*.mpd'),
          ofVideos('video', '/videos/*'),
        ]
      : []),
    ...(hasApi
      ? [{ kind: 'api', pattern: '/api/*', originId: ORIGIN_IDS.api, isPublic: true } as const]
      : []),
  ];
}
