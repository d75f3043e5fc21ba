import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { bucketEncryptsWithKms } from '../../../policies/rules/encryption/bucket-encrypts-with-kms';
import { bucketHasAPolicy } from '../../../policies/rules/encryption/bucket-has-a-policy';
import { bucketPolicyDeniesPlainHttp } from '../../../policies/rules/encryption/bucket-policy-denies-plain-http';
import { kmsBucketUsesABucketKey } from '../../../policies/rules/encryption/kms-bucket-uses-a-bucket-key';
import { GoodProgram, both, set, unset, without } from '../cases';

const TLS_ONLY = {
  Sid: 'TlsOnly',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: ['arn:aws:s3:::masters', 'arn:aws:s3:::masters/*'],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const KMS = {
  rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms' }, bucketKeyEnabled: true },
};

const good = new GoodProgram(() => {
  const key = new aws.kms.Key('key', { enableKeyRotation: true });
  const known = new aws.s3.Bucket('known', { bucket: 'known' });
  new aws.s3.BucketPolicy('known-policy', { bucket: 'known', policy: policy(TLS_ONLY) });
  new aws.s3.BucketServerSideEncryptionConfiguration('known-encryption', {
    bucket: known.id,
    rules: [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.arn },
        bucketKeyEnabled: true,
      },
    ],
  });
  const later = new aws.s3.Bucket('later', {
    serverSideEncryptionConfiguration: KMS,
  });
  new aws.s3.BucketPolicy('later-policy', {
    bucket: later.id,
    policy: pulumi.jsonStringify({
      Version: '2012-10-17',
      Statement: [{ ...TLS_ONLY, Resource: [later.arn, pulumi.interpolate`${later.arn}/*`] }],
    }),
  });
  const live = new aws.s3.DirectoryBucket('live', {
    bucket: 'live--euw1-az1--x-s3',
    location: { name: 'euw1-az1' },
  });
  new aws.s3.BucketPolicy('live-policy', {
    bucket: 'live--euw1-az1--x-s3',
    policy: policy({ Effect: 'Allow', Action: 's3express:CreateSession' }),
  });
  new aws.s3.BucketServerSideEncryptionConfiguration('live-encryption', {
    bucket: live.bucket,
    rules: [KMS.rule],
  });
});

describe('rules of the encryption of buckets', () => {
  good.tries(bucketPolicyDeniesPlainHttp, {
    undecided: { 'later-policy': 'policy' },
    violating: {
      'a policy that allows only': {
        change: set('known-policy', 'policy', policy({ ...TLS_ONLY, Effect: 'Allow' })),
        at: 'known-policy',
        found: ['no statement denies every S3 action to everybody where aws:SecureTransport is false'],
      },
      'plain HTTP denied for reading alone': {
        change: set('known-policy', 'policy', policy({ ...TLS_ONLY, Action: 's3:GetObject' })),
        at: 'known-policy',
        found: ['no statement denies every S3 action to everybody where aws:SecureTransport is false'],
      },
      'plain HTTP denied to one account': {
        change: set(
          'known-policy',
          'policy',
          policy({ ...TLS_ONLY, Principal: { AWS: 'arn:aws:iam::123456789012:root' } }),
        ),
        at: 'known-policy',
        found: ['no statement denies every S3 action to everybody where aws:SecureTransport is false'],
      },
      'an inline policy of an older program': {
        change: set('later', 'policy', policy({ Effect: 'Deny', Principal: '*', Action: 's3:*' })),
        at: 'later',
        found: ['no statement denies every S3 action to everybody where aws:SecureTransport is false'],
      },
    },
    nearMisses: {
      'a statement beside the one that denies': set(
        'known-policy',
        'policy',
        policy({ Effect: 'Allow', Action: 's3:GetObject' }, TLS_ONLY),
      ),
      'one action beside all': set(
        'known-policy',
        'policy',
        policy({ ...TLS_ONLY, Action: ['s3:GetObject', 's3:*'] }),
      ),
      'the principal written as an object, and the truth as a list': set(
        'known-policy',
        'policy',
        policy({
          ...TLS_ONLY,
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': [false] } },
        }),
      ),
    },
    notApplicable: {
      'the policy of a directory bucket': {
        change: unset('live', 'forceDestroy'),
        at: 'live-policy',
        reason: 'the policy is of a directory bucket, whose requests are of sessions',
      },
      'a bucket without an inline policy': {
        change: unset('live', 'forceDestroy'),
        at: 'known',
        reason: 'it has no policy among its own arguments',
      },
    },
  });

  good.tries(bucketHasAPolicy, {
    violating: {
      'a bucket whose policy is gone': {
        change: without('later-policy'),
        at: 'later',
        found: ['the bucket has no policy'],
      },
    },
    nearMisses: {
      'an inline policy': both(without('later-policy'), set('later', 'policy', policy(TLS_ONLY))),
    },
  });

  good.tries(bucketEncryptsWithKms, {
    violating: {
      'keys of S3': {
        change: set('known-encryption', 'rules.0.applyServerSideEncryptionByDefault', {
          sseAlgorithm: 'AES256',
        }),
        at: 'known',
        found: ['it encrypts with keys of S3'],
      },
      'nothing said by an older program': {
        change: unset('later', 'serverSideEncryptionConfiguration'),
        at: 'later',
        found: ['it encrypts with keys of S3'],
      },
    },
    nearMisses: {
      'two layers of encryption': set(
        'known-encryption',
        'rules.0.applyServerSideEncryptionByDefault.sseAlgorithm',
        'aws:kms:dsse',
      ),
    },
  });

  good.tries(kmsBucketUsesABucketKey, {
    violating: {
      'a request to KMS for each object': {
        change: unset('known-encryption', 'rules.0.bucketKeyEnabled'),
        at: 'known-encryption',
        found: ['it asks KMS for each object'],
      },
      'the same inline': {
        change: set('later', 'serverSideEncryptionConfiguration.rule.bucketKeyEnabled', false),
        at: 'later',
        found: ['it asks KMS for each object'],
      },
    },
    nearMisses: {
      'keys of S3 without a bucket key': set('known-encryption', 'rules.0', {
        applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' },
        bucketKeyEnabled: false,
      }),
    },
    notApplicable: {
      'keys of S3': {
        change: set('known-encryption', 'rules.0', {
          applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' },
        }),
        at: 'known-encryption',
        reason: 'it says nothing of encryption with KMS',
      },
    },
  });
});
