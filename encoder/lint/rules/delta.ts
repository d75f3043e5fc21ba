/** Rules about delta updates as such: D9 and D10. */
import type { Collector } from '../collector';
import type { MediaPlaylist } from '../playlist';
import { complete, control, durationOf, lineOf, ROUNDING, type Rendition } from '../world';

/** Does it skip only what lies beyond the skip boundary? */
export function checkDelta(playlist: MediaPlaylist, collector: Collector): void {
  if (playlist.skipped === undefined) return;
  collector.checked('D10');
  const place = lineOf(playlist, 'EXT-X-SKIP');
  const until = control(playlist, 'CAN-SKIP-UNTIL');
  if (until === undefined) {
    collector.report('D9', 'undeclared', place, 'this is a delta update, and CAN-SKIP-UNTIL is not declared');
    return;
  }
  if (playlist.skipped === 0) {
    collector.report('D10', 'zero', place, 'SKIPPED-SEGMENTS is 0: the full playlist should have been sent', {
      severity: 'warning',
    });
    return;
  }
  const kept = durationOf(complete(playlist));
  if (kept < until - ROUNDING * (1 + playlist.segments.length)) {
    collector.report(
      'D10',
      'boundary',
      place,
      `${playlist.skipped} segments are skipped, and only ${Number(kept.toFixed(5))} s are left; the skip boundary is ${until} s`,
    );
  }
}

/** Does the delta fit the full playlist before it? */
export function checkDeltas(rendition: Rendition, collector: Collector): void {
  let earlier: MediaPlaylist | undefined;
  for (const { playlist, full } of rendition.versions) {
    checkDelta(playlist, collector);
    const end = playlist.mediaSequence + (playlist.skipped ?? 0);
    // The client has the segments that are skipped only if they are in what it read before.
    const reaches = earlier !== undefined && (complete(earlier).at(-1)?.msn ?? -1) >= end - 1;
    if (playlist.skipped !== undefined && full === undefined && reaches) {
      collector.report(
        'D10',
        'fit',
        lineOf(playlist, 'EXT-X-SKIP'),
        `the ${playlist.skipped} skipped segments from ${playlist.mediaSequence} on were not all in the playlist before`,
      );
    }
    earlier = full ?? earlier;
  }
}
