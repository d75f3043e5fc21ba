import * as aws from '@pulumi/aws';
import { expect } from 'chai';
import { UNKNOWN } from '../../../policies/core';
import { oldVersionsExpire } from '../../../policies/rules/cost/old-versions-expire';
import { s3TrafficTakesTheGateway } from '../../../policies/rules/cost/s3-traffic-takes-the-gateway';
import { buildsEncryptWhatTheyWrite } from '../../../policies/rules/encryption/builds-encrypt-what-they-write';
import { taskFileSystemsUseTls } from '../../../policies/rules/encryption/task-file-systems-use-tls';
import { taskRoleIsNotTheExecutionRole } from '../../../policies/rules/identity/task-role-is-not-the-execution-role';
import { nodeSshNamesItsSources } from '../../../policies/rules/network/node-ssh-names-its-sources';
import { containersWriteLogs } from '../../../policies/rules/operations/containers-write-logs';
import { GoodProgram, both, set, unset, without } from '../cases';
import { made, said } from './hand-made';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'ecs-tasks.amazonaws.com' },
    },
  ],
});

const containers = (...all: readonly Record<string, unknown>[]): string => JSON.stringify(all);
const log = { logDriver: 'awslogs', options: { 'awslogs-group': 'encoder' } };

const good = new GoodProgram(() => {
  const vpc = new aws.ec2.Vpc('vpc', { cidrBlock: '10.0.0.0/16' });
  new aws.ec2.VpcEndpoint('gateway', {
    vpcId: vpc.id,
    serviceName: 'com.amazonaws.eu-west-1.s3',
  });
  new aws.ec2.VpcEndpoint('from-outside', {
    vpcId: vpc.id,
    serviceName: 'com.amazonaws.eu-west-1.s3',
    vpcEndpointType: 'Interface',
    privateDnsEnabled: true,
    dnsOptions: { privateDnsOnlyForInboundResolverEndpoint: true },
  });
  new aws.ec2.VpcEndpoint('logs', {
    vpcId: vpc.id,
    serviceName: 'com.amazonaws.eu-west-1.logs',
    vpcEndpointType: 'Interface',
    privateDnsEnabled: true,
  });
  const bastion = new aws.ec2.SecurityGroup('bastion', { vpcId: vpc.id });
  new aws.eks.NodeGroup('nodes', {
    clusterName: 'cluster',
    nodeRoleArn: 'arn:aws:iam::123456789012:role/node',
    subnetIds: ['subnet-1'],
    scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 2 },
    remoteAccess: { ec2SshKey: 'ops', sourceSecurityGroupIds: [bastion.id] },
  });
  const execution = new aws.iam.Role('execution', { assumeRolePolicy: TRUST });
  const task = new aws.iam.Role('task', { assumeRolePolicy: TRUST });
  new aws.ecs.TaskDefinition('encoder', {
    family: 'encoder',
    executionRoleArn: execution.arn,
    taskRoleArn: task.arn,
    containerDefinitions: containers({
      name: 'encoder',
      image: 'encoder',
      logConfiguration: log,
    }),
    volumes: [
      {
        name: 'masters',
        efsVolumeConfiguration: {
          fileSystemId: 'fs-1',
          transitEncryption: 'ENABLED',
        },
      },
      { name: 'scratch', hostPath: '/mnt/scratch' },
    ],
  });
  new aws.ecs.TaskDefinition('tool', {
    family: 'tool',
    executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
    taskRoleArn: 'arn:aws:iam::123456789012:role/tool',
    containerDefinitions: containers({
      name: 'tool',
      image: 'tool',
      logConfiguration: log,
    }),
  });
  new aws.codebuild.Project('image', {
    artifacts: { type: 'S3', location: 'artifacts' },
    secondaryArtifacts: [{ type: 'S3', location: 'reports', artifactIdentifier: 'reports' }],
    environment: {
      computeType: 'BUILD_GENERAL1_SMALL',
      image: 'aws/codebuild/standard:7.0',
      type: 'LINUX_CONTAINER',
    },
    serviceRole: 'arn:aws:iam::123456789012:role/build',
    source: { type: 'NO_SOURCE', buildspec: '{}' },
    logsConfig: { s3Logs: { status: 'ENABLED', location: 'logs/builds' } },
  });
  const masters = new aws.s3.Bucket('masters', {});
  new aws.s3.BucketVersioning('versions', {
    bucket: masters.id,
    versioningConfiguration: { status: 'Enabled' },
  });
  new aws.s3.BucketLifecycleConfiguration('old-masters', {
    bucket: masters.id,
    rules: [
      {
        id: 'versions',
        status: 'Enabled',
        filter: {},
        noncurrentVersionExpiration: { noncurrentDays: 30 },
      },
    ],
  });
  new aws.s3.Bucket('segments', {});
});

describe('rules that others have too', () => {
  good.tries(nodeSshNamesItsSources, {
    violating: {
      'a key without a source': {
        change: unset('nodes', 'remoteAccess.sourceSecurityGroupIds'),
        at: 'nodes',
        found: ['port 22 of its nodes is open to 0.0.0.0/0'],
      },
      'an empty list of sources': {
        change: set('nodes', 'remoteAccess.sourceSecurityGroupIds', []),
        at: 'nodes',
        found: ['port 22 of its nodes is open to 0.0.0.0/0'],
      },
    },
    nearMisses: { 'no access at all': unset('nodes', 'remoteAccess') },
  });

  good.tries(containersWriteLogs, {
    violating: {
      'one container of two without a log': {
        change: set(
          'encoder',
          'containerDefinitions',
          containers(
            { name: 'encoder', image: 'encoder', logConfiguration: log },
            { name: 'packager', image: 'p' },
          ),
        ),
        at: 'encoder',
        found: ['the container packager has no log'],
      },
      'a log that stays on the instance': {
        change: set(
          'encoder',
          'containerDefinitions',
          containers({
            name: 'encoder',
            logConfiguration: { logDriver: 'json-file' },
          }),
        ),
        at: 'encoder',
        found: ['the container encoder has the log driver json-file'],
      },
    },
    nearMisses: {
      'a router of logs': set(
        'encoder',
        'containerDefinitions',
        containers({
          name: 'encoder',
          logConfiguration: { logDriver: 'awsfirelens' },
        }),
      ),
    },
  });

  good.tries(taskRoleIsNotTheExecutionRole, {
    violating: {
      'one ARN for both': {
        change: set('tool', 'taskRoleArn', 'arn:aws:iam::123456789012:role/execution'),
        at: 'tool',
        found: ['its own role is its execution role'],
      },
    },
    nearMisses: {
      'roles with names that begin alike': set(
        'tool',
        'taskRoleArn',
        'arn:aws:iam::123456789012:role/execution-of-tool',
      ),
    },
    notApplicable: {
      'a task that calls nothing': {
        change: unset('tool', 'taskRoleArn'),
        at: 'tool',
        reason: 'it has one role at most',
      },
    },
  });
  it('finds one role for both where its ARN is known only in the update', () => {
    const task = (own: string) =>
      made(
        'aws:ecs/taskDefinition:TaskDefinition',
        'encoder',
        { taskRoleArn: UNKNOWN, executionRoleArn: UNKNOWN },
        { taskRoleArn: [own], executionRoleArn: ['execution'] },
      );
    const roles = ['execution', 'task'].map((name) => made('aws:iam/role:Role', name, {}));
    expect(said(taskRoleIsNotTheExecutionRole, task('execution'), ...roles)).to.deep.equal({
      result: 'violating',
      found: ['its own role is its execution role'],
    });
    expect(said(taskRoleIsNotTheExecutionRole, task('task'), ...roles)).to.deep.equal({
      result: 'compliant',
    });
  });

  good.tries(taskFileSystemsUseTls, {
    violating: {
      'a file system that says nothing': {
        change: unset('encoder', 'volumes.0.efsVolumeConfiguration.transitEncryption'),
        at: 'encoder',
        found: ['its volume masters is reached without TLS'],
      },
    },
    nearMisses: {
      'a folder of the instance': unset('encoder', 'volumes.0.efsVolumeConfiguration'),
    },
    notApplicable: {
      'a task without volumes': {
        change: unset('encoder', 'volumes'),
        at: 'encoder',
        reason: 'it mounts no EFS file system',
      },
    },
  });

  good.tries(buildsEncryptWhatTheyWrite, {
    violating: {
      'output in the clear': {
        change: set('image', 'artifacts.encryptionDisabled', true),
        at: 'image',
        found: ['what it builds is not encrypted'],
      },
      'more output in the clear': {
        change: set('image', 'secondaryArtifacts.0.encryptionDisabled', true),
        at: 'image',
        found: ['what it builds is not encrypted'],
      },
      'logs in the clear': {
        change: set('image', 'logsConfig.s3Logs.encryptionDisabled', true),
        at: 'image',
        found: ['its logs in S3 are not encrypted'],
      },
    },
    nearMisses: {
      'a build without output': set('image', 'artifacts', {
        type: 'NO_ARTIFACTS',
        encryptionDisabled: true,
      }),
      'logs that are off': set('image', 'logsConfig.s3Logs', {
        status: 'DISABLED',
        encryptionDisabled: true,
      }),
    },
  });

  good.tries(s3TrafficTakesTheGateway, {
    violating: {
      'an interface that takes all': {
        change: unset('from-outside', 'dnsOptions'),
        at: 'from-outside',
        found: ['traffic of its VPC to S3 takes it, and is paid for by the GB'],
      },
    },
    nearMisses: {
      'an interface that is asked by its own name': both(
        unset('from-outside', 'dnsOptions'),
        set('from-outside', 'privateDnsEnabled', false),
      ),
    },
    notApplicable: {
      'another service': {
        change: set('gateway', 'serviceName', 'com.amazonaws.eu-west-1.s3express'),
        at: 'gateway',
        reason: 'it is not for S3',
      },
    },
  });

  good.tries(oldVersionsExpire, {
    violating: {
      'versions without a lifecycle': {
        change: without('old-masters'),
        at: 'masters',
        found: ['old versions stay in it for ever'],
      },
      'a rule that only hides': {
        change: set('old-masters', 'rules', [
          {
            id: 'all',
            status: 'Enabled',
            filter: {},
            expiration: { days: 30 },
          },
        ]),
        at: 'masters',
        found: ['old versions stay in it for ever'],
      },
      'a rule that is off': {
        change: set('old-masters', 'rules.0.status', 'Disabled'),
        at: 'masters',
        found: ['old versions stay in it for ever'],
      },
      'the property of older programs': {
        change: set('segments', 'versioning', { enabled: true }),
        at: 'segments',
        found: ['old versions stay in it for ever'],
      },
    },
    nearMisses: {
      'old versions that move': set('old-masters', 'rules.0', {
        id: 'versions',
        status: 'Enabled',
        noncurrentVersionTransitions: [{ noncurrentDays: 30, storageClass: 'GLACIER_IR' }],
      }),
    },
    notApplicable: {
      'versions that were never on': {
        change: without('versions'),
        at: 'masters',
        reason: 'it keeps no versions',
      },
    },
  });
});
