/** Delivery directives, asked for on purpose: D1, D3 to D6, D8 to D10, D12, D14, D15. */
import type { MediaPlaylist } from '../playlist';
import { checkDelta } from '../rules/delta';
import { checkHeader } from '../rules/header';
import {
  complete,
  control,
  durationOf,
  lineOf,
  lists,
  newest,
  partTargetOf,
  sameSource,
  versionsOf,
} from '../world';
import { describe, placeOf, tryAsk, withDirectives, type ProbeContext } from './context';
import { blockingTimeout, canBlock, mediaFrom } from './follow';
import type { AnswerKind } from './headers';
import { RequestFailed, type Answer } from './http';

/** What must not block has this long, network included. */
const AT_ONCE_MS = 2000;

type Directive = readonly [string, string | number];

async function fetchPlaylist(
  context: ProbeContext,
  url: string,
  directives: readonly Directive[],
  timeoutMs: number,
  kind?: AnswerKind,
): Promise<Answer | RequestFailed> {
  if (directives.length === 0) return tryAsk(context, url, { kind: kind ?? 'playlist', timeoutMs });
  return tryAsk(context, withDirectives(url, directives), { kind: kind ?? 'directed playlist', timeoutMs });
}

const playlistOf = (url: string, result: Answer | RequestFailed): MediaPlaylist | undefined =>
  result instanceof RequestFailed || result.status !== 200 ? undefined : mediaFrom(url, result);

const stopped = (result: Answer | RequestFailed): boolean =>
  result instanceof RequestFailed && result.kind === 'aborted';

async function current(context: ProbeContext, url: string): Promise<MediaPlaylist | undefined> {
  return playlistOf(url, await fetchPlaylist(context, url, [], 10_000));
}

/** D1: the whole segment, not its parts. */
async function wholeSegment(context: ProbeContext, url: string): Promise<void> {
  const before = await current(context, url);
  const end = before === undefined ? undefined : newest(before);
  if (before === undefined || end === undefined) return;
  const msn = end.open ? end.msn : end.msn + 1;
  const directives: Directive[] = [['_HLS_msn', msn]];
  const result = await fetchPlaylist(context, url, directives, blockingTimeout(before), 'blocking playlist');
  if (stopped(result)) return;
  context.collector.checked('D1');
  const place = placeOf(withDirectives(url, directives));
  const answer = playlistOf(url, result);
  if (answer === undefined) {
    context.collector.report('D1', 'failed', place, `the request for segment ${msn} got ${describe(result)}`);
    return;
  }
  const done = answer.segments.some((segment) => segment.uri !== undefined && segment.msn >= msn);
  if (!done && !answer.endList) {
    const last = newest(answer);
    context.collector.report(
      'D1',
      'early',
      place,
      `the request for segment ${msn} was answered while ${last?.open === true ? `only parts 0 to ${last.part} of ${last.msn} were listed` : `${last?.msn ?? 'nothing'} was the newest segment`}`,
    );
  }
}

/** D3: beyond the end of a finished segment. */
async function beyondTheEnd(context: ProbeContext, url: string): Promise<void> {
  const before = await current(context, url);
  // Something of the next segment is listed already, so that nothing has to block.
  const next = before === undefined ? undefined : newest(before);
  const finished =
    before === undefined
      ? undefined
      : complete(before)
          .filter(({ parts, msn }) => parts.length > 0 && msn < (next?.msn ?? 0))
          .at(-1);
  if (before === undefined || finished === undefined) {
    context.collector.notChecked('D3', 'no finished segment listed its parts');
    return;
  }
  const [msn, part] = [finished.msn, finished.parts.length];
  const directives: Directive[] = [
    ['_HLS_msn', msn],
    ['_HLS_part', part],
  ];
  const result = await fetchPlaylist(context, url, directives, blockingTimeout(before), 'blocking playlist');
  if (stopped(result)) return;
  context.collector.checked('D3');
  const place = placeOf(withDirectives(url, directives));
  const answer = playlistOf(url, result);
  if (answer === undefined) {
    context.collector.report(
      'D3',
      'refused',
      place,
      `segment ${msn} has ${part} parts; the request for part ${part}, which means part 0 of the next, got ${describe(result)}`,
    );
  } else if (!lists(answer, msn, part) && !answer.endList) {
    context.collector.report(
      'D3',
      'early',
      place,
      `the request for part ${part} of the finished segment ${msn} was answered without a part of segment ${msn + 1}`,
    );
  }
}

/** D4: what has long been there. */
async function oldSegment(context: ProbeContext, url: string): Promise<void> {
  const before = await current(context, url);
  if (before === undefined || before.segments.length === 0) return;
  const first = before.mediaSequence;
  for (const msn of new Set([first, Math.max(0, first - 3)])) {
    const directives: Directive[] = [['_HLS_msn', msn]];
    const result = await fetchPlaylist(context, url, directives, AT_ONCE_MS);
    if (stopped(result)) return;
    context.collector.checked('D4');
    const place = placeOf(withDirectives(url, directives));
    const answer = playlistOf(url, result);
    const what =
      msn < first
        ? `segment ${msn}, which has left the playlist (it starts at ${first})`
        : `the oldest listed segment, ${msn}`;
    if (answer === undefined) {
      context.collector.report(
        'D4',
        'refused',
        place,
        `the request for ${what}, got ${describe(result)} instead of the current playlist`,
      );
    } else if (answer.skipped !== undefined || answer.segments.length === 0) {
      context.collector.report(
        'D4',
        'partial',
        place,
        `the request for ${what}, did not get the whole playlist`,
      );
    }
  }
}

/** D5 and D6: what must be refused, and at once. */
async function refused(
  context: ProbeContext,
  url: string,
  rule: 'D5' | 'D6',
  code: string,
  directives: readonly Directive[],
  what: string,
): Promise<void> {
  const result = await fetchPlaylist(context, url, directives, AT_ONCE_MS, 'refusal');
  if (stopped(result)) return;
  context.collector.checked(rule);
  if (!(result instanceof RequestFailed) && result.status === 400) return;
  const place = placeOf(withDirectives(url, directives));
  const got =
    result instanceof RequestFailed && result.kind === 'timeout' ? 'was held' : `got ${describe(result)}`;
  context.collector.report(rule, code, place, `${what} ${got} instead of status 400`);
}

async function malformed(context: ProbeContext, url: string): Promise<void> {
  const before = await current(context, url);
  if (before === undefined) return;
  const msn = newest(before)?.msn ?? before.mediaSequence;
  await refused(context, url, 'D5', 'part alone', [['_HLS_part', 0]], '_HLS_part without _HLS_msn');
  await refused(context, url, 'D5', 'msn text', [['_HLS_msn', 'abc']], '_HLS_msn=abc');
  const part: Directive[] = [
    ['_HLS_msn', msn],
    ['_HLS_part', 'abc'],
  ];
  await refused(context, url, 'D5', 'part text', part, '_HLS_part=abc');
}

async function tooFar(context: ProbeContext, url: string): Promise<void> {
  const before = await current(context, url);
  const end = before === undefined ? undefined : newest(before);
  if (before === undefined || end === undefined) return;
  await refused(
    context,
    url,
    'D6',
    'msn',
    [['_HLS_msn', end.msn + 100]],
    `segment ${end.msn + 100}, 100 beyond the newest,`,
  );
  const target = partTargetOf(before);
  if (target === undefined) return;
  const limit = target < 1 ? Math.ceil(3 / target) : 3;
  // Of the next segment, so that the one at hand can't end meanwhile and turn the request into an old one.
  const [msn, part] = [end.msn + 1, 10 * limit + 100];
  const directives: Directive[] = [
    ['_HLS_msn', msn],
    ['_HLS_part', part],
  ];
  await refused(
    context,
    url,
    'D6',
    'part',
    directives,
    `part ${part} of segment ${msn} (the advance part limit is ${limit})`,
  );
}

/** Segments that a delta could skip: those that leave the skip boundary's length after them. */
function skippable(playlist: MediaPlaylist, until: number): number {
  const whole = complete(playlist);
  let left = durationOf(whole);
  let count = 0;
  for (const segment of whole) {
    left -= segment.duration;
    if (left < until) break;
    count += 1;
  }
  return count;
}

function judgeDelta(context: ProbeContext, url: string, before: Answer, delta: Answer): void {
  const { collector } = context;
  const versions = versionsOf([
    { url, text: before.body.toString('utf8') },
    { url, text: delta.body.toString('utf8') },
  ]);
  const [old, now] = versions;
  if (old === undefined || now === undefined) return;
  for (const { rule, code, line, found } of now.playlist.issues)
    collector.report(rule, code, { url, line }, found);
  checkDelta(now.playlist, collector);
  // Only the version floor differs from the full playlist's header.
  checkHeader(now.playlist, collector);
  const known = new Map(old.playlist.segments.map((segment) => [segment.msn, segment]));
  for (const segment of complete(now.playlist)) {
    const was = known.get(segment.msn);
    if (was?.uri === undefined || sameSource(was, segment)) continue;
    collector.report(
      'D10',
      'differs',
      { url, line: segment.line, uri: segment.uri ?? '' },
      `segment ${segment.msn} is ${segment.uri ?? ''} in the delta update and ${was.uri} in the full playlist`,
    );
    return;
  }
}

async function deltaUpdates(context: ProbeContext, url: string): Promise<void> {
  for (const value of ['YES', 'v2']) {
    const plain = await fetchPlaylist(context, url, [], 10_000);
    const before = playlistOf(url, plain);
    if (before === undefined || plain instanceof RequestFailed) return;
    const directives: Directive[] = [['_HLS_skip', value]];
    const result = await fetchPlaylist(context, url, directives, 10_000);
    if (stopped(result)) return;
    const place = placeOf(withDirectives(url, directives));
    const answer = playlistOf(url, result);
    if (answer === undefined || result instanceof RequestFailed) {
      context.collector.report('D9', 'refused', place, `_HLS_skip=${value} got ${describe(result)}`);
      return;
    }
    const until = control(before, 'CAN-SKIP-UNTIL');
    if (until === undefined) {
      context.collector.checked('D9');
      if (answer.skipped !== undefined)
        context.collector.report(
          'D9',
          'undeclared',
          lineOf(answer, 'EXT-X-SKIP'),
          'the server sends delta updates and does not declare CAN-SKIP-UNTIL',
        );
      return;
    }
    // One to spare: a segment may have left since the full playlist was read.
    if (skippable(before, until) < 2 && answer.skipped === undefined) {
      context.collector.notChecked('D9', 'the playlist is too short for anything to be skipped');
      return;
    }
    context.collector.checked('D9');
    if (answer.skipped === undefined)
      context.collector.report(
        'D9',
        `no delta ${value}`,
        place,
        `CAN-SKIP-UNTIL is ${until}, ${skippable(before, until)} segments could be skipped, and _HLS_skip=${value} got the full playlist`,
      );
    else judgeDelta(context, url, plain, result);
  }
}

async function order(context: ProbeContext, url: string): Promise<void> {
  const before = await current(context, url);
  const end = before === undefined ? undefined : newest(before);
  if (before === undefined || end === undefined || end.part < 0) return;
  const directives: Directive[] = [
    ['_HLS_part', end.part],
    ['_HLS_msn', end.msn],
  ];
  const result = await fetchPlaylist(context, url, directives, AT_ONCE_MS, 'blocking playlist');
  if (stopped(result)) return;
  context.collector.checked('D14');
  const answer = playlistOf(url, result);
  if (answer !== undefined && lists(answer, end.msn, end.part)) return;
  context.collector.report(
    'D14',
    'order',
    placeOf(withDirectives(url, directives)),
    `_HLS_part before _HLS_msn, for a part that is listed, got ${answer === undefined ? describe(result) : 'an older playlist'}`,
  );
}

async function unknownResource(context: ProbeContext, url: string): Promise<void> {
  const before = await current(context, url);
  const segment = before?.segments.at(-1);
  const uri = segment?.parts.at(-1)?.uri ?? segment?.uri;
  if (uri === undefined || !URL.canParse(uri, url)) return;
  const target = new URL(uri, url);
  // The same kind of name in the same place, with a number that no stream has reached.
  target.pathname = target.pathname.replace(/[^/]*?(\.[a-z0-9]+)?$/i, 'no-such-resource-0$1');
  target.search = '';
  const result = await tryAsk(context, target.href, { kind: 'refusal', timeoutMs: AT_ONCE_MS });
  if (stopped(result)) return;
  context.collector.checked('D12');
  if (!(result instanceof RequestFailed) && result.status === 404) return;
  const got =
    result instanceof RequestFailed && result.kind === 'timeout' ? 'was held' : `got ${describe(result)}`;
  context.collector.report(
    'D12',
    'status',
    placeOf(target.href),
    `a resource that does not exist ${got} instead of status 404`,
  );
}

/** D15: the same question as D2, for a playlist of I-frames. */
export async function iFramePlaylist(context: ProbeContext, url: string): Promise<void> {
  const before = await current(context, url);
  const end = before === undefined ? undefined : newest(before);
  if (before === undefined || end === undefined || before.endList) return;
  const directives: Directive[] = [['_HLS_msn', end.msn + 1]];
  const result = await fetchPlaylist(context, url, directives, blockingTimeout(before), 'blocking playlist');
  if (stopped(result)) return;
  context.collector.checked('D15');
  const answer = playlistOf(url, result);
  if (answer !== undefined && (newest(answer)?.msn ?? 0) > end.msn) return;
  context.collector.report(
    'D15',
    'early',
    placeOf(withDirectives(url, directives)),
    `the request for segment ${end.msn + 1} got ${answer === undefined ? describe(result) : 'the playlist that was there already'}`,
  );
}

/** D8: an ended stream. */
async function ended(context: ProbeContext, url: string, playlist: MediaPlaylist): Promise<void> {
  const directives: Directive[] = [
    ['_HLS_msn', (newest(playlist)?.msn ?? 0) + 1],
    ['_HLS_part', 0],
    ['_HLS_skip', 'YES'],
  ];
  const result = await fetchPlaylist(context, url, directives, AT_ONCE_MS);
  if (stopped(result)) return;
  context.collector.checked('D8');
  const answer = playlistOf(url, result);
  if (answer !== undefined && answer.skipped === undefined && answer.endList) return;
  const got =
    answer === undefined
      ? describe(result)
      : answer.skipped === undefined
        ? 'a playlist without EXT-X-ENDLIST'
        : 'a delta update';
  context.collector.report(
    'D8',
    'directives',
    placeOf(withDirectives(url, directives)),
    `the ended playlist, asked for with directives, got ${got}`,
  );
}

const NEED_BLOCKING = ['D1', 'D2', 'D3', 'D4', 'D5', 'D6', 'D11', 'D14', 'C3'];
const NEED_LIVE = [
  ...NEED_BLOCKING,
  'D9',
  'D10',
  'D12',
  'C6',
  'T11',
  'T12',
  'T13',
  'T14',
  'T17',
  'T18',
  'T26',
];

/** All of them, side by side: each starts from a playlist of its own. */
export async function probeDirectives(
  context: ProbeContext,
  url: string,
  playlist: MediaPlaylist,
): Promise<void> {
  if (playlist.endList) {
    for (const rule of NEED_LIVE) context.collector.notChecked(rule, 'the stream has ended');
    await ended(context, url, playlist);
    return;
  }
  if (!canBlock(playlist)) {
    for (const rule of NEED_BLOCKING)
      context.collector.notChecked(rule, 'the playlist does not say CAN-BLOCK-RELOAD=YES');
  }
  const always = [deltaUpdates, unknownResource];
  const blocking = [wholeSegment, beyondTheEnd, oldSegment, malformed, tooFar, order];
  const probes = canBlock(playlist) ? [...always, ...blocking] : always;
  await Promise.all(probes.map((probe) => probe(context, url)));
}
