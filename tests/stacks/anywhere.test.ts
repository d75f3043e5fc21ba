import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { exportTerraform, writeJson } from '../../planner/export/terraform';
import { toPulumiState, type Graph } from '../../testing';
import { install } from '../package/installed';

const ROOT = path.resolve(__dirname, '../../..');
const CLI = path.join(ROOT, 'dist/cli/main.js');

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
  PLANTED: PLANTED.config,
};

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function record(cwd: string, ...args: string[]): Promise<Run> {
  const child = spawn(process.execPath, [CLI, 'record', ...args], {
    cwd,
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  const [stdout, stderr] = [[] as Buffer[], [] as Buffer[]];
  child.stdout.on('data', (data: Buffer) => stdout.push(data));
  child.stderr.on('data', (data: Buffer) => stderr.push(data));
  const [code] = (await once(child, 'close')) as [number | null];
  return {
    code: code ?? -1,
    stdout: Buffer.concat(stdout).toString(),
    stderr: Buffer.concat(stderr).toString(),
  };
}

function graphOf({ code, stdout, stderr }: Run): Graph {
  expect(code, stderr).to.equal(0);
  return JSON.parse(stdout) as Graph;
}

/**
 * Without where files are, in which a checkout and a package differ. The recorder's hash of an archive is also of its
 * members' paths; each member has a hash of its own.
 */
const placeless = ({ resources, ...rest }: Graph): unknown =>
  JSON.parse(
    JSON.stringify({
      ...rest,
      resources: resources.map((resource) => ({ ...resource, position: null })),
    }),
    (key, value: unknown) => {
      if (key !== '$asset') return value;
      const asset = { ...(value as { path?: string; hash?: string; members?: object }) };
      delete asset.path;
      if (asset.members !== undefined) delete asset.hash;
      return asset;
    },
  );

describe('the stack dev, recorded by the CLI', function () {
  this.timeout(120_000);
  let folder: string;
  let here: Run;

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'anywhere-'));
    here = await record(ROOT, '.', '--stack', 'dev', '--secret-config', 'demo:planted=env:PLANTED');
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is the same graph from the root of the file system and from another folder', async () => {
    const expected = graphOf(here);
    expect(expected.resources.length).to.be.greaterThan(150);
    for (const [cwd, project] of [
      ['/', ROOT],
      [folder, path.relative(folder, ROOT)],
    ] as const) {
      const there = await record(
        cwd,
        project,
        '--stack',
        'dev',
        '--secret-config',
        'demo:planted=env:PLANTED',
      );
      expect(graphOf(there), cwd).to.deep.equal(expected);
    }
  });

  it('is the same graph from the installed package, its images and functions included', async () => {
    const { folder: user } = await install();
    const project = path.join(user, 'live');
    await mkdir(project);
    symlinkSync('../node_modules', path.join(project, 'node_modules'));
    const main = 'node_modules/pulumi-aws-media/dist/stacks/index.js';
    const declared = readFileSync(path.join(ROOT, 'Pulumi.yaml'), 'utf8');
    writeFileSync(path.join(project, 'Pulumi.yaml'), declared.replace(/^main: .*$/m, `main: ${main}`));
    writeFileSync(path.join(project, 'Pulumi.dev.yaml'), readFileSync(path.join(ROOT, 'Pulumi.dev.yaml')));
    const there = await record(user, 'live', '--stack', 'dev', '--secret-config', 'demo:planted=env:PLANTED');
    expect(placeless(graphOf(there))).to.deep.equal(placeless(graphOf(here)));
  });

  it('has no planted secret in its graph, state, Terraform configuration or output', () => {
    const graph = graphOf(here);
    const texts = {
      graph: here.stdout,
      log: here.stderr,
      state: JSON.stringify(toPulumiState(graph)),
      terraform: writeJson(exportTerraform(graph).configuration).text,
    };
    for (const [where, text] of Object.entries(texts)) {
      expect(text.length, where).to.be.greaterThan(200);
      for (const secret of Object.values(PLANTED)) expect(text, where).not.to.include(secret);
    }
    // Passphrases are put in by a person: the stack makes secrets, and no value of one.
    const types = graph.resources.map(({ type }) => type.split(':').at(-1));
    expect(types).to.include('Secret').and.not.include('SecretVersion');
  });

  it('takes no secret for any key, whose text would be in the state, and does not show it', async () => {
    const { code, stdout, stderr } = await record(
      ROOT,
      ...['.', '--stack', 'dev', '--secret-config', 'aws-media:dvr=env:PLANTED'],
    );
    expect(code).to.be.greaterThan(0);
    expect(stderr).to.include('aws-media:dvr is a secret; allowed: ');
    expect(stdout + stderr).not.to.include(PLANTED.config);
  });
});
