import { expect } from 'chai';
import { keys, LADDERS, tickGrid } from '../../../encoder/contract';
import { Encoder } from '../../../encoder/encoder';
import type { InitSegment } from '../../../encoder/packager/init';
import { Inits } from '../../../encoder/packager/inits';
import { MemoryStore } from '../../../encoder/store/memory-store';
import { createLogger } from '../../../encoder/telemetry/log';
import { rejection } from '../../support/rejection';

const HOUR_MS = 3600 * 1000;
const START_MS = 1_700_000_000_000;

/** Puts over what is there, by the hour of a clock that a test sets. */
class Counted extends MemoryStore {
  hours = 0;
  broken = false;
  readonly puts: string[] = [];
  override replace(key: string, body: readonly Uint8Array[]): Promise<void> {
    if (this.broken) return Promise.reject(new Error('the store is away'));
    this.puts.push(`${this.hours} ${key}`);
    return super.replace(key, body);
  }
}

const init = (hash: string): InitSegment => ({
  bytes: Buffer.from(`init ${hash}`),
  hash,
  kind: 'video',
  codecs: 'avc1.64001e',
  timescale: 30_000,
  defaults: { duration: 1000, flags: 0 },
});
const [A, B] = ['a'.repeat(32), 'b'.repeat(32)] as const;
const name = (id: string, hash: string) => keys.init('news', id, hash);

describe('init segments', () => {
  let store: Counted;
  let failures: string[];
  let inits: Inits;
  beforeEach(() => {
    store = new Counted();
    failures = [];
    inits = new Inits({
      store,
      channel: 'news',
      now: () => START_MS + store.hours * HOUR_MS,
      onError: (error) => failures.push((error as Error).message),
    });
  });

  /** Hours pass, with a tick each quarter of one. */
  async function pass(hours: number): Promise<void> {
    for (let quarter = 0; quarter < 4 * hours; quarter++) {
      store.hours += 0.25;
      inits.refresh();
      await new Promise(setImmediate);
    }
  }

  it('are put again each day, and not more often, for as long as there are ticks', async () => {
    await inits.put(new Map([['360p', init(A)]]));
    await pass(80);
    expect(store.puts).to.deep.equal([0, 24, 48, 72].map((hour) => `${hour} ${name('360p', A)}`));
    expect((await store.read(name('360p', A)))?.toString()).to.equal(`init ${A}`);
  });

  it('are put at a start also where a run long ago has left them: that makes them young again', async () => {
    await store.create(name('360p', A), [init(A).bytes]);
    await inits.put(new Map([['360p', init(A)]]));
    expect(store.puts).to.deep.equal([`0 ${name('360p', A)}`]);
  });

  it('of a generation before are left to grow old, and the day begins anew', async () => {
    await inits.put(new Map([['360p', init(A)]]));
    await pass(20);
    await inits.put(new Map([['360p', init(B)]]));
    await pass(25);
    expect(store.puts).to.deep.equal([
      `0 ${name('360p', A)}`,
      `20 ${name('360p', B)}`,
      `44 ${name('360p', B)}`,
    ]);
  });

  it('are tried again an hour after a failure, which ends nothing', async () => {
    await inits.put(new Map([['360p', init(A)]]));
    await pass(23);
    store.broken = true;
    await pass(2.5);
    expect(failures).to.deep.equal(['the store is away', 'the store is away']);
    store.broken = false;
    await pass(30);
    expect(store.puts).to.deep.equal([0, 26, 50].map((hour) => `${hour} ${name('360p', A)}`));
  });

  it('that cannot be put at a start are an error', async () => {
    store.broken = true;
    const error = await rejection(inits.put(new Map([['360p', init(A)]])));
    expect((error as Error).message).to.equal('the store is away');
  });

  it('are put by an encoder at its start, and again while it runs', async function () {
    this.timeout(20_000);
    const again = new Promise<void>((resolve) => {
      store.replace = (key, body) => {
        if (key.startsWith('live/') && store.puts.push(key) === 6) resolve();
        return MemoryStore.prototype.replace.call(store, key, body);
      };
    });
    const encoder = new Encoder({
      channel: 'news',
      source: { kind: 'test' },
      ladder: LADDERS.tiny,
      frameRate: '30',
      grid: tickGrid('30', 'balanced'),
      stores: { edge: store, general: store },
      log: createLogger('encoder', 'silent'),
      refreshInitsMs: 600,
    });
    await again;
    encoder.finish();
    await encoder.done;
    const all = store.puts.slice(0, 6).sort();
    expect(new Set(all).size).to.equal(3);
    expect(all.filter((_, i) => i % 2 === 0)).to.deep.equal(all.filter((_, i) => i % 2 === 1));
    expect(await store.size(all[0]!)).to.be.above(0);
  });
});
