import { expect } from 'chai';
import { changesBetween, type Change } from '../../planner/judge';
import { recordRows, ROWS } from './changes';
import { requireJudge } from './require-judge';

describe('what an update would do, by the AWS provider', function () {
  this.timeout(60_000);
  let changes: Change[];

  before(async function () {
    const tools = await requireJudge(this);
    changes = await changesBetween(await recordRows('before'), await recordRows('after'), tools);
  });

  ROWS.forEach(({ what, replaces }, n) => {
    it(replaces.length > 0 ? `replaces for ${what}` : `updates in place for ${what}`, () => {
      const change = changes.find(({ urn }) => urn.endsWith(`::row-${n}`));
      expect(change?.action).to.equal(replaces.length > 0 ? 'replace' : 'update');
      expect([...change!.replaces].sort()).to.deep.equal([...replaces].sort());
    });
  });
});
