import { compliant, notApplicable, stackRule } from '../../core';
import { DISTRIBUTION, NOT_LIVE, ON_DEMAND, behaviourName, livePlaylists } from '../delivery/behaviours';
import { cachingsOf, judgedBy, type Caching } from '../delivery/caching';
import { DIRECTIVES, tells } from './playlists';

/** What players send with each request, and which is never the same twice. */
const OF_THE_VIEWER = ['CMCD', 'token', 'session'];

function wrong({ queryStrings }: Caching): readonly string[] {
  if (queryStrings.kind === 'all' || queryStrings.kind === 'allExcept')
    return ['has whatever a viewer adds to the URL'];
  const lacking = DIRECTIVES.filter((name) => !tells(queryStrings, name));
  const many = OF_THE_VIEWER.filter((name) => tells(queryStrings, name));
  return [
    ...(lacking.length > 0 ? [`is without ${lacking.join(', ')}`] : []),
    ...(many.length > 0 ? [`has ${many.join(', ')}, which is different for each viewer`] : []),
  ];
}

export const playlistKeysHaveTheDirectives = stackRule({
  id: 'playlist-keys-have-the-directives',
  family: 'media',
  title:
    'The cache key of media playlists has the delivery directives of low-latency HLS, and nothing of the viewer',
  severity: 'critical',
  controls: [],
  why: 'Without _HLS_msn and _HLS_part in the key a player that asks for the next part gets the answer to the last one, and asks again at once; without _HLS_skip it may get a delta that it cannot read. With more in the key nobody shares an answer.',
  fix: "Write `queryStringsConfig: { queryStringBehavior: 'whitelist', queryStrings: { items: ['_HLS_msn', '_HLS_part', '_HLS_skip'] } }` in the cache policy of media playlists.",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  settings: {
    ...ON_DEMAND,
    lowLatency: { type: 'boolean', default: true, description: 'Whether the channels are low-latency HLS' },
    multivariantNames: {
      type: 'array',
      items: { type: 'string' },
      default: ['index.m3u8', 'master.m3u8', 'main.m3u8', 'multivariant.m3u8'],
      description: 'Names of multivariant playlists, which know no directives',
    },
  },
  check: (distribution, settings, stack) => {
    if (!settings.lowLatency) return notApplicable('its channels are not low-latency');
    const playlists = livePlaylists(distribution, settings).filter(({ pattern }) =>
      pattern.endsWith('.m3u8'),
    );
    if (playlists.length === 0) return notApplicable(NOT_LIVE);
    const media = playlists.filter(
      ({ pattern }) => !settings.multivariantNames.includes(pattern.slice(pattern.lastIndexOf('/') + 1)),
    );
    if (media.length === 0) return compliant;
    return judgedBy(
      media,
      (behaviour) => cachingsOf(stack, distribution, behaviour),
      (behaviour, caching) => wrong(caching).map((what) => `the key of ${behaviourName(behaviour)} ${what}`),
    );
  },
});
