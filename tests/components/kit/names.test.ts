import { expect } from 'chai';
import fc from 'fast-check';
import { NAME_RULES, physicalName, type NameContext, type NamedType } from '../../../components/kit';

const BUCKET = 'aws:s3/bucket:Bucket';
const DIRECTORY = 'aws:s3/directoryBucket:DirectoryBucket';
const ROLE_POLICY = 'aws:iam/rolePolicy:RolePolicy';
const CONTEXT: NameContext = {
  organization: 'studio',
  project: 'video',
  stack: 'prod',
  name: 'media-general',
};

/** As the services say it, apart from the table that is tested. */
const VALID: Record<NamedType, RegExp> = {
  [BUCKET]: /^(?!.*--)(?!sthree-|amzn-s3-demo-|xn--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  [DIRECTORY]: /^(?=.{3,63}$)[a-z0-9](?:[a-z0-9]|-(?!-))*--use1-az4--x-s3$/,
  [ROLE_POLICY]: /^[\w+=,.@-]{1,128}$/,
};
const SUFFIX: Partial<Record<NamedType, string>> = { [DIRECTORY]: '--use1-az4--x-s3' };

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 150 }),
  fc.string({ unit: fc.constantFrom(...'abz09-_.ÀZ'), maxLength: 150 }),
  fc.constantFrom('sthree', 'sthree-x', 'amzn-s3-demo-x', 'xn--x', '-', ''),
);
const context = fc.record({ organization: text, project: text, stack: text, name: text });

describe('physical names', () => {
  it('say project, stack and name, then a hash of where they are from', () => {
    expect(physicalName(BUCKET, CONTEXT)).to.match(/^video-prod-media-general-[0-9a-f]{8}$/);
    expect(physicalName(DIRECTORY, CONTEXT, '--use1-az4--x-s3')).to.match(
      /^video-prod-media-general-[0-9a-f]{8}--use1-az4--x-s3$/,
    );
  });

  it('lose the project first, then the stack, then the end of the name', () => {
    const cut = (project: number, stack: number, name: number) =>
      physicalName(BUCKET, {
        organization: 'o',
        project: 'p'.repeat(project),
        stack: 's'.repeat(stack),
        name: 'n'.repeat(name),
      }).replace(/[0-9a-f]{8}$/, '#');
    expect(cut(10, 10, 32)).to.equal(`${'p'.repeat(10)}-${'s'.repeat(10)}-${'n'.repeat(32)}-#`);
    expect(cut(11, 10, 32)).to.equal(`${'s'.repeat(10)}-${'n'.repeat(32)}-#`);
    expect(cut(1, 22, 32)).to.equal(`${'n'.repeat(32)}-#`);
    expect(cut(1, 1, 70)).to.equal(`${'n'.repeat(54)}-#`);
  });

  for (const type of Object.keys(NAME_RULES) as NamedType[]) {
    it(`are names that the service takes, whatever the context: ${type}`, () => {
      fc.assert(
        fc.property(context, (given) => {
          expect(physicalName(type, given, SUFFIX[type])).to.match(VALID[type]);
        }),
      );
    });
  }

  it('differ in different contexts, also where they were cut alike', () => {
    const long = 'n'.repeat(80);
    const names = [
      CONTEXT,
      { ...CONTEXT, organization: 'other' },
      { ...CONTEXT, project: 'vid', stack: 'eo-prod' },
      { ...CONTEXT, name: `${long}a` },
      { ...CONTEXT, name: `${long}b` },
      { ...CONTEXT, name: 'MEDIA-general' },
    ].map((given) => physicalName(BUCKET, given));
    expect(new Set(names).size).to.equal(names.length);
  });

  it('are refused where the suffix leaves no room', () => {
    expect(() => physicalName(DIRECTORY, CONTEXT, '-'.repeat(56))).to.throw(RangeError, 'no room for a name');
  });
});
