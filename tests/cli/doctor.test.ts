import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { CHECKS, type DoctorReport } from '../../encoder/doctor';
import { isAlive } from '../support/kill-writer';
import { skip } from '../support/skip';

const MAIN = path.join(__dirname, '..', '..', 'cli', 'main.js');
/** Nobody's, on every Linux. */
const NOBODY = 65_534;
const SCRIPT = '/usr/bin/script';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  file: string,
  args: readonly string[],
  options: { uid?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(file, args, { timeout: 30_000, ...options }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const doctor = (args: readonly string[], options?: Parameters<typeof run>[2]): Promise<Outcome> =>
  run(process.execPath, [MAIN, 'doctor', ...args], options);

const byId = (text: string) =>
  new Map((JSON.parse(text) as DoctorReport).checks.map((check) => [check.id, check]));

describe('aws-media doctor', function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'doctor-command-'));
  });
  afterEach(async () => {
    await chmod(folder, 0o755);
    await rm(folder, { recursive: true, force: true });
  });

  it('prints one JSON object with every check, and exits by whether one failed', async () => {
    const { code, stdout, stderr } = await doctor(['--json', '--state', folder]);
    expect(stdout.trimEnd().split('\n')).to.have.length(1);
    expect(stderr).to.equal('');
    const report = JSON.parse(stdout) as DoctorReport;
    expect(Object.keys(report)).to.deep.equal(['ok', 'checks']);
    expect(report.checks.map(({ id, title }) => ({ id, title }))).to.deep.equal(
      CHECKS.map(({ id, title }) => ({ id, title })),
    );
    expect(report.ok).to.equal(report.checks.every(({ status }) => status !== 'failed'));
    expect(code).to.equal(report.ok ? 0 : 1);
    expect(report.checks.find(({ id }) => id === 'encode-h264')).to.deep.equal({
      id: 'encode-h264',
      title: 'Encode H.264 (libx264)',
      status: 'ok',
      found: 'encoded a frame',
    });
    expect(await readdir(folder), 'what it leaves in the state folder').to.deep.equal([]);
  });

  it('exits with 1 and shows the remedy when a check has failed', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    const { code, stdout } = await doctor(['--state', path.join(file, 'state')]);
    expect(code).to.equal(1);
    expect(stdout).to.match(/\nfailed {3}State folder: /);
    expect(stdout.replace(/\s+/g, ' ')).to.include(
      `not a folder needed: a folder that this user can write to to do: Choose another with \`--state <folder>\``,
    );
    expect(stdout).to.match(/\nPut right what failed, then run this again\.\n$/);
  });

  it('fits a terminal of 60 columns', async function () {
    const has = await readFile(SCRIPT).then(
      () => true,
      () => false,
    );
    if (!has) skip(this, 'needs script, of the Debian package bsdutils, for a terminal');
    const command = `stty cols 60; '${process.execPath}' '${MAIN}' doctor --state /tmp`;
    const { stdout } = await run(SCRIPT, ['-qec', command, '/dev/null']);
    const lines = stdout.split('\r\n');
    expect(lines.length).to.be.above(CHECKS.length);
    expect(lines[0]).to.equal(`ok       Node.js: ${process.versions.node}`);
    // A word that is longer than a line is left whole.
    expect(lines.filter((line) => line.length > 60 && line.trim().includes(' '))).to.deep.equal([]);
  });

  it('works for a user who is not root, and tells when that user may not write the state', async () => {
    const state = path.join(folder, 'state');
    await mkdir(state);
    await chmod(state, 0o555);
    await chmod(folder, 0o755);
    const uid = process.getuid!() === 0 ? NOBODY : process.getuid!();
    const { stdout } = await doctor(['--json', '--state', state], { uid });
    const found = byId(stdout);
    expect(found.get('state-folder')).to.deep.include({
      status: 'failed',
      found: `${state}: this user may not write there`,
      remedy: `Choose another with \`--state <folder>\`, or let this user write: \`sudo chown -R "$(id -un)" '${state}'\``,
    });
    const missing = await doctor(['--json', '--state', path.join(state, 'new')], { uid });
    expect(byId(missing.stdout).get('state-folder')).to.deep.include({
      status: 'failed',
      found: `${state}/new (to be made in ${state}): this user may not write there`,
      remedy: `Choose another with \`--state <folder>\`, or let this user write: \`sudo install -d -o "$(id -un)" '${state}/new'\``,
    });
    for (const id of ['node', 'ffmpeg', 'encode-hevc-10', 'decode-h264', 'shared-memory']) {
      expect(found.get(id), id).to.include({ status: 'ok' });
    }
  });

  it('tells of a limit of open files that is too low', async () => {
    const limited = (files: number) =>
      run('/bin/sh', [
        ...['-c', `ulimit -n ${files}; exec "$0" "$@"`],
        ...[process.execPath, MAIN, 'doctor', '--json', '--state', folder],
      ]);
    expect(byId((await limited(512)).stdout).get('open-files')).to.deep.include({
      status: 'failed',
      found: '512',
      needed: '1024',
      remedy:
        'In this shell: `ulimit -Hn 65536` (as root); a service: LimitNOFILE=65536; a container: `docker run --ulimit nofile=65536`',
    });
    expect(byId((await limited(2048)).stdout).get('open-files')).to.deep.include({
      status: 'warning',
      needed: '4096',
    });
  });

  it('runs where there is no ffmpeg at all', async () => {
    const { code, stdout } = await doctor(['--json', '--state', folder], { env: { PATH: folder } });
    expect(code).to.equal(1);
    const found = byId(stdout);
    expect(found.get('ffmpeg')).to.include({ status: 'failed', found: 'not found on PATH' });
    expect(found.get('encode-aac')).to.include({
      status: 'skipped',
      found: 'not tried, because "ffmpeg" failed',
    });
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends at once on ${signal}, with no child left`, async () => {
      await writeFile(path.join(folder, 'ffmpeg'), `#!/bin/sh\necho $$ > '${folder}/pid'\nexec sleep 60\n`, {
        mode: 0o755,
      });
      const child = spawn(process.execPath, [MAIN, 'doctor', '--state', folder], {
        env: { ...process.env, PATH: `${folder}:${process.env['PATH']}` },
      });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      let pid = '';
      while (pid === '') {
        await new Promise((resolve) => setTimeout(resolve, 10));
        pid = (await readFile(`${folder}/pid`, 'utf8').catch(() => '')).trim();
      }
      const closed = once(child, 'close');
      const sentAt = performance.now();
      child.kill(signal);
      expect((await closed)[0]).to.equal(1);
      expect(performance.now() - sentAt).to.be.below(3000);
      expect(stderr).to.equal('aws-media: interrupted\n');
      expect(isAlive(Number(pid))).to.equal(false);
    });
  }

  it('refuses what it does not know', async () => {
    const { code, stdout, stderr } = await doctor(['--fast']);
    expect([code, stdout]).to.deep.equal([2, '']);
    expect(stderr).to.include("unknown option '--fast'");
  });
});
