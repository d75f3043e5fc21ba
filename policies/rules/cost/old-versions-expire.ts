import { compliant, flag, itemsOf, notApplicable, peek, stackRule, text, violating } from '../../core';
import { lifecycleRules } from './lifecycles';

const VERSIONING = 'aws:s3/bucketVersioning:BucketVersioning';
const ENDS = ['noncurrentVersionExpiration', 'noncurrentVersionTransitions'];

export const oldVersionsExpire = stackRule({
  id: 'old-versions-expire',
  family: 'cost',
  title: 'A bucket that keeps versions expires the old ones, or moves them to a cheaper class',
  severity: 'medium',
  controls: ['AWS Security Hub S3.10'],
  why: 'In a bucket with versions an expiration or a delete only hides an object: segments that ended last year are billed every month, and no plain listing shows them.',
  fix: "A rule of the aws.s3.BucketLifecycleConfiguration: `{ id: 'versions', status: 'Enabled', filter: {}, noncurrentVersionExpiration: { noncurrentDays: 30 } }`",
  levels: {
    starter: 'advisory',
    production: 'advisory',
    regulated: 'advisory',
  },
  looksAt: ['aws:s3/bucket:Bucket'],
  check: (bucket, _settings, stack) => {
    const keeps =
      flag(bucket, 'versioning.enabled') === true ||
      stack
        .pointingAt(bucket, 'bucket', [VERSIONING], ['bucket', 'id'])
        .some((each) => text(each, 'versioningConfiguration.status') === 'Enabled');
    if (!keeps) return notApplicable('it keeps no versions');
    return lifecycleRules(bucket, stack).some((rule) =>
      ENDS.some((end) => itemsOf(peek(rule, end)).length > 0),
    )
      ? compliant
      : violating('old versions stay in it for ever');
  },
});
