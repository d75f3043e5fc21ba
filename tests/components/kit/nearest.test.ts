import { expect } from 'chai';
import fc from 'fast-check';
import { nearest } from '../../../components/kit';

const KNOWN = ['zones', 'zoneId', 'distributions', 'existingBucket', 'dvr', 'tags'];
const meant = (name: string) => nearest(name, KNOWN);

describe('what a mistyped name is nearest to', () => {
  it('finds letters that are swapped, missing, too many, wrong, or of the other case', () => {
    expect(
      ['zoens', 'distribution', 'existingBuckets', 'distrubitions', 'ZONES', 'dvt'].map(meant),
    ).to.deep.equal(['zones', 'distributions', 'existingBucket', 'distributions', 'zones', 'dvr']);
  });

  it('finds the beginning of a name, and a name that goes on', () => {
    expect(['zoneIdentifier', 'exist'].map(meant)).to.deep.equal(['zoneId', 'existingBucket']);
  });

  it('finds nothing where nothing is near', () => {
    expect(['', 'z', 'lifecycle', 'retention', 'cors'].map(meant)).to.deep.equal([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('finds the name itself and each with one letter left out', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KNOWN), fc.nat(), (name, n) => {
        const at = n % name.length;
        expect(meant(name)).to.equal(name);
        expect(meant(name.slice(0, at) + name.slice(at + 1))).to.be.oneOf(KNOWN);
      }),
    );
  });
});
