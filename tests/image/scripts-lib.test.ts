import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { skip } from '../support/skip';

const ROOT = path.resolve(__dirname, '../../..');
const shell = (program: string): readonly string[] => ['-euc', `me=test; . scripts/lib.sh; ${program}`];
const run = (program: string) => spawnSync('sh', shell(program), { cwd: ROOT, encoding: 'utf8' });

describe('what the scripts share', () => {
  for (const [version, wanted, isEnough] of [
    ['3.260.1', '3.259.0', true],
    ['3.259.0', '3.259.0', true],
    ['3.9.9', '3.10.0', false],
    ['1.24', '1.25', false],
    ['2.0.0', '1.99.99', true],
  ] as const)
    it(`compares versions by their numbers: ${version} is ${isEnough ? '' : 'not '}at least ${wanted}`, () => {
      expect(run(`at_least ${version} ${wanted}`).status).to.equal(isEnough ? 0 : 1);
    });

  it('ends a script with its exit code, and says why on stderr with its name', () => {
    const { status, stdout, stderr } = run('fail 69 no Go: install it; echo not reached');
    expect({ status, stdout, stderr }).to.deep.equal({
      status: 69,
      stdout: '',
      stderr: 'test: no Go: install it\n',
    });
  });

  it('keeps builds where the user keeps caches, and says so where there is no such place', () => {
    const env = { PATH: process.env['PATH'] };
    const asked = (given: Record<string, string>) =>
      spawnSync('sh', shell('shared_cache'), { cwd: ROOT, encoding: 'utf8', env: { ...env, ...given } });
    expect(asked({ HOME: '/h', XDG_CACHE_HOME: '/c' }).stdout).to.equal('/c/pulumi-aws-media\n');
    expect(asked({ HOME: '/h' }).stdout).to.equal('/h/.cache/pulumi-aws-media\n');
    const { status, stderr } = asked({});
    expect(status).not.to.equal(0);
    expect(stderr).to.include('HOME: is not set, and neither is XDG_CACHE_HOME');
  });

  describe('of two builds at once', () => {
    const started: ChildProcess[] = [];
    let folder: string;
    before(function () {
      if (spawnSync('flock', ['--version']).status !== 0) skip(this, 'no flock: apt-get install util-linux');
      folder = mkdtempSync(path.join(tmpdir(), 'aws-media-lock-'));
    });
    after(() => {
      for (const child of started) child.kill('SIGKILL');
      if (folder) rmSync(folder, { recursive: true, force: true });
    });

    /** Takes the lock, says for what it waited, and holds it until its input ends; its last act is to write that down. */
    const begin = () => {
      const take = `if lock "${folder}/lock"; then echo at once; else cat "${folder}/ended"; fi`;
      const program = `${take}; read -r end || true; echo the first has ended >"${folder}/ended"`;
      const child = spawn('sh', shell(program), { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] });
      started.push(child);
      return child;
    };
    const told = async (stream: NodeJS.ReadableStream): Promise<string> => {
      const [bytes] = (await once(stream, 'data')) as [Buffer];
      return String(bytes);
    };

    it('makes the second wait for the end of the first, and look again', async () => {
      const first = begin();
      expect(await told(first.stdout)).to.equal('at once\n');
      const second = begin();
      const answer = told(second.stdout);
      expect(await told(second.stderr)).to.equal('test: another build is running; waiting for it to end\n');
      // As long as a program takes to start: one that does not wait is further by then.
      spawnSync(process.execPath, ['-e', '0']);
      first.stdin.end();
      expect(await answer).to.equal('the first has ended\n');
      second.stdin.end();
      expect(await once(second, 'exit')).to.deep.equal([0, null]);
    });
  });
});
