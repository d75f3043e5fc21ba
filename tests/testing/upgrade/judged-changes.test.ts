import { expect } from 'chai';
import { compareGraphs, type UpgradeCheck } from '../../../testing';
import { recordRows, ROWS } from '../../judge/changes';

/** What is gone with the resource; of the others something is made anew that holds nothing. */
const LOSES = ['a bucket', 'a directory bucket', 'a key', 'a secret', 'a table'];

describe('the upgrade check by what the AWS provider judged', function () {
  this.timeout(30_000);
  let check: UpgradeCheck;

  before(async () => {
    check = compareGraphs(await recordRows('before'), await recordRows('after'));
  });

  ROWS.forEach(({ what, replaces }, n) => {
    const loses = LOSES.some(
      (kind) => what.endsWith(`of ${kind}`) || (kind === 'a key' && what === 'what a key is for'),
    );
    if (replaces.length === 0) {
      it(`is an update in place for ${what}`, () => {
        expect(check.updates.map(({ urn }) => nameOf(urn))).to.include(`row-${n}`);
      });
      return;
    }
    it(`names ${what} as a replacement${loses ? ', and that its data are lost' : ''}`, () => {
      const found = check.replaces.filter(({ urn }) => nameOf(urn) === `row-${n}`);
      expect([...new Set(found.map(({ severity }) => severity))]).to.deep.equal([loses ? 'loss' : 'change']);
      expect(found.map(({ property }) => top(property))).to.include.members(replaces.map(top));
      if (loses) expect(found[0]?.message).to.match(/its data are lost/);
    });
  });

  it('leaves nothing open', () => {
    expect(
      check.mayReplace.map(({ urn, changes }) => [nameOf(urn), changes.map(({ path }) => path)]),
    ).to.deep.equal([]);
  });
});

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf('::') + 2);
/** The input itself, where a path leads into it. */
const top = (path: string): string => path.replace(/[.[].*$/, '');
