/** One tag of a resource. */
import type { Resource } from './resource';
import { tagsOf } from './tags';
import { UNKNOWN, Undecided } from './values';

/**
 * @returns undefined where there is none, or it is secret
 * @throws Undecided where the program decides it later
 */
export function tagOf(resource: Resource, key: string): string | undefined {
  const value = tagsOf(resource)[key];
  if (value === UNKNOWN) throw new Undecided(`tags.${key}`);
  return typeof value === 'string' ? value : undefined;
}
