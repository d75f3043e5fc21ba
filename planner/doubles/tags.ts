import { TAGGABLE_TYPES } from './sdk-types';

const TAGGED = new Set(TAGGABLE_TYPES);

/** Whether a type takes tags, so that the provider's default tags reach it although it is given none. */
export function hasTags(type: string): boolean {
  return TAGGED.has(type);
}
