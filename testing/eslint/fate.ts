/** What becomes of the result of an `apply`. */
import {
  calledName,
  declaredBy,
  field,
  fields,
  isFunction,
  rootName,
  text,
  type Node,
  type RuleContext,
} from './syntax';

export type Fate = 'used' | 'discarded' | 'unused' | 'notPromise' | 'returned';

/** Wrappers that are their inner expression. */
const TRANSPARENT = new Set([
  ...['ChainExpression', 'TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression', 'TSTypeAssertion'],
]);
/** Methods whose result stands for that of what they are called on. */
const PASSES_ON = new Set(['apply', 'promise', 'then', 'finally']);
/** Callers that wait for promises only. */
const COMBINATORS = new Set(['all', 'allSettled', 'race', 'any']);
/** Test runners wait for a promise that such a callback returns. */
const RUNNERS = new Set([
  ...['it', 'test', 'specify', 'before', 'after', 'beforeEach', 'afterEach', 'beforeAll', 'afterAll'],
  ...['setup', 'teardown', 'suiteSetup', 'suiteTeardown', 'xit', 'fit', 'describe', 'context', 'suite'],
]);

/** @param promise whether it is a promise by now, by `.promise()`, and so can be awaited */
export function fateOf(context: RuleContext, result: Node, promise = false): Fate {
  const parent = result.parent;
  if (!parent) return 'discarded';
  if (TRANSPARENT.has(parent.type)) return fateOf(context, parent, promise);
  switch (parent.type) {
    case 'ExpressionStatement':
      return 'discarded';
    case 'UnaryExpression':
      return text(parent, 'operator') === 'void' ? 'discarded' : 'used';
    case 'AwaitExpression':
      return promise ? 'used' : 'notPromise';
    case 'ConditionalExpression':
      return field(parent, 'test') === result ? 'used' : fateOf(context, parent, promise);
    case 'LogicalExpression':
      return field(parent, 'left') === result ? 'used' : fateOf(context, parent, promise);
    case 'SequenceExpression':
      return fields(parent, 'expressions').at(-1) === result ? fateOf(context, parent, promise) : 'discarded';
    case 'MemberExpression':
      return ofMember(context, result, parent, promise);
    case 'ArrayExpression':
      return !promise && isGivenToPromise(parent) ? 'notPromise' : 'used';
    case 'VariableDeclarator':
      return isRead(context, parent) ? 'used' : 'unused';
    case 'ReturnStatement':
      return ofFunction(context, functionAround(parent), promise);
    case 'ArrowFunctionExpression':
      return field(parent, 'body') === result ? ofFunction(context, parent, promise) : 'used';
    default:
      return 'used';
  }
}

/** `result.method()`: the method's result, where it stands for this one. */
function ofMember(context: RuleContext, result: Node, member: Node, promise: boolean): Fate {
  const call = member.parent;
  if (field(member, 'object') !== result || call?.type !== 'CallExpression') return 'used';
  if (field(call, 'callee') !== member) return 'used';
  const name = calledName(call) ?? '';
  // Somebody looks at what went wrong, as with `catch`.
  if (name === 'then' && fields(call, 'arguments').length > 1) return 'used';
  if (!PASSES_ON.has(name)) return 'used';
  return fateOf(context, call, promise || name !== 'apply');
}

function isGivenToPromise(array: Node): boolean {
  const call = array.parent;
  return (
    call?.type === 'CallExpression' &&
    COMBINATORS.has(calledName(call) ?? '') &&
    rootName(field(call, 'callee')) === 'Promise'
  );
}

function isRead(context: RuleContext, declarator: Node): boolean {
  const variables = declaredBy(context, declarator);
  return variables.some(({ references }) => references.some((reference) => reference.isRead()));
}

function functionAround(node: Node): Node | undefined {
  for (let at = node.parent; at; at = at.parent) if (isFunction(at)) return at;
  return undefined;
}

/** What becomes of what a function returns. */
function ofFunction(context: RuleContext, made: Node | undefined, promise: boolean): Fate {
  const call = made?.parent;
  if (made === undefined || call?.type !== 'CallExpression' || field(call, 'callee') === made) return 'used';
  const name = calledName(call);
  if (name === 'forEach') return 'discarded';
  if (name === 'map' || name === 'flatMap') return ofList(context, call, promise);
  if (!RUNNERS.has(rootName(field(call, 'callee')) ?? '')) return 'used';
  return promise ? 'used' : 'returned';
}

/** A list of results, as `map` makes it. */
function ofList(context: RuleContext, call: Node, promise: boolean): Fate {
  const outer = call.parent;
  if (outer?.type === 'CallExpression' && fields(outer, 'arguments').includes(call)) {
    const waits = COMBINATORS.has(calledName(outer) ?? '') && rootName(field(outer, 'callee')) === 'Promise';
    return waits && !promise ? 'notPromise' : 'used';
  }
  return fateOf(context, call, promise);
}
