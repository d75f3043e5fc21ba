import { expect } from 'chai';
import {
  FRAME_RATES,
  LADDER_NAMES,
  LadderError,
  LADDERS,
  RENDITION_PATTERN,
  validateLadder,
  videoLevel,
  withLanguages,
  type FrameRate,
  type Ladder,
  type VideoRung,
} from '../../../encoder/contract';

const sizes = (ladder: Ladder) =>
  ladder.video.map(({ codec, bitDepth, width, height, bitrateKbps }) => [
    ...[`${codec} ${bitDepth}`, `${width}x${height}`, bitrateKbps],
  ]);

const base = LADDERS.tiny.video[0];
const ladderOf = (...video: Partial<VideoRung>[]): Ladder => ({
  description: 'a test',
  video: video.map((rung, i) => ({ ...base, id: `r${i}`, priority: i + 1, ...rung })),
  audio: LADDERS.tiny.audio,
});
function problems(ladder: Ladder, rate: FrameRate = '30'): string[] {
  try {
    validateLadder(ladder, rate);
    return [];
  } catch (error) {
    if (error instanceof LadderError) return error.problems.map(({ path }) => path);
    throw error;
  }
}

describe('ladders', () => {
  it('are the six that the documents name', () => {
    expect(LADDER_NAMES).to.deep.equal([
      ...['tiny', 'economy', 'h264-1080p', 'hevc-720p', 'hevc-1080p', 'hevc-2160p30-50'],
    ]);
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

  it("have the bit rates of Apple's HEVC table in hevc-1080p, with H.264 for players without it", () => {
    expect(sizes(LADDERS['hevc-1080p'])).to.deep.equal([
      ['hevc 8', '960x540', 1600],
      ['hevc 8', '640x360', 145],
      ['hevc 8', '768x432', 300],
      ['hevc 8', '960x540', 900],
      ['hevc 8', '1280x720', 3400],
      ['hevc 8', '1920x1080', 5800],
      ['h264 8', '640x360', 365],
      ['h264 8', '960x540', 2000],
    ]);
  });

  it('have the six rungs of the reference load in hevc-2160p30-50, and AAC of 160 kbit/s', () => {
    expect(sizes(LADDERS['hevc-2160p30-50'])).to.deep.equal([
      ['hevc 10', '960x540', 2500],
      ['hevc 10', '1280x720', 5000],
      ['hevc 10', '1920x1080', 12_000],
      ['hevc 10', '3840x2160', 50_000],
      ['h264 8', '640x360', 1000],
      ['h264 8', '1280x720', 4000],
    ]);
    expect(LADDERS['hevc-2160p30-50'].audio.map(({ bitrateKbps }) => bitrateKbps)).to.deep.equal([160]);
  });

  for (const name of LADDER_NAMES) {
    const ladder: Ladder = LADDERS[name];

    it(`${name}: can be used at every frame rate, with advice only for the one that is for tests`, () => {
      for (const rate of FRAME_RATES) {
        const advice = validateLadder(ladder, rate);
        if (name === 'tiny') expect(advice).to.have.length(1);
        else expect(advice).to.deep.equal([]);
      }
    });

    it(`${name}: ids are path segments, each once, and none is the name of the multivariant playlist`, () => {
      const ids = [...ladder.video, ...ladder.audio].map(({ id }) => id);
      expect(ids.filter((id) => !RENDITION_PATTERN.test(id) || id === 'index')).to.deep.equal([]);
      expect(new Set(ids).size).to.equal(ids.length);
    });

    it(`${name}: caps are 10 % above the average, and H.264 has 8 bits`, () => {
      const wrong = ladder.video.filter(
        ({ codec, bitDepth, bitrateKbps, maxrateKbps }) =>
          maxrateKbps !== Math.ceil((bitrateKbps * 11) / 10) || (codec === 'h264' && bitDepth !== 8),
      );
      expect(wrong).to.deep.equal([]);
    });

    it(`${name}: has sound, and keeps an H.264 rung longest, for players without HEVC`, () => {
      expect(ladder.audio).to.have.length.above(0);
      expect(ladder.video.find(({ priority }) => priority === 1)?.codec).to.equal('h264');
    });
  }
});

describe('the check of a ladder', () => {
  it('names every problem at once, with its place, its value, what is allowed and what to do', () => {
    const ladder: Ladder = {
      description: 'wrong',
      video: [
        { ...base, width: 641 },
        { ...base, id: 'Index', bitDepth: 10, priority: 1, bitrateKbps: 1200 },
        { ...base, id: 'audio', maxrateKbps: 800, bufferSeconds: 2, priority: 0, bitrateKbps: 1300 },
      ],
      audio: [{ ...LADDERS.tiny.audio[0], language: 'not a tag', name: '"', bitrateKbps: 9 }],
    };
    expect(problems(ladder)).to.deep.equal([
      'video[1].id',
      'audio[0].id',
      'video[0].width',
      'video[1].bitDepth',
      'video[1].maxrateKbps',
      'video[1].priority',
      'video[2].maxrateKbps',
      'video[2].bufferSeconds',
      'video[2].priority',
      'audio[0].bitrateKbps',
      'audio[0].language',
      'audio[0].name',
      'video[1]',
      'video[2]',
    ]);
    try {
      validateLadder(ladderOf({ width: 641 }), '30');
      expect.fail('it was taken');
    } catch (error) {
      expect((error as Error).message).to.equal(
        'the ladder cannot be used:\n' +
          '  video[0].width is 641: allowed is an even number from 64 to 8192. Chroma has half the samples each way.',
      );
    }
  });

  it('wants a rung of pictures and one of sound', () => {
    expect(problems({ description: '', video: [], audio: [] })).to.deep.equal(['video', 'audio']);
  });

  it('wants rising bit rates after the first rung, and no more pixels for fewer bits', () => {
    const small = { width: 320, height: 180, bitrateKbps: 300, maxrateKbps: 330 };
    const large = { width: 1280, height: 720, bitrateKbps: 3000, maxrateKbps: 3300 };
    expect(problems(ladderOf({}, small, large))).to.deep.equal([]);
    expect(problems(ladderOf({}, large, small))).to.deep.equal(['video[2].bitrateKbps']);
    const swapped = { ...large, bitrateKbps: 200, maxrateKbps: 220 };
    expect(problems(ladderOf({}, swapped, { ...small }))).to.deep.equal(['video[2]', 'video[0]']);
  });

  it('refuses what no level holds', () => {
    const rung = { width: 8192, height: 4320, bitrateKbps: 700_000, maxrateKbps: 790_000 } as const;
    expect(problems(ladderOf({ ...rung, codec: 'hevc' }), '60')).to.deep.equal([]);
    expect(problems(ladderOf({ ...rung, codec: 'hevc', maxrateKbps: 800_000 }), '60')).to.deep.equal([]);
    expect(problems(ladderOf({ ...rung, codec: 'av1', maxrateKbps: 800_000 }), '60')).to.deep.equal([]);
    expect(problems(ladderOf({ ...rung, codec: 'hevc', height: 4322 }), '60')).to.deep.equal([
      'video[0].height',
    ]);
    expect(
      problems(
        ladderOf({ ...rung, codec: 'hevc', width: 64, height: 4320, bitrateKbps: 60, maxrateKbps: 60 }),
      ),
    ).to.deep.equal([]);
  });

  it('advises on a first rung far from 2 Mbit/s, and on a ladder that not every player can play', () => {
    const advice = validateLadder(
      ladderOf({ codec: 'hevc', bitrateKbps: 9000, maxrateKbps: 9900, width: 1920, height: 1080 }),
      '30',
    );
    expect(advice).to.have.length(2);
    expect(advice[0]).to.contain('9000 kbit/s');
    expect(advice[1]).to.contain('H.264');
  });
});

describe('the level of a rung', () => {
  const rung = (
    codec: VideoRung['codec'],
    width: number,
    height: number,
    maxrateKbps: number,
    bitDepth: 8 | 10 = 8,
  ) => ({
    ...{ ...base, codec, width, height, maxrateKbps, bitDepth },
  });
  const cases: [VideoRung, FrameRate, string][] = [
    // H.264, table A-1: picture size, macroblocks a second, bit rate (High: times 1.25).
    [rung('h264', 1280, 720, 4000), '30', 'avc1.64001f'],
    [rung('h264', 1280, 720, 4000), '60', 'avc1.640020'],
    [rung('h264', 1280, 720, 17_500), '30', 'avc1.64001f'],
    [rung('h264', 1280, 720, 17_501), '30', 'avc1.640020'],
    [rung('h264', 1920, 1080, 7800), '30', 'avc1.640028'],
    [rung('h264', 1920, 1080, 7800), '59.94', 'avc1.64002a'],
    [rung('h264', 3840, 2160, 40_000), '30', 'avc1.640033'],
    // HEVC, tables A.8 and A.9.
    [rung('hevc', 960, 540, 6000), '30', 'hvc1.1.6.L90.90'],
    [rung('hevc', 960, 540, 6001), '30', 'hvc1.1.6.L93.90'],
    [rung('hevc', 1920, 1080, 12_000, 10), '30', 'hvc1.2.4.L120.90'],
    [rung('hevc', 1920, 1080, 12_001, 10), '30', 'hvc1.2.4.L123.90'],
    [rung('hevc', 3840, 2160, 25_000, 10), '30', 'hvc1.2.4.L150.90'],
    [rung('hevc', 3840, 2160, 40_000, 10), '30', 'hvc1.2.4.L153.90'],
    [rung('hevc', 3840, 2160, 55_000, 10), '30', 'hvc1.2.4.H150.90'],
    [rung('hevc', 3840, 2160, 55_000, 10), '60', 'hvc1.2.4.H153.90'],
    // AV1, annex A.3.
    [rung('av1', 1280, 720, 4000), '30', 'av01.0.05M.08'],
    [rung('av1', 1920, 1080, 8000, 10), '60', 'av01.0.09M.10'],
    [rung('av1', 3840, 2160, 50_000, 10), '30', 'av01.0.12H.10'],
  ];
  for (const [one, rate, codecs] of cases) {
    it(`${one.codec} ${one.width}x${one.height} at ${rate} fps and ${one.maxrateKbps} kbit/s is ${codecs}`, () => {
      expect(videoLevel(one, rate)?.codecs).to.equal(codecs);
    });
  }
});

describe('languages of a ladder', () => {
  it('give each its rendition of sound, named in its own language; the first keeps the id', () => {
    const { audio, video } = withLanguages(LADDERS.tiny, ['de', 'en', 'pt-br', 'fr']);
    expect(video).to.equal(LADDERS.tiny.video);
    expect(audio.map(({ id, language, name }) => [id, language, name])).to.deep.equal([
      ['audio', 'de', 'Deutsch'],
      ['audio-en', 'en', 'English'],
      ['audio-pt-br', 'pt-BR', 'Português (Brasil)'],
      ['audio-fr', 'fr', 'Français'],
    ]);
    expect(new Set(audio.map(({ bitrateKbps }) => bitrateKbps))).to.deep.equal(new Set([96]));
    expect(validateLadder({ ...LADDERS.economy, audio }, '30')).to.deep.equal([]);
  });

  it('leave the ladder as it is where none is given', () => {
    expect(withLanguages(LADDERS.tiny, [])).to.equal(LADDERS.tiny);
  });

  it('are refused, all at once, where a tag is wrong or given twice', () => {
    expect(() => withLanguages(LADDERS.tiny, ['en', 'e', 'de', 'EN', '']))
      .to.throw(LadderError)
      .with.property('problems')
      .that.satisfies((list: { path: string }[]) => {
        expect(list.map(({ path }) => path)).to.deep.equal(['languages[1]', 'languages[4]', 'languages[3]']);
        return true;
      });
  });
});
