/** Runs the code of a CloudFront function with what its runtime has, and judges its answer as CloudFront does. */
import { createHash, createHmac } from 'node:crypto';
import querystring from 'node:querystring';
import { createContext, Script } from 'node:vm';
import type { EdgeEvent, EdgeRequest, EdgeResponse, EdgeValues } from './events';

/** What the function finds around it. */
export interface EdgeOptions {
  /** What the function's KeyValueStore holds; without it `cf.kvs()` fails, as without an association. */
  readonly keyValueStore?: Readonly<Record<string, string>>;
  /** Fail each read of the store, as while it is out of reach. */
  readonly storeFails?: boolean;
  /** The time, in milliseconds since 1970: it stands still while the function runs. @default now */
  readonly now?: number;
  /** After which a function is stopped, in milliseconds. @default 1000: for endless loops, no measure of CloudFront's own limit */
  readonly timeoutMs?: number;
}

/** What the function did. */
export interface EdgeResult {
  /** What CloudFront goes on with; absent where the function answered. */
  readonly request?: EdgeRequest;
  /** What the viewer gets; of a viewer-response event always there. */
  readonly response?: EdgeResponse;
  /** Reads of the KeyValueStore. */
  readonly reads: number;
  /** What console.log wrote. */
  readonly log: readonly string[];
}

/** The function failed, or answered what CloudFront does not take: the viewer gets a 503 or 502. */
export class EdgeError extends Error {
  override readonly name = 'EdgeError';
}

/** Of the body of an answer that a function gives, in bytes. [CloudFront, restrictions on CloudFront Functions] */
const BODY_BYTES = 40_960;
/** Of path and query. */
const URL_CHARACTERS = 8192;

const DISALLOWED =
  /^(?:connection|expect|keep-alive|proxy-authenticate|proxy-authorization|proxy-connection|trailer|upgrade|x-accel-.*|x-amz-cf-.*|x-amzn-.*|x-cache|x-edge-.*|x-forwarded-proto|x-real-ip)$/;
const READ_ONLY: Readonly<Record<EdgeEvent['context']['eventType'], readonly string[]>> = {
  'viewer-request': ['content-length', 'host', 'transfer-encoding', 'via'],
  'viewer-response': ['warning', 'via'],
};

/** Globals of V8 that the runtime has not. */
const REMOVED = [
  ...[
    'Map',
    'Set',
    'WeakMap',
    'WeakSet',
    'WeakRef',
    'FinalizationRegistry',
    'Proxy',
    'Reflect',
    'Intl',
    'BigInt',
  ],
  ...['BigInt64Array', 'BigUint64Array', 'SharedArrayBuffer', 'Atomics', 'WebAssembly', 'eval', 'Function'],
  ...['escape', 'unescape', 'Iterator', 'AsyncDisposableStack', 'DisposableStack', 'SuppressedError'],
];

/** Runs inside: what is there must not lead out of it. */
const PRELUDE = `
(function () {
  const inner = host;
  const store = inner.store;
  const RealDate = Date;
  const construct = Reflect.construct;
  const fixed = function Date() {
    if (!new.target) return new RealDate(inner.now).toString();
    return arguments.length === 0 ? new RealDate(inner.now) : construct(RealDate, arguments);
  };
  fixed.now = () => inner.now;
  fixed.parse = RealDate.parse;
  fixed.UTC = RealDate.UTC;
  fixed.prototype = RealDate.prototype;
  const own = Object.prototype.hasOwnProperty;
  const read = (key, then) => new Promise((done, fail) => {
    inner.read();
    if (inner.storeFails) fail(new Error('the key value store is out of reach'));
    else then(String(key), done, fail);
  });
  const kvs = () => {
    if (store === null) throw new Error('no key value store is associated with the function');
    return {
      get: (key, options) => read(key, (name, done, fail) => {
        if (!own.call(store, name)) fail(new Error('KeyNotFound: ' + name));
        else done(options && options.format === 'json' ? JSON.parse(store[name]) : store[name]);
      }),
      exists: (key) => read(key, (name, done) => done(own.call(store, name))),
      count: () => read('', (name, done) => done(Object.keys(store).length)),
    };
  };
  const modules = { cloudfront: { kvs, edgeLocation: {} }, crypto: inner.crypto, querystring: inner.querystring, buffer: { Buffer: inner.Buffer } };
  this.Date = fixed;
  this.Buffer = inner.Buffer;
  this.require = (name) => {
    if (!own.call(modules, name)) throw new Error('there is no module ' + name);
    return modules[name];
  };
  this.console = { log: (text) => inner.log(String(text)) };
  this.__run = (text) => {
    const answer = (value) => { inner.answer(JSON.stringify(value)); };
    const failed = (error) => { inner.failed(String(error)); };
    try { Promise.resolve(handler(JSON.parse(text))).then(answer).catch(failed); } catch (error) { failed(error); }
  };
  this.__time = (text, rounds) => {
    const begun = inner.clock();
    const next = (left) =>
      left === 0
        ? inner.answer(String((inner.clock() - begun) / rounds))
        : Promise.resolve(handler(JSON.parse(text))).then(() => next(left - 1));
    Promise.resolve().then(() => next(rounds)).catch((error) => { inner.failed(String(error)); });
  };
  for (const name of inner.removed) delete this[name];
  delete this.host;
}).call(globalThis);
`;

const prelude = new Script(PRELUDE, { filename: 'edge-runtime.js' });
const scripts = new Map<string, Script>();

/**
 * Runs a function once, each time from its first line, as CloudFront may.
 * @throws EdgeError as CloudFront fails: an exception, no answer in time, an answer that is none
 */
export function runEdge(code: string, event: EdgeEvent, options: EdgeOptions = {}): EdgeResult {
  const { eventType } = event.context;
  if (eventType === 'viewer-response' && (event.response?.statusCode ?? 0) >= 400)
    return { response: event.response!, reads: 0, log: [] };
  const { text, reads, log } = evaluate(code, `__run(${JSON.stringify(JSON.stringify(event))})`, options);
  const answer = JSON.parse(text) as unknown;
  if (typeof answer !== 'object' || answer === null)
    throw new EdgeError(`the function returned ${text}, neither a request nor a response`);
  if (eventType === 'viewer-response' || 'statusCode' in answer) {
    const response = answer as EdgeResponse;
    checkResponse(response, event);
    return { response, reads, log };
  }
  checkRequest(answer as EdgeRequest, event.request);
  return { request: answer as EdgeRequest, reads, log };
}

/**
 * How long the handler takes, in milliseconds: the mean of so many rounds. CloudFront stops a function that takes
 * about one (its compute utilisation is then 100); this engine compiles what runs often, and CloudFront's does not,
 * so leave it several times as long.
 * @throws EdgeError where the function fails
 */
export function edgeMilliseconds(
  code: string,
  event: EdgeEvent,
  options: EdgeOptions = {},
  rounds = 200,
): number {
  const call = `__time(${JSON.stringify(JSON.stringify(event))}, ${rounds})`;
  return Number(evaluate(code, call, options).text);
}

/** Runs the code, then a call, in a runtime of their own. */
function evaluate(
  code: string,
  call: string,
  options: EdgeOptions,
): { readonly text: string; readonly reads: number; readonly log: readonly string[] } {
  const log: string[] = [];
  let reads = 0;
  let text: string | undefined;
  let failure: string | undefined;
  const host = {
    now: options.now ?? Date.now(),
    clock: () => performance.now(),
    store: options.keyValueStore ? { ...options.keyValueStore } : null,
    storeFails: options.storeFails ?? false,
    removed: REMOVED,
    crypto: { createHash, createHmac },
    querystring,
    Buffer,
    read: () => reads++,
    log: (line: string) => log.push(line),
    answer: (json: string | undefined) => (text = json ?? 'null'),
    failed: (message: string) => (failure = message),
  };
  const context = createContext(
    { host },
    { codeGeneration: { strings: false, wasm: false }, microtaskMode: 'afterEvaluate' },
  );
  const timeout = options.timeoutMs ?? 1000;
  try {
    prelude.runInContext(context);
    scriptOf(code).runInContext(context, { timeout });
    new Script(call).runInContext(context, { timeout });
  } catch (error) {
    throw new EdgeError(`the function failed: ${String(error)}`);
  }
  if (failure !== undefined) throw new EdgeError(`the function failed: ${failure}`);
  if (text === undefined) throw new EdgeError('the function waits for what never comes');
  return { text, reads, log };
}

function scriptOf(code: string): Script {
  let script = scripts.get(code);
  if (!script) {
    const plain = code.replace(/^\s*import (\w+) from ['"](\w+)['"];?$/gm, "const $1 = require('$2');");
    scripts.set(code, (script = new Script(`'use strict';${plain}`, { filename: 'function.js' })));
  }
  return script;
}

function checkResponse({ statusCode, headers = {}, body }: EdgeResponse, event: EdgeEvent): void {
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 599)
    throw new EdgeError(`statusCode is ${JSON.stringify(statusCode)}; allowed: a number from 100 to 599`);
  checkHeaders(headers, event.response?.headers ?? {}, event.context.eventType);
  const data = typeof body === 'object' ? body.data : (body ?? '');
  if (typeof data !== 'string') throw new EdgeError('the body is no text');
  const bytes = Buffer.byteLength(data);
  if (bytes > BODY_BYTES) throw new EdgeError(`the body has ${bytes} bytes; allowed: ${BODY_BYTES}`);
}

function checkRequest(request: EdgeRequest, before: EdgeRequest): void {
  if (request.method !== before.method) throw new EdgeError('the method is read-only');
  if (typeof request.uri !== 'string' || !request.uri.startsWith('/'))
    throw new EdgeError(`uri is ${JSON.stringify(request.uri)}; allowed: a path that begins with a slash`);
  const { querystring: query } = request;
  const size = typeof query === 'string' ? query.length : JSON.stringify(query).length;
  if (request.uri.length + size > URL_CHARACTERS)
    throw new EdgeError(`path and query have more than ${URL_CHARACTERS} characters`);
  if (typeof query !== 'string') checkValues('querystring', query);
  checkValues('cookies', request.cookies);
  checkHeaders(request.headers, before.headers, 'viewer-request');
}

function checkHeaders(
  headers: EdgeValues,
  before: EdgeValues,
  eventType: EdgeEvent['context']['eventType'],
): void {
  checkValues('headers', headers);
  for (const name of Object.keys(headers)) {
    if (name !== name.toLowerCase()) throw new EdgeError(`header ${name} is not in lower case`);
    if (DISALLOWED.test(name)) throw new EdgeError(`header ${name} may not be set by a function`);
  }
  for (const name of READ_ONLY[eventType]) {
    if (JSON.stringify(headers[name]) !== JSON.stringify(before[name]))
      throw new EdgeError(`header ${name} is read-only`);
  }
}

function checkValues(where: string, values: EdgeValues): void {
  for (const [name, each] of Object.entries(values)) {
    const all = each?.multiValue ?? [each];
    if (!all.every((one) => typeof one?.value === 'string'))
      throw new EdgeError(`${where}.${name} is ${JSON.stringify(each)}; allowed: { value: 'text' }`);
  }
}
