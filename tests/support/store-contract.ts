/** What every store of the runtime must do; each kind of store runs it. */
import { expect } from 'chai';
import fc from 'fast-check';
import { keys } from '../../encoder/contract';
import type { SegmentStore } from '../../encoder/store/store';
import { rejection } from './rejection';

const text = (value: string): Uint8Array[] => [Buffer.from(value)];
const KEY = keys.bundle('news', 7, 0);

/** @param open gives an empty store and a second view of the same objects, as another process has it */
export function storeContract(
  name: string,
  open: () => [SegmentStore, SegmentStore] | Promise<[SegmentStore, SegmentStore]>,
): void {
  describe(`${name} as a SegmentStore`, function () {
    this.timeout(20_000);
    let store: SegmentStore;
    let other: SegmentStore;
    beforeEach(async () => {
      [store, other] = await open();
    });
    const read = async (key: string) => (await other.read(key))?.toString();

    it('creates an object that is the chunks one after the other', async () => {
      expect(await store.create(KEY, [...text('a'), Buffer.alloc(0), ...text('bc')])).to.equal(true);
      expect(await read(KEY)).to.equal('abc');
      expect(await other.size(KEY)).to.equal(3);
    });

    it('creates an empty object, and tells it from an absent one', async () => {
      expect(await store.create(KEY, [])).to.equal(true);
      expect(await store.create(keys.bundle('news', 7, 1), [Buffer.alloc(0)])).to.equal(true);
      expect([await read(KEY), await other.size(KEY)]).to.deep.equal(['', 0]);
      expect(await store.create(KEY, text('more'))).to.equal(false);
    });

    it('creates an object of more chunks than one system call takes', async () => {
      const chunks = Array.from({ length: 5000 }, (_, i) => Buffer.alloc(i % 7, i));
      expect(await store.create(KEY, chunks)).to.equal(true);
      expect((await other.read(KEY))?.equals(Buffer.concat(chunks))).to.equal(true);
    });

    it('keeps what it was given when the chunks change afterwards', async () => {
      const chunk = Buffer.from('before');
      await store.create(KEY, [chunk]);
      chunk.fill('x');
      expect(await read(KEY)).to.equal('before');
    });

    it('answers a second create with false and changes nothing', async () => {
      await store.create(KEY, text('first'));
      expect(await other.create(KEY, text('second, and longer'))).to.equal(false);
      expect(await store.create(KEY, text('first'))).to.equal(false);
      expect(await read(KEY)).to.equal('first');
      expect(await other.size(KEY)).to.equal(5);
    });

    it('lets exactly one of 50 concurrent creates win, and keeps its bytes', async () => {
      const bodies = Array.from({ length: 50 }, (_, i) => `writer ${i}`.repeat(100 + i));
      const outcomes = await Promise.all(
        bodies.map((body, i) => (i % 2 === 0 ? store : other).create(KEY, text(body))),
      );
      expect(outcomes.filter(Boolean)).to.have.length(1);
      expect(await read(KEY)).to.equal(bodies[outcomes.indexOf(true)]);
    });

    it('grows an object that nobody sees before it is committed', async () => {
      const writer = store.begin(KEY);
      for (const chunk of ['a', '', 'bc', 'd']) {
        await writer.append(text(chunk));
        expect([await read(KEY), await other.size(KEY), await other.list('edge/news/')]).to.deep.equal([
          undefined,
          undefined,
          [],
        ]);
      }
      await writer.append([]);
      await writer.append(Array.from({ length: 3000 }, () => Buffer.from('x')));
      expect(await writer.commit()).to.equal(true);
      expect(await read(KEY)).to.equal(`abcd${'x'.repeat(3000)}`);
      expect(await store.create(KEY, text('again'))).to.equal(false);
    });

    it('commits an object to which nothing was appended as an empty one', async () => {
      expect(await store.begin(KEY).commit()).to.equal(true);
      expect(await other.size(KEY)).to.equal(0);
    });

    it('answers a commit with false and changes nothing where the key exists by then', async () => {
      const writer = store.begin(KEY);
      await writer.append(text('late'));
      expect(await other.create(KEY, text('first'))).to.equal(true);
      expect(await writer.commit()).to.equal(false);
      expect(await read(KEY)).to.equal('first');
    });

    it('lets exactly one of 20 growing objects of one key win, and keeps its bytes', async () => {
      const bodies = Array.from({ length: 20 }, (_, i) => `writer ${i}`.repeat(10 + i));
      const writers = bodies.map((_, i) => (i % 2 === 0 ? store : other).begin(KEY));
      await Promise.all(writers.map((writer, i) => writer.append(text(bodies[i]!))));
      const outcomes = await Promise.all(writers.map((writer) => writer.commit()));
      expect(outcomes.filter(Boolean)).to.have.length(1);
      expect(await read(KEY)).to.equal(bodies[outcomes.indexOf(true)]);
    });

    it('forgets an object that is aborted, whether anything was appended or not', async () => {
      const [one, two] = [store.begin(KEY), store.begin(KEY)];
      await one.append(text('never'));
      await one.abort();
      await two.abort();
      expect(await other.size(KEY)).to.equal(undefined);
      expect(await other.create(KEY, text('x'))).to.equal(true);
    });

    it('shows a reader no object or the whole object while 20 MB are created', async () => {
      const chunk = Buffer.alloc(64 * 1024, 5);
      const body = Array<Buffer>(320).fill(chunk);
      const total = 320 * chunk.length;
      let done = false;
      const created = store.create(KEY, body).finally(() => (done = true));
      const seen = new Set<string>();
      let polls = 0;
      do {
        const size = await other.size(KEY);
        const tail = await other.read(KEY, { start: total - 4, end: total + 100 });
        const listed = (await other.list('edge/news/')).length;
        // Each later look may see more than the one before, never less, and nothing in between.
        seen.add(`${size ?? '-'} ${tail?.toString('hex') ?? '-'} ${listed}`);
        polls++;
      } while (!done);
      expect(await created).to.equal(true);
      const allowed = ['- - 0', '- - 1', '- 05050505 1', `${total} 05050505 1`];
      expect([...seen].filter((state) => !allowed.includes(state))).to.deep.equal([]);
      expect(await other.size(KEY)).to.equal(total);
      expect(polls).to.be.above(0);
    });

    it('replaces an object, whether it exists or not, and shows a reader the old one or the new', async () => {
      const [a, b] = ['a'.repeat(300_000), 'b'.repeat(200_000)];
      await store.replace(KEY, text(a));
      expect(await read(KEY)).to.equal(a);
      let done = false;
      const replaced = (async () => {
        for (let i = 0; i < 20; i++) await store.replace(KEY, text(i % 2 === 0 ? b : a));
        done = true;
      })();
      const seen = new Set<string | undefined>();
      do seen.add(await read(KEY));
      while (!done);
      await replaced;
      expect([...seen].every((body) => body === a || body === b)).to.equal(true);
      expect(await read(KEY)).to.equal(a);
      expect(await store.create(KEY, text('c'))).to.equal(false);
    });

    it('reads of a range the part that exists', async () => {
      const body = Buffer.from('0123456789');
      await store.create(KEY, [body]);
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: 15 }), fc.nat({ max: 15 }), async (start, end) => {
          expect((await store.read(KEY, { start, end }))?.toString()).to.equal(
            body.subarray(start, end).toString(),
          );
        }),
      );
      expect((await store.read(KEY, { start: 8, end: 1e12 }))?.toString()).to.equal('89');
    });

    it('says undefined of a key that is not there, with a range too', async () => {
      await store.create(KEY, text('x'));
      for (const key of [
        keys.bundle('news', 7, 1),
        keys.bundle('news', 8, 0),
        'claims/news/1',
        `${KEY}/below`,
      ]) {
        expect(await store.read(key), key).to.equal(undefined);
        expect(await store.read(key, { start: 0, end: 4 }), key).to.equal(undefined);
        expect(await store.size(key), key).to.equal(undefined);
      }
    });

    it('says undefined of what is no object but the beginning of keys', async () => {
      await store.create(KEY, text('x'));
      for (const key of ['edge', 'edge/news', 'edge/news/7']) {
        expect(await store.read(key), key).to.equal(undefined);
        expect(await store.size(key), key).to.equal(undefined);
      }
    });

    it('deletes an object, and takes a key that is not there for deleted', async () => {
      const neighbour = keys.bundle('news', 7, 1);
      await store.create(KEY, text('x'));
      await store.create(neighbour, text('y'));
      await store.delete(KEY);
      expect([await read(KEY), await other.size(KEY), await read(neighbour)]).to.deep.equal([
        undefined,
        undefined,
        'y',
      ]);
      await store.delete(KEY);
      await store.delete(keys.bundle('other', 1, 1));
      expect(await store.create(KEY, text('again'))).to.equal(true);
      expect(await read(KEY)).to.equal('again');
    });

    it('creates in the place from which the last object was deleted', async () => {
      await store.create(KEY, text('x'));
      await store.delete(KEY);
      expect(await store.create(keys.bundle('news', 7, 1), text('y'))).to.equal(true);
      await other.delete(keys.bundle('news', 7, 1));
      expect(await other.create(KEY, text('z'))).to.equal(true);
    });

    it('lists the keys under a prefix, at any depth, and no others', async () => {
      const mine = [keys.bundle('news', 7, 0), keys.bundle('news', 7, 11), keys.bundle('news', 8, 0)];
      const others = [keys.bundle('news-2', 7, 0), keys.claim('news', 7), keys.segment('news', 'v', 7)];
      for (const key of [...mine, ...others]) await store.create(key, text(key));
      expect((await other.list('edge/news/')).sort()).to.deep.equal([...mine].sort());
      expect((await other.list('edge/news/8/')).sort()).to.deep.equal([keys.bundle('news', 8, 0)]);
      expect((await other.list('edge/')).sort()).to.deep.equal([...mine, keys.bundle('news-2', 7, 0)].sort());
      await store.delete(keys.bundle('news', 7, 0));
      expect((await other.list('edge/news/7/')).sort()).to.deep.equal([keys.bundle('news', 7, 11)]);
      expect(await other.list('edge/nothing/')).to.deep.equal([]);
    });

    it('takes every key that the contract makes', async () => {
      const all = [
        keys.init('n', 'v', 'f'.repeat(32)),
        keys.segment('n-2', '1080p', 999_999_999_999_999),
        keys.bundle('0', 0, 0),
        keys.claim('c'.repeat(63), 1),
        keys.lastClaim('c'.repeat(63)),
      ];
      for (const key of all) expect(await store.create(key, text(key)), key).to.equal(true);
      for (const key of all) expect(await read(key), key).to.equal(key);
    });

    const hostile = [
      ...[
        '',
        '.',
        '..',
        '/',
        '../x',
        'a/../b',
        'a/..',
        '/etc/passwd',
        'a//b',
        'a/./b',
        './a',
        'a/',
        'a/.hidden',
        '-rf',
      ],
      ...[
        '.unfinished/x',
        'a\0b',
        'a\n',
        'a b',
        'A/b',
        'a\\b',
        'a%2e',
        'é',
        'a/*',
        '~',
        '$HOME',
        'a?b',
        'a:b',
        'edge/n/1e+21',
      ],
    ];
    for (const key of hostile) {
      it(`refuses the key ${JSON.stringify(key)}, whatever is done with it`, async () => {
        const attempts = [
          () => store.create(key, text('x')),
          async () => store.begin(key).abort(),
          () => store.replace(key, text('x')),
          () => store.read(key),
          () => store.size(key),
          () => store.delete(key),
        ];
        for (const attempt of attempts) {
          const error = await rejection(attempt());
          expect(error).to.be.instanceOf(RangeError);
          expect((error as Error).message).to.equal(`no key of this store: ${JSON.stringify(key)}`);
        }
      });
    }

    for (const prefix of ['', '/', 'edge', '../', '/etc/', 'edge/../', '.unfinished/', 'a//']) {
      it(`refuses to list the prefix ${JSON.stringify(prefix)}`, async () => {
        await store.create(KEY, text('x'));
        expect(await rejection(store.list(prefix))).to.be.instanceOf(RangeError);
      });
    }
  });
}
