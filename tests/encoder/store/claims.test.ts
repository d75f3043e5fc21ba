import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { keys, tickGrid, type Claim } from '../../../encoder/contract';
import { createClaim, lastClaim, readClaim } from '../../../encoder/store/claims';
import { FileStore } from '../../../encoder/store/file-store';
import { MemoryStore } from '../../../encoder/store/memory-store';
import type { ByteRange, SegmentStore } from '../../../encoder/store/store';

const claim = (msn: number, writer = 'a'): Claim => ({
  v: 1,
  channel: 'news',
  msn,
  writer,
  generation: 0,
  grid: tickGrid('30', 'balanced'),
  anchor: 1_800_000_000_000.125,
  start: 0,
  renditions: [],
  records: [],
});

const hint = async (store: SegmentStore) => (await store.read(keys.lastClaim('news')))?.toString();
const setHint = (store: SegmentStore, body: string) =>
  store.replace(keys.lastClaim('news'), [Buffer.from(body)]);

describe('claims', () => {
  it('are read back as they were made', async () => {
    const store = new MemoryStore();
    const made: Claim = { ...claim(5), fresh: true };
    expect(await createClaim(store, made)).to.equal(true);
    expect(await readClaim(store, 'news', 5)).to.deep.equal(made);
    expect(await readClaim(store, 'news', 6)).to.equal(undefined);
    expect(await readClaim(store, 'sport', 5)).to.equal(undefined);
  });

  it('are write-once: the second writer is told no, and neither claim nor hint changes', async () => {
    const store = new MemoryStore();
    await createClaim(store, claim(4));
    await createClaim(store, claim(5));
    await setHint(store, '{"msn":4}');
    expect(await createClaim(store, claim(5, 'b'))).to.equal(false);
    expect((await readClaim(store, 'news', 5))?.writer).to.equal('a');
    expect(await hint(store)).to.equal('{"msn":4}');
  });

  it('go to exactly one of 50 writers that ask at once', async () => {
    const root = mkdtempSync(path.join(tmpdir(), 'claims-'));
    try {
      const stores = [new FileStore(root), new FileStore(root)] as const;
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          createClaim(stores[i % 2 === 0 ? 0 : 1], claim(5, `writer-${i}`)),
        ),
      );
      const winners = outcomes.flatMap((won, i) => (won ? [`writer-${i}`] : []));
      expect(winners).to.deep.equal([(await readClaim(stores[0], 'news', 5))!.writer]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it('count as own where the answer to their creation was lost', async () => {
    class Forgetful extends MemoryStore {
      override async create(key: string, body: readonly Uint8Array[]): Promise<boolean> {
        await super.create(key, body);
        return false;
      }
    }
    const store = new Forgetful();
    expect(await createClaim(store, claim(5))).to.equal(true);
    expect(await hint(store)).to.equal('{"msn":5}');
    expect(await createClaim(store, claim(5, 'b'))).to.equal(false);
  });

  it('count as foreign where the create was refused and nothing is there', async () => {
    class Refusing extends MemoryStore {
      override async create(): Promise<boolean> {
        return false;
      }
    }
    const store = new Refusing();
    expect(await createClaim(store, claim(5))).to.equal(false);
    expect(await hint(store)).to.equal(undefined);
  });
});

const stores: Record<string, () => SegmentStore> = {
  MemoryStore: () => new MemoryStore(),
  FileStore: () => new FileStore(mkdtempSync(path.join(root, 'store-'))),
};
let root = '';

for (const [name, open] of Object.entries(stores)) {
  describe(`lastClaim in a ${name}`, () => {
    let store: SegmentStore;
    before(() => (root = mkdtempSync(path.join(tmpdir(), 'claims-'))));
    after(() => rmSync(root, { recursive: true, force: true }));
    beforeEach(async () => {
      store = open();
      for (let msn = 10; msn < 20; msn++) await createClaim(store, claim(msn));
    });

    it('is the newest, with a hint that is up to date or lags by any number', async () => {
      expect(await hint(store)).to.equal('{"msn":19}');
      for (let msn = 10; msn < 20; msn++) {
        await setHint(store, JSON.stringify({ msn }));
        expect((await lastClaim(store, 'news'))?.msn, `hint ${msn}`).to.equal(19);
      }
    });

    it('stops at the first number that is missing', async () => {
      await createClaim(store, claim(21));
      await setHint(store, '{"msn":12}');
      expect((await lastClaim(store, 'news'))?.msn).to.equal(19);
    });

    const unusable = [
      ...['', '{', 'null', '[]', '{}', '5', '"5"', '{"msn":"15"}', '{"msn":null}', '{"msn":[15]}', '\0\0\0'],
      ...[
        '{"msn":-1}',
        '{"msn":15.5}',
        '{"msn":1e21}',
        '{"msn":1e300}',
        '{"msn":9007199254740992}',
        '{"msn":1e999}',
      ],
    ];
    for (const body of unusable) {
      it(`is undefined, without an error, where the hint is ${JSON.stringify(body)}`, async () => {
        await setHint(store, body);
        expect(await lastClaim(store, 'news')).to.equal(undefined);
      });
    }

    it('is undefined where the hint names a claim that does not exist', async () => {
      for (const msn of [9, 21, 2 ** 53 - 1]) {
        await setHint(store, JSON.stringify({ msn }));
        expect(await lastClaim(store, 'news'), `hint ${msn}`).to.equal(undefined);
      }
    });

    it('is found where the hint names a claim that the store does not show yet', async () => {
      await setHint(store, JSON.stringify({ msn: 20 }));
      expect((await lastClaim(store, 'news'))?.msn).to.equal(19);
    });

    it('is undefined where there is no hint', async () => {
      await store.delete(keys.lastClaim('news'));
      expect(await lastClaim(store, 'news')).to.equal(undefined);
      expect(await lastClaim(store, 'sport')).to.equal(undefined);
    });
  });
}

describe('lastClaim', () => {
  it('costs the hint, the claims from there on, and one miss; never a LIST', async () => {
    const read: string[] = [];
    class Watched extends MemoryStore {
      override async read(key: string, range?: ByteRange): Promise<Buffer | undefined> {
        read.push(key);
        return super.read(key, range);
      }
      override async list(): Promise<string[]> {
        throw new Error('a LIST');
      }
    }
    const store = new Watched();
    for (let msn = 10; msn < 20; msn++) await createClaim(store, claim(msn));
    await setHint(store, '{"msn":17}');
    read.length = 0;
    await lastClaim(store, 'news');
    expect(read).to.deep.equal(['last', 17, 18, 19, 20].map((last) => `claims/news/${last}`));
  });
});
