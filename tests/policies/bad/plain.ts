/** A live stack as somebody writes it in a hurry, with @pulumi/aws alone. */
import * as aws from '@pulumi/aws';

export function plain(): void {
  const vpc = new aws.ec2.Vpc('video', { cidrBlock: '10.0.0.0/16' });
  const subnet = new aws.ec2.Subnet('public', {
    vpcId: vpc.id,
    cidrBlock: '10.0.0.0/24',
    availabilityZone: 'eu-west-1a',
    mapPublicIpOnLaunch: true,
  });
  const group = new aws.ec2.SecurityGroup('encoder', {
    vpcId: vpc.id,
    ingress: [{ protocol: 'tcp', fromPort: 22, toPort: 22, cidrBlocks: ['0.0.0.0/0'] }],
    egress: [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'] }],
  });
  new aws.ec2.Instance('encoder', {
    ami: 'ami-0123456789abcdef0',
    instanceType: 'g5.48xlarge',
    subnetId: subnet.id,
    associatePublicIpAddress: true,
    vpcSecurityGroupIds: [group.id],
    rootBlockDevice: { volumeType: 'gp2', volumeSize: 500 },
  });
  const bucket = new aws.s3.Bucket('media', { bucket: 'video-media-eu', forceDestroy: true });
  new aws.s3.BucketPublicAccessBlock('media', { bucket: bucket.id, blockPublicPolicy: false });
  new aws.s3.BucketPolicy('media', {
    bucket: bucket.id,
    policy: bucket.arn.apply((arn) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${arn}/*` }],
      }),
    ),
  });
  const role = new aws.iam.Role('encoder', {
    assumeRolePolicy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
    }),
  });
  new aws.iam.RolePolicy('encoder', {
    role: role.id,
    policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    }),
  });
  const operator = new aws.iam.User('operator');
  new aws.iam.AccessKey('operator', { user: operator.name });
  new aws.cloudwatch.LogGroup('encoder', {});
  new aws.ecs.TaskDefinition('encoder', {
    family: 'encoder',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '4096',
    memory: '8192',
    containerDefinitions: JSON.stringify([
      {
        name: 'encoder',
        image: 'video/encoder:latest',
        privileged: true,
        environment: [{ name: 'STREAM_PASSPHRASE', value: 'correct-horse-battery' }],
        resourceRequirements: [{ type: 'GPU', value: '1' }],
      },
    ]),
  });
  new aws.cloudfront.Distribution('viewers', {
    enabled: true,
    httpVersion: 'http2and3',
    origins: [
      {
        originId: 'media',
        domainName: bucket.bucketRegionalDomainName,
        customOriginConfig: {
          httpPort: 80,
          httpsPort: 443,
          originProtocolPolicy: 'http-only',
          originSslProtocols: ['TLSv1'],
        },
      },
    ],
    defaultCacheBehavior: {
      targetOriginId: 'media',
      viewerProtocolPolicy: 'allow-all',
      allowedMethods: ['GET', 'HEAD'],
      cachedMethods: ['GET', 'HEAD'],
      compress: false,
      forwardedValues: { queryString: false, cookies: { forward: 'none' } },
      minTtl: 0,
      defaultTtl: 86400,
      maxTtl: 31536000,
    },
    restrictions: { geoRestriction: { restrictionType: 'none' } },
    viewerCertificate: { cloudfrontDefaultCertificate: true, minimumProtocolVersion: 'TLSv1' },
  });
}
