// The public API as text, one file an entry of package.json, made from the declarations that users get:
//   node scripts/api-report.mjs           writes api/*.api.md, as `make api` does
//   node scripts/api-report.mjs --check   says what differs, and fails
//   node scripts/api-report.mjs --undocumented   names the exports that have no comment, and fails if there are some
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Entries with types: './testing/eslint' is the report testing-eslint.api.md, '.' is index.api.md. */
const entries = Object.entries(manifest.exports).flatMap(([path, conditions]) =>
  conditions.types === undefined
    ? []
    : [
        {
          path,
          name: path === '.' ? 'index' : path.slice(2).replaceAll('/', '-'),
          file: join(ROOT, conditions.types),
        },
      ],
);
const missing = entries.filter(({ file }) => !existsSync(file));
if (missing.length > 0) {
  const files = missing.map(({ file }) => relative(ROOT, file)).join(', ');
  console.error(`api-report: not built: ${files}. Run make setup`);
  process.exit(1);
}

const program = ts.createProgram({
  rootNames: entries.map(({ file }) => file),
  options: { noLib: true, types: [], module: ts.ModuleKind.Node20 },
  host: hostOfOwnFiles(),
});
const checker = program.getTypeChecker();
const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed });

/** Declarations are printed, not evaluated, so those of other packages are not read. */
function hostOfOwnFiles() {
  const host = ts.createCompilerHost({});
  host.resolveModuleNameLiterals = (literals, from) =>
    literals.map(({ text }) => {
      if (!text.startsWith('.')) return { resolvedModule: undefined };
      const base = join(from, '..', text.replace(/\.js$/, ''));
      const file = [`${base}.d.ts`, join(base, 'index.d.ts')].find((each) => existsSync(each));
      if (file === undefined) throw new Error(`${relative(ROOT, from)} imports ${text}, which is not there`);
      return { resolvedModule: { resolvedFileName: file, extension: '.d.ts' } };
    });
  return host;
}

const real = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
const byName = ([a], [b]) => (a < b ? -1 : a > b ? 1 : 0);

/** What an entry gives, and what that refers to in files of ours. */
function apiOf(file) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  const exported = new Map(checker.getExportsOfModule(module).map((each) => [each.name, real(each)]));
  const known = new Set(exported.values());
  /** @type {Map<string, ts.Symbol>} */
  const hidden = new Map();
  /** @type {Map<string, string>} */
  const imports = new Map();
  const queue = [...known];
  for (const symbol of queue) {
    for (const declaration of symbol.declarations ?? []) {
      visitNames(declaration, (name) => {
        const local = checker.getSymbolAtLocation(name);
        if (local === undefined) return;
        const from = importedFrom(local);
        if (from !== undefined) {
          imports.set(from.text, from.module);
          return;
        }
        const symbol = real(local);
        if (!isTopLevel(symbol) || known.has(symbol)) return;
        known.add(symbol);
        hidden.set(symbol.name, symbol);
        queue.push(symbol);
      });
    }
  }
  return {
    typesOnly: typesOnly(file),
    exported: [...exported].sort(byName),
    hidden: [...hidden].sort(byName),
    imports: [...imports.keys()].sort(),
  };
}

/** Names that an entry exports by `export type *`: no value comes with them. */
function typesOnly(file) {
  const names = { types: new Set(), values: new Set() };
  for (const statement of program.getSourceFile(file).statements) {
    if (!ts.isExportDeclaration(statement)) continue;
    const into = statement.isTypeOnly ? names.types : names.values;
    const from = statement.moduleSpecifier && checker.getSymbolAtLocation(statement.moduleSpecifier);
    const exported = statement.exportClause?.elements ?? (from ? checker.getExportsOfModule(from) : []);
    for (const { name } of exported) into.add(typeof name === 'string' ? name : name.text);
  }
  return names.types.difference(names.values);
}

function visitNames(node, visit) {
  if (ts.isIdentifier(node)) visit(node);
  ts.forEachChild(node, (child) => visitNames(child, visit));
}

/** The line by which a name comes from another package. */
function importedFrom(symbol) {
  for (const declaration of symbol.declarations ?? []) {
    let node = declaration;
    while (node !== undefined && !ts.isImportDeclaration(node)) node = node.parent;
    if (node === undefined || node.moduleSpecifier.text.startsWith('.')) continue;
    const text = ts.isNamespaceImport(declaration)
      ? `import * as ${symbol.name} from '${node.moduleSpecifier.text}';`
      : ts.isImportClause(declaration)
        ? `import ${symbol.name} from '${node.moduleSpecifier.text}';`
        : `import { ${declaration.getText()} } from '${node.moduleSpecifier.text}';`;
    return { text, module: node.moduleSpecifier.text };
  }
  return undefined;
}

const isTopLevel = (symbol) =>
  (symbol.declarations ?? []).some(
    (declaration) =>
      ts.isSourceFile(declaration.parent) ||
      (ts.isVariableDeclaration(declaration) && ts.isSourceFile(declaration.parent.parent.parent)),
  );

/** The statement that declares, without its comments, with its members in order of name. */
function printed(declaration, isExported) {
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  const source = statement.getSourceFile();
  const ordered = ts.transform(statement, [orderMembers]).transformed[0];
  const text = printer.printNode(ts.EmitHint.Unspecified, ordered, source);
  const bare = text.replace(/^export (default )?/, '');
  const deprecated = ts.getJSDocDeprecatedTag(declaration);
  const note = deprecated ? `// @deprecated ${ts.getTextOfJSDocComment(deprecated.comment) ?? ''}\n` : '';
  return note + (isExported ? `export ${bare}` : bare);
}

function orderMembers(context) {
  const order = (members) =>
    ts.factory.createNodeArray(
      [...members].sort((a, b) => byName([nameOf(a)], [nameOf(b)])), // Stable: overloads stay as they are.
    );
  return (root) =>
    ts.visitNode(root, function visit(node) {
      const seen = ts.visitEachChild(node, visit, context);
      if (ts.isInterfaceDeclaration(seen)) {
        const { modifiers, name, typeParameters, heritageClauses } = seen;
        return ts.factory.updateInterfaceDeclaration(
          ...[seen, modifiers, name, typeParameters, heritageClauses, order(seen.members)],
        );
      }
      if (ts.isClassDeclaration(seen)) {
        const { modifiers, name, typeParameters, heritageClauses } = seen;
        return ts.factory.updateClassDeclaration(
          ...[seen, modifiers, name, typeParameters, heritageClauses, order(seen.members)],
        );
      }
      return seen;
    });
}

function nameOf(member) {
  if (ts.isConstructorDeclaration(member)) return ' constructor';
  return member.name === undefined ? ' ' : member.name.getText();
}

function reportOf({ path, file }) {
  const { exported, hidden, imports, typesOnly } = apiOf(file);
  const print = (symbols, isExported) =>
    symbols.map(([name, symbol]) => {
      const lines = symbol.declarations.map((declaration) => printed(declaration, isExported));
      const noValue = isExported && symbol.flags & ts.SymbolFlags.Value && typesOnly.has(name);
      return [...(noValue ? ['// As a type only:'] : []), ...lines].join('\n');
    });
  const fenced = (blocks) => ['```ts', blocks.join('\n\n'), '```', ''];
  const title = path === '.' ? manifest.name : `${manifest.name}${path.slice(1)}`;
  return [
    `# Public API of \`${title}\``,
    '',
    '`make api` writes this from the declarations that users get; a change here is a change for them',
    '(docs/upgrade/README.md). Comments are left out, members are in order of name.',
    '',
    ...fenced([...(imports.length > 0 ? [imports.join('\n')] : []), ...print(exported, true)]),
    ...(hidden.length > 0
      ? ['## What that refers to and no entry exports', '', ...fenced(print(hidden, false))]
      : []),
  ].join('\n');
}

/** Lines of one that the other has not, in order. */
function differences(before, after) {
  const minus = (a, b) => {
    const left = b.split('\n');
    return a.split('\n').filter((line) => {
      const at = left.indexOf(line);
      if (at !== -1) left.splice(at, 1);
      return at === -1;
    });
  };
  return [
    ...minus(before, after).map((line) => `- ${line}`),
    ...minus(after, before).map((line) => `+ ${line}`),
  ];
}

function undocumented({ path, file }) {
  const documented = (symbol) =>
    symbol.declarations.some((declaration) => ts.getJSDocCommentsAndTags(declaration).length > 0);
  return apiOf(file)
    .exported.filter(([, symbol]) => !documented(symbol))
    .map(([name, { declarations }]) => {
      const source = relative(join(ROOT, 'dist'), declarations[0].getSourceFile().fileName);
      return `${path} ${name} (${source.replace(/\.d\.ts$/, '.ts')})`;
    });
}

const asked = process.argv[2];
if (asked === '--undocumented') {
  const names = entries.flatMap(undocumented);
  if (names.length > 0) console.log(names.join('\n'));
  process.exitCode = names.length > 0 ? 1 : 0;
} else if (asked === '--check') {
  for (const entry of entries) {
    const file = join(ROOT, 'api', `${entry.name}.api.md`);
    const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const lines = differences(before, reportOf(entry));
    if (lines.length === 0) continue;
    process.exitCode = 1;
    console.log([`api/${entry.name}.api.md is not what the declarations say:`, ...lines].join('\n'));
  }
  if (process.exitCode === 1) {
    console.log(
      'Lines with - are gone, which breaks the code of users; lines with + are new. If that is meant, run make api,\n' +
        'and write a break into docs/upgrade (docs/upgrade/README.md).',
    );
  }
} else if (asked === undefined) {
  mkdirSync(join(ROOT, 'api'), { recursive: true });
  for (const entry of entries) writeFileSync(join(ROOT, 'api', `${entry.name}.api.md`), reportOf(entry));
} else {
  console.error(`api-report: ${asked} is no flag of this; there are --check and --undocumented`);
  process.exitCode = 64;
}
