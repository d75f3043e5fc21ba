import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';

const ROOT = resolve(__dirname, '../../..');

describe('scripts/test.mjs', function () {
  this.timeout(60_000);
  let tree: string;

  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), 'aws-media-runner-'));
    for (const path of ['scripts/test.mjs', '.mocharc.json', 'dist/tests/support']) {
      cpSync(join(ROOT, path), join(tree, path), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  });

  afterEach(() => rmSync(tree, { recursive: true, force: true }));

  /** A test as if compiled: the source only has to exist. */
  function file(path: string, text: string): void {
    for (const [name, content] of [
      [path, ''],
      [join('dist', path.replace(/\.ts$/, '.js')), text],
    ] as const) {
      mkdirSync(dirname(join(tree, name)), { recursive: true });
      writeFileSync(join(tree, name), content);
    }
  }

  function run(
    env: Record<string, string> = {},
    ...groups: string[]
  ): { code: number | null; lines: string[] } {
    const { status, stdout } = spawnSync(process.execPath, [join(tree, 'scripts/test.mjs'), ...groups], {
      encoding: 'utf8',
      env: { ...process.env, ONLY: '', ...env },
    });
    expect(stdout.endsWith('\n')).to.equal(true);
    return { code: status, lines: stdout.slice(0, -1).split('\n') };
  }

  it('sums all groups in its very last line, after the skipped tests with their reasons', () => {
    file(
      'tests/a.test.ts',
      `const { skip } = require('./support/skip');
      it('passes', () => {});
      it('skips', function () { skip(this, 'no GPU: run it on a g5'); });
      describe('whole', () => { before(function () { skip(this, 'no browser: install chromium'); }); it('x', () => {}); it('y', () => {}); });
      describe('each', () => { beforeEach(function () { if (this.currentTest.title === 'p') skip(this, 'not p'); }); it('p', () => {}); it('q', () => {}); });`,
    );
    file('tests/e2e/b.test.ts', "it('passes too', () => {});");
    file('tests/c.long.ts', "it('is not for every run', () => { throw new Error(); });");
    const { code, lines } = run();
    expect(lines.slice(lines.indexOf('Skipped:'))).to.deep.equal([
      'Skipped:',
      '  skips',
      '    no GPU: run it on a g5',
      '  whole > x',
      '    no browser: install chromium',
      '  whole > y',
      '    no browser: install chromium',
      '  each > p',
      '    not p',
      '',
      '3 passed, 0 failed, 4 skipped',
    ]);
    expect(code).to.equal(0);
  });

  it('runs folders at once, shows the output of each in one piece, and keeps what is timed until after them', () => {
    const meeting = (own: string, other: string): string => `
      const { existsSync, writeFileSync } = require('fs');
      it('meets ${other}', (done) => {
        console.log('${own} begins');
        writeFileSync('${own}', '');
        const timer = setInterval(() => {
          if (!existsSync('${other}')) return;
          clearInterval(timer);
          console.log('${own} ends');
          done();
        }, 10);
      });`;
    file('tests/components/a.test.ts', meeting('a', 'b'));
    file('tests/planner/b.test.ts', meeting('b', 'a'));
    file('tests/encoder/origin/c.test.ts', "it('is quiet', () => console.log('quiet'));");
    file('tests/encoder/load.test.ts', "it('is alone', () => console.log('alone'));");
    const { code, lines } = run();
    expect(lines.at(-1)).to.equal('4 passed, 0 failed, 0 skipped');
    expect(code).to.equal(0);
    const said = lines
      .map((line) => line.trim())
      .filter((line) => /^((alone|quiet)$|[ab] (begins|ends))/.test(line));
    expect(said.slice(0, 4).join()).to.be.oneOf([
      'a begins,a ends,b begins,b ends',
      'b begins,b ends,a begins,a ends',
    ]);
    expect(said.slice(4)).to.deep.equal(['quiet', 'alone']);
  });

  it('fails on a failed test of any group, names it, and counts the tests that a broken hook kept from running', () => {
    file('tests/a.test.ts', "it('is wrong', () => { throw new Error('no'); });");
    file(
      'tests/e2e/b.test.ts',
      "it('passes', () => {}); describe('hook', () => { before(() => { throw new Error('no'); }); it('x', () => {}); it('y', () => {}); });",
    );
    const { code, lines } = run();
    expect(lines.slice(lines.indexOf('Failed:'))).to.deep.equal([
      'Failed:',
      '  is wrong',
      '  hook > "before all" hook for "x"',
      '',
      '2 tests did not run: a hook before them failed, or the run was cut short.',
      '',
      '1 passed, 2 failed, 0 skipped',
    ]);
    expect(code).to.equal(1);
  });

  it('fails on a group that ends without a summary, on .only, on a file that was not built and on no match', () => {
    file('tests/e2e/crash.test.ts', "it('exits', () => process.exit(0));");
    file('tests/e2e/only.test.ts', "it.only('is alone', () => {});");
    file('tests/e2e/unbuilt.test.ts', '');
    rmSync(join(tree, 'dist/tests/e2e/unbuilt.test.js'));
    const { code, lines } = run();
    expect(lines.slice(-1)).to.deep.equal(['0 passed, 3 failed, 0 skipped']);
    expect(
      lines.filter((line) => line.startsWith('  e2e')).map((line) => line.replace(/ \(exit.*/, '')),
    ).to.deep.equal([
      '  e2e (tests/e2e/crash.test.ts): ended without a summary',
      '  e2e (tests/e2e/only.test.ts): ended without a summary',
      '  e2e (tests/e2e/unbuilt.test.ts): not built: dist/tests/e2e/unbuilt.test.js. Run make setup',
    ]);
    expect(code).to.equal(1);
    const none = run({ ONLY: 'nothing is called this' }, 'unit');
    expect(none.code).to.equal(1);
    expect(none.lines.slice(-1)).to.deep.equal(['0 passed, 1 failed, 0 skipped']);
  });

  it('runs only the tests whose names match, and no file whose source is gone', () => {
    file('tests/a.test.ts', "it('first', () => {}); it('second', () => {});");
    file('tests/gone.test.ts', "it('first of a removed file', () => { throw new Error(); });");
    rmSync(join(tree, 'tests/gone.test.ts'));
    const { code, lines } = run({ ONLY: 'first' });
    expect(lines.at(-1)).to.equal('1 passed, 0 failed, 0 skipped');
    expect(code).to.equal(0);
  });

  it('fails a process that does not end after its last test or leaves processes behind', () => {
    file(
      'tests/e2e/a.test.ts',
      "it('listens', (done) => { require('net').createServer().listen(0, () => done()); });",
    );
    file(
      'tests/e2e/b.test.ts',
      "it('spawns', () => { require('child_process').spawn('sleep', ['60'], { stdio: 'ignore' }).unref(); });",
    );
    const { code, lines } = run();
    expect(lines.at(-1)).to.equal('2 passed, 2 failed, 0 skipped');
    expect(lines.join('\n')).to.contain('a.test.ts): did not end within 10 s after its last test');
    expect(lines.join('\n')).to.match(/b\.test\.ts\): left processes behind \(now killed\): \d+ sleep 60/);
    expect(code).to.equal(1);
  });
});
