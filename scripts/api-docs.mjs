// The reference of the public API, a page for each entry of package.json, from the comments in the declarations that
// users get:
//   node scripts/api-docs.mjs           writes docs/api, as `make api` does
//   node scripts/api-docs.mjs --check   says which pages are not what it would write, and fails
// Both fail where a link in a comment leads nowhere, or an export or an argument of a component has no comment.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Application, ReflectionKind } from 'typedoc';
import { load as loadMarkdown } from 'typedoc-plugin-markdown';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '..');
const PAGES = join(ROOT, 'docs', 'api');
const NOTE = '`make api` writes this page from the comments in the code.';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Entries with types: './testing/eslint' is the page testing-eslint.md, '.' is index.md. */
const entries = Object.entries(manifest.exports).flatMap(([path, { types }]) =>
  types === undefined
    ? []
    : [
        {
          name: path === '.' ? 'index' : path.slice(2).replaceAll('/', '-'),
          title: path === '.' ? manifest.name : `${manifest.name}${path.slice(1)}`,
          file: join(ROOT, types),
        },
      ],
);

async function convert() {
  const options = {
    name: manifest.name,
    // The plugin is loaded below, by this package's own dependency.
    plugin: [],
    logLevel: 'Warn',
    readme: 'none',
    disableSources: true,
    excludeExternals: true,
    excludeInternal: true,
    excludePrivate: true,
    validation: { invalidLink: true, notExported: false, notDocumented: false },
  };
  // No readers: what is set is set here.
  const app = await Application.bootstrap(options, []);
  loadMarkdown(app);
  for (const [option, value] of Object.entries({
    router: 'module',
    entryFileName: 'README.md',
    hideBreadcrumbs: true,
    hidePageHeader: true,
    parametersFormat: 'table',
    useCodeBlocks: true,
    // Names of headings come again (`zone`, `nodes`), and members' own would be mistaken for those of types.
    useHTMLAnchors: true,
  })) {
    app.options.setValue(option, value);
  }
  const program = ts.createProgram({
    rootNames: entries.map(({ file }) => file),
    options: {
      module: ts.ModuleKind.Node20,
      target: ts.ScriptTarget.ES2023,
      strict: true,
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules', '@types')],
    },
  });
  const project = app.converter.convert(
    entries.map(({ name, file }) => ({
      displayName: name,
      program,
      sourceFile: program.getSourceFile(file),
    })),
  );
  app.validate(project);
  return { app, project };
}

/** Exports without a comment, and arguments of components without one. What a `transform` may change names itself. */
function undocumented(project) {
  const commented = (reflection) =>
    reflection.hasComment() ||
    (reflection.signatures ?? []).some((signature) => signature.hasComment()) ||
    reflection.type?.declaration?.signatures?.some((signature) => signature.hasComment()) === true;
  return project.children.flatMap((entry) =>
    entry.children
      .filter(({ kind }) => kind !== ReflectionKind.Reference)
      .flatMap((each) => [each, ...(each.name.endsWith('Args') ? (each.children ?? []) : [])])
      .filter((each) => !commented(each))
      .map((each) => each.getFullName().replace('.', ': ')),
  );
}

/** The pages by their names, as they are to be. */
async function pages() {
  const { app, project } = await convert();
  const problems = undocumented(project).map((name) => `no comment: ${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'api-docs-'));
  try {
    app.options.setValue('out', folder);
    app.options.setValue('outputs', [{ name: 'markdown', path: folder }]);
    await app.generateOutputs(project);
    if (app.logger.hasWarnings() || app.logger.hasErrors()) problems.push('TypeDoc has findings, see above');
    const made = entries.map(({ name, title }) => {
      const page = readFileSync(join(folder, `${name}.md`), 'utf8');
      return [`${name}.md`, page.replace(/^# .*\n/, `# \`${title}\`\n\n${NOTE}\n`)];
    });
    return { problems, pages: new Map([['README.md', indexPage()], ...made]) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function indexPage() {
  const rows = entries.map(({ name, title }) => `- [\`${title}\`](${name}.md)`);
  return [
    '# Reference of the API',
    '',
    NOTE,
    'What each component is for, with an example, is in [components/](../README.md#components).',
    '',
    ...rows,
    '',
  ].join('\n');
}

const flag = process.argv[2];
if (flag !== undefined && flag !== '--check') {
  console.error(`api-docs: ${flag} is no flag of this; there is --check`);
  process.exit(64);
}
const absent = entries.filter(({ file }) => !existsSync(file)).map(({ file }) => relative(ROOT, file));
if (absent.length > 0) {
  console.error(`api-docs: not built: ${absent.join(', ')}. Run make setup`);
  process.exit(1);
}
const made = await pages();
const there = existsSync(PAGES) ? readdirSync(PAGES) : [];
const left = there.filter((name) => !made.pages.has(name));
if (flag === '--check') {
  for (const name of left) made.problems.push(`docs/api/${name} is of no entry of package.json`);
  for (const [name, page] of made.pages) {
    if (there.includes(name) && readFileSync(join(PAGES, name), 'utf8') === page) continue;
    made.problems.push(`docs/api/${name} is not what the comments in the code say; run make api`);
  }
} else {
  mkdirSync(PAGES, { recursive: true });
  for (const name of left) rmSync(join(PAGES, name));
  for (const [name, page] of made.pages) writeFileSync(join(PAGES, name), page);
}
if (made.problems.length > 0) {
  console.log(made.problems.join('\n'));
  process.exitCode = 1;
}
