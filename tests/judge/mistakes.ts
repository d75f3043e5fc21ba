/** Programs with one mistake each, the input that is wrong, and what the provider must say of it. */
import * as aws from '@pulumi/aws';

export interface Mistake {
  readonly what: string;
  readonly program: () => void;
  /** The Pulumi input that the finding must name. */
  readonly property: string;
  readonly says: RegExp;
}

/** For arguments that the compiler would refuse, as it does not in plain JavaScript. */
const wrong = <T>(value: unknown): T => value as T;

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

const distribution = (change: Partial<aws.cloudfront.DistributionArgs>): void => {
  new aws.cloudfront.Distribution('cdn', {
    enabled: true,
    origins: [{ domainName: 'origin.example.com', originId: 'origin' }],
    defaultCacheBehavior: {
      allowedMethods: ['GET', 'HEAD'],
      cachedMethods: ['GET', 'HEAD'],
      cachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
      targetOriginId: 'origin',
      viewerProtocolPolicy: 'redirect-to-https',
    },
    restrictions: { geoRestriction: { restrictionType: 'none' } },
    viewerCertificate: { cloudfrontDefaultCertificate: true },
    ...change,
  });
};

export const MISTAKES: readonly Mistake[] = [
  {
    what: 'a number above its range',
    program: () => void new aws.sqs.Queue('jobs', { visibilityTimeoutSeconds: 99_999 }),
    property: 'visibilityTimeoutSeconds',
    says: /expected visibility_timeout_seconds to be in the range \(0 - 43200\)/,
  },
  {
    what: 'a number below its range',
    program: () => void new aws.kms.Key('key', { deletionWindowInDays: 3 }),
    property: 'deletionWindowInDays',
    says: /to be in the range \(7 - 30\), got 3/,
  },
  {
    what: 'a number that is none of those allowed',
    program: () => void new aws.cloudwatch.LogGroup('logs', { retentionInDays: 8 }),
    property: 'retentionInDays',
    says: /expected retention_in_days to be one of/,
  },
  {
    what: 'a port that does not exist',
    program: () =>
      void new aws.lb.TargetGroup('srt', { port: 70_000, protocol: 'UDP', vpcId: 'vpc-0123456789abcdef0' }),
    property: 'port',
    says: /expected port to be in the range \(1 - 65535\)/,
  },
  {
    what: 'a word that is none of those allowed',
    program: () => void new aws.ecs.Service('origin', { launchType: 'EC3', taskDefinition: 'origin:1' }),
    property: 'launchType',
    says: /expected launch_type to be one of .*"EC2" "FARGATE"/,
  },
  {
    what: 'such a word in a block',
    program: () => void new aws.ec2.LaunchTemplate('encoder', { metadataOptions: { httpTokens: 'yes' } }),
    property: 'metadataOptions.httpTokens',
    says: /http_tokens to be one of/,
  },
  {
    what: 'such a word in the second of several blocks',
    program: () =>
      void new aws.s3.BucketLifecycleConfiguration('expiry', {
        bucket: 'media',
        rules: [
          { id: 'a', status: 'Enabled', expiration: { days: 1 }, filter: { prefix: 'a/' } },
          { id: 'b', status: 'On', expiration: { days: 1 }, filter: { prefix: 'b/' } },
        ],
      }),
    property: 'rules[1].status',
    says: /Enabled.*Disabled|Disabled.*Enabled/,
  },
  {
    what: 'a network that is none',
    program: () => void new aws.ec2.Vpc('media', { cidrBlock: '10.0.0.0/33' }),
    property: 'cidrBlock',
    says: /invalid CIDR address/,
  },
  {
    what: 'two arguments that exclude each other',
    program: () =>
      void new aws.iam.Role('encoder', { assumeRolePolicy: TRUST, name: 'encoder', namePrefix: 'enc' }),
    property: 'name',
    says: /"name": conflicts with name_prefix/,
  },
  {
    what: 'a block that is missing',
    program: () =>
      void new aws.lb.Listener('web', {
        loadBalancerArn:
          'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/0123456789abcdef',
        port: 80,
        defaultActions: [],
      }),
    property: 'defaultActions',
    says: /default_action/,
  },
  {
    what: 'an argument that is missing in a block',
    program: () => distribution({ origins: [wrong({ domainName: 'origin.example.com' })] }),
    property: 'origins[0]',
    says: /"origin_id" is required/,
  },
  {
    what: 'a text for a number',
    program: () => void new aws.sqs.Queue('jobs', { delaySeconds: wrong('soon') }),
    property: 'delaySeconds',
    says: /a number is required/,
  },
  {
    what: 'a text for a list',
    program: () => distribution({ aliases: wrong('live.example.com') }),
    property: 'aliases',
    says: /set of string required/,
  },
  {
    what: 'a name with characters that are not allowed',
    program: () => void new aws.lb.LoadBalancer('srt', { name: 'srt_ingest', loadBalancerType: 'network' }),
    property: 'name',
    says: /only alphanumeric characters and hyphens allowed in "name"/,
  },
  {
    what: 'a name that is too long',
    program: () => void new aws.s3.Bucket('media', { bucket: 'm'.repeat(64) }),
    property: 'bucket',
    says: /expected length of bucket to be in the range \(0 - 63\)/,
  },
  {
    what: 'a name that AWS keeps for itself',
    program: () => void new aws.lb.LoadBalancer('srt', { name: 'internal-srt', loadBalancerType: 'network' }),
    property: 'name',
    says: /"name" cannot begin with "internal-"/,
  },
  {
    what: 'a policy document that is no JSON',
    program: () => void new aws.iam.Policy('media', { policy: 'allow everything' }),
    property: 'policy',
    says: /invalid JSON policy/,
  },
  {
    what: 'a trust policy cut short',
    program: () => void new aws.iam.Role('encoder', { assumeRolePolicy: TRUST.slice(0, -1) }),
    property: 'assumeRolePolicy',
    says: /invalid JSON/,
  },
  {
    what: 'an ARN that is none',
    program: () =>
      void new aws.iam.RolePolicyAttachment('pull', {
        role: 'encoder',
        policyArn: 'AmazonEC2ContainerRegistryReadOnly',
      }),
    property: 'policyArn',
    says: /is an invalid ARN/,
  },
  {
    what: 'a protocol that Global Accelerator does not have',
    program: () =>
      void new aws.globalaccelerator.Listener('srt', {
        acceleratorArn:
          'arn:aws:globalaccelerator::123456789012:accelerator/00000000-0000-4000-8000-000000000000',
        protocol: 'SRT',
        portRanges: [{ fromPort: 9000, toPort: 9024 }],
      }),
    property: 'protocol',
    says: /"TCP" "UDP"|TCP.*UDP/,
  },
  {
    what: 'a price class that CloudFront does not have',
    program: () => distribution({ priceClass: 'PriceClass_300' }),
    property: 'priceClass',
    says: /PriceClass_All/,
  },
  {
    what: 'an alarm that compares in a way that there is none',
    program: () =>
      void new aws.cloudwatch.MetricAlarm('late', {
        comparisonOperator: 'More',
        evaluationPeriods: 1,
        metricName: 'PartDelay',
        namespace: 'Media',
        period: 60,
        statistic: 'Maximum',
        threshold: 1,
      }),
    property: 'comparisonOperator',
    says: /GreaterThanThreshold/,
  },
];
