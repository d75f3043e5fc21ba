import { createRequire } from 'node:module';

/** The part of the SDK that keeps an eye on its promises (sdk/nodejs/runtime/debuggable.ts). */
interface Debuggable {
  readonly debugPromiseLeaks: boolean;
  debuggablePromise: (promise: Promise<unknown>, context: unknown) => Promise<unknown>;
}

/**
 * Has the SDK write no stack for each of its promises, of which a resource has about four a property: that is most of
 * the time of a recording, the more so with source maps, and nobody reads them without PULUMI_DEBUG_PROMISE_LEAKS.
 * Stacks of errors and the places of resources stay.
 * @returns what undoes it
 */
export function promisesWithoutStacks(): () => void {
  // By require, because its declarations have none of it, and what is imported cannot be replaced.
  const sdk = createRequire(__filename)('@pulumi/pulumi/runtime/debuggable') as Debuggable;
  if (sdk.debugPromiseLeaks) return () => undefined;
  const original = sdk.debuggablePromise;
  sdk.debuggablePromise = (promise, context) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return original(promise, context);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
  return () => {
    sdk.debuggablePromise = original;
  };
}
