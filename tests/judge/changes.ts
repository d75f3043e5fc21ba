/** Changes of one input, and what the AWS provider does with each: replaces the resource, or updates it in place. */
import * as aws from '@pulumi/aws';
import { recordComponent } from '../../testing';
import type { Graph } from '../../planner';

type Make<T> = (name: string, args: T) => void;

/** A resource before and after, and the inputs that make it a replacement: none for an update in place. */
export interface Row {
  readonly what: string;
  readonly before: (name: string) => void;
  readonly after: (name: string) => void;
  readonly replaces: readonly string[];
}

const row = <T>(what: string, make: Make<T>, before: T, after: T, ...replaces: string[]): Row => ({
  what,
  before: (name) => make(name, before),
  after: (name) => make(name, after),
  replaces,
});

const bucket: Make<aws.s3.BucketArgs> = (name, args) => void new aws.s3.Bucket(name, args);
const directory: Make<string> = (name, zone) =>
  void new aws.s3.DirectoryBucket(name, { bucket: `${name}--${zone}--x-s3`, location: { name: zone } });
const key: Make<aws.kms.KeyArgs> = (name, args) => void new aws.kms.Key(name, args);
const secret: Make<aws.secretsmanager.SecretArgs> = (name, args) =>
  void new aws.secretsmanager.Secret(name, args);
const table: Make<Partial<aws.dynamodb.TableArgs> & { readonly hashKey?: string }> = (name, args) =>
  void new aws.dynamodb.Table(name, {
    billingMode: 'PAY_PER_REQUEST',
    hashKey: 'id',
    attributes: [{ name: args.hashKey ?? 'id', type: 'S' }],
    ...args,
  });
const balancer: Make<aws.lb.LoadBalancerArgs> = (name, args) =>
  void new aws.lb.LoadBalancer(name, {
    loadBalancerType: 'network',
    subnets: ['subnet-0123456789abcdef0'],
    ...args,
  });
const template: Make<aws.ec2.LaunchTemplateArgs> = (name, args) =>
  void new aws.ec2.LaunchTemplate(name, args);
const service: Make<aws.ecs.ServiceArgs> = (name, args) =>
  void new aws.ecs.Service(name, { taskDefinition: 'a:1', cluster: 'c', ...args });
const vpc: Make<aws.ec2.VpcArgs> = (name, args) => void new aws.ec2.Vpc(name, args);
const subnet: Make<Partial<aws.ec2.SubnetArgs>> = (name, args) =>
  void new aws.ec2.Subnet(name, { vpcId: 'vpc-0123456789abcdef0', cidrBlock: '10.0.0.0/24', ...args });
const distribution: Make<Partial<aws.cloudfront.DistributionArgs>> = (name, args) =>
  void new aws.cloudfront.Distribution(name, {
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
    ...args,
  });

export const ROWS: readonly Row[] = [
  row('the name of a bucket', bucket, { bucket: 'media-a' }, { bucket: 'media-b' }, 'bucket'),
  row(
    'the zone of a directory bucket',
    directory,
    'use1-az4',
    'use1-az6',
    'bucket',
    'location',
    'location.name',
  ),
  row(
    'what a key is for',
    key,
    { keyUsage: 'ENCRYPT_DECRYPT' },
    { keyUsage: 'SIGN_VERIFY', customerMasterKeySpec: 'RSA_2048' },
    'customerMasterKeySpec',
    'keyUsage',
  ),
  row('the name of a secret', secret, { name: 'a' }, { name: 'b' }, 'name'),
  row('the key of a table', table, { hashKey: 'id' }, { hashKey: 'channel' }, 'hashKey'),
  row('the scheme of a balancer', balancer, { internal: false }, { internal: true }, 'internal'),
  row('the name of a launch template', template, { name: 'one' }, { name: 'two' }, 'name'),
  row(
    'the launch type of a service',
    service,
    { launchType: 'EC2' },
    { launchType: 'FARGATE' },
    'launchType',
  ),
  row('the addresses of a VPC', vpc, { cidrBlock: '10.0.0.0/16' }, { cidrBlock: '10.1.0.0/16' }, 'cidrBlock'),
  row(
    'the zone of a subnet',
    subnet,
    { availabilityZone: 'us-east-1a' },
    { availabilityZone: 'us-east-1b' },
    'availabilityZone',
  ),
  row(
    'whether a distribution is a staging one',
    distribution,
    { staging: false },
    { staging: true },
    'staging',
  ),

  row(
    'whether a bucket is emptied',
    bucket,
    { bucket: 'm', forceDestroy: false },
    { bucket: 'm', forceDestroy: true },
  ),
  row('the rotation of a key', key, { enableKeyRotation: false }, { enableKeyRotation: true }),
  row(
    'the description of a secret',
    secret,
    { name: 'a', description: 'b' },
    { name: 'a', description: 'c' },
  ),
  row(
    'the billing of a table',
    table,
    { billingMode: 'PAY_PER_REQUEST' },
    { billingMode: 'PROVISIONED', readCapacity: 1, writeCapacity: 1 },
  ),
  row(
    'the protection of a balancer',
    balancer,
    { enableDeletionProtection: false },
    { enableDeletionProtection: true },
  ),
  row(
    'the instance type of a launch template',
    template,
    { name: 'one', instanceType: 'g5.xlarge' },
    { name: 'one', instanceType: 'g6.xlarge' },
  ),
  row('the number of tasks of a service', service, { desiredCount: 1 }, { desiredCount: 2 }),
  row(
    'the DNS names of a VPC',
    vpc,
    { cidrBlock: '10.0.0.0/16' },
    { cidrBlock: '10.0.0.0/16', enableDnsHostnames: true },
  ),
  row('the tags of a subnet', subnet, { tags: { a: '1' } }, { tags: { a: '2' } }),
  row(
    'the price class of a distribution',
    distribution,
    { priceClass: 'PriceClass_100' },
    { priceClass: 'PriceClass_All' },
  ),
  row(
    'the HTTP version of a distribution',
    distribution,
    { httpVersion: 'http2' },
    { httpVersion: 'http2and3' },
  ),
];

/** All rows in one program before and after, the resource of each under the name `row-<number>`. */
export const recordRows = (which: 'before' | 'after'): Promise<Graph> =>
  recordComponent(() => ROWS.forEach((each, n) => each[which](`row-${n}`)), {
    config: { 'aws:region': 'us-east-1' },
  });
