/** Lifecycle rules of buckets: of resources of their own, and as older programs have them in the bucket. */
import { blocks, flag, given, text, type Resource, type Stack, type Values } from '../../core';

const LIFECYCLE = 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration';

/** Rules that are in force. */
export const lifecycleRules = (bucket: Resource, stack: Stack): readonly Values[] => [
  ...stack
    .pointingAt(bucket, 'bucket', [LIFECYCLE], ['bucket', 'id'])
    .flatMap((configuration) => blocks(configuration, 'rules'))
    .filter((rule) => text(rule, 'status') === 'Enabled'),
  ...blocks(bucket, 'lifecycleRules').filter((rule) => flag(rule, 'enabled') === true),
];

/** Whether a rule removes what is current after some time, and not just delete markers or uploads. */
export const expires = (rule: Values): boolean =>
  blocks(rule, 'expiration').some((expiration) => given(expiration, 'days') || given(expiration, 'date'));
