/** What differs between two goldens, by resource and input. */
import { isFields, same } from '../planner/graph/values';
import type { Golden, GoldenResource } from './golden';

/** A resource, a provider or an output of the stack that is not as the golden has it. */
export interface GoldenDifference {
  readonly kind: 'added' | 'removed' | 'changed';
  /** `<type> <path>` of a resource, or `provider <name>`, or `stack output <name>`. */
  readonly of: string;
  /** Paths that changed, with what they were and are; empty unless `changed`. */
  readonly changes: readonly GoldenChange[];
  /** For a person: one line, and one more for each change. */
  readonly text: string;
}

/** One place where a golden and the graph differ. */
export interface GoldenChange {
  /** As in `inputs.rules[0].expiration.days`. */
  readonly path: string;
  /** Absent where there was nothing. */
  readonly before?: unknown;
  /** Absent where there is nothing now. */
  readonly after?: unknown;
}

export function differencesOf(before: Golden, after: Golden): GoldenDifference[] {
  return [
    ...compared(before.resources, after.resources, ''),
    ...compared(before.providers, after.providers, 'provider '),
    ...compared(before.outputs, after.outputs, 'stack output '),
  ];
}

function compared(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  kind: string,
): GoldenDifference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const gone = names.filter((name) => !Object.hasOwn(after, name));
  const come = names.filter((name) => !Object.hasOwn(before, name));
  return names.flatMap((name): GoldenDifference[] => {
    const of = `${kind}${name}`;
    if (come.includes(name)) {
      const old = gone.find((each) => isRenamed(each, name, before[each], after[name]));
      const note = old === undefined ? '' : ` (as ${old} was: renamed? Then it needs an alias)`;
      return [{ kind: 'added', of, changes: [], text: `+ ${of}${note}` }];
    }
    if (gone.includes(name)) return [{ kind: 'removed', of, changes: [], text: `- ${of}` }];
    const changes = [...changesOf(before[name], after[name], '')];
    if (changes.length === 0) return [];
    const text = [`~ ${of}`, ...changes.map((change) => `    ${written(change)}`)].join('\n  ');
    return [{ kind: 'changed', of, changes, text }];
  });
}

/** One resource that went and one that came, of one type and with the same inputs. */
function isRenamed(oldName: string, newName: string, before: unknown, after: unknown): boolean {
  const type = (name: string) => name.slice(0, name.indexOf(' '));
  if (type(oldName) !== type(newName) || !type(oldName).includes(':')) return false;
  return same((before as GoldenResource).inputs, (after as GoldenResource).inputs);
}

/** The deepest places where two values differ. */
function* changesOf(before: unknown, after: unknown, path: string): Generator<GoldenChange> {
  if (same(before, after)) return;
  if (isFields(before) && isFields(after)) {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
      const at = key === '$json' ? path : joined(path, key);
      yield* changesOf(before[key], after[key], at);
    }
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (let n = 0; n < Math.max(before.length, after.length); n++) {
      yield* changesOf(before[n], after[n], `${path}[${n}]`);
    }
  } else {
    yield { path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
  }
}

function joined(path: string, key: string): string {
  const part = /^[\w$-]+$/.test(key) ? key : JSON.stringify(key);
  return path === '' ? part : part.startsWith('"') ? `${path}[${part}]` : `${path}.${part}`;
}

const LONGEST_VALUE = 160;

function written({ path, before, after }: GoldenChange): string {
  const where = path === '' ? 'value' : path.replace(/^inputs\./, '');
  return `${where}: ${shown(before)} -> ${shown(after)}`;
}

function shown(value: unknown): string {
  if (value === undefined) return '(none)';
  const text = JSON.stringify(value);
  return text.length <= LONGEST_VALUE
    ? text
    : `${text.slice(0, LONGEST_VALUE)}... (${text.length} characters)`;
}
