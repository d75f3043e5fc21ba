import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { WIRE } from '../../planner/graph/values';
import { RealEngine } from '../../testing/engine';
import { endWithIts } from './process-tree';
import { ROOT } from './programs';
import { requireEngine } from './require-engine';

/** A stack of 840 resources, on a machine that does other things beside. */
const COMMAND_MS = 150_000;

/** What nobody may read afterwards: a secret of the stack's configuration, and what the program's environment has. */
const PLANTED = {
  config: 'planted-config-5b1c0a7e',
  aws: 'planted-aws-secret-key-91d7',
  passphrase: 'planted-srt-passphrase-44f2',
};
const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: PLANTED.aws,
  SRT_PASSPHRASE: PLANTED.passphrase,
};

const certificate = (id: string): string =>
  `arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-${id.padStart(12, '0')}`;

interface Step {
  readonly op: string;
  readonly urn: string;
}

interface Deployment {
  readonly pending_operations?: readonly { readonly type: string; readonly resource: { urn: string } }[];
  readonly resources?: readonly (Record<string, unknown> & { readonly urn: string })[];
}

/**
 * A resource in the state, without when it was made, in which order its dependencies came, the id that the engine gives a
 * provider of its own by chance, the revision of a task definition, which AWS never gives twice, and the paths of files,
 * of which a refresh leaves the hash.
 */
function comparable(resource: object): string {
  const text = JSON.stringify({ ...resource, created: null, modified: null }, (_, value: unknown) => {
    if (Array.isArray(value))
      return value.every(isUrn) ? [...(value as string[])].sort() : (value as unknown[]);
    if (typeof value !== 'object' || value === null) return value;
    // Files, and secrets, whose ciphertext is another one each time.
    if (WIRE.signature in value) return (value as { hash?: string }).hash;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return text
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=")/g, 'by chance')
    .replace(/(:task-definition\/[\w-]+):\d+/g, '$1:revision')
    .replace(/"revision":\d+/g, '"revision":null');
}

const isUrn = (value: unknown): boolean => typeof value === 'string' && value.startsWith('urn:');

describe('the stacks, run by the CLI', function () {
  this.timeout(4 * COMMAND_MS);
  let engine: RealEngine;
  let folder: string;
  /** All that commands wrote. */
  const written: string[] = [];

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
    const { code, stdout, stderr } = await engine.cli(args, folder, {
      timeoutMs: COMMAND_MS,
      environment: ENVIRONMENT,
    });
    written.push(stdout, stderr);
    expect(code, `pulumi ${args.join(' ')}: ${stdout}${stderr}`).to.equal(0);
    return stdout;
  }

  /** What a preview would do to resources, the stack's own outputs left out. */
  async function changes(): Promise<Step[]> {
    const { steps } = JSON.parse(await run('preview', '--json')) as { steps: Step[] };
    return steps.filter(({ op, urn }) => op !== 'same' && !urn.includes('pulumi:pulumi:Stack::'));
  }

  const shortOf = (urn: string): string => urn.split('::').slice(2).join('::').split('$').at(-1)!;

  /** What the engine wrote down of dev; `pulumi stack export` says the same, and takes a second. */
  const deployment = (): Deployment => {
    const file = join(engine.folder, 'state/.pulumi/stacks/aws-media/dev.json');
    const state = JSON.parse(readFileSync(file, 'utf8')) as { checkpoint: { latest: Deployment } };
    return state.checkpoint.latest;
  };

  const stateOf = ({ resources = [] }: Deployment): string[] => resources.map(comparable).sort();

  describe('dev, under a name of its own', () => {
    let uninterrupted: string[];

    before(async () => {
      await run('stack', 'init', 'dev');
      await run('config', 'set', '--path', 'domain.name', 'live.example.com');
      await run('config', 'set', '--path', 'domain.zoneId', 'Z0123456789ABCDEFGHIJ');
      await run('config', 'set', '--path', 'domain.certificateArn', certificate('1'));
      await run('config', 'set', '--secret', 'demo:planted', PLANTED.config);
      await run('up', '--yes', '--skip-preview');
      uninterrupted = stateOf(deployment());
    });

    it('has nothing to change after it', async () => {
      expect(engine.aws.done('create')).to.have.length.above(100);
      await run('preview', '--expect-no-changes');
    });

    it('changes nothing of a channel when another one comes', async () => {
      await run('config', 'set', '--path', 'channels.news.ladder', 'hevc-1080p');
      await run('config', 'set', '--path', 'channels.news.port', '9001');
      const found = await changes();
      await run('config', 'rm', '--path', 'channels.news');
      expect(found.length).to.be.greaterThan(15);
      expect(found.filter(({ op }) => op !== 'create' && op !== 'update')).to.deep.equal([]);
      expect(found.filter(({ urn }) => urn.includes('demo'))).to.deep.equal([]);
      // The components say of themselves which channels they have; of what they are made of nothing changes.
      const updated = found.filter(({ op }) => op === 'update').map(({ urn }) => shortOf(urn));
      expect(updated.sort()).to.deep.equal([
        'aws-media:index:NvencEncodeFleet::live',
        'aws-media:index:SrtIngest::srt',
        'aws-media:index:StreamingCdn::cdn',
      ]);
    });

    it('updates the distribution in its place when the certificate is another one, and nothing else', async () => {
      await run('config', 'set', '--path', 'domain.certificateArn', certificate('2'));
      engine.aws.forget();
      await run('up', '--yes', '--skip-preview');
      expect(engine.aws.done('update')).to.deep.equal(['cdn-1']);
      expect([...engine.aws.done('create'), ...engine.aws.done('delete')]).to.deep.equal([]);
      const update = engine.aws.calls.find(({ method }) => method === 'update');
      expect(update?.inputs['viewerCertificate']).to.include({ acmCertificateArn: certificate('2') });
      await run('config', 'set', '--path', 'domain.certificateArn', certificate('1'));
    });

    it('is destroyed to nothing', async () => {
      engine.aws.forget();
      await run('destroy', '--yes', '--skip-preview');
      const made = uninterrupted.map(
        (text) =>
          JSON.parse(text) as { readonly custom?: boolean; readonly urn: string; readonly type: string },
      );
      expect(engine.aws.done('delete').sort()).to.deep.equal(
        made
          .filter(({ custom, type }) => custom === true && !type.startsWith('pulumi:'))
          .map(({ urn }) => urn.split('::').at(-1)!)
          .sort(),
      );
    });

    it('is whole after an up that was killed in the middle, as it would be without', async () => {
      if ((deployment().resources ?? []).length > 0) await run('destroy', '--yes', '--skip-preview');
      engine.aws.forget();
      const held = engine.aws.hold({ method: 'create', type: 'aws:cloudfront/distribution:Distribution' });
      // One after the other, so that nothing else is under way, the state's file not half written.
      const killed = start('up', '--yes', '--skip-preview', '--parallel', '1');
      try {
        await Promise.race([held.reached, once(killed, 'exit')]);
        expect(killed.exitCode, 'ended before the distribution').to.equal(null);
      } finally {
        await endWithIts(killed);
        held.release();
      }
      // What a person is told to do: the lock of the killed run goes first.
      const refused = await engine.cli(['up', '--yes', '--skip-preview'], folder, { timeoutMs: COMMAND_MS });
      expect(refused.code).to.be.greaterThan(0);
      expect(refused.stderr + refused.stdout).to.match(/pulumi cancel/);
      await run('cancel', '--yes');
      const { pending_operations: pending = [] } = deployment();
      const begun = pending.map(({ type, resource }) => `${type} ${shortOf(resource.urn)}`);
      expect(begun).to.deep.equal(['creating aws:cloudfront/distribution:Distribution::cdn-1']);
      const before = engine.aws.done('create').length;
      expect(before).to.be.within(20, uninterrupted.length - 10);
      // AWS has not made it. One that it has made is imported, by --import-pending-creates.
      await run('refresh', '--yes', '--clear-pending-creates');
      engine.aws.forget();
      await run('up', '--yes', '--skip-preview');
      expect(engine.aws.done('create')).to.include('cdn-1');
      const resumed = deployment();
      expect(resumed.pending_operations ?? []).to.deep.equal([]);
      const state = stateOf(resumed);
      expect(state.filter((text) => !uninterrupted.includes(text))).to.deep.equal([]);
      expect(uninterrupted.filter((text) => !state.includes(text))).to.deep.equal([]);
    });

    it('leaves no planted secret in state, history, files or what commands wrote', () => {
      const files = readdirSync(engine.folder, { recursive: true, withFileTypes: true }).filter(
        (entry) => entry.isFile() && !/\/(?:dist|node_modules)(?:\/|$)/.test(entry.parentPath),
      );
      const texts = files.map(({ parentPath, name }) => join(parentPath, name));
      expect(texts.filter((file) => file.includes('/state/')).length).to.be.greaterThan(3);
      for (const secret of Object.values(PLANTED)) {
        expect(written.join('')).not.to.include(secret);
        for (const file of texts) expect(readFileSync(file, 'utf8').includes(secret), file).to.equal(false);
      }
      expect(readFileSync(join(folder, 'Pulumi.dev.yaml'), 'utf8')).to.match(/demo:planted:\s+secure:/);
    });
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

  /** A command of which the test has the process. */
  function start(...args: string[]): ChildProcess {
    const users = Object.entries(process.env).filter(([name]) => !name.startsWith('PULUMI_'));
    return spawn(join(engine.folder, 'bin/pulumi'), [...args, '--non-interactive'], {
      cwd: folder,
      env: {
        ...Object.fromEntries(users),
        ...engine.aws.environment,
        PATH: `${join(engine.folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
        PULUMI_BACKEND_URL: `file://${join(engine.folder, 'state')}`,
        PULUMI_HOME: join(engine.folder, 'home'),
        PULUMI_CONFIG_PASSPHRASE: 'stand-in',
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
        PULUMI_SKIP_UPDATE_CHECK: 'true',
      },
      stdio: 'ignore',
    });
  }
});
