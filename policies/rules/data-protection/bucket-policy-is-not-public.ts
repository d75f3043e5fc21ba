import { judgePolicies, letsEverybodyIn, resourceRule, when } from '../../core';

export const bucketPolicyIsNotPublic = resourceRule({
  id: 'bucket-policy-is-not-public',
  family: 'data-protection',
  title: 'No policy of a bucket lets in everybody',
  severity: 'critical',
  controls: ['AWS FSBP S3.2', 'AWS FSBP S3.3'],
  why: 'Everybody reads or fills the bucket past CloudFront, signed URLs, geography and the firewall, and egress from S3 is what is paid.',
  fix: "`Principal: { Service: 'cloudfront.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceArn': distribution.arn } }`",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [
    'aws:s3/accessPoint:AccessPoint',
    'aws:s3/bucket:Bucket',
    'aws:s3/bucketPolicy:BucketPolicy',
    'aws:s3control/accessPointPolicy:AccessPointPolicy',
  ],
  check: (resource) =>
    judgePolicies(resource, ({ name, statement }) =>
      when(letsEverybodyIn(statement), `${name} lets everybody do ${list(statement.actions)}`),
    ),
});

const list = (actions: readonly string[]): string =>
  actions.length === 0 ? 'all but a list of actions' : actions.join(', ');
