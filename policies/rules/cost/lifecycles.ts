/** What buckets do with what they no longer need. */
import { blocks, flag, peek, text, type Resource, type Stack, type Value, type Values } from '../../core';

const LIFECYCLE = 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration';

/** Rules that are on: those of resources of their own, and the inline ones of older programs. */
export function lifecycleRules(bucket: Resource, stack: Stack): readonly Values[] {
  const own = stack
    .pointingAt(bucket, 'bucket', [LIFECYCLE], ['bucket', 'id'])
    .flatMap((configuration) => blocks(configuration, 'rules'))
    .filter((rule) => text(rule, 'status') === 'Enabled');
  return [...own, ...blocks(bucket, 'lifecycleRules').filter((rule) => flag(rule, 'enabled'))];
}

const CONDITIONS = ['and', 'tag', 'objectSizeGreaterThan', 'objectSizeLessThan'];
/** What the provider gives back for what is not there. */
const NOTHING: readonly Value[] = [undefined, '', 0];

/** Whether a rule is for all objects of its bucket. */
export const isOfAll = (rule: Values): boolean =>
  !text(rule, 'prefix') &&
  !text(rule, 'filter.prefix') &&
  CONDITIONS.every((path) => NOTHING.includes(peek(rule, `filter.${path}`)));
