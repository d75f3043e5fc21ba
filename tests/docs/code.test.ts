import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Checked } from '../package/check-types';
import { readPages, type Fence } from './pages';

const ROOT = process.cwd();
const CHECKER = path.join(__dirname, '..', 'package', 'check-types.js');

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly types?: string }>>;
}

/** Where the compiler finds the package that pages import from: its own entries, as built. */
function entries(): Record<string, string[]> {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  return Object.fromEntries(
    Object.entries(manifest.exports).flatMap(([entry, conditions]) =>
      typeof conditions === 'string' || conditions.types === undefined
        ? []
        : [[path.posix.join(manifest.name, entry), [path.join(ROOT, conditions.types)]]],
    ),
  );
}

interface Program {
  readonly file: string;
  readonly code: string;
}

/**
 * What of a page is a program: TypeScript that imports from this package. A comment in the line above says what the
 * reader sees elsewhere: `<!-- given: declare const store: TieredSegmentStore; -->`, the name by which other code of
 * the page imports it (`<!-- file: stack.ts -->`), or why it is `<!-- not checked: ... -->`.
 */
function programs(): Program[] {
  const isProgram = ({ language, code, note = '' }: Fence) =>
    language === 'ts' &&
    !note.startsWith('not checked: ') &&
    (/^(given|file): /.test(note) || /from 'pulumi-aws-media(?:\/[\w/-]+)?'/.test(code));
  return readPages()
    .filter(({ file }) => !file.startsWith('docs/api/'))
    .flatMap(({ file, fences }) =>
      fences.filter(isProgram).map(({ code, line, note = '' }) => ({
        file: `${file}/${/^file: (.*)$/.exec(note)?.[1] ?? `line-${line}.ts`}`,
        code: `${/^given: (.*)$/.exec(note)?.[1] ?? ''}\n${code}\n`,
      })),
    );
}

async function check(blocks: readonly Program[]): Promise<readonly string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'pages-'));
  try {
    for (const { file, code } of blocks) {
      await mkdir(path.join(folder, path.dirname(file)), { recursive: true });
      await writeFile(path.join(folder, file), code);
    }
    const modules = path.join(ROOT, 'node_modules');
    const compilerOptions = {
      target: 'es2023',
      // Examples show what stands in a function too, so `await` is allowed everywhere.
      module: 'preserve',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node', 'mocha'],
      typeRoots: [path.join(modules, '@types')],
      paths: { ...entries(), '*': [`${modules}/@types/*`, `${modules}/*`] },
    };
    await writeFile(path.join(folder, 'package.json'), '{ "type": "commonjs" }');
    await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    const { stdout } = await promisify(execFile)(process.execPath, [CHECKER, folder]);
    const [checked] = JSON.parse(stdout) as [Checked];
    return checked.problems.map((problem) => problem.replace(`${folder}/`, ''));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('the code in the pages', function () {
  this.timeout(120_000);

  it('type-checks wherever it imports from this package, and a mistake in it is found', async () => {
    const good = programs();
    expect(good.length).to.be.at.least(15);
    const wrong = `import { MediaVpc } from 'pulumi-aws-media';\nnew MediaVpc('live', { zonez: {} });\n`;
    const problems = await check([...good, { file: 'wrong.ts', code: wrong }]);
    expect(problems.filter((problem) => problem.startsWith('wrong.ts'))).to.have.length(1);
    expect(problems.filter((problem) => !problem.startsWith('wrong.ts'))).to.deep.equal([]);
  });
});
