import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import * as autoscaling from '@pulumi/aws/autoscaling';
import * as lb from '@pulumi/aws/lb';
import * as s3 from '@pulumi/aws/s3';
import * as sfn from '@pulumi/aws/sfn';
import * as sns from '@pulumi/aws/sns';
import * as sqs from '@pulumi/aws/sqs';
import { Provider } from '@pulumi/aws/provider';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { TieredSegmentStore } from '../../../components';
import {
  assertTags,
  checkTags,
  FindingsError,
  LIST_TAGGED_TYPES,
  recordComponent,
  SDK_TYPES_VERSION,
  TAGGABLE_TYPES,
} from '../../../testing';
import { thrownBy } from '../thrown';

const ROOT = resolve(__dirname, '../../../..');

describe('required tags', () => {
  it('finds what is missing on every type that takes tags, modelled by a double or not', async () => {
    const graph = await recordComponent(() => {
      new s3.Bucket('bucket', { tags: { Team: 'video' } });
      new lb.LoadBalancer('balancer', {});
      new s3.BucketPolicy('policy', { bucket: 'acme-logs', policy: '{}' });
    });
    const { findings, checked } = checkTags(graph, { required: ['Team'] });
    expect(checked).to.equal(2);
    expect(findings).to.deep.equal([
      {
        urn: 'urn:pulumi:stack::project::aws:lb/loadBalancer:LoadBalancer::balancer',
        type: 'aws:lb/loadBalancer:LoadBalancer',
        name: 'balancer',
        property: 'tags["Team"]',
        problem: 'missing',
        allowed: 'any text that is not empty',
        fix: 'add it, or give the provider defaultTags',
      },
    ]);
  });

  it("counts the default tags of a resource's own provider, and its own tags before them", async () => {
    const graph = await recordComponent(() => {
      const provider = new Provider('eu', {
        region: 'eu-west-1',
        defaultTags: { tags: { Team: 'video', Stage: 'prod' } },
      });
      new lb.LoadBalancer('with', {}, { provider });
      // The recorder merges no default tags into a type that has no double.
      new sfn.Activity('without-double', {}, { provider });
      new lb.LoadBalancer('overridden', { tags: { Stage: 'test' } }, { provider });
      new lb.LoadBalancer('without', {});
      new autoscaling.Group('list', { minSize: 0, maxSize: 1 }, { provider });
    });
    const { findings } = checkTags(graph, { required: { Team: 'any', Stage: ['prod', 'dev'] } });
    const found = findings.map(({ name, property, problem }) => `${name} ${property} ${problem}`);
    expect(found).to.have.members([
      'overridden tags["Stage"] not allowed',
      'without tags["Team"] missing',
      'without tags["Stage"] missing',
      'list tags["Team"] missing',
      'list tags["Stage"] missing',
    ]);
  });

  it('reads the list of tags of an auto scaling group', async () => {
    const graph = await recordComponent(() => {
      new autoscaling.Group('fleet', {
        ...{ minSize: 0, maxSize: 1 },
        tags: [{ key: 'Team', value: 'video', propagateAtLaunch: true }],
      });
    });
    expect(LIST_TAGGED_TYPES).to.deep.equal(['aws:autoscaling/group:Group']);
    expect(checkTags(graph, { required: { Team: ['video'] } }).findings).to.deep.equal([]);
    expect(checkTags(graph, { required: { Team: ['audio'] } }).findings).to.have.length(1);
  });

  it('judges values by list and pattern, an empty one as none, and says when only the case differs', async () => {
    const graph = await recordComponent(() => {
      new sqs.Queue('queue', { tags: { team: 'video', Cost: '', Stage: 'qa', Owner: 'x9' } });
    });
    const required = { Team: 'any', Cost: 'any', Stage: ['prod', 'dev'], Owner: /^[a-z]+$/g } as const;
    const { findings } = checkTags(graph, { required });
    expect(
      findings.map(({ property, problem, allowed, fix }) => [property, problem, allowed, fix]),
    ).to.deep.equal([
      [
        'tags["Team"]',
        'missing',
        'any text that is not empty',
        'rename "team": case counts in the keys of tags',
      ],
      ['tags["Cost"]', 'empty', 'any text that is not empty', 'change the value'],
      ['tags["Stage"]', 'not allowed', '"prod", "dev"', 'change the value'],
      ['tags["Owner"]', 'not allowed', 'what matches /^[a-z]+$/g', 'change the value'],
    ]);
  });

  it('leaves out types by exception, and names exceptions that nothing needs', async () => {
    const graph = await recordComponent(() => {
      new sqs.Queue('queue', {});
      s3.Bucket.get('foreign', 'acme-logs');
    });
    const exceptions = { 'aws:sqs/queue:Queue': 'made by another team', 'aws:sns/topic:Topic': 'none here' };
    const report = assertTags(graph, { required: ['Team'], exceptions });
    expect(report.checked).to.equal(0);
    expect(report.excepted).to.deep.equal([
      { urn: 'urn:pulumi:stack::project::aws:sqs/queue:Queue::queue', reason: 'made by another team' },
    ]);
    expect(report.unusedExceptions).to.deep.equal(['aws:sns/topic:Topic']);
  });

  it('does not pass what it cannot see: secret tags, and what another process makes', async () => {
    const graph = await recordComponent(() => {
      new sqs.Queue('queue', { tags: pulumi.secret({ Team: 'a secret team' }) });
      new pulumi.ComponentResource('thing:index:Remote', 'remote', {}, {}, true);
    });
    const error = thrownBy(() => assertTags(graph, { required: ['Team'] }), FindingsError);
    expect(error.message.split('\n')).to.have.members([
      'the tags of 2 resources not checked',
      '  urn:pulumi:stack::project::aws:sqs/queue:Queue::queue: tags: not checked: they are secret, or not known yet',
      '  urn:pulumi:stack::project::thing:index:Remote::remote: not checked: what another process makes for it is not in the graph',
    ]);
  });

  it('throws with every finding at once', async () => {
    const graph = await recordComponent(() => {
      new sqs.Queue('one', {});
      new sns.Topic('two', {});
    });
    const error = thrownBy(() => assertTags(graph, { required: ['Team', 'Stage'] }), FindingsError);
    expect(error.message.split('\n')[0]).to.equal('4 tags missing or not allowed');
    expect(error.findings.map(({ name, property }) => `${name} ${property}`)).to.have.members([
      'one tags["Team"]',
      'one tags["Stage"]',
      'two tags["Team"]',
      'two tags["Stage"]',
    ]);
  });

  it('finds the tags of a TieredSegmentStore on all that it makes', async () => {
    const graph = await recordComponent(
      () => {
        new TieredSegmentStore('live', { zones: { a: { zoneId: 'use1-az4' } }, tags: { Team: 'video' } });
      },
      { stack: 'dev', config: { 'aws:region': 'us-east-1' } },
    );
    const required = ['Team', 'Name', 'aws-media:component'];
    expect(assertTags(graph, { required }).checked).to.equal(3);
  });
});

describe('the list of types that take tags', function () {
  this.timeout(60_000);

  it('is of the installed @pulumi/aws, type by type', () => {
    const path = createRequire(__filename).resolve('@pulumi/aws/package.json');
    const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
    expect(SDK_TYPES_VERSION).to.equal(version);
    // Exits with 1, and says what to run, where the list is stale.
    execFileSync(process.execPath, [resolve(ROOT, 'tools/sdk-types/generate.mjs'), '--check'], {
      stdio: 'pipe',
    });
  });

  it('has what is known to take tags, and nothing that does not', () => {
    expect(TAGGABLE_TYPES).to.include.members([
      'aws:s3/bucket:Bucket',
      'aws:ecs/service:Service',
      'aws:cloudfront/distribution:Distribution',
      'aws:globalaccelerator/accelerator:Accelerator',
    ]);
    expect(TAGGABLE_TYPES).not.to.include.members(['aws:s3/bucketPolicy:BucketPolicy']);
    expect(TAGGABLE_TYPES).not.to.include.members(['aws:autoscaling/group:Group']);
  });
});
