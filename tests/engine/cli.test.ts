import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { s3 } from '@pulumi/aws';
import { expect } from 'chai';
import { recordComponent, toPulumiState } from '../../testing';
import { RealEngine } from '../../testing/engine';
import { writePolicyPack } from './policy-pack';
import { requireEngine } from './require-engine';

const ROOT = resolve(__dirname, '../../..');

describe('the CLI with the small language host', function () {
  this.timeout(60_000);
  let pulumi: string;
  let engine: RealEngine;
  let project: string;

  before(function () {
    pulumi = requireEngine(this);
  });

  beforeEach(async () => {
    engine = await RealEngine.start({ pulumi });
    project = join(engine.folder, 'project');
    cpSync(join(ROOT, 'tests/fixtures/engine/project'), project, { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  });

  afterEach(() => engine?.stop());

  /** Standard output of a command that must end with 0. */
  async function run(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await engine.cli(args, project);
    expect(code, `pulumi ${args.join(' ')}: ${stdout}${stderr}`).to.equal(0);
    return stdout;
  }

  it('takes a project from preview to destroy, as a user types it', async () => {
    await run('stack', 'init', 'dev');
    await run('config', 'set', 'bucket', 'recordings-of-a-user');
    expect(JSON.parse(await run('preview', '--json')).changeSummary).to.deep.equal({ create: 3 });
    await run('up', '--yes', '--skip-preview');
    expect(JSON.parse(await run('stack', 'output', '--json'))).to.include({
      bucketArn: 'arn:aws:s3:::recordings-of-a-user',
    });
    await run('preview', '--expect-no-changes');
    await run('destroy', '--yes', '--skip-preview');
    expect(engine.aws.done('create').sort()).to.deep.equal(['reader', 'recordings']);
    expect(engine.aws.done('delete').sort()).to.deep.equal(['reader', 'recordings']);
  });

  it('shows why a program fails, and ends with an error', async () => {
    await run('stack', 'init', 'dev');
    for (const [program, message] of [
      [
        "import { Config } from '@pulumi/pulumi'; new Config().require('bucket');",
        "Missing required configuration variable 'recordings:bucket'",
      ],
      ["export default async () => { await null; throw new Error('no channel'); };", 'Error: no channel'],
    ] as const) {
      writeFileSync(join(project, 'index.js'), program);
      const { code, stdout } = await engine.cli(['preview'], project);
      expect(code).to.be.greaterThan(0);
      expect(stdout).to.contain(message);
    }
  });

  it('judges an exported state and a recorded graph by the same policies', async () => {
    const program = () => {
      new s3.Bucket('recordings', {});
      new s3.Bucket('archive', { tags: { team: 'video' } });
    };
    const stack = await engine.stack('dev', async () => program());
    await stack.up();
    const recorded = await recordComponent(program, { project: 'media', stack: 'dev' });
    const pack = writePolicyPack(engine.folder);
    for (const state of [await stack.state(), toPulumiState(recorded)]) {
      const file = join(engine.folder, 'state.json');
      writeFileSync(file, JSON.stringify(state));
      const judged = await engine.cli(
        ['policy', 'analyze', '--policy-pack', pack, '--file', file, '--json'],
        engine.folder,
      );
      expect(judged.code, judged.stderr).to.be.greaterThan(0);
      const violations = judged.stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => (JSON.parse(line) as { policyEvent?: Record<string, unknown> }).policyEvent)
        .filter((event) => event !== undefined);
      expect(
        violations.map(({ policyName, enforcementLevel, resourceUrn }) => {
          return { policyName, enforcementLevel, resourceUrn };
        }),
      ).to.deep.equal([
        {
          policyName: 'bucket-has-tags',
          enforcementLevel: 'mandatory',
          resourceUrn: 'urn:pulumi:dev::media::aws:s3/bucket:Bucket::recordings',
        },
      ]);
    }
  });
});
