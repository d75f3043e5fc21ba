import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  architectureOf,
  checkImageReference,
  parseImageReference,
  type Architecture,
} from '../../../../components/encode/image';
import { InputProblems } from '../../../../components/kit';
import { DIGEST } from './image-recording';

const ECR = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const FORM = 'registry/repository:tag@sha256:<64 hexadecimal digits>';

describe('a reference of an image', () => {
  const READ: [text: string, parts: object][] = [
    ['debian', { repository: 'debian' }],
    ['library/debian:12', { repository: 'library/debian', tag: '12' }],
    [`${ECR}/media/encoder@${DIGEST}`, { registry: ECR, repository: 'media/encoder', digest: DIGEST }],
    [
      `localhost:5000/a.b/c__d:V1_2.3-x@${DIGEST}`,
      { registry: 'localhost:5000', repository: 'a.b/c__d', tag: 'V1_2.3-x', digest: DIGEST },
    ],
    ['localhost/encoder:1', { registry: 'localhost', repository: 'encoder', tag: '1' }],
  ];
  for (const [text, parts] of READ) {
    it(`is read: ${text}`, () => expect(parseImageReference(text)).to.deep.equal(parts));
  }

  for (const text of [
    '',
    'Encoder:1',
    'encoder:',
    'encoder:a b',
    `encoder:${'x'.repeat(129)}`,
    'encoder@sha256:abc',
    `encoder@${DIGEST}@${DIGEST}`,
    `encoder@sha512:${'0'.repeat(128)}`,
    'https://registry.example/encoder:1',
    '/encoder',
    'a//b',
    `${'a'.repeat(256)}:1`,
    'x'.repeat(100_000),
    42,
    undefined,
    null,
  ]) {
    it(`is refused: ${String(text).slice(0, 40)}`, () =>
      expect(parseImageReference(text)).to.equal(undefined));
  }

  it('is read back as it was put together', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abz09'), minLength: 1, maxLength: 8 });
    const path = fc
      .array(fc.tuple(word, fc.constantFrom('.', '_', '__', '-', '--'), word), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.map((part) => part.join('')).join('/'));
    const parts = fc.record(
      {
        registry: fc.constantFrom(ECR, 'localhost', 'localhost:5000', 'example.com:443'),
        repository: path,
        tag: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/),
        digest: fc.constant(DIGEST),
      },
      { requiredKeys: ['registry', 'repository'] },
    );
    fc.assert(
      fc.property(parts, (reference) => {
        const { registry, repository, tag, digest } = reference;
        const text = `${registry}/${repository}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
        expect(parseImageReference(text)).to.deep.equal(reference);
      }),
    );
  });

  it('tells an architecture by the end of its tag alone', () => {
    const of = (tag: string) => architectureOf({ repository: 'x', tag });
    expect(of('1.2-arm64')).to.equal('arm64');
    expect(of('0.1.0-90372a4b2b5f-encoder-amd64')).to.equal('amd64');
    expect(of('aarch64')).to.equal('arm64');
    expect(of('v1_x86_64')).to.equal('amd64');
    expect(of('arm64-fix-7')).to.equal(undefined);
    expect(of('charm64')).to.equal(undefined);
    expect(architectureOf({ repository: 'x' })).to.equal(undefined);
  });
});

describe('the check of an image', () => {
  const good = `${ECR}/media/encoder@${DIGEST}`;

  it('takes what has a digest, with or without a tag', () => {
    expect(checkImageReference(good)).to.equal(undefined);
    expect(checkImageReference(`${ECR}/media/encoder:1.0@${DIGEST}`)).to.equal(undefined);
    expect(checkImageReference({ imageUri: good })).to.equal(undefined);
  });

  it('refuses a tag without a digest, but where it is allowed', () => {
    expect(checkImageReference('media/encoder:1.0')).to.deep.equal({
      because: 'a tag without a digest: what it names may be another image tomorrow',
      allowed: FORM,
      fix: 'add the digest (`docker buildx imagetools inspect` and `aws ecr describe-images` show it), or set allowMutableTag: true',
    });
    expect(checkImageReference('media/encoder:1.0', { allowMutableTag: true })).to.equal(undefined);
  });

  it('refuses what has neither, which would be :latest, in any case', () => {
    for (const allowMutableTag of [false, true]) {
      expect(checkImageReference('media/encoder', { allowMutableTag })?.because).to.equal(
        'neither tag nor digest: what it names may be another image tomorrow',
      );
    }
  });

  it('refuses what is no reference', () => {
    expect(checkImageReference('https://x/encoder:1')).to.deep.equal({
      allowed: FORM,
      fix: 'give the imageUri of an EncoderImage, or what the registry shows',
    });
    expect(checkImageReference({} as never)?.allowed).to.equal(FORM);
  });

  const arm: [what: string, image: Parameters<typeof checkImageReference>[0]][] = [
    ['as the image says', { imageUri: good, architecture: 'arm64' }],
    ['as the tag says', `${ECR}/media/encoder:1.0-arm64@${DIGEST}`],
  ];
  for (const [what, image] of arm) {
    it(`refuses another architecture than that of the tasks, ${what}`, () => {
      expect(checkImageReference(image, { architecture: 'amd64' })).to.deep.equal({
        because: 'the image is of arm64',
        allowed: 'images of amd64, which these tasks run on',
        fix: "build it with architecture: 'amd64'",
      });
      expect(checkImageReference(image, { architecture: 'arm64' })).to.equal(undefined);
      expect(checkImageReference(image)).to.equal(undefined);
    });
  }

  it('believes the image more than its tag', () => {
    const architecture: Architecture = 'amd64';
    const image = { imageUri: `x/y:built-on-arm64@${DIGEST}`, architecture };
    expect(checkImageReference(image, { architecture })).to.equal(undefined);
  });

  it('fits what collects problems of arguments, with the value in the message', () => {
    const problems = new InputProblems('Fleet "live"');
    void problems.check('image', 'media/encoder:1.0', (image) => checkImageReference(image));
    expect(() => problems.throwIfAny())
      .to.throw(pulumi.InputPropertiesError)
      .with.property('message')
      .that.includes('image is "media/encoder:1.0" (a tag without a digest');
  });
});
