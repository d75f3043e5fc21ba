import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import * as aws from '@pulumi/aws';
import * as awsx from '@pulumi/awsx';
import * as pulumi from '@pulumi/pulumi';
import { TieredSegmentStore, type TieredSegmentStoreArgs } from '../../components';

export const ROOT = resolve(__dirname, '../../..');

/** A program that the engine and the recorder both run. */
export interface SharedProgram {
  readonly project: string;
  readonly config: { readonly [key: string]: string };
  readonly secrets?: { readonly [key: string]: string };
  readonly run: () => unknown;
}

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

/** A store, and the roles of an encoder and an origin with what they may. */
export function store(args: TieredSegmentStoreArgs): { readonly [output: string]: pulumi.Output<string> } {
  const media = new TieredSegmentStore('media', args);
  const role = (name: string) => new aws.iam.Role(name, { assumeRolePolicy: TRUST }).name;
  media.grantWrite('news', role('encoder-news'), { channels: ['news'] });
  media.grantRead('origin', role('origin'));
  return { bucket: media.generalBucketName, key: media.keyArn };
}

class Group extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: object, opts: pulumi.ComponentResourceOptions) {
    super('test:index:Group', name, args, opts);
    const parent = { parent: this };
    const bucket = new aws.s3.Bucket(`${name}-bucket`, {}, parent);
    const versioning = { bucket: bucket.id, versioningConfiguration: { status: 'Enabled' } };
    new aws.s3.BucketVersioning(`${name}-versioning`, versioning, parent);
    this.arn = bucket.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** A topic's policy that names a resource in a condition. */
const publishing = (source: pulumi.Input<string>) => ({
  Version: '2012-10-17',
  Statement: [
    {
      ...{ Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } },
      ...{ Action: 'sns:Publish', Resource: '*' },
      Condition: { ArnLike: { 'aws:SourceArn': source } },
    },
  ],
});

/** Three regions, and the options that the engine keeps. */
async function places(): Promise<object> {
  const us = new aws.Provider('us', {
    region: 'us-east-1',
    defaultTags: { tags: { Place: 'us', team: 'platform' } },
  });
  const there = { provider: us };
  const here = new aws.s3.Bucket('here', { tags: { team: 'video', empty: '' } });
  const copy = new aws.s3.Bucket(
    'copy',
    { tags: { team: 'video' } },
    {
      ...there,
      dependsOn: here,
      ignoreChanges: ['tags'],
      customTimeouts: { create: '1h5m' },
      retainOnDelete: true,
    },
  );
  const logs = new aws.cloudwatch.LogGroup('logs', { retentionInDays: 1 }, { ...there, deletedWith: copy });
  const hook = new pulumi.ResourceHook('seen', () => undefined);
  const alarms = new aws.sns.Topic(
    'alarms',
    { region: 'ap-southeast-2', policy: pulumi.jsonStringify(publishing(logs.arn)) },
    {
      additionalSecretOutputs: ['arn'],
      replaceOnChanges: ['policy'],
      hooks: { afterCreate: [hook] },
      aliases: [{ name: 'alerts' }],
    },
  );
  const page = new pulumi.asset.StringAsset('<!doctype html>');
  const folder = new pulumi.asset.AssetArchive({ 'index.html': page });
  new aws.s3.BucketObjectv2('page', { bucket: here.bucket, key: 'index.html', source: page });
  new aws.s3.BucketObjectv2('folder', { bucket: here.bucket, key: 'folder', source: folder });
  const prefix = pulumi.secret('the-secret-prefix/');
  const target = { bucket: here.id, targetBucket: copy.bucket, targetPrefix: prefix };
  new aws.s3.BucketLogging('logging', target, { protect: true });
  const args = {
    place: here.arn,
    phrase: pulumi.secret('the-secret-phrase'),
    count: 2,
    flags: [true, false],
  };
  const group = new Group('group', args, { ...there, protect: true, dependsOn: [alarms] });
  const listing = { Effect: 'Allow', Action: 's3:ListBucket', Resource: group.arn };
  const policy = pulumi.jsonStringify({ Version: '2012-10-17', Statement: [listing] });
  new aws.iam.RolePolicy('of-group', { role: 'theirs', policy }, { dependsOn: group });
  const zones = await aws.getAvailabilityZones({}, there);
  return { zones: zones.names, arn: copy.arn, alarms: alarms.arn, nested: { secret: [prefix] } };
}

interface Streams {
  make(args: { retentionDays: number; streamKey: pulumi.Output<string> }): Promise<object>;
}

const STREAMS = resolve(ROOT, 'tests/fixtures/programs/streams/streams.js');

/** By name. A program that is added here is compared with the engine's state. */
export const PROGRAMS: { readonly [name: string]: SharedProgram } = {
  streams: {
    project: 'streams',
    config: {
      'aws:region': 'eu-west-1',
      'aws:defaultTags': '{"tags":{"Environment":"dev"}}',
      'streams:retentionDays': '3',
    },
    secrets: { 'streams:streamKey': 'hush-hush-hush' },
    run: async () => {
      const config = new pulumi.Config('streams');
      return (createRequire(__filename)(STREAMS) as Streams).make({
        retentionDays: config.requireNumber('retentionDays'),
        streamKey: config.requireSecret('streamKey'),
      });
    },
  },
  places: { project: 'places', config: { 'aws:region': 'eu-west-1' }, run: places },
  network: {
    project: 'network',
    config: { 'aws:region': 'eu-west-1', 'aws:defaultTags': '{"tags":{"Environment":"dev"}}' },
    run: () => {
      const vpc = new awsx.ec2.Vpc('network', {
        natGateways: { strategy: 'Single' },
        tags: { team: 'video' },
      });
      const group = new aws.ec2.SecurityGroup('origins', { vpcId: vpc.vpcId });
      return { vpc: vpc.vpcId, subnets: vpc.privateSubnetIds, group: group.arn };
    },
  },
  'store-of-two-zones': {
    project: 'media',
    config: { 'aws:region': 'us-east-1' },
    run: () =>
      store({
        zones: { a: { zoneId: 'use1-az4' }, b: { zoneId: 'use1-az6' } },
        archive: { keepFor: '90 days' },
        environment: 'prod',
        tags: { team: 'video' },
      }),
  },
  'store-of-no-zone': {
    project: 'media',
    config: { 'aws:region': 'eu-west-1', 'aws:defaultTags': '{"tags":{"team":"platform"}}' },
    run: () => store({ encryption: { type: 'sse-s3' }, environment: 'dev' }),
  },
};
