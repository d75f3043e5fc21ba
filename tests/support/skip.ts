import Mocha, { type Context, type Runnable, type Suite } from 'mocha';

const reasons = new WeakMap<Runnable | Suite, string>();

/**
 * Skips the test, or from a `before` hook every test of its suite, and records why. The reason is a sentence
 * for the reader of the summary: what can't be had here, and what to install to have it.
 */
export function skip(context: Context, reason: string): never {
  if (reason.trim() === '') throw new Error('skip: the reason must not be empty: the summary prints it');
  const hook = context.test instanceof Mocha.Hook ? context.test : undefined;
  // In `beforeEach` currentTest is the test about to run; in `before` Mocha sets it too, but skips the whole suite.
  const target =
    hook?.title.startsWith('"before all"') === true ? hook.parent : (context.currentTest ?? context.test);
  if (target !== undefined) reasons.set(target, reason);
  return context.skip();
}

/** Why a pending test was skipped: its own reason, else that of the nearest suite around it. */
export function skipReason(test: Runnable): string {
  let at: Runnable | Suite | undefined = test;
  while (at !== undefined) {
    const reason = reasons.get(at);
    if (reason !== undefined) return reason;
    at = at.parent;
  }
  return 'no reason given: use skip(this, reason) from tests/support/skip';
}
