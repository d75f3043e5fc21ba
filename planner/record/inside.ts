/**
 * Loaded into the program's process before Pulumi's own runner. It takes the configuration from a pipe, so that no
 * secret is in arguments or in the environment that the process is started with, and reports what the runner does
 * not say: where a function was called, the whole of an error, and what a program that is stopped was waiting for.
 */
import { closeSync, readFileSync, writeSync } from 'node:fs';
import Module from 'node:module';
import util from 'node:util';
import { pendingOf } from './pending';
import { isResourceClass, placeAllFrames } from './frames';
import type { Place, SdkState } from './pending';

/** One line of JSON each, on the pipe back. */
export type Report =
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly message: string;
      readonly stack: string;
      readonly key?: string;
      readonly secret?: boolean;
    }
  | { readonly kind: 'called'; readonly token: string; readonly file: string; readonly line: number }
  /** The program called process.exit. */
  | { readonly kind: 'exit'; readonly file: string; readonly line: number }
  | { readonly kind: 'pending'; readonly promises: readonly string[]; readonly handles: readonly string[] };

/** File descriptors of the pipes. */
export const FROM_RECORDER = 3;
export const TO_RECORDER = 4;

/**
 * The states of the copies of the SDK that the program has loaded. Asked for only at the end: the first question
 * makes the state, from an environment that the runner has not set up yet.
 */
const stores: (() => SdkState)[] = [];

/** Where each resource was made. */
const places = new WeakMap<object, Place>();

/** Characters of an error that are reported: a program may put megabytes into one. */
const LONGEST = 100_000;

/** Pending promises that are named; a stack may have thousands. */
const MOST = 20;

if (process.env['AWS_MEDIA_RECORDED'] === '1') begin();

function begin(): void {
  delete process.env['AWS_MEDIA_RECORDED'];
  const { config, secretKeys } = JSON.parse(readFileSync(FROM_RECORDER, 'utf8')) as {
    config: { [key: string]: string };
    secretKeys: string[];
  };
  closeSync(FROM_RECORDER);
  process.env['PULUMI_CONFIG'] = JSON.stringify(config);
  process.env['PULUMI_CONFIG_SECRET_KEYS'] = JSON.stringify(secretKeys);
  inspectWithoutColours();
  const exit = watchExit();
  process.on('uncaughtExceptionMonitor', reportError);
  process.on('unhandledRejection', reportError);
  process.on('SIGTERM', () => {
    reportPending();
    exit(1);
  });
  process.on('exit', reportPending);
  watchModules();
}

/**
 * Node 22.23 never returns from util.inspect with colours for an error whose stack has a line such as
 * node_modules/@pulumi/resource.ts:1687 (the name of a scoped package that no separator follows), and so the SDK's source
 * maps write theirs: a program that failed after its first await would be busy for ever.
 */
function inspectWithoutColours(): void {
  const { inspect } = util;
  util.inspect = Object.assign(
    (value: unknown, options?: util.InspectOptions, ...others: unknown[]) =>
      typeof options === 'object' && options !== null
        ? inspect(value, { ...options, colors: false })
        : inspect(value, options, ...(others.slice(0, 1) as [number | null])),
    inspect,
  ) as typeof inspect;
  // The console and the display of an uncaught error have their own; these decide for them.
  delete process.env['FORCE_COLOR'];
  process.env['NO_COLOR'] = '1';
}

/** A program that ends itself looks as one that is done: the exit code is 0. */
function watchExit(): typeof process.exit {
  const exit = process.exit.bind(process);
  process.exit = (code) => {
    const at = callerOf(new Error().stack ?? '', 1);
    if (at) report({ kind: 'exit', ...at });
    return exit(code);
  };
  return exit;
}

function report(each: Report): void {
  try {
    writeSync(TO_RECORDER, `${JSON.stringify(each)}\n`);
  } catch {
    // The recorder has gone; there is nobody to tell.
  }
}

function reportError(error: unknown): void {
  const { name, message, stack, key, secret } = (error ?? {}) as { [field: string]: unknown };
  report({
    kind: 'error',
    name: typeof name === 'string' ? name : 'Error',
    message: (typeof message === 'string' ? message : shown(error)).slice(0, LONGEST),
    stack: (typeof stack === 'string' ? stack : '').slice(0, LONGEST),
    ...(typeof key === 'string' && { key }),
    ...(secret === true && { secret }),
  });
}

/** Programs may throw anything. */
function shown(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null ? util.inspect(thrown) : String(thrown);
}

let reported = false;

function reportPending(): void {
  if (reported) return;
  reported = true;
  const all = [...new Set(stores.flatMap((get) => pendingOf(get(), places)))];
  const promises = all.slice(0, MOST).map((each) => each.slice(0, LONGEST / MOST));
  if (all.length > MOST) promises.push(`and ${all.length - MOST} more`);
  report({ kind: 'pending', promises, handles: process.getActiveResourcesInfo() });
}

/** Sees each copy of the SDK as it is loaded: a program may have several. */
function watchModules(): void {
  const loader = Module as unknown as { _load(request: string, parent: unknown, isMain: boolean): unknown };
  const load = loader._load.bind(loader);
  const seen = new WeakSet<object>();
  loader._load = (request, parent, isMain) => {
    const loaded = load(request, parent, isMain);
    // These files are only ever required by these names, from within the SDK.
    if (
      !/(^|\/)(invoke|state|resource|debuggable)$/.test(request) ||
      typeof loaded !== 'object' ||
      loaded === null
    )
      return loaded;
    if (seen.has(loaded)) return loaded;
    const sdk = loaded as { [name: string]: unknown };
    if (typeof sdk['invokeOutput'] === 'function') {
      seen.add(loaded);
      for (const name of [
        'invoke',
        'invokeOutput',
        'invokeSingle',
        'invokeSingleOutput',
        'call',
        'callSingle',
      ])
        watchCalls(sdk, name);
    } else if (typeof sdk['getStore'] === 'function' && typeof sdk['LocalStore'] === 'function') {
      seen.add(loaded);
      stores.push(sdk['getStore'] as () => SdkState);
    } else if (isResourceClass(sdk['Resource'])) {
      seen.add(loaded);
      placeAllFrames(sdk['Resource']);
    } else if (typeof sdk['registerResource'] === 'function' && typeof sdk['readResource'] === 'function') {
      seen.add(loaded);
      watchRegistrations(sdk, 'registerResource');
    } else if (typeof sdk['debuggablePromise'] === 'function') {
      seen.add(loaded);
      withoutStack(sdk, 'debuggablePromise');
    }
    return loaded;
  };
}

function watchCalls(sdk: { [name: string]: unknown }, name: string): void {
  const original = sdk[name];
  if (typeof original !== 'function') return;
  sdk[name] = (token: string, ...others: unknown[]): unknown => {
    const at = callerOf(new Error().stack ?? '', 1);
    if (at) report({ kind: 'called', token, ...at });
    return (original as (...all: unknown[]) => unknown)(token, ...others);
  };
}

function watchRegistrations(sdk: { [name: string]: unknown }, name: string): void {
  const original = sdk[name] as (...all: unknown[]) => unknown;
  sdk[name] = (resource: object, ...others: unknown[]): unknown => {
    // The position is among the last arguments; which one differs between versions of the SDK.
    const place = others.find(isPlace);
    if (place) places.set(resource, place);
    return original(resource, ...others);
  };
}

/** The SDK keeps a stack of each promise, which nobody reads; to map one to its sources takes most of a program's time. */
function withoutStack(sdk: { [name: string]: unknown }, name: string): void {
  const original = sdk[name] as (...all: unknown[]) => unknown;
  sdk[name] = (...all: unknown[]): unknown => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return original(...all);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

function isPlace(value: unknown): value is Place {
  const { uri, line } = (value ?? {}) as Partial<Place>;
  return typeof uri === 'string' && typeof line === 'number';
}

/** As it is run, and as its source map names it. */
const SELF = /\/planner\/record\/inside\.[jt]s$/;

/**
 * The first place of a stack that is the program's own.
 * @param skipped frames, from the top, that are not looked at: the caller of this function
 */
export function callerOf(stack: string, skipped = 0): { file: string; line: number } | undefined {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  for (const each of frames.slice(skipped)) {
    const match = /[ (](?:file:\/\/)?(\/[^():]+):(\d+):\d+\)?$/.exec(each.trim());
    const file = match?.[1];
    if (!file || file.includes('/node_modules/') || SELF.test(file)) continue;
    return { file: each.includes('file://') ? decodeURI(file) : file, line: Number(match[2]) };
  }
  return undefined;
}
