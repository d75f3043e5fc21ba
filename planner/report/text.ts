import type { Block, Section } from './sections';

/** A column is not made narrower than this. */
const NARROWEST = 14;
/** Texts are not set wider than this, however wide the terminal. */
const WIDEST = 120;

/** Plain text within so many columns. */
export function writeText(summary: string, sections: readonly Section[], columns: number): string {
  const width = Math.max(40, Math.min(columns, WIDEST));
  const lines = sections.flatMap(({ title, blocks }) => [
    '',
    title,
    ...blocks.flatMap((block) => written(block, width)),
  ]);
  return `${[...wrap(summary, width), ...lines].join('\n').replaceAll('\u00a0', ' ')}\n`;
}

function written(block: Block, width: number): string[] {
  if (block.kind === 'text') return wrap(block.text, width - 2).map((line) => `  ${line}`);
  if (block.kind === 'list')
    return block.items.flatMap((item) =>
      wrap(item, width - 4).map((line, n) => `${n === 0 ? '  - ' : '    '}${line}`),
    );
  return rowsOf(block, width - 2).map((line) => `  ${line}`.trimEnd());
}

/**
 * The last column is wrapped in the room that the others leave; where they leave too little, each row is a group of lines
 * with the head before each value.
 */
function rowsOf({ head, rows, right }: Extract<Block, { kind: 'table' }>, width: number): string[] {
  const last = head.length - 1;
  const natural = head.map((title, n) => Math.max(title.length, ...rows.map((cells) => cells[n]!.length)));
  const widths = squeezed(natural, width - 2 * last, right);
  if (widths === undefined) {
    return rows.flatMap((cells, row) => [
      ...(row > 0 ? [''] : []),
      ...cells.flatMap((cell, n) => (cell === '' ? [] : wrap(head[n] ? `${head[n]}: ${cell}` : cell, width))),
    ]);
  }
  return [head, ...rows].flatMap((cells) => {
    const wrapped = cells.map((cell, n) => wrap(cell, widths[n]!));
    const height = Math.max(...wrapped.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) =>
      wrapped
        .map((lines, n) => {
          const text = lines[line] ?? '';
          return right.includes(n) ? text.padStart(widths[n]!) : text.padEnd(widths[n]!);
        })
        .join('  ')
        .trimEnd(),
    );
  });
}

/** Takes from the widest column of words until all fit; undefined where that would leave too little. */
function squeezed(natural: readonly number[], room: number, right: readonly number[]): number[] | undefined {
  const widths = [...natural];
  const words = widths.map((_, n) => n).filter((n) => !right.includes(n));
  while (widths.reduce((sum, each) => sum + each, 0) > room) {
    const widest = words.sort((a, b) => widths[b]! - widths[a]!)[0];
    if (widest === undefined || widths[widest]! <= NARROWEST) return undefined;
    widths[widest]! -= 1;
  }
  return widths;
}

/** Lines of at most so many characters; a word that is longer is broken, but for one that stands alone. */
export function wrap(text: string, width: number): string[] {
  const indent = /^ */.exec(text)![0];
  const lines: string[] = [];
  let line = indent;
  for (const word of text.trimStart().split(' ')) {
    let rest = word;
    while (rest !== '') {
      const isEmpty = line.trim() === '';
      const room = width - line.length - (isEmpty ? 0 : 1);
      if (rest.length <= room) {
        line += isEmpty ? rest : ` ${rest}`;
        rest = '';
      } else if (!isEmpty) {
        lines.push(line);
        line = indent;
      } else {
        lines.push(line + rest.slice(0, Math.max(1, room)));
        rest = rest.slice(Math.max(1, room));
        line = indent;
      }
    }
  }
  return [...lines, line];
}
