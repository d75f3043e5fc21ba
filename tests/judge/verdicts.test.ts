import { expect } from 'chai';
import { describeFinding } from '../../planner/judge';
import { PROGRAMS } from './programs';
import { configurationHash, fileOf, keptVerdict } from './verdicts';

describe('kept verdicts of the AWS provider', function () {
  this.timeout(60_000);

  for (const { name, graph } of PROGRAMS) {
    it(`accepts ${name}, as it is today`, async () => {
      const kept = keptVerdict(name);
      if (kept === undefined)
        throw new Error(`${name} was never judged: run make judge, then commit ${fileOf(name)}`);
      expect(configurationHash(await graph()), `${name} is not what was judged: run make judge`).to.equal(
        kept.configuration,
      );
      expect(kept.findings.map(describeFinding)).to.deep.equal([]);
    });

    it(`answers of ${name} what the provider fills in`, async () => {
      const { resources } = await graph();
      const differing = Object.entries(keptVerdict(name)!.defaults).flatMap(([urn, filledIn]) => {
        const resource = resources.find((each) => each.urn === urn)!;
        return Object.entries(filledIn)
          .filter(
            ([property, value]) =>
              typeof value !== 'object' && !LEFT_OUT.test(`${resource.type} ${property}`),
          )
          .filter(([property, value]) => resource.outputs[property] !== value)
          .map(([property]) => `${resource.type} ${property}`);
      });
      expect([...new Set(differing)].sort()).to.deep.equal([]);
    });
  }
});

/** The region is the provider's own; the words are Terraform's, where Pulumi has its own. */
const LEFT_OUT = / (region|description)$/;
