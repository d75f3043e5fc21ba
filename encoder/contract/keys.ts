/**
 * URL paths of the origin and keys of the store. A key is the URL path without the leading slash.
 */

/** A channel's or rendition's id: it is a path segment, a metric label and part of AWS names. */
export const CHANNEL_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
export const RENDITION_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

export const keys = {
  init: (channel: string, rendition: string, hash: string) => `live/${channel}/i/${rendition}/${hash}.mp4`,
  segment: (channel: string, rendition: string, msn: number) => `live/${channel}/s/${rendition}/${msn}.m4s`,
  bundle: (channel: string, msn: number, tick: number) => `edge/${channel}/${msn}/${tick}`,
  claim: (channel: string, msn: number) => `claims/${channel}/${msn}`,
  /** A hint, overwritten, never trusted: claims are the only arbiter. */
  lastClaim: (channel: string) => `claims/${channel}/last`,
} as const;

/** Whether a key is a whole segment's. */
export const isSegmentKey = (key: string): boolean => parsePath(`/${key}`)?.kind === 'segment';

/** Of what never changes under its name: parts, segments and initialisation segments. */
export const IMMUTABLE = 'max-age=86400, immutable';

/**
 * What S3 tells viewers of an object that they read there, as the origin would; undefined of what they don't read. Of the
 * kind of a rendition S3 knows its id alone: those of sound begin with `audio` (custom ladders may call them otherwise,
 * and players go by the playlist).
 */
export function viewerHeaders(
  key: string,
): { readonly CacheControl: string; readonly ContentType: string } | undefined {
  const resource = parsePath(`/${key}`);
  if (resource?.kind !== 'segment' && resource?.kind !== 'init') return undefined;
  const isSound = resource.rendition.startsWith('audio');
  const video = resource.kind === 'init' ? 'video/mp4' : 'video/iso.segment';
  return { CacheControl: IMMUTABLE, ContentType: isSound ? 'audio/mp4' : video };
}

/** URIs as a media playlist at `/live/<channel>/<rendition>.m3u8` lists them. */
export const playlistUris = {
  media: (rendition: string) => `${rendition}.m3u8`,
  init: (rendition: string, hash: string) => `i/${rendition}/${hash}.mp4`,
  segment: (rendition: string, msn: number) => `s/${rendition}/${msn}.m4s`,
  part: (rendition: string, msn: number, part: number) => `p/${rendition}/${msn}.${part}.m4s`,
} as const;

export const multivariantPath = (channel: string): string => `/live/${channel}/index.m3u8`;

export type Resource =
  | { readonly kind: 'multivariant'; readonly channel: string }
  | { readonly kind: 'media'; readonly channel: string; readonly rendition: string }
  | {
      readonly kind: 'part';
      readonly channel: string;
      readonly rendition: string;
      readonly msn: number;
      readonly part: number;
    }
  | { readonly kind: 'segment'; readonly channel: string; readonly rendition: string; readonly msn: number }
  | { readonly kind: 'init'; readonly channel: string; readonly rendition: string; readonly hash: string };

const NAME = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const NUMBER = '(?:0|[1-9][0-9]{0,14})';
const ROUTES: readonly [RegExp, (g: Record<string, string>) => Resource][] = [
  [new RegExp(`^/live/(?<c>${NAME})/index\\.m3u8$`), (g) => ({ kind: 'multivariant', channel: g['c']! })],
  [
    new RegExp(`^/live/(?<c>${NAME})/(?<r>${NAME})\\.m3u8$`),
    (g) => ({ kind: 'media', channel: g['c']!, rendition: g['r']! }),
  ],
  [
    new RegExp(`^/live/(?<c>${NAME})/p/(?<r>${NAME})/(?<m>${NUMBER})\\.(?<p>${NUMBER})\\.m4s$`),
    (g) => ({
      kind: 'part',
      channel: g['c']!,
      rendition: g['r']!,
      msn: Number(g['m']),
      part: Number(g['p']),
    }),
  ],
  [
    new RegExp(`^/live/(?<c>${NAME})/s/(?<r>${NAME})/(?<m>${NUMBER})\\.m4s$`),
    (g) => ({ kind: 'segment', channel: g['c']!, rendition: g['r']!, msn: Number(g['m']) }),
  ],
  [
    new RegExp(`^/live/(?<c>${NAME})/i/(?<r>${NAME})/(?<h>[0-9a-f]{16,64})\\.mp4$`),
    (g) => ({ kind: 'init', channel: g['c']!, rendition: g['r']!, hash: g['h']! }),
  ],
];

/** The resource that a URL path (no query) names, or undefined where it names none. */
export function parsePath(path: string): Resource | undefined {
  if (path.length > 256) return undefined;
  for (const [pattern, build] of ROUTES) {
    const match = pattern.exec(path);
    if (!match) continue;
    const resource = build(match.groups as Record<string, string>);
    if (!CHANNEL_PATTERN.test(resource.channel)) return undefined;
    if ('rendition' in resource && !RENDITION_PATTERN.test(resource.rendition)) return undefined;
    return resource;
  }
  return undefined;
}
