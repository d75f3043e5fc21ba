import { longestHoldSeconds } from '../../../encoder/contract';
import { among, found, notApplicable, number, resourceRule, text, when } from '../../core';
import { DISTRIBUTION, NOT_LIVE, ON_DEMAND, livePlaylists, originIdsOf } from './behaviours';
import { customOf, originName, originsOf, vpcOf } from './origins';

/** Where nothing is said: CloudFront Developer Guide, "Response timeout". */
const CLOUDFRONT_SECONDS = 30;

export const originsOutlastBlockingReload = resourceRule({
  id: 'origins-outlast-blocking-reload',
  family: 'delivery',
  title: 'CloudFront waits longer for a playlist than the origin holds it back',
  severity: 'high',
  controls: [],
  why: 'The origin of a low-latency channel answers when the part is there that was asked for. If CloudFront gives up before, players get 504 in place of the playlist, and ask again.',
  fix: 'Write `originReadTimeout: 30` in customOriginConfig or vpcOriginConfig of the origin of playlists.',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  settings: {
    ...ON_DEMAND,
    holdSeconds: {
      type: 'integer',
      default: longestHoldSeconds(),
      minimum: 1,
      description:
        'The longest that the origin holds a request: for a channel to begin, and then three target durations',
    },
  },
  check: (distribution, settings) => {
    const playlists = livePlaylists(distribution, settings);
    if (playlists.length === 0) return notApplicable(NOT_LIVE);
    const asked = new Set(playlists.flatMap((behaviour) => originIdsOf(distribution, behaviour)));
    return found(
      among(originsOf(distribution), (origin) => {
        const config = customOf(origin) ?? vpcOf(origin);
        if (!config || !asked.has(text(origin, 'originId') ?? '')) return [];
        const waits = number(config, 'originReadTimeout') ?? CLOUDFRONT_SECONDS;
        return when(
          waits <= settings.holdSeconds,
          `${originName(origin)} is given ${waits} s to answer, and may hold a playlist for ${settings.holdSeconds} s`,
        );
      }),
    );
  },
});
