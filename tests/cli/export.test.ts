import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { withExample, withProgram } from '../planner/programs';
import { requireJudge } from '../judge/require-judge';

const MAIN = path.resolve(__dirname, '../../cli/main.js');

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { timeout: 100_000, maxBuffer: 1 << 28, env: { ...process.env, ...env } };
    execFile(process.execPath, [MAIN, 'export', ...args], options, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

const terraform = (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Outcome> =>
  run(['terraform', ...args], env);

/** Of someone else: plain JavaScript, no package of ours, a queue with a dead letter queue, one that is only read, and a secret. */
const FOREIGN = `const pulumi = require('@pulumi/pulumi');
const aws = require('@pulumi/aws');
console.log('{ "not": "the configuration" }');
const dead = new aws.sqs.Queue('dead', { messageRetentionSeconds: 1209600 });
const jobs = new aws.sqs.Queue('jobs', {
  redrivePolicy: dead.arn.apply((deadLetterTargetArn) => JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 4 })),
});
new aws.secretsmanager.SecretVersion('token', {
  secretId: new aws.secretsmanager.Secret('token').id,
  secretString: new pulumi.Config().requireSecret('token'),
});
aws.sqs.Queue.get('old', 'https://sqs.eu-west-1.amazonaws.com/123456789012/old');
exports.url = jobs.url;
`;
const SECRET = 'correct horse';
const FILES = {
  ...{ 'index.js': FOREIGN, 'token.txt': SECRET },
  'Pulumi.dev.yaml': 'config:\n  aws:region: eu-west-1\n',
};

type Resources = {
  readonly [type: string]: { readonly [label: string]: { readonly [name: string]: unknown } };
};

describe('aws-media export terraform', function () {
  this.timeout(120_000);

  it('prints the configuration of a plain JavaScript program, and says beside it what was left out', async () => {
    await withProgram(FILES, async (folder) => {
      const secret = ['--secret-config', `demo:token=file:${path.join(folder, 'token.txt')}`];
      const { code, out, err } = await terraform([folder, ...secret]);
      expect(code, err).to.equal(0);
      const { resource, ...rest } = JSON.parse(out) as { resource: Resources };
      expect(rest).to.deep.equal({
        terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } },
        provider: { aws: [{ region: 'eu-west-1' }] },
        variable: { secretsmanager_secret_version_token_secretString: { sensitive: true } },
      });
      expect(resource['aws_sqs_queue']!['jobs']!['redrive_policy']).to.equal(
        '{"deadLetterTargetArn":"${aws_sqs_queue.dead.arn}","maxReceiveCount":4}',
      );
      expect(resource['aws_secretsmanager_secret_version']!['token']).to.deep.equal({
        secret_id: '${aws_secretsmanager_secret.token.id}',
        secret_string: '${var.secretsmanager_secret_version_token_secretString}',
      });
      expect(err.trimEnd().split('\n')).to.deep.equal([
        '{ "not": "the configuration" }',
        'left out: old: aws:sqs/queue:Queue is read, not made',
        '4 resources exported, 1 gap',
      ]);
      expect(out + err).to.not.contain('horse');
    });
  });

  it('writes main.tf.json into a folder that it makes, and nothing to standard output', async () => {
    await withExample('tiered-segment-store', async (folder) => {
      const out = path.join(folder, 'build', 'terraform');
      const flags = ['--config', 'tiered-segment-store:zoneId=use1-az4', '--no-type-check', '--stack', 'dev'];
      const given = [...flags, '--config', 'aws:region=us-east-1'];
      const first = await terraform([folder, '--out', out, ...given]);
      expect(first.code, first.err).to.equal(0);
      expect(first.out).to.equal('');
      expect(await readdir(out)).to.deep.equal(['main.tf.json']);
      const text = readFileSync(path.join(out, 'main.tf.json'), 'utf8');
      const { resource } = JSON.parse(text) as { resource: Resources };
      expect(resource).to.include.keys('aws_s3_bucket', 'aws_s3_directory_bucket');
      expect(first.err).to.match(/\n\d+ resources exported, 0 gaps\n$/);
      expect(first.err).to.contain(`${path.join(out, 'main.tf.json')}\n`);
      const second = await terraform([folder, ...given]);
      expect(second.out).to.equal(text);
    });
  });

  it('lists everything that is wrong with its flags before the program runs', async () => {
    const empty = await mkdtemp(path.join(tmpdir(), 'cache-'));
    try {
      await withProgram({ 'index.js': `throw new Error('it ran');` }, async (folder) => {
        const file = path.join(folder, 'package.json');
        const env = { XDG_CACHE_HOME: empty };
        const all = await terraform([folder, '--plan', '--out', file, '--timeout', '0'], env);
        expect(all).to.include({ code: 2, out: '' });
        expect(all.err.trimEnd().split('\n')).to.deep.equal([
          `aws-media: --out ${file}: give a folder; the file in it is plan.json`,
          '--plan: the Terraform AWS provider 6.47.1 is not built: make judge builds it, once, in about 25 minutes',
          '--timeout "0": allowed is a number of seconds from 1 to 3600',
        ]);
        const named = await terraform([folder, '--out', path.join(folder, 'none.json')]);
        expect(named).to.include({ code: 2, out: '' });
        expect(named.err).to.contain('none.json: give a folder; the file in it is main.tf.json\n');
        expect(existsSync(path.join(folder, 'none.json'))).to.equal(false);
        await writeFile(path.join(folder, 'taken'), '');
        const taken = await terraform([folder, '--out', path.join(folder, 'taken')]);
        expect(taken).to.include({ code: 2, out: '' });
      });
      expect(await readdir(empty)).to.deep.equal([]);
    } finally {
      await rm(empty, { recursive: true });
    }
  });

  it('fails with the program’s own error, and writes no file then', async () => {
    await withProgram({ 'index.js': `throw new Error('no ladder');` }, async (folder) => {
      const out = path.join(folder, 'terraform');
      const { code, err, out: printed } = await terraform([folder, '--out', out]);
      expect({ code, printed }).to.deep.equal({ code: 1, printed: '' });
      expect(err).to.contain('aws-media: the program failed (index.js:1): Error: no ladder\n');
      expect(existsSync(out)).to.equal(false);
    });
  });

  it('says what it can export where nothing, or something else, is asked for', async () => {
    const [nothing, other, flag] = await Promise.all([
      run([]),
      run(['cloudformation']),
      terraform(['--bogus']),
    ]);
    expect([nothing, other, flag].map(({ code, out }) => [code, out])).to.deep.equal([
      [2, ''],
      [2, ''],
      [2, ''],
    ]);
    expect(nothing.err).to.contain('terraform [options] [folder]');
    expect(other.err).to.contain("unknown command 'cloudformation'");
    expect(flag.err).to.equal("error: unknown option '--bogus'\n(add --help for what is allowed)\n");
  });

  it('says that a folder can’t be written', async () => {
    await withProgram({ 'index.js': '' }, async (folder) => {
      await mkdir(path.join(folder, 'terraform', 'main.tf.json'), { recursive: true });
      const { code, err } = await terraform([folder, '--out', path.join(folder, 'terraform')]);
      expect(code).to.equal(1);
      expect(err).to.match(/aws-media: --out .*terraform can't be written: EISDIR/);
    });
  });
});

describe('aws-media export terraform --plan', function () {
  this.timeout(120_000);

  before(async function () {
    await requireJudge(this);
  });

  it('prints the plan of the real provider, in which no secret is', async () => {
    await withProgram(FILES, async (folder) => {
      const secret = ['--secret-config', `demo:token=file:${path.join(folder, 'token.txt')}`];
      const out = path.join(folder, 'plan');
      const { code, out: printed, err } = await terraform([folder, '--plan', '--out', out, ...secret]);
      expect(code, err).to.equal(0);
      expect(printed).to.equal('');
      expect(await readdir(out)).to.deep.equal(['plan.json']);
      const text = readFileSync(path.join(out, 'plan.json'), 'utf8');
      const plan = JSON.parse(text) as {
        resource_changes: { address: string; change: { after: { [name: string]: unknown } } }[];
      };
      const dead = plan.resource_changes.find(({ address }) => address === 'aws_sqs_queue.dead');
      expect(dead?.change.after['message_retention_seconds']).to.equal(1_209_600);
      expect(plan.resource_changes).to.have.length(4);
      expect(text + err).to.not.contain('horse');
      expect(err).to.contain('left out: old: ');
    });
  });

  it('fails with what the provider refuses, at the line of the program', async () => {
    const wrong = `const aws = require('@pulumi/aws');\nnew aws.sqs.Queue('jobs', { delaySeconds: 1000 });\n`;
    await withProgram({ ...FILES, 'index.js': wrong }, async (folder) => {
      const { code, out, err } = await terraform([folder, '--plan']);
      expect({ code, out }).to.deep.equal({ code: 1, out: '' });
      expect(err).to.contain(
        'error: jobs (aws:sqs/queue:Queue), delaySeconds: expected delay_seconds to be in the range (0 - 900), got 1000 [index.js:2]\n',
      );
      expect(err).to.contain('aws-media: the AWS provider refuses it; the reasons are above\n');
    });
  });
});
