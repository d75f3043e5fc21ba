/** What is in the code of a CloudFront function that its runtime, cloudfront-js-2.0, does not take. */
import { createRequire } from 'node:module';
import type ts from 'typescript';

/** Of code, in bytes. */
export const EDGE_FUNCTION_BYTES = 10_240;
/** Modules that a function may import. */
export const EDGE_MODULES = ['cloudfront', 'crypto', 'querystring', 'buffer'] as const;

/** What Node or browsers have, and the runtime has not. */
const ABSENT = new Set(
  (
    'setTimeout setInterval setImmediate clearTimeout clearInterval queueMicrotask eval Function fetch XMLHttpRequest ' +
    'WebSocket process global globalThis window document URL URLSearchParams Map Set WeakMap WeakSet WeakRef Proxy ' +
    'Reflect Intl BigInt SharedArrayBuffer Atomics WebAssembly structuredClone performance module exports __dirname'
  ).split(' '),
);

/**
 * By AWS's list of what the runtime takes (JavaScript runtime 2.0 features for CloudFront Functions, read on
 * 2026-11-21): ES 5.1, and const, let, arrow functions, rest parameters, template literals, `**`, async and await.
 * What newer engines of the same family take beside that is refused too: AWS promises the list alone.
 *
 * Needs the package `typescript`, whose parser it uses.
 * @returns one line a fault, with its place; empty where the code can be deployed
 */
export function edgeFaults(code: string): string[] {
  const typescript = parser();
  const { SyntaxKind } = typescript;
  const file = typescript.createSourceFile('function.js', code, typescript.ScriptTarget.ESNext, true);
  const faults: string[] = [];
  const bytes = Buffer.byteLength(code);
  if (bytes > EDGE_FUNCTION_BYTES)
    faults.push(`the code has ${bytes} bytes; allowed: ${EDGE_FUNCTION_BYTES}`);
  const add = (node: ts.Node, what: string) => {
    const { line, character } = file.getLineAndCharacterOfPosition(node.getStart(file));
    faults.push(`${line + 1}:${character + 1} ${what}`);
  };
  const { parseDiagnostics = [] } = file as unknown as { parseDiagnostics?: readonly ts.Diagnostic[] };
  for (const { messageText } of parseDiagnostics)
    faults.push(`no JavaScript: ${typescript.flattenDiagnosticMessageText(messageText, ' ')}`);

  const refused = new Map<ts.SyntaxKind, string>([
    [SyntaxKind.ClassDeclaration, 'a class'],
    [SyntaxKind.ClassExpression, 'a class'],
    [SyntaxKind.ForOfStatement, 'for ... of'],
    [SyntaxKind.ObjectBindingPattern, 'destructuring'],
    [SyntaxKind.ArrayBindingPattern, 'destructuring'],
    [SyntaxKind.SpreadElement, 'spread'],
    [SyntaxKind.SpreadAssignment, 'spread'],
    [SyntaxKind.ShorthandPropertyAssignment, 'a shorthand property'],
    [SyntaxKind.ComputedPropertyName, 'a computed property name'],
    [SyntaxKind.MethodDeclaration, 'a method in an object literal'],
    [SyntaxKind.YieldExpression, 'a generator'],
    [SyntaxKind.BigIntLiteral, 'a BigInt'],
    [SyntaxKind.TaggedTemplateExpression, 'a tagged template'],
    [SyntaxKind.MetaProperty, 'a meta property'],
    [SyntaxKind.ExportAssignment, 'an export'],
    [SyntaxKind.ExportDeclaration, 'an export'],
    [SyntaxKind.WithStatement, 'with'],
  ]);
  const operators = new Map<ts.SyntaxKind, string>([
    [SyntaxKind.QuestionQuestionToken, '??'],
    [SyntaxKind.QuestionQuestionEqualsToken, '??='],
    [SyntaxKind.BarBarEqualsToken, '||='],
    [SyntaxKind.AmpersandAmpersandEqualsToken, '&&='],
  ]);

  const has = (node: ts.Node, modifier: ts.SyntaxKind): boolean =>
    typescript.canHaveModifiers(node) &&
    (typescript.getModifiers(node) ?? []).some(({ kind }) => kind === modifier);

  const visit = (node: ts.Node, depth: number): void => {
    const what = refused.get(node.kind);
    if (what !== undefined) add(node, `${what} is not supported`);
    if (typescript.isBinaryExpression(node)) {
      const operator = operators.get(node.operatorToken.kind);
      if (operator !== undefined) add(node.operatorToken, `${operator} is not supported`);
      const isPattern =
        typescript.isObjectLiteralExpression(node.left) || typescript.isArrayLiteralExpression(node.left);
      if (node.operatorToken.kind === SyntaxKind.EqualsToken && isPattern)
        add(node.left, 'destructuring is not supported');
    }
    if ('questionDotToken' in node && node.questionDotToken !== undefined)
      add(node, 'optional chaining is not supported');
    if (has(node, SyntaxKind.ExportKeyword)) add(node, 'an export is not supported');
    if (typescript.isParameter(node) && node.initializer)
      add(node, 'a default value of a parameter is not supported');
    if (typescript.isCatchClause(node) && !node.variableDeclaration)
      add(node, 'catch without a name is not supported');
    if (typescript.isImportDeclaration(node)) checkImport(node);
    if (typescript.isCallExpression(node)) checkCall(node);
    const isFunction = typescript.isFunctionLike(node);
    if (isFunction) {
      if (has(node, SyntaxKind.AsyncKeyword) && (depth > 0 || !typescript.isFunctionDeclaration(node)))
        add(node, 'an async function that is no declaration at the top is not supported');
      if ('asteriskToken' in node && node.asteriskToken !== undefined)
        add(node, 'a generator is not supported');
    }
    if (typescript.isAwaitExpression(node) && depth === 0) add(node, 'await at the top is not supported');
    if (typescript.isIdentifier(node) && ABSENT.has(node.text) && isFree(node))
      add(node, `${node.text} is not there`);
    typescript.forEachChild(node, (child) => visit(child, isFunction ? depth + 1 : depth));
  };

  function checkImport(node: ts.ImportDeclaration): void {
    const from = (node.moduleSpecifier as ts.StringLiteral).text;
    if (!(EDGE_MODULES as readonly string[]).includes(from)) add(node, `there is no module '${from}'`);
    if (!node.importClause?.name || node.importClause.namedBindings)
      add(node, "only import name from '...' is supported");
  }

  function checkCall(node: ts.CallExpression): void {
    if (node.expression.kind === SyntaxKind.ImportKeyword) add(node, 'import() is not supported');
    const [first] = node.arguments;
    if (!typescript.isIdentifier(node.expression) || node.expression.text !== 'require') return;
    const name = first && typescript.isStringLiteral(first) ? first.text : undefined;
    if (name === undefined || name === 'cloudfront' || !(EDGE_MODULES as readonly string[]).includes(name))
      add(node, `require gives crypto, querystring and buffer alone`);
  }

  /** Whether it is a variable's name, and not a property's. */
  function isFree(node: ts.Identifier): boolean {
    const { parent } = node;
    if (typescript.isPropertyAccessExpression(parent)) return parent.expression === node;
    return !(typescript.isPropertyAssignment(parent) && parent.name === node);
  }

  visit(file, 0);
  if (
    !file.statements.some((each) => typescript.isFunctionDeclaration(each) && each.name?.text === 'handler')
  )
    faults.push('there is no function handler(event)');
  return faults;
}

function parser(): typeof ts {
  try {
    return createRequire(__filename)('typescript') as typeof ts;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error('edgeFaults needs the package typescript. Run: npm install --save-dev typescript');
  }
}
