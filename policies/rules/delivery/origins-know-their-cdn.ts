import { found, itemsOf, notApplicable, peek, resourceRule, filled, text } from '../../core';
import { DISTRIBUTION, NOT_LIVE, ON_DEMAND, liveBehaviours, originIdsOf } from './behaviours';
import { customOf, originName, originsOf } from './origins';

export const originsKnowTheirCdn = resourceRule({
  id: 'origins-know-their-cdn',
  family: 'delivery',
  title: 'An origin of live channels is out of reach but for its distribution',
  severity: 'medium',
  controls: [],
  why: 'An origin on the internet that cannot tell CloudFront from others serves anybody, past signatures, countries and the cache, until it can no more.',
  fix: "Put it into a VPC (`vpcOriginConfig`), or give it a secret header: `customHeaders: [{ name: 'x-origin-secret', value: secret }]`, which the origin asks for.",
  levels: { starter: 'disabled', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  settings: ON_DEMAND,
  check: (distribution, settings) => {
    const live = liveBehaviours(distribution, settings);
    if (live.length === 0) return notApplicable(NOT_LIVE);
    const asked = new Set(live.flatMap((behaviour) => originIdsOf(distribution, behaviour)));
    return found(
      originsOf(distribution)
        .filter((origin) => customOf(origin) && asked.has(text(origin, 'originId') ?? ''))
        .filter((origin) => itemsOf(peek(origin, 'customHeaders')).length === 0)
        // A Lambda URL or MediaPackage has a signature in place of a header.
        .filter((origin) => !filled(origin, 'originAccessControlId'))
        .map(
          (origin) => `${originName(origin)} is on the internet, and CloudFront gives it no secret header`,
        ),
    );
  },
});
