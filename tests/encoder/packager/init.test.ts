import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { MediaBoxError } from '../../../encoder/packager/boxes';
import { parseInit, type InitSegment } from '../../../encoder/packager/init';
import * as mp4 from '../../support/mp4';

function parse(options: mp4.InitOptions = {}, moov = mp4.moov(options)): InitSegment {
  return parseInit(Buffer.concat([mp4.ftyp(), moov]), moov, 8);
}

const audio = (options: mp4.AacOptions = {}): InitSegment =>
  parse({ handler: 'soun', timescale: 48_000, entry: mp4.aacEntry(options) });

describe('parseInit', () => {
  it('names the init by the first 32 hex digits of its SHA-256', () => {
    const { bytes, hash } = parse();
    expect(bytes.equals(mp4.init())).to.equal(true);
    expect(hash).to.equal(createHash('sha256').update(mp4.init()).digest('hex').slice(0, 32));
    expect(parse({ timescale: 30_001 }).hash).to.not.equal(hash);
  });

  it('reads the timescale of an mdhd of either version', () => {
    expect(parse({ timescale: 60_000, mdhdVersion: 0 }).timescale).to.equal(60_000);
    expect(parse({ timescale: 2 ** 31 + 5, mdhdVersion: 1 }).timescale).to.equal(2 ** 31 + 5);
  });

  it('reads the defaults of trex', () => {
    expect(parse({ defaultDuration: 1001, defaultFlags: mp4.NON_SYNC }).defaults).to.deep.equal({
      duration: 1001,
      flags: mp4.NON_SYNC,
    });
  });

  it('reads an H.264 track: codec, width and height', () => {
    expect(parse({ entry: mp4.avcEntry([0x4d, 0x40, 0x29], 1920, 1080) })).to.include({
      ...{ kind: 'video', codecs: 'avc1.4d4029', width: 1920, height: 1080 },
    });
  });

  const hevc: [string, mp4.HevcProfile][] = [
    // The three examples of ISO/IEC 14496-15 annex E and of what ffmpeg writes for Main and Main 10.
    [
      'hvc1.1.6.L93.90',
      { profile: 1, compatibility: 0x6000_0000, tier: 'L', level: 93, constraints: [0x90, 0, 0, 0, 0, 0] },
    ],
    [
      'hvc1.2.4.L120.B0',
      { profile: 2, compatibility: 0x2000_0000, tier: 'L', level: 120, constraints: [0xb0, 0, 0, 0, 0, 0] },
    ],
    [
      'hvc1.A4.41.H120.B0.23',
      {
        space: 1,
        profile: 4,
        compatibility: 0x8200_0000,
        tier: 'H',
        level: 120,
        constraints: [0xb0, 0x23, 0, 0, 0, 0],
      },
    ],
    [
      'hev1.C31.80000001.L255.0.0.0.0.0.1',
      {
        type: 'hev1',
        space: 3,
        profile: 31,
        compatibility: 0x8000_0001,
        tier: 'L',
        level: 255,
        constraints: [0, 0, 0, 0, 0, 1],
      },
    ],
    [
      'hvc1.B1.FFFFFFFF.L30',
      {
        space: 2,
        profile: 1,
        compatibility: 0xffff_ffff,
        tier: 'L',
        level: 30,
        constraints: [0, 0, 0, 0, 0, 0],
      },
    ],
  ];
  for (const [codecs, profile] of hevc) {
    it(`writes the HEVC codec ${codecs}`, () => {
      expect(parse({ entry: mp4.hevcEntry(profile) })).to.include({
        kind: 'video',
        codecs,
        width: 1280,
        height: 720,
      });
    });
  }

  it('reads an AAC track: codec, channels, sample rate', () => {
    expect(audio()).to.include({ kind: 'audio', codecs: 'mp4a.40.2', channels: 2, sampleRate: 48_000 });
    expect(audio({ channels: 1, sampleRate: 44_100 })).to.include({ channels: 1, sampleRate: 44_100 });
  });

  const esds: [string, mp4.AacOptions, string][] = [
    ['descriptors whose length is one byte', { lengthBytes: 1 }, 'mp4a.40.2'],
    ['a dependency on another stream', { es: mp4.u8(0x80, 0, 4) }, 'mp4a.40.2'],
    ['a URL', { es: Buffer.concat([mp4.u8(0x40, 4), mp4.ascii('http')]) }, 'mp4a.40.2'],
    ['an object clock stream', { es: mp4.u8(0x20, 0, 9) }, 'mp4a.40.2'],
    [
      'all optional fields',
      { es: Buffer.concat([mp4.u8(0xe0, 0, 4, 1), mp4.ascii('h'), mp4.u8(0, 9)]) },
      'mp4a.40.2',
    ],
    ['HE-AAC', { config: mp4.u8(0x2b, 0x92, 0x08, 0x00) }, 'mp4a.40.5'],
    ['an object type above 31', { config: mp4.u8(0xf9, 0x40) }, 'mp4a.40.42'],
  ];
  for (const [what, options, codecs] of esds) {
    it(`reads an esds with ${what} as ${codecs}`, () => {
      expect(audio(options).codecs).to.equal(codecs);
    });
  }

  describe('refuses', () => {
    const without = (path: string[]): Buffer => {
      // A moov in which the last box of the path has another name.
      const moov = mp4.moov();
      let at = 8;
      for (const type of path) at = moov.indexOf(type, at, 'latin1') + 4;
      moov.write('xxxx', at - 4, 'latin1');
      return moov;
    };
    const cases: [string, Buffer, string][] = [
      ['no mdhd', without(['mdia', 'mdhd']), 'a moov without mdia/mdhd'],
      ['no hdlr', without(['mdia', 'hdlr']), 'a moov without mdia/hdlr'],
      ['no stsd', without(['mdia', 'minf', 'stbl', 'stsd']), 'a moov without mdia/minf/stbl/stsd'],
      ['no trex: it is not fragmented', without(['mvex', 'trex']), 'a moov without mvex/trex'],
      ['no sample entry', mp4.moov({ entry: Buffer.alloc(0) }), 'a moov without a sample entry'],
      [
        'a track of another type',
        mp4.moov({ handler: 'text' }),
        'a track of type "text"; allowed are video and audio',
      ],
      [
        'another video codec',
        mp4.moov({ entry: mp4.box('vp09', Buffer.alloc(90)) }),
        'a video track of type "vp09"',
      ],
      [
        'another audio codec',
        mp4.moov({ handler: 'soun', entry: mp4.box('ac-3', Buffer.alloc(40)) }),
        'an audio track of type "ac-3"; allowed is mp4a',
      ],
      [
        'H.264 without avcC',
        mp4.moov({ entry: mp4.box('avc1', Buffer.alloc(78)) }),
        'an H.264 track without avcC',
      ],
      [
        'an avcC that is cut off',
        mp4.moov({ entry: mp4.box('avc1', Buffer.alloc(78), mp4.box('avcC', Buffer.alloc(3, 1))) }),
        'an H.264 track without avcC',
      ],
      [
        'an hvcC that is cut off',
        mp4.moov({ entry: mp4.box('hvc1', Buffer.alloc(78), mp4.box('hvcC', Buffer.alloc(12, 1))) }),
        'an HEVC track without hvcC',
      ],
      [
        'HEVC without hvcC',
        mp4.moov({ entry: mp4.box('hvc1', Buffer.alloc(78)) }),
        'an HEVC track without hvcC',
      ],
      [
        'AAC without esds',
        mp4.moov({ handler: 'soun', entry: mp4.box('mp4a', Buffer.alloc(28)) }),
        'an AAC track without esds',
      ],
    ];
    for (const [what, moov, message] of cases) {
      it(what, () => {
        expect(() => parse({}, moov)).to.throw(MediaBoxError, message);
      });
    }
  });
});
