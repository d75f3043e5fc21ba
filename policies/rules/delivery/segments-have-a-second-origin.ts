import { found, notApplicable, resourceRule, text } from '../../core';
import { DISTRIBUTION, ON_DEMAND, behaviourName, liveMedia } from './behaviours';
import { isBucket, originsOf } from './origins';

export const segmentsHaveASecondOrigin = resourceRule({
  id: 'segments-have-a-second-origin',
  family: 'delivery',
  title: 'Segments of live channels that a bucket has not got come from another origin',
  severity: 'medium',
  controls: ['AWS FSBP CloudFront.4'],
  why: 'A segment is in the bucket some time after its last part was played: until then, and whenever S3 is out of order, only the live origin has it.',
  fix: "Write `originGroups: [{ originId: 'segments-or-live', failoverCriteria: { statusCodes: [403, 404, 500, 502, 503, 504] }, members: [{ originId: 'segments' }, { originId: 'live' }] }]`, and `targetOriginId: 'segments-or-live'`.",
  levels: { starter: 'disabled', production: 'advisory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  settings: ON_DEMAND,
  check: (distribution, settings) => {
    const media = liveMedia(distribution, settings);
    const buckets = originsOf(distribution).filter(isBucket);
    const ids = new Set(buckets.map((origin) => text(origin, 'originId')));
    if (media.length === 0 || ids.size === 0) return notApplicable('it reads no live channel from a bucket');
    return found(
      media
        .filter(({ values }) => ids.has(text(values, 'targetOriginId')))
        .map((behaviour) => `${behaviourName(behaviour)} asks a bucket alone`),
    );
  },
});
