import { among, found, notApplicable, resourceRule, texts, when } from '../../core';
import { DISTRIBUTION, NOT_LIVE, ON_DEMAND, behaviourName, liveBehaviours } from './behaviours';

export const livePathsOnlyRead = resourceRule({
  id: 'live-paths-only-read',
  family: 'delivery',
  title: 'Paths of live channels take no request that writes',
  severity: 'medium',
  controls: [],
  why: "What writes is never cached and goes through to the origin each time, and to a bucket it goes with CloudFront's own signature.",
  fix: "Write `allowedMethods: ['GET', 'HEAD', 'OPTIONS']`.",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  settings: ON_DEMAND,
  check: (distribution, settings) => {
    const live = liveBehaviours(distribution, settings);
    if (live.length === 0) return notApplicable(NOT_LIVE);
    return found(
      among(live, (behaviour) => {
        const more = texts(behaviour.values, 'allowedMethods').filter(
          (method) => !['GET', 'HEAD', 'OPTIONS'].includes(method),
        );
        return when(more.length > 0, `${behaviourName(behaviour)} takes ${[...more].sort().join(', ')}`);
      }),
    );
  },
});
