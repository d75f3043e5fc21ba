import { expect } from 'chai';
import fc from 'fast-check';
import { captionsInSei } from '../../../encoder/ingest/ts/a53';
import { TsInspector } from '../../../encoder/ingest/ts/inspector';
import { CaptionInserter, insertCaptions, unitFormat } from '../../../encoder/packager/captions';
import { captionUnit } from '../../../encoder/packager/captions-sei';
import { CaptionTrack } from '../../../encoder/packager/captions-track';
import { MediaBoxError } from '../../../encoder/packager/boxes';
import {
  captionedFrames,
  captionFrames,
  decodedText,
  readTrack,
  remux,
  trackBytes,
  video,
  withCaptions,
  type Track,
} from '../../support/captions';
import { box, init, largeBox, moof, u32, u8, type MoofOptions } from '../../support/mp4';

const TRIPLETS = Buffer.from([0xfc, 0x94, 0x20, 0xfd, 0x80, 0x80]);
/** SEI header, message 4 of 17 bytes: country, provider, GA94, type, two triplets, em_data, the triplets, marker; stop bit. */
const H264_UNIT = Buffer.from('060411b500314741393403' + '42ff' + 'fc9420fd8080' + 'ff80', 'hex');
const FORMAT = { codec: 'h264', lengthSize: 4 } as const;

const unit = (...bytes: readonly number[]): Buffer => Buffer.concat([u32(bytes.length), u8(...bytes)]);
const AUD = unit(9, 0x10);
const SPS = unit(0x67, 1, 2, 3);
const PPS = unit(0x68, 4);
const OTHER_SEI = unit(6, 5, 1, 0xaa, 0x80);
const IDR = unit(0x65, 0x88, 0x84, 0, 0x33);

/** One frame, with the offset of its media as it should be. */
function frame(payload: Buffer, options: Partial<MoofOptions> = {}, wide = false): Buffer[] {
  const header: MoofOptions = {
    time: 9n,
    tfhd: { size: payload.length },
    samples: [{}],
    dataOffset: 0,
    ...options,
  };
  const length = moof(header).length;
  const media = (wide ? largeBox : box)('mdat', payload);
  return [moof({ ...header, dataOffset: length + (wide ? 16 : 8) }), media];
}

describe('closed captions in encoded frames', () => {
  describe('the SEI unit', () => {
    it('is that of ATSC A/53, byte for byte', () => {
      expect(captionUnit('h264', TRIPLETS).toString('hex')).to.equal(H264_UNIT.toString('hex'));
      expect(captionUnit('hevc', TRIPLETS).toString('hex')).to.equal(
        `4e01${H264_UNIT.toString('hex').slice(2)}`,
      );
    });

    it('never imitates a start code', () => {
      const zeros = captionUnit('h264', Buffer.from([0xfe, 0, 0, 0xfe, 0, 0, 0, 0, 1, 0xfe, 0, 3]));
      expect(zeros.toString('hex')).to.contain(
        ['fe0000', 'fe0000' + '03' + '0000' + '0301', 'fe0003'].join(''),
      );
      expect(zeros.toString('hex')).not.to.match(/^(?:..)*0000(?:00|01|02)/);
    });

    it('gives any triplets back', () => {
      const triplet = fc.tuple(fc.nat(255), fc.constantFrom(0, 1, 3, 255), fc.constantFrom(0, 1, 2, 3));
      fc.assert(
        fc.property(fc.array(triplet, { minLength: 1, maxLength: 31 }), (triplets) => {
          const bytes = Buffer.from(triplets.flat());
          expect(captionsInSei(captionUnit('h264', bytes), 1)).to.deep.equal([bytes]);
          expect(captionsInSei(captionUnit('hevc', bytes), 2)).to.deep.equal([bytes]);
        }),
        { numRuns: 500 },
      );
    });

    for (const bytes of [0, 4, 96]) {
      it(`is refused for ${bytes} bytes`, () => {
        expect(() => captionUnit('h264', Buffer.alloc(bytes))).to.throw(
          RangeError,
          `caption data of ${bytes} bytes; allowed are 1 to 31 triplets of 3 bytes`,
        );
      });
    }
  });

  describe('one frame', () => {
    const payload = Buffer.concat([AUD, SPS, PPS, OTHER_SEI, IDR]);
    const inserted = Buffer.concat([AUD, SPS, PPS, OTHER_SEI, u32(H264_UNIT.length), H264_UNIT, IDR]);

    for (const [name, options] of [
      ['tfhd', {}],
      [
        'tfhd, behind other defaults',
        { tfhd: { descriptionIndex: 1, duration: 512, size: payload.length, flags: 0 } },
      ],
      ['trun', { tfhd: {}, samples: [{ duration: 512, size: payload.length, flags: 0 }] }],
      [
        'trun, behind the first flags',
        { tfhd: {}, samples: [{ size: payload.length }], firstSampleFlags: 5 },
      ],
    ] satisfies [string, Partial<MoofOptions>][]) {
      it(`gets the unit before its first slice, where the size is in ${name}`, () => {
        const resized = JSON.parse(
          JSON.stringify(options, (key, value: unknown) => (key === 'size' ? inserted.length : value)),
        ) as Partial<MoofOptions>;
        expect(Buffer.concat(insertCaptions(frame(payload, options), TRIPLETS, FORMAT))).to.deep.equal(
          Buffer.concat(frame(inserted, resized)),
        );
      });
    }

    it('keeps a long mdat header, and boxes around it', () => {
      const styp = box('styp', Buffer.from('msdh'));
      expect(
        Buffer.concat(insertCaptions([styp, ...frame(payload, {}, true)], TRIPLETS, FORMAT)),
      ).to.deep.equal(Buffer.concat([styp, ...frame(inserted, {}, true)]));
    });

    it('is the same however it comes in pieces', () => {
      const bytes = Buffer.concat(frame(payload));
      const expected = Buffer.concat(frame(inserted));
      fc.assert(
        fc.property(fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 })), (cuts) => {
          const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
          const pieces = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
          expect(Buffer.concat(insertCaptions(pieces, TRIPLETS, FORMAT))).to.deep.equal(expected);
        }),
        { numRuns: 200 },
      );
    });

    it('writes lengths of the size that the init segment says', () => {
      const short = Buffer.from([0, 2, 9, 0x10, 0, 3, 0x65, 1, 2]);
      const expected = Buffer.concat([
        short.subarray(0, 4),
        u8(0, H264_UNIT.length),
        H264_UNIT,
        short.subarray(4),
      ]);
      expect(
        Buffer.concat(insertCaptions(frame(short), TRIPLETS, { codec: 'h264', lengthSize: 2 })),
      ).to.deep.equal(Buffer.concat(frame(expected)));
    });

    it('goes before the prefix unit that belongs to the first slice', () => {
      const prefix = unit(0x6e, 1, 2, 3);
      const bytes = Buffer.concat(insertCaptions(frame(Buffer.concat([AUD, prefix, IDR])), TRIPLETS, FORMAT));
      expect(bytes.indexOf(H264_UNIT)).to.be.below(bytes.indexOf(prefix));
    });

    it('goes behind the parameter sets of HEVC', () => {
      const sets = [unit(35 << 1, 1, 0), unit(32 << 1, 1, 7), unit(33 << 1, 1, 7), unit(34 << 1, 1, 7)];
      const slice = unit(19 << 1, 1, 0xaf);
      const hevc = captionUnit('hevc', TRIPLETS);
      expect(
        Buffer.concat(
          insertCaptions(frame(Buffer.concat([...sets, slice])), TRIPLETS, { codec: 'hevc', lengthSize: 4 }),
        ),
      ).to.deep.equal(Buffer.concat(frame(Buffer.concat([...sets, u32(hevc.length), hevc, slice]))));
    });

    it('copies no media', () => {
      const [header, media] = frame(payload);
      const own = new Uint8Array(media!);
      const shared = insertCaptions([header!, own], TRIPLETS, FORMAT).filter(
        ({ buffer }) => buffer === own.buffer,
      );
      expect(shared.map(({ length }) => length)).to.deep.equal([payload.length - IDR.length, IDR.length]);
    });

    const twoSamples = { tfhd: {}, samples: [{ size: 5 }, { size: payload.length - 5 }] };
    for (const [name, fragment, message] of [
      ['two samples', frame(payload, twoSamples), 'captions need a fragment of one sample'],
      ['no size', frame(payload, { tfhd: {} }), 'captions need a sample size in trun or tfhd'],
      [
        'a base of its own',
        frame(payload, { tfhd: { baseDataOffset: 5n, size: payload.length } }),
        'captions need offsets that count from the moof (default-base-is-moof)',
      ],
      ['no moof', [box('mdat', payload)], 'captions need a fragment of a moof and its mdat'],
      [
        'a size that the mdat contradicts',
        frame(payload, { tfhd: { size: 5 } }),
        `a sample of 5 bytes in an mdat of ${payload.length}`,
      ],
      ['no slice', frame(Buffer.concat([AUD, SPS])), 'a frame without a slice'],
      [
        'media elsewhere',
        [
          moof({ time: 0n, tfhd: { size: payload.length }, samples: [{}], dataOffset: 7 }),
          box('mdat', payload),
        ],
        'captions need a sample that begins with its mdat',
      ],
    ] as const) {
      it(`is refused with ${name}`, () => {
        expect(() => insertCaptions(fragment, TRIPLETS, FORMAT)).to.throw(MediaBoxError, message);
      });
    }

    it('throws nothing but MediaBoxError, whatever is changed in it', () => {
      const bytes = Buffer.concat(frame(payload));
      const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
      fc.assert(
        fc.property(
          fc.array(change, { minLength: 1, maxLength: 6 }),
          fc.nat(bytes.length),
          (changes, end) => {
            const broken = Buffer.from(bytes);
            for (const [at, value] of changes) broken[at] = value;
            try {
              insertCaptions([broken.subarray(0, end)], TRIPLETS, FORMAT);
            } catch (error) {
              expect(error).to.be.instanceOf(MediaBoxError);
            }
          },
        ),
        { numRuns: 2000 },
      );
    });
  });

  describe('the format of a track', () => {
    for (const [codec, lengthSizeAt] of [
      ['h264', 4],
      ['hevc', 21],
    ] as const) {
      it(`is read from a real init segment of ${codec}`, async () => {
        const bytes = (await video({ codec, frames: 1 })).init.bytes;
        expect(unitFormat(bytes)).to.deep.equal({ codec, lengthSize: 4 });
        const short = Buffer.from(bytes);
        const configuration = short.indexOf(codec === 'h264' ? 'avcC' : 'hvcC') + 4;
        short[configuration + lengthSizeAt]! &= ~2;
        expect(unitFormat(short)).to.deep.equal({ codec, lengthSize: 2 });
      });
    }

    it('is refused for other codecs and broken configurations', () => {
      expect(() => unitFormat(init({ entry: box('av01', Buffer.alloc(90)) }))).to.throw(
        MediaBoxError,
        'captions in a track of type "av01"; allowed are H.264 and HEVC with their configuration',
      );
      const cutOff = box('avc1', Buffer.alloc(78), box('avcC', u8(1, 2, 3)));
      expect(() => unitFormat(init({ entry: cutOff }))).to.throw(MediaBoxError, 'cut off');
      expect(() => unitFormat(Buffer.alloc(0))).to.throw(MediaBoxError, 'without a sample entry');
    });
  });

  it('passes a frame without captions on as the same object', () => {
    const inserter = new CaptionInserter(init());
    const bytes = Buffer.concat([init(), ...frame(Buffer.concat([AUD, IDR]))]);
    const fragment = readTrack(bytes).fragments[0]!;
    expect(inserter.insert(fragment, undefined)).to.equal(fragment);
    expect(inserter.insert(fragment, Buffer.alloc(0))).to.equal(fragment);
    const changed = inserter.insert(fragment, TRIPLETS);
    expect(changed.length).to.equal(fragment.length + 4 + H264_UNIT.length);
    expect(changed.length).to.equal(Buffer.concat(changed.bytes).length);
  });

  describe('from a contribution to the renditions', () => {
    const FRAMES = 120;
    const cues = [
      { service: 'CC1', text: 'Good evening', frame: 3 },
      { service: 'CC3', text: 'Buenas tardes', frame: 4 },
      { service: 'CC1', text: 'Here is the news', frame: 50 },
      { service: 'CC1', text: 'Good night', frame: 90 },
    ] as const;
    const TEXTS = ['Good evening', 'Here is the news', 'Good night'];
    let contribution: Buffer;

    before(async function () {
      this.timeout(60_000);
      const ccData = captionFrames(FRAMES, cues);
      const track = await video({ codec: 'h264', frames: FRAMES, bFrames: 3 });
      contribution = await remux(trackBytes(withCaptions(track, (frame) => ccData[frame])), 'mpegts');
    });

    it('has captions that ffmpeg reads to begin with', async () => {
      expect(await decodedText(contribution)).to.deep.equal(TEXTS);
    });

    for (const [codec, rate, frames] of [
      ['h264', '30', FRAMES],
      ['hevc', '30', FRAMES],
      ['h264', '24', 96],
      ['hevc', '60', 240],
    ] as const) {
      it(`keeps the text in ${codec} at ${rate} frames a second, by what ffmpeg decodes`, async () => {
        const captions = new CaptionTrack(Number(rate));
        let first: number | undefined;
        const inspector = new TsInspector({
          onCaptions: ({ pts90k, ccData }) => {
            first ??= pts90k;
            captions.put(Math.round(((pts90k - first) / 90_000) * Number(rate)), ccData);
          },
        });
        inspector.push(contribution);
        inspector.end();
        const plain = await video({ codec, frames, rate });
        expect(await decodedText(trackBytes(plain))).to.deep.equal([]);
        const carried = new Set<number>();
        const track = withCaptions(plain, (frame) => {
          const ccData = captions.take(frame);
          if (ccData) carried.add(frame);
          return ccData;
        });
        const bytes = trackBytes(track);
        expect(await decodedText(bytes)).to.deep.equal(TEXTS);
        const timing = (from: Track) =>
          from.fragments.map(({ time, duration, startsWithKeyFrame }) => [
            time,
            duration,
            startsWithKeyFrame,
          ]);
        expect(timing(readTrack(bytes))).to.deep.equal(timing(plain));
        const shown = await captionedFrames(bytes);
        expect(shown.flatMap(({ captioned }, i) => (captioned ? [i] : []))).to.deep.equal([...carried]);
        expect(shown).to.have.length(frames);
        expect(inspector.services()).to.deep.equal(['CC1', 'CC3']);
        expect(captions.dropped).to.equal(0);
      }).timeout(40_000);
    }
  });
});
