/**
 * An assertion in the callback of `apply` runs when the output is known: after a test that does not wait for it has
 * passed. The rule needs no types: `.apply(<function>)` is taken for an output's.
 */
import { findsAssertion } from './assertions';
import { fateOf } from './fate';
import {
  calledName,
  field,
  fields,
  isFunction,
  text,
  variableOf,
  type Node,
  type RuleContext,
} from './syntax';

const REMEDY =
  'Take the value first and assert on it: `const value = await valueOf(output)` (pulumi-aws-media/testing).';

export const noUnawaitedApplyAssertion = {
  meta: {
    type: 'problem' as const,
    docs: { description: 'Report assertions in an `apply` that nothing waits for' },
    schema: [
      {
        type: 'object' as const,
        properties: {
          // Names of functions of the project's own that assert, beside expect, assert, should and what is imported
          // from an assertion library.
          assertions: { type: 'array' as const, items: { type: 'string' as const }, uniqueItems: true },
        },
        additionalProperties: false,
      },
    ],
    messages: {
      discarded: `This assertion is in an \`apply\` whose result nothing waits for: the test passes before it runs, whatever it says. ${REMEDY}`,
      unused: `This assertion is in an \`apply\` whose result is in a variable that nothing reads, so nothing waits for it. ${REMEDY}`,
      notPromise: `An Output is no promise: neither \`await\` nor \`Promise.all\` waits for it, so this assertion runs after the test has passed. ${REMEDY}`,
      returned: `An Output is no promise: the test runner does not wait for one that a test returns, so this assertion runs after the test has passed. ${REMEDY}`,
    },
  },
  create(context: RuleContext): { CallExpression(node: object): void } {
    const [options = {}] = context.options as readonly { readonly assertions?: readonly string[] }[];
    const isAsserting = findsAssertion(context, options.assertions ?? []);
    // One in an apply inside another is found from both.
    const reported = new Set<Node>();
    return {
      CallExpression(node: object): void {
        const call = node as Node;
        if (calledName(call) !== 'apply' || field(call, 'callee')?.type !== 'MemberExpression') return;
        const callback = callbackOf(context, call);
        const assertion = callback && isAsserting(callback);
        if (!assertion || reported.has(assertion)) return;
        const fate = fateOf(context, call);
        if (fate === 'used') return;
        reported.add(assertion);
        context.report({ node: assertion as never, messageId: fate });
      },
    };
  },
};

/** The function that is given to `apply`, there or by its name. */
function callbackOf(context: RuleContext, call: Node): Node | undefined {
  const [callback] = fields(call, 'arguments');
  if (isFunction(callback)) return callback;
  const name = callback?.type === 'Identifier' ? text(callback, 'name') : undefined;
  if (callback === undefined || name === undefined) return undefined;
  const node = variableOf(context, callback, name)?.defs[0]?.node;
  if (isFunction(node)) return node;
  const init = node && field(node, 'init');
  return isFunction(init) ? init : undefined;
}
