import type { Block, Section } from './sections';

/** Markdown with the diagram at its end, as GitHub shows it. */
export function writeMarkdown(
  title: string,
  summary: string,
  sections: readonly Section[],
  mermaid: string,
): string {
  const parts = [
    `# ${title}`,
    escaped(summary),
    ...sections.flatMap((section) => [`## ${section.title}`, ...section.blocks.map(written)]),
    '## Data flow',
    `\`\`\`mermaid\n${mermaid.trimEnd()}\n\`\`\``,
  ];
  return `${parts.join('\n\n').replaceAll('\u00a0', ' ')}\n`;
}

function written(block: Block): string {
  if (block.kind === 'text') return escaped(block.text);
  if (block.kind === 'list') return block.items.map((item) => `- ${escaped(item)}`).join('\n');
  const { head, rows, right } = block;
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cellOf(cell)).join(' | ')} |`;
  const rule = `|${head.map((_, n) => (right.includes(n) ? '--:' : '---')).join('|')}|`;
  return [row(head), rule, ...rows.map(row)].join('\n');
}

const cellOf = (text: string): string => {
  const indent = /^ */.exec(text)![0].length;
  return '&nbsp;'.repeat(indent) + escaped(text.trimStart()).replaceAll('|', '\\|');
};

/** Nothing of a program's names is markup. */
const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]#]/g, (each) => `\\${each}`);
