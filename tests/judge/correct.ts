/** Programs that AWS would take, of the kind that its documentation shows: the provider must find nothing. */
import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { TieredSegmentStore } from '../../components';

const trust = (service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });

const network = (): { vpc: aws.ec2.Vpc; subnets: aws.ec2.Subnet[] } => {
  const vpc = new aws.ec2.Vpc('media', { cidrBlock: '10.0.0.0/16', enableDnsHostnames: true });
  const subnets = ['a', 'b'].map(
    (zone, n) =>
      new aws.ec2.Subnet(`public-${zone}`, {
        vpcId: vpc.id,
        cidrBlock: `10.0.${n}.0/24`,
        availabilityZone: `us-east-1${zone}`,
      }),
  );
  return { vpc, subnets };
};

export const CORRECT: { readonly [name: string]: () => void } = {
  'a bucket, closed and encrypted by separate resources': () => {
    const bucket = new aws.s3.Bucket('media');
    new aws.s3.BucketPublicAccessBlock('media', {
      bucket: bucket.id,
      ...{
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    });
    new aws.s3.BucketVersioning('media', {
      bucket: bucket.id,
      versioningConfiguration: { status: 'Enabled' },
    });
    new aws.s3.BucketServerSideEncryptionConfiguration('media', {
      bucket: bucket.id,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms' }, bucketKeyEnabled: true }],
    });
  },
  'a queue with one for what failed': () => {
    const failed = new aws.sqs.Queue('failed');
    new aws.sqs.Queue('jobs', {
      redrivePolicy: failed.arn.apply((arn) =>
        JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 4 }),
      ),
    });
  },
  'a function with its role and its log': () => {
    const role = new aws.iam.Role('purge', { assumeRolePolicy: trust('lambda.amazonaws.com') });
    const logs = new aws.cloudwatch.LogGroup('purge', { name: '/aws/lambda/purge', retentionInDays: 30 });
    new aws.iam.RolePolicy('purge', {
      role: role.id,
      policy: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: ['logs:PutLogEvents'], Resource: pulumi.interpolate`${logs.arn}:*` },
        ],
      },
    });
    new aws.lambda.Function('purge', {
      name: 'purge',
      role: role.arn,
      runtime: 'nodejs22.x',
      handler: 'index.handler',
      code: new pulumi.asset.AssetArchive({
        'index.js': new pulumi.asset.StringAsset('exports.handler = async () => 1'),
      }),
      environment: { variables: { LOG_GROUP: logs.name } },
    });
  },
  'a network with a gateway, a route and an endpoint': () => {
    const { vpc, subnets } = network();
    const gateway = new aws.ec2.InternetGateway('media', { vpcId: vpc.id });
    const table = new aws.ec2.RouteTable('public', {
      vpcId: vpc.id,
      routes: [{ cidrBlock: '0.0.0.0/0', gatewayId: gateway.id }],
    });
    subnets.forEach((subnet, n) => {
      new aws.ec2.RouteTableAssociation(`public-${n}`, { subnetId: subnet.id, routeTableId: table.id });
    });
    const address = new aws.ec2.Eip('nat', { domain: 'vpc' });
    new aws.ec2.NatGateway('nat', { allocationId: address.id, subnetId: subnets[0]!.id });
    new aws.ec2.VpcEndpoint('s3', {
      vpcId: vpc.id,
      serviceName: 'com.amazonaws.us-east-1.s3',
      routeTableIds: [table.id],
    });
  },
  'a balancer with a listener that forwards': () => {
    const { vpc, subnets } = network();
    const group = new aws.ec2.SecurityGroup('web', {
      vpcId: vpc.id,
      ingress: [{ protocol: 'tcp', fromPort: 443, toPort: 443, cidrBlocks: ['0.0.0.0/0'] }],
      egress: [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'] }],
    });
    const balancer = new aws.lb.LoadBalancer('web', {
      securityGroups: [group.id],
      subnets: subnets.map(({ id }) => id),
    });
    const targets = new aws.lb.TargetGroup('web', {
      port: 8080,
      protocol: 'HTTP',
      targetType: 'ip',
      vpcId: vpc.id,
      healthCheck: { path: '/healthz', interval: 10, timeout: 5 },
    });
    new aws.lb.Listener('web', {
      loadBalancerArn: balancer.arn,
      port: 80,
      defaultActions: [{ type: 'forward', targetGroupArn: targets.arn }],
    });
  },
  'a balancer under the older module names': () => {
    const targets = new aws.alb.TargetGroup('old', {
      port: 80,
      protocol: 'HTTP',
      vpcId: 'vpc-0123456789abcdef0',
    });
    new aws.alb.ListenerRule('old', {
      listenerArn:
        'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/web/0123456789abcdef/0123456789abcdef',
      actions: [{ type: 'forward', targetGroupArn: targets.arn }],
      conditions: [{ pathPattern: { values: ['/live/*'] } }],
    });
    new aws.s3.BucketV2('old');
  },
  'a service on Fargate': () => {
    const { subnets } = network();
    const cluster = new aws.ecs.Cluster('media', {
      settings: [{ name: 'containerInsights', value: 'enabled' }],
    });
    const role = new aws.iam.Role('start', { assumeRolePolicy: trust('ecs-tasks.amazonaws.com') });
    const logs = new aws.cloudwatch.LogGroup('origin', { retentionInDays: 14 });
    const task = new aws.ecs.TaskDefinition('origin', {
      family: 'origin',
      cpu: '1024',
      memory: '2048',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      executionRoleArn: role.arn,
      containerDefinitions: pulumi.jsonStringify([
        {
          name: 'origin',
          image: 'public.ecr.aws/docker/library/node:22',
          portMappings: [{ containerPort: 8080 }],
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': logs.name,
              'awslogs-region': 'us-east-1',
              'awslogs-stream-prefix': 'origin',
            },
          },
        },
      ]),
    });
    new aws.ecs.Service('origin', {
      cluster: cluster.arn,
      taskDefinition: task.arn,
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: { subnets: subnets.map(({ id }) => id) },
      deploymentCircuitBreaker: { enable: true, rollback: true },
    });
  },
  'a distribution in front of a private bucket': () => {
    const bucket = new aws.s3.Bucket('vod');
    const control = new aws.cloudfront.OriginAccessControl('vod', {
      originAccessControlOriginType: 's3',
      signingBehavior: 'always',
      signingProtocol: 'sigv4',
    });
    const cdn = new aws.cloudfront.Distribution('vod', {
      enabled: true,
      httpVersion: 'http2and3',
      origins: [
        { originId: 'vod', domainName: bucket.bucketRegionalDomainName, originAccessControlId: control.id },
      ],
      defaultCacheBehavior: {
        allowedMethods: ['GET', 'HEAD'],
        cachedMethods: ['GET', 'HEAD'],
        cachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
        targetOriginId: 'vod',
        viewerProtocolPolicy: 'redirect-to-https',
      },
      orderedCacheBehaviors: [
        {
          pathPattern: '*.m3u8',
          allowedMethods: ['GET', 'HEAD'],
          cachedMethods: ['GET', 'HEAD'],
          cachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
          targetOriginId: 'vod',
          viewerProtocolPolicy: 'https-only',
        },
      ],
      customErrorResponses: [{ errorCode: 404, errorCachingMinTtl: 1 }],
      restrictions: { geoRestriction: { restrictionType: 'none' } },
      viewerCertificate: { cloudfrontDefaultCertificate: true },
    });
    new aws.s3.BucketPolicy('vod', {
      bucket: bucket.id,
      policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'cloudfront.amazonaws.com' },
            Action: 's3:GetObject',
            Resource: pulumi.interpolate`${bucket.arn}/*`,
            Condition: { StringEquals: { 'aws:SourceArn': cdn.arn } },
          },
        ],
      },
    });
  },
  'a table with an index': () => {
    new aws.dynamodb.Table('sessions', {
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'channel',
      rangeKey: 'viewer',
      attributes: [
        { name: 'channel', type: 'S' },
        { name: 'viewer', type: 'S' },
        { name: 'seen', type: 'N' },
      ],
      globalSecondaryIndexes: [
        {
          name: 'seen',
          keySchemas: [
            { attributeName: 'channel', keyType: 'HASH' },
            { attributeName: 'seen', keyType: 'RANGE' },
          ],
          projectionType: 'ALL',
        },
      ],
      ttl: { attributeName: 'expires', enabled: true },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
    });
  },
  'a topic that feeds a queue': () => {
    const topic = new aws.sns.Topic('events');
    const queue = new aws.sqs.Queue('events');
    new aws.sns.TopicSubscription('events', { topic: topic.arn, protocol: 'sqs', endpoint: queue.arn });
    new aws.sqs.QueuePolicy('events', {
      queueUrl: queue.url,
      policy: pulumi.jsonStringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'sns.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: queue.arn,
            Condition: { ArnEquals: { 'aws:SourceArn': topic.arn } },
          },
        ],
      }),
    });
  },
  'a schedule that puts into a queue': () => {
    const queue = new aws.sqs.Queue('ticks');
    const rule = new aws.cloudwatch.EventRule('hourly', { scheduleExpression: 'rate(1 hour)' });
    new aws.cloudwatch.EventTarget('hourly', {
      rule: rule.name,
      arn: queue.arn,
      inputTransformer: { inputPaths: { time: '$.time' }, inputTemplate: '{"at": <time>}' },
    });
  },
  'a key with an alias and a secret': () => {
    const key = new aws.kms.Key('media', { enableKeyRotation: true });
    new aws.kms.Alias('media', { name: 'alias/media', targetKeyId: key.id });
    const secret = new aws.secretsmanager.Secret('passphrase', { kmsKeyId: key.arn });
    new aws.secretsmanager.SecretVersion('passphrase', {
      secretId: secret.id,
      secretString: pulumi.secret('a passphrase of some length'),
    });
  },
  'instances that scale': () => {
    const { subnets } = network();
    const template = new aws.ec2.LaunchTemplate('encoder', {
      imageId: 'ami-0123456789abcdef0',
      instanceType: 'g6.xlarge',
      metadataOptions: { httpTokens: 'required', httpEndpoint: 'enabled' },
      blockDeviceMappings: [
        { deviceName: '/dev/xvda', ebs: { volumeSize: 60, encrypted: 'true', volumeType: 'gp3' } },
      ],
      userData: Buffer.from('#!/bin/sh\necho ready\n').toString('base64'),
    });
    const group = new aws.autoscaling.Group('encoder', {
      minSize: 0,
      maxSize: 4,
      vpcZoneIdentifiers: subnets.map(({ id }) => id),
      launchTemplate: { id: template.id, version: '$Latest' },
      protectFromScaleIn: true,
      tags: [{ key: 'Name', value: 'encoder', propagateAtLaunch: true }],
    });
    new aws.ecs.CapacityProvider('encoder', {
      autoScalingGroupProvider: {
        autoScalingGroupArn: group.arn,
        managedTerminationProtection: 'ENABLED',
        managedScaling: { status: 'ENABLED', targetCapacity: 100 },
      },
    });
  },
  'a repository that forgets old images': () => {
    const repository = new aws.ecr.Repository('encoder', {
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
    });
    new aws.ecr.LifecyclePolicy('encoder', {
      repository: repository.name,
      policy: {
        rules: [
          {
            rulePriority: 1,
            selection: {
              tagStatus: 'untagged',
              countType: 'sinceImagePushed',
              countUnit: 'days',
              countNumber: 7,
            },
            action: { type: 'expire' },
          },
        ],
      },
    });
  },
  'a name with its certificate': () => {
    const zone = new aws.route53.Zone('live', { name: 'live.example.com' });
    new aws.acm.Certificate('live', { domainName: 'live.example.com', validationMethod: 'DNS' });
    new aws.route53.Record('live', {
      zoneId: zone.zoneId,
      name: 'live.example.com',
      type: 'A',
      aliases: [
        { name: 'd111111abcdef8.cloudfront.net', zoneId: 'Z2FDTNDATAQYW2', evaluateTargetHealth: false },
      ],
    });
  },
  'an API with a method': () => {
    const api = new aws.apigateway.RestApi('control');
    const resource = new aws.apigateway.Resource('channels', {
      restApi: api.id,
      parentId: api.rootResourceId,
      pathPart: 'channels',
    });
    const method = new aws.apigateway.Method('list', {
      restApi: api.id,
      resourceId: resource.id,
      httpMethod: 'GET',
      authorization: 'AWS_IAM',
    });
    new aws.apigateway.Integration('list', {
      restApi: api.id,
      resourceId: resource.id,
      httpMethod: method.httpMethod,
      type: 'MOCK',
      requestTemplates: { 'application/json': '{"statusCode": 200}' },
    });
  },
  'an accelerator for a balancer': () => {
    const accelerator = new aws.globalaccelerator.Accelerator('srt', { name: 'srt' });
    const listener = new aws.globalaccelerator.Listener('srt', {
      acceleratorArn: accelerator.arn,
      protocol: 'UDP',
      clientAffinity: 'SOURCE_IP',
      portRanges: [{ fromPort: 9000, toPort: 9024 }],
    });
    const { subnets } = network();
    const balancer = new aws.lb.LoadBalancer('srt', {
      loadBalancerType: 'network',
      subnets: subnets.map(({ id }) => id),
    });
    new aws.globalaccelerator.EndpointGroup('srt', {
      listenerArn: listener.arn,
      endpointConfigurations: [{ endpointId: balancer.arn, clientIpPreservationEnabled: true }],
    });
  },
  'two regions, with tags by default': () => {
    const edge = new aws.Provider('edge', { region: 'us-east-1', defaultTags: { tags: { team: 'video' } } });
    const far = new aws.Provider('far', { region: 'eu-west-1' });
    new aws.acm.Certificate(
      'edge',
      { domainName: 'live.example.com', validationMethod: 'DNS' },
      { provider: edge },
    );
    new aws.s3.Bucket('far', {}, { provider: far });
  },
  'an alarm on a service': () => {
    const topic = new aws.sns.Topic('alarms');
    new aws.cloudwatch.MetricAlarm('restarts', {
      comparisonOperator: 'LessThanThreshold',
      evaluationPeriods: 1,
      metricName: 'RunningTaskCount',
      namespace: 'ECS/ContainerInsights',
      period: 60,
      statistic: 'Minimum',
      threshold: 1,
      dimensions: { ClusterName: 'media', ServiceName: 'news' },
      treatMissingData: 'breaching',
      alarmActions: [topic.arn],
    });
  },
  'an application firewall with a managed rule': () => {
    new aws.wafv2.WebAcl('live', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: { cloudwatchMetricsEnabled: true, metricName: 'live', sampledRequestsEnabled: true },
      rules: [
        {
          name: 'reputation',
          priority: 1,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesAmazonIpReputationList' },
          },
          visibilityConfig: {
            cloudwatchMetricsEnabled: true,
            metricName: 'reputation',
            sampledRequestsEnabled: true,
          },
        },
      ],
    });
  },
  'a segment store with everything': () => {
    const store = new TieredSegmentStore('media', {
      zones: { a: { zoneId: 'use1-az4' }, b: { zoneId: 'use1-az6' } },
      dvr: '12 hours',
      archive: { keepFor: '90 days' },
      environment: 'prod',
      tags: { team: 'video' },
    });
    const role = new aws.iam.Role('encoder', { assumeRolePolicy: trust('ecs-tasks.amazonaws.com') });
    store.grantWrite('news', role.name, { channels: ['news'], zones: ['a'] });
    store.grantRead('origin', role.name);
  },
};
