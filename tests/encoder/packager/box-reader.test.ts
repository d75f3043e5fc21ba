import { expect } from 'chai';
import fc from 'fast-check';
import { MediaBoxError } from '../../../encoder/packager/boxes';
import { BoxReader, type Fragment } from '../../../encoder/packager/box-reader';
import type { InitSegment } from '../../../encoder/packager/init';
import * as mp4 from '../../support/mp4';

interface Read {
  readonly inits: InitSegment[];
  readonly fragments: Fragment[];
}

function read(chunks: readonly Uint8Array[], end = true): Read {
  const result: Read = { inits: [], fragments: [] };
  const reader = new BoxReader({
    init: (init) => result.inits.push(init),
    fragment: (fragment) => result.fragments.push(fragment),
  });
  for (const chunk of chunks) reader.push(chunk);
  if (end) reader.end();
  return result;
}

const bytesOf = ({ bytes }: Fragment): Buffer => Buffer.concat(bytes);
const joined = ({ fragments }: Read): string[] =>
  fragments.map((fragment) => bytesOf(fragment).toString('hex'));
const timing = ({ time, duration, samples, startsWithKeyFrame, laterKeyFrame }: Fragment) => ({
  time,
  duration,
  samples,
  startsWithKeyFrame,
  laterKeyFrame,
});

/** The stream cut at the given places. */
function split(stream: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...[...cuts].sort((a, b) => a - b), stream.length];
  return at.slice(1).map((end, i) => alone(stream.subarray(at[i], end)));
}

/** In memory of its own, as a pipe's chunks are: small buffers of Node share a pool. */
const alone = (bytes: Uint8Array): Buffer => Buffer.from(new Uint8Array(bytes).buffer);

const styp = mp4.box('styp', mp4.ascii('msdh'), mp4.u32(0), mp4.ascii('msdhmsix'));
const prft = mp4.fullBox('prft', 1, 24, mp4.u32(1), mp4.u64(1n, 2n));
const emsg = mp4.fullBox('emsg', 0, 0, mp4.ascii('urn:scte:scte35:2013:bin\0\0'), mp4.u32(1, 0, 0, 1));
const sidx = mp4.fullBox('sidx', 0, 0, mp4.u32(1, 30_000, 0, 0, 0));
const free = mp4.box('free', Buffer.alloc(40));
const moofAt = (time: bigint) => mp4.moof({ time, samples: [{ duration: 1000, size: 5, flags: mp4.SYNC }] });

/** One of everything that may stand in a stream. */
const stream = Buffer.concat([
  mp4.ftyp(),
  mp4.moov(),
  ...[styp, sidx, prft, moofAt(0n), mp4.box('mdat', Buffer.from('first'))],
  mp4.frame(1000n, 1000, false, Buffer.alloc(300, 0x6d)),
  ...[free, emsg, emsg, moofAt(2000n), mp4.largeBox('mdat', Buffer.from('third'))],
  ...[mp4.largeBox('free', Buffer.alloc(3)), moofAt(3000n), mp4.box('mdat')],
  mp4.box('mfra', Buffer.alloc(16)),
]);
const whole = read([stream]);

describe('BoxReader', () => {
  it('gives the init of ftyp and moov, and every fragment byte for byte', () => {
    expect(
      whole.inits.map(({ bytes }) => bytes.equals(Buffer.concat([mp4.ftyp(), mp4.moov()]))),
    ).to.deep.equal([true]);
    expect(joined(whole)).to.deep.equal(
      [
        [styp, prft, moofAt(0n), mp4.box('mdat', Buffer.from('first'))],
        [mp4.frame(1000n, 1000, false, Buffer.alloc(300, 0x6d))],
        [emsg, emsg, moofAt(2000n), mp4.largeBox('mdat', Buffer.from('third'))],
        [moofAt(3000n), mp4.box('mdat')],
      ].map((parts) => Buffer.concat(parts).toString('hex')),
    );
    expect(whole.fragments.map((fragment) => [fragment.time, fragment.length])).to.deep.equal(
      whole.fragments.map((fragment, i) => [BigInt(1000 * i), bytesOf(fragment).length]),
    );
  });

  it('keeps styp, prft and emsg with their fragment and drops sidx, free, skip, udta, uuid and mfra', () => {
    const boxes = [
      styp,
      free,
      prft,
      mp4.box('skip'),
      emsg,
      sidx,
      mp4.box('udta'),
      mp4.box('uuid', Buffer.alloc(16)),
    ];
    const frame = mp4.frame(0n, 1000, true, Buffer.from('payload'));
    const { fragments } = read([mp4.init(), ...boxes, frame, mp4.box('mfra', Buffer.alloc(8))]);
    expect(fragments.map(bytesOf)).to.deep.equal([Buffer.concat([styp, prft, emsg, frame])]);
  });

  it('gives the same however the stream is cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 40 }), (cuts) => {
        const result = read(split(stream, cuts));
        expect(joined(result)).to.deep.equal(joined(whole));
        expect(result.fragments.map(timing)).to.deep.equal(whole.fragments.map(timing));
        expect(result.fragments.map(({ length }) => length)).to.deep.equal(
          whole.fragments.map(({ length }) => length),
        );
        expect(result.inits).to.deep.equal(whole.inits);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same byte by byte, and for every place of a single cut', () => {
    expect(joined(read(Array.from(stream, (_, i) => stream.subarray(i, i + 1))))).to.deep.equal(
      joined(whole),
    );
    for (let cut = 0; cut <= stream.length; cut++) {
      expect(joined(read(split(stream, [cut]))), `cut at ${cut}`).to.deep.equal(joined(whole));
    }
  });

  it('gives a fragment as soon as its last byte is there, not with the next one', () => {
    const frame = mp4.frame(0n, 1000, true, Buffer.from('payload'));
    const lengths: number[] = [];
    const reader = new BoxReader({ init: () => undefined, fragment: ({ length }) => lengths.push(length) });
    reader.push(mp4.init());
    reader.push(frame.subarray(0, -1));
    expect(lengths).to.deep.equal([]);
    reader.push(frame.subarray(-1));
    expect(lengths).to.deep.equal([frame.length]);
  });

  it('copies no media: every payload byte is memory of the chunk that brought it', () => {
    const payload = Buffer.alloc(200_000, 7);
    const chunks = split(
      Buffer.concat([mp4.init(), mp4.frame(0n, 1000, true, payload)]),
      [65_536, 131_072, 131_073],
    );
    const { fragments } = read(chunks);
    const owners = new Set(chunks.map(({ buffer }) => buffer));
    const shared = fragments[0]!.bytes.filter(({ buffer }) => owners.has(buffer as ArrayBuffer));
    expect(shared.reduce((sum, { length }) => sum + length, 0)).to.equal(payload.length);
    expect(shared).to.have.length(4);
    // What is written into a chunk afterwards shows in the fragment, and nowhere else does it show.
    chunks[1]!.fill(9);
    const ninth = bytesOf(fragments[0]!).filter((byte) => byte === 9).length;
    expect(ninth).to.be.at.least(chunks[1]!.length);
  });

  it('holds no chunk for the sake of a small box in it', () => {
    const chunk = alone(Buffer.concat([mp4.init(), styp, mp4.frame(0n, 1000, true, Buffer.alloc(0))]));
    const { inits, fragments } = read([chunk]);
    expect(
      [inits[0]!.bytes, ...fragments[0]!.bytes].filter(({ buffer }) => buffer === chunk.buffer),
    ).to.deep.equal([]);
  });

  it('reads an mdat whose size is 64 bits, split inside that size', () => {
    const payload = Buffer.from('0123456789');
    const moof = moofAt(0n);
    const mdat = mp4.largeBox('mdat', payload);
    const bytes = Buffer.concat([mp4.init(), moof, mdat]);
    const start = bytes.length - mdat.length;
    for (let cut = start; cut <= start + 16; cut++) {
      const { fragments } = read(split(bytes, [cut]));
      expect(fragments.map(bytesOf), `cut at ${cut - start}`).to.deep.equal([Buffer.concat([moof, mdat])]);
    }
  });

  it('takes moov and moof with 64-bit sizes too', () => {
    const body = (box: Buffer) => box.subarray(8);
    const moov = mp4.largeBox('moov', body(mp4.moov({ timescale: 25_000 })));
    const moof = mp4.largeBox('moof', body(moofAt(7n)));
    const { inits, fragments } = read([mp4.ftyp(), moov, moof, mp4.box('mdat', Buffer.from('x'))]);
    expect(inits[0]).to.include({ timescale: 25_000, codecs: 'avc1.64001e', width: 640, height: 360 });
    expect(timing(fragments[0]!)).to.include({ time: 7n, duration: 1000, startsWithKeyFrame: true });
  });

  it('reads 10,000 frames in chunks of 64 KiB without gathering them', () => {
    const frames = Array.from({ length: 10_000 }, (_, i) =>
      mp4.frame(BigInt(i) * 1000n, 1000, i % 60 === 0, Buffer.alloc(i % 700)),
    );
    const bytes = Buffer.concat([mp4.init(), ...frames]);
    const cuts = Array.from({ length: Math.floor(bytes.length / 65_536) }, (_, i) => (i + 1) * 65_536);
    const { fragments } = read(split(bytes, cuts));
    expect(fragments).to.have.length(10_000);
    expect(
      Buffer.concat(fragments.flatMap(({ bytes: parts }) => parts)).equals(Buffer.concat(frames)),
    ).to.equal(true);
    expect(fragments.filter(({ startsWithKeyFrame }) => startsWithKeyFrame)).to.have.length(167);
  });

  describe('refuses', () => {
    const mdat = mp4.box('mdat', Buffer.from('x'));
    const trackless = mp4.box('moov', mp4.box('mvex', mp4.trex()));
    const two = mp4.box('moov', mp4.trak(), mp4.trak({ handler: 'soun' }), mp4.box('mvex', mp4.trex()));
    const twoTrafs = mp4.box(
      'moof',
      ...[0, 1].map(() => mp4.box('traf', mp4.tfdt(0n), mp4.trun({ samples: [{}] }))),
    );
    const cases: [what: string, chunks: Buffer[], message: string][] = [
      ['an mdat without a moof', [mp4.init(), mdat], 'an mdat without a moof before it'],
      ['a second mdat of one moof', [mp4.init(), moofAt(0n), mdat, mdat], 'an mdat without a moof before it'],
      ['a moof before the moov', [mp4.ftyp(), moofAt(0n)], 'a moof before the moov'],
      ['a second moov', [mp4.init(), mp4.moov()], 'a second moov in one stream'],
      ['two moofs in a row', [mp4.init(), moofAt(0n), moofAt(1n)], 'a moof between a moof and its mdat'],
      [
        'a box between a moof and its mdat',
        [mp4.init(), moofAt(0n), free],
        'a free between a moof and its mdat',
      ],
      ['a moov without a track', [trackless], 'a moov with 0 tracks; a stream carries one track'],
      ['a moov of two tracks', [two], 'a moov with 2 tracks; a stream carries one track'],
      ['a moof of two tracks', [mp4.init(), twoTrafs], 'a moof with 2 tracks; a stream carries one track'],
      ['a box that is no part of a stream', [mp4.init(), mp4.box('moox')], 'an unexpected moox box'],
      ['a type that is no text', [mp4.u32(8, 0x01020304)], 'no box of fragmented MP4: type "\\u0001\\u0002'],
      ['a size smaller than the header', [mp4.u32(7), mp4.ascii('free')], 'type "free", 7 bytes'],
      ['a size of 0, to the end of the file', [mp4.u32(0), mp4.ascii('free')], 'type "free", 0 bytes'],
      ['a 64-bit size smaller than its header', [mp4.u32(1), mp4.ascii('free'), mp4.u64(15n)], '15 bytes'],
      [
        'a 64-bit size of 2^64 - 1',
        [mp4.u32(1), mp4.ascii('free'), mp4.u64(2n ** 64n - 1n)],
        '18446744073709552000 bytes',
      ],
      [
        'a moof above 4 MiB',
        [mp4.init(), mp4.u32(4 * 2 ** 20 + 1), mp4.ascii('moof')],
        'type "moof", 4194305 bytes',
      ],
      [
        'an mdat above 128 MiB',
        [mp4.init(), moofAt(0n), mp4.u32(2 ** 27 + 1), mp4.ascii('mdat')],
        'type "mdat", 134217729 bytes',
      ],
      [
        'a 64-bit mdat of a terabyte',
        [mp4.init(), moofAt(0n), mp4.u32(1), mp4.ascii('mdat'), mp4.u64(2n ** 40n)],
        '1099511627776 bytes',
      ],
      ['text', [Buffer.from('#EXTM3U\n#EXT-X-VERSION:6\n')], 'no box of fragmented MP4'],
      ['MPEG-TS', [Buffer.from([0x47, 0x40, 0x11, 0x10, 0, 0x42, 0xf0, 0x25])], 'no box of fragmented MP4'],
    ];
    for (const [what, chunks, message] of cases) {
      it(what, () => {
        expect(() => read(chunks, false)).to.throw(MediaBoxError, message);
      });
    }

    it('a stream that ends anywhere but between fragments', () => {
      const boundaries = new Set([0]);
      let at = 0;
      while (at < stream.length) {
        const type = stream.toString('latin1', at + 4, at + 8);
        const size = stream.readUInt32BE(at);
        at += size === 1 ? Number(stream.readBigUInt64BE(at + 8)) : size;
        // The end of a moof is no boundary: its mdat is missing.
        if (type !== 'moof') boundaries.add(at);
      }
      const accepted: number[] = [];
      for (let end = 0; end <= stream.length; end++) {
        try {
          read([stream.subarray(0, end)]);
          accepted.push(end);
        } catch (error) {
          expect(error).to.be.instanceOf(MediaBoxError);
          expect((error as Error).message).to.match(/^the stream ended inside a /);
        }
      }
      expect(accepted).to.deep.equal([...boundaries]);
    });
  });

  it('allocates nothing for a size that is only claimed', () => {
    const before = process.memoryUsage();
    const readers: unknown[] = [];
    for (let i = 0; i < 20; i++) {
      const reader = new BoxReader({ init: () => undefined, fragment: () => undefined });
      for (const chunk of [mp4.init(), moofAt(0n), mp4.u32(2 ** 27), mp4.ascii('mdat')]) reader.push(chunk);
      readers.push(reader);
    }
    expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).to.be.below(8 * 2 ** 20);
    expect(readers).to.have.length(20);
  });

  describe('fuzzed', () => {
    /** Nothing but the documented error may come out, and soon. */
    function survives(chunks: readonly Uint8Array[]): boolean {
      const started = process.cpuUsage();
      try {
        read(chunks);
        return true;
      } catch (error) {
        if (!(error instanceof MediaBoxError)) throw error;
        return false;
      } finally {
        expect(process.cpuUsage(started).user / 1000, 'milliseconds of CPU').to.be.below(500);
      }
    }

    it('throws only MediaBoxError on random bytes', () => {
      fc.assert(
        fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), (chunks) => {
          survives(chunks);
        }),
        { numRuns: 2000 },
      );
    });

    const video = [mp4.init(), mp4.frame(0n, 1000, true, Buffer.from('x'))];
    const hevc = {
      profile: 1,
      compatibility: 0x6000_0000,
      tier: 'L',
      level: 93,
      constraints: [0x90, 0, 0, 0, 0, 0],
    } as const;
    const streams = {
      'an H.264 stream': video,
      'an HEVC stream': [mp4.init({ entry: mp4.hevcEntry(hevc) }), video[1]!],
      'an AAC stream': [mp4.init({ handler: 'soun', timescale: 48_000, entry: mp4.aacEntry() }), video[1]!],
      'a stream with every optional field': [
        mp4.init({ mdhdVersion: 1, defaultDuration: 5, defaultFlags: mp4.NON_SYNC }),
        ...[styp, prft, emsg, sidx],
        mp4.moof({
          time: 2n ** 40n,
          tfhd: { baseDataOffset: 1n, descriptionIndex: 1, duration: 2, size: 3, flags: 4 },
          samples: [1, 2].map((duration) => ({ duration, size: 1, flags: mp4.SYNC, compositionOffset: 0 })),
          dataOffset: 8,
        }),
        mp4.largeBox('mdat', Buffer.from('xx')),
      ],
    };
    for (const [name, chunks] of Object.entries(streams)) {
      const bytes = Buffer.concat(chunks);

      it(`throws only MediaBoxError on ${name} with bytes changed`, () => {
        expect(survives([bytes])).to.equal(true);
        let refused = 0;
        const change = fc.tuple(
          fc.nat({ max: bytes.length - 1 }),
          fc.oneof(fc.constantFrom(0, 1, 7, 127, 255), fc.nat({ max: 255 })),
        );
        fc.assert(
          fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
            const mutated = Buffer.from(bytes);
            for (const [at, value] of changes) mutated[at] = value;
            if (!survives([mutated])) refused++;
          }),
          { numRuns: 3000 },
        );
        expect(refused).to.be.above(100);
      });

      it(`throws only MediaBoxError on ${name} with any one byte set to 0, 1, 8, 16 or 255`, () => {
        for (let at = 0; at < bytes.length; at++) {
          for (const value of [0, 1, 8, 16, 255]) {
            const mutated = Buffer.from(bytes);
            mutated[at] = value;
            survives([mutated]);
          }
        }
      });

      it(`throws only MediaBoxError on ${name} with a box made shorter, in and around it`, () => {
        for (const { start, path } of boxesOf(bytes)) {
          const size = bytes.readUInt32BE(start);
          for (let less = 1; less <= size - 8 && less < 200; less++) survives([shortened(bytes, path, less)]);
        }
      });
    }

    it('does not count for long: a moof may not claim more samples than it can hold', () => {
      const claim = mp4.fullBox('trun', 0, 0, mp4.u32(1_000_000));
      const traf = mp4.box(
        'traf',
        mp4.fullBox('tfhd', 0, 0, mp4.u32(1)),
        mp4.tfdt(0n),
        ...Array<Buffer>(2000).fill(claim),
      );
      survives([mp4.init(), mp4.box('moof', traf), mp4.box('mdat')]);
    });
  });
});

interface Place {
  readonly start: number;
  /** Where each box begins that has this one inside it, itself last. */
  readonly path: readonly number[];
}

const CONTAINERS: Readonly<Record<string, number>> = {
  ...{ moov: 8, trak: 8, mdia: 8, minf: 8, stbl: 8, mvex: 8, moof: 8, traf: 8 },
  ...{ stsd: 16, avc1: 86, hvc1: 86, mp4a: 36 },
};

function boxesOf(bytes: Buffer, from = 0, to = bytes.length, around: readonly number[] = []): Place[] {
  const places: Place[] = [];
  for (let at = from; at + 8 <= to;) {
    const size = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const path = [...around, at];
    const inside = CONTAINERS[type];
    if (size >= 8) places.push({ start: at, path });
    if (inside !== undefined) places.push(...boxesOf(bytes, at + inside, at + size, path));
    at += size === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : size;
  }
  return places;
}

/** The innermost box of a path loses its last bytes; all around it shrink as well. */
function shortened(bytes: Buffer, path: readonly number[], less: number): Buffer {
  const out = Buffer.from(bytes);
  for (const at of path) out.writeUInt32BE(out.readUInt32BE(at) - less, at);
  const end = path.at(-1)! + out.readUInt32BE(path.at(-1));
  return Buffer.concat([out.subarray(0, end), out.subarray(end + less)]);
}
