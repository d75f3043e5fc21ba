import * as cloudfront from '@pulumi/aws/cloudfront';
import * as iam from '@pulumi/aws/iam';
import * as s3 from '@pulumi/aws/s3';
import * as sqs from '@pulumi/aws/sqs';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { TieredSegmentStore } from '../../components';
import {
  assertReaches,
  follow,
  reaches,
  recordComponent,
  referencesOf,
  resourceOf,
  type Graph,
} from '../../testing';
import { thrownBy } from './thrown';

class Group extends pulumi.ComponentResource {
  constructor(name: string, build: (parent: pulumi.ComponentResource) => void) {
    super('test:index:Group', name);
    build(this);
  }
}

const urn = (tail: string) => `urn:pulumi:stack::project::${tail}`;

/** A distribution whose first origin is a bucket of a component, and whose second is not of this stack. */
function cdn(domainName?: string): Promise<Graph> {
  return recordComponent(() => {
    let bucket: s3.Bucket | undefined;
    new Group('media', (parent) => {
      bucket = new s3.Bucket('media-bucket', {}, { parent });
      new s3.BucketPolicy(
        'media-policy',
        { bucket: bucket.bucket, policy: pulumi.interpolate`{"a":"${bucket.arn}"}` },
        { parent },
      );
    });
    new s3.Bucket('logs', { bucket: 'acme-media-logs' });
    new cloudfront.Distribution('cdn', {
      origins: [
        { originId: 'segments', domainName: domainName ?? bucket!.bucketRegionalDomainName },
        { originId: 'elsewhere', domainName: 'origin.example.com' },
      ],
      ...{
        enabled: true,
        defaultCacheBehavior: {} as never,
        restrictions: {} as never,
        viewerCertificate: {},
      },
    });
  });
}

describe('references', () => {
  it('say by which input and output one resource leads to another', async () => {
    const graph = await cdn();
    const way = assertReaches(graph, 'cdn', 'media/media-bucket', { property: 'origins[*].domainName' });
    expect(way).to.deep.equal([
      {
        from: urn('aws:cloudfront/distribution:Distribution::cdn'),
        path: 'origins[0].domainName',
        to: urn('test:index:Group$aws:s3/bucket:Bucket::media-bucket'),
        output: 'bucketRegionalDomainName',
      },
    ]);
    expect(reaches(graph, 'cdn', 'media-bucket', { output: 'bucketRegionalDomainName' })).to.have.length(1);
    expect(reaches(graph, 'cdn', 'media-bucket', { output: 'arn' })).to.equal(undefined);
    expect(reaches(graph, 'cdn', 'media-bucket', { property: 'origins[1]' })).to.equal(undefined);
    // A path is not cut in the middle of a name.
    expect(reaches(graph, 'cdn', 'media-bucket', { property: 'origin' })).to.equal(undefined);
    expect(reaches(graph, 'media-bucket', 'cdn')).to.equal(undefined);
  });

  it('are followed through resources between, unless only direct ones count', async () => {
    const graph = await recordComponent(() => {
      const queue = new sqs.Queue('queue');
      const policy = new iam.Policy('policy', { policy: pulumi.jsonStringify({ Resource: queue.arn }) });
      const role = new iam.Role('role', { assumeRolePolicy: '{}', managedPolicyArns: [policy.arn] });
      new iam.InstanceProfile('profile', { role: role.name });
    });
    const way = reaches(graph, 'profile', 'queue');
    expect(way?.map(({ path, output }) => `${path} ${output}`)).to.deep.equal([
      'role id',
      'managedPolicyArns[0] id',
      'policy arn',
    ]);
    // A role's id is its name, and a policy's its arn.
    expect(reaches(graph, 'profile', 'role', { output: 'name' })).to.have.length(1);
    expect(reaches(graph, 'role', 'policy', { output: 'arn' })).to.have.length(1);
    expect(reaches(graph, 'role', 'policy', { output: 'name' })).to.equal(undefined);
    expect(reaches(graph, 'profile', 'queue', { property: 'role' })).to.have.length(3);
    expect(reaches(graph, 'profile', 'queue', { property: 'name' })).to.equal(undefined);
    expect(reaches(graph, 'profile', 'queue', { direct: true })).to.equal(undefined);
    expect(reaches(graph, 'policy', 'queue', { direct: true })).to.have.length(1);
  });

  it('take a component for all that it made, at both ends', async () => {
    const graph = await cdn();
    expect(reaches(graph, 'cdn', 'media')).to.have.length(1);
    expect(follow(graph, 'cdn').map(({ name }) => name)).to.deep.equal(['media-bucket']);
    expect(referencesOf(graph, 'media', 'policy').map(({ path, to }) => `${path} ${to}`)).to.deep.equal([
      `policy ${urn('test:index:Group$aws:s3/bucket:Bucket::media-bucket')}#arn`,
    ]);
  });

  it('end when resources refer to each other in a circle of paths', async () => {
    const graph = await cdn();
    expect(reaches(graph, 'media-policy', 'logs')).to.equal(undefined);
  });

  it('say, where there is no way, what is held instead and who does refer to the other', async () => {
    const graph = await cdn('segments.example.com');
    const error = thrownBy(
      () =>
        assertReaches(graph, 'cdn', 'media-bucket', {
          property: 'origins',
          output: 'bucketRegionalDomainName',
        }),
      Error,
    );
    const cdnUrn = urn('aws:cloudfront/distribution:Distribution::cdn');
    const bucket = urn('test:index:Group$aws:s3/bucket:Bucket::media-bucket');
    const policy = urn('test:index:Group$aws:s3/bucketPolicy:BucketPolicy::media-policy');
    expect(error.message.split('\n')).to.deep.equal([
      `${cdnUrn}: origins does not lead to ${bucket}#bucketRegionalDomainName`,
      '  it refers to nothing; origins is [{"domainName":"segments.example.com","originId":"segments"},{"domainName":"origin.example.com","originId":"elsewhere"}]',
      '  media-bucket is referred to by:',
      `    ${policy}: bucket -> ${bucket}#id`,
      `    ${policy}: policy -> ${bucket}#arn`,
    ]);
    const nothing = thrownBy(() => assertReaches(graph, 'media-policy', 'logs'), Error);
    expect(nothing.message.split('\n')).to.deep.equal([
      `${policy}: no input leads to ${urn('aws:s3/bucket:Bucket::logs')}`,
      '  it holds:',
      `    bucket -> ${bucket}#id`,
      `    policy -> ${bucket}#arn`,
      '  nothing refers to logs',
    ]);
  });

  it('know a resource by path, name or URN, and name those that there are', async () => {
    const graph = await recordComponent(() => {
      new Group('a', (parent) => new sqs.Queue('jobs', {}, { parent }));
      new Group('b', (parent) => new iam.Role('jobs', { assumeRolePolicy: '{}' }, { parent }));
    });
    expect(resourceOf(graph, 'a/jobs').type).to.equal('aws:sqs/queue:Queue');
    const queue = urn('test:index:Group$aws:sqs/queue:Queue::jobs');
    expect(resourceOf(graph, queue).urn).to.equal(queue);
    expect(() => resourceOf(graph, 'jobs')).to.throw(
      RangeError,
      `2 resources are named "jobs"; give one's URN: ${urn('test:index:Group$aws:iam/role:Role::jobs')}, ${queue}`,
    );
    expect(() => resourceOf(graph, 'job')).to.throw(
      RangeError,
      'no resource has the path or name "job" in stack stack; there are a/jobs, b/jobs',
    );
    expect(() => resourceOf(graph, urn('aws:sqs/queue:Queue::jobs'))).to.throw(RangeError, queue);
  });

  it("lead from a role's grant to the buckets of a TieredSegmentStore", async () => {
    const graph = await recordComponent(
      () => {
        const store = new TieredSegmentStore('live', { zones: { a: { zoneId: 'use1-az4' } } });
        const role = new iam.Role('encoder', { assumeRolePolicy: '{}' });
        store.grantWrite('encoder', role.name);
      },
      { stack: 'dev', config: { 'aws:region': 'us-east-1' } },
    );
    const grant = 'live/live-encoder-write';
    assertReaches(graph, grant, 'encoder', { property: 'role', direct: true });
    assertReaches(graph, grant, 'live/live-general', { property: 'policy', output: 'arn', direct: true });
    assertReaches(graph, grant, 'live/live-zone-a', { property: 'policy', output: 'arn', direct: true });
    assertReaches(graph, 'live', 'live/live-key');
  });
});
