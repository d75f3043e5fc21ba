/** Keys of KMS that are the customer's own, as opposed to those that AWS manages. */
import { peek } from './read';
import type { Resource } from './resource';
import { SECRET, UNKNOWN, type Values } from './values';

/** Whether a key of the customer is named at a path. A name that is known only in the update is one. */
export function hasOwnKey(from: Resource | Values, path: string): boolean {
  const key = peek(from, path);
  if (key === UNKNOWN || key === SECRET) return true;
  return typeof key === 'string' && key !== '' && !/(^|:)alias\/aws\//.test(key);
}
