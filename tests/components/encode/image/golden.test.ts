import path from 'node:path';
import { expect } from 'chai';
import type { EncoderImageArgs } from '../../../../components/encode/image';
import { matchGolden, type Graph } from '../../../../testing';
import { KEY_ARN, recordImage } from './image-recording';

/** Of the compiled tests, five folders below the project. */
const GOLDENS = path.resolve(__dirname, '../../../../..', 'tests/fixtures/goldens/encoder-image');

/** The tag follows the runtime's files, which change with every version: not what is looked at here. */
function withoutTag(graph: Graph): Graph {
  const { imageTag } = graph.outputs;
  expect(imageTag).to.be.a('string');
  return JSON.parse(JSON.stringify(graph).replaceAll(imageTag as string, 'the-tag')) as Graph;
}

describe('an EncoderImage of each kind', () => {
  const kinds: Record<string, EncoderImageArgs> = {
    minimal: {},
    docker: { builder: 'docker', existingRepository: 'media/encoder' },
    'origin-arm64': {
      target: 'origin',
      architecture: 'arm64',
      encryption: { type: 'kms', keyArn: KEY_ARN },
      retention: { images: 5, untaggedDays: 1 },
      environment: 'dev',
      tags: { team: 'video' },
    },
  };
  for (const [name, args] of Object.entries(kinds)) {
    it(`is what its golden says: ${name}`, async () => {
      const { graph } = await recordImage(args, {}, (image) => {
        image.grantPull('live', 'execution');
        return { imageTag: image.imageTag, imageUri: image.imageUri };
      });
      matchGolden(withoutTag(graph), path.join(GOLDENS, `${name}.json`), {
        // The files themselves, by hashes and by places relative to where tests run.
        ignore: {
          'aws:s3/bucketObjectv2:BucketObjectv2': ['source'],
          'aws:lambda/function:Function': ['code'],
          'docker-build:index:Image': ['buildArgs', 'context', 'dockerfile', 'tags'],
          'awsx:ecr:Image': ['args', 'context', 'dockerfile'],
        },
      });
    });
  }
});
