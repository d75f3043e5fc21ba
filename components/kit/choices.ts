/** Checks of values that have a default. */
import type * as pulumi from '@pulumi/pulumi';
import type { InputProblems, Judge } from './input-errors';

type Range = readonly [from: number, to: number];

/** A number, with ends. @returns the default where the value is absent or bad */
export function numberIn(
  problems: InputProblems,
  path: string,
  value: number | undefined,
  fallback: number | undefined,
  [from, to]: Range,
): number {
  if (value === undefined && fallback !== undefined) return fallback;
  if (typeof value === 'number' && value >= from && value <= to) return value;
  problems.add(path, value, { allowed: `a number from ${from} to ${to}`, fix: 'correct it' });
  return fallback ?? from;
}

/** As {@link numberIn}, for whole numbers. */
export function wholeIn(
  problems: InputProblems,
  path: string,
  value: number | undefined,
  fallback: number | undefined,
  [from, to]: Range,
): number {
  if (value === undefined && fallback !== undefined) return fallback;
  if (Number.isInteger(value) && value! >= from && value! <= to) return value!;
  problems.add(path, value, { allowed: `a whole number from ${from} to ${to}`, fix: 'correct it' });
  return fallback ?? from;
}

/** @param refused why some values that one could think of are not among the choices */
export function choiceOf<T extends string>(
  problems: InputProblems,
  path: string,
  value: T | undefined,
  choices: Readonly<Record<string, T>>,
  fallback: T,
  refused: Readonly<Record<string, string>> = {},
): T {
  if (value === undefined) return fallback;
  const all = Object.values(choices);
  if (all.includes(value)) return value;
  const because = typeof value === 'string' ? refused[value] : undefined;
  problems.add(path, value, {
    ...(because !== undefined && { because }),
    allowed: all.join(', '),
    fix: 'choose one',
  });
  return fallback;
}

/** A list of texts that may be known later. */
export function textsOf(
  problems: InputProblems,
  path: string,
  given: readonly pulumi.Input<string>[],
  judge: Judge<unknown>,
  most: number,
): readonly pulumi.Input<string>[] {
  if (!Array.isArray(given) || given.length > most) {
    problems.add(path, given, { allowed: `a list of at most ${most}`, fix: 'correct it' });
    return [];
  }
  return given.map((value: pulumi.Input<string>, n) =>
    problems.check(`${path}[${n}]`, value, judge as Judge<string>),
  );
}
