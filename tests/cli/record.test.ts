import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { withProgram } from '../planner/programs';
import type { Graph } from '../../planner';

const MAIN = path.resolve(__dirname, '../../cli/main.js');

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { timeout: 60_000, maxBuffer: 1 << 26, env: { ...process.env, ...env } };
    execFile(process.execPath, [MAIN, 'record', ...args], options, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

const START = `const pulumi = require('@pulumi/pulumi');\nconst aws = require('@pulumi/aws');\n`;
const SMALL = `${START}new aws.s3.Bucket('logs');\n`;

/** Asks for everything that a user can have to give. */
const ASKING = `${START}
console.log('{ "not": "the graph" }');
const config = new pulumi.Config();
const key = config.requireSecret('streamKey');
key.apply((text) => console.error('the key is ' + text));
new aws.ssm.Parameter('key', { type: 'SecureString', value: key });
new aws.sqs.Queue('jobs', { name: config.require('queue') });
exports.vpc = new pulumi.StackReference('acme/network/prod').getOutput('vpcId');
exports.image = aws.ec2.getAmiOutput({ owners: ['self'] }).id;
`;
const SECRET = 'correct horse';
const REGION = 'config:\n  aws:region: eu-west-1\n';

describe('aws-media record', function () {
  this.timeout(90_000);

  it('names each thing that is missing with its place and flag, and prints the graph once all are given', async () => {
    const files = {
      ...{ 'index.js': ASKING, 'Pulumi.dev.yaml': REGION, 'key.txt': `${SECRET}\n` },
      ...{ 'outputs.json': '{ "vpcId": "vpc-1" }', 'image.json': '{ "id": "ami-1" }' },
    };
    await withProgram(files, async (folder) => {
      const at = (name: string) => path.join(folder, name);
      const first = await run([folder]);
      expect(first).to.include({ code: 1, out: '' });
      expect(first.err).to.contain(
        'aws-media: the configuration has no demo:streamKey (index.js:6): ' +
          'give --secret-config demo:streamKey=file:<path> (or demo:streamKey=env:<NAME>), or a line in Pulumi.dev.yaml\n',
      );
      const flags = ['--secret-config', `demo:streamKey=file:${at('key.txt')}`];
      const second = await run([folder, ...flags]);
      expect(second.err).to.contain(
        'the configuration has no demo:queue (index.js:9): give --config demo:queue=<value>, or a line in Pulumi.dev.yaml\n',
      );
      flags.push('--config', 'demo:queue=jobs');
      const third = await run([folder, ...flags]);
      expect(third.err).to.contain(
        'nothing says what the outputs of the stack acme/network/prod are (index.js:10): ' +
          'give --stack-ref acme/network/prod=<file.json> (what `pulumi stack output --json` prints)\n',
      );
      expect(third.err).to.contain(
        'nothing answers aws:ec2/getAmi:getAmi with {"owners":["self"]} (index.js:11): ' +
          'give --answer aws:ec2/getAmi:getAmi=<file.json> (the result as a JSON object)\n',
      );
      flags.push('--stack-ref', `acme/network/prod=${at('outputs.json')}`);
      flags.push('--answer', `aws:ec2/getAmi:getAmi=${at('image.json')}`);
      const last = await run([folder, ...flags]);
      expect(last.code, last.err).to.equal(0);
      const graph = JSON.parse(last.out) as Graph;
      expect(graph.outputs).to.deep.equal({ image: 'ami-1', vpc: 'vpc-1' });
      const lines = last.err.trimEnd().split('\n');
      expect(lines).to.include.members(['{ "not": "the graph" }', 'the key is [secret]']);
      expect(lines.find((line) => line.startsWith('demo, '))).to.match(
        /^demo, stack dev: 2 resources, 1 read, 1 call of provider functions; \d+\.\d s$/,
      );
      expect(lines.at(-1)).to.equal('  1 aws:sqs/queue:Queue');
      for (const { out, err } of [first, second, third, last]) expect(out + err).to.not.contain('horse');
    });
  });

  it('lists everything that is wrong with the flags, and repeats no secret', async () => {
    await withProgram(
      { 'index.js': SMALL, 'Pulumi.dev.yaml': '', 'Pulumi.prod.yaml': '' },
      async (folder) => {
        const { code, out, err } = await run([
          ...[folder, '--stack', 'prd', '--config', 'queue', '--secret-config', `key=${SECRET}`],
          ...['--secret-config', 'other=env:NOT_SET_ANYWHERE', '--stack-ref', 'a=none.json'],
          ...['--timeout', '0', '--out', path.join(folder, 'none', 'graph.json')],
        ]);
        expect({ code, out }).to.deep.equal({ code: 2, out: '' });
        expect(err).to.not.contain('horse');
        const problems = err.trimEnd().split('\n');
        expect(problems.map((line) => line.replace('aws-media: ', '').split(':')[0])).to.have.members([
          ...['--stack prd', '--config', '--secret-config key', '--secret-config other=env'],
          ...['--stack-ref a=none.json', '--timeout "0"', `--out ${path.join(folder, 'none', 'graph.json')}`],
        ]);
        expect(err).to.contain('there is no Pulumi.prd.yaml; the project has the stacks dev, prod');
        expect((await run([folder])).err).to.contain(
          'the project has the stacks dev, prod; give one, as in --stack dev',
        );
      },
    );
  });

  it('takes a secret from an environment variable, and the configuration from another file', async () => {
    const text = `${START}exports.length = new pulumi.Config().require('key').length;\nexports.region = aws.getRegionOutput().region;`;
    await withProgram({ 'index.js': text, 'Pulumi.dev.yaml': '', 'other.yaml': REGION }, async (folder) => {
      const flags = ['--stack', 'acme/demo/next', '--config-file', path.join(folder, 'other.yaml')];
      const { out, err } = await run([folder, ...flags, '--secret-config', 'key=env:THE_KEY'], {
        THE_KEY: SECRET,
      });
      const graph = JSON.parse(out || '{}') as Graph;
      expect(graph.outputs, err).to.deep.equal({ length: SECRET.length, region: 'eu-west-1' });
      expect(graph.stack).to.equal('next');
    });
  });

  it('writes a state in place of the graph, into a file that is whole or as it was', async () => {
    await withProgram({ 'index.js': SMALL, 'Pulumi.dev.yaml': REGION }, async (folder) => {
      const file = path.join(folder, 'state.json');
      const read = () => JSON.parse(readFileSync(file, 'utf8')) as { version: number; deployment: unknown };
      expect(await run([folder, '--state', '--out', file])).to.include({ code: 0, out: '' });
      const state = read();
      expect(state.version).to.equal(3);
      expect(JSON.stringify(state.deployment)).to.contain('"type":"aws:s3/bucket:Bucket"');
      await writeFile(path.join(folder, 'index.js'), `throw new Error('no ladder');`);
      const failed = await run([folder, '--state', '--out', file]);
      expect(failed).to.include({ code: 1, out: '' });
      expect(failed.err).to.contain('aws-media: the program failed (index.js:1): Error: no ladder\n');
      expect(read()).to.deep.equal(state);
      expect((await readdir(folder)).filter((name) => name.includes('part'))).to.deep.equal([]);
    });
  });

  it('says what to do where there is no project, no folder, and for a flag that does not exist', async () => {
    await withProgram({}, async (folder) => {
      const none = path.join(folder, 'none');
      const all = await Promise.all([
        run([path.join(folder, 'node_modules')]),
        run([none]),
        run([folder, '--bogus']),
      ]);
      expect(all.map(({ code, out }) => [code, out])).to.deep.equal([
        [2, ''],
        [2, ''],
        [2, ''],
      ]);
      const [project, missing, flag] = all.map(({ err }) => err);
      expect(project).to.match(/^aws-media: no Pulumi\.yaml in .*; give the folder of a Pulumi project\n$/);
      expect(missing).to.equal(`aws-media: there is no folder ${none}\n`);
      expect(flag).to.equal("error: unknown option '--bogus'\n(add --help for what is allowed)\n");
    });
  });

  it('ends when it is interrupted, and so does the program', async () => {
    const text = `console.log('started ' + process.pid);\nsetInterval(() => undefined, 1000);`;
    await withProgram({ 'index.js': text }, async (folder) => {
      const child = spawn(process.execPath, [MAIN, 'record', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
      let err = '';
      const started = new Promise<number>((resolve) => {
        child.stderr.setEncoding('utf8').on('data', (more: string) => {
          err += more;
          const match = /started (\d+)\n/.exec(err);
          if (match) resolve(Number(match[1]));
        });
      });
      const ended = once(child, 'close');
      const program = await started;
      child.kill('SIGINT');
      expect(await ended).to.deep.equal([1, null]);
      expect(err).to.contain('aws-media: interrupted\n');
      expect(() => process.kill(program, 0)).to.throw('ESRCH');
    });
  });
});
