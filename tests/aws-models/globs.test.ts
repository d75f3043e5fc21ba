import { expect } from 'chai';
import fc from 'fast-check';
import { arnParts, overlap, policyPattern, templatePattern } from '../../testing/aws-models/iam/globs';
import { matches } from '../../testing/privileges/patterns';

/** Every text of `a` and `b` of at most six characters. */
const TEXTS = ((): string[] => {
  let all = [''];
  for (let n = 0; n < 6; n++)
    all = [...new Set([...all, ...all.flatMap((text) => [`${text}a`, `${text}b`])])];
  return all;
})();

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 3 });

describe('patterns that meet', () => {
  it('are those for which there is a text that both match', () => {
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        const both = TEXTS.some((text) => matches(one, text) && matches(other, text));
        expect(overlap(policyPattern(one), policyPattern(other)), `${one} and ${other}`).to.equal(both);
      }),
      { numRuns: 300 },
    );
  });

  it("leave a bucket's name where an object's key begins", () => {
    const [bucket, object] = ['${BucketName}', '${BucketName}/${ObjectName}'].map(templatePattern);
    expect(overlap(policyPattern('media'), bucket!)).to.equal(true);
    expect(overlap(policyPattern('media/*'), bucket!)).to.equal(false);
    expect(overlap(policyPattern('media'), object!)).to.equal(false);
    expect(overlap(policyPattern('m*'), object!)).to.equal(true);
  });

  it('read ARNs whose variables have colons', () => {
    expect(arnParts('arn:aws:s3:::${aws:username}/*')).to.deep.equal([
      'arn',
      'aws',
      's3',
      '',
      '',
      '${aws:username}/*',
    ]);
    expect(arnParts('arn:aws:logs:*:1:log-group:a:*').at(-1)).to.equal('log-group:a:*');
  });
});
