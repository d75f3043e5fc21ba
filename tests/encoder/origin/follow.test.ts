import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { keys, tickGrid } from '../../../encoder/contract';
import { SMALL_GRID, SyntheticChannel } from '../../support/channel';
import { atOnce, closeRigs, held, startRig, until, WatchedStore, type Rig } from './rig';

const MSN = 850_000_000;
const LIST = '/live/news/720p.m3u8';

describe('following a channel', () => {
  let channel: SyntheticChannel;
  let store: WatchedStore;
  let rig: Rig;

  async function start(ticks: number, options: { idleMs?: number } = {}): Promise<void> {
    channel = await SyntheticChannel.begin({ grid: SMALL_GRID });
    await channel.tick(ticks);
    store = new WatchedStore(channel.store);
    rig = await startRig({ stores: store.stores, ...options });
  }

  afterEach(async () => {
    await closeRigs();
    expect(store.lists, 'LIST requests').to.equal(0);
  });

  /** Store reads in so many milliseconds. */
  async function readsWithin(milliseconds: number): Promise<number> {
    const before = store.reads.length;
    await delay(milliseconds);
    return store.reads.length - before;
  }

  it('reads nothing of a channel that nobody asks for', async () => {
    await start(6);
    expect(await readsWithin(300)).to.equal(0);
    expect(rig.origin.followed).to.equal(0);
  });

  it('begins with the first request, and ends when nobody has asked for the idle time', async () => {
    await start(6, { idleMs: 400 });
    await rig.ask(LIST);
    expect(rig.origin.followed).to.equal(1);
    expect(await readsWithin(300)).to.be.greaterThan(0);
    await until(() => rig.origin.followed === 0, 'the channel is let go', 2000);
    expect(await readsWithin(300)).to.equal(0);
    await channel.tick();
    expect((await rig.ask(LIST)).text, 'a later request finds what was written since').to.include(
      `${MSN + 1}.2.m4s`,
    );
  });

  it('goes on while a request is held, however long', async () => {
    await start(6, { idleMs: 200 });
    const wanted = await held(rig, `${LIST}?_HLS_msn=${MSN + 1}&_HLS_part=2`);
    await delay(600);
    expect(rig.origin.followed).to.equal(1);
    await channel.tick();
    expect((await wanted.answer).status).to.equal(200);
  });

  it('asks the store for a tick that is late eight times quickly, then four times a second at most', async () => {
    await start(6);
    await rig.ask(LIST);
    // Eight polls 10 ms apart, then after 20, 40, 80, 160 and every 250 ms.
    expect(await readsWithin(1000)).to.be.within(10, 16);
    // One poll of an open segment is one read.
    expect(await readsWithin(1000)).to.be.within(2, 5);
  });

  it('polls at most eight times a tick of a live channel, and finds each tick soon', async function () {
    this.timeout(15_000);
    channel = await SyntheticChannel.begin({ grid: tickGrid('30', 'lowest'), startMs: Date.now() });
    store = new WatchedStore(channel.store);
    const delays: number[] = [];
    rig = await startRig({
      stores: store.stores,
      onTickDelay: (_channel, milliseconds) => delays.push(milliseconds),
    });
    const stop = new AbortController();
    const writing = channel.live(stop.signal);
    await until(() => channel.ticks.length === 2, 'the channel is live');
    await rig.ask('/live/news/index.m3u8');
    // The first ticks teach the follower how late they come.
    await until(() => channel.ticks.length === 6, 'the first ticks are written');
    const from = store.reads.length;
    await until(() => channel.ticks.length === 26, 'a whole segment and more is written', 10_000);
    stop.abort();
    await writing;
    const polls = new Map<string, number>();
    for (const key of store.reads.slice(from))
      if (key.startsWith('edge/')) polls.set(key, (polls.get(key) ?? 0) + 1);
    const counts = channel.ticks
      .slice(7, 25)
      .map(({ msn, part }) => polls.get(keys.bundle('news', msn, part)) ?? 0);
    delays.sort((a, b) => a - b);
    console.log(
      `      ${(counts.reduce((a, b) => a + b) / counts.length).toFixed(1)} polls a tick, at most ${Math.max(...counts)}; ` +
        `a tick is seen ${delays[delays.length >> 1]!.toFixed(0)} ms (median) after its end`,
    );
    // One look is enough where it comes at the right time: none goes ahead to the tick that follows.
    expect(Math.min(...counts)).to.equal(1);
    expect(Math.max(...counts)).to.be.at.most(8);
  });

  it("reads a bundle's media once for all who ask for its parts", async () => {
    await start(6);
    await rig.ask(LIST);
    const key = keys.bundle('news', MSN + 1, 1);
    const before = store.reads.filter((read) => read === key).length;
    const paths = Array.from(
      { length: 60 },
      (_, i) => `/live/news/p/${['720p', '360p', 'audio'][i % 3]}/${MSN + 1}.1.m4s`,
    );
    const answers = await Promise.all(paths.map((path) => rig.ask(path)));
    expect(answers.map(({ status }) => status)).to.deep.equal(Array(60).fill(200));
    expect(store.reads.filter((read) => read === key).length - before).to.equal(1);
  });

  it('asks the store for an unknown channel once a second at most, however many ask', async () => {
    await start(1);
    const began = performance.now();
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(Array.from({ length: 30 }, () => rig.ask('/live/nope/index.m3u8')));
      expect(answers.map(({ status }) => status)).to.deep.equal(Array(30).fill(404));
    }
    expect(performance.now() - began).to.be.lessThan(1000);
    expect(store.reads).to.deep.equal(['claims/nope/last']);
    await delay(1000);
    await rig.ask('/live/nope/s/720p/1.m4s');
    expect(store.reads).to.have.lengthOf(2);
    expect(rig.origin.followed).to.equal(0);
  });

  it('holds the first request for a channel that is claimed until its first part is there', async () => {
    await start(0);
    const first = await held(rig, '/live/news/index.m3u8');
    await channel.tick();
    expect((await first.answer).status).to.equal(200);
  });

  it('goes on with the next programme after ENDLIST', async () => {
    await start(6);
    await rig.ask(LIST);
    await channel.end({ final: true });
    await until(() => rig.origin.followed === 1, 'followed');
    const ended = (): Promise<boolean> => rig.ask(LIST).then(({ text }) => text.includes('#EXT-X-ENDLIST'));
    while (!(await ended())) await delay(10);
    await channel.replaceWriter();
    await channel.tick(2);
    // Each part is published as soon as it is found.
    const parts = async (): Promise<number> =>
      (await rig.ask(LIST)).text.match(/^#EXT-X-PART:/gm)?.length ?? 0;
    while ((await ended()) || (await parts()) < 2) await delay(10);
    expect(await parts()).to.equal(2);
  });

  it('starts nothing anew once the origin drains, so that its process can end', async () => {
    await start(6);
    const before = (await rig.ask(LIST)).text;
    const other = await SyntheticChannel.begin({ grid: SMALL_GRID, store: channel.store, channel: 'other' });
    await other.tick();
    await rig.origin.drain();
    expect((await atOnce(rig, LIST)).text).to.equal(before);
    expect((await atOnce(rig, '/live/other/720p.m3u8')).status).to.equal(503);
    expect(await readsWithin(300)).to.equal(0);
    expect(rig.origin.followed).to.equal(0);
  });
});
