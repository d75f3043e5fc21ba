/** What the checks of several components share. */
import type * as pulumi from '@pulumi/pulumi';
import { isDeferred, rule, type InputProblems, type Judge } from './input-errors';

/** A predicate: a text of this form. */
export const matching = (pattern: RegExp) => (value: unknown) =>
  typeof value === 'string' && pattern.test(value);

export const flag = rule((value) => typeof value === 'boolean', 'true, false', 'write true or false');

/** One of some values. */
export const oneOf = (values: readonly unknown[]): Judge<unknown> =>
  rule((value) => values.includes(value), values.join(', '), 'choose one');

/** As `problems.check`, of a value that may be absent. */
export const optional = <T>(
  problems: InputProblems,
  path: string,
  value: pulumi.Input<T> | undefined,
  judge: Judge<T>,
): pulumi.Input<T> | undefined => (value === undefined ? undefined : problems.check(path, value, judge));

/** An object that is known now and is no list. */
export const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isDeferred(value);

/** As {@link isPlain}; what is none is a problem. */
export function isObject(problems: InputProblems, path: string, value: unknown, example: string): boolean {
  if (isPlain(value)) return true;
  problems.add(path, value, { allowed: 'an object', fix: `write ${example}` });
  return false;
}
