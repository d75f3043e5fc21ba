/** As much of ESLint and of its syntax trees as the rules use: no types of ESLint, so that none need be installed. */

export interface Node {
  readonly type: string;
  readonly parent?: Node | null;
}

export interface Variable {
  readonly defs: readonly { readonly type: string; readonly node: Node }[];
  readonly references: readonly { isRead(): boolean }[];
}

export interface Scope {
  readonly set: ReadonlyMap<string, Variable>;
  readonly upper: Scope | null;
}

export interface RuleContext {
  readonly options: readonly unknown[];
  /** Of JavaScript: `Scopes`. Of other languages, nothing is known. */
  readonly sourceCode: object;
  report(problem: { readonly node: never; readonly messageId: string }): void;
}

interface Scopes {
  getScope(node: Node): Scope;
  getDeclaredVariables(node: Node): readonly Variable[];
}

/** The variables that a node declares. */
export function declaredBy(context: RuleContext, node: Node): readonly Variable[] {
  return (context.sourceCode as Scopes).getDeclaredVariables(node);
}

/** The children of a node, by the fields that hold nodes. */
export function* childrenOf(node: Node): Generator<Node> {
  for (const [key, value] of Object.entries(node)) {
    if (key === 'parent') continue;
    if (Array.isArray(value)) yield* (value as readonly unknown[]).filter(isNode);
    else if (isNode(value)) yield value;
  }
}

export function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
  );
}

/** A field that holds a node, where it does. */
export function field(node: Node, name: string): Node | undefined {
  const value = (node as unknown as Readonly<Record<string, unknown>>)[name];
  return isNode(value) ? value : undefined;
}

/** A field that holds nodes; those that are left out (`[a, , b]`) are not among them. */
export function fields(node: Node, name: string): readonly Node[] {
  const value = (node as unknown as Readonly<Record<string, unknown>>)[name];
  return Array.isArray(value) ? (value as readonly unknown[]).filter(isNode) : [];
}

/** A field that holds a text. */
export function text(node: Node | undefined, name: string): string | undefined {
  const value = node && (node as unknown as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
}

export interface FunctionNode extends Node {
  readonly params: readonly Node[];
}

export function isFunction(node: Node | undefined): node is FunctionNode {
  return (
    node?.type === 'ArrowFunctionExpression' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'FunctionDeclaration'
  );
}

/** The last name of what is called: `it` of `it()`, `only` of `it.only()`. */
export function calledName(call: Node): string | undefined {
  const callee = field(call, 'callee');
  if (callee?.type === 'Identifier') return text(callee, 'name');
  if (callee?.type !== 'MemberExpression') return undefined;
  const property = field(callee, 'property');
  return text(property, 'name') ?? text(property, 'value');
}

/** The first name of what is called: `it` of `it.only()`, `expect` of `expect(x).to.equal(y)`. */
export function rootName(node: Node | undefined): string | undefined {
  switch (node?.type) {
    case 'Identifier':
      return text(node, 'name');
    case 'MemberExpression':
      return rootName(field(node, 'object'));
    case 'CallExpression':
      return rootName(field(node, 'callee'));
    case 'TaggedTemplateExpression':
      return rootName(field(node, 'tag'));
    case 'ChainExpression':
    case 'TSNonNullExpression':
      return rootName(field(node, 'expression'));
    default:
      return undefined;
  }
}

/** The variable of a name that is used at a node. */
export function variableOf(context: RuleContext, at: Node, name: string): Variable | undefined {
  const scopes = context.sourceCode as Scopes;
  for (let scope: Scope | null = scopes.getScope(at); scope; scope = scope.upper) {
    const variable = scope.set.get(name);
    if (variable) return variable;
  }
  return undefined;
}
