import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { keys } from '../../../encoder/contract';
import { FileStore } from '../../../encoder/store/file-store';
import { MemoryStore } from '../../../encoder/store/memory-store';
import { openStores } from '../../../encoder/store/open';
import type { SegmentStore } from '../../../encoder/store/store';
import { rejection } from '../../support/rejection';
import { storeContract } from '../../support/store-contract';

const text = (value: string): Uint8Array[] => [Buffer.from(value)];
const KEY = keys.bundle('news', 7, 0);

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'store-'));
  folders.push(made);
  return made;
}
after(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

/** Each gives a store and a second view of the same objects, as another process has it. */
const stores: Record<string, () => [SegmentStore, SegmentStore]> = {
  MemoryStore: () => {
    const store = new MemoryStore();
    return [store, store];
  },
  FileStore: () => {
    const root = folder();
    return [new FileStore(root), new FileStore(root)];
  },
};

for (const [name, open] of Object.entries(stores)) storeContract(name, open);

describe('FileStore', () => {
  const FILE_STORE = require.resolve('../../../encoder/store/file-store');
  const unfinished = (root: string) => readdirSync(path.join(root, '.unfinished'));

  /** A process of its own, in which `store` and `keep` (a body of `count` chunks of 64 KiB) are at hand. */
  function child(root: string, script: string) {
    const prelude = `
      const { FileStore } = require(${JSON.stringify(FILE_STORE)});
      const store = new FileStore(${JSON.stringify(root)});
      const body = (count, fill) => Array.from({ length: count }, () => Buffer.alloc(65536, fill));
    `;
    return spawn(process.execPath, ['-e', `${prelude}(async () => {${script}})()`], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 15_000,
      killSignal: 'SIGKILL',
    });
  }

  it('leaves nothing of a writer that was killed half-way, and the key free for the next', async () => {
    const root = folder();
    // The body is longer than one call takes; the process dies between the first and the second.
    const writer = child(
      root,
      `const chunks = body(1500, 1);
       Object.defineProperty(chunks, 1400, { get: () => process.kill(process.pid, 'SIGKILL') });
       await store.create('edge/news/7/0', chunks);`,
    );
    expect(await once(writer, 'exit')).to.deep.equal([null, 'SIGKILL']);
    const store = new FileStore(root);
    const [left] = unfinished(root);
    expect(statSync(path.join(root, '.unfinished', left!)).size).to.be.above(0);
    expect(await store.read(KEY)).to.equal(undefined);
    expect(await store.size(KEY)).to.equal(undefined);
    expect(await store.list('edge/')).to.deep.equal([]);
    expect(await store.create(KEY, text('next'))).to.equal(true);
    expect((await store.read(KEY))?.toString()).to.equal('next');
  });

  it('shows only whole objects of a writer that was killed at any moment', async () => {
    const size = 40 * 65_536;
    let whole = 0;
    for (let round = 0; round < 4; round++) {
      const root = folder();
      const writer = child(
        root,
        `for (let i = 0; i < 100000; i++) {
           process.stdout.write('.');
           await Promise.all([store.create('edge/news/7/' + i, body(40, i)), store.replace('claims/news/last', body(40, i))]);
         }`,
      );
      const exit = once(writer, 'exit');
      let started = 0;
      for await (const dots of writer.stdout) {
        started += (dots as Buffer).length;
        if (started > 3 + round) break;
      }
      writer.kill('SIGKILL');
      expect(await exit).to.deep.equal([null, 'SIGKILL']);
      const store = new FileStore(root);
      for (const key of [...(await store.list('edge/news/')), 'claims/news/last']) {
        const object = (await store.read(key))!;
        const index = key.endsWith('last') ? object[0]! : Number(key.slice(key.lastIndexOf('/') + 1));
        expect(object.equals(Buffer.alloc(size, index)), key).to.equal(true);
        whole++;
      }
    }
    expect(whole).to.be.above(8);
  });

  it('leaves no unfinished file behind of objects that won, lost, failed or were aborted', async () => {
    const root = folder();
    const store = new FileStore(root);
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.create(KEY, text(String(i)))));
    await store.replace(keys.lastClaim('news'), text('hint'));
    const aborted = store.begin(keys.bundle('news', 7, 2));
    await aborted.append(text('x'));
    expect(unfinished(root)).to.have.length(1);
    await aborted.abort();
    expect(unfinished(root)).to.deep.equal([]);

    const bad = [Buffer.from('x'), 'no bytes' as unknown as Uint8Array];
    expect(await rejection(store.create(keys.bundle('news', 7, 1), bad))).to.be.instanceOf(TypeError);
    expect(unfinished(root), 'after a create that failed').to.deep.equal([]);
    expect(await rejection(store.replace(keys.lastClaim('news'), bad))).to.be.instanceOf(TypeError);
    expect(unfinished(root), 'after a replace that failed').to.deep.equal([]);
    expect((await store.read(keys.lastClaim('news')))?.toString()).to.equal('hint');
    const below = await rejection(store.create(`${KEY}/below-an-object`, text('x')));
    expect(below).to.have.property('code').that.is.oneOf(['ENOTDIR', 'EEXIST']);
    expect(unfinished(root), 'after a create below an object').to.deep.equal([]);
    expect(await store.size(keys.bundle('news', 7, 1))).to.equal(undefined);
  });

  it('clears away what killed writers have left, and nothing that is still being written', async () => {
    const root = folder();
    const store = new FileStore(root);
    await store.removeUnfinished(0);
    await store.create(KEY, text('x'));
    for (const name of ['old', 'older']) {
      const file = path.join(root, '.unfinished', name);
      writeFileSync(file, 'left');
      utimesSync(file, new Date(), new Date(Date.now() - 61_000));
    }
    const growing = store.begin(keys.bundle('news', 7, 1));
    await growing.append(text('half'));
    await store.removeUnfinished(60_000);
    expect(unfinished(root)).to.have.length(1);
    await growing.append(text(' and half'));
    expect(await growing.commit()).to.equal(true);
    expect((await store.read(keys.bundle('news', 7, 1)))?.toString()).to.equal('half and half');
    expect((await store.read(KEY))?.toString()).to.equal('x');
  });

  it('removes the folder of a segment whose last bundle is deleted', async () => {
    const root = folder();
    const store = new FileStore(root);
    for (const tick of [0, 1]) await store.create(keys.bundle('news', 7, tick), text('x'));
    await store.create(keys.bundle('news', 8, 0), text('x'));
    await store.delete(keys.bundle('news', 7, 0));
    expect(readdirSync(path.join(root, 'edge/news')).sort()).to.deep.equal(['7', '8']);
    await store.delete(keys.bundle('news', 7, 1));
    expect(readdirSync(path.join(root, 'edge/news'))).to.deep.equal(['8']);
    expect(await store.create(keys.bundle('news', 7, 2), text('y'))).to.equal(true);
  });

  it('has a file for each object, under its key', async () => {
    const root = folder();
    const { edge, general } = openStores(`file:${root}`);
    await edge.create(KEY, text('x'));
    expect((await general.read(KEY))?.toString()).to.equal('x');
    expect(statSync(path.join(root, KEY)).size).to.equal(1);
  });

  it('passes on what it cannot mean: a store whose folder is a file', async () => {
    const root = path.join(folder(), 'file');
    writeFileSync(root, '');
    const store = new FileStore(root);
    expect(await rejection(store.create(KEY, text('x'))))
      .to.have.property('code')
      .that.is.oneOf(['ENOTDIR', 'EEXIST']);
  });

  it('serves a folder that was made by hand', async () => {
    const root = folder();
    await mkdir(path.join(root, 'live/news/s/v'), { recursive: true });
    writeFileSync(path.join(root, 'live/news/s/v/1.m4s'), 'media');
    const store = new FileStore(root);
    expect(await store.list('live/news/s/')).to.deep.equal([keys.segment('news', 'v', 1)]);
    expect(await store.create(keys.segment('news', 'v', 1), text('x'))).to.equal(false);
  });
});
