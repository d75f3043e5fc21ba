import * as autoscaling from '@pulumi/aws/autoscaling';
import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as ec2 from '@pulumi/aws/ec2';
import * as ecs from '@pulumi/aws/ecs';
import * as iam from '@pulumi/aws/iam';
import * as kms from '@pulumi/aws/kms';
import * as lb from '@pulumi/aws/lb';
import * as s3 from '@pulumi/aws/s3';
import * as secretsmanager from '@pulumi/aws/secretsmanager';
import * as sns from '@pulumi/aws/sns';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { sectionsOf, summaryLine, writeText } from '../../../planner/report';
import { expectPlan, planned } from './planned';

const SECRET = 'correct horse battery';
const ROLE = 'arn:aws:iam::123456789012:role/theirs';

/** Of a provider that nobody has a double for. */
class RandomId extends pulumi.CustomResource {}

describe('the plan of any program', function () {
  this.timeout(30_000);

  it('says of an empty program that nothing is there, and shows no empty section', async () => {
    const plan = await planned(() => ({}));
    expectPlan(plan);
    expect(plan.totals).to.deep.include({ resources: 0, components: 0 });
    expect(summaryLine(plan)).to.equal('video, stack test, no region: 0 resources.');
    expect(sectionsOf(plan, { all: true })).to.deep.equal([]);
    expect(plan.flow.mermaid).to.equal('flowchart LR\n');
  });

  it('lists types for which nobody says what they take, and counts other providers', async () => {
    const plan = await planned(() => {
      new iam.PolicyAttachment('everyone', {
        policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
        roles: [],
      });
      new RandomId('random:index/randomId:RandomId', 'id', { byteLength: 4 });
    });
    expectPlan(plan);
    expect(plan.needs.permissions.notKnown).to.deep.equal(['aws:iam/policyAttachment:PolicyAttachment']);
    expect(plan.totals.otherProviders).to.deep.equal({ random: 1 });
    const shown = writeText(summaryLine(plan), sectionsOf(plan, { all: false }), 80);
    expect(shown).to.contain(
      'Not known: nobody publishes what these take:\n  - aws:iam/policyAttachment:PolicyAttachment\n',
    );
    expect(shown).to.contain('Other providers than AWS: 1 of random.');
  });

  it('names what somebody else has to make: ARNs, ids, zones, images and what is read', async () => {
    const plan = await planned(
      () => {
        s3.Bucket.get('theirs', 'their-bucket');
        new cloudwatch.MetricAlarm('full', {
          ...{ comparisonOperator: 'GreaterThanThreshold', evaluationPeriods: 1 },
          alarmActions: [new sns.Topic('ours').arn, 'arn:aws:sns:us-east-1:123456789012:pager'],
          okActions: ['arn:aws:sns:us-east-1:123456789012:put-together'],
        });
        new sns.Topic('named', { name: 'put-together' });
        const vpcId = 'vpc-0123456789abcdef0';
        new ec2.SecurityGroup('door', { vpcId });
        const theirs = ec2.getSecurityGroupOutput({ name: 'theirs', vpcId });
        new ec2.LaunchTemplate('behind', { vpcSecurityGroupIds: [theirs.id] });
        new ecs.TaskDefinition('task', {
          family: 'task',
          executionRoleArn: ROLE,
          containerDefinitions: JSON.stringify([{ name: 'a', image: 'example.com/a:1' }]),
        });
        const own = new kms.Key('own');
        new kms.Alias('own', { targetKeyId: own.arn });
      },
      { answers: { 'aws:ec2/getSecurityGroup:getSecurityGroup': { id: 'sg-0123456789abcdef0' } } },
    );
    expect(plan.needs.before).to.deep.equal([
      { what: ROLE, for: ['task'] },
      { what: 'arn:aws:sns:us-east-1:123456789012:pager', for: ['full'] },
      { what: 'aws:s3/bucket:Bucket their-bucket', for: ['theirs'] },
      { what: 'the image example.com/a:1', for: ['task'] },
      { what: 'vpc-0123456789abcdef0 in EC2', for: ['door'] },
      {
        what: 'what getSecurityGroup finds with {"name":"theirs","vpcId":"vpc-0123456789abcdef0"}',
        for: ['the program'],
      },
    ]);
    expect(plan.needs.passedRoles).to.deep.equal([{ role: ROLE, services: [], to: ['task'] }]);
    // What is only read is not made, and takes no more than reading.
    const bucket = plan.needs.permissions.types.find(({ type }) => type === 'aws:s3/bucket:Bucket')!;
    expect(bucket.actions).to.deep.include({ create: [], update: [], delete: [] });
    expect(bucket.actions.read).to.include('s3:GetBucketTagging');
    expect(plan.totals).to.include({ reads: 1, resources: 8 });
  });

  it('says what destroy leaves by each resource’s own settings', async () => {
    const plan = await planned(() => {
      new s3.Bucket('full');
      new s3.Bucket('emptied', { forceDestroy: true });
      new s3.Bucket('kept', {}, { retainOnDelete: true });
      new s3.Bucket('guarded', { forceDestroy: true }, { protect: true });
      new kms.Key('key', { deletionWindowInDays: 7 });
      new secretsmanager.Secret('gone', { recoveryWindowInDays: 0 });
      new secretsmanager.Secret('later');
      new cloudwatch.LogGroup('for-ever');
      new cloudwatch.LogGroup('month', { retentionInDays: 30 });
      new lb.LoadBalancer('balancer', { enableDeletionProtection: true });
    });
    expect(plan.destroy.map(({ kind, resources }) => [kind, ...resources])).to.deep.equal([
      ['refuses', 'guarded'],
      ['refuses', 'balancer'],
      ['stays', 'kept'],
      ['content', 'full'],
      ['delayed', 'key'],
      ['delayed', 'later'],
      ['kept-for-ever', 'for-ever'],
    ]);
    expect(plan.destroy.map(({ what }) => / \(\d+ days\)$/.exec(what)?.[0])).to.deep.equal([
      ...[undefined, undefined, undefined, undefined],
      ...[' (7 days)', ' (30 days)', undefined],
    ]);
  });

  it('counts Spot by itself, with its role, and says where an instance’s vCPUs are not known', async () => {
    const plan = await planned(() => {
      const template = (name: string, instanceType: string, isSpot: boolean) =>
        new ec2.LaunchTemplate(name, {
          instanceType,
          ...(isSpot && { instanceMarketOptions: { marketType: 'spot' } }),
        });
      const group = (name: string, instanceType: string, isSpot: boolean) =>
        new autoscaling.Group(name, {
          ...{ minSize: 0, maxSize: 4, availabilityZones: ['us-east-1a'] },
          launchTemplate: { id: template(`${name}-template`, instanceType, isSpot).id, version: '$Latest' },
        });
      const cluster = new ecs.Cluster('cluster');
      const service = (name: string, on: autoscaling.Group, cpu: number, desiredCount: number) => {
        const provider = new ecs.CapacityProvider(`${name}-provider`, {
          autoScalingGroupProvider: { autoScalingGroupArn: on.arn },
        });
        const task = new ecs.TaskDefinition(`${name}-task`, {
          family: name,
          containerDefinitions: JSON.stringify([{ name, image: 'example.com/a:1', cpu }]),
        });
        new ecs.Service(name, {
          ...{ cluster: cluster.arn, desiredCount, taskDefinition: task.arn },
          capacityProviderStrategies: [{ capacityProvider: provider.name }],
        });
      };
      service('cheap', group('spot', 'g6.xlarge', true), 1500, 5);
      service('odd', group('strange', 'x9.huge', false), 1000, 1);
    });
    const [spot, strange] = plan.capacity.pools;
    // 4,096 units are two tasks of 1,500.
    expect(spot).to.include({ purchase: 'spot', instances: 3, vcpus: 4 });
    expect(strange).to.include({ purchase: 'on-demand', instances: null, vcpus: null });
    expect(plan.needs.quotas.find(({ code }) => code === 'L-3819A6DF')).to.include({
      needed: 12,
      verdict: 'raise',
    });
    expect(plan.needs.quotas.find(({ code }) => code === 'L-DB2E81BA')).to.equal(undefined);
    expect(plan.needs.serviceLinkedRoles.map(({ service }) => service)).to.include('spot.amazonaws.com');
    expect(plan.notKnown.map(({ what }) => what)).to.deep.equal([
      'no region: us-east-1 stands in for it',
      'how many instances strange needs: the vCPUs of x9.huge, or what its tasks reserve, are not known here',
    ]);
  });

  it('holds no secret’s text, wherever the program puts it', async () => {
    const plan = await planned(() => {
      const secret = pulumi.secret(SECRET);
      const made = new secretsmanager.Secret('key');
      new secretsmanager.SecretVersion('key-value', { secretId: made.id, secretString: secret });
      new ecs.TaskDefinition('task', {
        family: 'task',
        containerDefinitions: pulumi.jsonStringify([
          { name: 'a', image: 'example.com/a:1', environment: [{ name: 'KEY', value: secret }] },
        ]),
      });
      return { url: pulumi.interpolate`https://example.com/?key=${secret}`, key: secret };
    });
    expectPlan(plan);
    const everything = [
      JSON.stringify(plan),
      writeText(summaryLine(plan), sectionsOf(plan, { all: true }), 200),
    ].join('\n');
    expect(everything).to.contain('key-value');
    expect(everything).to.not.match(/correct|horse|battery/);
    expect(plan.needs.after).to.deep.equal([]);
  });
});
