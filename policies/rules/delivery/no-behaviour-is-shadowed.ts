import { found, resourceRule } from '../../core';
import { DISTRIBUTION, behavioursOf } from './behaviours';
import { covers } from './globs';

export const noBehaviourIsShadowed = resourceRule({
  id: 'no-behaviour-is-shadowed',
  family: 'delivery',
  title: 'Every behaviour of a distribution can be reached',
  severity: 'high',
  controls: [],
  why: 'CloudFront takes the first pattern that fits. Behind `/live/*` a behaviour of `/live/*.m3u8` is never asked, so playlists are kept as long as segments.',
  fix: 'Put the narrower pattern first in orderedCacheBehaviors.',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  check: (distribution) => {
    const patterns = behavioursOf(distribution)
      .filter(({ property }) => property === 'orderedCacheBehaviors')
      .map(({ pattern }) => pattern);
    return found(
      patterns.flatMap((pattern, n) => {
        const before = patterns.slice(0, n).find((earlier) => covers(earlier, pattern));
        return before === undefined
          ? []
          : [`the behaviour of ${pattern} is never asked, because ${before} comes first and fits as well`];
      }),
    );
  },
});
