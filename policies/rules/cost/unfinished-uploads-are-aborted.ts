import { compliant, number, stackRule, violating, type Values } from '../../core';
import { isOfAll, lifecycleRules } from './lifecycles';

const daysOf = (rule: Values): number | undefined =>
  number(rule, 'abortIncompleteMultipartUpload.daysAfterInitiation') ??
  number(rule, 'abortIncompleteMultipartUploadDays');

export const unfinishedUploadsAreAborted = stackRule({
  id: 'unfinished-uploads-are-aborted',
  family: 'cost',
  title: 'Every bucket gives up uploads that are never finished',
  severity: 'medium',
  controls: [],
  why: 'Parts of an upload that broke off are billed for ever and no listing of objects shows them; an encoder that is replaced mid-segment leaves some each time.',
  fix: "new aws.s3.BucketLifecycleConfiguration('uploads', { bucket: bucket.id, rules: [{ id: 'unfinished-uploads', status: 'Enabled', filter: { prefix: '' }, abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } }] });",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:s3/bucket:Bucket', 'aws:s3/directoryBucket:DirectoryBucket'],
  settings: {
    mostDays: { description: 'Most days that an upload may take', type: 'integer', minimum: 1, default: 7 },
  },
  check: (bucket, { mostDays }, stack) => {
    const days = lifecycleRules(bucket, stack)
      .filter((rule) => daysOf(rule) !== undefined && isOfAll(rule))
      .map((rule) => daysOf(rule)!);
    if (days.length === 0) return violating('no lifecycle rule for all of it aborts unfinished uploads');
    const soonest = Math.min(...days);
    return soonest <= mostDays
      ? compliant
      : violating(
          `it aborts unfinished uploads after ${soonest} days, where at most ${mostDays} are allowed`,
        );
  },
});
