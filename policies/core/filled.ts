import { peek } from './read';
import type { Resource } from './resource';
import type { Values } from './values';

/** Whether there is a value that is not the empty text, which providers answer where nothing was given. */
export const filled = (from: Resource | Values, path: string): boolean =>
  !['', undefined].includes(peek(from, path) as string | undefined);
