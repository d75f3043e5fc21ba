import { expect } from 'chai';
import { NvencEncodeFleet } from '../../../../components/encode/fleet';
import {
  EncoderImage,
  checkImageReference,
  type EncoderImageArgs,
} from '../../../../components/encode/image';
import { remember } from '../../../../components/encode/image/known-images';
import { lateFailure } from '../../storage/store-recording';
import { makeStore, minimal } from '../fleet/fleet-recording';
import { DIGEST, recordImage, recordProgramOf } from './image-recording';

const ARM: EncoderImageArgs = { target: 'origin', architecture: 'arm64' };

/** A fleet whose tasks are to run an image that the same program builds. */
const fleetWith = (args: EncoderImageArgs) =>
  recordProgramOf(() => {
    const { imageUri } = new EncoderImage('image', args);
    new NvencEncodeFleet('live', { ...minimal(makeStore()), image: imageUri });
  });

describe('an image of arm64', () => {
  it('is built by Docker for that platform', async () => {
    const image = await recordImage({ ...ARM, builder: 'docker' });
    expect(image.inputs('encoder-image')).to.include({ platform: 'linux/arm64', target: 'origin' });
  });

  it('is built by CodeBuild on machines of its own, with memory for Docker', async () => {
    const image = await recordImage(ARM);
    expect(image.inputs('encoder-build-project')['environment']).to.include({
      type: 'ARM_CONTAINER',
      image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0',
      computeType: 'BUILD_GENERAL1_MEDIUM',
      privilegedMode: true,
    });
  });

  it('is refused by a fleet of GPU instances that the same program deploys', async () => {
    const message = await lateFailure(() => fleetWith(ARM));
    expect(message).to.include('the image is of arm64');
    expect(message).to.include('allowed: images of amd64, which these tasks run on');
    const fleet = await fleetWith({});
    expect(fleet.list).to.include('live NvencEncodeFleet');
  });
});

describe('what this program built an image for', () => {
  const reference = (repository: string) => `${repository}@${DIGEST}`;

  it('is known of its URI alone', () => {
    remember(reference('known/origin'), 'arm64');
    expect(checkImageReference(reference('known/origin'), { architecture: 'amd64' })?.because).to.equal(
      'the image is of arm64',
    );
    expect(checkImageReference(reference('known/origin'), { architecture: 'arm64' })).to.equal(undefined);
    expect(checkImageReference(reference('known/other'), { architecture: 'amd64' })).to.equal(undefined);
  });

  it('is left open where one URI was built for two, as by stand-ins that answer the same digest', () => {
    for (const architecture of ['arm64', 'amd64', 'arm64'] as const)
      remember(reference('known/both'), architecture);
    for (const architecture of ['arm64', 'amd64'] as const)
      expect(checkImageReference(reference('known/both'), { architecture })).to.equal(undefined);
  });
});
