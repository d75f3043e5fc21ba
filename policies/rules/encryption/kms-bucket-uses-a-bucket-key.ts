import {
  flag,
  found,
  isPlain,
  isValues,
  notApplicable,
  peek,
  resourceRule,
  type Value,
  type Values,
} from '../../core';
import { ENCRYPTION, encryptionRules, usesKms } from './default-encryption';

export const kmsBucketUsesABucketKey = resourceRule({
  id: 'kms-bucket-uses-a-bucket-key',
  family: 'encryption',
  title: 'A bucket that encrypts with KMS does so by a bucket key',
  severity: 'medium',
  controls: [],
  why: 'Without a bucket key each object written and each object read is a request to KMS, at $0.03 for 10,000: segments of video are many and small, and the quota of requests is what stops the channel.',
  fix: 'In the rule of the BucketServerSideEncryptionConfiguration: `bucketKeyEnabled: true`',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:s3/bucket:Bucket', ENCRYPTION],
  check: (resource) => {
    const rules = encryptionRules(resource).filter(usesKms);
    if (rules.length === 0) return notApplicable('it says nothing of encryption with KMS');
    return found(
      rules.flatMap((rule) => (flag(rule, 'bucketKeyEnabled') ? [] : ['it asks KMS for each object'])),
    );
  },
  remedy: (resource) => {
    const rules = peek(resource, 'rules');
    if (resource.type !== ENCRYPTION || !Array.isArray(rules)) return undefined;
    const all = rules as readonly Value[];
    // What is not known, or secret, cannot be written again.
    if (!all.every(isPlain)) return undefined;
    const asks = (rule: Value): rule is Values =>
      isValues(rule) && usesKms(rule) && !flag(rule, 'bucketKeyEnabled');
    return all.some(asks)
      ? { rules: all.map((rule) => (asks(rule) ? { ...rule, bucketKeyEnabled: true } : rule)) }
      : undefined;
  },
});
