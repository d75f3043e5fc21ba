/** Where widgets stand: rows from top to bottom, each as wide as the dashboard. Pure. */
import type { PlacedWidget, Widget } from './widgets';

/** Columns of a dashboard. */
const COLUMNS = 24;

/** The most widgets side by side that can still be read. */
const MOST_BESIDE = 4;

/** @param rows widgets that belong together, in order; a row of more than four goes on below */
export function layout(rows: readonly (readonly Widget[])[]): readonly PlacedWidget[] {
  const placed: PlacedWidget[] = [];
  let y = 0;
  for (const line of rows.flatMap(lines)) {
    const width = COLUMNS / line.length;
    line.forEach((widget, n) => placed.push({ ...widget, x: n * width, y, width }));
    y += Math.max(...line.map(({ height }) => height));
  }
  return placed;
}

/** Of as equal a length as can be. */
function lines(row: readonly Widget[]): readonly (readonly Widget[])[] {
  const count = Math.ceil(row.length / MOST_BESIDE);
  const each = Math.ceil(row.length / count);
  return Array.from({ length: count }, (_, n) => row.slice(n * each, (n + 1) * each));
}
