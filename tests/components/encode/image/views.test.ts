import { expect } from 'chai';
import { viewOf, type Graph, type GraphValue } from '../../../../testing';
import { recordImage, type Recorded } from './image-recording';

/** Inputs of a graph's resources that are unknown, and by whose outputs. */
function open(graph: Graph): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const visit = (value: GraphValue, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('$unknown' in value) {
      found[path] = (value['$unknown'] as string[]).map((of) => of.slice(of.lastIndexOf('::') + 2)).sort();
    } else for (const [key, item] of Object.entries(value)) visit(item, `${path}.${key}`);
  };
  for (const { name, inputs, custom } of graph.resources) if (custom) visit(inputs, name);
  return found;
}

describe('EncoderImage in both views of what AWS decides', () => {
  let image: Recorded;
  before(async () => {
    image = await recordImage({}, {}, (it) => {
      it.grantPull('live', 'execution');
      return { imageUri: it.imageUri, imageTag: it.imageTag };
    });
  });

  it('known: every input is a plain value', () => {
    expect(open(viewOf(image.graph, 'known'))).to.deep.equal({});
  });

  it('unknown: leaves open what AWS decides, and neither the tag nor a name', () => {
    const graph = viewOf(image.graph, 'unknown');
    const found = open(graph);
    expect(found).to.include.keys(
      'encoder-build-role-policy.policy',
      'encoder-starter-role-policy.policy',
      'encoder-live-pull.policy',
      'encoder-build-project.serviceRole',
      'encoder-build-starter.role',
      'encoder-context-policy.policy',
    );
    expect(Object.keys(found).filter((path) => /\.(?:name|bucket|key)$/.test(path))).to.deep.equal(
      Object.keys(found).filter((path) => path.endsWith('.bucket')),
    );
    expect(graph.outputs['imageTag']).to.equal(image.graph.outputs['imageTag']);
    expect(graph.outputs['imageUri']).to.have.property('$unknown');
  });
});
