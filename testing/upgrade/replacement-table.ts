/** What a change of an input does, as somebody has judged it. */
import type { GraphResource } from '../../planner/graph/types';
import { contains, touches, type InputChange } from './changes';

/**
 * By type: paths of inputs whose change replaces the resource, and of those that change in place. A path is as in
 * `rules[*].id`, `*` being any one step; what lies below it is meant too.
 */
export interface ReplacementTable {
  readonly [type: string]: { readonly replaces: readonly string[]; readonly updates: readonly string[] };
}

/** Tags change in place on every resource of AWS. */
const ALWAYS_UPDATES = ['tags', 'tagsAll'];

export interface Judgement {
  readonly replaces: readonly InputChange[];
  readonly updates: readonly InputChange[];
  /** The table has neither. */
  readonly unjudged: readonly InputChange[];
}

export function judgeChanges(
  { type, custom, options }: GraphResource,
  changes: readonly InputChange[],
  table: ReplacementTable,
): Judgement {
  const replaces: InputChange[] = [];
  const updates: InputChange[] = [];
  const unjudged: InputChange[] = [];
  const row = Object.hasOwn(table, type) ? table[type] : undefined;
  for (const change of changes) {
    const { path } = change;
    const isReplacing =
      (options.replaceOnChanges ?? []).some((pattern) => contains(pattern, path)) ||
      (row?.replaces ?? []).some((pattern) => touches(pattern, path));
    const inPlace = [...ALWAYS_UPDATES, ...(row?.updates ?? [])].some((pattern) => contains(pattern, path));
    // A component is nothing in AWS, so there is nothing to replace.
    if (!custom) updates.push(change);
    else if (isReplacing) replaces.push(change);
    else if (inPlace) updates.push(change);
    else unjudged.push(change);
  }
  return { replaces, updates, unjudged };
}
