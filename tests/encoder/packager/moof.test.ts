import { expect } from 'chai';
import fc from 'fast-check';
import { MediaBoxError } from '../../../encoder/packager/boxes';
import { parseMoof, type SampleDefaults } from '../../../encoder/packager/moof';
import * as mp4 from '../../support/mp4';

const parse = (moof: Buffer, trex: SampleDefaults = { duration: 11, flags: mp4.NON_SYNC }) =>
  parseMoof(moof, 8, trex);

describe('parseMoof', () => {
  it('takes duration and flags from trex where nothing else gives them', () => {
    const moof = mp4.moof({ time: 5n, samples: [{ size: 1 }, { size: 2 }] });
    expect(parse(moof, { duration: 11, flags: mp4.SYNC })).to.deep.equal({
      time: 5n,
      duration: 22,
      samples: 2,
      startsWithKeyFrame: true,
      laterKeyFrame: true,
    });
    expect(parse(moof, { duration: 11, flags: mp4.NON_SYNC })).to.include({
      startsWithKeyFrame: false,
      laterKeyFrame: false,
    });
  });

  it('puts tfhd defaults above trex, whichever of its optional fields stand before them', () => {
    const optional = fc.option(fc.nat({ max: 1000 }), { nil: undefined });
    fc.assert(
      fc.property(
        optional,
        optional,
        optional,
        optional,
        fc.boolean(),
        (offset, index, duration, size, key) => {
          const tfhd = {
            ...(offset !== undefined && { baseDataOffset: BigInt(offset) }),
            ...(index !== undefined && { descriptionIndex: index }),
            ...(duration !== undefined && { duration }),
            ...(size !== undefined && { size }),
            flags: key ? mp4.SYNC : mp4.NON_SYNC,
          };
          const moof = mp4.moof({ time: 0n, tfhd, samples: [{}, {}, {}] });
          expect(parse(moof)).to.include({
            duration: 3 * (duration ?? 11),
            samples: 3,
            startsWithKeyFrame: key,
            laterKeyFrame: key,
          });
        },
      ),
    );
  });

  it('puts the values of each sample above tfhd', () => {
    const samples = [
      { duration: 100, size: 1, flags: mp4.NON_SYNC, compositionOffset: 9 },
      { duration: 20, size: 2, flags: mp4.SYNC, compositionOffset: 9 },
      { duration: 3, size: 3, flags: mp4.NON_SYNC, compositionOffset: 9 },
    ];
    expect(
      parse(mp4.moof({ time: 0n, tfhd: { duration: 7, flags: mp4.SYNC }, samples, dataOffset: 1 })),
    ).to.include({
      duration: 123,
      samples: 3,
      startsWithKeyFrame: false,
      laterKeyFrame: true,
    });
  });

  it('adds up any mixture of per-sample fields', () => {
    const sample = fc.record({
      duration: fc.nat(),
      size: fc.nat(),
      flags: fc.constantFrom(mp4.SYNC, mp4.NON_SYNC),
    });
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (all, durations, sizes, flags) => {
          const samples = all.map((one) => ({
            ...(durations && { duration: one.duration }),
            ...(sizes && { size: one.size }),
            ...(flags && { flags: one.flags }),
          }));
          const keys = all.map((one) => flags && one.flags === mp4.SYNC);
          expect(parse(mp4.moof({ time: 0n, samples, dataOffset: 4 }))).to.deep.equal({
            time: 0n,
            duration: durations ? all.reduce((sum, { duration }) => sum + duration, 0) : 11 * all.length,
            samples: all.length,
            startsWithKeyFrame: keys[0],
            laterKeyFrame: keys.slice(1).includes(true),
          });
        },
      ),
    );
  });

  it('applies first-sample-flags to the first sample alone', () => {
    const samples = [{ size: 1 }, { size: 1 }];
    const tfhd = { flags: mp4.NON_SYNC };
    expect(parse(mp4.moof({ time: 0n, tfhd, samples, firstSampleFlags: mp4.SYNC }))).to.include({
      startsWithKeyFrame: true,
      laterKeyFrame: false,
    });
    expect(
      parse(
        mp4.moof({
          time: 0n,
          tfhd: { flags: mp4.SYNC },
          samples,
          firstSampleFlags: mp4.NON_SYNC,
          dataOffset: 8,
        }),
      ),
    ).to.include({ startsWithKeyFrame: false, laterKeyFrame: true });
  });

  it('adds up the truns of a traf and looks for the key frame in the first alone', () => {
    const run = (flags: number, count: number) =>
      mp4.trun({ samples: Array.from({ length: count }, () => ({ duration: 10, flags })) });
    const traf = (...truns: Buffer[]) =>
      mp4.box('moof', mp4.box('traf', mp4.fullBox('tfhd', 0, 0, mp4.u32(1)), mp4.tfdt(0n), ...truns));
    expect(parse(traf(run(mp4.SYNC, 1), run(mp4.NON_SYNC, 2)))).to.include({
      ...{ duration: 30, samples: 3, startsWithKeyFrame: true, laterKeyFrame: false },
    });
    expect(parse(traf(run(mp4.NON_SYNC, 2), run(mp4.SYNC, 1)))).to.include({
      ...{ duration: 30, samples: 3, startsWithKeyFrame: false, laterKeyFrame: true },
    });
  });

  const times: [string, bigint, 0 | 1][] = [
    ['0 in 32 bits', 0n, 0],
    ['2^31 in 32 bits', 2n ** 31n, 0],
    ['2^32 - 1 in 32 bits', 2n ** 32n - 1n, 0],
    ['0 in 64 bits', 0n, 1],
    ['2^32, which 32 bits do not hold', 2n ** 32n, 1],
    ['2^33 + 1, where the clock of MPEG-TS wraps', 2n ** 33n + 1n, 1],
    ['2^53 + 1, which a double does not hold', 2n ** 53n + 1n, 1],
    ['2^64 - 1', 2n ** 64n - 1n, 1],
  ];
  for (const [name, time, tfdtVersion] of times) {
    it(`reads a tfdt of ${name}`, () => {
      expect(parse(mp4.moof({ time, tfdtVersion, samples: [{ duration: 1 }] })).time).to.equal(time);
    });
  }

  describe('refuses', () => {
    const moof = (...children: Buffer[]) => mp4.box('moof', ...children);
    const tfhd = mp4.fullBox('tfhd', 0, 0, mp4.u32(1));
    const trun = mp4.trun({ samples: [{ duration: 1 }] });
    const cases: [string, Buffer, string][] = [
      ['no traf', moof(), 'a moof with 0 tracks'],
      ['no tfdt', moof(mp4.box('traf', tfhd, trun)), 'a moof without tfdt'],
      ['no trun', moof(mp4.box('traf', tfhd, mp4.tfdt(0n))), 'a moof without samples'],
      ['a trun of no samples', mp4.moof({ time: 0n, samples: [] }), 'a moof without samples'],
      [
        'a trun that says more samples than it holds',
        moof(mp4.box('traf', tfhd, mp4.tfdt(0n), mp4.fullBox('trun', 0, 0x100, mp4.u32(3, 10, 10)))),
        'a trun that says 3 samples in 16 bytes',
      ],
      [
        'a trun of 2^32 - 1 samples with fields',
        moof(mp4.box('traf', tfhd, mp4.tfdt(0n), mp4.fullBox('trun', 0, 0xf00, mp4.u32(2 ** 32 - 1)))),
        'a trun that says 4294967295 samples',
      ],
      [
        'a trun of 2^32 - 1 samples without fields',
        moof(mp4.box('traf', tfhd, mp4.tfdt(0n), mp4.fullBox('trun', 0, 0, mp4.u32(2 ** 32 - 1)))),
        'a moof of more than 1000000 samples',
      ],
      [
        'a box longer than what is around it',
        moof(mp4.u32(9), mp4.ascii('traf')),
        'a "traf" box of 9 bytes where 8 are left',
      ],
      ['a header that is cut off', moof(mp4.u32(8)), 'a box header cut off at byte 8'],
    ];
    for (const [what, bytes, message] of cases) {
      it(what, () => {
        expect(() => parse(bytes)).to.throw(MediaBoxError, message);
      });
    }
  });
});
