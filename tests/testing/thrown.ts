/** What a function throws. */
import { AssertionError } from 'chai';

/** @throws AssertionError where nothing is thrown, or something that is no `kind` */
export function thrownBy<E extends Error>(work: () => unknown, kind: new (...args: never[]) => E): E {
  try {
    work();
  } catch (error) {
    if (error instanceof kind) return error;
    throw new AssertionError(`threw ${String(error)}, which is no ${kind.name}`);
  }
  throw new AssertionError(`threw no ${kind.name}`);
}
