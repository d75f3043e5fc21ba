/**
 * Loaded into the program's process before Pulumi's own runner. It takes the configuration from a pipe, so that no
 * secret is in arguments or in the environment that the process is started with, and reports what the runner does
 * not say: where a function was called, the whole of an error, and what a program that is stopped was waiting for.
 */
import { closeSync, readFileSync, writeSync } from 'node:fs';
import Module from 'node:module';
import { pendingOf } from './pending';
import type { SdkState } from './pending';

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
  | { readonly kind: 'pending'; readonly promises: readonly string[]; readonly handles: readonly string[] };

/** File descriptors of the pipes. */
export const FROM_RECORDER = 3;
export const TO_RECORDER = 4;

/**
 * The states of the copies of the SDK that the program has loaded. Asked for only at the end: the first question
 * makes the state, from an environment that the runner has not set up yet.
 */
const stores: (() => SdkState)[] = [];

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
  process.on('uncaughtExceptionMonitor', reportError);
  process.on('unhandledRejection', reportError);
  process.on('SIGTERM', () => {
    reportPending();
    process.exit(1);
  });
  process.on('exit', reportPending);
  watchModules();
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
    message: typeof message === 'string' ? message : String(error),
    stack: typeof stack === 'string' ? stack : '',
    ...(typeof key === 'string' && { key }),
    ...(secret === true && { secret }),
  });
}

let reported = false;

function reportPending(): void {
  if (reported) return;
  reported = true;
  const promises = stores.flatMap((get) => pendingOf(get()));
  report({ kind: 'pending', promises: [...new Set(promises)], handles: process.getActiveResourcesInfo() });
}

/** Sees each copy of the SDK as it is loaded: a program may have several. */
function watchModules(): void {
  const loader = Module as unknown as { _load(request: string, parent: unknown, isMain: boolean): unknown };
  const load = loader._load.bind(loader);
  const seen = new WeakSet<object>();
  loader._load = (request, parent, isMain) => {
    const loaded = load(request, parent, isMain);
    // Both files are only ever required by these names, from within the SDK.
    if (!/(^|\/)(invoke|state)$/.test(request) || typeof loaded !== 'object' || loaded === null)
      return loaded;
    if (seen.has(loaded)) return loaded;
    const sdk = loaded as { [name: string]: unknown };
    if (typeof sdk['invokeOutput'] === 'function') {
      seen.add(loaded);
      for (const name of ['invoke', 'invokeOutput', 'invokeSingle', 'invokeSingleOutput'])
        watchCalls(sdk, name);
    } else if (typeof sdk['getStore'] === 'function' && typeof sdk['LocalStore'] === 'function') {
      seen.add(loaded);
      stores.push(sdk['getStore'] as () => SdkState);
    }
    return loaded;
  };
}

function watchCalls(sdk: { [name: string]: unknown }, name: string): void {
  const original = sdk[name];
  if (typeof original !== 'function') return;
  sdk[name] = (token: string, ...others: unknown[]): unknown => {
    // The first frame is this function.
    const at = callerOf((new Error().stack ?? '').split('\n').slice(1).join('\n'));
    if (at) report({ kind: 'called', token, ...at });
    return (original as (...all: unknown[]) => unknown)(token, ...others);
  };
}

/** The first place of a stack that is the program's own. */
export function callerOf(stack: string): { file: string; line: number } | undefined {
  for (const each of stack.split('\n').slice(1)) {
    const match = /(?:file:\/\/)?(\/[^():]+):(\d+):\d+\)?$/.exec(each.trim());
    const file = match?.[1];
    if (!file || file.includes('/node_modules/')) continue;
    return { file: decodeURI(file), line: Number(match[2]) };
  }
  return undefined;
}
