/** What a user's stack would notice of another version of this package: differences of two recorded graphs, by kind. */
import { isDeepStrictEqual } from 'node:util';
import type { Graph, GraphResource, GraphValue } from '../../planner';

/** docs/upgrade/README.md says what each means for a user. */
export const BREAK_KINDS = [
  'renamed',
  'renamed with an alias',
  'type changed',
  'removed',
  'added',
  'input changed',
  'option changed',
  'output changed',
] as const;
export type BreakKind = (typeof BREAK_KINDS)[number];

export interface Break {
  readonly kind: BreakKind;
  /** The resource's name, or the stack's output. */
  readonly name: string;
  readonly text: string;
}

/** Every difference that is one of behaviour. Outputs of AWS's resources are the doubles' own, so they don't count. */
export function breaksBetween(before: Graph, after: Graph): Break[] {
  const old = byUrn(before);
  const now = byUrn(after);
  const added = new Map([...now].filter(([urn]) => !old.has(urn)));
  const found: Break[] = [];
  for (const [urn, resource] of old) {
    const same = now.get(urn);
    if (same === undefined) found.push(successor(resource, added));
    else found.push(...changes(resource, same));
  }
  for (const { name, type } of added.values()) {
    found.push({ kind: 'added', name, text: `${type} ${name} is new: it is created, and paid for` });
  }
  const outputs = valueChanges(before.outputs, after.outputs, '');
  found.push(
    ...outputs.map(
      ([path, text]) => ({ kind: 'output changed', name: path, text: `of the stack: ${text}` }) as const,
    ),
  );
  return found;
}

const byUrn = ({ resources }: Graph) => new Map(resources.map((resource) => [resource.urn, resource]));

/** What became of a resource whose URN is gone; its successor, if there is one, is no longer counted as added. */
function successor(gone: GraphResource, added: Map<string, GraphResource>): Break {
  const { name, type } = gone;
  const beside = [...added.values()].filter(({ parent }) => nameOf(parent) === nameOf(gone.parent));
  const next =
    beside.find((each) => each.name === name && each.type !== type) ??
    beside.find((each) => each.type === type && isLike(each, gone));
  if (next === undefined) {
    return { kind: 'removed', name, text: `${type} ${name} is gone: it is deleted, with what is in it` };
  }
  added.delete(next.urn);
  const aliased = (next.options.aliases ?? []).some((alias) => isAliasOf(alias, gone, next));
  const result = aliased
    ? 'an alias keeps it'
    : 'it is deleted and created anew, unless an alias names the old one';
  if (next.type !== type) {
    return { kind: 'type changed', name, text: `${name} was ${type} and is ${next.type}: ${result}` };
  }
  const kind = aliased ? 'renamed with an alias' : 'renamed';
  if (next.name !== name) return { kind, name, text: `${type} ${name} is now ${next.name}: ${result}` };
  return { kind, name, text: `${gone.urn} is now ${next.urn}: ${result}` };
}

/** Whether an alias is the old resource itself. What a parent's alias brings with it is not looked at. */
function isAliasOf(alias: GraphValue, gone: GraphResource, next: GraphResource): boolean {
  if (typeof alias === 'string') return alias === gone.urn;
  const { name = next.name, type = next.type } = alias as Fields;
  return name === gone.name && type === gone.type;
}

/** Parents are compared by name: below a parent that was renamed, everything else is where it was. */
const nameOf = (urn: string | null): string | undefined => urn?.split('::').at(-1);

/** A resource that moved has the same inputs, but for what is made of its own name. */
function isLike(a: GraphResource, b: GraphResource): boolean {
  const [keys, others] = [Object.keys(a.inputs), Object.keys(b.inputs)];
  return isDeepStrictEqual(keys.toSorted(), others.toSorted());
}

function changes(before: GraphResource, after: GraphResource): Break[] {
  const of = (kind: BreakKind, found: readonly [string, string][]): Break[] =>
    found.map(([, text]) => ({ kind, name: after.name, text: `${after.type} ${after.name}: ${text}` }));
  return [
    ...of('input changed', valueChanges(before.inputs, after.inputs, '')),
    ...of('option changed', valueChanges(options(before), options(after), '')),
    // A component's outputs are what programs build on.
    ...(after.custom ? [] : of('output changed', valueChanges(before.outputs, after.outputs, ''))),
  ];
}

const options = (resource: GraphResource) => ({ ...resource.options }) as unknown as GraphValue;

/** Each place where two values differ: its path, and a text. JSON in texts is looked into. */
function valueChanges(
  before: GraphValue | undefined,
  after: GraphValue | undefined,
  path: string,
): [string, string][] {
  if (isDeepStrictEqual(before, after)) return [];
  const [a, b] = [opened(before), opened(after)];
  if (isObject(a) && isObject(b) && Array.isArray(a) === Array.isArray(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].toSorted().flatMap((key) => {
      const at = Array.isArray(a) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
      return valueChanges((a as Fields)[key], (b as Fields)[key], at);
    });
  }
  return [[path, `${path} was ${shown(before)} and is ${shown(after)}`]];
}

type Fields = { readonly [key: string]: GraphValue | undefined };

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function opened(value: GraphValue | undefined): GraphValue | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as GraphValue;
  } catch {
    return value;
  }
}

const shown = (value: GraphValue | undefined): string =>
  value === undefined ? 'absent' : JSON.stringify(value);
