import { mkdtempSync, mkdirSync, rmSync, writeFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { ESLint, type Linter } from 'eslint';

const ROOT = resolve(__dirname, '../../..');

/** A tree laid out like ours, in which each part exports `value`. */
const PARTS = [
  'cli',
  'local',
  'planner',
  'policies',
  'stacks',
  'components',
  'encoder/contract',
  'encoder/packager',
  'encoder/lint',
  'tests',
  'bench',
] as const;
type Part = (typeof PARTS)[number];

/** What each part may import besides itself, written out again here: the configuration must say the same. */
const ALLOWED: Record<Part, readonly Part[]> = {
  cli: [
    'local',
    'planner',
    'policies',
    'stacks',
    'components',
    'encoder/contract',
    'encoder/packager',
    'encoder/lint',
  ],
  local: [
    'planner',
    'policies',
    'stacks',
    'components',
    'encoder/contract',
    'encoder/packager',
    'encoder/lint',
  ],
  planner: ['policies', 'stacks', 'components', 'encoder/contract'],
  policies: ['encoder/contract'],
  stacks: ['components', 'encoder/contract'],
  components: ['encoder/contract'],
  'encoder/contract': [],
  'encoder/packager': ['encoder/contract', 'encoder/lint'],
  'encoder/lint': [],
  tests: [...PARTS],
  bench: [...PARTS],
};

describe('lint rules', function () {
  this.timeout(60_000);
  let tree: string;
  let eslint: ESLint;

  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  };
  const up = (part: string) => '../'.repeat(part.split('/').length);

  before(async () => {
    tree = realpathSync(mkdtempSync(join(tmpdir(), 'aws-media-lint-')));
    const { configFor } = (await import(pathToFileURL(join(ROOT, 'eslint.config.mjs')).href)) as {
      configFor: (root: string) => Linter.Config[];
    };
    write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: { strict: true, module: 'node20', target: 'es2023', types: [], noEmit: true },
        include: ['**/*.ts'],
      }),
    );
    for (const part of PARTS) {
      write(`${part}/value.ts`, 'export const value = 1;\n');
      for (const other of PARTS) {
        const name = other.replace('/', '-');
        write(`${part}/imports-${name}.ts`, `export { value } from '${up(part)}${other}/value';\n`);
      }
    }
    write(
      'components/type-import.ts',
      "import type { value } from '../cli/value';\nexport type V = typeof value;\n",
    );
    write('components/dynamic-import.ts', "export const value = import('../cli/value');\n");
    write('components/by-name.ts', "export * from '@pulumi-aws-media/encoder';\n");
    write('encoder/contract/npm.ts', "export { z } from 'zod';\n");
    write('encoder/contract/node.ts', "export { join } from 'node:path';\n");
    write(
      'cli/promises.ts',
      [
        'declare function work(): Promise<void>;',
        'export function floating(): void {',
        '  work();',
        '}',
        'export async function awaited(): Promise<void> {',
        '  await work();',
        '  void work();',
        '}',
        'export function misused(): void {',
        '  [1].forEach(async () => {',
        '    await work();',
        '  });',
        '}',
        'export async function notAPromise(): Promise<number> {',
        '  const one = await 1;',
        '  return one;',
        '}',
        '',
      ].join('\n'),
    );
    write(
      'cli/types.ts',
      [
        "import { value } from '../local/value';",
        'export type Value = typeof value;',
        'export const anything = (input: any): boolean => input === 1;',
        "export function spell(kind: 'one' | 'two'): string {",
        '  switch (kind) {',
        "    case 'one':",
        "      return 'I';",
        '  }',
        "  return '';",
        '}',
        '',
      ].join('\n'),
    );
    write('tests/chai.ts', 'declare const expect: any;\nexpect(1).to.be.ok;\n');
    write('local/statement.ts', 'declare const it: { ok: boolean };\nit.ok;\n');
    eslint = new ESLint({ cwd: tree, overrideConfigFile: true, overrideConfig: configFor(tree) });
  });

  after(() => rmSync(tree, { recursive: true, force: true }));

  async function findings(...paths: string[]): Promise<string[]> {
    const results = await eslint.lintFiles(paths);
    expect(results).to.have.length(paths.length);
    return results
      .flatMap((result) => result.messages)
      .map((message) => `${message.line}: ${message.ruleId ?? message.message}`);
  }

  it('lets each part import exactly what the layout lets it import', async () => {
    const results = await eslint.lintFiles(['**/imports-*.ts']);
    expect(results).to.have.length(PARTS.length ** 2);
    const reported = new Set(results.filter((r) => r.messages.length > 0).map((r) => r.filePath));
    const wrong: string[] = [];
    for (const part of PARTS) {
      for (const other of PARTS) {
        const allowed = other === part || ALLOWED[part].includes(other);
        const file = join(tree, part, `imports-${other.replace('/', '-')}.ts`);
        if (reported.has(file) === allowed)
          wrong.push(`${part} -> ${other}: ${allowed ? 'reported' : 'not reported'}`);
      }
    }
    expect(wrong).to.deep.equal([]);
    const rules = new Set(results.flatMap((r) => r.messages.map((m) => m.ruleId)));
    expect([...rules]).to.deep.equal(['import-x/no-restricted-paths']);
  });

  it('says what a part may import and what to do', async () => {
    const [result] = await eslint.lintFiles(['components/imports-encoder-packager.ts']);
    expect(result?.messages.map((m) => m.message)).to.have.length(1);
    expect(result?.messages[0]?.message).to.contain(
      'components may import encoder/contract, itself only. Move what both need',
    );
  });

  it('reports a forbidden direction in a type import and in a dynamic import', async () => {
    expect(await findings('components/type-import.ts')).to.deep.equal(['1: import-x/no-restricted-paths']);
    expect(await findings('components/dynamic-import.ts')).to.deep.equal(['1: import-x/no-restricted-paths']);
  });

  it("reports the encoder's import by its package name, which would pass the direction by", async () => {
    expect(await findings('components/by-name.ts')).to.deep.equal(['1: no-restricted-imports']);
  });

  it("reports an npm package and a module of Node's in encoder/contract", async () => {
    expect(await findings('encoder/contract/npm.ts')).to.deep.equal(['1: no-restricted-imports']);
    expect(await findings('encoder/contract/node.ts')).to.deep.equal(['1: no-restricted-imports']);
  });

  it('reports a floating promise, a promise where none is expected and an await of none, and no other', async () => {
    expect(await findings('cli/promises.ts')).to.deep.equal([
      '3: @typescript-eslint/no-floating-promises',
      '10: @typescript-eslint/no-misused-promises',
      '15: @typescript-eslint/await-thenable',
    ]);
  });

  it('reports a value import of a type, an any and a switch that leaves a case out', async () => {
    expect(await findings('cli/types.ts')).to.deep.equal([
      '1: @typescript-eslint/consistent-type-imports',
      '3: @typescript-eslint/no-explicit-any',
      '5: @typescript-eslint/switch-exhaustiveness-check',
    ]);
  });

  it("lets Chai's property assertions stand in tests, and no such statement elsewhere", async () => {
    expect(
      (await findings('tests/chai.ts')).filter((finding) => finding.includes('expressions')),
    ).to.deep.equal([]);
    expect(await findings('local/statement.ts')).to.deep.equal([
      '2: @typescript-eslint/no-unused-expressions',
    ]);
  });
});
