import { execFile } from 'node:child_process';
import path from 'node:path';
import { expect } from 'chai';
import { planScreen } from '../../cli/plan-screen';
import { expectPlan } from '../planner/plan/planned';
import { withProgram } from '../planner/programs';
import type { Plan } from '../../planner/plan';

const MAIN = path.resolve(__dirname, '../../cli/main.js');

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const all = { timeout: 60_000, maxBuffer: 1 << 26, ...options, env: { ...process.env, ...options.env } };
    execFile(process.execPath, [MAIN, 'plan', ...args], all, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

const SECRET = 'correct horse';
const STORE = `const pulumi = require('@pulumi/pulumi');
const s3 = require('@pulumi/aws/s3');
console.log('not the plan');
const key = new pulumi.Config().requireSecret('key');
new s3.BucketObjectv2('key', { bucket: 'keys', key: 'key', content: key });
const bucket = new s3.Bucket('media');
new s3.BucketPolicy('media', { bucket: bucket.id, policy: pulumi.jsonStringify({ key }) });
exports.page = pulumi.interpolate\`https://\${bucket.bucketRegionalDomainName}/index.html\`;
`;
const REGION = 'config:\n  aws:region: eu-west-1\n';
const ENV = { THE_KEY: SECRET };
const GIVEN = ['--secret-config', 'key=env:THE_KEY'];

describe('aws-media plan', function () {
  this.timeout(90_000);

  it('prints a plan of any program: for people, as JSON by its schema, as Markdown, as a diagram, and no secret', async () => {
    await withProgram({ 'index.js': STORE, 'Pulumi.dev.yaml': REGION }, async (folder) => {
      const [people, json] = await Promise.all([
        run([folder, ...GIVEN], { env: ENV }),
        run([folder, ...GIVEN, '--json'], { env: ENV }),
      ]);
      expect(`${people.code} ${people.err}`).to.equal('0 not the plan\n');
      expect(`${json.code} ${json.err}`).to.equal('0 not the plan\n');
      const plan = JSON.parse(json.out) as Plan;
      const markdown = planScreen(plan, { markdown: true, all: true }, undefined);
      const diagram = planScreen(plan, { diagram: true }, undefined);
      for (const out of [people.out, json.out, markdown, diagram]) expect(out).to.not.match(/horse|\u001b/);
      expect(people.out).to.match(/^demo, stack dev, eu-west-1: 3 resources\.\n\nResources\n/);
      expect(people.out).to.contain('  other  page  https://<media bucketRegionalDomainName>/index.html\n');
      for (const line of people.out.split('\n')) expect(line.length).to.be.at.most(100);
      expectPlan(plan);
      expect(plan).to.include({ schema: 'pulumi-aws-media/plan', version: 1, project: 'demo', stack: 'dev' });
      expect(plan.needs.permissions.actions).to.include.members(['s3:CreateBucket', 's3:PutObject']);
      expect(markdown).to.match(/^# Plan of demo, stack dev\n/);
      expect(markdown).to.contain('```mermaid\nflowchart LR\n```\n');
      expect(diagram).to.equal('flowchart LR\n');
    });
  });

  it('takes an environment of the project that it is called in, and lists them where there is none of that name', async () => {
    const files = { 'index.js': 'exports.at = 1;', 'Pulumi.blue.yaml': REGION, 'Pulumi.green.yaml': '' };
    await withProgram(files, async (cwd) => {
      const [blue, none] = await Promise.all([run(['blue'], { cwd }), run(['prd'], { cwd })]);
      expect(blue).to.deep.equal({ code: 0, out: 'demo, stack blue, no region: 0 resources.\n', err: '' });
      expect(none).to.include({ code: 2, out: '' });
      expect(none.err).to.match(
        /^aws-media: plan prd: there is no folder and no environment of this name; environments here are blue, .*green.*; or give the folder of a Pulumi.yaml\n$/,
      );
      const [folder, twice, both] = await Promise.all([
        run(['node_modules'], { cwd }),
        run(['blue', '--stack', 'green'], { cwd }),
        run(['blue', '--json', '--diagram'], { cwd }),
      ]);
      expect([folder, twice, both].map(({ code, out }) => [code, out])).to.deep.equal(Array(3).fill([2, '']));
      expect(folder.err).to.contain(
        'the folder node_modules has no Pulumi.yaml, and no environment is called so',
      );
      expect(twice.err).to.contain('--stack green: blue is a stack already');
      expect(both.err).to.contain("option '--json' cannot be used with option '--diagram'");
    });
  });

  it('says what is missing, and what a program threw, and prints no plan', async () => {
    await withProgram({ 'index.js': STORE, 'Pulumi.dev.yaml': REGION }, async (folder) => {
      const missing = await run([folder]);
      expect(missing).to.include({ code: 1, out: '' });
      expect(missing.err).to.contain(
        'aws-media: the configuration has no demo:key (index.js:4): give --secret-config demo:key=file:<path>',
      );
    });
    await withProgram({ 'index.js': `throw new Error('no ladder');` }, async (folder) => {
      const failed = await run([folder]);
      expect(failed).to.include({ code: 1, out: '' });
      expect(failed.err).to.contain('aws-media: the program failed (index.js:1): Error: no ladder\n');
    });
  });
});
