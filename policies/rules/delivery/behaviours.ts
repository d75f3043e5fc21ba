/** Behaviours of a distribution, and which of them are for what. */
import { blocks, text, texts, type Resource, type Values } from '../../core';
import { covers } from './globs';

export const DISTRIBUTION = 'aws:cloudfront/distribution:Distribution';

export interface Behaviour {
  /** Its path pattern; `*` for the default one. */
  readonly pattern: string;
  readonly values: Values;
  /** Property of the distribution that it stands in. */
  readonly property: 'defaultCacheBehavior' | 'orderedCacheBehaviors';
}

/** In the order in which CloudFront tries them. */
export const behavioursOf = (distribution: Resource): readonly Behaviour[] => [
  ...blocks(distribution, 'orderedCacheBehaviors').map((values): Behaviour => ({
    pattern: text(values, 'pathPattern') ?? '*',
    values,
    property: 'orderedCacheBehaviors',
  })),
  ...blocks(distribution, 'defaultCacheBehavior').map((values): Behaviour => ({
    pattern: '*',
    values,
    property: 'defaultCacheBehavior',
  })),
];

/** As findings begin. */
export const behaviourName = ({ property, pattern }: Behaviour): string =>
  property === 'defaultCacheBehavior' ? 'the default behaviour' : `the behaviour of ${pattern}`;

/** A setting of rules that tell live paths from others. */
export const ON_DEMAND = {
  onDemandPaths: {
    type: 'array',
    items: { type: 'string' },
    default: ['/videos/*', '/vod/*'],
    description: 'Path patterns of videos on demand: what is below them is no live channel',
  },
} as const;

interface OnDemand {
  readonly onDemandPaths: readonly string[];
}

const isLive = (pattern: string, { onDemandPaths }: OnDemand): boolean =>
  !onDemandPaths.some((path) => covers(path, pattern));

const PLAYLIST = /\.(?:m3u8|mpd)$/i;
const MEDIA = /\.(?:m4s|mp4|cmf[vat]|m4[av]|ts|aac)$/i;

/** Behaviours of playlists of live channels: their patterns end as playlists do. */
export const livePlaylists = (distribution: Resource, settings: OnDemand): readonly Behaviour[] =>
  behavioursOf(distribution).filter(({ pattern }) => PLAYLIST.test(pattern) && isLive(pattern, settings));

/** Behaviours of parts, segments and initialisation segments of live channels. */
export const liveMedia = (distribution: Resource, settings: OnDemand): readonly Behaviour[] =>
  behavioursOf(distribution).filter(({ pattern }) => MEDIA.test(pattern) && isLive(pattern, settings));

export const liveBehaviours = (distribution: Resource, settings: OnDemand): readonly Behaviour[] => [
  ...livePlaylists(distribution, settings),
  ...liveMedia(distribution, settings),
];

/** Why a rule of live paths has nothing to say of a distribution. */
export const NOT_LIVE = 'no behaviour of it is for playlists or media of live channels';

/** Ids of the origins that a behaviour's answers come from: its own, or the members of its group. */
export function originIdsOf(distribution: Resource, { values }: Behaviour): readonly string[] {
  const target = text(values, 'targetOriginId') ?? '';
  const group = blocks(distribution, 'originGroups').find((each) => text(each, 'originId') === target);
  return group ? blocks(group, 'members').flatMap((member) => texts(member, 'originId')) : [target];
}
