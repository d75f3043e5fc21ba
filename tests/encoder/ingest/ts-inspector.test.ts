import { expect } from 'chai';
import fc from 'fast-check';
import path from 'node:path';
import { readFile, writeFile } from 'node:fs/promises';
import { TsInspector } from '../../../encoder/ingest/ts/inspector';
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
  type VideoOptions,
} from '../../support/captions';

const PACKET = 188;
const FRAMES = 60;
const CUES = [
  { service: 'CC1', text: 'Good evening', frame: 3 },
  { service: 'CC3', text: 'Buenas tardes', frame: 5 },
] as const;
const ccData = captionFrames(FRAMES, CUES);

interface Inspected {
  readonly programs: Program[];
  readonly captions: PictureCaptions[];
  readonly inspector: TsInspector;
}

function inspect(chunks: Iterable<Buffer>): Inspected {
  const programs: Program[] = [];
  const captions: PictureCaptions[] = [];
  const inspector = new TsInspector({
    onProgram: (program) => programs.push(program),
    onCaptions: (each) => captions.push(each),
  });
  for (const chunk of chunks) inspector.push(chunk);
  inspector.end();
  return { programs, captions, inspector };
}

/** Cuts at sizes that are used over and over. */
function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; at += sizes[i % sizes.length]!, i++) {
    yield bytes.subarray(at, at + sizes[i % sizes.length]!);
  }
}

const packetsOf = (bytes: Buffer): Buffer[] => [...cut(bytes, [PACKET])];
const pidOf = (packet: Buffer): number => packet.readUInt16BE(1) & 0x1fff;

async function captioned(options: Omit<VideoOptions, 'frames'>, ...mux: string[]): Promise<Buffer> {
  const track = await video({ ...options, frames: FRAMES });
  return remux(trackBytes(withCaptions(track, (frame) => ccData[frame])), 'mpegts', ...mux);
}

describe('MPEG-TS inspector', () => {
  const streams = new Map<string, Buffer>();
  const kinds = [
    { codec: 'h264', bFrames: 0 },
    { codec: 'h264', bFrames: 3 },
    { codec: 'hevc', bFrames: 0 },
    { codec: 'hevc', bFrames: 3 },
  ] as const;
  const stream = (codec: 'h264' | 'hevc', bFrames: number): Buffer => streams.get(`${codec}-${bFrames}`)!;

  before(async function () {
    this.timeout(60_000);
    for (const kind of kinds) streams.set(`${kind.codec}-${kind.bFrames}`, await captioned(kind));
  });

  describe('programme', () => {
    it('tells PIDs, codecs and languages as ffmpeg muxed them', async () => {
      const bytes = await inFolder(async (folder) => {
        const file = path.join(folder, 'av.ts');
        await ffmpeg(
          ...['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=30', '-f', 'lavfi', '-i', 'sine', '-t', '0.5'],
          ...['-map', '0:v', '-map', '1:a', '-map', '1:a', '-map', '1:a', '-c:v', 'libx264', '-c:a:0', 'aac'],
          ...['-c:a:1', 'mp2', '-c:a:2', 'ac3', '-metadata:s:a:0', 'language=eng'],
          ...['-metadata:s:a:1', 'language=deu', '-streamid', '0:4660', file],
        );
        return readFile(file);
      });
      expect(inspect([bytes]).programs).to.deep.equal([
        {
          video: { pid: 4660, codec: 'h264' },
          audio: [
            { pid: 257, codec: 'aac', language: 'eng' },
            { pid: 258, codec: 'mp2', language: 'deu' },
            { pid: 259, codec: 'ac3' },
          ],
        },
      ]);
    });

    it('believes no table whose CRC is wrong', () => {
      const broken = packetsOf(stream('h264', 0)).map((packet) => {
        if (pidOf(packet) !== 4096) return packet;
        const copy = Buffer.from(packet);
        copy[18]! ^= 0x01;
        return copy;
      });
      const { programs, captions } = inspect(broken);
      expect([programs, captions]).to.deep.equal([[], []]);
    });

    it('goes from H.264 to HEVC on the same PID, captions and all', async () => {
      const { programs, captions } = inspect([stream('h264', 3), stream('hevc', 3)]);
      expect(programs).to.deep.equal([
        { video: { pid: 256, codec: 'h264' }, audio: [] },
        { video: { pid: 256, codec: 'hevc' }, audio: [] },
      ]);
      expect(captions.map((each) => each.ccData)).to.deep.equal([...ccData, ...ccData]);
      const times = await Promise.all([stream('h264', 3), stream('hevc', 3)].map(captionedFrames));
      expect(captions.map(({ pts90k }) => pts90k)).to.deep.equal(times.flat().map(({ pts }) => pts));
    });
  });

  describe('captions', () => {
    for (const { codec, bFrames } of kinds) {
      it(`gives those of ${codec} with ${bFrames} B frames by presentation time, whatever the chunks`, async () => {
        const bytes = stream(codec, bFrames);
        const shown = await captionedFrames(bytes);
        expect(shown.map((frame) => frame.captioned)).to.deep.equal(ccData.map(() => true));
        const expected = shown.map(({ pts }, i) => ({ pts90k: pts, ccData: ccData[i]! }));
        const sizes = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 20 });
        fc.assert(
          fc.property(sizes, (each) => {
            const { captions, inspector } = inspect(cut(bytes, each));
            expect(captions).to.deep.equal(expected);
            expect(inspector.services()).to.deep.equal(['CC1', 'CC3']);
            expect([inspector.lostPackets, inspector.skippedBytes]).to.deep.equal([0, 0]);
          }),
          { numRuns: 20 },
        );
      });
    }

    for (const [name, encoder] of [
      ['libx264', ['-c:v', 'libx264', '-bf', '2']],
      ['the MPEG-2 encoder', ['-c:v', 'mpeg2video', '-bf', '2', '-g', '12']],
    ] as const) {
      it(`reads those that ${name} of ffmpeg writes`, async () => {
        const bytes = await inFolder(async (folder) => {
          const [from, to] = [path.join(folder, 'from.ts'), path.join(folder, 'to.ts')];
          await writeFile(from, stream('h264', 0));
          await ffmpeg('-i', from, ...encoder, '-f', 'mpegts', to);
          return readFile(to);
        });
        const shown = await captionedFrames(bytes);
        const { captions, programs } = inspect(cut(bytes, [1316]));
        expect(programs[0]!.video!.codec).to.equal(name === 'libx264' ? 'h264' : 'mpeg2');
        expect(captions).to.deep.equal(shown.map(({ pts }, i) => ({ pts90k: pts, ccData: ccData[i]! })));
        expect(captions).to.have.length(FRAMES);
      });
    }

    it('keeps the order over the wrap of the clock, and hands the times on as they are', async () => {
      const wrap = 2 ** 33;
      // The muxer puts its own delay of 1.4 s on top.
      const offset = String(wrap / 90_000 - 1 - 1.4);
      const bytes = await captioned({ codec: 'h264', bFrames: 3 }, '-output_ts_offset', offset);
      const { captions } = inspect([bytes]);
      expect(captions.map((each) => each.ccData)).to.deep.equal(ccData);
      const times = captions.map(({ pts90k }) => pts90k);
      expect(times[0]).to.be.within(wrap - 100_000, wrap - 1);
      expect(times.at(-1)).to.be.within(0, 100_000);
      const steps = times.slice(1).map((time, i) => (time - times[i]! + wrap) % wrap);
      expect(steps).to.deep.equal(steps.map(() => 3000));
    });

    it('finds a second field behind the slices of the first, and a header in two packets', () => {
      const { pes, sei } = handMade();
      const field = (text: string): Buffer => sei(Buffer.from(text));
      const slice = Buffer.concat([Buffer.from([0, 0, 1, 0x65]), Buffer.alloc(3000, 0x55)]);
      const payload = Buffer.concat([
        pes(900_000, 890_000),
        field('abc'),
        slice,
        field('def'),
        slice,
        Buffer.from([0, 0, 1]),
      ]);
      const tables = packetsOf(stream('h264', 0)).filter((packet) => [0, 4096].includes(pidOf(packet)));
      for (const first of [1, 5, 8, 9, 12, 18, 19, 20, 23, 24]) {
        const packets = [...packetised(256, payload, first)];
        expect(inspect([...tables.slice(0, 2), ...packets]).captions, `${first} bytes`).to.deep.equal([
          { pts90k: 900_000, ccData: Buffer.from('abc') },
          { pts90k: 900_000, ccData: Buffer.from('def') },
        ]);
      }
    });
  });

  describe('what is lost or broken', () => {
    it('finds the packets again behind garbage, and loses none of those that follow', () => {
      const packets = packetsOf(stream('hevc', 3));
      // Sync bytes too, but none a packet apart.
      const garbage = Buffer.from(Array.from({ length: 1000 }, (_, i) => (i * 7) & 0xff));
      const half = packets.length >> 1;
      const { captions, inspector } = inspect([
        garbage.subarray(0, 333),
        ...packets.slice(0, half),
        garbage,
        ...packets.slice(half),
      ]);
      expect(captions.map((each) => each.ccData)).to.deep.equal(ccData);
      expect([inspector.lostPackets, inspector.skippedBytes]).to.deep.equal([0, 1333]);
    });

    it('counts lost packets, and gives no captions a wrong time', async () => {
      const bytes = stream('h264', 3);
      const shown = await captionedFrames(bytes);
      const expected = new Map(shown.map(({ pts }, i) => [pts, ccData[i]!]));
      const packets = packetsOf(bytes);
      // Without payload nothing counts a packet, and behind the last one of a PID nothing shows that it is gone.
      const last = new Map(packets.map((packet, i) => [pidOf(packet), i]));
      const counted = packets.flatMap((packet, i) =>
        i >= 10 && (packet[3]! & 0x10) !== 0 && last.get(pidOf(packet)) !== i ? [i] : [],
      );
      fc.assert(
        fc.property(fc.subarray(counted, { maxLength: 15 }), (lost) => {
          const { captions, inspector } = inspect(packets.filter((_, i) => !lost.includes(i)));
          expect(inspector.lostPackets).to.equal(lost.length);
          for (const { pts90k, ccData: found } of captions) {
            expect(found).to.deep.equal(expected.get(pts90k));
          }
          const begun = lost.filter((i) => pidOf(packets[i]!) === 256).length;
          expect(captions.length).to.be.at.least(FRAMES - begun);
        }),
        { numRuns: 60 },
      );
    });

    it('takes a packet that comes twice once', () => {
      const { captions, inspector } = inspect(packetsOf(stream('h264', 0)).flatMap((each) => [each, each]));
      expect(captions.map((each) => each.ccData)).to.deep.equal(ccData);
      expect(inspector.lostPackets).to.equal(0);
    });

    it('takes an announced jump of the counters for no loss', () => {
      const packets = packetsOf(stream('h264', 0));
      const cutAt = packets.findIndex(
        (packet, i) => i > 50 && pidOf(packet) === 256 && (packet[1]! & 0x40) !== 0,
      );
      // Adaptation field only, discontinuity indicator set; such a packet does not count on.
      const jump = Buffer.alloc(PACKET, 0xff);
      Buffer.from([0x47, 0x01, 0x00, 0x20, 183, 0x80]).copy(jump);
      const shifted = packets.slice(cutAt).map((packet) => {
        const copy = Buffer.from(packet);
        if (pidOf(copy) === 256) copy[3] = (copy[3]! & 0xf0) | ((copy[3]! + 5) & 0x0f);
        return copy;
      });
      const { captions, inspector } = inspect([...packets.slice(0, cutAt), jump, ...shifted]);
      expect(inspector.lostPackets).to.equal(0);
      expect(captions.map((each) => each.ccData)).to.deep.equal(ccData);
      expect(inspect([...packets.slice(0, cutAt), ...shifted]).inspector.lostPackets).to.equal(5);
    });

    it('never throws on noise', () => {
      fc.assert(
        fc.property(fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 10 }), (chunks) => {
          inspect(chunks.map((chunk) => Buffer.from(chunk)));
        }),
        { numRuns: 300 },
      );
    });

    it('never throws on packets of noise, and stays in step with them', () => {
      const packet = fc
        .tuple(
          fc.constantFrom(0, 256, 4096),
          fc.integer({ min: 0, max: 255 }),
          fc.uint8Array({ minLength: 184, maxLength: 184 }),
        )
        .map(([pid, flags, body]) =>
          Buffer.concat([Buffer.from([0x47, 0x40 | (pid >> 8), pid & 0xff, flags]), body]),
        );
      const tables = packetsOf(stream('h264', 0))
        .filter((each) => [0, 4096].includes(pidOf(each)))
        .slice(0, 2);
      fc.assert(
        fc.property(fc.array(packet, { minLength: 3, maxLength: 30 }), (packets) => {
          const { inspector } = inspect([...tables, ...packets]);
          expect(inspector.skippedBytes).to.equal(0);
        }),
        { numRuns: 300 },
      );
    });

    for (const [name, of] of [
      ['H.264', () => stream('h264', 3)],
      ['HEVC', () => stream('hevc', 3)],
    ] as const) {
      it(`never throws on ${name} with bytes changed or cut off, and finds the good part behind it`, () => {
        const bytes = of();
        const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }));
        const sizes = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 });
        fc.assert(
          fc.property(
            fc.array(change, { maxLength: 300 }),
            fc.nat(bytes.length),
            sizes,
            (changes, end, each) => {
              const broken = Buffer.from(bytes);
              for (const [at, value] of changes) broken[at] = value;
              const { captions } = inspect([...cut(broken.subarray(0, end), each), bytes]);
              // A table that was changed may have to come again first.
              expect(captions.length).to.be.at.least(FRAMES - 25);
            },
          ),
          { numRuns: 60 },
        );
      });
    }

    it('needs no memory for a picture without end', () => {
      const { pes } = handMade();
      const tables = packetsOf(stream('h264', 0)).filter((packet) => [0, 4096].includes(pidOf(packet)));
      // An SEI unit that goes on and on.
      const head = Buffer.concat([pes(900_000, 890_000), Buffer.from([0, 0, 1, 6])]);
      const endless = [...packetised(256, Buffer.concat([head, Buffer.alloc(16 * 184, 0x55)]), 184)];
      const inspector = new TsInspector({});
      for (const packet of [...tables.slice(0, 2), endless[0]!]) inspector.push(packet);
      // Counters run on from packet 1 to 16.
      const round = Buffer.concat(endless.slice(1, 17));
      const used = (): number => process.memoryUsage().arrayBuffers;
      const before = used();
      for (let i = 0; i < 40_000; i++) inspector.push(round);
      expect(inspector.lostPackets).to.equal(0);
      expect(used() - before).to.be.below(8 * 1024 * 1024);
    });
  });
});

/** Pieces of a stream that ffmpeg does not make. */
function handMade(): {
  pes: (pts: number, dts: number) => Buffer;
  sei: (triplets: Buffer) => Buffer;
} {
  const time = (mark: number, value: number): Buffer =>
    Buffer.from([
      (mark << 4) | (Math.floor(value / 2 ** 30) << 1) | 1,
      (value >> 22) & 0xff,
      ((value >> 14) & 0xfe) | 1,
      (value >> 7) & 0xff,
      ((value << 1) & 0xfe) | 1,
    ]);
  return {
    pes: (pts, dts) =>
      Buffer.concat([Buffer.from([0, 0, 1, 0xe0, 0, 0, 0x80, 0xc0, 10]), time(3, pts), time(1, dts)]),
    sei: (triplets) => {
      const message = Buffer.concat([
        Buffer.from([0xb5, 0, 0x31, 0x47, 0x41, 0x39, 0x34, 3, 0x40 | (triplets.length / 3), 0xff]),
        triplets,
        Buffer.from([0xff]),
      ]);
      return Buffer.concat([Buffer.from([0, 0, 1, 6, 4, message.length]), message, Buffer.from([0x80])]);
    },
  };
}

/** Packets of one PID; the first one carries only so many bytes, the last one is stuffed too. */
function* packetised(pid: number, payload: Buffer, firstBytes: number): Generator<Buffer> {
  let counter = 0;
  for (let at = 0; at < payload.length;) {
    const body = payload.subarray(at, at + (at === 0 ? firstBytes : 184));
    const stuffing = 184 - body.length;
    const adaptation = Buffer.alloc(stuffing, 0xff);
    if (stuffing > 0) adaptation[0] = stuffing - 1;
    if (stuffing > 1) adaptation[1] = 0;
    const flags = (stuffing > 0 ? 0x30 : 0x10) | (counter++ & 0x0f);
    const head = Buffer.from([0x47, (at === 0 ? 0x40 : 0) | (pid >> 8), pid & 0xff, flags]);
    yield Buffer.concat([head, adaptation, body]);
    at += body.length;
  }
}
