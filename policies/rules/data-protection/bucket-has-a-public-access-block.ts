import { compliant, stackRule, violating } from '../../core';

const BLOCK = 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock';

export const bucketHasAPublicAccessBlock = stackRule({
  id: 'bucket-has-a-public-access-block',
  family: 'data-protection',
  title: 'The program keeps public access to every bucket blocked',
  severity: 'medium',
  controls: ['AWS FSBP S3.8', 'CIS AWS v5.0.0 2.1.4'],
  why: 'AWS blocks public access to new buckets, but not to those from before April 2023; and what the program does not say, it does not put back after somebody has turned it off by hand.',
  fix: "new aws.s3.BucketPublicAccessBlock('access', { bucket: bucket.id, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true })",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:s3/bucket:Bucket'],
  check: (bucket, _, stack) =>
    stack.pointingAt(bucket, 'bucket', [BLOCK], ['bucket', 'id']).length > 0
      ? compliant
      : violating('the program does not say that its public access is blocked'),
});
