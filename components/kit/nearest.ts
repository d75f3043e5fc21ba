/** What was probably meant. */

/**
 * The known name that a mistyped one is nearest to: the same in another case, one that continues it or that it
 * continues, or one that is off by at most a third of its letters.
 * @returns undefined where none is near
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const given = name.toLowerCase();
  const off = (other: string): number => {
    const text = other.toLowerCase();
    const isContinued = given.length >= 3 && (text.startsWith(given) || given.startsWith(text));
    if (isContinued) return 0;
    const distance = edits(given, text);
    return distance <= Math.max(1, Math.floor(given.length / 3)) ? distance : Infinity;
  };
  const [best] = known
    .map((other) => ({ other, by: off(other) }))
    .filter(({ by }) => by < Infinity)
    .sort((a, b) => a.by - b.by);
  return best?.other;
}

/** Letters to insert, delete, replace or swap with their neighbour. */
function edits(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, above] = [above, row];
  }
  return above[b.length]!;
}
