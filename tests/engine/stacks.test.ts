import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { RealEngine } from '../../testing/engine';
import { ROOT } from './programs';
import { requireEngine } from './require-engine';

/** A stack of 760 resources, on a machine that does other things beside. */
const COMMAND_MS = 100_000;

interface Step {
  readonly op: string;
  readonly urn: string;
}

describe('the stacks, run by the CLI', function () {
  this.timeout(4 * COMMAND_MS);
  let engine: RealEngine;
  let folder: string;

  before(async function () {
    engine = await RealEngine.start({ pulumi: requireEngine(this) });
    folder = join(engine.folder, 'aws-media');
    mkdirSync(folder);
    for (const file of ['Pulumi.yaml', 'Pulumi.dev.yaml', 'Pulumi.prod.yaml', 'package.json'])
      copyFileSync(join(ROOT, file), join(folder, file));
    for (const link of ['dist', 'node_modules']) symlinkSync(join(ROOT, link), join(folder, link));
  });

  after(() => engine?.stop());

  async function run(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await engine.cli(args, folder, { timeoutMs: COMMAND_MS });
    expect(code, `pulumi ${args.join(' ')}: ${stdout}${stderr}`).to.equal(0);
    return stdout;
  }

  /** What a preview would do to resources, the stack's own outputs left out. */
  async function changes(): Promise<Step[]> {
    const { steps } = JSON.parse(await run('preview', '--json')) as { steps: Step[] };
    return steps.filter(({ op, urn }) => op !== 'same' && !urn.includes('pulumi:pulumi:Stack::'));
  }

  it('dev: up, nothing to change, a channel that comes changes nothing of another one, destroy to nothing', async () => {
    await run('stack', 'init', 'dev');
    await run('up', '--yes', '--skip-preview');
    expect(engine.aws.done('create')).to.have.length.above(100);
    await run('preview', '--expect-no-changes');

    await run('config', 'set', '--path', 'channels.news.ladder', 'hevc-1080p');
    await run('config', 'set', '--path', 'channels.news.port', '9001');
    const found = await changes();
    expect(found.length).to.be.greaterThan(15);
    expect(found.filter(({ op }) => op !== 'create' && op !== 'update')).to.deep.equal([]);
    expect(found.filter(({ urn }) => urn.includes('demo'))).to.deep.equal([]);
    // The components say of themselves which channels they have; of what they are made of nothing changes.
    const updated = found
      .filter(({ op }) => op === 'update')
      .map(({ urn }) => urn.split('::').slice(2).join('::'));
    expect(updated).to.deep.equal([
      'aws-media:index:NvencEncodeFleet::live',
      'aws-media:index:StreamingCdn::cdn',
      'aws-media:index:SrtIngest::srt',
    ]);

    await run('config', 'rm', '--path', 'channels.news');
    await run('destroy', '--yes', '--skip-preview');
    expect(engine.aws.done('delete').sort()).to.deep.equal(engine.aws.done('create').sort());
  });

  it('prod: is previewed whole, and says which key is wrong', async () => {
    await run('stack', 'init', 'prod');
    expect(await changes()).to.have.length.above(700);
    await run('config', 'set', 'viewers', '10000000');
    const { code, stdout } = await engine.cli(['preview'], folder, { timeoutMs: COMMAND_MS });
    expect(code).to.be.greaterThan(0);
    expect(stdout).to.match(/aws-media:viewers is 10000000/);
    expect(stdout).not.to.match(/at live \(/);
  });
});
