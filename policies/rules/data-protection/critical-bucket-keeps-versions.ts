import { compliant, flag, notApplicable, stackRule, tagOf, text, violating } from '../../core';

const LOCK = 'aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration';
const VERSIONING = 'aws:s3/bucketVersioning:BucketVersioning';
const NAMES = ['bucket', 'id'];

export const criticalBucketKeepsVersions = stackRule({
  id: 'critical-bucket-keeps-versions',
  family: 'data-protection',
  title: 'A bucket that is tagged as critical keeps versions or locks its objects',
  severity: 'high',
  controls: ['AWS Security Hub S3.14'],
  why: 'One wrong `aws s3 rm --recursive`, or a stolen role, deletes masters and logs for good. Segments of live channels need no versions, and are not tagged.',
  fix: "new aws.s3.BucketVersioning('versions', { bucket: bucket.id, versioningConfiguration: { status: 'Enabled' } }), and a lifecycle rule for versions that are no longer current",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:s3/bucket:Bucket'],
  settings: {
    tag: { type: 'string', default: 'data-class', description: 'Tag that says what a bucket holds' },
    values: {
      type: 'array',
      items: { type: 'string' },
      default: ['audit', 'critical', 'master', 'pii'],
      description: 'Values of it that are critical',
    },
  },
  check: (bucket, { tag, values }, stack) => {
    const said = tagOf(bucket, tag);
    if (said === undefined || !values.includes(said)) return notApplicable('it is not tagged as critical');
    const kept =
      flag(bucket, 'versioning.enabled') ||
      flag(bucket, 'objectLockEnabled') ||
      stack.pointingAt(bucket, 'bucket', [LOCK], NAMES).length > 0 ||
      stack
        .pointingAt(bucket, 'bucket', [VERSIONING], NAMES)
        .some((each) => text(each, 'versioningConfiguration.status') === 'Enabled');
    return kept ? compliant : violating(`it holds ${said} and keeps no versions`);
  },
});
