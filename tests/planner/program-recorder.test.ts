import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { GraphQuery } from '../../planner/graph/query';
import { recordProgram } from '../../planner/record/program';
import { rejection } from '../support/rejection';
import { withProgram } from './programs';
import type { Graph } from '../../planner/graph/types';
import type { ProgramRecordingOptions } from '../../planner/record/program';

const START = `const pulumi = require('@pulumi/pulumi');\nconst aws = require('@pulumi/aws');\n`;
const REGION = 'config:\n  aws:region: eu-west-1\n';

/** Records a CommonJS program; the lines of its text begin at line 3 of index.js. */
async function record(
  text: string,
  options: Partial<ProgramRecordingOptions> & { files?: { [name: string]: string } } = {},
): Promise<Graph> {
  const { files = {}, ...others } = options;
  const all = { 'index.js': START + text, 'Pulumi.dev.yaml': REGION, ...files };
  return withProgram(all, (folder) => recordProgram({ folder, stack: 'dev', ...others }));
}

async function refusal(...args: Parameters<typeof record>): Promise<string> {
  return ((await rejection(record(...args))) as Error).message;
}

/** Where much else runs, a program may not have come far when it is stopped: then it is given longer. */
async function stopped(
  text: string,
  cameFar: (message: string) => boolean,
): Promise<{ seconds: number; message: string }> {
  let last = { seconds: 0, message: '' };
  for (const seconds of [4, 12, 40]) {
    last = { seconds, message: await refusal(text, { timeoutSeconds: seconds }) };
    if (cameFar(last.message)) break;
  }
  return last;
}

describe('the program recorder', function () {
  this.timeout(60_000);

  it('runs TypeScript modules by type stripping, with the configuration of the stack', async () => {
    const graph = await withProgram(
      {
        'package.json': '{ "type": "module", "main": "index.ts" }',
        'Pulumi.yaml':
          'name: demo\nruntime: nodejs\nconfig:\n  days:\n    type: integer\n    default: 5\n  size: 2\n',
        'Pulumi.prod.yaml': 'config:\n  aws:region: ap-southeast-1\n  demo:size: 4\n  demo:zones: [a, b]\n',
        'index.ts': [
          `import * as pulumi from '@pulumi/pulumi';`,
          `import * as aws from '@pulumi/aws';`,
          `const config: pulumi.Config = new pulumi.Config();`,
          `const bucket = new aws.s3.Bucket('b');`,
          `export const bucketArn: pulumi.Output<string> = bucket.arn;`,
          `export const read = [config.requireNumber('days'), config.requireNumber('size'), config.requireObject('zones')];`,
          `export const extra: string | undefined = config.get('extra');`,
          `export const at = [pulumi.getProject(), pulumi.getStack(), pulumi.runtime.isDryRun()];`,
        ].join('\n'),
      },
      (folder) => recordProgram({ folder, stack: 'prod', config: { extra: 'given', 'demo:days': '9' } }),
    );
    const [bucket] = new GraphQuery(graph).byType('aws:s3/bucket:Bucket');
    expect(graph.outputs).to.deep.equal({
      ...{ bucketArn: `arn:aws:s3:::b-${bucket?.token ?? ''}`, extra: 'given' },
      ...{ read: [9, 4, ['a', 'b']], at: ['demo', 'prod', true] },
    });
    expect(bucket?.urn).to.equal('urn:pulumi:prod::demo::aws:s3/bucket:Bucket::b');
    expect(bucket?.outputs['bucketRegionalDomainName']).to.equal(
      `${bucket?.id ?? ''}.s3.ap-southeast-1.amazonaws.com`,
    );
  });

  describe("with TypeScript, as Pulumi's template has it", () => {
    const template = (text: string) => ({
      'package.json': '{ "name": "template", "main": "index.ts" }',
      'Pulumi.dev.yaml': REGION,
      'Pulumi.yaml': 'name: demo\nruntime:\n  name: nodejs\n  options:\n    packagemanager: npm\n',
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          ...{ strict: true, outDir: 'bin', target: 'es2020', module: 'nodenext', sourceMap: true },
          ...{ moduleResolution: 'nodenext', experimentalDecorators: true, pretty: true },
          ...{ noFallthroughCasesInSwitch: true, noImplicitReturns: true },
          ...{ forceConsistentCasingInFileNames: true, types: [] },
        },
        files: ['index.ts'],
      }),
      'index.ts': text,
    });
    // Services alone: the types of the whole of AWS take a compiler ten times as long.
    const program = [
      `import * as sqs from '@pulumi/aws/sqs';`,
      `enum Tier { Hot = 'hot', Cold = 'cold' }`,
      `class Names {`,
      `  constructor(private readonly prefix: string, readonly tier: Tier) {}`,
      '  of(name: string): string { return `${this.prefix}-${this.tier}-${name}`; }',
      `}`,
      `const queue = new sqs.Queue('jobs', { name: new Names('acme', Tier.Cold).of('jobs') });`,
      `export const name = queue.name;`,
    ].join('\n');

    it('runs what Node alone would not: imports of CommonJS, enums, parameter properties', async () => {
      const graph = await withProgram(template(program), (folder) => recordProgram({ folder, stack: 'dev' }));
      expect(graph.outputs).to.deep.equal({ name: 'acme-cold-jobs' });
      expect(graph.resources.at(-1)?.position).to.deep.equal({ file: 'index.ts', line: 7 });
    });

    it('refuses wrong types as Pulumi does, unless they are not to be checked', async () => {
      const wrong = `${program}\nexport const days: number = 'seven';`;
      const recorded = (options: Partial<ProgramRecordingOptions>) =>
        withProgram(template(wrong), (folder) => recordProgram({ folder, stack: 'dev', ...options }));
      expect(((await rejection(recorded({}))) as Error).message).to.match(
        /^the program failed: TSError: [^]*index\.ts\(9,14\): error TS2322: Type 'string' is not assignable to type 'number'/,
      );
      expect((await recorded({ typeCheck: false })).outputs).to.include({ days: 'seven' });
    });
  });

  it('says of a missing key which one, where it is read and what supplies it', async () => {
    expect(await refusal(`\nnew pulumi.Config().require('viewers');`)).to.equal(
      'the configuration has no demo:viewers (index.js:4): give --config demo:viewers=<value>, or a line in Pulumi.dev.yaml',
    );
    expect(await refusal(`new pulumi.Config().requireSecret('key');`)).to.equal(
      'the configuration has no demo:key (index.js:3): give --secret-config demo:key=file:<path> (or demo:key=env:<NAME>), or a line in Pulumi.dev.yaml',
    );
  });

  it('says of a function without an answer where it is called and what supplies it; the answer is used', async () => {
    const text = `exports.image = aws.ec2.getAmiOutput({ owners: ['self'] }).id;`;
    expect(await refusal(text)).to.equal(
      'nothing answers aws:ec2/getAmi:getAmi with {"owners":["self"]} (index.js:3): ' +
        'give --answer aws:ec2/getAmi:getAmi=<file.json> (the result as a JSON object)',
    );
    const graph = await record(text, {
      answers: { 'aws:ec2/getAmi:getAmi': { id: 'ami-0123456789abcdef0' } },
    });
    expect(graph.outputs).to.deep.equal({ image: 'ami-0123456789abcdef0' });
    expect(graph.invokes.map(({ token, answeredBy }) => [token, answeredBy])).to.deep.equal([
      ['aws:ec2/getAmi:getAmi', 'given'],
    ]);
  });

  it('reads the outputs of other stacks from files, and asks for those that are missing', async () => {
    const text = `const ref = new pulumi.StackReference('acme/network/prod');\nexports.vpc = ref.getOutput('vpcId');`;
    expect(await refusal(text)).to.equal(
      'nothing says what the outputs of the stack acme/network/prod are (index.js:3): give ' +
        '--stack-ref acme/network/prod=<file.json> (what `pulumi stack output --json` prints)',
    );
    const graph = await withProgram(
      { 'index.js': START + text, 'network.json': '{ "vpcId": "vpc-1" }' },
      (folder) =>
        recordProgram({
          ...{ folder, stack: 'dev' },
          stackReferences: { 'acme/network/prod': path.join(folder, 'network.json') },
        }),
    );
    expect(graph.outputs).to.deep.equal({ vpc: 'vpc-1' });
    expect(graph.reads).to.deep.equal([
      'urn:pulumi:dev::demo::pulumi:pulumi:StackReference::acme/network/prod',
    ]);
  });

  it('shows the error that a program throws, with its own lines only', async () => {
    const message = await refusal(`function boom() {\n  throw new TypeError('no ladder');\n}\nboom();`);
    const [first, second, third] = message.split('\n').map((line) => line.trim());
    expect(first).to.equal('the program failed (index.js:4): TypeError: no ladder');
    expect(second).to.equal('at boom (index.js:4:9)');
    expect(third).to.equal('at Object.<anonymous> (index.js:6:1)');
  });

  it('stops a program that does not end, and says what it waits for', async function () {
    this.timeout(120_000);
    const text = `setInterval(() => undefined, 1000);\nnew aws.sqs.Queue('jobs', { name: new Promise(() => undefined) });`;
    const { seconds, message } = await stopped(text, (each) => each.includes('its inputs'));
    expect(message).to.equal(
      `the program did not end in ${seconds} s and was stopped; ` +
        'pending: "jobs" [aws:sqs/queue:Queue] (index.js:4) waits for its inputs "name"; open: 1 Timeout',
    );
  });

  it('kills a program that is too busy to be stopped', async function () {
    this.timeout(120_000);
    const { seconds, message } = await stopped('for (;;);', (each) => !each.includes('pending'));
    expect(message).to.equal(
      `the program did not end in ${seconds} s and was stopped; it was busy, and so could not say what with`,
    );
  });

  it('shows what a program throws after its first await, and lets it end by itself', async () => {
    const lines: string[] = [];
    const message = await refusal(
      `process.on('exit', () => console.log('it ended by itself'));
       module.exports = async () => {
         const { arn } = new aws.sqs.Queue('q');
         await new Promise((resolve) => arn.apply(resolve));
         throw new TypeError('no ladder');
       };`,
      { onOutput: (line) => void lines.push(line) },
    );
    expect(message).to.match(/^the program failed \(index\.js:7\): TypeError: no ladder\n/);
    // With colours util.inspect would keep it busy until it is killed, and then it says nothing.
    expect(lines).to.include('it ended by itself');
  });

  it('does not take a program for done that ends itself, or that awaits what nothing settles', async () => {
    const [left, hangs] = await Promise.all([
      refusal(
        `module.exports = async () => {\n  await new aws.sqs.Queue('q').urn.promise();\n  process.exit(0);\n};`,
      ),
      refusal(`module.exports = async () => { await new Promise(() => undefined); };`),
    ]);
    expect(left).to.equal('the program ended itself with process.exit (index.js:5) before it was done');
    expect(hangs).to.equal('the program awaits a promise that nothing settles');
  });

  it('says where the text of a program is wrong, and what is not installed', async () => {
    expect(await refusal('const = 1;')).to.equal(
      "the program failed (index.js:3): SyntaxError: Unexpected token '='",
    );
    const missing = (await refusal(`\nrequire('not-installed');`)).split('\n');
    expect(missing[0]).to.equal("the program failed (index.js:4): Error: Cannot find module 'not-installed'");
    expect(missing.filter((line) => line.includes(' /'))).to.deep.equal([]);
  });

  it('gives each line that a program writes, without secrets, and is not stopped by megabytes of them', async () => {
    const lines: string[] = [];
    const graph = await record(
      `console.log('x'.repeat(3e6));
       console.error('the key is ' + new pulumi.Config().require('key'));
       process.stdout.write('no end of line');
       exports.big = 'y'.repeat(3e6);`,
      { secretConfig: { key: 'correct horse' }, onOutput: (line) => void lines.push(line) },
    );
    expect(graph.outputs['big']).to.have.length(3e6);
    expect(lines).to.include.members(['the key is [secret]', 'no end of line']);
    expect(lines.find((line) => line.startsWith('xx'))).to.have.length(1 << 20);
  });

  it('keeps programs that are recorded at the same time apart', async () => {
    const texts = ['a', 'b', 'c'].map((name) => `new aws.sqs.Queue('${name}');\nexports.name = '${name}';`);
    const graphs = await Promise.all(texts.map(async (text) => record(text)));
    expect(graphs.map(({ resources, outputs }) => [resources.at(-1)?.name, outputs['name']])).to.deep.equal([
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'c'],
    ]);
  });

  it('knows where every resource is made: at the top level of a module, in arrow functions, after an await', async () => {
    const graph = await withProgram(
      {
        'package.json': '{ "type": "module" }',
        'Pulumi.dev.yaml': REGION,
        'index.mjs': [
          `import * as aws from '@pulumi/aws';`,
          `const { arn } = new aws.sqs.Queue('top');`,
          `await new Promise((resolve) => arn.apply(resolve));`,
          `new aws.sqs.Queue('after');`,
          `['arrow'].forEach((name) =>`,
          `  new aws.sqs.Queue(name));`,
          `function make() { return new aws.sqs.Queue('function'); }`,
          `make();`,
        ].join('\n'),
      },
      (folder) => recordProgram({ folder, stack: 'dev' }),
    );
    const places = graph.resources.map(({ name, position }) => [name, position?.file, position?.line]);
    expect(places.slice(1)).to.deep.equal([
      ['after', 'index.mjs', 4],
      ['arrow', 'index.mjs', 6],
      ['function', 'index.mjs', 7],
      ['top', 'index.mjs', 2],
    ]);
  });

  it("follows the project's file: the main file's folder, arguments for Node, another folder of stack files", async () => {
    const graph = await withProgram(
      {
        'Pulumi.yaml': [
          ...['name: demo', 'main: src/main.js', 'stackConfigDir: stacks', 'runtime:', '  name: nodejs'],
          ...['  options:', '    typescript: false', `    nodeargs: --title="two words" --no-warnings`],
        ].join('\n'),
        'stacks/Pulumi.dev.yaml': REGION,
        'src/main.js': `${START}exports.at = require('node:path').basename(process.cwd());
          exports.title = process.title;
          exports.region = new pulumi.Config('aws').require('region');`,
      },
      (folder) => recordProgram({ folder, stack: 'dev' }),
    );
    expect(graph.outputs).to.deep.include({ at: 'src', title: 'two words', region: 'eu-west-1' });
  });

  it('names what a program leaves unregistered when it ends by itself', async () => {
    expect(await refusal(`new aws.sqs.Queue('jobs', { name: new Promise(() => undefined) });`)).to.equal(
      'the program ended before its resources were registered; ' +
        'pending: "jobs" [aws:sqs/queue:Queue] (index.js:3) waits for its inputs "name"',
    );
  });

  it('lists everything that is wrong with the files of the project at once', async () => {
    const files = { 'Pulumi.yaml': 'runtime: python\nmain: build\n', 'Pulumi.dev.yaml': '- a\n' };
    expect(await refusal('', { files })).to.equal(
      'Pulumi.yaml has no name; give the project one, as in name: media\n' +
        'Pulumi.yaml: the runtime is python; only nodejs programs can be recorded\n' +
        'Pulumi.dev.yaml is not a list of names and values\n' +
        'Pulumi.yaml: main is build, which does not exist; build the program first',
    );
  });

  it('keeps secrets out of the graph, also where the program shows them', async () => {
    const graph = await record(
      `const key = new pulumi.Config().requireSecret('key');
       new aws.ssm.Parameter('p', { type: 'SecureString', value: key });
       key.apply((text) => {
         pulumi.log.info('the key is ' + text);
         new aws.ssm.Parameter('leak', { type: 'String', value: 'v', description: JSON.stringify({ key: text }) });
       });
       exports.arn = pulumi.secret(new aws.sqs.Queue('q').arn);`,
      { secretConfig: { key: 'correct"horse' } },
    );
    expect(JSON.stringify(graph)).to.not.contain('horse');
    const query = new GraphQuery(graph);
    expect(query.byName('p')[0]?.inputs['value']).to.deep.equal({ $secret: { references: [] } });
    expect(query.byName('leak')[0]?.inputs['description']).to.deep.equal({ $secret: { references: [] } });
    expect(graph.leaks.map(({ where }) => where)).to.deep.equal([
      'urn:pulumi:dev::demo::aws:ssm/parameter:Parameter::leak inputs.description',
      'urn:pulumi:dev::demo::aws:ssm/parameter:Parameter::leak outputs.description',
    ]);
    expect(graph.logs).to.deep.include({ severity: 'info', message: 'the key is [secret]', urn: null });
    expect(graph.outputs['arn']).to.deep.equal({
      $secret: { references: [`${query.byName('q')[0]?.urn ?? ''}#arn`] },
    });
  });

  it('gives the program its configuration by neither arguments nor the environment that it starts with', async () => {
    const graph = await record(
      `const fs = require('fs');
       exports.seen = ['cmdline', 'environ'].map((name) => fs.readFileSync('/proc/self/' + name, 'utf8').includes('horse'));
       exports.read = new pulumi.Config().require('key').length;`,
      { secretConfig: { key: 'correct horse' } },
    );
    expect(graph.outputs).to.deep.equal({ seen: [false, false], read: 13 });
  });

  it('runs transforms, of the resource and of the stack, and records hooks, protection and aliases', async () => {
    const graph = await record(
      `pulumi.runtime.registerResourceTransform((args) => args.type === 'aws:sqs/queue:Queue'
         ? { props: { ...args.props, tags: { ...args.props.tags, stack: 'yes' } }, opts: args.opts } : undefined);
       const hook = new pulumi.ResourceHook('told', async () => undefined);
       new aws.sqs.Queue('q', {}, {
         protect: true, aliases: [{ name: 'old' }], hooks: { afterCreate: [hook] }, ignoreChanges: ['policy'],
         transforms: [(args) => ({ props: { ...args.props, tags: { own: 'yes' } }, opts: { ...args.opts, retainOnDelete: true } })],
       });`,
    );
    const [queue] = new GraphQuery(graph).byName('q');
    expect(queue?.inputs).to.deep.equal({ tags: { own: 'yes', stack: 'yes' } });
    expect(queue?.options).to.deep.equal({
      ...{ protect: true, retainOnDelete: true, ignoreChanges: ['policy'], version: '7.48.0' },
      aliases: [{ name: 'old', parentUrn: 'urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev' }],
      hooks: { afterCreate: ['told'] },
    });
  });

  it('runs transforms of functions, and answers the method that gives the configuration of a provider', async () => {
    const graph = await record(
      `pulumi.runtime.registerInvokeTransform(({ token, args, opts }) =>
         token === 'aws:index/getRegion:getRegion' ? { args: { ...args, region: 'ap-south-1' }, opts } : undefined);
       const west = new aws.Provider('west', { region: 'us-west-2', defaultTags: { tags: { Team: 'media' } } });
       exports.region = aws.getRegionOutput({}).region;
       exports.zones = aws.getAvailabilityZonesOutput({}, { provider: west }).names;
       exports.config = west.terraformConfig().result;`,
    );
    const { config, ...others } = graph.outputs;
    expect(others).to.deep.equal({
      ...{ region: 'ap-south-1', zones: ['us-west-2a', 'us-west-2b', 'us-west-2c', 'us-west-2d'] },
    });
    expect(config).to.deep.include({ region: 'us-west-2', defaultTags: { tags: { Team: 'media' } } });
    expect(graph.calls.map(({ token, answeredBy }) => [token, answeredBy])).to.deep.equal([
      ['pulumi:providers:aws/terraformConfig', 'double'],
    ]);
  });

  it('says of a method without an answer where it is called', async () => {
    const text = `const queue = new aws.sqs.Queue('q');
      exports.depth = pulumi.runtime.call('aws:sqs/queue:Queue/depth', { __self__: queue }, queue).depth;`;
    expect(await refusal(text)).to.match(
      /^nothing answers aws:sqs\/queue:Queue\/depth with .* \(index\.js:4\): give --answer aws:sqs\/queue:Queue\/depth=<file\.json>/,
    );
  });

  it('resolves providers: the region and the default tags reach what they provide', async () => {
    const graph = await record(
      `const east = new aws.Provider('east', { region: 'us-east-1', defaultTags: { tags: { Team: 'media', Env: 'dev' } } });
       new aws.s3.Bucket('far', { tags: { Env: 'prod' } }, { provider: east });
       new aws.s3.Bucket('near');
       exports.zones = aws.getAvailabilityZonesOutput({}, { provider: east }).names;
       exports.region = aws.getRegionOutput().region;`,
    );
    const query = new GraphQuery(graph);
    const [far] = query.byName('far');
    expect(far?.outputs['region']).to.equal('us-east-1');
    expect(far?.outputs['tagsAll']).to.deep.equal({ Team: 'media', Env: 'prod' });
    expect(query.byName('near')[0]?.outputs)
      .to.include({ region: 'eu-west-1' })
      .and.not.have.property('tagsAll');
    expect(graph.providers.map(({ explicit, region }) => [explicit, region])).to.deep.equal([
      [false, 'eu-west-1'],
      [true, 'us-east-1'],
    ]);
    expect(far?.provider).to.equal(
      `${query.byName('east')[0]?.urn ?? ''}::${query.byName('east')[0]?.id ?? ''}`,
    );
    expect(graph.outputs['zones']).to.have.length(6);
    expect(graph.outputs['region']).to.equal('eu-west-1');
  });

  it('makes up the outputs of text of what has no double, and counts it; says that a region stands in', async () => {
    const graph = await record(`new aws.sqs.Queue('a', { delaySeconds: 3 });\nnew aws.sqs.Queue('b');`, {
      files: { 'Pulumi.dev.yaml': '' },
    });
    expect(graph.notModelled).to.deep.equal({ 'aws:sqs/queue:Queue': 2 });
    const [queue] = new GraphQuery(graph).byName('a');
    // Beside what the AWS provider fills in.
    expect(queue?.outputs).to.deep.include({
      delaySeconds: 3,
      visibilityTimeoutSeconds: 30,
      arn: `arn:aws:sqs:us-east-1:123456789012:queue/a-${queue?.token ?? ''}`,
      name: `a-${queue?.token ?? ''}`,
      url: `https://sqs.us-east-1.amazonaws.com/url-a-${queue?.token ?? ''}`,
    });
    expect(graph.unanswered).to.deep.equal([
      {
        ...{ kind: 'region', name: 'aws:region', positions: [], remedy: '--config aws:region=<region>' },
        message: 'no region: us-east-1 stands in for it',
      },
    ]);
  });

  it('holds assets as hashes and paths in the package, and says which are missing', async () => {
    const graph = await record(
      `new aws.lambda.Function('f', { role: 'arn:aws:iam::123456789012:role/r', code: new pulumi.asset.AssetArchive({
         'index.js': new pulumi.asset.FileAsset('code/index.js'),
         'note.txt': new pulumi.asset.StringAsset('hello'),
         'gone': new pulumi.asset.FileArchive('./gone'),
       }) });`,
      { files: { 'code/index.js': 'exports.handler = 1;\n' } },
    );
    const code = new GraphQuery(graph).byName('f')[0]?.inputs['code'] as { $asset: { members: unknown } };
    expect(code.$asset.members).to.deep.equal({
      'index.js': {
        $asset: {
          ...{ kind: 'asset', path: 'code/index.js', bytes: 21 },
          // sha256sum of the file
          hash: '7ca76481632d4e63314478d221c4b612313f9b23fcac6879870ae31a4553359f',
        },
      },
      'note.txt': {
        $asset: {
          ...{ kind: 'asset', bytes: 5 },
          hash: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
        },
      },
      gone: { $asset: { kind: 'archive', path: 'gone' } },
    });
    expect(graph.unanswered.map(({ kind, name }) => [kind, name])).to.deep.equal([['asset', 'gone']]);
    expect(JSON.stringify(graph)).to.not.contain('exports.handler');
  });

  it('refuses two resources with one URN, and says where both are', async () => {
    expect(await refusal(`new aws.sqs.Queue('q');\nnew aws.sqs.Queue('q');`)).to.contain(
      'two resources have the URN urn:pulumi:dev::demo::aws:sqs/queue:Queue::q (index.js:3 and index.js:4)',
    );
  });

  it('gives the same graph for the same program', async () => {
    const text = `for (let n = 0; n < 30; n++) new aws.s3.BucketVersioning('v' + n, {
      bucket: new aws.s3.Bucket('b' + n).id, versioningConfiguration: { status: 'Enabled' } });`;
    expect(await record(text)).to.deep.equal(await record(text));
  });

  it('loads the same google-protobuf and gRPC as Pulumi: a second copy could not read its messages', () => {
    const from = { paths: [path.dirname(require.resolve('@pulumi/pulumi'))] };
    for (const name of ['google-protobuf', '@grpc/grpc-js']) {
      expect(require.resolve(name)).to.equal(require.resolve(name, from));
    }
    expect(readFileSync(require.resolve('@pulumi/pulumi/package.json'), 'utf8')).to.contain(
      '"version": "3.270.0"',
    );
  });
});
