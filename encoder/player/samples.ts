/** Bounded histories and the statistics that are read from them. Pure. */

/** Anything with a time. Oldest first. */
interface Timed {
  readonly at: number;
}

/** How many entries may outlive their time before they are dropped together: one move of the array. */
const SLACK = 64;

/** Appends to a history that keeps `keepMs` of time and at most `most` entries. */
export function remember<T extends Timed>(history: T[], entry: T, keepMs: number, most = Infinity): void {
  history.push(entry);
  let old = Math.max(0, history.length - most);
  const oldest = entry.at - keepMs;
  while (old < history.length && history[old]!.at < oldest) old++;
  if (old >= SLACK || history.length > most + SLACK) history.splice(0, old);
}

/** The entries from `from` on, found from the end: what is asked for is recent. */
export function since<T extends Timed>(history: readonly T[], from: number): T[] {
  let start = history.length;
  while (start > 0 && history[start - 1]!.at >= from) start--;
  return history.slice(start);
}

/**
 * The value that `share` of the values do not exceed (nearest rank).
 * @returns null where there are no values
 */
export function percentile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil(share * sorted.length)));
  return sorted[rank - 1]!;
}
