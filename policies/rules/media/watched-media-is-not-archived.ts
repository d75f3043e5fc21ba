import { blocks, found, notApplicable, stackRule, text } from '../../core';
import { BUCKET, isRead } from './cdn';
import { lifecycleRules } from './lifecycles';

const TIERING = 'aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration';
/** Classes whose objects have to be restored before they can be read: S3 User Guide, "Understanding archived objects". */
const ARCHIVES = ['GLACIER', 'DEEP_ARCHIVE'];
const ARCHIVE_TIERS = ['ARCHIVE_ACCESS', 'DEEP_ARCHIVE_ACCESS'];

export const watchedMediaIsNotArchived = stackRule({
  id: 'watched-media-is-not-archived',
  family: 'media',
  title: 'What CloudFront reads is never moved where it has to be restored first',
  severity: 'high',
  controls: [],
  why: 'S3 answers a request for an archived object with 403, and takes minutes to two days to restore it: the video is in the catalogue, and does not play.',
  fix: "Write `storageClass: 'GLACIER_IR'` or 'INTELLIGENT_TIERING' without archive tiers, or keep masters in a bucket that no distribution reads.",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [BUCKET],
  check: (bucket, _settings, stack) => {
    if (!isRead(bucket, stack)) return notApplicable('CloudFront does not read it');
    const classes = lifecycleRules(bucket, stack)
      .flatMap((rule) => blocks(rule, 'transitions'))
      .flatMap((transition) => text(transition, 'storageClass') ?? []);
    const tiers = stack
      .pointingAt(bucket, 'bucket', [TIERING], ['bucket', 'id'])
      .filter((configuration) => text(configuration, 'status') !== 'Disabled')
      .flatMap((configuration) => blocks(configuration, 'tierings'))
      .flatMap((tiering) => text(tiering, 'accessTier') ?? []);
    return found([
      ...ARCHIVES.filter((each) => classes.includes(each)).map(
        (each) => `objects of it are moved to ${each}`,
      ),
      ...ARCHIVE_TIERS.filter((each) => tiers.includes(each)).map(
        (each) => `objects of it are moved to the tier ${each}`,
      ),
    ]);
  },
});
