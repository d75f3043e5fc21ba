import { expect } from 'chai';
import fc from 'fast-check';
import {
  FRAME_RATES,
  keys,
  PROFILES,
  segmentSeconds,
  targetDuration,
  tickGrid,
} from '../../../encoder/contract';
import { Evictor, retention, type Retention } from '../../../encoder/store/evictor';
import { MemoryStore } from '../../../encoder/store/memory-store';

const KEEP: Retention = { edge: 20, segments: 40, claims: 100 };

const made = {
  edge: (msn: number) => keys.bundle('news', msn, 0),
  segments: (msn: number) => keys.segment('news', 'v', msn),
  claims: (msn: number) => keys.claim('news', msn),
};
const kinds = ['edge', 'segments', 'claims'] as const;

class Channel {
  readonly store = new MemoryStore();
  evictor = new Evictor({ edge: this.store, general: this.store }, 'news', KEEP);

  async restart(): Promise<void> {
    this.evictor = new Evictor({ edge: this.store, general: this.store }, 'news', KEEP);
    await this.evictor.start();
  }

  /** One segment: its objects, then its seconds of media. */
  async segment(msn: number, seconds: number): Promise<void> {
    for (const kind of kinds) {
      await this.store.create(made[kind](msn), []);
      this.evictor.made(kind, made[kind](msn));
    }
    await this.evictor.advance(seconds);
  }

  /** Numbers of the segments of which an object of this kind is left. */
  async left(kind: (typeof kinds)[number]): Promise<number[]> {
    const prefix = { edge: 'edge/news/', segments: 'live/news/s/', claims: 'claims/news/' }[kind];
    return (await this.store.list(prefix))
      .map((key) => Number(/(\d+)(?:\/0|\.m4s)?$/.exec(key)?.[1]))
      .sort((a, b) => a - b);
  }
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('Evictor', () => {
  it('keeps of each kind what is no older than its retention, in seconds of media', async () => {
    const channel = new Channel();
    for (let msn = 1; msn <= 50; msn++) await channel.segment(msn, 4);
    // The clock stands at 200: an object of segment n was made at 4 (n - 1).
    expect(await channel.left('edge')).to.deep.equal(range(46, 50));
    expect(await channel.left('segments')).to.deep.equal(range(41, 50));
    expect(await channel.left('claims')).to.deep.equal(range(26, 50));
  });

  it('counts media and not time: a channel that is off keeps everything', async () => {
    const channel = new Channel();
    for (let msn = 1; msn <= 5; msn++) await channel.segment(msn, 4);
    for (let i = 0; i < 100; i++) await channel.evictor.advance(0);
    expect(await channel.left('edge')).to.deep.equal(range(1, 5));
  });

  it('deletes nothing within its retention and everything beyond it, whatever the segments', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 60 }),
        async (lengths) => {
          const channel = new Channel();
          const madeAt: number[] = [];
          let clock = 0;
          for (const [msn, seconds] of lengths.entries()) {
            madeAt.push(clock);
            await channel.segment(msn, seconds);
            clock += seconds;
          }
          for (const kind of kinds) {
            const expected = madeAt.flatMap((at, msn) => (clock - at <= KEEP[kind] ? [msn] : []));
            expect(await channel.left(kind), kind).to.deep.equal(expected);
          }
        },
      ),
    );
  });

  it('never deletes after a restart, or many, what it would have kept without', async () => {
    const segments = fc.array(fc.record({ seconds: fc.integer({ min: 1, max: 8 }), restart: fc.boolean() }), {
      minLength: 1,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(segments, async (run) => {
        const [steady, restarted] = [new Channel(), new Channel()];
        for (const [msn, { seconds, restart }] of run.entries()) {
          if (restart) await restarted.restart();
          await steady.segment(msn, seconds);
          await restarted.segment(msn, seconds);
        }
        for (const kind of kinds) {
          expect(await restarted.left(kind), kind).to.include.members(await steady.left(kind));
        }
      }),
    );
  });

  it('deletes after a restart what was there before, once its retention has passed again', async () => {
    const channel = new Channel();
    for (let msn = 1; msn <= 5; msn++) await channel.segment(msn, 4);
    await channel.restart();
    for (let msn = 6; msn <= 10; msn++) await channel.segment(msn, 4);
    expect(await channel.left('edge'), '20 s later').to.deep.equal(range(1, 10));
    await channel.segment(11, 4);
    expect(await channel.left('edge'), '24 s later').to.deep.equal(range(7, 11));
    expect(await channel.left('segments')).to.deep.equal(range(1, 11));
  });

  it('leaves the hint, the inits and other channels alone', async () => {
    const channel = new Channel();
    const kept = [
      keys.lastClaim('news'),
      keys.init('news', 'v', 'a'.repeat(32)),
      keys.bundle('news-2', 1, 0),
      keys.segment('new', 'v', 1),
      keys.claim('sport', 1),
    ];
    for (const key of kept) await channel.store.create(key, []);
    for (const kind of kinds) await channel.store.create(made[kind](1), []);
    await channel.restart();
    await channel.evictor.advance(1000);
    for (const key of kept) expect(await channel.store.size(key), key).to.equal(0);
    for (const kind of kinds) expect(await channel.store.size(made[kind](1)), kind).to.equal(undefined);
  });

  it('deletes each object once, also when it is asked again before it is done', async () => {
    const deleted: string[] = [];
    class Watched extends MemoryStore {
      override async delete(key: string): Promise<void> {
        deleted.push(key);
        await super.delete(key);
      }
    }
    const watched = new Watched();
    const evictor = new Evictor({ edge: watched, general: watched }, 'news', KEEP);
    for (const msn of [1, 2, 3]) evictor.made('edge', made.edge(msn));
    await Promise.all([evictor.advance(21), evictor.advance(1), evictor.advance(1)]);
    expect(deleted).to.deep.equal([1, 2, 3].map(made.edge));
  });
});

describe('retention', () => {
  it('is 76 s of parts, 136 s of segments and an hour of claims for a window of 60 s', () => {
    expect(retention(60, 4)).to.deep.equal({ edge: 76, segments: 136, claims: 3600 });
    expect(retention(86_400, 4).claims).to.equal(345_600);
  });

  it('keeps parts three target durations and segments their own length and the playlist beyond the window (T14)', () => {
    for (const rate of FRAME_RATES) {
      for (const profile of PROFILES) {
        for (const window of [24, 60, 3600, 86_400]) {
          const grid = tickGrid(rate, profile);
          const { edge, segments, claims } = retention(window, targetDuration(grid));
          // A segment leaves the playlist when another has taken its place.
          const listed = window + segmentSeconds(grid);
          expect(edge).to.be.at.least(window + 3 * targetDuration(grid));
          expect(segments).to.be.at.least(listed + segmentSeconds(grid) + window);
          expect(claims).to.be.at.least(segments);
        }
      }
    }
  });

  it('leaves segments and claims alone where their store is not given', async () => {
    const edge = new MemoryStore();
    const evictor = new Evictor({ edge }, 'news', KEEP);
    for (const kind of ['edge', 'segments', 'claims'] as const) {
      const key = `${kind === 'segments' ? 'live' : kind}/news/1/0`;
      await edge.create(key, [Buffer.from('x')]);
      evictor.made(kind, key);
    }
    await evictor.advance(1e6);
    expect(
      (await Promise.all(['edge/', 'live/', 'claims/'].map((prefix) => edge.list(prefix)))).flat(),
    ).to.deep.equal(['live/news/1/0', 'claims/news/1/0']);
  });
});
