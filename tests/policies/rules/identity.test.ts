import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { decryptionNamesItsKeys } from '../../../policies/rules/identity/decryption-names-its-keys';
import { keyPolicyIsNotForEverybody } from '../../../policies/rules/identity/key-policy-is-not-for-everybody';
import { noPolicyAllowsAllButAList } from '../../../policies/rules/identity/no-policy-allows-all-but-a-list';
import { noPolicyAllowsAllOfAService } from '../../../policies/rules/identity/no-policy-allows-all-of-a-service';
import { noPolicyAllowsEverything } from '../../../policies/rules/identity/no-policy-allows-everything';
import { passRoleNamesItsRoles } from '../../../policies/rules/identity/pass-role-names-its-roles';
import { GoodProgram, set } from '../cases';

const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const READ = { Sid: 'Read', Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::media/live/*' };
const LOGIN = { Effect: 'Allow', Action: ['ecr:GetAuthorizationToken'], Resource: '*' };
const ROOT = {
  Sid: 'Account',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::123456789012:root' },
  Action: 'kms:*',
  Resource: '*',
};
const TRUST = policy({
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
});

const good = new GoodProgram(() => {
  const role = new aws.iam.Role('role', {
    assumeRolePolicy: TRUST,
    inlinePolicies: [{ name: 'read', policy: policy(READ) }],
  });
  new aws.iam.RolePolicy('known', { role: role.name, policy: policy(READ, LOGIN) });
  const bucket = new aws.s3.Bucket('bucket');
  new aws.iam.RolePolicy('later', {
    role: role.name,
    policy: pulumi.jsonStringify({ Statement: { ...READ, Resource: pulumi.interpolate`${bucket.arn}/*` } }),
  });
  new aws.iam.Policy('managed', {
    policy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['arn:aws:kms:*:*:key/1234'] }],
    },
  });
  const key = new aws.kms.Key('key', { policy: policy(ROOT) });
  new aws.kms.KeyPolicy('key-policy', { keyId: key.id, policy: policy(ROOT) });
});
const undecided = { later: 'policy' };
const nothing = {
  'a role without policies of its own': {
    change: set('role', 'inlinePolicies', []),
    at: 'role',
    reason: 'it has no policy among its own arguments',
  },
};

describe('rules of what policies allow', () => {
  good.tries(noPolicyAllowsEverything, {
    undecided,
    violating: {
      'everything on everything': {
        change: set(
          'known',
          'policy',
          policy(READ, { Effect: 'Allow', Action: ['s3:GetObject', '*'], Resource: ['*'] }),
        ),
        at: 'known',
        found: ['statement 2 allows everything on everything'],
      },
      'the same inline, in the longer form': {
        change: set(
          'role',
          'inlinePolicies.0.policy',
          policy({ Sid: 'All', Effect: 'Allow', Action: '*:*', Resource: '*' }),
        ),
        at: 'role',
        found: ['statement "All" allows everything on everything'],
      },
    },
    nearMisses: {
      'everything denied': set('known', 'policy', policy({ Effect: 'Deny', Action: '*', Resource: '*' })),
      'everything on one bucket': set(
        'known',
        'policy',
        policy({ Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::media' }),
      ),
    },
    notApplicable: nothing,
  });
  good.tries(noPolicyAllowsAllOfAService, {
    undecided,
    violating: {
      'all of S3 on one bucket': {
        change: set('known', 'policy', policy({ ...READ, Action: ['s3:GetObject', 's3:*'] })),
        at: 'known',
        found: ['statement "Read" allows s3:*'],
      },
      'all of KMS in a policy that is an object': {
        change: set('managed', 'policy.Statement.0.Action', ['kms:*']),
        at: 'managed',
        found: ['statement 1 allows kms:*'],
      },
    },
    nearMisses: { 'all that reads': set('known', 'policy', policy({ ...READ, Action: 's3:Get*' })) },
    notApplicable: nothing,
  });
  good.tries(noPolicyAllowsAllButAList, {
    undecided,
    violating: {
      'all actions but some': {
        change: set('known', 'policy', policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })),
        at: 'known',
        found: ['statement 1 allows every action but a list'],
      },
      'all resources but some': {
        change: set('managed', 'policy.Statement.0', {
          Effect: 'Allow',
          Action: 'kms:Decrypt',
          NotResource: 'arn:aws:kms:*:*:key/1',
        }),
        at: 'managed',
        found: ['statement 1 allows every resource but a list'],
      },
      'everybody but some': {
        change: set(
          'key-policy',
          'policy',
          policy({ Effect: 'Allow', NotPrincipal: { AWS: '1' }, Action: 'kms:Decrypt', Resource: '*' }),
        ),
        at: 'key-policy',
        found: ['statement 1 lets in everybody but a list'],
      },
    },
    nearMisses: {
      'all actions but some, denied': set(
        'known',
        'policy',
        policy({ Effect: 'Deny', NotAction: 's3:GetObject', Resource: '*' }),
      ),
    },
    notApplicable: nothing,
  });
  good.tries(passRoleNamesItsRoles, {
    undecided,
    violating: {
      'every role': {
        change: set(
          'known',
          'policy',
          policy({
            Effect: 'Allow',
            Action: ['ecs:RunTask', 'iam:PassRole'],
            Resource: ['arn:aws:iam::123456789012:role/task', '*'],
          }),
        ),
        at: 'known',
        found: ['statement 1 allows iam:PassRole with every role'],
      },
      'every role of an account, by a wildcard': {
        change: set(
          'known',
          'policy',
          policy({ Effect: 'Allow', Action: 'iam:Pass*', Resource: 'arn:aws:iam::123456789012:role/*' }),
        ),
        at: 'known',
        found: ['statement 1 allows iam:PassRole with every role'],
      },
    },
    nearMisses: {
      'roles of one path': set(
        'known',
        'policy',
        policy({
          Effect: 'Allow',
          Action: 'iam:PassRole',
          Resource: 'arn:aws:iam::123456789012:role/media/*',
        }),
      ),
      'another action': set(
        'known',
        'policy',
        policy({ Effect: 'Allow', Action: 'iam:GetRole', Resource: '*' }),
      ),
    },
    notApplicable: nothing,
  });
  good.tries(decryptionNamesItsKeys, {
    undecided,
    violating: {
      'every key': {
        change: set('managed', 'policy.Statement.0.Resource', ['*']),
        at: 'managed',
        found: ['statement 1 allows kms:Decrypt with every key'],
      },
      'every key and every use': {
        change: set(
          'known',
          'policy',
          policy({ Effect: 'Allow', Action: 'kms:*', Resource: 'arn:aws:kms:*:*:key/*' }),
        ),
        at: 'known',
        found: [
          'statement 1 allows kms:Decrypt with every key',
          'statement 1 allows kms:ReEncryptFrom with every key',
        ],
      },
    },
    nearMisses: {
      'encryption with every key': set(
        'known',
        'policy',
        policy({ Effect: 'Allow', Action: ['kms:Encrypt', 'kms:Describe*'], Resource: '*' }),
      ),
    },
    notApplicable: nothing,
  });
  good.tries(keyPolicyIsNotForEverybody, {
    violating: {
      'a key for everybody': {
        change: set('key', 'policy', policy({ ...ROOT, Principal: '*' })),
        at: 'key',
        found: ['statement "Account" lets everybody use the key'],
      },
      'a condition that excludes one account': {
        change: set(
          'key-policy',
          'policy',
          policy({
            ...ROOT,
            Principal: { AWS: '*' },
            Condition: { StringNotEquals: { 'kms:CallerAccount': '1' } },
          }),
        ),
        at: 'key-policy',
        found: ['statement "Account" lets everybody use the key'],
      },
      'a condition that anybody meets': {
        change: set(
          'key',
          'policy',
          policy({
            ...ROOT,
            Principal: '*',
            Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
          }),
        ),
        at: 'key',
        found: ['statement "Account" lets everybody use the key'],
      },
    },
    nearMisses: {
      'everybody of one account': set(
        'key',
        'policy',
        policy({
          ...ROOT,
          Principal: '*',
          Condition: { StringEquals: { 'kms:CallerAccount': '123456789012' } },
        }),
      ),
    },
  });
});
