import { expect } from 'chai';
import fc from 'fast-check';
import { writeMermaid } from '../../../planner/plan/mermaid';
import type { FlowNode } from '../../../planner/plan';

const KINDS = ['people', 'accelerator', 'balancer', 'service', 'bucket', 'distribution'] as const;

/** What of Mermaid's grammar is written: boxes, nodes with quoted labels, edges with them. A text in quotes has no quote. */
const NODE = /^ +(n\d+)(\(\[|\{\{|\[\/|\[\(|\[)"([^"`<>\n]|<br\/>)*"(\]\)|\}\}|\\\]|\)\]|\])$/;
const BOX = /^ +subgraph (c\d+)\["([^"`<>\n]|<br\/>)*"\]$/;
const EDGE = /^ {2}(n\d+) -->(?:\|"([^"`<>\n]|<br\/>)*"\|)? (n\d+)$/;

/** @throws where a line is none of these, a box is not closed, an id comes twice, or an edge has an end that is no node */
function read(text: string): { nodes: string[]; boxes: number; edges: [string, string][] } {
  const [first, ...lines] = text.trimEnd().split('\n');
  expect(first).to.equal('flowchart LR');
  const ids: string[] = [];
  const edges: [string, string][] = [];
  let open = 0;
  let boxes = 0;
  for (const line of lines) {
    const [node, box, edge] = [NODE.exec(line), BOX.exec(line), EDGE.exec(line)];
    if (node) ids.push(node[1]!);
    else if (edge) edges.push([edge[1]!, edge.at(-1)!]);
    else if (box) {
      ids.push(box[1]!);
      open += 1;
      boxes += 1;
    } else if (/^ +end$/.test(line) && open > 0) open -= 1;
    else throw new Error(`no line of a flowchart: ${line}`);
  }
  expect(open).to.equal(0);
  expect(new Set(ids).size).to.equal(ids.length);
  const nodes = ids.filter((id) => id.startsWith('n'));
  for (const end of edges.flat()) expect(nodes).to.include(end);
  return { nodes, boxes, edges };
}

describe('the diagram of a plan', () => {
  it('is a flowchart whatever the names are', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('end', '"];', '--> x', '#quot;', '`a`', '<b>', 'a|b', ''),
    );
    const node = fc.record({
      ...{ label: word, kind: fc.constantFrom(...KINDS) },
      component: fc.option(word),
      zone: fc.option(word),
    });
    fc.assert(
      fc.property(fc.array(node, { maxLength: 6 }), fc.array(word, { maxLength: 4 }), (given, labels) => {
        const nodes = given.map((each, n): FlowNode => ({ ...each, id: `n${n + 1}`, resources: [] }));
        const edges =
          nodes.length === 0 ? [] : labels.map((label) => ({ from: 'n1', to: `n${nodes.length}`, label }));
        const found = read(writeMermaid({ nodes, edges }));
        expect(found.nodes.sort()).to.deep.equal(nodes.map(({ id }) => id).sort());
        expect(found.edges).to.have.length(edges.length);
      }),
      { numRuns: 300 },
    );
  });

  it('has a box for each component, and in it one for each zone', () => {
    const node = (id: string, component: string | null, zone: string | null): FlowNode => ({
      ...{ id, label: `${id}\nS3`, kind: 'bucket', component, zone, resources: [] },
    });
    const text = writeMermaid({
      nodes: [node('n1', 'media', 'use1-az4'), node('n2', 'media', null), node('n3', null, null)],
      edges: [{ from: 'n1', to: 'n3', label: 'UDP 9000' }],
    });
    expect(text).to.equal(`flowchart LR
  subgraph c1["media"]
    n2[("n2<br/>S3")]
    subgraph c2["use1-az4"]
      n1[("n1<br/>S3")]
    end
  end
  n3[("n3<br/>S3")]
  n1 -->|"UDP 9000"| n3
`);
  });
});
