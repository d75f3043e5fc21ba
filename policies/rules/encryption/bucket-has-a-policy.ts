import { compliant, given, stackRule, violating } from '../../core';

export const bucketHasAPolicy = stackRule({
  id: 'bucket-has-a-policy',
  family: 'encryption',
  title: 'Every bucket has a policy, in which plain HTTP can be denied',
  severity: 'medium',
  controls: ['AWS FSBP S3.5', 'CIS AWS v5.0.0 2.1.1'],
  why: 'A bucket without a policy answers plain HTTP; what the policy must say is the business of bucket-policy-denies-plain-http.',
  fix: `new aws.s3.BucketPolicy('tls', { bucket: bucket.id, policy: pulumi.jsonStringify({ Version: '2012-10-17', Statement: [{ Sid: 'TlsOnly', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [bucket.arn, pulumi.interpolate\`\${bucket.arn}/*\`], Condition: { Bool: { 'aws:SecureTransport': 'false' } } }] }) })`,
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:s3/bucket:Bucket'],
  check: (bucket, _, stack) => {
    const own = given(bucket, 'policy');
    const policies = stack.pointingAt(
      bucket,
      'bucket',
      ['aws:s3/bucketPolicy:BucketPolicy'],
      ['bucket', 'id'],
    );
    return own || policies.length > 0 ? compliant : violating('the bucket has no policy');
  },
});
