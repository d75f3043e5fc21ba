import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import * as aws from '@pulumi/aws';
import * as s3 from '@pulumi/aws/s3';
import * as sqs from '@pulumi/aws/sqs';
import { expect } from 'chai';
import { GRAPH_SCHEMA } from '../../planner/graph/schema';
import { recordProgram } from '../../planner/record/program';
import { GraphQuery, recordComponent, toPulumiState, viewOf } from '../../testing';
import { rejection } from '../support/rejection';
import { evaluated, EXAMPLES, STREAMS, withExample, withProgram } from './programs';
import { readProject } from '../../planner/record/project';
import type { ComponentRecordingOptions, Graph } from '../../testing';

const load = createRequire(__filename);

const CONFIG: ComponentRecordingOptions = {
  ...{ project: 'streams', stack: 'dev', folder: STREAMS, secretKeys: ['streams:streamKey'] },
  config: {
    'aws:region': 'eu-west-1',
    'aws:defaultTags': '{"tags":{"Environment":"dev"}}',
    'streams:retentionDays': '3',
    'streams:streamKey': 'hush-hush-hush',
  },
};

/** The program of tests/fixtures/programs/streams, in this process. */
async function recordStreams(): Promise<Graph> {
  const { make } = load(path.join(STREAMS, 'streams.js')) as { make: (args: object) => Promise<object> };
  return recordComponent(() => {
    const config = new pulumi.Config('streams');
    return make({
      retentionDays: config.requireNumber('retentionDays'),
      streamKey: config.requireSecret('streamKey'),
    });
  }, CONFIG);
}

const BUCKET =
  'urn:pulumi:dev::streams::media:index:Streams$media:index:Store$aws:s3/bucket:Bucket::live-store-segments';
const ROLE =
  'urn:pulumi:dev::streams::media:index:Streams$media:index:Store$aws:iam/role:Role::live-store-role';
const KEY = 'urn:pulumi:dev::streams::media:index:Streams$media:index:Store$aws:kms/key:Key::live-store-key';

/** Without what the two recorders may differ in: the text that one of them runs was compiled on the way. */
const placeless = ({ resources, ...rest }: Graph) => ({
  ...rest,
  recorder: 'any',
  // Only the program recorder sees them.
  logs: [],
  resources: resources.map((resource) => ({ ...resource, position: null })),
});

describe('the recorded graph', function () {
  this.timeout(60_000);
  let graph: Graph;

  before(async () => {
    graph = await recordStreams();
  });

  it('is the same by both recorders: components in components, invokes, secrets, aliases', async () => {
    const program = await recordProgram({ folder: STREAMS, stack: 'dev' });
    expect({ ...program, recorder: 'component' }).to.deep.equal(graph);
    expect(graph.resources).to.have.length(12);
  });

  it('is the same by both recorders: explicit provider, reads, names that the program chose', async () => {
    const code = `
      const provider = new aws.Provider('p', { region: 'us-west-2' });
      const logs = new aws.s3.Bucket('logs', { bucket: 'acme-logs' }, { provider });
      new aws.s3.BucketLogging('l', { bucket: aws.s3.Bucket.get('old', 'acme-old', {}, { provider }).id, targetBucket: logs.bucket, targetPrefix: 'old/' }, { provider });
      return { arn: logs.arn };`;
    // The same text, so that the two can't come to differ.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const make = new Function('aws', code) as (sdk: unknown) => object;
    const program = await withProgram(
      { 'index.js': `const aws = require('@pulumi/aws');\nmodule.exports = async () => { ${code} };` },
      (folder) => recordProgram({ folder, stack: 'dev' }),
    );
    const component = await recordComponent(() => make(aws), {
      project: 'demo',
      stack: 'dev',
    });
    expect(placeless(program)).to.deep.equal(placeless(component));
    expect(component.reads).to.deep.equal(['urn:pulumi:dev::demo::aws:s3/bucket:Bucket::old']);
    const query = new GraphQuery(component);
    const [logging] = query.byName('l');
    expect(logging && query.references(logging).map(({ path: at, to }) => [at, to])).to.deep.equal([
      ['bucket', 'urn:pulumi:dev::demo::aws:s3/bucket:Bucket::old#id'],
      ['targetBucket', 'urn:pulumi:dev::demo::aws:s3/bucket:Bucket::logs#id'],
    ]);
  });

  const examples = readdirSync(EXAMPLES).filter((name) =>
    ['Pulumi.yaml', 'Pulumi.yml'].some((file) => existsSync(path.join(EXAMPLES, name, file))),
  );

  it('is compared for at least one example', () => {
    expect(examples).to.not.deep.equal([]);
  });

  for (const name of examples) {
    it(`is the same by both recorders: examples/${name}`, async () => {
      await withExample(name, async (folder) => {
        // Its own test checks its types.
        const program = await recordProgram({ folder, stack: 'dev', typeCheck: false });
        const { name: project, configuration } = readProject(folder, 'dev', { config: {}, secretConfig: {} });
        const component = await recordComponent(evaluated(folder), {
          ...{ project, stack: 'dev', folder },
          ...{ config: configuration.values, secretKeys: configuration.secretKeys },
        });
        expect(placeless(program)).to.deep.equal(placeless(component));
        expect(program.resources.length).to.be.greaterThan(1);
      });
    });
  }

  it('follows its schema, which refuses what is not in it', () => {
    const from = { paths: [path.dirname(require.resolve('eslint/package.json'))] };
    const Ajv = load(load.resolve('ajv', from)) as new () => {
      compile(schema: object): { (value: unknown): boolean; errors?: unknown };
    };
    const validate = new Ajv().compile(GRAPH_SCHEMA);
    expect(validate(graph), JSON.stringify(validate.errors)).to.be.true;
    expect(validate({ ...graph, extra: 1 })).to.be.false;
    expect(validate({ ...graph, outputs: { key: { $secret: 'in the clear' } } })).to.be.false;
  });

  it('finds resources by type, name and path, under the URNs of the engine', () => {
    const query = new GraphQuery(graph);
    expect(query.byType('aws:s3/bucket:Bucket').map(({ urn }) => urn)).to.deep.equal([BUCKET]);
    expect(query.byPath('live/live-store/live-store-role').map(({ urn }) => urn)).to.deep.equal([ROLE]);
    expect(
      query.children('urn:pulumi:dev::streams::media:index:Streams::live').map(({ name }) => name),
    ).to.have.members(['live-key', 'live-jobs', 'live-key-version', 'live-store']);
    expect(() => query.get('urn:pulumi:dev::streams::x::live')).to.throw(
      RangeError,
      'there are urn:pulumi:dev::streams::media:index:Streams::live',
    );
  });

  it('follows references into the JSON of a policy', () => {
    const query = new GraphQuery(graph);
    const [policy] = query.byName('live-store-read');
    if (!policy) throw new Error('no policy');
    expect(query.holds(policy, 'policy').sort()).to.deep.equal([`${KEY}#arn`, `${BUCKET}#arn`].sort());
    expect(query.holds(policy, 'role')).to.deep.equal([`${ROLE}#id`]);
    expect(query.referrers(ROLE).map(({ from, path: at }) => [from.split('::').pop(), at])).to.deep.equal([
      ['live-store-read', 'role'],
    ]);
  });

  it('shows values that AWS decides as unknown, known or both', () => {
    const versioning = (each: Graph) => new GraphQuery(each).byName('live-store-versioning')[0];
    const bucket = new GraphQuery(graph).get(BUCKET).id;
    expect(versioning(viewOf(graph, 'known'))?.inputs['bucket']).to.equal(bucket);
    expect(versioning(viewOf(graph, 'unknown'))?.inputs).to.deep.equal({
      bucket: { $unknown: [`${BUCKET}#id`] },
      versioningConfiguration: { status: 'Enabled' },
    });
    expect(versioning(viewOf(graph, 'unknown'))?.id).to.equal(null);
    expect(versioning(viewOf(graph, 'both'))?.inputs['bucket']).to.deep.equal({
      $traced: { value: bucket, references: [`${BUCKET}#id`] },
    });
    expect(viewOf(graph, 'unknown').outputs).to.deep.include({
      zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
      roleArn: { $unknown: [`${ROLE}#arn`] },
    });
  });

  it('shows a value that was changed on the way as unknown', async () => {
    const changed = await recordComponent(() => {
      const bucket = new s3.Bucket('b', { tags: { a: '1' } });
      new sqs.Queue('q', {
        name: bucket.arn.apply((arn) => `account-${arn.length}`),
        tags: bucket.tags.apply((tags) => tags ?? {}),
      });
    }, CONFIG);
    const queue = new GraphQuery(viewOf(changed, 'unknown')).byName('q')[0];
    expect(queue?.inputs).to.deep.equal({
      name: { $unknown: ['urn:pulumi:dev::streams::aws:s3/bucket:Bucket::b#'] },
      tags: { a: '1' },
    });
  });

  it('becomes a state: providers and parents first, every secret a stand-in', () => {
    const { version, deployment } = toPulumiState(graph);
    expect(version).to.equal(3);
    const seen = new Set<string>();
    for (const { urn, parent, provider, dependencies } of deployment.resources) {
      const needed = [parent, provider?.replace(/::[^:]*$/, ''), ...dependencies].filter(
        (each) => each !== undefined,
      );
      expect(
        needed.filter((each) => !seen.has(each)),
        urn,
      ).to.deep.equal([]);
      seen.add(urn);
    }
    const secretVersion = deployment.resources.find(({ urn }) => urn.endsWith('::live-key-version'));
    expect((secretVersion?.inputs as { secretString: unknown }).secretString).to.deep.equal({
      '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
      plaintext: '"[secret]"',
    });
    expect(deployment.resources.find(({ urn }) => urn === BUCKET)).to.deep.include({
      ...{ custom: true, type: 'aws:s3/bucket:Bucket', protect: true },
      parent: 'urn:pulumi:dev::streams::media:index:Streams$media:index:Store::live-store',
    });
    expect(JSON.stringify(deployment)).to.not.contain('hush');
  });

  it('passes on what the function throws, and what a registration is refused with', async () => {
    const thrown = await rejection(recordComponent(() => Promise.reject(new Error('no ladder'))));
    expect((thrown as Error).message).to.equal('no ladder');
    const refused = await rejection(
      recordComponent(() => {
        new sqs.Queue('q');
        new sqs.Queue('q');
      }, CONFIG),
    );
    expect((refused as Error).message).to.contain('two resources have the URN');
  });

  it('gives up a function whose promises never settle, and names them', async () => {
    const hung = recordComponent(
      () => void new sqs.Queue('jobs', { name: new Promise<string>(() => undefined) }),
      {
        ...CONFIG,
        timeoutSeconds: 0.3,
      },
    );
    expect(((await rejection(hung)) as Error).message).to.equal(
      'the program did not settle in 0.3 s; pending: "jobs" [aws:sqs/queue:Queue] waits for its inputs "name"',
    );
  });

  it('knows where a resource is made in an arrow function', async () => {
    const made = await recordComponent(() => ['a'].forEach((name) => new sqs.Queue(name)), {
      ...CONFIG,
      folder: path.resolve(__dirname, '../../..'),
    });
    expect(made.resources.at(-1)?.position?.file).to.match(/same-graph\.test\.[jt]s$/);
  });

  it('keeps recordings that are started together apart', async () => {
    const graphs = await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        recordComponent(() => void new sqs.Queue(name), { ...CONFIG, stack: name }),
      ),
    );
    expect(graphs.map(({ resources }) => resources.map(({ name }) => name))).to.deep.equal([
      ['streams-a', 'a'],
      ['streams-b', 'b'],
      ['streams-c', 'c'],
    ]);
  });
});
