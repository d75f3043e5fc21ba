import { expect } from 'chai';
import fc from 'fast-check';
import { AmfReader, type AmfValue } from '../../../encoder/ingest/rtmp/amf0';
import { ChunkReader } from '../../../encoder/ingest/rtmp/chunk-reader';
import { RtmpError } from '../../../encoder/ingest/rtmp/error';
import type { Message } from '../../../encoder/ingest/rtmp/message';
import { u16, u32, u8 } from '../../support/mp4';
import { amf, chunks, plain, setChunkSize } from './rtmp-client';

function read(parts: readonly Uint8Array[], maxMessageBytes = 1 << 20): Message[] {
  const messages: Message[] = [];
  const reader = new ChunkReader(maxMessageBytes, (message) => messages.push(message));
  for (const part of parts) reader.push(Buffer.from(part));
  return messages;
}

const brief = ({ type, streamId, timestamp, payload }: Message): string =>
  `${type} ${streamId} ${timestamp} ${payload.toString('hex')}`;

/** What is thrown, which must be no other error than one of the peer's making. */
function fault(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof RtmpError) return error.message;
    throw error;
  }
  return 'none';
}

const u24 = (value: number): Buffer => u32(value).subarray(1);
/** A message in one chunk with the header of the given type; `time` is absolute in type 0, a difference in others. */
function chunk(format: 0 | 1 | 2 | 3, time: number, payload: string, streamId = 1): Buffer {
  const head = [u24(Math.min(time, 0xffffff)), u24(payload.length), u8(9), u8(streamId, 0, 0, 0)];
  const kept = format === 3 ? [] : format === 2 ? head.slice(0, 1) : format === 1 ? head.slice(0, 3) : head;
  return Buffer.concat([
    u8((format << 6) | 6),
    ...kept,
    ...(time >= 0xffffff ? [u32(time)] : []),
    Buffer.from(payload),
  ]);
}

interface Plan {
  readonly chunkStream: number;
  readonly step: number;
  readonly type: number;
  readonly payload: Uint8Array;
}

/** Writes messages as a thrifty encoder does: the shortest header that says enough, chunks of two streams mixed. */
function* thrifty(plans: readonly Plan[], chunkSize: number): Generator<Buffer, Message[]> {
  const last = new Map<number, { time: number; step: number; length: number; type: number }>();
  const expected: Message[] = [];
  yield chunks(setChunkSize(chunkSize))[0]!;
  for (const { chunkStream, step, type, payload } of plans) {
    const before = last.get(chunkStream);
    const time = before ? (before.time + step) % 2 ** 32 : step;
    const same = before?.length === payload.length && before.type === type;
    const format = !before ? 0 : !same ? 1 : before.step !== step ? 2 : 3;
    const extended = step >= 0xffffff ? [u32(step)] : [];
    const head = [u24(Math.min(step, 0xffffff)), u24(payload.length), u8(type), u8(1, 0, 0, 0)];
    const kept = format === 0 ? head : format === 1 ? head.slice(0, 3) : format === 2 ? head.slice(0, 1) : [];
    const basic = (bits: number): Buffer =>
      chunkStream < 64
        ? u8((bits << 6) | chunkStream)
        : chunkStream < 320
          ? u8(bits << 6, chunkStream - 64)
          : u8((bits << 6) | 1, (chunkStream - 64) & 255, (chunkStream - 64) >> 8);
    for (let at = 0; at === 0 || at < payload.length; at += chunkSize) {
      yield Buffer.concat([
        basic(at === 0 ? format : 3),
        ...(at === 0 ? kept : []),
        ...extended,
        payload.subarray(at, at + chunkSize),
      ]);
    }
    last.set(chunkStream, { time, step, length: payload.length, type });
    expected.push({ type, streamId: 1, timestamp: time, payload: Buffer.from(payload) });
  }
  return expected;
}

describe('RTMP chunks', () => {
  it('gives every message of every kind of header, however the bytes are cut', () => {
    const plan = fc.record({
      chunkStream: fc.constantFrom(3, 63, 64, 319, 320, 65_599),
      step: fc.oneof(
        fc.integer({ min: 0, max: 50 }),
        fc.constantFrom(0xfffffe, 0xffffff, 0x1000000, 2 ** 31),
      ),
      type: fc.constantFrom(8, 9, 18),
      payload: fc.uint8Array({ maxLength: 600 }),
    });
    const cutting = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        fc.array(plan, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 200 }),
        cutting,
        (plans, size, cuts) => {
          const written: Buffer[] = [];
          const writer = thrifty(plans, size);
          let step = writer.next();
          for (; !step.done; step = writer.next()) written.push(step.value);
          const stream = Buffer.concat(written);
          const parts: Buffer[] = [];
          for (let at = 0, i = 0; at < stream.length; i++) {
            const next = at + cuts[i % cuts.length]!;
            parts.push(stream.subarray(at, next));
            at = next;
          }
          expect(read(parts).map(brief)).to.deep.equal(step.value.map(brief));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('joins messages whose chunks are mixed with those of other chunk streams', () => {
    const video = chunks({ type: 9, chunkStream: 6, timestamp: 40, payload: Buffer.alloc(300, 'v') });
    const audio = chunks({ type: 8, chunkStream: 4, timestamp: 41, payload: Buffer.alloc(200, 'a') });
    const mixed = [video[0]!, audio[0]!, video[1]!, audio[1]!, video[2]!];
    expect(
      read(mixed).map(({ type, timestamp, payload }) => [type, timestamp, payload.toString()]),
    ).to.deep.equal([
      [8, 41, 'a'.repeat(200)],
      [9, 40, 'v'.repeat(300)],
    ]);
  });

  it('adds differences to absolute times, over 24 bits and over the end of 32', () => {
    const times = (...parts: Buffer[]) => read(parts).map(({ timestamp }) => timestamp);
    expect(
      times(chunk(0, 100, 'abc'), chunk(1, 40, 'abcd'), chunk(2, 20, 'abcd'), chunk(3, 0, 'abcd')),
    ).to.deep.equal([100, 140, 160, 180]);
    expect(times(chunk(0, 30, 'abc'), chunk(3, 0, 'abc')), 'after an absolute time').to.deep.equal([30, 60]);
    expect(times(chunk(0, 0xfffffe, 'a'), chunk(2, 1, 'b'), chunk(2, 1, 'c'))).to.deep.equal([
      0xfffffe, 0xffffff, 0x1000000,
    ]);
    expect(times(chunk(0, 0xffffffff, 'a'), chunk(2, 2, 'b'))).to.deep.equal([0xffffffff, 1]);
  });

  it('takes later chunks with and without the extended time that they should repeat', () => {
    const payload = Buffer.alloc(128 + 5, 'x');
    const [first, second] = chunks({ type: 9, timestamp: 0x01020304, payload });
    const without = Buffer.concat([second!.subarray(0, 1), second!.subarray(5)]);
    const next = chunks({ type: 8, chunkStream: 4, timestamp: 7, payload: Buffer.from('next') })[0]!;
    for (const continued of [second!, without]) {
      const bytes = Buffer.concat([first!, continued, next]);
      const each = [...bytes].map((byte) => u8(byte));
      expect(read(each).map(({ timestamp, payload: read }) => [timestamp, read.toString()])).to.deep.equal([
        [0x01020304, payload.toString()],
        [7, 'next'],
      ]);
    }
  });

  it('takes a first header without a message stream, as some encoders send', () => {
    expect(read([chunk(1, 5, 'abc')]).map(brief)).to.deep.equal([
      `9 0 5 ${Buffer.from('abc').toString('hex')}`,
    ]);
  });

  it('drops an aborted message and goes on in the same chunk stream', () => {
    const long = chunks({ type: 9, chunkStream: 6, timestamp: 1, payload: Buffer.alloc(300, 'v') });
    const abort = chunks({ type: 2, chunkStream: 2, payload: u32(6) });
    const whole = chunks({ type: 9, chunkStream: 6, timestamp: 2, payload: Buffer.from('whole') });
    expect(read([long[0]!, ...abort, ...whole]).map(({ payload }) => payload.toString())).to.deep.equal([
      'whole',
    ]);
  });

  it('refuses what is no chunk stream, and says what it was', () => {
    expect(fault(() => read([chunk(2, 1, '')]))).to.equal('chunk stream 6 begins without a message header');
    expect(fault(() => read([chunk(3, 0, '')]))).to.equal('chunk stream 6 begins without a message header');
    const long = chunks({ type: 9, chunkStream: 6, payload: Buffer.alloc(300) });
    expect(fault(() => read([long[0]!, long[0]!]))).to.equal(
      'a new message in chunk stream 6, whose last one is not finished',
    );
    for (const size of [0, 0x80000000])
      expect(fault(() => read(chunks({ type: 1, payload: u32(size) })))).to.equal(
        'a chunk size that is not between 1 and 2147483647 bytes',
      );
    expect(fault(() => read(chunks({ type: 1, payload: u16(1) })))).to.match(/^a chunk size/);
    expect(fault(() => read(chunks({ type: 2, payload: u16(1) })))).to.equal(
      'an abort that names no chunk stream',
    );
  });

  it('gives no more memory than is allowed, whatever lengths are announced', () => {
    const begun = (chunkStream: number, length: number) =>
      chunks({ type: 9, chunkStream, payload: Buffer.alloc(length) })[0]!;
    expect(fault(() => read([begun(6, 1001)], 1000))).to.equal(
      'a message of 1001 bytes; at most 1000 are accepted',
    );
    expect(fault(() => read([begun(6, 1000), begun(7, 1000)], 1000))).to.equal('none');
    expect(fault(() => read([begun(6, 1000), begun(7, 1000), begun(8, 200)], 1000))).to.equal(
      'unfinished messages of 2200 bytes in all',
    );
    const whole = Array.from({ length: 20 }, () => chunks({ type: 9, payload: Buffer.alloc(1000) })).flat();
    expect(read(whole, 1000)).to.have.length(20);
    const streams = Array.from({ length: 62 }, (_, i) => begun(i + 2, 0));
    expect(fault(() => read(streams))).to.equal('none');
    const more = [64, 65, 66].map((id) => Buffer.concat([u8(0, id - 64), Buffer.alloc(11)]));
    expect(fault(() => read([...streams, ...more]))).to.equal('more than 64 chunk streams in one connection');
  });

  it('refuses random bytes, if at all, with an error of its own', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (parts) => {
        fault(() => read(parts, 5000));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('AMF0', () => {
  const name = fc.string({ minLength: 1, maxLength: 12 });
  const [scalar, value] = (() => {
    const scalars = fc.oneof(
      fc.double({ noNaN: true }).map((n) => [amf.number(n), n] as const),
      fc.boolean().map((b) => [amf.boolean(b), b] as const),
      fc.string({ maxLength: 40 }).map((s) => [amf.string(s), s] as const),
      fc.string({ maxLength: 40 }).map((s) => [amf.longString(s), s] as const),
      fc.integer({ min: 0, max: 2 ** 41 }).map((ms) => [amf.date(ms), new Date(ms)] as const),
      fc.constantFrom([amf.null, null] as const, [amf.undefined, undefined] as const),
    );
    const { value: nested } = fc.letrec<{ value: readonly [Buffer, AmfValue] }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        scalars,
        fc
          .array(tie('value'), { maxLength: 4 })
          .map((all) => [amf.strictArray(all.map(([b]) => b)), all.map(([, v]) => v)] as const),
        fc
          .tuple(
            fc.boolean(),
            fc.uniqueArray(fc.tuple(name, tie('value')), { maxLength: 4, selector: ([n]) => n }),
          )
          .map(([ecma, members]) => {
            const bytes = fromEntries(members.map(([n, [b]]) => [n, b] as const));
            const values = new Map(members.map(([n, [, v]]) => [n, v] as const));
            return [ecma ? amf.ecmaArray(bytes, 0) : amf.object(bytes), values] as const;
          }),
      ),
    }));
    return [scalars, nested] as const;
  })();

  it('reads back any value that is written', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(scalar, value), { maxLength: 6 }), (values) => {
        const reader = new AmfReader(Buffer.concat(values.map(([bytes]) => bytes)));
        const found = values.map(() => reader.next());
        expect(found).to.deep.equal(values.map(([, expected]) => expected));
        expect(reader.done).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses random bytes, if at all, with an error of its own', () => {
    const likely = fc.array(fc.oneof(fc.integer({ min: 0, max: 17 }), fc.integer({ min: 0, max: 255 })), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(likely, (bytes) => {
        const reader = new AmfReader(Buffer.from(bytes));
        fault(() => {
          while (!reader.done) reader.next();
        });
        expect(reader.position).to.be.at.most(bytes.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses depth and length that no metadata has', () => {
    const next = (bytes: Buffer) => fault(() => new AmfReader(bytes).next());
    const deep = (levels: number): Buffer => (levels === 0 ? amf.null : amf.object({ a: deep(levels - 1) }));
    expect(next(deep(16))).to.equal('none');
    expect(next(deep(17))).to.equal('AMF with objects more than 16 deep');
    expect(next(amf.strictArray(Array.from({ length: 4095 }, () => amf.null)))).to.equal('none');
    expect(next(amf.strictArray(Array.from({ length: 4096 }, () => amf.null)))).to.equal(
      'AMF with more than 4096 values',
    );
    expect(next(Buffer.concat([u8(10), u32(0xffffffff), amf.null]))).to.equal('AMF that is cut off');
    expect(next(u8(17))).to.equal('AMF3, where AMF0 was agreed on');
    expect(next(u8(99))).to.equal('no AMF0 value begins with 99');
  });

  it('gives a name of the language no meaning', () => {
    const object = new AmfReader(
      amf.object(fromEntries([['__proto__', amf.object({ app: amf.string('x') })]])),
    ).next();
    expect(object).to.be.instanceOf(Map);
    expect((object as Map<string, AmfValue>).get('app')).to.equal(undefined);
    expect(plain((object as Map<string, AmfValue>).get('__proto__'))).to.deep.equal({ app: 'x' });
  });
});

/** As Object.fromEntries, but with a name like __proto__ as a member of its own. */
function fromEntries(entries: readonly (readonly [string, Buffer])[]): Record<string, Buffer> {
  const object = Object.create(null) as Record<string, Buffer>;
  for (const [name, value] of entries) object[name] = value;
  return object;
}
