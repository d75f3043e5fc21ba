import { WIRE, isFields, isSecret, reveal, secret, strings, type Fields } from '../graph/values';
import { hasTags } from '../doubles/tags';

/**
 * All tags that a resource gets: the provider's default ones, and over them its own. As the provider does, which has
 * them among the inputs from Check on (pulumi-aws, provider/tags.go): so new default tags change every resource.
 * Undefined for a resource that has none.
 */
export function tagsAll(type: string, inputs: Fields, defaults: Fields): unknown {
  if (!type.startsWith('aws:')) return undefined;
  const tags = inputs['tags'];
  const own = reveal(tags);
  if (!isFields(own) && !(hasTags(type) && Object.keys(defaults).length > 0)) return undefined;
  if (tags === WIRE.unknown) return WIRE.unknown;
  const all = { ...defaults, ...(isSecret(tags) ? (own as Fields) : (tags as Fields | undefined)) };
  if ([...strings(all)].some(({ text }) => text === WIRE.unknown)) return WIRE.unknown;
  return isSecret(tags) ? secret(reveal(all)) : all;
}
