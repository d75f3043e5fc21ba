/** What an assertion is. */
import {
  childrenOf,
  field,
  rootName,
  text,
  variableOf,
  type Node,
  type RuleContext,
  calledName,
  isFunction,
} from './syntax';

const NAMES = new Set(['expect', 'assert', 'should', 'chai']);
const LIBRARIES = new Set([
  ...['assert', 'assert/strict', 'node:assert', 'node:assert/strict', 'node:test', 'chai'],
  ...['@jest/globals', 'vitest', 'jest-extended', '@playwright/test', 'bun:test', 'should', 'power-assert'],
]);
/** Of `node:test` and the like: these are not assertions. */
const RUNNERS = new Set([
  'describe',
  'context',
  'suite',
  'it',
  'test',
  'specify',
  'before',
  'after',
  'vi',
  'jest',
  'mock',
]);

/**
 * A function that finds the first assertion in the body of another: a call of an assertion library, one of `more`,
 * one of a function of the same file that asserts, or a `throw`. One in a `try` that has a `catch` is not counted:
 * what fails there is passed on by hand.
 */
export function findsAssertion(
  context: RuleContext,
  more: readonly string[],
): (callback: Node) => Node | undefined {
  const named = new Set([...NAMES, ...more]);
  const within = (node: Node, seen: ReadonlySet<Node>): Node | undefined => {
    if (node.type === 'ThrowStatement') return node;
    if (isAssertion(node)) return node;
    if (node.type === 'CallExpression' && calls(node, seen)) return node;
    const caught = node.type === 'TryStatement' && field(node, 'handler') !== undefined;
    for (const child of childrenOf(node)) {
      if (caught && child === field(node, 'block')) continue;
      const found = within(child, seen);
      if (found) return found;
    }
    return undefined;
  };

  function isAssertion(node: Node): boolean {
    if (node.type === 'MemberExpression') return text(field(node, 'property'), 'name') === 'should';
    if (node.type !== 'CallExpression') return false;
    const root = rootName(field(node, 'callee'));
    if (root === undefined) return false;
    if (named.has(root) || (calledName(node) !== undefined && more.includes(calledName(node) ?? '')))
      return true;
    return !RUNNERS.has(root) && isImported(node, root);
  }

  function isImported(node: Node, name: string): boolean {
    const definition = variableOf(context, node, name)?.defs[0];
    if (definition?.type === 'ImportBinding') {
      const source = text(field(definition.node.parent ?? definition.node, 'source'), 'value');
      return source !== undefined && LIBRARIES.has(source);
    }
    const init = definition?.type === 'Variable' ? field(definition.node, 'init') : undefined;
    const call = init?.type === 'MemberExpression' ? field(init, 'object') : init;
    if (call?.type !== 'CallExpression' || calledName(call) !== 'require') return false;
    const [path] = (call as unknown as { readonly arguments: readonly Node[] }).arguments;
    return LIBRARIES.has(text(path, 'value') ?? '');
  }

  /** Whether a function that is declared in the same file asserts. */
  function calls(node: Node, seen: ReadonlySet<Node>): boolean {
    const callee = field(node, 'callee');
    const name = callee?.type === 'Identifier' ? text(callee, 'name') : undefined;
    const declared = name === undefined ? undefined : variableOf(context, node, name)?.defs[0]?.node;
    const made = isFunction(declared) ? declared : declared && field(declared, 'init');
    if (!isFunction(made) || seen.has(made)) return false;
    const body = field(made, 'body');
    return body !== undefined && within(body, new Set([...seen, made])) !== undefined;
  }

  return (callback) => {
    const body = field(callback, 'body');
    return body && within(body, new Set([callback]));
  };
}
