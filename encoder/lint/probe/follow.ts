/** Follows one media playlist as a player does, and keeps every version: D2, D3, D7, D11, D13. */
import { text, yes } from '../attributes';
import { parsePlaylist, type MediaPlaylist } from '../playlist';
import type { Snapshot } from '../types';
import { hasParts, lists, newest, nextPart, partTargetOf } from '../world';
import { describe, pause, placeOf, tryAsk, withDirectives, type ProbeContext } from './context';
import { RequestFailed, type Answer } from './http';
import type { Resources } from './resources';

/** Parts and segments of each playlist that are fetched the moment they are listed. */
const EAGER_PARTS = 3;
const EAGER_SEGMENTS = 1;
/** More than one: a busy client may ask so late that the part is already there. */
const HINTS = 3;

export interface Followed {
  readonly url: string;
  readonly snapshots: Snapshot[];
  /** The newest version. */
  playlist: MediaPlaylist;
}

export const mediaFrom = (url: string, answer: Answer): MediaPlaylist | undefined => {
  const parsed = parsePlaylist(url, answer.body.toString('utf8'));
  return parsed.kind === 'media' ? parsed : undefined;
};

export const canBlock = (playlist: MediaPlaylist): boolean =>
  playlist.serverControl !== undefined && yes(playlist.serverControl, 'CAN-BLOCK-RELOAD');

/** Three target durations, after which a server should give up, and some for the network. */
export const blockingTimeout = (playlist: MediaPlaylist): number =>
  (3 * (playlist.targetDuration ?? 6) + 3) * 1000;

/** Judges the answer to a blocking request; the playlist in it if there is one. */
function judgeBlocking(
  context: ProbeContext,
  url: string,
  before: MediaPlaylist,
  asked: { msn: number; part: number },
  result: Answer | RequestFailed,
): MediaPlaylist | undefined {
  const { collector } = context;
  const name = `segment ${asked.msn} part ${asked.part}`;
  if (result instanceof RequestFailed && result.kind === 'aborted') return undefined;
  collector.checked('D2');
  if (result instanceof RequestFailed) {
    const rule = result.kind === 'timeout' ? 'D7' : 'D2';
    collector.report(
      rule,
      'failed',
      placeOf(url),
      `the blocking request for ${name} failed: ${result.message}`,
    );
    return undefined;
  }
  if (result.status !== 200) {
    const held = (result.lastByteAt - result.sentAt) / 1000;
    if (result.status === 503 && held >= 2.9 * (before.targetDuration ?? 0)) collector.checked('D7');
    else
      collector.report(
        'D2',
        'status',
        placeOf(url),
        `the blocking request for ${name} got ${describe(result)} after ${held.toFixed(2)} s`,
      );
    return undefined;
  }
  const playlist = mediaFrom(before.url, result);
  if (playlist === undefined || playlist.endList || lists(playlist, asked.msn, asked.part)) return playlist;
  const end = newest(playlist);
  const closed = playlist.segments.some(({ msn, uri }) => msn === asked.msn && uri !== undefined);
  const where = end === undefined ? 'nothing' : `segment ${end.msn} part ${end.part}`;
  collector.report(
    closed ? 'D3' : 'D2',
    'early',
    placeOf(url),
    `the request for ${name} was answered after ${((result.lastByteAt - result.sentAt) / 1000).toFixed(2)} s with a playlist that ends with ${where}`,
  );
  return playlist;
}

/** A hint that is asked for while it is still a hint. */
interface HintProbe {
  readonly uri: string;
  readonly line: number;
  readonly result: Promise<Answer | RequestFailed>;
}

function askForHint(context: ProbeContext, playlist: MediaPlaylist): HintProbe | undefined {
  const hint = playlist.hints.find((tag) => text(tag.attributes, 'TYPE') === 'PART');
  const uri = hint === undefined ? undefined : text(hint.attributes, 'URI');
  if (hint === undefined || uri === undefined || !URL.canParse(uri, playlist.url)) return undefined;
  if (hint.attributes.has('BYTERANGE-START')) {
    context.collector.notChecked('D11', 'the hints are byte ranges, which the linter does not follow');
    return undefined;
  }
  const url = new URL(uri, playlist.url).href;
  const result = tryAsk(context, url, { kind: 'part', timeoutMs: blockingTimeout(playlist) });
  return { uri, line: hint.line, result };
}

async function judgeHint(context: ProbeContext, followed: Followed, hint: HintProbe): Promise<void> {
  const { collector } = context;
  const result = await hint.result;
  const place = { url: followed.url, line: hint.line, uri: hint.uri };
  const came = followed.snapshots.some((snapshot) => listsPart(snapshot, hint.uri));
  if (result instanceof RequestFailed) {
    if (result.kind === 'aborted') return;
    collector.report('D11', 'failed', place, `the request for the hinted part failed: ${result.message}`);
    return;
  }
  if (result.status !== 200) {
    if (came)
      collector.report(
        'D11',
        'status',
        place,
        `the request for the hinted part got status ${result.status} after ${((result.lastByteAt - result.sentAt) / 1000).toFixed(2)} s, and the part came later`,
      );
    else collector.notChecked('D11', 'the hinted part was abandoned by the server');
    return;
  }
  collector.checked('D11');
  const again = await tryAsk(context, result.url, { kind: 'part', timeoutMs: 10_000 });
  if (again instanceof RequestFailed || again.status !== 200) return;
  if (!again.body.equals(result.body)) {
    collector.report(
      'D11',
      'other bytes',
      place,
      `the hinted part had ${result.body.length} bytes, the same URI later ${again.body.length}${again.body.length === result.body.length ? ', and they differ' : ''}`,
    );
  }
  const spread = (result.lastByteAt - result.firstByteAt) / 1000;
  const usual = (again.lastByteAt - again.firstByteAt) / 1000;
  const target = partTargetOf(followed.playlist) ?? 1;
  // A slow network spreads the second download as well.
  if (spread > Math.max(0.3 * target, 0.05) && spread > 3 * usual) {
    collector.report(
      'D11',
      'trickled',
      place,
      `the bytes of the hinted part came over ${spread.toFixed(3)} s (${usual.toFixed(3)} s when asked again): they were sent before the part was complete`,
    );
  }
}

const listsPart = (snapshot: Snapshot, uri: string): boolean => {
  const parsed = parsePlaylist(snapshot.url, snapshot.text);
  return (
    parsed.kind === 'media' && parsed.segments.some(({ parts }) => parts.some((part) => part.uri === uri))
  );
};

async function fetchNew(
  followed: Followed,
  resources: Resources,
  counts: { parts: number; segments: number },
): Promise<void> {
  const { playlist } = followed;
  const last = playlist.segments.at(-1);
  const part = last?.parts.at(-1);
  if (part !== undefined && !part.gap && part.byteRange === undefined && counts.parts < EAGER_PARTS) {
    counts.parts += 1;
    await resources.listed('part', part.uri, playlist.url, part.line);
  }
  const segment = last?.uri === undefined ? undefined : last;
  if (
    segment?.uri !== undefined &&
    !segment.gap &&
    segment.byteRange === undefined &&
    counts.segments < EAGER_SEGMENTS
  ) {
    counts.segments += 1;
    await resources.listed('segment', segment.uri, playlist.url, segment.line);
  }
}

export async function follow(context: ProbeContext, followed: Followed, resources: Resources): Promise<void> {
  const side: Promise<void>[] = [];
  const counts = { parts: 0, segments: 0 };
  let blocking = canBlock(followed.playlist);
  const hints: HintProbe[] = [];
  while (performance.now() < context.until && !context.signal.aborted && !followed.playlist.endList) {
    const before = followed.playlist;
    const asked = nextPart(before);
    const directives: [string, number][] = [['_HLS_msn', asked.msn]];
    if (hasParts(before)) directives.push(['_HLS_part', asked.part]);
    const url = blocking ? withDirectives(followed.url, directives) : followed.url;
    const kind = blocking ? 'blocking playlist' : 'playlist';
    const timeoutMs = blocking ? blockingTimeout(before) : 10_000;
    const result = await tryAsk(context, url, { kind, timeoutMs });
    const failed = result instanceof RequestFailed || result.status !== 200;
    const playlist = blocking
      ? judgeBlocking(context, url, before, asked, result)
      : failed
        ? undefined
        : mediaFrom(followed.url, result);
    const wasBlocking = blocking;
    // Without the block this would be a busy loop: poll instead.
    if (blocking && (playlist === undefined || !lists(playlist, asked.msn, asked.part))) blocking = false;
    if (playlist !== undefined && !(result instanceof RequestFailed)) {
      followed.playlist = playlist;
      followed.snapshots.push({
        url: followed.url,
        text: result.body.toString('utf8'),
        receivedAtMs: result.lastByteAt,
        blocking: wasBlocking && blocking,
      });
      side.push(fetchNew(followed, resources, counts));
      if (hints.length < HINTS && followed.snapshots.length > 2) {
        const hint = askForHint(context, playlist);
        if (hint !== undefined) hints.push(hint);
      }
    }
    if (!blocking) await pause(Math.max(100, (partTargetOf(before) ?? 1) * 500), context.signal);
  }
  // Only now is it known whether the hinted parts came.
  for (const hint of hints) side.push(judgeHint(context, followed, hint));
  await Promise.all(side);
}
