import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { bucketHasAPublicAccessBlock } from '../../../policies/rules/data-protection/bucket-has-a-public-access-block';
import { bucketHasNoAcls } from '../../../policies/rules/data-protection/bucket-has-no-acls';
import { bucketPolicyIsNotPublic } from '../../../policies/rules/data-protection/bucket-policy-is-not-public';
import { criticalBucketKeepsVersions } from '../../../policies/rules/data-protection/critical-bucket-keeps-versions';
import { publicAccessBlockIsComplete } from '../../../policies/rules/data-protection/public-access-block-is-complete';
import { GoodProgram, both, set, unset, without, type Change } from '../cases';

const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const READ = {
  Sid: 'Viewers',
  Effect: 'Allow',
  Principal: { Service: 'cloudfront.amazonaws.com' },
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::elsewhere/*',
};
const EVERYBODY = { ...READ, Principal: '*' };
const BLOCK = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

const good = new GoodProgram(() => {
  const masters = new aws.s3.Bucket('masters', { tags: { 'data-class': 'master' } });
  new aws.s3.BucketPublicAccessBlock('masters-access', { bucket: masters.id, ...BLOCK });
  new aws.s3.BucketVersioning('masters-versions', {
    bucket: masters.bucket,
    versioningConfiguration: { status: 'Enabled' },
  });
  new aws.s3.BucketOwnershipControls('masters-ownership', {
    bucket: masters.id,
    rule: { objectOwnership: 'BucketOwnerEnforced' },
  });
  new aws.s3.BucketPolicy('masters-policy', {
    bucket: masters.id,
    policy: pulumi.jsonStringify({
      Statement: [{ ...READ, Resource: pulumi.interpolate`${masters.arn}/*` }],
    }),
  });
  const live = new aws.s3.Bucket('live', { tags: { 'data-class': 'segments' } });
  new aws.s3.BucketPublicAccessBlock('live-access', { bucket: live.bucket, ...BLOCK });
  new aws.s3.BucketPolicy('elsewhere-policy', { bucket: 'elsewhere', policy: policy(READ) });
  new aws.s3.AccountPublicAccessBlock('account', BLOCK);
});

/** Makes a resource one of another type. */
const become =
  (name: string, type: string): Change =>
  (graph) => {
    graph.resources.find((each) => each.name === name)!.type = type;
  };

describe('rules of who reaches the data of buckets', () => {
  good.tries(publicAccessBlockIsComplete, {
    violating: {
      'three of four': {
        change: unset('live-access', 'restrictPublicBuckets'),
        at: 'live-access',
        found: ['restrictPublicBuckets is off'],
      },
      'an account that lets ACLs through': {
        change: set('account', 'ignorePublicAcls', false),
        at: 'account',
        found: ['ignorePublicAcls is off'],
      },
    },
    nearMisses: { 'a truth as a text': set('account', 'ignorePublicAcls', 'true') },
  });
  good.tries(bucketHasAPublicAccessBlock, {
    violating: {
      'a bucket without a block': {
        change: without('live-access'),
        at: 'live',
        found: ['the program does not say that its public access is blocked'],
      },
    },
    nearMisses: { "the account's block gone": without('account') },
  });
  good.tries(bucketHasNoAcls, {
    violating: {
      'ACLs turned on again': {
        change: set('masters-ownership', 'rule.objectOwnership', 'BucketOwnerPreferred'),
        at: 'masters-ownership',
        found: ['its ownership BucketOwnerPreferred keeps ACLs'],
      },
      'a public ACL of an older program': {
        change: set('live', 'acl', 'public-read'),
        at: 'live',
        found: ['it sets the ACL public-read'],
      },
      'a list of grants of an older program': {
        change: set('live', 'grants', [
          { type: 'CanonicalUser', id: 'owner', permissions: ['FULL_CONTROL'] },
          { type: 'Group', uri: 'http://acs.amazonaws.com/groups/global/AllUsers', permissions: ['READ'] },
        ]),
        at: 'live',
        found: ['it sets an ACL of a list of grants'],
      },
      'an ACL as a resource of an older program': {
        change: both(
          become('live-access', 'aws:s3/bucketAclV2:BucketAclV2'),
          set('live-access', 'acl', 'private'),
        ),
        at: 'live-access',
        found: ['it sets the ACL private'],
      },
    },
    nearMisses: {
      'a private ACL, which a provider reports of every bucket': set('live', 'acl', 'private'),
      "the owner's own grant, which it reports as well": set('live', 'grants', [
        { type: 'CanonicalUser', id: 'owner', permissions: ['FULL_CONTROL'] },
      ]),
    },
  });
  good.tries(bucketPolicyIsNotPublic, {
    undecided: { 'masters-policy': 'policy' },
    violating: {
      everybody: {
        change: set('elsewhere-policy', 'policy', policy(EVERYBODY)),
        at: 'elsewhere-policy',
        found: ['statement "Viewers" lets everybody do s3:GetObject'],
      },
      'everybody with a header that anybody can send': {
        change: set(
          'elsewhere-policy',
          'policy',
          policy({ ...EVERYBODY, Condition: { StringLike: { 'aws:Referer': 'https://example.com/*' } } }),
        ),
        at: 'elsewhere-policy',
        found: ['statement "Viewers" lets everybody do s3:GetObject'],
      },
      'everybody from anywhere': {
        change: set(
          'elsewhere-policy',
          'policy',
          policy({
            ...EVERYBODY,
            Principal: { AWS: '*' },
            Action: ['s3:GetObject', 's3:PutObject'],
            Condition: { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '0.0.0.0/0'] } },
          }),
        ),
        at: 'elsewhere-policy',
        found: ['statement "Viewers" lets everybody do s3:GetObject, s3:PutObject'],
      },
      'an inline policy of an older program': {
        change: set('live', 'policy', policy(EVERYBODY)),
        at: 'live',
        found: ['statement "Viewers" lets everybody do s3:GetObject'],
      },
    },
    nearMisses: {
      'everybody is denied': set('elsewhere-policy', 'policy', policy({ ...EVERYBODY, Effect: 'Deny' })),
      'everybody in one network': set(
        'elsewhere-policy',
        'policy',
        policy({ ...EVERYBODY, Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
      ),
    },
    notApplicable: {
      'a bucket without an inline policy': {
        change: unset('live', 'acl'),
        at: 'live',
        reason: 'it has no policy among its own arguments',
      },
    },
  });
  good.tries(criticalBucketKeepsVersions, {
    violating: {
      'masters without versions': {
        change: without('masters-versions'),
        at: 'masters',
        found: ['it holds master and keeps no versions'],
      },
      'versions that are suspended': {
        change: set('masters-versions', 'versioningConfiguration.status', 'Suspended'),
        at: 'masters',
        found: ['it holds master and keeps no versions'],
      },
      'segments that became critical': {
        change: set('live', 'tags.data-class', 'critical'),
        at: 'live',
        found: ['it holds critical and keeps no versions'],
      },
    },
    nearMisses: {
      'versions of an older program': both(
        without('masters-versions'),
        set('masters', 'versioning', { enabled: true }),
      ),
      'objects that are locked': both(without('masters-versions'), set('masters', 'objectLockEnabled', true)),
    },
    notApplicable: {
      segments: {
        change: unset('live', 'acl'),
        at: 'live',
        reason: 'it is not tagged as critical',
      },
    },
  });
});
