import { among, blocks, flag, found, notApplicable, resourceRule, text, when } from '../../core';
import { DISTRIBUTION, NOT_LIVE, ON_DEMAND, liveBehaviours, originIdsOf } from './behaviours';
import { originName, originsOf } from './origins';

export const liveOriginsHaveAShield = resourceRule({
  id: 'live-origins-have-a-shield',
  family: 'delivery',
  title: 'Origins of live channels have an Origin Shield',
  severity: 'low',
  controls: [],
  why: 'Without one each regional cache of CloudFront asks the origin for every part by itself, so its load grows with the places where people watch.',
  fix: "Write `originShield: { enabled: true, originShieldRegion: 'us-east-1' }` with the region that is nearest to the origin.",
  levels: { starter: 'disabled', production: 'advisory', regulated: 'advisory' },
  looksAt: [DISTRIBUTION],
  settings: ON_DEMAND,
  check: (distribution, settings) => {
    const live = liveBehaviours(distribution, settings);
    if (live.length === 0) return notApplicable(NOT_LIVE);
    const asked = new Set(live.flatMap((behaviour) => originIdsOf(distribution, behaviour)));
    return found(
      among(
        originsOf(distribution).filter((origin) => asked.has(text(origin, 'originId') ?? '')),
        (origin) =>
          when(
            !blocks(origin, 'originShield').some((shield) => flag(shield, 'enabled') === true),
            `${originName(origin)} of live channels has no Origin Shield`,
          ),
      ),
    );
  },
});
