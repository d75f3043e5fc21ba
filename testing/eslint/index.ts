/** An ESLint plugin for tests of Pulumi programs; `docs/testing.md` shows how to use it. */
import { noUnawaitedApplyAssertion } from './no-unawaited-apply-assertion';

/** The rules, by name. */
export const rules = { 'no-unawaited-apply-assertion': noUnawaitedApplyAssertion };

/** For `plugins` of an ESLint configuration. */
export const plugin = { meta: { name: 'pulumi-aws-media' }, rules };

/** Configurations to put into the list of `eslint.config.js`. */
export const configs = {
  /** Every rule as an error. */
  recommended: {
    name: 'pulumi-aws-media/recommended',
    plugins: { 'pulumi-aws-media': plugin },
    rules: { 'pulumi-aws-media/no-unawaited-apply-assertion': 'error' as const },
  },
};
