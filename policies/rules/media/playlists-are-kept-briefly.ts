import { longestTargetDuration } from '../../../encoder/contract';
import { notApplicable, stackRule } from '../../core';
import { DISTRIBUTION, NOT_LIVE, ON_DEMAND, behaviourName, livePlaylists } from '../delivery/behaviours';
import { cachingsOf, judgedBy } from '../delivery/caching';
import { tellsBlockingRequests } from './playlists';

export const playlistsAreKeptBriefly = stackRule({
  id: 'playlists-are-kept-briefly',
  family: 'media',
  title:
    'Playlists of live channels are kept for half a target duration at most, answers to blocking requests for six',
  severity: 'critical',
  controls: [],
  why: 'A playlist that is kept longer lists segments that players have had: they stall, and then skip. The answer to one blocking request never changes, so it may be kept while anybody still asks for it. A minimum above 0 keeps even what the origin marks no-store.',
  fix: 'Give playlists a cache policy of their own: `minTtl: 0, defaultTtl: 1, maxTtl: 1`, or with _HLS_msn and _HLS_part in the key `maxTtl: 24`.',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  settings: {
    ...ON_DEMAND,
    targetDuration: {
      type: 'integer',
      default: longestTargetDuration(),
      minimum: 1,
      description: 'Seconds of EXT-X-TARGETDURATION',
    },
  },
  check: (distribution, settings, stack) => {
    const playlists = livePlaylists(distribution, settings);
    if (playlists.length === 0) return notApplicable(NOT_LIVE);
    const briefly = settings.targetDuration / 2;
    return judgedBy(
      playlists,
      (behaviour) => cachingsOf(stack, distribution, behaviour),
      (behaviour, caching) => {
        const name = behaviourName(behaviour);
        const most = tellsBlockingRequests(caching) ? 6 * settings.targetDuration : briefly;
        const { minTtl, defaultTtl, maxTtl } = caching;
        return [
          ...(minTtl > 0
            ? [`${name} keeps playlists for at least ${minTtl} s, whatever the origin says`]
            : []),
          ...(maxTtl > most ? [`${name} keeps playlists for up to ${maxTtl} s, of ${most}`] : []),
          ...(Math.min(defaultTtl, maxTtl) > briefly && maxTtl <= most
            ? [
                `${name} keeps a playlist without max-age for ${Math.min(defaultTtl, maxTtl)} s, of ${briefly}`,
              ]
            : []),
        ];
      },
    );
  },
});
