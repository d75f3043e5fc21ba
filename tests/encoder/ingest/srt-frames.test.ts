import { expect } from 'chai';
import fc from 'fast-check';
import { FrameReader } from '../../../encoder/ingest/srt-frames';

function frame(type: string, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(5);
  header.write(type, 'latin1');
  header.writeUInt32BE(payload.length, 1);
  return Buffer.concat([header, payload]);
}

const hex = (bytes: Uint8Array): Buffer => Buffer.from(Buffer.from(bytes).toString('hex'));

describe('FrameReader', () => {
  it('gives media and events in order, wherever the chunks are cut', () => {
    const payload = fc.uint8Array({ minLength: 1, maxLength: 300 });
    const frames = fc.array(fc.record({ type: fc.constantFrom('D', 'E'), payload }), { maxLength: 20 });
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }), (sent, cuts) => {
        const got: { type: string; bytes: Buffer }[] = [];
        const reader = new FrameReader({
          media: (bytes) => {
            const last = got.at(-1);
            if (last?.type === 'D') last.bytes = Buffer.concat([last.bytes, bytes]);
            else got.push({ type: 'D', bytes });
          },
          event: (json) => got.push({ type: 'E', bytes: Buffer.from(json) }),
        });
        const stream = Buffer.concat(
          sent.map(({ type, payload: bytes }) => frame(type, type === 'E' ? hex(bytes) : bytes)),
        );
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = cuts[i % cuts.length]!;
          reader.push(stream.subarray(at, at + size));
          at += size;
        }
        const expected: { type: string; bytes: Buffer }[] = [];
        for (const { type, payload: bytes } of sent) {
          const last = expected.at(-1);
          if (type === 'D' && last?.type === 'D') last.bytes = Buffer.concat([last.bytes, bytes]);
          else expected.push({ type, bytes: type === 'E' ? hex(bytes) : Buffer.from(bytes) });
        }
        expect(got).to.deep.equal(expected);
      }),
    );
  });

  it('refuses what is not a frame', () => {
    const reader = () => new FrameReader({ media: () => undefined, event: () => undefined });
    expect(() => reader().push(frame('X', Buffer.alloc(3)))).to.throw('a frame of type 88 and 3 bytes');
    expect(() => reader().push(frame('D', Buffer.alloc(0)))).to.throw('a frame of type 68 and 0 bytes');
    expect(() => reader().push(frame('D', Buffer.alloc(65_537)))).to.throw('type 68 and 65537 bytes');
  });
});
