import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { deletedKeysAndSecretsCanBeRestored } from '../../../policies/rules/data-protection/deleted-keys-and-secrets-can-be-restored';
import { destructionKeepsTheData } from '../../../policies/rules/data-protection/destruction-keeps-the-data';
import { functionPermissionNamesItsSource } from '../../../policies/rules/data-protection/function-permission-names-its-source';
import { nothingIsSharedWithEverybody } from '../../../policies/rules/data-protection/nothing-is-shared-with-everybody';
import { resourcePolicyIsNotPublic } from '../../../policies/rules/data-protection/resource-policy-is-not-public';
import { resourcePolicyNamesTheSourceOfAService } from '../../../policies/rules/data-protection/resource-policy-names-the-source-of-a-service';
import { GoodProgram, set, unset } from '../cases';

const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const SEND = {
  Effect: 'Allow',
  Principal: { Service: 'sns.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: '*',
};
const FROM = { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:123456789012:uploads' } };

const MOUNTED = {
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: 'elasticfilesystem:ClientMount',
  Condition: { Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'true' } },
};

const good = new GoodProgram(() => {
  const bucket = new aws.s3.Bucket('bucket');
  const queue = new aws.sqs.Queue('jobs', { policy: policy({ ...SEND, Condition: FROM }) });
  new aws.sqs.QueuePolicy('jobs-policy', {
    queueUrl: queue.url,
    policy: pulumi.jsonStringify({
      Statement: [
        {
          ...SEND,
          Principal: { Service: 's3.amazonaws.com' },
          Condition: { ArnLike: { 'aws:SourceArn': bucket.arn } },
        },
      ],
    }),
  });
  new aws.sns.TopicPolicy('alarms-policy', {
    arn: 'arn:aws:sns:eu-west-1:123456789012:alarms',
    policy: policy({
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: '*',
    }),
  });
  new aws.efs.FileSystemPolicy('files', {
    fileSystemId: 'fs-1',
    policy: policy({ Effect: 'Allow', Principal: { AWS: '123456789012' } }),
  });
  new aws.opensearch.Domain('search', {
    vpcOptions: { subnetIds: ['subnet-1'] },
    accessPolicies: policy({ Effect: 'Allow', Principal: '*', Action: 'es:*', Resource: '*' }),
  });
  new aws.lambda.Permission('uploads', {
    action: 'lambda:InvokeFunction',
    function: 'uploads',
    principal: 's3.amazonaws.com',
    sourceArn: bucket.arn,
  });
  new aws.lambda.Permission('partner', {
    action: 'lambda:InvokeFunction',
    function: 'uploads',
    principal: '210987654321',
  });
  new aws.kms.Key('key', { deletionWindowInDays: 30 });
  new aws.secretsmanager.Secret('passphrase', {});
  new aws.rds.ClusterSnapshot('snapshot', {
    dbClusterIdentifier: 'main',
    dbClusterSnapshotIdentifier: 'main-1',
    sharedAccounts: ['210987654321'],
  });
  new aws.ec2.AmiLaunchPermission('image', { imageId: 'ami-1', accountId: '210987654321' });
  new aws.ebs.SnapshotBlockPublicAccess('region', { state: 'block-all-sharing' });
  new aws.rds.Cluster('cluster', { engine: 'aurora-postgresql' });
  new aws.ecr.Repository('encoder', { forceDelete: false });
});

describe('rules of sharing and deleting', () => {
  good.tries(resourcePolicyIsNotPublic, {
    undecided: { 'jobs-policy': 'policy' },
    violating: {
      'a queue for everybody': {
        change: set('jobs', 'policy', policy({ ...SEND, Principal: '*' })),
        at: 'jobs',
        found: ['statement 1 lets everybody in'],
      },
      'a search domain for everybody': {
        change: unset('search', 'vpcOptions'),
        at: 'search',
        found: ['statement 1 lets everybody in'],
      },
      'a file system for everybody by any network': {
        change: set('files', 'policy', policy({ ...MOUNTED, Condition: {} })),
        at: 'files',
        found: ['statement 1 lets everybody in'],
      },
      'a topic for everybody, by an exception': {
        change: set(
          'alarms-policy',
          'policy',
          policy({ Effect: 'Allow', NotPrincipal: { AWS: '1' }, Action: 'sns:Publish', Resource: '*' }),
        ),
        at: 'alarms-policy',
        found: ['statement 1 lets everybody in'],
      },
    },
    nearMisses: {
      'everybody who reaches a file system by its network': set('files', 'policy', policy(MOUNTED)),
      'everybody by one topic': set('jobs', 'policy', policy({ ...SEND, Principal: '*', Condition: FROM })),
    },
    notApplicable: {
      'a search domain inside a VPC': {
        change: unset('jobs', 'tags'),
        at: 'search',
        reason: 'its network decides who comes',
      },
      'a repository without a policy': {
        change: unset('jobs', 'policy'),
        at: 'jobs',
        reason: 'it has no policy among its own arguments',
      },
    },
  });
  good.tries(resourcePolicyNamesTheSourceOfAService, {
    undecided: { 'jobs-policy': 'policy' },
    violating: {
      'every topic of everybody': {
        change: set('jobs', 'policy', policy(SEND)),
        at: 'jobs',
        found: ['statement 1 lets sns.amazonaws.com act for anybody'],
      },
      'every distribution of everybody': {
        change: set(
          'key',
          'policy',
          policy({ ...SEND, Principal: { Service: ['cloudfront.amazonaws.com'] } }),
        ),
        at: 'key',
        found: ['statement 1 lets cloudfront.amazonaws.com act for anybody'],
      },
    },
    nearMisses: {
      'an account': set(
        'jobs',
        'policy',
        policy({ ...SEND, Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } } }),
      ),
    },
    notApplicable: {
      'a service that sends no source': {
        change: unset('jobs', 'tags'),
        at: 'alarms-policy',
        reason: 'it lets in no service that sends a source',
      },
    },
  });
  good.tries(functionPermissionNamesItsSource, {
    violating: {
      'buckets of everybody': {
        change: unset('uploads', 'sourceArn'),
        at: 'uploads',
        found: ['s3.amazonaws.com may call the function for anybody'],
      },
      everybody: {
        change: set('partner', 'principal', '*'),
        at: 'partner',
        found: ['everybody may call the function'],
      },
    },
    nearMisses: { 'an account as the source': set('uploads', 'sourceAccount', '123456789012') },
    notApplicable: {
      'another account': { change: unset('uploads', 'tags'), at: 'partner', reason: 'it names an account' },
    },
  });
  good.tries(deletedKeysAndSecretsCanBeRestored, {
    violating: {
      'a key that is gone in a week': {
        change: set('key', 'deletionWindowInDays', 7),
        at: 'key',
        found: ['it can be restored for 7 days, less than 14'],
      },
      'a secret that is gone at once': {
        change: set('passphrase', 'recoveryWindowInDays', 0),
        at: 'passphrase',
        found: ['it can be restored for 0 days, less than 7'],
      },
    },
    nearMisses: {
      'the least of a key': set('key', 'deletionWindowInDays', 14),
      'the least of a secret': set('passphrase', 'recoveryWindowInDays', 7),
    },
  });
  good.tries(nothingIsSharedWithEverybody, {
    violating: {
      'a public snapshot': {
        change: set('snapshot', 'sharedAccounts', ['210987654321', 'all']),
        at: 'snapshot',
        found: ['the snapshot is shared with everybody'],
      },
      'a public image': {
        change: set('image', 'group', 'all'),
        at: 'image',
        found: ['the image is shared with everybody'],
      },
      'a region that may share': {
        change: set('region', 'state', 'unblocked'),
        at: 'region',
        found: ['it lets the region share with everybody'],
      },
    },
    nearMisses: { 'old shares kept': set('region', 'state', 'block-new-sharing') },
  });
  good.tries(destructionKeepsTheData, {
    violating: {
      'a bucket that is emptied': {
        change: set('bucket', 'forceDestroy', true),
        at: 'bucket',
        found: ['forceDestroy is on'],
      },
      'a database without a last snapshot': {
        change: set('cluster', 'skipFinalSnapshot', true),
        at: 'cluster',
        found: ['skipFinalSnapshot is on'],
      },
      'a repository with its images': {
        change: set('encoder', 'forceDelete', 'true'),
        at: 'encoder',
        found: ['forceDelete is on'],
      },
    },
    nearMisses: { 'a last snapshot with a name': set('cluster', 'finalSnapshotIdentifier', 'last') },
  });
});
