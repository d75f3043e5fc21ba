import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { DIGEST, KEY_ARN, recordImage, refusal } from './image-recording';

describe('bad arguments of EncoderImage', () => {
  const CASES: [args: unknown, path: string, reason: string][] = [
    [{ target: 'player' }, 'target', 'is "player"; allowed: encoder, origin; to correct it: choose one'],
    [{ builder: 'kaniko' }, 'builder', 'is "kaniko"; allowed: codebuild, docker; to correct it: choose one'],
    [{ architecture: 'x64' }, 'architecture', 'is "x64"; allowed: amd64, arm64; to correct it: choose one'],
    [
      { architecture: 'arm64' },
      'architecture',
      'is "arm64" (the GPU instances that an encoder runs on (G4dn, G5, G6, G6e) are amd64); allowed: amd64; to correct it: leave it out, or set target to \'origin\'',
    ],
    [
      { baseImage: 'debian:bookworm-slim' },
      'baseImage',
      'is "debian:bookworm-slim" (a tag without a digest: what it names may be another image tomorrow)',
    ],
    [{ baseImage: 'debian', allowMutableTag: true }, 'baseImage', 'is "debian" (neither tag nor digest'],
    [
      { target: 'origin', architecture: 'arm64', baseImage: `amd64/debian:bookworm-slim@${DIGEST}` },
      'baseImage',
      "(it is of amd64, and architecture is arm64); allowed: a base of arm64, or one of several architectures; to correct it: take the base that names no architecture, or set architecture to 'amd64'",
    ],
    [
      { baseImage: `public.ecr.aws/x/debian:12-arm64@${DIGEST}` },
      'baseImage',
      '(it is of arm64, and architecture is amd64)',
    ],
    [{ baseImage: 'Debian!' }, 'baseImage', 'is "Debian!"; allowed: registry/repository:tag@sha256:'],
    [
      { baseImage: `nvidia/cuda:12.6.3-devel-ubuntu24.04@${DIGEST}` },
      'baseImage',
      '(devel images carry compilers); allowed: a base or runtime image',
    ],
    [{ allowMutableTag: 'yes' }, 'allowMutableTag', 'is "yes"; allowed: true, false'],
    [
      { snapshot: '2026-11-01' },
      'snapshot',
      'is "2026-11-01"; allowed: a time as 20261101T000000Z; to correct it: take it from https://snapshot.debian.org/archive/debian/, or leave it out',
    ],
    [{ existingRepository: 'Media' }, 'existingRepository', 'is "Media"; allowed: the name of a repository'],
    [
      { existingRepository: '123456789012.dkr.ecr.us-east-1.amazonaws.com/media:1' },
      'existingRepository',
      'give its name alone, without the registry',
    ],
    [
      { existingRepository: 'media', encryption: { type: 'kms' } },
      'encryption',
      'is {"type":"kms"} (existingRepository keeps its own encryption); allowed: none; to correct it: remove it, and change it where the repository is made',
    ],
    [
      { existingRepository: 'media', retention: { images: 3 } },
      'retention',
      'is {"images":3} (existingRepository keeps its own lifecycle)',
    ],
    [{ encryption: 'kms' }, 'encryption', 'is "kms"; allowed: an object; to correct it: write { type:'],
    [{ encryption: { type: 'none' } }, 'encryption.type', 'is "none"; allowed: kms, aes256'],
    [{ encryption: { keyArn: 'alias/x' } }, 'encryption.keyArn', 'is "alias/x"; allowed: the ARN of a key'],
    [
      { encryption: { type: 'aes256', keyArn: KEY_ARN } },
      'encryption.keyArn',
      `is "${KEY_ARN}" (type is aes256); allowed: none`,
    ],
    [{ retention: { images: 0 } }, 'retention.images', 'is 0; allowed: a whole number from 1 to 1000'],
    [{ retention: { images: 1.5 } }, 'retention.images', 'is 1.5; allowed: a whole number'],
    [
      { retention: { untaggedDays: 366 } },
      'retention.untaggedDays',
      'is 366; allowed: a whole number from 1 to 365',
    ],
    [
      { retention: { days: 3 } },
      'retention.days',
      'is 3 (there is no such property); allowed: images, untaggedDays',
    ],
    [{ environment: 'production' }, 'environment', 'is "production"; allowed: local, dev, staging, prod'],
    [{ protection: { protect: 1 } }, 'protection.protect', 'is 1; allowed: true, false'],
    [{ tags: { 'aws:x': 'y' } }, 'tags["aws:x"]', 'is "aws:x" (the key)'],
    [{ arch: 'amd64' }, 'arch', 'is "amd64" (there is no such property)'],
    [null, 'args', "is null; allowed: an object; to correct it: write { target: 'encoder' }"],
    [{ target: pulumi.output('encoder') }, 'target', 'is "known later"; allowed: encoder, origin'],
  ];
  for (const [args, path, reason] of CASES) {
    it(`${path} ${reason.slice(0, 70)}`, async () => {
      const { errors } = await refusal(args);
      const found = errors.filter(({ propertyPath }) => propertyPath === path).map((error) => error.reason);
      expect(
        found.some((each) => each.includes(reason)),
        found.join('\n'),
      ).to.be.true;
    });
  }

  it('are told all at once, before anything exists', async () => {
    const { message, errors } = await refusal(
      { target: 'player', builder: 'x', retention: { images: -1 }, tag: 1 },
      { transform: { bucketz: {} } },
    );
    expect(errors.map(({ propertyPath }) => propertyPath).sort()).to.deep.equal([
      'builder',
      'retention.images',
      'tag',
      'target',
      'transform.bucketz',
    ]);
    expect(message).to.match(/^EncoderImage "encoder" has 5 bad arguments:\n/);
  });

  it('of a grant are refused with the same words', async () => {
    let thrown: Error | undefined;
    await recordImage({ builder: 'docker' }, {}, (image) => {
      try {
        image.grantPull('a b', 'arn:aws:iam::123456789012:role/tasks');
      } catch (error) {
        thrown = error as Error;
      }
    });
    expect(thrown).to.be.instanceOf(pulumi.InputPropertiesError);
    expect(thrown!.message).to.include('a grant of EncoderImage "encoder" has 2 bad arguments');
    expect(thrown!.message).to.include('give its name, not its ARN');
  });
});
