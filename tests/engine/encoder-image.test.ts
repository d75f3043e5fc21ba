import type { PulumiFn } from '@pulumi/pulumi/automation';
import { expect } from 'chai';
import { EncoderImage, type EncoderImageArgs } from '../../components/encode/image';
import { changed, engineOfSuite } from './suite-engine';

const DEV = { environment: 'dev' } as const;
const imageOf =
  (args: EncoderImageArgs): PulumiFn =>
  async () => {
    const image = new EncoderImage('encoder', args);
    image.grantPull('live', 'execution');
    return { imageUri: image.imageUri, imageTag: image.imageTag };
  };

describe('EncoderImage under the real engine', function () {
  this.timeout(60_000);
  const engine = engineOfSuite();

  it('is made as previewed, then has nothing to build, and in dev is destroyed to nothing', async () => {
    const stack = await engine.stackOf('whole', imageOf(DEV));
    const previewed = await stack.preview();
    const up = await stack.up();
    expect(up.changes).to.deep.equal(previewed.changes);
    const made = engine.aws.done('create');
    expect(made).to.have.length(17);
    expect(made.at(-1), 'the build is the last').to.equal('encoder-build');
    expect((await stack.preview()).changes).to.deep.equal({ same: made.length + 2 });
    await stack.destroy();
    expect(engine.aws.done('delete').sort()).to.deep.equal([...made].sort());
  });

  it('builds again for another base, in the repository that is there', async () => {
    const stack = await engine.stackOf('again', imageOf(DEV));
    const { outputs } = await stack.up();
    const newer = { ...DEV, baseImage: 'debian:trixie-slim', allowMutableTag: true };
    const again = await stack.up({ program: imageOf(newer) });
    expect([...new Set(Object.values(changed(again)).flat())].sort()).to.deep.equal([
      'encoder',
      'encoder-build',
      'encoder-build-project',
      'encoder-context-files',
    ]);
    expect(again.outputs['imageTag']?.value).not.to.equal(outputs['imageTag']?.value);
    await stack.destroy();
  });
});
