import { expect } from 'chai';
import { TsInspector } from '../../../encoder/ingest/ts/inspector';
import type { Program } from '../../../encoder/ingest/ts/program';

/** CRC-32 of a section, bit by bit. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const feedback = (crc >>> 31) ^ ((byte >> bit) & 1);
      crc = (crc << 1) ^ (feedback ? 0x04c1_1db7 : 0);
    }
  }
  return crc >>> 0;
}

const u16 = (value: number): number[] => [value >> 8, value & 0xff];

interface SectionOptions {
  readonly current?: boolean;
  readonly version?: number;
}

function section(
  table: number,
  id: number,
  body: readonly number[],
  { current = true, version = 0 }: SectionOptions = {},
): Buffer {
  const head = [
    table,
    ...u16(0xb000 | (body.length + 9)),
    ...u16(id),
    0xc0 | (version << 1) | (current ? 1 : 0),
    0,
    0,
  ];
  const bytes = Buffer.from([...head, ...body, 0, 0, 0, 0]);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
  return bytes;
}

const pat = (...programs: readonly [program: number, pid: number][]): Buffer =>
  section(
    0,
    1,
    programs.flatMap(([program, pid]) => [...u16(program), ...u16(0xe000 | pid)]),
  );

interface Stream {
  readonly type: number;
  readonly pid: number;
  readonly descriptors?: readonly (readonly number[])[];
}

const pmt = (program: number, streams: readonly Stream[], options?: SectionOptions): Buffer =>
  section(
    2,
    program,
    [
      ...u16(0xe100),
      ...u16(0xf000),
      ...streams.flatMap(({ type, pid, descriptors = [] }) => {
        const info = descriptors.flat();
        return [type, ...u16(0xe000 | pid), ...u16(0xf000 | info.length), ...info];
      }),
    ],
    options,
  );

const descriptor = (tag: number, body: string | readonly number[]): number[] => {
  const bytes = typeof body === 'string' ? [...Buffer.from(body, 'latin1')] : body;
  return [tag, bytes.length, ...bytes];
};
const language = (code: string): number[] => descriptor(0x0a, `${code}\0`);
const registration = (format: string): number[] => descriptor(0x05, format);

/** Packets of sections of several PIDs, counted on. */
class Packets {
  readonly #counters = new Map<number, number>();
  readonly packets: Buffer[] = [];

  /** @param before the end of a section that began earlier, in front of this one */
  add(pid: number, bytes: Buffer, before: Buffer = Buffer.alloc(0)): this {
    let rest = Buffer.concat([Buffer.from([before.length]), before, bytes]);
    for (let first = true; rest.length > 0; first = false) {
      const counter = this.#counters.get(pid) ?? 0;
      this.#counters.set(pid, (counter + 1) & 0x0f);
      const body = Buffer.alloc(184, 0xff);
      rest.copy(body);
      rest = rest.subarray(184);
      const head = Buffer.from([0x47, (first ? 0x40 : 0) | (pid >> 8), pid & 0xff, 0x10 | counter]);
      this.packets.push(Buffer.concat([head, body]));
    }
    return this;
  }

  programs(): Program[] {
    const found: Program[] = [];
    const inspector = new TsInspector({ onProgram: (program) => found.push(program) });
    // Three packets are needed to find the first.
    const empty = Buffer.concat([Buffer.from([0x47, 0x1f, 0xff, 0x10]), Buffer.alloc(184, 0xff)]);
    for (const packet of [...this.packets, empty, empty]) inspector.push(packet);
    return found;
  }
}

const VIDEO: Stream = { type: 0x1b, pid: 0x100 };

const programOf = (streams: readonly Stream[]): Program[] =>
  new Packets()
    .add(0, pat([1, 0x1000]))
    .add(0x1000, pmt(1, streams))
    .programs();

describe('programme of an MPEG-TS', () => {
  it('is the first one of the table, not the network, nor one that shares its PID', () => {
    const packets = new Packets()
      .add(0, pat([0, 0x10], [5, 0x1000], [6, 0x1000]))
      .add(0x10, pmt(0, [{ type: 0x02, pid: 0x90 }]))
      .add(0x1000, pmt(6, [{ type: 0x24, pid: 0x300 }]))
      .add(0x1000, pmt(5, [VIDEO]));
    expect(packets.programs()).to.deep.equal([{ video: { pid: 0x100, codec: 'h264' }, audio: [] }]);
  });

  it('is found again where the table moves it to', () => {
    const packets = new Packets()
      .add(0, pat([1, 0x1000]))
      .add(0x1000, pmt(1, [VIDEO]))
      .add(0, pat([1, 0x1001]))
      .add(0x1000, pmt(1, [{ type: 0x02, pid: 0x100 }]))
      .add(0x1001, pmt(1, [{ type: 0x24, pid: 0x100 }]));
    expect(packets.programs().map((program) => program.video!.codec)).to.deep.equal(['h264', 'hevc']);
  });

  it('is read from sections behind others, over several packets, and several in one', () => {
    const audio = Array.from({ length: 100 }, (_, i) => ({
      type: 0x0f,
      pid: 0x200 + i,
      descriptors: [language('eng')],
    }));
    const long = pmt(1, [VIDEO, ...audio]);
    expect(long.length).to.be.above(4 * 184);
    const other = section(0x42, 9, [1, 2, 3]);
    const packets = new Packets()
      .add(0, pat([1, 0x1000]), Buffer.alloc(11, 0x55))
      .add(0x1000, Buffer.concat([other, long]), Buffer.alloc(7, 0x55));
    const [program] = packets.programs();
    expect(program!.audio.map(({ pid }) => pid)).to.deep.equal(audio.map(({ pid }) => pid));
  });

  it('is read from a section that ends where another begins', () => {
    const map = pmt(1, [VIDEO, ...Array.from({ length: 40 }, (_, i) => ({ type: 0x0f, pid: 0x200 + i }))]);
    // The pointer field leaves 183 bytes of the first packet.
    const packets = new Packets()
      .add(0, pat([1, 0x1000]))
      .add(0x1000, map.subarray(0, 183))
      .add(0x1000, section(0x42, 9, [1, 2, 3]), map.subarray(183));
    expect(packets.programs()[0]!.audio).to.have.length(40);
  });

  it('is not the one that is to come', () => {
    const packets = new Packets().add(0, pat([1, 0x1000])).add(0x1000, pmt(1, [VIDEO], { current: false }));
    expect(packets.programs()).to.deep.equal([]);
  });

  it('is not one that lost a packet on the way', () => {
    const audio = Array.from({ length: 60 }, (_, i) => ({ type: 0x0f, pid: 0x200 + i }));
    const packets = new Packets().add(0, pat([1, 0x1000])).add(0x1000, pmt(1, [VIDEO, ...audio]));
    packets.packets.splice(2, 1);
    expect(packets.programs()).to.deep.equal([]);
  });

  it('is told again when PIDs, codecs or languages change, not for a new version of the same', () => {
    const sound = (code: string): Stream => ({ type: 0x0f, pid: 0x101, descriptors: [language(code)] });
    const packets = new Packets().add(0, pat([1, 0x1000]));
    const maps: Stream[][] = [
      [VIDEO, sound('eng')],
      [VIDEO, sound('eng')],
      [VIDEO, sound('deu')],
      [{ ...VIDEO, pid: 0x123 }, sound('deu')],
      [{ type: 0x24, pid: 0x123 }, sound('deu')],
      [{ type: 0x24, pid: 0x123 }, sound('deu')],
    ];
    maps.forEach((streams, version) => packets.add(0x1000, pmt(1, streams, { version })));
    expect(
      packets.programs().map(({ video, audio }) => [video!.pid, video!.codec, audio[0]!.language]),
    ).to.deep.equal([
      [0x100, 'h264', 'eng'],
      [0x100, 'h264', 'deu'],
      [0x123, 'h264', 'deu'],
      [0x123, 'hevc', 'deu'],
    ]);
  });

  it('may have no video', () => {
    expect(programOf([{ type: 0x0f, pid: 0x101 }])).to.deep.equal([
      { video: undefined, audio: [{ pid: 0x101, codec: 'aac' }] },
    ]);
  });

  it('has the first of several videos', () => {
    expect(programOf([{ type: 0x24, pid: 0x101 }, VIDEO])[0]!.video).to.deep.equal({
      pid: 0x101,
      codec: 'hevc',
    });
  });

  for (const [type, codec] of [
    [0x01, 'mpeg1'],
    [0x02, 'mpeg2'],
    [0x10, 'mpeg4'],
    [0x1b, 'h264'],
    [0x24, 'hevc'],
    [0x33, 'vvc'],
  ] as const) {
    it(`calls video of type ${type} ${codec}`, () => {
      expect(programOf([{ type, pid: 0x100 }])[0]!.video!.codec).to.equal(codec);
    });
  }

  it('names sound by its type, and private data by what its descriptors say', () => {
    const streams = [
      { type: 0x03, pid: 1 },
      { type: 0x04, pid: 2 },
      { type: 0x0f, pid: 3 },
      { type: 0x11, pid: 4 },
      { type: 0x81, pid: 5 },
      { type: 0x06, pid: 6, descriptors: [descriptor(0x6a, [0]), language('deu')] },
      { type: 0x06, pid: 7, descriptors: [language('FRA'), descriptor(0x7a, [0])] },
      { type: 0x06, pid: 8, descriptors: [registration('Opus')] },
      { type: 0x06, pid: 9, descriptors: [registration('BSSD')] },
      // Subtitles and cues of splices are no sound.
      { type: 0x06, pid: 10, descriptors: [descriptor(0x59, 'eng\0\0\0\0\0')] },
      { type: 0x86, pid: 11 },
    ].map((stream) => ({ ...stream, pid: 0x200 + stream.pid }));
    const [program] = programOf([VIDEO, ...streams]);
    expect(
      program!.audio.map(({ pid, codec, language: spoken }) => [pid - 0x200, codec, spoken]),
    ).to.deep.equal([
      [1, 'mp2', undefined],
      [2, 'mp2', undefined],
      [3, 'aac', undefined],
      [4, 'aac-latm', undefined],
      [5, 'ac3', undefined],
      [6, 'ac3', 'deu'],
      [7, 'eac3', 'fra'],
      [8, 'opus', undefined],
      [9, 's302m', undefined],
    ]);
  });

  it('leaves out languages that say nothing', () => {
    const streams = ['und', '\0\0\0', 'e1g'].map((code, i) => ({
      type: 0x0f,
      pid: 0x200 + i,
      descriptors: [language(code)],
    }));
    expect(programOf(streams)[0]!.audio).to.deep.equal(streams.map(({ pid }) => ({ pid, codec: 'aac' })));
  });

  it('is not one whose lengths contradict it', () => {
    const broken = pmt(1, [VIDEO, { type: 0x0f, pid: 0x101 }]);
    broken.writeUInt16BE(0xf000 | 200, broken.length - 6);
    broken.writeUInt32BE(crc32(broken.subarray(0, -4)), broken.length - 4);
    expect(
      new Packets()
        .add(0, pat([1, 0x1000]))
        .add(0x1000, broken)
        .programs(),
    ).to.deep.equal([]);
  });
});
