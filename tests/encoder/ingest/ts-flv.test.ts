import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { FlvInspector } from '../../../encoder/ingest/ts/flv';
import type { PictureCaptions } from '../../../encoder/ingest/ts/presentation-order';
import type { Program } from '../../../encoder/ingest/ts/program';
import {
  captionedFrames,
  captionFrames,
  ffmpeg,
  inFolder,
  remux,
  trackBytes,
  video,
  withCaptions,
} from '../../support/captions';

const FRAMES = 60;
const ccData = captionFrames(FRAMES, [{ service: 'CC2', text: 'Good evening', frame: 3 }]);

function inspect(chunks: Iterable<Buffer>) {
  const programs: Program[] = [];
  const captions: PictureCaptions[] = [];
  const inspector = new FlvInspector({
    onProgram: (program) => programs.push(program),
    onCaptions: (each) => captions.push(each),
  });
  for (const chunk of chunks) inspector.push(chunk);
  inspector.end();
  return { programs, captions, services: inspector.services() };
}

function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; at += sizes[i % sizes.length]!, i++) {
    yield bytes.subarray(at, at + sizes[i % sizes.length]!);
  }
}

describe('FLV inspector', () => {
  let picture: Buffer;
  let pictureAndSound: Buffer;

  before(async function () {
    this.timeout(60_000);
    const track = await video({ codec: 'h264', frames: FRAMES, bFrames: 3 });
    const bytes = trackBytes(withCaptions(track, (frame) => ccData[frame]));
    picture = await remux(bytes, 'flv');
    pictureAndSound = await inFolder(async (folder) => {
      const [from, to] = [path.join(folder, 'from.mp4'), path.join(folder, 'to.flv')];
      await writeFile(from, bytes);
      await ffmpeg('-i', from, '-f', 'lavfi', '-i', 'sine', '-t', '2', '-c:v', 'copy', '-c:a', 'aac', to);
      return readFile(to);
    });
  });

  it('gives the captions of H.264 with B frames by presentation time, whatever the chunks', async () => {
    const shown = await captionedFrames(picture);
    expect(shown).to.have.length(FRAMES);
    const expected = shown.map(({ pts }, i) => ({ pts90k: pts * 90, ccData: ccData[i]! }));
    const sizes = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sizes, (each) => {
        expect(inspect(cut(picture, each))).to.deep.equal({
          programs: [{ video: { pid: 9, codec: 'h264' }, audio: [] }],
          captions: expected,
          services: ['CC2'],
        });
      }),
      { numRuns: 20 },
    );
  });

  it('tells of picture and sound at once', () => {
    const { programs, captions } = inspect([pictureAndSound]);
    expect(programs).to.deep.equal([{ video: { pid: 9, codec: 'h264' }, audio: [{ pid: 8, codec: 'aac' }] }]);
    expect(captions.map((each) => each.ccData)).to.deep.equal(ccData);
  });

  it('waits a second, no longer, for sound that is announced and never comes', () => {
    const announced = Buffer.from(picture);
    announced[4]! |= 0x04;
    expect(inspect([announced]).programs).to.deep.equal([{ video: { pid: 9, codec: 'h264' }, audio: [] }]);
    // Up to the last tag of the first second.
    let at = 9;
    while (announced.readUIntBE(at + 8, 3) < 1000) at += 15 + announced.readUIntBE(at + 5, 3);
    expect(inspect([announced.subarray(0, at)]).programs).to.deep.equal([]);
  });

  it('knows times of more than 24 bits, which FLV has after 4.7 hours', () => {
    const late = Buffer.from(picture);
    for (let at = 9; at + 15 < late.length; at += 15 + late.readUIntBE(at + 5, 3)) late[at + 11] = 1;
    const times = (bytes: Buffer) => inspect([bytes]).captions.map(({ pts90k }) => pts90k);
    expect(times(late)).to.deep.equal(times(picture).map((time) => time + 2 ** 24 * 90));
  });

  it('never throws on noise, nor on FLV with bytes changed or cut off', () => {
    const change = fc.tuple(fc.nat(picture.length - 1), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), fc.nat(picture.length), (changes, end) => {
        const broken = Buffer.from(picture);
        for (const [at, value] of changes) broken[at] = value;
        expect(inspect([broken.subarray(0, end)]).captions.length).to.be.at.most(2 * FRAMES);
      }),
      { numRuns: 200 },
    );
    const header = picture.subarray(0, 9);
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 500 })), (noise) => {
        inspect(noise.map((bytes) => Buffer.from(bytes)));
        inspect([header, ...noise.map((bytes) => Buffer.from(bytes))]);
      }),
      { numRuns: 300 },
    );
  });
});
