import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as iam from '@pulumi/aws/iam';
import * as lambda from '@pulumi/aws/lambda';
import { Provider } from '@pulumi/aws/provider';
import * as s3 from '@pulumi/aws/s3';
import * as sqs from '@pulumi/aws/sqs';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { TieredSegmentStore } from '../../components';
import { goldenOf, GoldenError, matchGolden, recordComponent, type Graph } from '../../testing';
import { thrownBy } from './thrown';

interface Stack {
  readonly queueName?: string;
  readonly days?: number;
  readonly withTopic?: boolean;
  readonly stack?: string;
}

function graphOf({
  queueName = 'jobs',
  days = 7,
  withTopic = false,
  stack = 'dev',
}: Stack = {}): Promise<Graph> {
  return recordComponent(
    () => {
      const bucket = new s3.Bucket('media');
      const queue = new sqs.Queue(queueName, { messageRetentionSeconds: days * 86_400 });
      new iam.Policy('policy', {
        policy: pulumi.jsonStringify({
          Statement: [
            { Action: 's3:GetObject', Resource: pulumi.interpolate`${bucket.arn}/*` },
            { Action: 'sqs:SendMessage', Resource: queue.arn },
          ],
        }),
        description: pulumi.secret('a text that nobody may see'),
      });
      if (withTopic) new sqs.Queue('more');
      return { name: bucket.bucket };
    },
    { stack },
  );
}

/** Version 7 of @pulumi/aws gives every bucket the alias of its type in version 6. */
const sdkAliases = { aliases: [{ parentUrn: '<stack>', type: 'aws:s3/bucketV2:BucketV2' }] };

describe('golden graphs', () => {
  let folder: string;
  let file: string;
  const environment = { CI: process.env['CI'], UPDATE_GOLDENS: process.env['UPDATE_GOLDENS'] };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aws-media-golden-'));
    file = join(folder, 'deep/stack.json');
    delete process.env['CI'];
    delete process.env['UPDATE_GOLDENS'];
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('are written once, match from then on, and are the same text each time', async () => {
    expect(matchGolden(await graphOf(), file)).to.deep.equal({ status: 'created', differences: [] });
    const text = readFileSync(file, 'utf8');
    expect(matchGolden(await graphOf(), file)).to.deep.equal({ status: 'same', differences: [] });
    matchGolden(await graphOf(), file, { update: true });
    expect(readFileSync(file, 'utf8')).to.equal(text);
  });

  it('show references by path, JSON as JSON, and neither positions, nor answers of doubles, nor secrets', async () => {
    const golden = goldenOf(await graphOf());
    expect(golden).to.deep.equal({
      golden: 1,
      resources: {
        'aws:iam/policy:Policy policy': {
          inputs: {
            description: { $secret: { references: [] } },
            policy: {
              $json: {
                Statement: [
                  { Action: 's3:GetObject', Resource: '${media#arn}/*' },
                  { Action: 'sqs:SendMessage', Resource: '${jobs#arn}' },
                ],
              },
            },
          },
        },
        'aws:s3/bucket:Bucket media': { inputs: {}, options: sdkAliases },
        'aws:sqs/queue:Queue jobs': { inputs: { messageRetentionSeconds: 604_800 } },
      },
      providers: { aws: {} },
      outputs: { name: '${media#id}' },
    });
  });

  it('do not depend on the stack where the program does not', async () => {
    expect(goldenOf(await graphOf({ stack: 'prod' }))).to.deep.equal(
      goldenOf(await graphOf({ stack: 'dev' })),
    );
  });

  it('say by resource and input what changed, and ask for an alias where one was renamed', async () => {
    matchGolden(await graphOf(), file);
    const changed = await graphOf({ days: 14, withTopic: true });
    const error = thrownBy(() => matchGolden(changed, file), GoldenError);
    expect(error.message.split('\n')).to.deep.equal([
      `${file}: 2 differences`,
      '  ~ aws:sqs/queue:Queue jobs',
      '      messageRetentionSeconds: 604800 -> 1209600',
      '  + aws:sqs/queue:Queue more',
      "If this is what you want: UPDATE_GOLDENS=1, and look at the file's diff",
    ]);
    const renamed = thrownBy(() => matchGolden(renamedGraph, file), GoldenError);
    expect(renamed.differences.map(({ text }) => text)).to.deep.equal([
      '~ aws:iam/policy:Policy policy\n      policy.Statement[1].Resource: "${jobs#arn}" -> "${work#arn}"',
      '- aws:sqs/queue:Queue jobs',
      '+ aws:sqs/queue:Queue work (as aws:sqs/queue:Queue jobs was: renamed? Then it needs an alias)',
    ]);
  });
  let renamedGraph: Graph;
  before(async () => {
    renamedGraph = await graphOf({ queueName: 'work' });
  });

  it('are written anew with UPDATE_GOLDENS=1, and say what that changed', async () => {
    matchGolden(await graphOf(), file);
    process.env['UPDATE_GOLDENS'] = '1';
    const { status, differences } = matchGolden(await graphOf({ days: 14 }), file);
    expect([status, differences.map(({ changes }) => changes)]).to.deep.equal([
      'updated',
      [[{ path: 'inputs.messageRetentionSeconds', before: 604_800, after: 1_209_600 }]],
    ]);
    process.env['UPDATE_GOLDENS'] = '0';
    expect(matchGolden(await graphOf({ days: 14 }), file).status).to.equal('same');
  });

  it('fail in CI where there is none, and write nothing', async () => {
    process.env['CI'] = 'true';
    const graph = await graphOf();
    const error = thrownBy(() => matchGolden(graph, file), GoldenError);
    expect(error.message).to.equal(
      `${file}: there is no golden, and in CI none is written. Run the test once elsewhere and commit the file`,
    );
    expect(() => readFileSync(file)).to.throw('ENOENT');
    process.env['CI'] = 'false';
    expect(matchGolden(graph, file).status).to.equal('created');
  });

  it('refuse a file that is no golden, and replace it when asked to', async () => {
    const graph = await graphOf();
    const other = join(folder, 'other.json');
    for (const [text, message] of [
      ['{', `${other} is not JSON: `],
      ['{"golden":0}', `${other} is no golden of version 1. UPDATE_GOLDENS=1 writes it anew`],
    ] as const) {
      writeFileSync(other, text);
      expect(() => matchGolden(graph, other)).to.throw(GoldenError, message);
    }
    expect(matchGolden(graph, other, { update: true }).status).to.equal('updated');
    expect(matchGolden(graph, other).status).to.equal('same');
  });

  it('leave out inputs that are ignored, and have options, providers and dependencies', async () => {
    const graph = await recordComponent(() => {
      const provider = new Provider('eu', { region: 'eu-west-1' });
      const bucket = new s3.Bucket('first', { bucket: 'acme-first' }, { protect: true, provider });
      new lambda.Function(
        'code',
        { role: 'arn:aws:iam::123456789012:role/x', code: new pulumi.asset.StringAsset('one') },
        { dependsOn: bucket, aliases: [{ name: 'old' }] },
      );
    });
    const { resources, providers } = goldenOf(graph, {
      'aws:lambda/function:Function': ['code'],
      '*': ['role'],
    });
    expect(resources['aws:s3/bucket:Bucket first']).to.deep.equal({
      ...{ inputs: { bucket: 'acme-first' }, options: { ...sdkAliases, protect: true }, provider: 'eu' },
    });
    expect(resources['aws:lambda/function:Function code']?.inputs).to.deep.equal({});
    expect(resources['aws:lambda/function:Function code']?.dependsOn).to.deep.equal(['first']);
    expect(Object.keys(resources['aws:lambda/function:Function code']?.options ?? {})).to.deep.equal([
      'aliases',
    ]);
    expect(providers['eu']?.['region']).to.equal('eu-west-1');
  });

  it('hold a TieredSegmentStore without a made-up digit', async () => {
    const graph = await recordComponent(
      () => {
        const store = new TieredSegmentStore('live', { zones: { a: { zoneId: 'use1-az4' } } });
        return { bucket: store.generalBucketName };
      },
      { stack: 'dev', config: { 'aws:region': 'us-east-1' } },
    );
    const text = JSON.stringify(goldenOf(graph));
    const left = graph.resources.filter(({ token }) => text.includes(token)).map(({ urn }) => urn);
    expect(left).to.deep.equal([]);
    expect(goldenOf(graph).outputs).to.deep.equal({ bucket: '${live/live-general#id}' });
  });
});
