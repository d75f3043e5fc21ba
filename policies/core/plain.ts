/** Values that can be written again as they are. */
import { SECRET, UNKNOWN, type Value } from './values';

/** Whether nothing in a value is a secret or known only in the update. */
export function isPlain(value: Value): boolean {
  if (value === UNKNOWN || value === SECRET) return false;
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value as Readonly<Record<string, Value>>).every(isPlain);
}
