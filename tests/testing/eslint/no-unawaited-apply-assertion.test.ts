import { type ESLint, Linter, RuleTester, type Rule } from 'eslint';
import { expect } from 'chai';
import tseslint from 'typescript-eslint';
import { configs, plugin, rules } from '../../../testing/eslint';

RuleTester.describe = describe;
RuleTester.it = it;

/** What a user's configuration is typed as: the plugin's own types must fit, without those of ESLint. */
const forUsers: ESLint.Plugin = plugin;
const recommended: Linter.Config[] = [configs.recommended];

const rule: Rule.RuleModule = rules['no-unawaited-apply-assertion'];
const discarded = (line: number) => [{ messageId: 'discarded', line }];
const one = (messageId: string) => [{ messageId }];

describe('eslint plugin', () => {
  const valid: (string | RuleTester.ValidTestCase)[] = [
    // Awaited by the helper, or handed on.
    "it('x', async () => { expect(await valueOf(bucket.arn)).to.equal('arn'); });",
    "it('x', async () => { await valueOf(bucket.arn.apply((arn) => { expect(arn).to.equal('arn'); })); });",
    "it('x', async () => { await bucket.arn.apply((arn) => expect(arn).to.equal('arn')).promise(); });",
    "it('x', () => bucket.arn.apply((arn) => expect(arn).to.equal('arn')).promise());",
    'function check(bucket) { return bucket.arn.apply((arn) => { assert.equal(arn, 1); }); }',
    'const check = (bucket) => bucket.arn.apply((arn) => { throw new Error(arn); });',
    'const checked = out.apply((v) => { expect(v).to.equal(1); }); await valueOf(checked);',
    'const args = { name: out.apply((v) => { if (v === "") throw new Error("empty"); return v; }) };',
    'new Bucket("x", { bucket: out.apply((v) => { assert(v); return v; }) });',
    'await Promise.all([a, b].map((out) => valueOf(out.apply((v) => expect(v).to.equal(1)))));',
    'await Promise.all([a.apply((v) => expect(v).to.equal(1)).promise()]);',
    'out.apply((v) => { expect(v).to.equal(1); }).promise().then(() => done(), done);',
    'out.apply((v) => { expect(v).to.equal(1); }).promise().catch(done);',
    // No assertion.
    'out.apply((v) => { seen.push(v); });',
    'out.apply((v) => console.log(v));',
    'out.apply((v) => { if (v) done(); else done(new Error("no")); });',
    // What fails is passed on by hand.
    'out.apply((v) => { try { expect(v).to.equal(1); done(); } catch (error) { done(error); } });',
    // Not an output's: the first argument is `this`.
    'Math.max.apply(null, [1, 2]); fn.apply(this, args); expect.apply(undefined, [1]);',
    'apply((v) => expect(v).to.equal(1));',
    'out.map((v) => expect(v).to.equal(1));',
    // An own function of the same name as nothing that asserts.
    "import { test } from 'node:test'; out.apply((v) => test(v));",
  ];
  const invalid: RuleTester.InvalidTestCase[] = [
    { code: "out.apply((v) => expect(v).to.equal('a'));", errors: discarded(1) },
    { code: 'out.apply((v) => {\n  assert.strictEqual(v, 1);\n});', errors: discarded(2) },
    { code: 'out.apply((v) => { v.should.equal(1); });', errors: discarded(1) },
    { code: 'out.apply((v) => { if (v !== 1) throw new Error("no"); });', errors: discarded(1) },
    { code: 'out.apply(function (v) { expect(v).to.equal(1); });', errors: discarded(1) },
    { code: 'out.apply(async (v) => { expect(await f(v)).to.equal(1); });', errors: discarded(1) },
    { code: 'void out.apply((v) => expect(v).to.equal(1));', errors: discarded(1) },
    { code: 'out?.apply((v) => expect(v).to.equal(1));', errors: discarded(1) },
    { code: 'out["apply"]((v) => expect(v).to.equal(1));', errors: discarded(1) },
    { code: 'ok && out.apply((v) => expect(v).to.equal(1));', errors: discarded(1) },
    { code: 'ok ? out.apply((v) => expect(v).to.equal(1)) : 0;', errors: discarded(1) },
    { code: 'out.apply((v) => expect(v).to.equal(1)), 0;', errors: discarded(1) },
    { code: 'pulumi.all([a, b]).apply(([x, y]) => { expect(x).to.equal(y); });', errors: discarded(1) },
    {
      code: 'pulumi.output(a).apply((x) => x).apply((x) => { expect(x).to.equal(1); });',
      errors: discarded(1),
    },
    { code: 'out.apply((x) => { expect(x).to.equal(1); }).apply(() => done());', errors: discarded(1) },
    { code: 'out.apply((x) => { expect(x).to.equal(1); }).promise();', errors: discarded(1) },
    {
      code: 'out.apply((x) => { expect(x).to.equal(1); }).promise().then(() => done());',
      errors: discarded(1),
    },
    // Reported once, although the outer callback has it in it too.
    {
      code: 'a.apply((x) => {\n b.apply((y) => {\n expect(x).to.equal(y);\n });\n});',
      errors: discarded(3),
    },
    { code: 'a.apply((x) => b.apply((y) => {\n expect(x).to.equal(y);\n }));', errors: discarded(2) },
    { code: 'out.apply((list) => list.forEach((x) => { expect(x).to.equal(1); }));', errors: discarded(1) },
    { code: 'outs.forEach((out) => out.apply((v) => expect(v).to.equal(1)));', errors: discarded(1) },
    { code: 'outs.map((out) => out.apply((v) => expect(v).to.equal(1)));', errors: discarded(1) },
    // By name.
    { code: 'const check = (v) => expect(v).to.equal(1);\nout.apply(check);', errors: discarded(1) },
    { code: 'function check(v) { assert(v); }\nout.apply((v) => check(v));', errors: discarded(2) },
    { code: "import { strict as ok } from 'node:assert';\nout.apply((v) => ok(v));", errors: discarded(2) },
    {
      code: "import check from 'node:assert/strict';\nout.apply((v) => check.equal(v, 1));",
      errors: discarded(2),
    },
    { code: "const { equal } = require('assert');\nout.apply((v) => equal(v, 1));", errors: discarded(2) },
    {
      code: "const { equal } = require('node:assert').strict;\nout.apply((v) => equal(v, 1));",
      errors: discarded(2),
    },
    {
      code: 'out.apply((v) => { mustBeTagged(v); });',
      options: [{ assertions: ['mustBeTagged'] }],
      errors: discarded(1),
    },
    // Kept, and never read.
    { code: 'const unused = out.apply((v) => expect(v).to.equal(1));', errors: one('unused') },
    // Waited for in a way that does not wait.
    { code: 'await out.apply((v) => expect(v).to.equal(1));', errors: one('notPromise') },
    { code: 'await Promise.all([out.apply((v) => expect(v).to.equal(1))]);', errors: one('notPromise') },
    {
      code: 'await Promise.all(outs.map((out) => out.apply((v) => expect(v).to.equal(1))));',
      errors: one('notPromise'),
    },
    { code: "it('x', () => out.apply((v) => expect(v).to.equal(1)));", errors: one('returned') },
    {
      code: "it.only('x', function () { return out.apply((v) => expect(v).to.equal(1)); });",
      errors: one('returned'),
    },
    { code: 'before(async () => { return out.apply((v) => { assert(v); }); });', errors: one('returned') },
    // The assertion in the `catch` itself is not passed on.
    {
      code: 'out.apply((v) => { try { f(v); } catch (error) { expect(error).to.equal(1); } });',
      errors: discarded(1),
    },
    {
      code: 'out.apply((v) => { try { expect(v).to.equal(1); } finally { done(); } });',
      errors: discarded(1),
    },
  ];
  new RuleTester().run('no-unawaited-apply-assertion', rule, { valid, invalid });

  new RuleTester({ languageOptions: { parser: tseslint.parser } }).run(
    'no-unawaited-apply-assertion in TypeScript',
    rule,
    {
      valid: [
        'const x = (out as Output<number>).apply((v: number) => { assert(v); return v; }) as Output<number>; use(x!);',
      ],
      invalid: [
        { code: '(out.apply((v: number) => { expect(v).to.equal(1); }) as unknown)!;', errors: discarded(1) },
        { code: 'out!.apply<void>((v): void => { expect(v).to.equal(1); });', errors: discarded(1) },
      ],
    },
  );

  it('says what to do', () => {
    const messages = new Linter().verify('out.apply((v) => expect(v).to.equal(1));', recommended);
    expect(messages.map(({ severity, ruleId, message }) => ({ severity, ruleId, message }))).to.deep.equal([
      {
        severity: 2,
        ruleId: 'pulumi-aws-media/no-unawaited-apply-assertion',
        message:
          'This assertion is in an `apply` whose result nothing waits for: the test passes before it runs, whatever it says. Take the value first and assert on it: `const value = await valueOf(output)` (pulumi-aws-media/testing).',
      },
    ]);
    expect(Object.keys(forUsers.rules ?? {})).to.deep.equal(['no-unawaited-apply-assertion']);
  });
});
