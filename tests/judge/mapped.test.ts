import { expect } from 'chai';
import { exportTerraform, Mapping, type MappedShape } from '../../planner/export/terraform';
import { isFields, markOf } from '../../planner/graph/values';
import { PROGRAMS } from './programs';
import type { GraphValue } from '../../planner';

const mapping = Mapping.load();

/** Every input below a shape that a value uses and the shape does not have. */
function* missing(value: GraphValue, shape: MappedShape, at: string): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value as readonly GraphValue[]) yield* missing(item, shape, at);
    return;
  }
  if (!isFields(value) || markOf(value) !== undefined) return;
  for (const [name, inner] of Object.entries(value)) {
    const input = shape.inputs.get(name);
    if (input === undefined) yield `${at}.${name}`;
    else if (input.object !== undefined) yield* missing(inner, mapping.object(input.object), `${at}.${name}`);
  }
}

/** Arguments that the provider of the judge does not have yet: `make judge` lists them as not judged. */
const NEWER = ['aws:cloudfront/function:Function.tags'];

describe('Terraform’s names', function () {
  this.timeout(60_000);

  for (const { name, graph } of PROGRAMS) {
    it(`are known of every type and argument that ${name} uses, at any depth`, async () => {
      const recorded = await graph();
      const lacking: string[] = [];
      for (const { type, inputs, custom } of recorded.resources) {
        if (!custom || !type.startsWith('aws:')) continue;
        const shape = mapping.resource(type);
        if (shape === undefined) lacking.push(type);
        else lacking.push(...missing(inputs, shape, type));
      }
      expect(lacking.filter((each) => !NEWER.includes(each))).to.deep.equal([]);
      const { gaps, resources } = exportTerraform(recorded);
      const exact = gaps.filter(({ reason }) => ['type', 'input', 'output'].includes(reason));
      const old = exact.filter(
        ({ urn, property }) => !NEWER.includes(`${/\$?([^$]+)::[^:]+$/.exec(urn)?.[1]}.${property}`),
      );
      expect(old.map(({ urn, message }) => `${urn}: ${message}`)).to.deep.equal([]);
      expect(resources.size).to.be.greaterThan(0);
    });
  }
});
