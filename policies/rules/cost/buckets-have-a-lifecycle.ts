import { compliant, itemsOf, peek, stackRule, violating } from '../../core';
import { lifecycleRules } from './lifecycles';

const ENDS = ['expiration', 'noncurrentVersionExpiration', 'transitions', 'noncurrentVersionTransitions'];

export const bucketsHaveALifecycle = stackRule({
  id: 'buckets-have-a-lifecycle',
  family: 'cost',
  title: 'Every bucket expires something, or moves it to a cheaper class',
  severity: 'low',
  controls: ['AWS FSBP S3.13'],
  why: 'What nobody deletes is billed every month: 25 channels of 20 Mbit/s are 5 TB a day.',
  fix: "new aws.s3.BucketLifecycleConfiguration('media', { bucket: bucket.id, rules: [{ id: 'segments', status: 'Enabled', filter: { prefix: 'live/' }, expiration: { days: 7 } }] });",
  levels: { starter: 'advisory', production: 'advisory', regulated: 'advisory' },
  looksAt: ['aws:s3/bucket:Bucket', 'aws:s3/directoryBucket:DirectoryBucket'],
  check: (bucket, _settings, stack) =>
    lifecycleRules(bucket, stack).some((rule) => ENDS.some((end) => itemsOf(peek(rule, end)).length > 0))
      ? compliant
      : violating('no lifecycle rule expires or moves anything'),
});
