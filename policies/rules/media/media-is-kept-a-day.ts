import { notApplicable, stackRule } from '../../core';
import { DISTRIBUTION, NOT_LIVE, ON_DEMAND, behaviourName, liveMedia } from '../delivery/behaviours';
import { cachingsOf, judgedBy } from '../delivery/caching';

export const mediaIsKeptADay = stackRule({
  id: 'media-is-kept-a-day',
  family: 'media',
  title: 'Parts and segments may be kept for a day',
  severity: 'medium',
  controls: [],
  why: 'No URL of a part or segment ever answers differently. What CloudFront drops early it reads again from S3 or the origin, and that is paid for each time.',
  fix: 'Write `minTtl: 0, defaultTtl: 86400, maxTtl: 86400` in the cache policy of media.',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  settings: {
    ...ON_DEMAND,
    seconds: {
      type: 'integer',
      default: 86_400,
      minimum: 60,
      description: 'How long they may be kept, at least',
    },
  },
  check: (distribution, settings, stack) => {
    const media = liveMedia(distribution, settings);
    if (media.length === 0) return notApplicable(NOT_LIVE);
    return judgedBy(
      media,
      (behaviour) => cachingsOf(stack, distribution, behaviour),
      (behaviour, { defaultTtl, maxTtl }) => {
        const kept = Math.min(defaultTtl, maxTtl);
        return kept < settings.seconds ? [`${behaviourName(behaviour)} keeps media for ${kept} s`] : [];
      },
    );
  },
});
