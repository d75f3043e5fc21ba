/** Inputs that differ between two versions of a resource. */
import type { GraphResource, GraphValue } from '../../planner/graph/types';
import { isFields, markOf, same } from '../../planner/graph/values';

/** One input that differs. */
export interface InputChange {
  /** @example 'tags.Owner', 'rules[0].id' */
  readonly path: string;
  /** Absent: it was not there. */
  readonly before?: GraphValue;
  /** Absent: it is gone. */
  readonly after?: GraphValue;
}

/**
 * What the doubles made up holds digits of the URN, and so differs where a resource was kept under another name,
 * although AWS's own value stays: this says what it was before.
 */
export class Kept {
  readonly #urns = new Map<string, string>();
  #values: [now: string, was: string][] = [];

  add(before: GraphResource, after: GraphResource): void {
    this.#urns.set(after.urn, before.urn);
    const outputs: [GraphValue | undefined, GraphValue | undefined][] = after.computed.map((name) => [
      name === 'id' ? after.id : after.outputs[name],
      name === 'id' ? before.id : before.outputs[name],
    ]);
    for (const [now, was] of outputs) {
      if (typeof now !== 'string' || typeof was !== 'string' || now === was) continue;
      if (now.includes(after.token)) this.#values.push([now, was]);
    }
    // A longer value may hold a shorter one.
    this.#values.sort(([a], [b]) => b.length - a.length);
  }

  /** The old URN of a resource. */
  urn(urn: string): string {
    return this.#urns.get(urn) ?? urn;
  }

  /** A value of the new version, as it was in the old one if it is still the same. */
  was(value: GraphValue): GraphValue {
    if (typeof value === 'string') {
      return this.#values.reduce((text, [now, was]) => text.replaceAll(now, was), value);
    }
    if (Array.isArray(value)) return (value as readonly GraphValue[]).map((each) => this.was(each));
    if (!isFields(value)) return value;
    const mark = markOf(value);
    if (mark !== undefined && mark !== '$asset' && mark !== '$literal') {
      return JSON.parse(JSON.stringify(value), (_, each: unknown) =>
        typeof each === 'string' ? this.#reference(each) : each,
      ) as GraphValue;
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.was(each)]));
  }

  /** `<urn>`, or `<urn>#<output>`. */
  #reference(name: string): string {
    const at = name.lastIndexOf('#');
    return at < 0 ? this.urn(name) : `${this.urn(name.slice(0, at))}${name.slice(at)}`;
  }
}

export interface Comparison {
  readonly changes: readonly InputChange[];
  /** Paths of secrets that come from the same outputs, if any; their text is in no graph. */
  readonly secrets: readonly string[];
}

export function compareInputs(before: GraphResource, after: GraphResource, kept: Kept): Comparison {
  const changes: InputChange[] = [];
  const secrets: string[] = [];
  const ignored = after.options.ignoreChanges ?? [];
  const compare = (path: string, was: GraphValue | undefined, is: GraphValue | undefined): void => {
    if (ignored.some((pattern) => contains(pattern, path))) return;
    if (was === undefined && is === undefined) return;
    if (was !== undefined && is !== undefined) {
      const [old, now] = [markOf(was), markOf(is)];
      if (old === '$secret' && now === '$secret' && same(was, is)) {
        secrets.push(path);
        return;
      }
      if (old === undefined && now === undefined) {
        if (Array.isArray(was) && Array.isArray(is)) {
          for (let n = 0; n < Math.max(was.length, is.length); n++) {
            compare(`${path}[${n}]`, was[n] as GraphValue, is[n] as GraphValue);
          }
          return;
        }
        if (isFields(was) && isFields(is)) {
          for (const key of union(was, is)) {
            compare(`${path}${member(key)}`, was[key], is[key]);
          }
          return;
        }
      }
      if (sameAsset(was, is) || same(was, is)) return;
    }
    changes.push({ path, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) });
  };
  for (const key of union(before.inputs, after.inputs)) {
    const is = after.inputs[key];
    compare(key, before.inputs[key], is === undefined ? undefined : kept.was(is));
  }
  return { changes, secrets };
}

const union = (a: object, b: object): string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();

/** An asset is its content: where it lies does not count. */
function sameAsset(a: GraphValue, b: GraphValue): boolean {
  if (markOf(a) !== '$asset' || markOf(b) !== '$asset') return false;
  const hash = (value: GraphValue): unknown => (value as { $asset: { hash?: string } }).$asset.hash;
  return hash(a) !== undefined && hash(a) === hash(b);
}

const member = (key: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;

const STEP = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|[^.[\]]+/g;

/** `rules[0].id` as `rules`, `0`, `id`. */
const stepsOf = (path: string): string[] =>
  [...path.matchAll(STEP)].map(([whole, quoted, index]) => quoted ?? index ?? whole);

const fits = (pattern: string | undefined, step: string | undefined): boolean =>
  pattern === '*' || pattern === step;

/** Whether a path is the pattern, or lies in it; `*` stands for any one step. */
export function contains(pattern: string, path: string): boolean {
  const [wanted, steps] = [stepsOf(pattern), stepsOf(path)];
  return wanted.length <= steps.length && wanted.every((step, n) => fits(step, steps[n]));
}

/** Whether a change of the path may change what the pattern is about: one lies in the other. */
export function touches(pattern: string, path: string): boolean {
  const [wanted, steps] = [stepsOf(pattern), stepsOf(path)];
  const length = Math.min(wanted.length, steps.length);
  return wanted.slice(0, length).every((step, n) => fits(step, steps[n]));
}
