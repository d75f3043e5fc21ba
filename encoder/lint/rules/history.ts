/** Rules about successive versions of one playlist: T9, T11, T12, T13, T16, T17, T21, T22, T26. */
import { parseDate, text } from '../attributes';
import type { Collector } from '../collector';
import type { MediaPlaylist, Segment } from '../playlist';
import type { Place } from '../types';
import {
  compare,
  complete,
  durationOf,
  lineOf,
  newest,
  partTargetOf,
  ROUNDING,
  sameSource,
  type Rendition,
  type Version,
} from '../world';

/** Two full versions, one after the other. */
interface Step {
  readonly before: MediaPlaylist;
  readonly after: MediaPlaylist;
}

const at = (playlist: MediaPlaylist, segment: Segment): Place => ({
  url: playlist.url,
  line: segment.line,
  ...(segment.uri === undefined ? {} : { uri: segment.uri }),
});

const byMsn = (playlist: MediaPlaylist): Map<number, Segment> =>
  new Map(playlist.segments.map((segment) => [segment.msn, segment]));

/** How far the numbers moved against the segments themselves, judged by URIs; undefined if no URI is in both. */
function shiftByUri({ before, after }: Step): number | undefined {
  const unique = (playlist: MediaPlaylist): Map<string, number> => {
    const known = new Map<string, number>();
    for (const { uri, byteRange, msn, gap } of playlist.segments) {
      if (uri !== undefined && byteRange === undefined && !gap) known.set(uri, msn);
    }
    return known;
  };
  const old = unique(before);
  for (const [uri, msn] of unique(after)) {
    const was = old.get(uri);
    if (was !== undefined) return msn - was;
  }
  return undefined;
}

/** True if the numbering itself is broken, so that comparing by number would only repeat it. */
function checkNumbers(step: Step, collector: Collector): boolean {
  const { before, after } = step;
  const place = lineOf(after, 'EXT-X-MEDIA-SEQUENCE');
  collector.checked('T11');
  if (after.mediaSequence < before.mediaSequence) {
    collector.report(
      'T11',
      'back',
      place,
      `MEDIA-SEQUENCE went back from ${before.mediaSequence} to ${after.mediaSequence}`,
    );
    return true;
  }
  const shift = shiftByUri(step);
  if (shift !== undefined && shift !== 0) {
    const moved = after.mediaSequence - before.mediaSequence;
    collector.report(
      'T11',
      'count',
      place,
      `MEDIA-SEQUENCE went up by ${moved}, and ${moved - shift} segments were removed`,
    );
    return true;
  }
  const old = byMsn(before);
  const same = after.segments.find((segment) => old.has(segment.msn));
  const was = same === undefined ? undefined : old.get(same.msn);
  if (same !== undefined && was !== undefined && was.discontinuityNumber !== same.discontinuityNumber) {
    const seen = lineOf(after, 'EXT-X-DISCONTINUITY-SEQUENCE');
    collector.report(
      'T11',
      'discontinuity',
      seen.line === undefined ? at(after, same) : seen,
      `segment ${same.msn} had discontinuity number ${was.discontinuityNumber} and now has ${same.discontinuityNumber}`,
    );
  }
  return false;
}

function segmentChange(was: Segment, now: Segment, first: boolean): string | undefined {
  if (was.uri !== undefined && now.uri === undefined) return `was complete (${was.uri}) and is open again`;
  if (was.uri === undefined) return undefined;
  if (!sameSource(was, now)) return `was ${was.uri} and is now ${now.uri ?? 'open'}`;
  if (Math.abs(was.duration - now.duration) > ROUNDING)
    return `lasted ${was.duration} s and now lasts ${now.duration} s`;
  // A missing segment has no map of its own.
  if (!now.gap && was.map?.uri !== now.map?.uri)
    return `had the map ${was.map?.uri ?? 'none'} and now has ${now.map?.uri ?? 'none'}`;
  const [had, has] = [was.discontinuityLine !== undefined, now.discontinuityLine !== undefined];
  // Before the first listed segment the tag may go, if the sequence number says so (T11).
  if (had !== has && !(had && first)) return `${has ? 'got' : 'lost'} its #EXT-X-DISCONTINUITY`;
  return undefined;
}

function checkParts(after: MediaPlaylist, was: Segment, now: Segment, collector: Collector): void {
  for (const [index, part] of now.parts.entries()) {
    const earlier = was.parts[index];
    if (earlier === undefined) continue;
    const place = { url: after.url, line: part.line, uri: part.uri };
    const name = `part ${index} of segment ${now.msn}`;
    if (!sameSource(earlier, part))
      collector.report('T26', 'part uri', place, `${name} was ${earlier.uri} and is now ${part.uri}`);
    else if (Math.abs(earlier.duration - part.duration) > ROUNDING) {
      collector.report(
        'T26',
        'part duration',
        place,
        `${name} lasted ${earlier.duration} s and now lasts ${part.duration} s`,
      );
    } else if (earlier.independent !== part.independent) {
      collector.report('T26', 'part independent', place, `${name} changed INDEPENDENT`);
    }
  }
  // All parts of an old segment may go; some of them may not.
  if (now.parts.length > 0 && now.parts.length < was.parts.length) {
    collector.report(
      'T26',
      'parts lost',
      at(after, now),
      `segment ${now.msn} listed ${was.parts.length} parts and now lists ${now.parts.length}`,
    );
  }
}

function checkContents({ before, after }: Step, collector: Collector): void {
  collector.checked('T26');
  const [end, endBefore] = [newest(after), newest(before)];
  if (endBefore !== undefined && (end === undefined || compare(end, endBefore) < 0)) {
    const shown = end === undefined ? 'nothing' : `segment ${end.msn} part ${end.part}`;
    collector.report(
      'T26',
      'back',
      { url: after.url },
      `the playlist ended with segment ${endBefore.msn} part ${endBefore.part} and now ends with ${shown}`,
    );
    return;
  }
  const old = byMsn(before);
  for (const now of after.segments) {
    const was = old.get(now.msn);
    if (was === undefined) continue;
    const change = segmentChange(was, now, now === after.segments[0]);
    if (change !== undefined)
      collector.report('T26', 'segment', at(after, now), `segment ${now.msn} ${change}`);
    else checkParts(after, was, now, collector);
    if (
      was.dateTime !== undefined &&
      now.dateTime !== undefined &&
      Math.abs(was.dateTime.ms - now.dateTime.ms) > 1
    ) {
      const off = Number(((now.dateTime.ms - was.dateTime.ms) / 1000).toFixed(3));
      collector.report(
        'T16',
        'moved',
        { url: after.url, line: now.dateTime.line },
        `the date of segment ${now.msn} moved by ${off} s`,
      );
    }
  }
}

function checkConstants({ before, after }: Step, collector: Collector): void {
  collector.checked('T9');
  if (before.targetDuration !== after.targetDuration) {
    collector.report(
      'T9',
      'changed',
      lineOf(after, 'EXT-X-TARGETDURATION'),
      `TARGETDURATION changed from ${before.targetDuration ?? 'none'} to ${after.targetDuration ?? 'none'}`,
    );
  }
  if (before.partTarget !== after.partTarget) {
    collector.report(
      'T26',
      'part target',
      lineOf(after, 'EXT-X-PART-INF'),
      `PART-TARGET changed from ${before.partTarget ?? 'none'} to ${after.partTarget ?? 'none'}`,
    );
  }
  if (before.endList && !after.endList) {
    collector.report('T26', 'endlist', { url: after.url }, '#EXT-X-ENDLIST was there and is gone');
  }
  if (after.mediaSequence > before.mediaSequence && after.playlistType === 'EVENT') {
    collector.report(
      'T22',
      'event',
      lineOf(after, 'EXT-X-PLAYLIST-TYPE'),
      'EXT-X-PLAYLIST-TYPE is EVENT and segments were removed',
    );
  }
}

function checkHint(before: Version, after: MediaPlaylist, collector: Collector): void {
  const hint = before.playlist.hints.find((tag) => text(tag.attributes, 'TYPE') === 'PART');
  const last = newest(before.playlist);
  if (hint === undefined || last === undefined) return;
  const uri = text(hint.attributes, 'URI');
  const open = after.segments.find((segment) => segment.msn === last.msn);
  const following = after.segments.find((segment) => segment.msn === last.msn + 1);
  const next = (last.open ? open?.parts[last.part + 1] : undefined) ?? following?.parts[0];
  if (next === undefined || next.gap) return;
  collector.checked('T17');
  // A restarted encoder may abandon the hint (section 6.2.6).
  if (following?.discontinuityLine !== undefined && following.parts[0] === next) return;
  if (next.uri !== uri) {
    collector.report(
      'T17',
      'other',
      { url: after.url, line: next.line, uri: next.uri },
      `the part that came is ${next.uri}, hinted was ${uri ?? 'nothing'}`,
    );
  }
}

function checkDateRanges({ before, after }: Step, collector: Collector): void {
  const now = new Map(after.dateRanges.map((tag) => [text(tag.attributes, 'ID'), tag]));
  const firstDate = after.segments.find((segment) => segment.dateTime !== undefined)?.dateTime?.ms;
  for (const tag of before.dateRanges) {
    const id = text(tag.attributes, 'ID') ?? '';
    const start = parseDate(text(tag.attributes, 'START-DATE') ?? '');
    if (start === undefined) continue;
    collector.checked('T21');
    const kept = now.get(id);
    if (kept !== undefined) {
      const moved = parseDate(text(kept.attributes, 'START-DATE') ?? '');
      if (moved !== undefined && moved !== start) {
        collector.report(
          'T21',
          'start',
          { url: after.url, line: kept.line },
          `the date range "${id}" changed its START-DATE`,
        );
      }
      continue;
    }
    const length = Number(text(tag.attributes, 'DURATION') ?? text(tag.attributes, 'PLANNED-DURATION') ?? 0);
    const end = parseDate(text(tag.attributes, 'END-DATE') ?? '') ?? start + length * 1000;
    if (firstDate !== undefined && end > firstDate) {
      collector.report(
        'T21',
        'removed',
        { url: after.url },
        `the date range "${id}" was removed, and lasts beyond the first listed segment`,
      );
    }
  }
}

function checkWindow(versions: readonly MediaPlaylist[], collector: Collector): void {
  const [first] = versions;
  const last = versions.at(-1);
  if (first === undefined || last === undefined || last.endList) return;
  const target = last.targetDuration ?? 0;
  const short = (playlist: MediaPlaylist): boolean =>
    durationOf(complete(playlist)) < 3 * target - ROUNDING || complete(playlist).length < 6;
  const moved = versions.find((version) => version.mediaSequence > first.mediaSequence);
  if (moved === undefined) {
    if (!short(last)) collector.checked('T13');
    else
      collector.notChecked(
        'T13',
        'the playlist is short and no segment was removed while it was read: the stream may be young',
      );
    return;
  }
  collector.checked('T13');
  const bad = versions.slice(versions.indexOf(moved)).find(short);
  if (bad !== undefined) {
    const segments = complete(bad);
    const seconds = Number(durationOf(segments).toFixed(3));
    const place = lineOf(bad, 'EXT-X-MEDIA-SEQUENCE');
    const limit = seconds < 3 * target ? `3 x TARGETDURATION = ${3 * target} s` : '6 segments';
    collector.report(
      'T13',
      'short',
      place,
      `the server removes segments, and keeps ${segments.length} of ${seconds} s; the least is ${limit}`,
    );
  } else if (durationOf(complete(last)) < 900) {
    const seconds = Math.round(durationOf(complete(last)));
    collector.report(
      'T13',
      'no rewind',
      lineOf(last, 'EXT-X-MEDIA-SEQUENCE'),
      `the window is ${seconds} s; 900 s are recommended for pause and rewind`,
      { severity: 'info' },
    );
  }
}

/** Seconds that a network and a busy client may add to what the server did. */
const PART_SLACK = 0.5;
const SEGMENT_SLACK = 1;

function checkPace(versions: readonly Version[], collector: Collector): void {
  let last: { at: number; playlist: MediaPlaylist } | undefined;
  let lastSegment: { at: number; msn: number } | undefined;
  for (const { snapshot, full } of versions) {
    if (full === undefined || snapshot.receivedAtMs === undefined || snapshot.blocking !== true) continue;
    const now = snapshot.receivedAtMs / 1000;
    const end = newest(full);
    const newestComplete = complete(full).at(-1);
    const target = full.targetDuration;
    let segmentLate = false;
    if (
      lastSegment !== undefined &&
      newestComplete !== undefined &&
      target !== undefined &&
      newestComplete.msn > lastSegment.msn
    ) {
      const waited = now - lastSegment.at;
      const allowed = 1.5 * target * (newestComplete.msn - lastSegment.msn);
      collector.checked('T12');
      segmentLate = waited > allowed + SEGMENT_SLACK;
      if (segmentLate) {
        collector.report(
          'T12',
          'segment',
          at(full, newestComplete),
          `segment ${newestComplete.msn} came ${waited.toFixed(2)} s after the one before it (1.5 x TARGETDURATION = ${allowed} s)`,
          restarted(versions, lastSegment.msn - 1, newestComplete.msn + 1) ? { severity: 'info' } : {},
        );
      }
    }
    if (newestComplete !== undefined && newestComplete.msn !== lastSegment?.msn)
      lastSegment = { at: now, msn: newestComplete.msn };
    const before = last === undefined ? undefined : newest(last.playlist);
    const moved = end !== undefined && (before === undefined || compare(end, before) > 0);
    const partTarget = partTargetOf(full);
    if (!segmentLate && last !== undefined && before !== undefined && moved && partTarget !== undefined) {
      const since = { msn: before.msn, part: before.open ? before.part : Infinity };
      const waited = now - last.at;
      const allowed = Math.max(partTarget, secondsSince(full, since, partTarget));
      collector.checked('T12');
      if (waited > allowed + Math.max(partTarget, PART_SLACK)) {
        const part = full.segments.at(-1)?.parts.at(-1);
        const place =
          part === undefined ? { url: full.url } : { url: full.url, line: part.line, uri: part.uri };
        collector.report(
          'T12',
          'part',
          place,
          `the newest part came ${waited.toFixed(2)} s after the version before it; what is new may take ${allowed.toFixed(2)} s (PART-TARGET ${partTarget} s a part)`,
          { severity: restarted(versions, before.msn - 1, end.msn + 1) ? 'info' : 'warning' },
        );
      }
    }
    if (moved) last = { at: now, playlist: full };
  }
}

/** How long what is new may take: one PART-TARGET a part; a missing segment has no parts and counts as it is. */
function secondsSince(
  playlist: MediaPlaylist,
  since: { msn: number; part: number },
  partTarget: number,
): number {
  return playlist.segments.reduce((sum, segment) => {
    if (segment.msn < since.msn) return sum;
    if (segment.msn === since.msn)
      return sum + Math.max(0, segment.parts.length - 1 - since.part) * partTarget;
    return sum + (segment.parts.length > 0 ? segment.parts.length * partTarget : segment.duration);
  }, 0);
}

/**
 * A discontinuity came with what is new, or right after it: the encoder was restarted, and says so. Judged by the last
 * version, because the segment that was ended early is listed before the one that follows the discontinuity.
 */
function restarted(versions: readonly Version[], after: number, upTo: number): boolean {
  const segments = versions.at(-1)?.full?.segments ?? [];
  return segments.some(
    ({ msn, discontinuityLine }) => msn > after && msn <= upTo && discontinuityLine !== undefined,
  );
}

export function checkHistory(rendition: Rendition, collector: Collector): void {
  const full = rendition.versions.flatMap(({ full: playlist }) => (playlist === undefined ? [] : [playlist]));
  for (const [index, after] of full.entries()) {
    const before = full[index - 1];
    if (before === undefined) continue;
    const step = { before, after };
    checkConstants(step, collector);
    if (!checkNumbers(step, collector)) {
      checkContents(step, collector);
      const version = rendition.versions.find(({ full: playlist }) => playlist === before);
      if (version !== undefined) checkHint(version, after, collector);
    }
    // A delta may leave date ranges out.
    const delta =
      rendition.versions.find(({ full: playlist }) => playlist === after)?.playlist.skipped !== undefined;
    if (!delta) checkDateRanges(step, collector);
  }
  checkWindow(full, collector);
  checkPace(rendition.versions, collector);
}
