import * as fc from 'fast-check';
import { expect } from 'chai';
import { checkGraph, type PolicyReport } from '../../planner/check';
import { recordStack } from '../stacks/stack-recording';
import type { Graph, GraphResource } from '../../planner';

/** Findings and undecided, as texts; what is not applicable may become applicable by what is added. */
const said = ({ findings, undecided }: PolicyReport): string[] => [
  ...findings.map(({ rule, level, urn, found }) => `${rule} ${level} ${urn} ${found}`),
  ...undecided.map(({ rule, urn, path }) => `${rule} undecided ${urn} ${path}`),
];

describe('the verdict on a resource', function () {
  this.timeout(60_000);
  let dev: Graph;
  let prod: Graph;

  before(async () => {
    dev = (await recordStack('dev')).graph;
    prod = (await recordStack('prod')).graph;
  });

  it('does not change by resources that have nothing to do with it', () => {
    const strangers = dev.resources
      .filter(({ custom }) => custom)
      // Of another program: it repeats no name, id or reference of the first.
      .map(
        (resource) =>
          JSON.parse(
            JSON.stringify({ ...resource, parent: null })
              .replaceAll('urn:pulumi:', 'urn:pulumi:other-')
              .replaceAll(resource.token, `${resource.token}0`)
              .replaceAll('media', 'stranger'),
          ) as GraphResource,
      );
    const before = new Set(said(checkGraph(prod)));
    fc.assert(
      fc.property(fc.subarray(strangers, { minLength: 1, maxLength: 12 }), (added) => {
        const report = checkGraph({ ...prod, resources: [...prod.resources, ...added] });
        const own = said(report).filter((each) => !each.includes('urn:pulumi:other-'));
        expect(own.filter((each) => !before.has(each))).to.deep.equal([]);
        expect(new Set(own).size).to.equal(before.size);
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  it('does not depend on the order of resources', () => {
    const before = checkGraph(prod);
    const after = checkGraph({ ...prod, resources: prod.resources.toReversed() });
    expect(after.findings).to.deep.equal(before.findings);
  });
});
