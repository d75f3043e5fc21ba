import { compliant, itemsOf, notApplicable, peek, stackRule, violating } from '../../core';

const LOGGING = 'aws:s3/bucketLogging:BucketLogging';

export const bucketAccessIsLogged = stackRule({
  id: 'bucket-access-is-logged',
  family: 'operations',
  title: 'Who reads and writes a bucket is logged',
  severity: 'low',
  controls: ['AWS FSBP S3.9'],
  why: 'After a leak the log of the bucket is the only list of what was taken.',
  fix: "new aws.s3.BucketLogging('access', { bucket: bucket.id, targetBucket: logs.id, targetPrefix: 'media/' });",
  levels: { starter: 'disabled', production: 'disabled', regulated: 'mandatory' },
  looksAt: ['aws:s3/bucket:Bucket'],
  check: (bucket, _settings, stack) => {
    const own = stack.pointingAt(bucket, 'bucket', [LOGGING], ['bucket', 'id']).length > 0;
    if (own || itemsOf(peek(bucket, 'logging')).length > 0) return compliant;
    return stack.pointingAt(bucket, 'targetBucket', [LOGGING], ['bucket', 'id']).length > 0
      ? notApplicable('it is where others log')
      : violating('access to it is not logged');
  },
});
