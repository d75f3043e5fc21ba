import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { tickGrid } from '../../../encoder/contract';
import { MemoryStore } from '../../../encoder/store/memory-store';
import type { ByteRange } from '../../../encoder/store/store';
import { SyntheticChannel } from '../../support/channel';
import {
  askPort,
  closeRigs,
  hintOf,
  newestPartOf,
  partsOf,
  segmentsOf,
  startRig,
  tagOf,
  until,
  WatchedStore,
  type Rig,
} from './rig';

const RUN_MS = 20_000;
const PAST_MS = 70_000;
const MOST_LAG_MS = 100;

interface Version {
  readonly at: number;
  readonly body: Buffer;
}

/** A memory store that remembers when each object was written. */
class DatedStore extends MemoryStore {
  readonly versions = new Map<string, Version[]>();

  override async create(key: string, body: readonly Uint8Array[]): Promise<boolean> {
    const created = await super.create(key, body);
    if (created) this.#note(key, body);
    return created;
  }

  override async replace(key: string, body: readonly Uint8Array[]): Promise<void> {
    await super.replace(key, body);
    this.#note(key, body);
  }

  #note(key: string, body: readonly Uint8Array[]): void {
    const versions = this.versions.get(key) ?? [];
    versions.push({ at: performance.now(), body: Buffer.concat(body) });
    this.versions.set(key, versions);
  }
}

/** What one origin sees of it: each object, and each version of a hint, up to 100 ms after it was written. */
class LaggingView extends WatchedStore {
  readonly #store: DatedStore;
  readonly #seed: string;

  constructor(store: DatedStore, seed: string) {
    super(store);
    this.#store = store;
    this.#seed = seed;
  }

  override async read(key: string, range?: ByteRange): Promise<Buffer | undefined> {
    this.reads.push(key);
    const now = performance.now();
    const body = this.#store.versions.get(key)?.findLast(({ at }, i) => at + this.#lag(key, i) <= now)?.body;
    return range ? body?.subarray(range.start, range.end) : body;
  }

  override async size(key: string): Promise<number | undefined> {
    return (await this.read(key))?.length;
  }

  /**
   * 0 to 100 ms, by seed, key and version alone. The hint of the last claim never overtakes that claim: a reader
   * that finds a hint without its claim takes the channel for unknown.
   */
  #lag(key: string, version: number): number {
    if (key.endsWith('/last')) return MOST_LAG_MS;
    const hash = createHash('sha256').update(`${this.#seed} ${key} ${version}`).digest();
    return (hash.readUInt32BE(0) / 2 ** 32) * MOST_LAG_MS;
  }
}

describe('two origins behind a round-robin proxy, over a store that lags by up to 100 ms', function () {
  this.timeout(60_000);
  afterEach(closeRigs);

  it('list nothing that is missing, never go back, and give the same bytes for the same state; so does a third', async () => {
    const store = new DatedStore();
    const channel = await SyntheticChannel.begin({
      grid: tickGrid('30', 'lowest'),
      store,
      // So that the playlist is as long as it gets.
      startMs: Date.now() - PAST_MS,
    });
    await channel.tick(PAST_MS / 200);
    let rigs: Rig[] = [];
    const startOrigin = async (name: string): Promise<Rig> =>
      startRig({ stores: new LaggingView(store, name).stores, windowSeconds: 60 });
    const stopWriting = new AbortController();
    let writing = channel.live(stopWriting.signal);
    await until(() => channel.ticks.length === PAST_MS / 200 + 3, 'the channel is live');
    rigs = [await startOrigin('first'), await startOrigin('second')];

    const violations: string[] = [];
    /** Bodies by what they show: rendition, delta or not, and the state's edge. */
    const bodies = new Map<string, string>();
    const answeredBy = new Map<string, Set<number>>();
    let [playlists, media, compared] = [0, 0, 0];

    const note = (port: number, name: string, text: string): void => {
      const last = text.includes('#EXT-X-ENDLIST') ? 'end' : hintOf(text)!;
      const key = `${name} ${newestPartOf(text)} ${last}`;
      const before = bodies.get(key);
      if (before === undefined) bodies.set(key, text);
      else if (before !== text) violations.push(`${key}: two origins differ`);
      else compared++;
      answeredBy.set(key, (answeredBy.get(key) ?? new Set()).add(port));
    };

    let turn = 0;
    const proxy = (path: string, agent: Agent) => {
      const { httpPort } = rigs[turn++ % rigs.length]!.server;
      return askPort(httpPort, `/live/news/${path}`, { agent }).then((answer) => ({
        ...answer,
        port: httpPort,
      }));
    };
    const stopWatching = new AbortController();

    /** A player of one rendition, and with no memory but what a client has: each request goes to the next origin. */
    async function watch(rendition: string, skip: boolean): Promise<void> {
      const agent = new Agent({ keepAlive: true });
      const seen = new Set<string>();
      let at = [0, -1] as [number, number];
      const fetchAll = async (uris: string[]): Promise<void> => {
        for (const uri of uris) {
          if (seen.has(uri)) continue;
          seen.add(uri);
          const { status, body } = await proxy(uri, agent);
          media++;
          const [, id, msn, part] = /^[ps]\/(.*)\/(\d+)(?:\.(\d+))?\.m4s$/.exec(uri) ?? [];
          if (status !== 200) violations.push(`${uri} is listed and answers ${status}`);
          else if (id) {
            const expected = part
              ? channel.part(id, Number(msn), Number(part))
              : channel.segment(id, Number(msn));
            if (!body.equals(expected)) violations.push(`${uri} has other bytes`);
          }
        }
      };
      while (!stopWatching.signal.aborted) {
        const directives = at[0] ? `_HLS_msn=${at[0]}&_HLS_part=${at[1] + 1}` : '';
        const { status, text, port } = await proxy(
          `${rendition}.m3u8?${directives}${skip ? '&_HLS_skip=YES' : ''}`,
          agent,
        );
        playlists++;
        if (status !== 200) {
          violations.push(`${rendition}?${directives}: ${status} ${text}`);
          await delay(50);
          continue;
        }
        note(port, `${rendition} ${skip}`, text);
        const [, msn, part] = /(\d+)\.(\d+)\.m4s$/.exec(newestPartOf(text)!)!;
        const next: [number, number] = [Number(msn), Number(part)];
        if (next[0] < at[0] || (next[0] === at[0] && next[1] < at[1]))
          violations.push(`${rendition}: ${at.join('.')} then ${next.join('.')}`);
        if (next[0] === at[0] && next[1] === at[1] && hintOf(text)?.includes(`/${at[0]}.`)) {
          violations.push(`${rendition}: ${at.join('.')} again`);
        }
        at = next;
        const gaps = new Set([...text.matchAll(/#EXT-X-GAP\n#EXTINF:.*\n(.*)/g)].map((match) => match[1]!));
        await fetchAll([
          ...(tagOf(text, 'EXT-X-MAP')?.match(/i\/[^"]+/g) ?? []),
          ...partsOf(text),
          ...segmentsOf(text).filter((uri) => !gaps.has(uri)),
        ]);
      }
      agent.destroy();
    }

    const watching: Promise<void>[] = [0, 1].flatMap(() => [
      watch('720p', false),
      watch('720p', true),
      watch('360p', false),
      watch('audio', true),
    ]);

    /** Origins that know nothing, started at every phase of a segment, each used once. */
    let fresh = 0;
    async function startAfresh(): Promise<void> {
      const agent = new Agent();
      while (!stopWatching.signal.aborted) {
        await delay(70);
        const rig = await startOrigin(`fresh ${fresh++}`);
        // What it reads at its start, and what it then follows.
        let query = '';
        for (let i = 0; i < 3; i++) {
          const { status, text } = await askPort(rig.server.httpPort, `/live/news/720p.m3u8?${query}`, {
            agent,
          });
          if (status !== 200) {
            violations.push(`a fresh origin answers ${status} ${text.trim()}`);
            break;
          }
          note(rig.server.httpPort, '720p false', text);
          const [, msn, part] = /(\d+)\.(\d+)\.m4s$/.exec(newestPartOf(text)!)!;
          query = `_HLS_msn=${msn}&_HLS_part=${Number(part) + 1}`;
        }
        await rig.close();
      }
    }
    watching.push(startAfresh());

    await delay(RUN_MS / 2);
    stopWriting.abort();
    await writing;
    // A writer that is killed; the next one takes over when it is overdue.
    await channel.replaceWriter();
    const secondWriter = new AbortController();
    writing = channel.live(secondWriter.signal);
    await delay(RUN_MS / 4);
    const third = await startOrigin('third');
    rigs.push(third);
    await delay(RUN_MS / 4);
    stopWatching.abort();
    await Promise.all(watching);
    secondWriter.abort();
    await writing;

    const shared = [...answeredBy.values()].filter((ports) => ports.size > 1).length;
    const byThird = [...answeredBy.values()].filter(
      (ports) => ports.has(third.server.httpPort) && ports.size > 1,
    ).length;
    console.log(
      `      ${playlists} playlists, ${media} media; ${bodies.size} states, ${shared} of them shown by several origins ` +
        `(${byThird} by the third), ${compared} bodies compared; ${fresh} fresh origins`,
    );
    expect(violations).to.deep.equal([]);
    expect(rigs.flatMap(({ logged }) => logged)).to.deep.equal([]);
    expect(channel.ticks.length - PAST_MS / 200).to.be.greaterThan(75);
    expect(shared).to.be.greaterThan(150);
    expect(byThird).to.be.greaterThan(40);
    expect(fresh).to.be.greaterThan(25);
  });
});
