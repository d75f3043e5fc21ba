import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { recordProgram } from '../../planner';
import { RealEngine, disagreements, normalGraph, normalState } from '../../testing/engine';
import { readReadme } from '../examples/readme';
import { ROOT } from './programs';
import { requireEngine } from './require-engine';

const EXAMPLES = join(ROOT, 'examples');
const NAMES = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'Pulumi.yaml')));
/** Made of what the others have: each of their components is brought up by one of those. */
const COMPOSED = [
  ...['existing-bucket-cdn', 'existing-vpc', 'live-path', 'second-region', 'signed-playback'],
  'test-your-stack',
];
/** TypeScript is transpiled: that the examples type-check is another test's to prove, and takes seconds. */
const environment = { PULUMI_NODEJS_TRANSPILE_ONLY: 'true' };

describe('the examples, run by the CLI', function () {
  this.timeout(60_000);
  let engine: RealEngine;

  before(async function () {
    engine = await RealEngine.start({ pulumi: requireEngine(this) });
  });

  beforeEach(() => engine.aws.forget());

  after(() => engine?.stop());

  /** A copy of an example with what `npm install` gives it: the built package, and what it asks for. */
  function installed(name: string): string {
    const folder = join(engine.folder, name);
    if (existsSync(folder)) return folder;
    cpSync(join(EXAMPLES, name), folder, {
      recursive: true,
      filter: (path) => !path.includes('node_modules') && !/Pulumi\.[^/]+\.yaml$/.test(path),
    });
    const modules = join(folder, 'node_modules');
    mkdirSync(modules);
    for (const each of ['@pulumi', '@types', 'typescript'])
      symlinkSync(join(ROOT, 'node_modules', each), join(modules, each));
    symlinkSync(ROOT, join(modules, 'pulumi-aws-media'));
    return folder;
  }

  for (const name of COMPOSED) {
    it(`${name}: a preview by its defaults creates what its README counts, and changes nothing else`, async () => {
      const folder = installed(name);
      await engine.cli(['stack', 'init', 'dev'], folder, { environment });
      const { code, stdout, stderr } = await engine.cli(['preview', '--json'], folder, { environment });
      expect(code, stdout + stderr).to.equal(0);
      const { steps, diagnostics = [] } = JSON.parse(stdout) as {
        steps: { op: string; urn: string }[];
        diagnostics?: { severity: string; message: string }[];
      };
      expect(diagnostics.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
      const count = (wanted: string) => steps.filter(({ op }) => op === wanted).length;
      const { create, read } = readReadme(name);
      // And the stack itself.
      expect(count('create')).to.equal(create + 1);
      expect(count('read')).to.equal(read);
      expect(steps).to.have.length(create + 1 + read);
    });
  }

  for (const name of NAMES.filter((each) => !COMPOSED.includes(each))) {
    it(`${name}: up by its defaults, nothing to change, the state that was recorded, destroy`, async () => {
      const folder = installed(name);
      const run = async (...args: string[]) => {
        const { code, stdout, stderr } = await engine.cli(args, folder, { environment });
        expect(code, `pulumi ${args.join(' ')}: ${stdout}${stderr}`).to.equal(0);
        return stdout;
      };
      await run('stack', 'init', 'dev');
      await run('up', '--yes', '--skip-preview');
      const exported = JSON.parse(await run('stack', 'export', '--show-secrets')) as { deployment: object };
      const graph = await recordProgram({ folder, stack: 'dev', typeCheck: false });
      expect(disagreements(normalState(exported.deployment), normalGraph(graph))).to.deep.equal([]);
      expect(engine.aws.done('create')).to.have.length.above(3);
      await run('preview', '--expect-no-changes');
      await run('destroy', '--yes', '--skip-preview');
      expect(engine.aws.done('delete').sort()).to.deep.equal(engine.aws.done('create').sort());
    });
  }

  it('tiered-segment-store: follows the configuration of the stack', async () => {
    const folder = installed('tiered-segment-store');
    const run = async (...args: string[]) => engine.cli(args, folder, { environment });
    await run('stack', 'init', 'two');
    await run('config', 'set', 'zoneId', 'use1-az6');
    const { code, stdout, stderr } = await run('preview', '--json');
    expect(code, stderr).to.equal(0);
    const { steps } = JSON.parse(stdout) as {
      steps: { urn: string; newState: { inputs: { bucket?: string } } }[];
    };
    const bucket = steps.find(({ urn }) => urn.endsWith('::media-zone-a'))?.newState.inputs.bucket;
    expect(bucket).to.match(/--use1-az6--x-s3$/);

    await run('config', 'set', 'zoneId', 'us-east-1a');
    const wrong = await run('preview');
    expect(wrong.code).to.be.greaterThan(0);
    expect(wrong.stdout).to.contain('zones.a.zoneId is "us-east-1a"');
  });
});
