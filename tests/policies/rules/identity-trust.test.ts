import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { functionUrlAsksWhoCalls } from '../../../policies/rules/identity/function-url-asks-who-calls';
import { githubTrustNamesTheRepository } from '../../../policies/rules/identity/github-trust-names-the-repository';
import { noAdministratorAttached } from '../../../policies/rules/identity/no-administrator-attached';
import { noUsersOrAccessKeys } from '../../../policies/rules/identity/no-users-or-access-keys';
import { permissionsHangOnRoles } from '../../../policies/rules/identity/permissions-hang-on-roles';
import { roleIsNotForEverybody } from '../../../policies/rules/identity/role-is-not-for-everybody';
import { serviceTrustNamesItsSource } from '../../../policies/rules/identity/service-trust-names-its-source';
import { GoodProgram, set, unset, type Change } from '../cases';

const trust = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const SERVICE = {
  Effect: 'Allow',
  Principal: { Service: 'ecs-tasks.amazonaws.com' },
  Action: 'sts:AssumeRole',
};
const SOURCE = { StringEquals: { 'aws:SourceAccount': '123456789012' } };
const GITHUB = {
  Effect: 'Allow',
  Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' },
  Action: 'sts:AssumeRoleWithWebIdentity',
};
const github = (subject: string | readonly string[], operator = 'StringLike') =>
  trust({
    ...GITHUB,
    Condition: {
      StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
      [operator]: { 'token.actions.githubusercontent.com:sub': subject },
    },
  });

const good = new GoodProgram(() => {
  const task = new aws.iam.Role('task', { assumeRolePolicy: trust({ ...SERVICE, Condition: SOURCE }) });
  const flows = new aws.ec2.Vpc('vpc', { cidrBlock: '10.0.0.0/16' });
  new aws.iam.Role('later', {
    assumeRolePolicy: pulumi.jsonStringify({
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { ArnLike: { 'aws:SourceArn': flows.arn } },
        },
      ],
    }),
  });
  new aws.iam.Role('deploy', { assumeRolePolicy: github('repo:media/channels:ref:refs/heads/main') });
  new aws.iam.Role('function', {
    assumeRolePolicy: trust({ ...SERVICE, Principal: { Service: 'lambda.amazonaws.com' } }),
  });
  new aws.iam.RolePolicyAttachment('session-manager', {
    role: task.name,
    policyArn: 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore',
  });
  new aws.iam.PolicyAttachment('shared', {
    policyArn: 'arn:aws:iam::123456789012:policy/Read',
    roles: ['a'],
  });
  new aws.lambda.FunctionUrl('token', { functionName: 'token', authorizationType: 'AWS_IAM' });
});
const undecided = { later: 'assumeRolePolicy' };

/** Makes a resource one of another type. */
const become =
  (name: string, type: string): Change =>
  (graph) => {
    graph.resources.find((each) => each.name === name)!.type = type;
  };

describe('rules of who may act', () => {
  good.tries(roleIsNotForEverybody, {
    undecided,
    violating: {
      'a role for everybody': {
        change: set('task', 'assumeRolePolicy', trust({ ...SERVICE, Principal: { AWS: ['*'] } })),
        at: 'task',
        found: ['statement 1 of its trust lets everybody in'],
      },
      'a condition on a tag, which anybody sets': {
        change: set(
          'task',
          'assumeRolePolicy',
          trust({ ...SERVICE, Principal: '*', Condition: { StringEquals: { 'aws:RequestTag/a': 'b' } } }),
        ),
        at: 'task',
        found: ['statement 1 of its trust lets everybody in'],
      },
    },
    nearMisses: {
      'everybody of an organisation': set(
        'task',
        'assumeRolePolicy',
        trust({
          ...SERVICE,
          Principal: '*',
          Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-1/r-1/*' } },
        }),
      ),
      'another account': set(
        'task',
        'assumeRolePolicy',
        trust({ ...SERVICE, Principal: { AWS: 'arn:aws:iam::210987654321:root' } }),
      ),
    },
  });
  good.tries(serviceTrustNamesItsSource, {
    undecided,
    violating: {
      'tasks of anybody': {
        change: set('task', 'assumeRolePolicy', trust(SERVICE)),
        at: 'task',
        found: ['statement 1 of its trust lets ecs-tasks.amazonaws.com act for anybody'],
      },
      'a source that is anything': {
        change: set(
          'task',
          'assumeRolePolicy',
          trust({ ...SERVICE, Condition: { ArnLike: { 'aws:SourceArn': '*' } } }),
        ),
        at: 'task',
        found: ['statement 1 of its trust lets ecs-tasks.amazonaws.com act for anybody'],
      },
    },
    nearMisses: {
      'an organisation': set(
        'task',
        'assumeRolePolicy',
        trust({ ...SERVICE, Condition: { StringEquals: { 'AWS:SourceOrgID': 'o-1' } } }),
      ),
    },
    notApplicable: {
      'a service that sends no source': {
        change: unset('task', 'tags'),
        at: 'function',
        reason: 'no service that sends a source takes it',
      },
    },
  });
  good.tries(githubTrustNamesTheRepository, {
    undecided,
    violating: {
      'no subject': {
        change: set(
          'deploy',
          'assumeRolePolicy',
          trust({
            ...GITHUB,
            Condition: {
              StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
            },
          }),
        ),
        at: 'deploy',
        found: ['statement 1 of its trust names no repository'],
      },
      'every repository of an owner beside one': {
        change: set('deploy', 'assumeRolePolicy', github(['repo:media/channels:*', 'repo:media/*'])),
        at: 'deploy',
        found: ['statement 1 of its trust names no repository'],
      },
      'an owner whose name begins alike': {
        change: set('deploy', 'assumeRolePolicy', github('repo:media*/channels:*')),
        at: 'deploy',
        found: ['statement 1 of its trust names no repository'],
      },
      'a subject only where there is one': {
        change: set('deploy', 'assumeRolePolicy', github('repo:media/channels:*', 'StringLikeIfExists')),
        at: 'deploy',
        found: ['statement 1 of its trust names no repository'],
      },
    },
    nearMisses: {
      'every branch of a repository': set('deploy', 'assumeRolePolicy', github('repo:media/channels:*')),
    },
    notApplicable: {
      'a role of a service': { change: unset('task', 'tags'), at: 'task', reason: 'GitHub does not take it' },
    },
  });
  good.tries(noUsersOrAccessKeys, {
    violating: {
      'a user': {
        change: become('task', 'aws:iam/user:User'),
        at: 'task',
        found: ['a user of IAM has credentials that last'],
      },
      'an access key': {
        change: become('session-manager', 'aws:iam/accessKey:AccessKey'),
        at: 'session-manager',
        found: ['an access key works until somebody deletes it'],
      },
    },
    nearMisses: { 'a group': become('session-manager', 'aws:iam/group:Group') },
  });
  good.tries(noAdministratorAttached, {
    violating: {
      'an administrator': {
        change: set('session-manager', 'policyArn', 'arn:aws:iam::aws:policy/AdministratorAccess'),
        at: 'session-manager',
        found: ['AdministratorAccess is attached'],
      },
      'a power user among the policies of a role': {
        change: set('task', 'managedPolicyArns', [
          'arn:aws:iam::aws:policy/ReadOnlyAccess',
          'arn:aws-us-gov:iam::aws:policy/job-function/PowerUserAccess',
        ]),
        at: 'task',
        found: ['PowerUserAccess is attached'],
      },
    },
    nearMisses: {
      'a policy of the account that is called alike': set(
        'session-manager',
        'policyArn',
        'arn:aws:iam::123456789012:policy/AdministratorAccess',
      ),
    },
  });
  good.tries(permissionsHangOnRoles, {
    violating: {
      'a policy of a user': {
        change: become('session-manager', 'aws:iam/userPolicyAttachment:UserPolicyAttachment'),
        at: 'session-manager',
        found: ['it gives permissions to a user'],
      },
      'a user among roles': {
        change: set('shared', 'users', ['anna']),
        at: 'shared',
        found: ['it gives permissions to users'],
      },
    },
    nearMisses: { 'no users': set('shared', 'users', []) },
  });
  good.tries(functionUrlAsksWhoCalls, {
    violating: {
      'a URL for everybody': {
        change: set('token', 'authorizationType', 'NONE'),
        at: 'token',
        found: ['everybody may call it'],
      },
    },
    nearMisses: { 'a URL with CORS': set('token', 'cors', { allowOrigins: ['*'] }) },
  });
});
