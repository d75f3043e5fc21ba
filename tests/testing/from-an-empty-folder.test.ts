import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

const ROOT = resolve(__dirname, '../../..');
const run = promisify(execFile);

interface Result {
  readonly code: number;
  readonly output: string;
}

/** Follows docs/testing.md, with this checkout in place of what npm would install. */
describe('docs/testing.md', function () {
  this.timeout(120_000);
  let folder: string;
  let files: ReadonlyMap<string, string>;

  before(async () => {
    const page = readFileSync(join(ROOT, 'docs/testing.md'), 'utf8');
    files = new Map(
      [...page.matchAll(/`([\w./-]+)`:\n\n(?:<!-- .* -->\n)?```\w+\n([\s\S]*?)```/g)].map(
        ([, name = '', text = '']) => [name, text],
      ),
    );
    folder = mkdtempSync(join(tmpdir(), 'aws-media-kit-'));
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    const installed = ['@pulumi', '@types', 'chai', 'eslint', 'mocha', 'typescript', 'typescript-eslint'];
    for (const name of installed) link(join(ROOT, 'node_modules', name), name);
    link(ROOT, 'pulumi-aws-media');
    const compiled = await command('typescript/bin/tsc');
    expect(compiled).to.deep.equal({ code: 0, output: '' });
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  function link(from: string, name: string): void {
    const to = join(folder, 'node_modules', name);
    mkdirSync(dirname(to), { recursive: true });
    symlinkSync(from, to);
  }

  /** A program of an installed package, in the folder, with an environment of its own. */
  async function command(
    path: string,
    args: readonly string[] = [],
    more: NodeJS.ProcessEnv = {},
  ): Promise<Result> {
    const unset = { CI: undefined, UPDATE_GOLDENS: undefined, FORCE_COLOR: undefined };
    const env = { ...process.env, ...unset, NO_COLOR: '1', ...more };
    try {
      const program = join(ROOT, 'node_modules', path);
      const { stdout } = await run(process.execPath, [program, ...args], {
        cwd: folder,
        env,
        timeout: 60_000,
      });
      return { code: 0, output: stdout };
    } catch (error) {
      const { code, stdout } = error as { code: number; stdout: string };
      return { code, output: stdout };
    }
  }

  const test = (more?: NodeJS.ProcessEnv) =>
    command('mocha/bin/mocha.js', ['--no-config', '--reporter', 'dot', 'bin/**/*.test.js'], more);

  it('has the files of a whole stack', () => {
    expect([...files.keys()]).to.deep.equal([
      ...['package.json', 'tsconfig.json', 'stack.ts', 'index.ts', 'stack.test.ts', 'eslint.config.mjs'],
    ]);
  });

  it('gives tests that pass, write the golden once, and pass with it in CI', async () => {
    const first = await test();
    expect([first.code, /5 passing/.test(first.output)], first.output).to.deep.equal([0, true]);
    expect(existsSync(join(folder, 'golden/dev.json'))).to.equal(true);
    const second = await test({ CI: 'true' });
    expect([second.code, /5 passing/.test(second.output)], second.output).to.deep.equal([0, true]);
  });

  it('gives tests that fail for a name, a tag and a golden when the stack is changed', async () => {
    const compiled = join(folder, 'bin/stack.js');
    const before = readFileSync(compiled, 'utf8');
    const long = 'alarms-'.repeat(12);
    writeFileSync(
      compiled,
      before
        .replace("'1 day'", "'7 days'")
        .replace("sqs.Queue('alarms', { tags })", `sqs.Queue('${long}', {})`),
    );
    const { code, output } = await test();
    writeFileSync(compiled, before);
    expect(code).to.equal(3);
    expect(output).to.contain(`::${long}: name: 92 characters, 8 of which Pulumi adds`);
    expect(output).to.contain('1 tag missing or not allowed');
    expect(output).to.contain('rules[0].expiration.days: 1 -> 7');
    expect(output).to.contain('- aws:sqs/queue:Queue alarms');
  });

  it('gives a lint rule that finds an assertion that never runs', async () => {
    const lint = () => command('eslint/bin/eslint.js', ['.']);
    expect(await lint()).to.deep.equal({ code: 0, output: '' });
    const path = join(folder, 'wrong.test.ts');
    writeFileSync(path, "it('x', () => { made.store.keyArn.apply((arn) => expect(arn).to.equal('')); });\n");
    const { code, output } = await lint();
    rmSync(path);
    expect(code).to.equal(1);
    expect(output).to.contain('pulumi-aws-media/no-unawaited-apply-assertion');
  });
});
