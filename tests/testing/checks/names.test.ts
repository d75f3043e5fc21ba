import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as apigateway from '@pulumi/aws/apigateway';
import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as dynamodb from '@pulumi/aws/dynamodb';
import * as ec2 from '@pulumi/aws/ec2';
import * as ecr from '@pulumi/aws/ecr';
import * as ecs from '@pulumi/aws/ecs';
import * as globalaccelerator from '@pulumi/aws/globalaccelerator';
import * as iam from '@pulumi/aws/iam';
import * as kms from '@pulumi/aws/kms';
import * as lb from '@pulumi/aws/lb';
import * as s3 from '@pulumi/aws/s3';
import * as sns from '@pulumi/aws/sns';
import * as sqs from '@pulumi/aws/sqs';
import * as ssm from '@pulumi/aws/ssm';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import fc from 'fast-check';
import { TieredSegmentStore } from '../../../components';
import {
  assertNames,
  checkNames,
  FindingsError,
  NAME_LIMITS,
  NAME_LIMITS_FROM,
  recordComponent,
  type Finding,
} from '../../../testing';
import { NAMED_TYPES, UNNAMED_TYPES } from '../../../testing/checks/name-limits';
import { thrownBy } from '../thrown';

/** A resource of any type. */
class Custom extends pulumi.CustomResource {}

/** What is wrong with one resource: by the name in the program. */
async function problemsOf(program: () => void): Promise<Record<string, string>> {
  const { findings } = checkNames(await recordComponent(program));
  return Object.fromEntries(findings.map(({ name, property, problem }) => [name, `${property}: ${problem}`]));
}

describe('names against the limits of AWS', () => {
  it('finds a name that is too long and says what is allowed, by whom, and what to do', async () => {
    const name = 'a-target-group-for-the-live-origin';
    const graph = await recordComponent(() => {
      new lb.TargetGroup('origin', { name });
    });
    const [finding, ...others] = checkNames(graph).findings;
    expect(others).to.deep.equal([]);
    expect(finding).to.deep.equal({
      urn: 'urn:pulumi:stack::project::aws:lb/targetGroup:TargetGroup::origin',
      type: 'aws:lb/targetGroup:TargetGroup',
      name: 'origin',
      property: 'name',
      value: name,
      problem: '34 characters',
      allowed: `at most 32 characters, letters, digits and hyphens, no hyphen at an end (botocore ${NAME_LIMITS_FROM.botocore}, elbv2.CreateTargetGroup.Name)`,
      fix: 'change name',
    } satisfies Finding);
  });

  it('counts the eight characters that Pulumi adds where the program gives no name', async () => {
    const [fits, tooLong] = ['x'.repeat(24), 'y'.repeat(25)] as const;
    const graph = await recordComponent(() => {
      new lb.TargetGroup(fits, {});
      new lb.TargetGroup(tooLong, {});
    });
    const { findings, checked } = checkNames(graph);
    expect(checked).to.equal(2);
    expect(findings.map(({ name, problem, fix }) => ({ name, problem, fix }))).to.deep.equal([
      {
        name: tooLong,
        problem: "33 characters, 8 of which Pulumi adds to the resource's name",
        fix: `give name, or rename the resource "${tooLong}" to one of at most 24 characters that is allowed`,
      },
    ]);
    expect(checkNames(graph, { autoNameCharacters: 0 }).findings).to.deep.equal([]);
  });

  it('counts the 26 characters that the provider adds to a prefix', async () => {
    const graph = await recordComponent(() => {
      new iam.Role('fits', { namePrefix: 'r'.repeat(38), assumeRolePolicy: '{}' });
      new iam.Role('long', { namePrefix: 'r'.repeat(39), assumeRolePolicy: '{}' });
    });
    const { findings } = checkNames(graph);
    expect(findings.map(({ property, problem, fix }) => ({ property, problem, fix }))).to.deep.equal([
      {
        property: 'namePrefix',
        problem: '65 characters, 26 of which the provider adds to a prefix',
        fix: 'give a namePrefix of at most 38 characters',
      },
    ]);
  });

  it('judges characters, ends and reserved beginnings as each service does', async () => {
    const problems = await problemsOf(() => {
      new s3.Bucket('upper', { bucket: 'Acme-logs' });
      new s3.Bucket('lowered-By-Pulumi');
      new s3.Bucket('dots', { bucket: 'acme..logs' });
      new s3.Bucket('ip', { bucket: '192.168.5.4' });
      new s3.Bucket('reserved', { bucket: 'acme-logs-s3alias' });
      new s3.Bucket('fine', { bucket: 'acme.logs-1' });
      new s3.DirectoryBucket('zoneless', {
        bucket: 'acme-live',
        location: { name: 'use1-az4' },
      });
      new s3.DirectoryBucket('zoned', {
        bucket: 'acme-live--use1-az4--x-s3',
        location: { name: 'use1-az4' },
      });
      new ec2.SecurityGroup('sg', { name: 'sg-origin' });
      new lb.LoadBalancer('internal', { name: 'internal-origin' });
      new lb.TargetGroup('hyphen', { name: 'origin-' });
      new kms.Alias('alias', { name: 'media', targetKeyId: 'key' });
      new kms.Alias('made-by-pulumi', { targetKeyId: 'key' });
      new ecs.CapacityProvider('provider', { name: 'ecs-gpu' });
      new ecs.TaskDefinition('task', { family: 'media origin', containerDefinitions: '[]' });
      new dynamodb.Table('table', { name: 'ab', attributes: [] });
      new ec2.LaunchTemplate('template', { name: 'ab' });
      new globalaccelerator.Accelerator('accelerator', { name: 'ingest.' });
      new cloudwatch.LogGroup('logs', { name: 'aws/mine' });
      new ssm.Parameter('parameter', { name: '/AWS/mine', type: 'String' });
      new ecr.Repository('Upper');
    });
    const characters = 'characters that it may not have';
    expect(problems).to.deep.equal({
      upper: `bucket: ${characters}`,
      dots: `bucket: ${characters}`,
      ip: 'bucket: "192.168.5.4" is reserved by AWS',
      reserved: 'bucket: "-s3alias" is reserved by AWS',
      zoneless: `bucket: ${characters}`,
      sg: 'name: "sg-" is reserved by AWS',
      internal: 'name: "internal-" is reserved by AWS',
      hyphen: `name: ${characters}`,
      alias: `name: 5 characters and ${characters}`,
      provider: 'name: "ecs" is reserved by AWS',
      task: `family: ${characters}`,
      table: 'name: 2 characters',
      template: 'name: 2 characters',
      accelerator: `name: ${characters}`,
      logs: 'name: "aws/" is reserved by AWS',
      parameter: 'name: "/AWS" is reserved by AWS',
      Upper: `name: ${characters}`,
    });
  });

  it('asks for .fifo where a queue or topic is one, and refuses it where it is not', async () => {
    const problems = await problemsOf(() => {
      new sqs.Queue('plain', { name: 'jobs.fifo' });
      new sqs.Queue('fifo', { name: 'jobs', fifoQueue: true });
      new sqs.Queue('right', { name: 'jobs.fifo', fifoQueue: true });
      new sqs.Queue('made', { fifoQueue: true });
      new sqs.Queue('q'.repeat(68), { fifoQueue: true });
      new sns.Topic('topic', { name: 'news', fifoTopic: true });
    });
    expect(problems).to.deep.equal({
      plain: 'name: characters that it may not have',
      fifo: 'name: characters that it may not have',
      ['q'.repeat(68)]: "name: 81 characters, 13 of which Pulumi adds to the resource's name",
      topic: 'name: characters that it may not have',
    });
  });

  it('reports what it knows no limit of, and never passes it in silence', async () => {
    const graph = await recordComponent(() => {
      new apigateway.RestApi('api', { name: 'x'.repeat(5000) });
      new Custom('random:index/randomId:RandomId', 'id', {});
      new Custom('aws:future/thing:Thing', 'thing', {});
      new sqs.Queue('secret', { name: pulumi.secret('hidden-name-of-a-queue') });
      new s3.BucketPolicy('policy', { bucket: 'acme-logs', policy: '{}' });
    });
    const { findings, notChecked, checked, unnamed } = checkNames(graph);
    expect(findings).to.deep.equal([]);
    expect(checked).to.equal(0);
    expect(notChecked.map(({ name, property, reason }) => [name, property, reason])).to.have.deep.members([
      ['api', 'name', 'no limit of name is known'],
      ['id', undefined, 'only limits of AWS are known'],
      [
        'thing',
        undefined,
        'the type is not in the tables; bring them up to date (NAME_LIMITS_FROM says what they are of)',
      ],
      ['secret', 'name', 'it is a secret'],
    ]);
    expect(unnamed).to.deep.equal({ 'aws:s3/bucketPolicy:BucketPolicy': 1 });
    const error = thrownBy(() => assertNames(graph), FindingsError);
    expect(error.message.split('\n')[0]).to.equal(
      "4 names not checked (say why in exceptions: { '<type>': '<reason>' })",
    );
    const exceptions = {
      'aws:apigateway/restApi:RestApi': 'AWS publishes no limit',
      'random:index/randomId:RandomId': 'no name',
      'aws:future/thing:Thing': 'invented',
      'aws:sqs/queue:Queue': 'hidden',
    };
    expect(assertNames(graph, { exceptions }).notChecked).to.deep.equal([]);
  });

  it('throws with every name at once, each with its URN, value and what is allowed', async () => {
    const graph = await recordComponent(() => {
      new lb.TargetGroup('one', { name: 'under_score' });
      new ec2.SecurityGroup('two', { name: 'sg-two' });
    });
    const error = thrownBy(() => assertNames(graph), FindingsError);
    const [title, ...lines] = error.message.split('\n');
    expect(title).to.equal('2 names that AWS would refuse');
    expect(lines).to.have.length(2);
    expect(error.message).to.contain(
      '  urn:pulumi:stack::project::aws:lb/targetGroup:TargetGroup::one: name = "under_score": characters that it may not have; allowed: at most 32 characters, letters, digits and hyphens, no hyphen at an end (',
    );
    expect(error.message).to.contain('::two: name = "sg-two": "sg-" is reserved by AWS; allowed: ');
  });

  it('leaves out what is only read, and a name that is an output of another resource', async () => {
    const graph = await recordComponent(() => {
      s3.Bucket.get('foreign', 'Somebody-Elses');
      const group = new cloudwatch.LogGroup('logs', { name: '/media/origin' });
      new cloudwatch.LogStream('stream', { name: 'all', logGroupName: group.name });
      new ssm.Association('association', { name: group.name });
    });
    const { checked, findings } = checkNames(graph);
    expect([checked, findings]).to.deep.equal([2, []]);
  });

  it('finds every name of a TieredSegmentStore known and allowed', async () => {
    const graph = await recordComponent(
      () => {
        const store = new TieredSegmentStore('live', { zones: { a: { zoneId: 'use1-az4' } } });
        const role = new iam.Role('encoder', { assumeRolePolicy: '{}' });
        store.grantWrite('encoder', role.name);
      },
      { stack: 'dev', config: { 'aws:region': 'us-east-1' } },
    );
    const { checked, notChecked } = assertNames(graph);
    expect([checked, notChecked]).to.deep.equal([4, []]);
  });

  it('has, for each limit, a source, a pattern that compiles and numbers in order', () => {
    const wrong: string[] = [];
    for (const [type, properties] of Object.entries(NAME_LIMITS)) {
      for (const [property, limit] of Object.entries(properties)) {
        if (NAMED_TYPES[type]?.[property] === undefined) wrong.push(`${type}.${property} is no name`);
        if ('none' in limit) continue;
        if (limit.source === '') wrong.push(`${type}.${property} has no source`);
        if (limit.max === undefined && limit.pattern === undefined)
          wrong.push(`${type}.${property}: no limit`);
        if ((limit.min ?? 0) > (limit.max ?? Infinity))
          wrong.push(`${type}.${property}: ${limit.min} > ${limit.max}`);
        const pattern = limit.pattern ?? '';
        new RegExp(pattern.replace(/^\(\?u\)/, ''), pattern.startsWith('(?u)') ? 'u' : '');
      }
    }
    expect(wrong).to.deep.equal([]);
    expect(UNNAMED_TYPES.filter((type) => NAMED_TYPES[type] !== undefined)).to.deep.equal([]);
  });

  it('has limits of what media stacks are made of', () => {
    const types = [
      ...['aws:s3/bucket:Bucket', 'aws:s3/directoryBucket:DirectoryBucket', 'aws:kms/alias:Alias'],
      ...['aws:iam/role:Role', 'aws:iam/policy:Policy', 'aws:iam/rolePolicy:RolePolicy'],
      ...['aws:iam/instanceProfile:InstanceProfile', 'aws:iam/user:User', 'aws:iam/group:Group'],
      ...['aws:cloudwatch/logGroup:LogGroup', 'aws:cloudwatch/eventRule:EventRule'],
      ...['aws:cloudwatch/eventBus:EventBus', 'aws:cloudwatch/metricAlarm:MetricAlarm'],
      ...['aws:cloudwatch/compositeAlarm:CompositeAlarm', 'aws:cloudwatch/dashboard:Dashboard'],
      ...['aws:lambda/function:Function', 'aws:ecr/repository:Repository', 'aws:sqs/queue:Queue'],
      ...['aws:sns/topic:Topic', 'aws:ecs/cluster:Cluster', 'aws:ecs/service:Service'],
      ...['aws:ecs/taskDefinition:TaskDefinition', 'aws:ecs/capacityProvider:CapacityProvider'],
      ...['aws:lb/targetGroup:TargetGroup', 'aws:lb/loadBalancer:LoadBalancer'],
      ...['aws:alb/targetGroup:TargetGroup', 'aws:alb/loadBalancer:LoadBalancer'],
      ...['aws:autoscaling/group:Group', 'aws:ec2/launchTemplate:LaunchTemplate'],
      ...['aws:ec2/securityGroup:SecurityGroup', 'aws:cloudfront/function:Function'],
      ...['aws:cloudfront/cachePolicy:CachePolicy', 'aws:cloudfront/keyValueStore:KeyValueStore'],
      ...['aws:cloudfront/originRequestPolicy:OriginRequestPolicy'],
      ...['aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy'],
      ...['aws:cloudfront/originAccessControl:OriginAccessControl', 'aws:dynamodb/table:Table'],
      ...['aws:secretsmanager/secret:Secret', 'aws:ssm/parameter:Parameter', 'aws:wafv2/webAcl:WebAcl'],
      ...['aws:globalaccelerator/accelerator:Accelerator', 'aws:sfn/stateMachine:StateMachine'],
      ...['aws:batch/computeEnvironment:ComputeEnvironment', 'aws:batch/jobQueue:JobQueue'],
      ...['aws:batch/jobDefinition:JobDefinition', 'aws:codebuild/project:Project'],
      ...['aws:apigatewayv2/api:Api', 'aws:eks/cluster:Cluster', 'aws:eks/nodeGroup:NodeGroup'],
      ...['aws:scheduler/schedule:Schedule', 'aws:kinesis/stream:Stream'],
    ];
    expect(types.filter((type) => NAME_LIMITS[type] === undefined)).to.deep.equal([]);
    expect(UNNAMED_TYPES).to.include.members(['aws:lb/listener:Listener', 'aws:ec2/vpc:Vpc']);
  });

  it('knows every type of the installed @pulumi/aws as one with a name or one without', async function () {
    this.timeout(60_000);
    const { resourceClasses, sdkVersion } = (await import(
      pathToFileURL(resolve(__dirname, '../../../../tools/sdk-types/sdk.mjs')).href
    )) as { resourceClasses: () => readonly { readonly type: string }[]; sdkVersion: () => string };
    expect(NAME_LIMITS_FROM.pulumiAws).to.equal(sdkVersion());
    expect([...Object.keys(NAMED_TYPES), ...UNNAMED_TYPES].sort()).to.deep.equal(
      resourceClasses().map(({ type }) => type),
    );
  });

  it('lets a name of n letters pass exactly where n is in the published range', async () => {
    const ranges = [
      ['aws:lb/targetGroup:TargetGroup', 'name', 1, 32],
      ['aws:iam/role:Role', 'name', 1, 64],
      ['aws:s3/bucket:Bucket', 'bucket', 3, 63],
      ['aws:autoscaling/group:Group', 'name', 1, 255],
      ['aws:ec2/launchTemplate:LaunchTemplate', 'name', 3, 128],
      ['aws:ec2/securityGroup:SecurityGroup', 'name', 1, 255],
      ['aws:cloudfront/function:Function', 'name', 1, 64],
      ['aws:cloudfront/originAccessControl:OriginAccessControl', 'name', 1, 64],
      ['aws:cloudfront/keyValueStore:KeyValueStore', 'name', 1, 64],
      ['aws:cloudfront/cachePolicy:CachePolicy', 'name', 1, 128],
      ['aws:dynamodb/table:Table', 'name', 3, 255],
      ['aws:globalaccelerator/accelerator:Accelerator', 'name', 1, 64],
      ['aws:sfn/stateMachine:StateMachine', 'name', 1, 80],
      ['aws:sqs/queue:Queue', 'name', 1, 80],
      ['aws:ecr/repository:Repository', 'name', 2, 256],
      ['aws:cloudwatch/eventRule:EventRule', 'name', 1, 64],
      ['aws:lambda/function:Function', 'name', 1, 64],
      ['aws:ecs/taskDefinition:TaskDefinition', 'family', 1, 255],
      ['aws:wafv2/webAcl:WebAcl', 'name', 1, 128],
      ['aws:codebuild/project:Project', 'name', 2, 150],
      ['aws:batch/jobQueue:JobQueue', 'name', 1, 128],
      ['aws:secretsmanager/secret:Secret', 'name', 1, 512],
      ['aws:ssm/parameter:Parameter', 'name', 1, 1011],
    ] as const;
    const template = await recordComponent(() => {
      new Custom('aws:lb/targetGroup:TargetGroup', 'it', { name: 'x' });
    });
    const stack = template.resources.filter(({ name }) => name !== 'it');
    const one = template.resources.find(({ name }) => name === 'it')!;
    fc.assert(
      fc.property(
        fc.constantFrom(...ranges),
        fc.integer({ min: -2, max: 2 }),
        fc.boolean(),
        (range, off, low) => {
          const [type, property, min, max] = range;
          const length = Math.max(1, (low ? min : max) + off);
          const resource = { ...one, type, inputs: { [property]: 'x'.repeat(length) } };
          const { findings } = checkNames({ ...template, resources: [...stack, resource] });
          expect(findings.length, `${type} ${length}`).to.equal(length >= min && length <= max ? 0 : 1);
        },
      ),
    );
  });
});
