import { blocks, fields, text, type Resource, type Stack, type Values } from '../../core';

export const ENCRYPTION =
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration';

/** Rules of a bucket's default encryption, as a resource of its own or among a bucket's arguments. */
export function encryptionRules(resource: Resource): readonly Values[] {
  if (resource.type === ENCRYPTION) return blocks(resource, 'rules');
  const inline = fields(resource, 'serverSideEncryptionConfiguration');
  return inline ? blocks(inline, 'rule') : [];
}

/** Whether a rule of encryption uses KMS, with whatever key. */
export const usesKms = (rule: Values): boolean =>
  ['aws:kms', 'aws:kms:dsse'].includes(text(rule, 'applyServerSideEncryptionByDefault.sseAlgorithm') ?? '');

/** Everything that says how a bucket encrypts by default. */
export const encryptionOf = (bucket: Resource, stack: Stack): readonly Resource[] => [
  bucket,
  ...stack.pointingAt(bucket, 'bucket', [ENCRYPTION], ['bucket', 'id']),
];
