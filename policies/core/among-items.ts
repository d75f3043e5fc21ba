/** Judging of the items of a list, of which some may be known later than others. */
import { among } from './among';
import { peek } from './read';
import type { Resource } from './resource';
import { UNKNOWN, Undecided, itemsOf, type Value, type Values } from './values';

/**
 * What is found among the items of a list; none where there is no list, and one where there is one value alone.
 * @throws Undecided where nothing is found, and the list or an item is not known
 */
export function amongItems(
  from: Resource | Values,
  path: string,
  judge: (item: Exclude<Value, typeof UNKNOWN>) => readonly string[],
): readonly string[] {
  return among(itemsOf(peek(from, path)), (item) => {
    if (item === UNKNOWN) throw new Undecided(path);
    return judge(item);
  });
}
