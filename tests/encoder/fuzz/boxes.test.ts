/**
 * Damaged MP4 and bundles, against what is promised for any bytes (boxes.ts, bundles.ts). A failure prints its seed, its case and the input in base64. To keep an input for ever,
 * name it for what is wrong with it:
 *   echo '<base64>' | base64 -d > tests/fixtures/corpus/boxes/<what-it-is>.mp4
 * From then on it is checked as it is, and damaged further, in every run. FUZZ_SEED and FUZZ_CASE repeat one case;
 * `make test-long` runs many more (fuzz.long.ts).
 */
import { expect } from 'chai';
import { MediaBoxError } from '../../../encoder/packager/boxes';
import { BoxReader } from '../../../encoder/packager/box-reader';
import * as mp4 from '../../support/mp4';
import { fuzzBoxes, fuzzBundles } from './campaigns';
import { checkBoxes } from './boxes';
import { checkBundle } from './bundles';
import { corpusFiles } from './corpus';
import { Random } from './random';

describe('reading damaged MP4 and bundles', function () {
  this.timeout(30_000);

  it('takes the real files of the corpus to their end', () => {
    const real = ['aac-44100', 'aac-48000', 'aac-mvex-before-trak', 'h264', 'hevc', 'hevc-10-bit'];
    const found = corpusFiles('boxes').filter(({ name }) => real.includes(name.replace('.mp4', '')));
    expect(found).to.have.length(real.length);
    for (const { name, bytes } of found) expect(checkBoxes(bytes, new Random(1)), name).to.equal(true);
  });

  for (const { name, bytes } of corpusFiles('boxes')) {
    it(`keeps its promises for ${name} of the corpus`, () => {
      for (let number = 0; number < 20; number++) checkBoxes(bytes, new Random(1, number));
    });
  }

  it('throws only MediaBoxError, reads the same in any chunks, ends soon, and holds no more than what came', async () => {
    const { taken, refused, grownBytes } = await fuzzBoxes(1, 6000);
    if (process.env['FUZZ_CASE'] !== undefined) return;
    // Both happen often, or the damage is too light or too heavy to show anything.
    expect(taken).to.be.above(600);
    expect(refused).to.be.above(1800);
    expect(grownBytes).to.be.below(64 * 2 ** 20);
  });

  it('holds no more than 4 MiB of boxes that wait for a moof which never comes', () => {
    const reader = new BoxReader({ init: () => undefined, fragment: () => undefined });
    const emsg = mp4.fullBox('emsg', 0, 0, Buffer.alloc(2 ** 16 - 12));
    for (let i = 0; i < 64; i++) reader.push(emsg);
    expect(() => reader.push(mp4.box('styp'))).to.throw(
      MediaBoxError,
      'more than 4194304 bytes of styp, prft and emsg before a moof',
    );
  });

  it('throws only CorruptObjectError where a bundle should be', async () => {
    for (const { name, bytes } of corpusFiles('bundles')) {
      const taken = await checkBundle(bytes);
      if (name === 'three-tracks-and-sound.bin') expect(taken).to.equal(true);
    }
    await fuzzBundles(2, 4000);
  });
});
