import { expect } from 'chai';
import fc from 'fast-check';
import { keys, type BundleHeader, type BundlePart } from '../../../encoder/contract';
import { CorruptObjectError, encodeBundle, readBundle, readBundlePart } from '../../../encoder/store/bundle';
import { MemoryStore } from '../../../encoder/store/memory-store';
import type { ByteRange } from '../../../encoder/store/store';
import { rejection } from '../../support/rejection';

/** Notes the ranges that are read. */
class Watched extends MemoryStore {
  readonly ranges: (ByteRange | undefined)[] = [];

  override async read(key: string, range?: ByteRange): Promise<Buffer | undefined> {
    this.ranges.push(range);
    return super.read(key, range);
  }
}

const KEY = keys.bundle('news', 7, 3);

function bundle(lengths: readonly number[], more: Partial<BundleHeader> = {}) {
  let offset = 0;
  const media = lengths.map((length, i) => Buffer.alloc(length, i + 1));
  const parts = lengths.map((length, i): BundlePart => {
    const part = {
      rendition: `r${i}`,
      init: 'a'.repeat(32),
      offset,
      length,
      start: 30_000,
      duration: 10_000,
      independent: i % 2 === 0,
    };
    offset += length;
    return part;
  });
  const header: BundleHeader = { writer: 'w', generation: 2, msn: 7, tick: 3, parts, ...more };
  return { header, media };
}

async function stored(chunks: readonly Uint8Array[]): Promise<Watched> {
  const store = new Watched();
  await store.create(KEY, chunks);
  return store;
}

describe('bundle', () => {
  it('is read back as it was written: the head, and each rendition by itself', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 3000 }), { maxLength: 8 }), text, async (lengths, writer) => {
        const { header, media } = bundle(lengths, { writer });
        const store = await stored(encodeBundle(header, media));
        const { mediaStart, ...head } = (await readBundle(store, 'news', 7, 3))!;
        expect(head).to.deep.equal(header);
        expect((await store.size(KEY))! - mediaStart).to.equal(
          lengths.reduce((sum, length) => sum + length, 0),
        );
        for (const [i, part] of header.parts.entries()) {
          expect(
            (await readBundlePart(store, 'news', { ...head, mediaStart }, part))?.equals(media[i]!),
          ).to.equal(true);
        }
      }),
    );
  });

  it('begins with AMB1, the length of the header, and the header as JSON', () => {
    const { header, media } = bundle([5]);
    const bytes = Buffer.concat(encodeBundle(header, media));
    expect(bytes.toString('latin1', 0, 4)).to.equal('AMB1');
    const length = bytes.readUInt32BE(4);
    expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).to.deep.equal(header);
    expect(bytes.subarray(8 + length)).to.deep.equal(media[0]);
  });

  it('passes the media on without a copy', () => {
    const { header, media } = bundle([5, 6]);
    expect(
      encodeBundle(header, media)
        .slice(-2)
        .every((chunk, i) => chunk === media[i]),
    ).to.equal(true);
  });

  it('keeps the marks of an end bundle: final, gap ticks, and their absence', async () => {
    for (const end of [
      { final: true },
      { final: false },
      { final: false, gap: { anchor: 1.5, start: 3, ticks: 5 } },
    ]) {
      const { header } = bundle([], { end });
      expect((await readBundle(await stored(encodeBundle(header, [])), 'news', 7, 3))?.end).to.deep.equal(
        end,
      );
    }
    const { header, media } = bundle([1]);
    expect(await readBundle(await stored(encodeBundle(header, media)), 'news', 7, 3)).to.not.have.property(
      'end',
    );
  });

  it('is undefined where there is none yet', async () => {
    const { header, media } = bundle([1]);
    const store = await stored(encodeBundle(header, media));
    expect(await readBundle(store, 'news', 7, 4)).to.equal(undefined);
    expect(await readBundle(store, 'other', 7, 3)).to.equal(undefined);
  });

  it('costs one read of at most 4 KiB for a ladder of seven, whatever the media', async () => {
    const { header, media } = bundle(Array<number>(7).fill(500_000));
    const store = await stored(encodeBundle(header, media));
    await readBundle(store, 'news', 7, 3);
    expect(store.ranges).to.deep.equal([{ start: 0, end: 4096 }]);
  });

  it('reads a head that ends at, before and after the 4096 bytes of the first read', async () => {
    for (const headLength of [4095, 4096, 4097, 4200, 100_000]) {
      const { header, media } = bundle([50]);
      const short = Buffer.concat(encodeBundle(header, [])).length;
      const padded = { ...header, writer: `w${'x'.repeat(headLength - short)}` };
      const store = await stored(encodeBundle(padded, media));
      const read = (await readBundle(store, 'news', 7, 3))!;
      expect(read.mediaStart).to.equal(headLength);
      expect(read.writer).to.equal(padded.writer);
      expect(store.ranges).to.have.length(headLength > 4096 ? 2 : 1);
      expect((await readBundlePart(store, 'news', read, read.parts[0]!))?.equals(media[0]!)).to.equal(true);
    }
  });

  it('reads the head of 60 renditions', async () => {
    const { header, media } = bundle(Array.from({ length: 60 }, (_, i) => i));
    const store = await stored(encodeBundle(header, media));
    const read = (await readBundle(store, 'news', 7, 3))!;
    expect(read.mediaStart).to.be.above(4096);
    expect(read.parts).to.deep.equal(header.parts);
  });

  describe('that is corrupt', () => {
    const head = (magic: string, length: number, json = '') => {
      const prefix = Buffer.from(`${magic}\0\0\0\0`, 'latin1');
      prefix.writeUInt32BE(length, 4);
      return Buffer.concat([prefix, Buffer.from(json)]);
    };
    const cases: [string, Buffer, string][] = [
      ['empty', Buffer.alloc(0), 'is no bundle'],
      ['shorter than its prefix', Buffer.from('AMB1\0\0\0'), 'is no bundle'],
      ['of another magic', head('AMB2', 2, '{}'), 'is no bundle'],
      ['with a header of 4 GiB', head('AMB1', 2 ** 32 - 1, '{}'), 'has a header of 4294967303 bytes'],
      ['with a header above 1 MiB', head('AMB1', 2 ** 20 - 7, '{}'), 'has a header of 1048577 bytes'],
      ['cut off in its header', head('AMB1', 100, '{"writer":'), 'is cut off'],
      ['cut off in a header above 4096 bytes', head('AMB1', 6000, 'x'.repeat(5999)), 'is cut off'],
      ['without a header', head('AMB1', 0), 'has a header that is no JSON'],
      ['with a header that is no JSON', head('AMB1', 9, '{"writer"'), 'has a header that is no JSON'],
    ];
    for (const [what, bytes, message] of cases) {
      it(`is refused by its key: ${what}`, async () => {
        const error = await rejection(readBundle(await stored([bytes]), 'news', 7, 3));
        expect(error).to.be.instanceOf(CorruptObjectError);
        expect((error as Error).message).to.equal(`edge/news/7/3 ${message}`);
      });
    }

    it('is refused wherever its head is cut off', async () => {
      const { header, media } = bundle([20, 20]);
      const bytes = Buffer.concat(encodeBundle(header, media));
      for (let end = 0; end < bytes.length - 40; end++) {
        const error = await rejection(readBundle(await stored([bytes.subarray(0, end)]), 'news', 7, 3));
        expect(error, `cut at ${end}`).to.be.instanceOf(CorruptObjectError);
      }
    });

    it('gives fewer bytes than the part says where its media is cut off', async () => {
      const { header, media } = bundle([20, 20]);
      const bytes = Buffer.concat(encodeBundle(header, media));
      const store = await stored([bytes.subarray(0, -5)]);
      const read = (await readBundle(store, 'news', 7, 3))!;
      expect((await readBundlePart(store, 'news', read, read.parts[0]!))?.equals(media[0]!)).to.equal(true);
      expect(await readBundlePart(store, 'news', read, read.parts[1]!)).to.have.length(15);
    });

    it('throws only CorruptObjectError on random bytes', async () => {
      const magic = fc
        .boolean()
        .chain((real) =>
          fc.uint8Array({ maxLength: 200 }).map((rest) => [Buffer.from(real ? 'AMB1\0\0\0' : ''), rest]),
        );
      await fc.assert(
        fc.asyncProperty(magic, async (bytes) => {
          const outcome = await readBundle(await stored(bytes), 'news', 7, 3).catch(
            (error: unknown) => error,
          );
          if (outcome instanceof Error) expect(outcome).to.be.instanceOf(CorruptObjectError);
        }),
        { numRuns: 500 },
      );
    });
  });
});
