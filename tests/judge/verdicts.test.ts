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
      const recorded = await graph();
      expect(configurationHash(recorded), `${name} is not what was judged: run make judge`).to.equal(
        kept.configuration,
      );
      expect(kept.findings.map(describeFinding)).to.deep.equal([]);
    });
  }
});
