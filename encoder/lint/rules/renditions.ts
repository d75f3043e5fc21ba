/** Rules across the media playlists of one presentation: T5, T8, T10, T16, T18, T21, M9. */
import { number, text, type Attributes } from '../attributes';
import type { Collector } from '../collector';
import type { MediaPlaylist, Segment } from '../playlist';
import {
  complete,
  control,
  hasParts,
  lastOf,
  lineOf,
  newest,
  partTargetOf,
  resolveUri,
  ROUNDING,
  withoutDirectives,
  type Rendition,
  type World,
} from '../world';

interface Latest {
  readonly rendition: Rendition;
  readonly playlist: MediaPlaylist;
}

/** The value that most playlists have, and those that have another: one deviant is one finding. */
function deviants<T>(all: readonly T[], valueOf: (item: T) => string): { usual: string; others: T[] } {
  const counts = new Map<string, number>();
  for (const item of all) counts.set(valueOf(item), (counts.get(valueOf(item)) ?? 0) + 1);
  const [usual = ''] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  return { usual, others: all.filter((item) => valueOf(item) !== usual) };
}

/** Order and the writing of numbers (1.0 or 1) make no difference. */
function controlText(attributes: Attributes | undefined): string {
  if (attributes === undefined) return 'no #EXT-X-SERVER-CONTROL';
  return [...attributes.keys()]
    .sort()
    .map((name) => `${name}=${number(attributes, name) ?? text(attributes, name) ?? ''}`)
    .join(',');
}

function checkEqualHeaders(latest: readonly Latest[], collector: Collector): void {
  collector.checked('T8', 'T10');
  const byControl = deviants(latest, ({ playlist }) => controlText(playlist.serverControl));
  for (const { playlist } of byControl.others) {
    collector.report(
      'T8',
      'differs',
      lineOf(playlist, 'EXT-X-SERVER-CONTROL'),
      `it has ${controlText(playlist.serverControl)}; the others have ${byControl.usual}`,
    );
  }
  const byTarget = deviants(latest, ({ playlist }) => String(playlist.targetDuration));
  for (const { playlist } of byTarget.others) {
    collector.report(
      'T10',
      'differs',
      lineOf(playlist, 'EXT-X-TARGETDURATION'),
      `TARGETDURATION is ${playlist.targetDuration ?? 'missing'}; the others have ${byTarget.usual}`,
    );
  }
}

function checkLongestPartTarget(latest: readonly Latest[], collector: Collector): void {
  // With equal server controls the rendition with the longest parts has said it already.
  if (latest.some(({ playlist }) => collector.has('T5', playlist.url))) return;
  const longest = Math.max(0, ...latest.map(({ playlist }) => partTargetOf(playlist) ?? 0));
  for (const { playlist } of latest) {
    const holdBack = control(playlist, 'PART-HOLD-BACK');
    if (holdBack === undefined || holdBack >= 3 * longest - ROUNDING) continue;
    const place = lineOf(playlist, 'EXT-X-SERVER-CONTROL');
    collector.report(
      'T5',
      'longest',
      place,
      `PART-HOLD-BACK=${holdBack} is less than 3 x the longest PART-TARGET of all renditions, ${longest}`,
    );
  }
}

function checkDated(latest: readonly Latest[], collector: Collector): void {
  const dated = ({ playlist }: Latest): boolean =>
    playlist.segments.some((segment) => segment.dateTime !== undefined);
  if (!latest.some(dated)) return;
  for (const item of latest) {
    if (dated(item) || item.playlist.segments.length === 0 || collector.has('T16', item.playlist.url))
      continue;
    collector.report(
      'T16',
      'missing',
      { url: item.playlist.url },
      'other playlists have #EXT-X-PROGRAM-DATE-TIME, this one has none',
    );
  }
}

const pathOf = (url: string): string => url.split(/[?#]/)[0] ?? url;

/** The rendition that a report is about: by URL, else by path, because reports may leave a session's query out. */
function reported(uri: string, base: string, renditions: readonly Rendition[]): Rendition | undefined {
  const url = resolveUri(uri, base);
  if (url === undefined) return undefined;
  const plain = withoutDirectives(url);
  return (
    renditions.find((rendition) => withoutDirectives(rendition.url) === plain) ??
    renditions.find((rendition) => pathOf(rendition.url) === pathOf(plain))
  );
}

function checkReports({ playlist, rendition }: Latest, world: World, collector: Collector): void {
  const { url } = playlist;
  const seen = new Map<string, number>();
  for (const report of playlist.reports) {
    collector.checked('T18');
    const uri = text(report.attributes, 'URI') ?? '';
    const place = { url, line: report.line, uri };
    if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(uri)) {
      collector.report('T18', 'absolute', place, 'the URI of the rendition report is not relative');
    }
    const about = reported(uri, url, world.renditions);
    if (about === undefined) {
      if (world.renditions.length > 1) {
        collector.report(
          'T18',
          'unknown',
          place,
          'the rendition report is about none of the media playlists',
          { severity: 'warning' },
        );
      }
      continue;
    }
    if (about === rendition) {
      collector.report('T18', 'self', place, 'the rendition report is about the playlist itself', {
        severity: 'warning',
      });
    }
    const earlier = seen.get(about.url);
    if (earlier !== undefined)
      collector.report('T18', 'twice', place, `there is another report about it on line ${earlier}`);
    seen.set(about.url, report.line);
    const last = lastOf(about);
    const missing = ['LAST-MSN', ...(last !== undefined && hasParts(last) ? ['LAST-PART'] : [])];
    const absent = missing.filter((name) => !report.attributes.has(name));
    if (absent.length > 0) {
      collector.report(
        'T18',
        'omitted',
        place,
        `the rendition report has no ${absent.join(' and no ')}, which is allowed only where it equals the playlist's own`,
        { severity: 'info' },
      );
    }
  }
  const isIFrames = (other: Rendition): boolean => other.role === 'iframe';
  const others = world.renditions.filter((other) => other !== rendition && !isIFrames(other));
  if (others.length === 0 || playlist.endList || !hasParts(playlist) || isIFrames(rendition)) return;
  collector.checked('T18');
  const unreported = others.filter((other) => !seen.has(other.url));
  if (unreported.length > 0) {
    const place = lineOf(playlist, 'EXT-X-RENDITION-REPORT');
    const names = unreported.map((other) => new URL(other.url).pathname.split('/').at(-1)).join(', ');
    collector.report('T18', 'missing', place, `there is no rendition report about ${names}`);
  }
}

/** A report may be a segment off, when it falls on a boundary; more means that it is stale or wrong. */
const REPORT_SLACK = 1;

function checkReportNumbers(rendition: Rendition, world: World, collector: Collector): void {
  for (const { playlist, snapshot } of rendition.versions) {
    for (const report of playlist.reports) {
      const about = reported(text(report.attributes, 'URI') ?? '', playlist.url, world.renditions);
      const said = number(report.attributes, 'LAST-MSN');
      if (about === undefined || said === undefined || about === rendition) continue;
      // Numbers that went back are their own finding.
      if (collector.has('T11', about.url)) continue;
      const place = { url: playlist.url, line: report.line, uri: text(report.attributes, 'URI') ?? '' };
      const known = about.versions
        .filter(
          (version) => version.snapshot.receivedAtMs !== undefined && snapshot.receivedAtMs !== undefined,
        )
        .map((version) => ({
          msn: newest(version.playlist)?.msn ?? -1,
          before: (version.snapshot.receivedAtMs ?? 0) <= (snapshot.receivedAtMs ?? 0),
        }));
      const least = known.filter(({ before }) => before).at(-1)?.msn;
      const most = known.find(({ before }) => !before)?.msn;
      if (least !== undefined && said < least - REPORT_SLACK) {
        collector.report(
          'T18',
          'stale',
          place,
          `LAST-MSN is ${said}; that playlist had already reached ${least}`,
        );
      } else if (said > Math.max(most ?? 0, least ?? 0) + REPORT_SLACK && (most ?? least) !== undefined) {
        collector.report(
          'T18',
          'ahead',
          place,
          `LAST-MSN is ${said}; that playlist has only reached ${most ?? least ?? 0}`,
        );
      }
    }
  }
}

function checkDateRanges(latest: readonly Latest[], collector: Collector): void {
  const ids = ({ playlist }: Latest): string =>
    [...new Set(playlist.dateRanges.map((tag) => text(tag.attributes, 'ID') ?? ''))].sort().join(', ');
  const carrying = latest.filter(({ playlist }) => playlist.dateRanges.length > 0);
  if (carrying.length < 2) return;
  collector.checked('T21');
  const { usual, others } = deviants(carrying, ids);
  for (const item of others) {
    collector.report(
      'T21',
      'set',
      lineOf(item.playlist, 'EXT-X-DATERANGE'),
      `it has the date ranges ${ids(item)}; the others have ${usual}`,
    );
  }
}

/** Segments with the date at which each starts. */
function dated(playlist: MediaPlaylist): { segment: Segment; start: number; end: number }[] {
  let start: number | undefined;
  return complete(playlist).flatMap((segment) => {
    start = segment.dateTime?.ms ?? (segment.discontinuityLine === undefined ? start : undefined);
    if (start === undefined) return [];
    const item = { segment, start, end: start + segment.duration * 1000 };
    start = item.end;
    return [item];
  });
}

/** Half a second: more than two renditions that are cut on one grid can differ by. */
const ALIGNED_MS = 500;

function checkAgainst(reference: Latest, other: Latest, collector: Collector): void {
  const theirs = dated(other.playlist);
  const ours = dated(reference.playlist);
  collector.checked('M9', 'T16');
  const sameNumbering = pairs(ours, theirs);
  const apart = ([a, b]: [Dated, Dated]): number => Math.abs(a.start - b.start);
  // Half a segment or more: the renditions are numbered apart, which they may be.
  const numberedAlike = sameNumbering.every((pair) => apart(pair) < (pair[0].end - pair[0].start) / 2);
  const off = numberedAlike ? sameNumbering.find((pair) => apart(pair) > ALIGNED_MS) : undefined;
  const aligned =
    sameNumbering.length > 1 &&
    sameNumbering.every(([a, b]) => Math.abs(a.segment.duration - b.segment.duration) < 0.1);
  if (off !== undefined && aligned) {
    const [a, b] = off;
    const seconds = Number(((b.start - a.start) / 1000).toFixed(3));
    const line = b.segment.dateTime?.line ?? b.segment.line;
    collector.report(
      'T16',
      'apart',
      { url: other.playlist.url, line },
      `segment ${b.segment.msn} is dated ${Math.abs(seconds)} s ${seconds > 0 ? 'after' : 'before'} the same segment of ${reference.playlist.url}`,
    );
    return;
  }
  for (const { segment, start, end } of theirs) {
    // Both ends well inside one of our segments' middle: no doubt about which content it is.
    const middle = (start + end) / 2;
    const match = ours.find(
      (item) =>
        middle > item.start + (item.end - item.start) / 4 && middle < item.end - (item.end - item.start) / 4,
    );
    if (match === undefined || match.segment.discontinuityNumber === segment.discontinuityNumber) continue;
    const line =
      segment.discontinuityLine ?? other.playlist.lineOf('EXT-X-DISCONTINUITY-SEQUENCE') ?? segment.line;
    collector.report(
      'M9',
      'number',
      { url: other.playlist.url, line },
      `segment ${segment.msn} has discontinuity number ${segment.discontinuityNumber}; at the same date ${reference.playlist.url} has ${match.segment.discontinuityNumber}`,
    );
  }
}

type Dated = ReturnType<typeof dated>[number];

function pairs(ours: readonly Dated[], theirs: readonly Dated[]): [Dated, Dated][] {
  const byMsn = new Map(ours.map((item) => [item.segment.msn, item]));
  return theirs.flatMap((item): [Dated, Dated][] => {
    const match = byMsn.get(item.segment.msn);
    return match === undefined ? [] : [[match, item]];
  });
}

export function checkRenditions(world: World, collector: Collector): void {
  const latest = world.renditions.flatMap((rendition): Latest[] => {
    const playlist = lastOf(rendition);
    return playlist === undefined ? [] : [{ rendition, playlist }];
  });
  for (const item of latest) checkReports(item, world, collector);
  if (latest.length < 2) return;
  // I-frame playlists list no parts; their header follows the same rules.
  checkEqualHeaders(latest, collector);
  checkLongestPartTarget(latest, collector);
  checkDated(latest, collector);
  checkDateRanges(latest, collector);
  for (const { rendition } of latest) checkReportNumbers(rendition, world, collector);
  const media = latest.filter(({ rendition }) => rendition.role !== 'iframe');
  const [reference] = media;
  if (reference === undefined) return;
  for (const other of media.slice(1)) checkAgainst(reference, other, collector);
}
