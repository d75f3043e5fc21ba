/** Channels in every state that a request can meet, on simulated time, and an origin that answers for them. */
import { setImmediate as turn } from 'node:timers/promises';
import { parsePlaylist, type MediaPlaylist } from '../../../encoder/lint/playlist';
import { MemoryStore } from '../../../encoder/store/memory-store';
import type { ChannelStores } from '../../../encoder/store/store';
import { SMALL_GRID, SyntheticChannel, SYNTHETIC_START_MS } from '../../support/channel';
import { SimulatedTime } from '../../support/simulated-time';
import { startRig, type Answer, type Rig } from '../origin/rig';
import { verdictOn, type Shown } from './request-rules';

/** Three target durations of a second: how long a playlist is held. */
const HELD_MS = 3000;

export interface RequestChannels {
  readonly rig: Rig;
  /** How many answers of each kind there were. */
  readonly verdicts: Map<string, number>;
  /** Asks, and judges the answer. @throws Error where it is not what the rules say */
  check(target: string): Promise<void>;
  close(): Promise<void>;
}

export async function startRequestChannels(): Promise<RequestChannels> {
  const store = new MemoryStore();
  const begin = (channel: string) => SyntheticChannel.begin({ channel, store, grid: SMALL_GRID });
  // Segments have four parts. An open segment, a whole one:
  const open = await begin('open');
  await open.tick(14);
  const whole = await begin('whole');
  await whole.tick(12);
  // A segment that was ended early, with a gap after it; a new generation; the programme's end.
  const left = await begin('left');
  await left.tick(10);
  await left.end({ final: false });
  const again = await begin('again');
  await again.tick(10);
  await again.discontinue();
  await again.tick(2);
  const ended = await begin('ended');
  await ended.tick(10);
  await ended.end({ final: true });
  const rig = await startRig({ stores: { edge: store, general: store } });
  const shown = new Map<string, Shown>();
  for (const channel of [open, whole, left, again, ended]) shown.set(channel.id, await showOf(rig, channel));
  await rig.close();
  return judgeBy(shown, { edge: store, general: store });
}

async function judgeBy(shown: ReadonlyMap<string, Shown>, stores: ChannelStores): Promise<RequestChannels> {
  const time = new SimulatedTime(SYNTHETIC_START_MS + 60_000);
  const rig = await startRig({ stores });
  const verdicts = new Map<string, number>();
  return {
    rig,
    verdicts,
    check: async (target) => {
      const verdict = verdictOn(target, shown);
      verdicts.set(String(verdict), (verdicts.get(String(verdict)) ?? 0) + 1);
      const { answer, held } = await ask(rig, time, target);
      judge(target, verdict, answer, held);
    },
    close: async () => {
      time.restore();
      await rig.close();
    },
  };
}

async function showOf(rig: Rig, channel: SyntheticChannel): Promise<Shown> {
  const renditions = channel.renditions.map(({ id }) => id);
  const playlists: MediaPlaylist[] = [];
  for (const id of renditions) {
    const url = `/live/${channel.id}/${id}.m3u8`;
    const playlist = parsePlaylist(`http://origin.example${url}`, (await rig.ask(url)).text);
    if (playlist.kind === 'media') playlists.push(playlist);
  }
  const { segments, endList, partTarget } = playlists[0]!;
  const newest = segments.at(-1)!;
  return {
    newestMsn: newest.msn,
    newestPart: newest.parts.length - 1,
    complete: newest.uri !== undefined,
    ended: endList,
    partTarget: partTarget!,
    renditions,
    media: new Set([
      ...playlists.flatMap((playlist) =>
        playlist.segments.flatMap(({ uri, gap }) => (uri && !gap ? [uri] : [])),
      ),
      ...renditions.map((id) => `i/${id}/${channel.init(id).hash}.mp4`),
      ...renditions.flatMap((id) => channel.ticks.map(({ msn, part }) => `p/${id}/${msn}.${part}.m4s`)),
    ]),
  };
}

/** Asks, and lets time pass where the request is held: to just before its end, then beyond. */
async function ask(rig: Rig, time: SimulatedTime, target: string): Promise<{ answer: Answer; held: number }> {
  let done = false;
  const asked = rig.ask(target).finally(() => (done = true));
  const began = time.now;
  for (;;) {
    while (!done && rig.origin.waiting === 0) await turn();
    if (done || time.now > began + 2 * HELD_MS) return { answer: await asked, held: time.now - began };
    const next = time.now < began + HELD_MS - 1 ? began + HELD_MS - 1 : time.now + 1;
    time.advanceTo(next);
    await turn();
  }
}

function judge(target: string, verdict: ReturnType<typeof verdictOn>, answer: Answer, held: number): void {
  const { status, text, headers } = answer;
  const expected = verdict === 'held' ? 503 : verdict;
  if (status !== expected)
    throw new Error(`answered ${status}, the rules say ${expected}: ${text.slice(0, 200)}`);
  const isPlaylist = /^[^?]*\.m3u8(\?|$)/.test(target);
  if (isPlaylist && held !== (verdict === 'held' ? HELD_MS : 0)) throw new Error(`held for ${held} ms`);
  if (status === 200 && isPlaylist && !text.startsWith('#EXTM3U\n'))
    throw new Error('a 200 without a playlist');
  if (status === 200) return;
  // One line for a person, printable, of a length that an attacker does not set.
  if (!/^[\x20-\x7e\u00a0-\uffff]{10,400}\n$/.test(text))
    throw new Error(`the message ${JSON.stringify(text)}`);
  if (headers['cache-control'] !== 'no-store') throw new Error(`${status} may be stored`);
  if (status === 503 && headers['retry-after'] !== '1') throw new Error('503 without Retry-After');
}
