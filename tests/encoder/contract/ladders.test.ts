import { expect } from 'chai';
import {
  LADDER_NAMES,
  LADDERS,
  RENDITION_PATTERN,
  type Ladder,
  type VideoRung,
} from '../../../encoder/contract';

describe('ladders', () => {
  it('are the three that the documents name', () => {
    expect(LADDER_NAMES).to.deep.equal(['tiny', 'h264-1080p', 'hevc-720p']);
  });

  it("have the bit rates of Apple's H.264 table in h264-1080p, with the rung of 2 Mbit/s first", () => {
    const rungs = LADDERS['h264-1080p'].video.map(({ width, height, bitrateKbps }) => [
      width,
      height,
      bitrateKbps,
    ]);
    expect(rungs).to.deep.equal([
      [960, 540, 2000],
      [416, 234, 145],
      [640, 360, 365],
      [768, 432, 1100],
      [1280, 720, 4500],
      [1920, 1080, 7800],
    ]);
  });

  for (const name of LADDER_NAMES) {
    const ladder: Ladder = LADDERS[name];

    it(`${name}: ids are path segments, each once, and none is the name of the multivariant playlist`, () => {
      const ids = [...ladder.video, ...ladder.audio].map(({ id }) => id);
      expect(ids.filter((id) => !RENDITION_PATTERN.test(id) || id === 'index')).to.deep.equal([]);
      expect(new Set(ids).size).to.equal(ids.length);
    });

    it(`${name}: every rung has even sizes, a cap 10 % above its average, and 8 bits where it is H.264`, () => {
      const wrong = ladder.video.filter(
        ({ codec, bitDepth, width, height, bitrateKbps, maxrateKbps }: VideoRung) =>
          width % 2 !== 0 ||
          height % 2 !== 0 ||
          maxrateKbps !== Math.ceil(bitrateKbps * 1.1) ||
          (codec === 'h264' && bitDepth !== 8),
      );
      expect(wrong).to.deep.equal([]);
    });

    it(`${name}: has sound, and H.264 for players without HEVC`, () => {
      expect(ladder.audio).to.have.length.above(0);
      expect(ladder.video.some(({ codec }) => codec === 'h264')).to.equal(true);
    });
  }
});
