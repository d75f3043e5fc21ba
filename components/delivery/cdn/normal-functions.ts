/** Functions at the edge: which runs where. */
import type * as pulumi from '@pulumi/pulumi';
import { isObject, oneOf, optional, type InputProblems } from '../../kit';
import { CdnFunctionTarget, type CdnFunctionArgs } from './args';
import { ANSWERED, judgeOf, ID_FORM, isId, keyValueStoreArn, texts } from './rules';

/** CloudFront Developer Guide, "Quotas on CloudFront Functions". */
const MAX_BYTES = 10_240;

/** A function, checked. */
export interface NormalFunction {
  readonly event: 'viewer-request' | 'viewer-response';
  readonly code: string;
  readonly on: readonly CdnFunctionTarget[];
  readonly keyValueStoreArn: pulumi.Input<string> | undefined;
  readonly viewerHeaders: readonly string[];
}

const TARGETS = Object.values(CdnFunctionTarget);
const EXAMPLE = `{ directives: { function: edgeCode('viewer-request', { directives: {} }), on: ['playlists'] } }`;

/** @param paths which of the optional ones there are */
export function normalFunctions(
  problems: InputProblems,
  given: Record<string, CdnFunctionArgs> | undefined,
  paths: { readonly videos: boolean; readonly api: boolean },
): Map<string, NormalFunction> {
  const functions = new Map<string, NormalFunction>();
  if (given === undefined || !isObject(problems, 'functions', given, EXAMPLE)) return functions;
  const taken = new Map<string, string>();
  for (const id of Object.keys(given).sort()) {
    const path = `functions[${JSON.stringify(id)}]`;
    if (!isId(id)) problems.add(path, id, { because: 'the id', allowed: ID_FORM, fix: 'rename it' });
    const args = given[id]!;
    if (!isObject(problems, path, args, `{ function, on: ['playlists'] }`)) continue;
    problems.checkNames(path, args, ['function', 'on', 'keyValueStoreArn']);
    const code = args.function;
    if (!isObject(problems, `${path}.function`, code, `edgeCode('viewer-request', { directives: {} })`))
      continue;
    const { eventType } = code;
    problems.judge(`${path}.function.eventType`, eventType, oneOf(['viewer-request', 'viewer-response']));
    checkCode(problems, `${path}.function.code`, code.code);
    const on = texts(problems, `${path}.on`, args.on, oneOf(TARGETS), []) as readonly CdnFunctionTarget[];
    if (args.on === undefined) problems.judge(`${path}.on`, args.on, oneOf(TARGETS));
    for (const target of on) {
      if ((target === 'videos' && !paths.videos) || (target === 'api' && !paths.api)) {
        const fix = `give ${target}, or leave it out`;
        problems.add(`${path}.on`, target, {
          because: 'there is no such path',
          allowed: TARGETS.join(', '),
          fix,
        });
      }
      const place = `${eventType} of ${target}`;
      const other = taken.get(place);
      if (other !== undefined) {
        problems.add(`${path}.on`, target, {
          because: `${other} is the ${place} already`,
          allowed: 'one function an event and target',
          fix: 'make one function of both',
        });
      }
      taken.set(place, path);
    }
    if (code.needsKeyValueStore === true && args.keyValueStoreArn === undefined) {
      problems.add(`${path}.keyValueStoreArn`, undefined, {
        because: 'the function reads one',
        allowed: 'the ARN of a key value store',
        fix: 'make a cloudfront.KeyValueStore and give its arn',
      });
    }
    functions.set(id, {
      ...{ event: eventType, code: code.code, on, viewerHeaders: code.viewerHeaders ?? [] },
      keyValueStoreArn: optional(
        problems,
        `${path}.keyValueStoreArn`,
        args.keyValueStoreArn,
        judgeOf(args.keyValueStoreArn, keyValueStoreArn, ANSWERED.keyValueStore),
      ),
    });
  }
  return functions;
}

function checkCode(problems: InputProblems, path: string, code: unknown): void {
  const allowed = `JavaScript of at most ${MAX_BYTES} bytes`;
  if (typeof code !== 'string' || code.length === 0) {
    problems.add(path, code, { allowed, fix: 'give the text of the function' });
    return;
  }
  const bytes = Buffer.byteLength(code);
  if (bytes > MAX_BYTES) problems.add(path, `${bytes} bytes`, { allowed, fix: 'shorten it' });
}
