/** What a resource is tagged with: what it says itself, over what its provider says for everything. */
import { peek } from './read';
import type { Resource } from './resource';
import { UNKNOWN, Undecided, isValues, type Values } from './values';

/**
 * Where its provider's tags are known only in the update (`defaultTags` is undefined) they are left out: a rule that misses one
 * must ask.
 * @throws Undecided where its own tags are known only in the update
 */
export function tagsOf(resource: Resource): Values {
  const own = peek(resource, 'tags');
  if (own === UNKNOWN) throw new Undecided('tags');
  const all = peek(resource, 'tagsAll');
  return { ...resource.defaultTags, ...(isValues(all) ? all : {}), ...(isValues(own) ? own : {}) };
}
