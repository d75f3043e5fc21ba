import { judgedReplacements } from '../../planner/export/terraform';
import { isFields, reveal, same } from '../../planner/graph/values';
import { contains } from '../upgrade/changes';
import type { Properties } from './properties';

/**
 * The inputs whose change replaces the resource, as the real AWS provider judged each alone (docs/judge.md). What is not
 * judged changes in place, but for a name.
 */
export function replacing(
  type: string,
  inputs: readonly string[],
  before: Properties,
  after: Properties,
): string[] {
  const table = judgedReplacements();
  const patterns = Object.hasOwn(table, type) ? table[type]!.replaces : ['name', 'namePrefix'];
  return inputs.filter((input) =>
    differing(reveal(before[input]), reveal(after[input]), input).some((path) =>
      patterns.some((pattern) => contains(pattern, path)),
    ),
  );
}

/** The innermost paths at which two values differ. */
function differing(before: unknown, after: unknown, path: string): string[] {
  if (same(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, n) => differing(item, (after as unknown[])[n], `${path}[${n}]`));
  }
  if (isFields(before) && isFields(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      differing(before[key], after[key], `${path}.${key}`),
    );
  }
  return [path];
}
