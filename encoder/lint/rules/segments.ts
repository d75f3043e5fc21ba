/** Rules about the segments of one playlist: T9, T11, T16, T20, T21, T23, T24, C10. */
import { number, parseDate, text, yes } from '../attributes';
import type { Collector } from '../collector';
import type { MediaPlaylist, Segment } from '../playlist';
import { complete, lineOf, ROUNDING } from '../world';

/** One frame at 24 frames a second: the longest that durations may be off by. */
export const ONE_FRAME = 0.042;
/** Program date times may overlap by less than a second (section 6.2.1). */
const MAX_OVERLAP = 1;

const FRAGMENTED_MP4 = /\.(m4s|m4v|m4a|mp4|cmf[avt]|fmp4)$/i;

const pathOf = (uri: string): string => uri.split(/[?#]/)[0] ?? '';

const at = (playlist: MediaPlaylist, segment: Segment): { url: string; line: number; uri?: string } => ({
  url: playlist.url,
  line: segment.line,
  ...(segment.uri === undefined ? {} : { uri: segment.uri }),
});

function checkDurations(playlist: MediaPlaylist, collector: Collector): void {
  const target = playlist.targetDuration;
  for (const segment of complete(playlist)) {
    if (target !== undefined) {
      collector.checked('T9');
      if (Math.round(segment.duration - ROUNDING) > target) {
        collector.report(
          'T9',
          'long',
          at(playlist, segment),
          `segment ${segment.msn} lasts ${segment.duration} s, TARGETDURATION is ${target}`,
        );
      }
    }
    if (segment.parts.length === 0) continue;
    collector.checked('T24');
    const sum = segment.parts.reduce((total, part) => total + part.duration, 0);
    if (Math.abs(sum - segment.duration) > ONE_FRAME) {
      collector.report(
        'T24',
        'sum',
        at(playlist, segment),
        `segment ${segment.msn} lasts ${segment.duration} s, its ${segment.parts.length} parts ${Number(sum.toFixed(5))} s`,
      );
    }
  }
}

function checkDateTimes(playlist: MediaPlaylist, collector: Collector): void {
  const live = !playlist.endList && playlist.segments.length > 0;
  const dated = playlist.segments.some((segment) => segment.dateTime !== undefined);
  if (live && playlist.skipped === undefined) {
    collector.checked('T16');
    if (!dated) {
      collector.report(
        'T16',
        'missing',
        { url: playlist.url },
        'the live playlist has no #EXT-X-PROGRAM-DATE-TIME',
      );
    }
  }
  // Where the next segment should begin by the clock so far.
  let expected: number | undefined;
  for (const segment of playlist.segments) {
    const { dateTime } = segment;
    const jump = segment.discontinuityLine !== undefined;
    if (jump && dated && dateTime === undefined) {
      const place = { url: playlist.url, line: segment.discontinuityLine ?? segment.line };
      collector.report(
        'T16',
        'after discontinuity',
        place,
        `segment ${segment.msn} follows a discontinuity and has no #EXT-X-PROGRAM-DATE-TIME`,
        { severity: 'warning' },
      );
    }
    if (dateTime !== undefined && expected !== undefined) {
      const off = (dateTime.ms - expected) / 1000;
      const place = { url: playlist.url, line: dateTime.line };
      if (off < -MAX_OVERLAP) {
        collector.report(
          'T16',
          'overlap',
          place,
          `the date of segment ${segment.msn} is ${Number((-off).toFixed(3))} s before the end of the segment before it`,
        );
      } else if (off > MAX_OVERLAP && !jump) {
        collector.checked('T20');
        collector.report(
          'T20',
          'date',
          place,
          `the date of segment ${segment.msn} is ${Number(off.toFixed(3))} s after the end of the segment before it, with neither #EXT-X-GAP nor #EXT-X-DISCONTINUITY`,
        );
      }
    }
    const overlaps =
      dateTime !== undefined && expected !== undefined && expected - dateTime.ms > MAX_OVERLAP * 1000;
    // After an overlap the earlier dates count, so that one wrong date is one finding.
    const start = overlaps ? expected : (dateTime?.ms ?? (jump ? undefined : expected));
    expected = start === undefined ? undefined : start + segment.duration * 1000;
  }
}

function checkMaps(playlist: MediaPlaylist, collector: Collector): void {
  let previous: Segment | undefined;
  for (const segment of playlist.segments) {
    const uri = segment.uri ?? segment.parts[0]?.uri ?? '';
    if (playlist.skipped === undefined && FRAGMENTED_MP4.test(pathOf(uri))) {
      collector.checked('T23');
      if (segment.map === undefined && !segment.gap) {
        collector.report(
          'T23',
          'map',
          { url: playlist.url, line: segment.line, uri },
          `segment ${segment.msn} is fragmented MP4 and has no #EXT-X-MAP`,
        );
      }
    }
    if (previous !== undefined) collector.checked('T20');
    const changed =
      previous?.map !== undefined && segment.map !== undefined && previous.map.uri !== segment.map.uri;
    if (changed && segment.discontinuityLine === undefined && !segment.gap && previous?.gap === false) {
      const place = {
        url: playlist.url,
        line: segment.map?.line ?? segment.line,
        uri: segment.map?.uri ?? '',
      };
      collector.report(
        'T20',
        'map',
        place,
        `segment ${segment.msn} has another #EXT-X-MAP than the one before it, and no #EXT-X-DISCONTINUITY`,
      );
    }
    previous = segment;
  }
}

function checkDiscontinuitySequence(playlist: MediaPlaylist, collector: Collector): void {
  const tagged = playlist.segments.find((segment) => segment.discontinuityLine !== undefined);
  if (tagged === undefined || playlist.endList || playlist.playlistType !== undefined) return;
  collector.checked('T11');
  if (playlist.discontinuitySequence === undefined && playlist.mediaSequence > 0) {
    const place = { url: playlist.url, line: tagged.discontinuityLine ?? tagged.line };
    collector.report(
      'T11',
      'no discontinuity sequence',
      place,
      'the sliding playlist has #EXT-X-DISCONTINUITY and no #EXT-X-DISCONTINUITY-SEQUENCE',
    );
  }
}

function checkDateRanges(playlist: MediaPlaylist, collector: Collector): void {
  const starts = new Map<string, { start: string; line: number }>();
  for (const tag of playlist.dateRanges) {
    collector.checked('T21');
    const id = text(tag.attributes, 'ID') ?? '';
    const start = text(tag.attributes, 'START-DATE');
    const place = { url: playlist.url, line: tag.line };
    const earlier = starts.get(id);
    if (earlier === undefined && start === undefined) {
      collector.report('S3', 'EXT-X-DATERANGE.START-DATE', place, `the date range "${id}" has no START-DATE`);
    }
    if (earlier !== undefined && start !== undefined && parseDate(earlier.start) !== parseDate(start)) {
      collector.report(
        'T21',
        'reused',
        place,
        `the ID "${id}" starts ${start} here and ${earlier.start} on line ${earlier.line}`,
      );
    }
    const end = text(tag.attributes, 'END-DATE');
    const [from, to] = [parseDate(start ?? ''), parseDate(end ?? '')];
    if (from !== undefined && to !== undefined && to < from) {
      collector.report(
        'T21',
        'order',
        place,
        `the date range "${id}" ends (${end}) before it starts (${start})`,
      );
    }
    if (yes(tag.attributes, 'END-ON-NEXT') && !tag.attributes.has('CLASS')) {
      collector.report('T21', 'class', place, `the date range "${id}" says END-ON-NEXT and has no CLASS`);
    }
    if ((number(tag.attributes, 'DURATION') ?? 0) < 0) {
      collector.report('T21', 'negative', place, `the date range "${id}" has a negative DURATION`);
    }
    if (start !== undefined && earlier === undefined) starts.set(id, { start, line: tag.line });
  }
  const dated = playlist.segments.some((segment) => segment.dateTime !== undefined);
  if (starts.size > 0 && !dated && playlist.skipped === undefined) {
    collector.report(
      'T21',
      'no date',
      lineOf(playlist, 'EXT-X-DATERANGE'),
      'there is a date range and no #EXT-X-PROGRAM-DATE-TIME to place it by',
    );
  }
}

function checkUris(playlist: MediaPlaylist, collector: Collector): void {
  for (const item of playlist.items) {
    const uri = item.kind === 'uri' ? item.uri : text(item.attributes, 'URI');
    if (uri === undefined) continue;
    collector.checked('C10');
    if (/[?&]_HLS_(msn|part|skip)=/.test(uri)) {
      collector.report(
        'C10',
        'directive',
        { url: playlist.url, line: item.line, uri },
        'the URI carries a delivery directive',
      );
    }
  }
}

export function checkSegments(playlist: MediaPlaylist, collector: Collector): void {
  checkDurations(playlist, collector);
  checkDateTimes(playlist, collector);
  checkMaps(playlist, collector);
  checkDiscontinuitySequence(playlist, collector);
  checkDateRanges(playlist, collector);
  checkUris(playlist, collector);
}
