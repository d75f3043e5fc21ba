/**
 * Bad arguments, all at once: each with its path, the value given, what is allowed and how to correct it. Values
 * that are known only later are judged when they are, in the same words.
 */
import * as pulumi from '@pulumi/pulumi';
import { nearest } from './nearest';

/** What is wrong with a value. */
export interface Problem {
  readonly allowed: string;
  readonly fix: string;
  /** What is wrong, where the value alone does not show it. */
  readonly because?: string;
}

/** @returns undefined where nothing is wrong */
export type Judge<T> = (value: T) => Problem | undefined;

/** A judge by a predicate. */
export const rule =
  (accepts: (value: unknown) => boolean, allowed: string, fix: string): Judge<unknown> =>
  (value) =>
    accepts(value) ? undefined : { allowed, fix };

/** Whether a value can be looked at only inside `apply`. */
export const isDeferred = (value: unknown): boolean =>
  pulumi.Output.isInstance(value) ||
  (typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function');

/** Collects what is wrong with arguments, to throw it all at once. */
export class InputProblems {
  readonly #owner: string;
  readonly #found: pulumi.InputPropertyErrorDetails[] = [];

  /** @param owner as in `TieredSegmentStore "media"` */
  constructor(owner: string) {
    this.#owner = owner;
  }

  add(path: string, value: unknown, problem: Problem): void {
    this.#found.push({ propertyPath: path, reason: reason(shown(value), problem) });
  }

  /**
   * Judges a plain value now. A deferred one is judged inside `apply`: use the result in its place, so that
   * whatever depends on it fails with the error.
   */
  check<T>(path: string, value: pulumi.Input<T>, judge: Judge<T>): pulumi.Input<T> {
    if (isDeferred(value)) return this.#later(path, pulumi.output(value), judge);
    this.judge(path, value as T, judge);
    return value;
  }

  /** Judges a value that can only be plain. */
  judge<T>(path: string, value: T, judge: Judge<T>): void {
    const problem = judge(value);
    if (problem) this.add(path, value, problem);
  }

  /** Properties that nothing reads are mistakes of spelling. */
  checkNames(path: string, value: object, known: readonly string[]): void {
    for (const [name, given] of Object.entries(value)) {
      if (known.includes(name)) continue;
      const allowed = known.join(', ');
      const meant = nearest(name, known);
      const fix = meant ? `write ${meant}` : 'correct the name or remove the property';
      this.add(path ? `${path}.${name}` : name, given, {
        because: 'there is no such property',
        allowed,
        fix,
      });
    }
  }

  /** @throws pulumi.InputPropertiesError with everything found */
  throwIfAny(): void {
    if (this.#found.length > 0) throw failure(this.#owner, this.#found);
  }

  #later<T>(path: string, value: pulumi.Output<pulumi.Unwrap<T>>, judge: Judge<T>): pulumi.Output<T> {
    return pulumi.all([value, pulumi.isSecret(value)]).apply(([known, secret]) => {
      const problem = judge(known as T);
      if (!problem) return value;
      const details = { propertyPath: path, reason: reason(secret ? 'a secret' : shown(known), problem) };
      throw failure(this.#owner, [details]);
    }) as pulumi.Output<T>;
  }
}

const reason = (value: string, { because, allowed, fix }: Problem): string =>
  `is ${value}${because ? ` (${because})` : ''}; allowed: ${allowed}; to correct it: ${fix}`;

/** Every problem is in the message too: a program that fails on its own shows nothing else. */
function failure(
  owner: string,
  errors: pulumi.InputPropertyErrorDetails[],
): InstanceType<typeof pulumi.InputPropertiesError> {
  const count = errors.length === 1 ? 'a bad argument' : `${errors.length} bad arguments`;
  const lines = errors.map(({ propertyPath, reason }) => `  ${propertyPath} ${reason}`);
  return new pulumi.InputPropertiesError({ message: `${owner} has ${count}:\n${lines.join('\n')}`, errors });
}

const SHOWN_CHARACTERS = 80;

function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  if (typeof value === 'function') return 'a function';
  // By its holder, because an output has a toJSON that is called before.
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key, inner: unknown) {
    return isDeferred(this[key]) ? 'known later' : inner;
  });
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;
}
