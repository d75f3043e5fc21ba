import type { FlowEdge, FlowNode } from './types';

const SHAPES: Readonly<Record<FlowNode['kind'], readonly [string, string]>> = {
  people: ['([', '])'],
  accelerator: ['{{', '}}'],
  balancer: ['[/', '\\]'],
  service: ['[', ']'],
  bucket: ['[(', ')]'],
  distribution: ['{{', '}}'],
};

/** A flowchart: components and, in them, zones as boxes around what is in each. */
export function writeMermaid(flow: {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}): string {
  const lines = ['flowchart LR'];
  const node = ({ id, label, kind }: FlowNode, indent: string) => {
    const [open, close] = SHAPES[kind];
    lines.push(`${indent}${id}${open}${quoted(label)}${close}`);
  };
  const components = [...new Set(flow.nodes.map(({ component }) => component))];
  let boxes = 0;
  for (const component of components) {
    const inside = flow.nodes.filter((each) => each.component === component);
    const isBox = component !== null && component !== '';
    const indent = isBox ? '    ' : '  ';
    if (isBox) lines.push(`  subgraph c${(boxes += 1)}[${quoted(component)}]`);
    for (const zone of [...new Set(inside.map((each) => each.zone))].sort(nullFirst)) {
      if (zone !== null) lines.push(`${indent}subgraph c${(boxes += 1)}[${quoted(zone)}]`);
      for (const each of inside.filter((one) => one.zone === zone))
        node(each, zone === null ? indent : `${indent}  `);
      if (zone !== null) lines.push(`${indent}end`);
    }
    if (isBox) lines.push('  end');
  }
  for (const { from, to, label } of flow.edges) {
    lines.push(`  ${from} -->${label === '' ? '' : `|${quoted(label)}|`} ${to}`);
  }
  return `${lines.join('\n')}\n`;
}

const nullFirst = (a: string | null, b: string | null): number => (a ?? '').localeCompare(b ?? '');

/** Everything that could end a label is written by its number. */
function quoted(text: string): string {
  const safe = text.replaceAll(/[#"`<>&]/g, (each) => `#${each.charCodeAt(0)};`).replaceAll('\n', '<br/>');
  return `"${safe}"`;
}
