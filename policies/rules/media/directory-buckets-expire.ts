import { compliant, stackRule, violating } from '../../core';
import { expires, lifecycleRules } from './lifecycles';

export const directoryBucketsExpire = stackRule({
  id: 'directory-buckets-expire',
  family: 'media',
  title: 'What is in a directory bucket expires',
  severity: 'medium',
  controls: ['AWS FSBP S3.25'],
  why: 'S3 Express One Zone is for the seconds at the live edge, and costs nearly five times as much a gigabyte as S3 Standard: what is forgotten there is paid for by the month.',
  fix: "Make `new aws.s3.BucketLifecycleConfiguration('edge', { bucket: directory.bucket, rules: [{ id: 'bundles', status: 'Enabled', filter: { prefix: 'edge/' }, expiration: { days: 1 } }] })`.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:s3/directoryBucket:DirectoryBucket'],
  check: (bucket, _settings, stack) =>
    lifecycleRules(bucket, stack).some(expires) ? compliant : violating('nothing in it ever expires'),
});
