import {
  compliant,
  isAboutEverybody,
  notApplicable,
  peek,
  resourceRule,
  resourceStatements,
  violating,
  type Statement,
} from '../../core';

const OPERATORS = ['bool', 'boolifexists', 'stringequals'];

const deniesPlainHttp = (statement: Statement): boolean =>
  statement.effect === 'Deny' &&
  isAboutEverybody(statement) &&
  statement.actions.some((action) => ['*', 's3:*'].includes(action)) &&
  statement.resources.some((resource) => resource.endsWith('*')) &&
  OPERATORS.some((operator) => statement.conditions[operator]?.['aws:securetransport']?.includes('false'));

export const bucketPolicyDeniesPlainHttp = resourceRule({
  id: 'bucket-policy-denies-plain-http',
  family: 'encryption',
  title: 'Every policy of a bucket denies requests without TLS',
  severity: 'medium',
  controls: ['AWS FSBP S3.5', 'CIS AWS v5.0.0 2.1.1'],
  why: 'S3 answers plain HTTP too, and a signed URL or an object that is fetched that way can be read and changed on its way.',
  fix: `Add to the statements of the policy: { Sid: 'TlsOnly', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [bucket.arn, pulumi.interpolate\`\${bucket.arn}/*\`], Condition: { Bool: { 'aws:SecureTransport': 'false' } } }`,
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:s3/bucket:Bucket', 'aws:s3/bucketPolicy:BucketPolicy'],
  check: (resource) => {
    const bucket = peek(resource, 'bucket');
    if (typeof bucket === 'string' && bucket.endsWith('--x-s3')) {
      return notApplicable('the policy is of a directory bucket, whose requests are of sessions');
    }
    const policy = resourceStatements(resource);
    if (!policy) return notApplicable('it has no policy among its own arguments');
    if (policy.some(({ statement }) => statement.actions.some((action) => action.startsWith('s3express:')))) {
      return notApplicable('the policy is of a directory bucket, whose requests are of sessions');
    }
    return policy.some(({ statement }) => deniesPlainHttp(statement))
      ? compliant
      : violating('no statement denies every S3 action to everybody where aws:SecureTransport is false');
  },
});
