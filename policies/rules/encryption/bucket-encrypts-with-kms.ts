import { compliant, stackRule, violating } from '../../core';
import { encryptionOf, encryptionRules, usesKms } from './default-encryption';

export const bucketEncryptsWithKms = stackRule({
  id: 'bucket-encrypts-with-kms',
  family: 'encryption',
  title: 'Every bucket encrypts with a key of KMS',
  severity: 'low',
  controls: ['AWS Security Hub S3.17'],
  why: 'S3 encrypts with its own keys by default, which nobody can take away: a key of KMS can be denied, disabled and audited apart from the bucket.',
  fix: `new aws.s3.BucketServerSideEncryptionConfiguration('encryption', { bucket: bucket.id, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.arn }, bucketKeyEnabled: true }] })`,
  levels: { starter: 'disabled', production: 'advisory', regulated: 'mandatory' },
  looksAt: ['aws:s3/bucket:Bucket', 'aws:s3/directoryBucket:DirectoryBucket'],
  check: (bucket, _, stack) =>
    encryptionOf(bucket, stack).flatMap(encryptionRules).some(usesKms)
      ? compliant
      : violating('it encrypts with keys of S3'),
});
