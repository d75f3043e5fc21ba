/** Rules about the parts and hints of one playlist: T2, T3, T4, T14, T15, T17. */
import { text } from '../attributes';
import type { Collector } from '../collector';
import type { MediaPlaylist, Part, Segment } from '../playlist';
import { complete, durationOf, hasParts, partTargetOf, ROUNDING } from '../world';

const at = (playlist: MediaPlaylist, part: Part): { url: string; line: number; uri: string } => ({
  url: playlist.url,
  line: part.line,
  uri: part.uri,
});

function checkLengths(playlist: MediaPlaylist, segment: Segment, target: number, collector: Collector): void {
  for (const [index, part] of segment.parts.entries()) {
    if (Number.isNaN(part.duration)) continue;
    const name = `part ${index} of segment ${segment.msn}`;
    if (part.duration > target + ROUNDING) {
      collector.report(
        'T2',
        'long',
        at(playlist, part),
        `${name} lasts ${part.duration} s, PART-TARGET is ${target}`,
      );
    }
    const next = segment.parts[index + 1];
    // Of the open segment the last listed part may turn out to be its final one.
    const exempt = part.independent || part.gap || next === undefined || next.gap;
    if (!exempt && part.duration < 0.85 * target - ROUNDING) {
      const least = Number((0.85 * target).toFixed(5));
      collector.report(
        'T3',
        'short',
        at(playlist, part),
        `${name} lasts ${part.duration} s, less than 85 % of PART-TARGET ${target} (${least})`,
      );
    }
  }
}

/** All parts of the segment are listed: none has been removed, none was missing. */
function allListed(segment: Segment): boolean {
  const sum = segment.parts.reduce((total, part) => total + part.duration, 0);
  return segment.uri !== undefined && segment.parts.length > 0 && Math.abs(sum - segment.duration) < 0.042;
}

function checkIndependent(playlist: MediaPlaylist, independentSegments: boolean, collector: Collector): void {
  const whole = complete(playlist).filter((segment) => allListed(segment) && !segment.gap);
  if (whole.length === 0) return;
  collector.checked('T4');
  if (independentSegments) {
    const first = whole.find((segment) => segment.parts[0]?.independent === false && !segment.parts[0].gap);
    if (first?.parts[0] === undefined) return;
    collector.report(
      'T4',
      'first',
      at(playlist, first.parts[0]),
      `segments are independent (EXT-X-INDEPENDENT-SEGMENTS), and the first part of segment ${first.msn} does not say INDEPENDENT=YES`,
    );
    return;
  }
  const parts = playlist.segments.flatMap((segment) => segment.parts);
  const [firstPart] = parts;
  if (firstPart !== undefined && !parts.some((part) => part.independent)) {
    collector.report(
      'T4',
      'none',
      at(playlist, firstPart),
      `none of the ${parts.length} listed parts says INDEPENDENT=YES`,
    );
  }
}

function checkOldParts(playlist: MediaPlaylist, collector: Collector): void {
  const target = playlist.targetDuration;
  if (target === undefined || playlist.endList) return;
  collector.checked('T14');
  // Measured from the last complete segment, and by whole segments: the most generous reading.
  let behind = 0;
  for (const segment of [...complete(playlist)].reverse()) {
    const [part] = segment.parts;
    if (part !== undefined && behind > 3 * target + ROUNDING) {
      const seconds = Number(behind.toFixed(3));
      collector.report(
        'T14',
        'old',
        at(playlist, part),
        `segment ${segment.msn} still lists its parts, ${seconds} s behind the newest complete segment (3 x TARGETDURATION = ${3 * target} s)`,
      );
    }
    behind += durationOf([segment]);
  }
}

function checkOrder(playlist: MediaPlaylist, collector: Collector): void {
  collector.checked('T15');
  for (const segment of playlist.segments) {
    for (const { name, line } of segment.lateTags) {
      collector.report(
        'T15',
        name,
        { url: playlist.url, line },
        `#${name} of segment ${segment.msn} comes after its first part (line ${segment.parts[0]?.line ?? 0})`,
      );
    }
  }
}

function checkHints(playlist: MediaPlaylist, collector: Collector): void {
  const { hints, url } = playlist;
  const byType = new Map<string, number>();
  for (const hint of hints) {
    const type = text(hint.attributes, 'TYPE') ?? '';
    const uri = text(hint.attributes, 'URI') ?? '';
    const place = { url, line: hint.line, uri };
    collector.checked('T17');
    const earlier = byType.get(type);
    if (earlier !== undefined) {
      collector.report(
        'T17',
        `twice ${type}`,
        place,
        `there is another preload hint of type ${type} on line ${earlier}`,
      );
    }
    byType.set(type, hint.line);
    if (playlist.endList)
      collector.report('T17', 'ended', place, 'there is a preload hint and #EXT-X-ENDLIST');
    const start = Number(text(hint.attributes, 'BYTERANGE-START') ?? 0);
    const listed = playlist.segments
      .flatMap((segment) => segment.parts)
      .find((part) => part.uri === uri && (part.byteRange?.offset ?? 0) === start);
    if (type === 'PART' && listed !== undefined) {
      collector.report('T17', 'listed', place, `the hinted part is already listed on line ${listed.line}`);
    }
  }
  if (hasParts(playlist) && !playlist.endList) {
    collector.checked('T17');
    if (!byType.has('PART')) {
      const last = playlist.segments.flatMap((segment) => segment.parts).at(-1);
      const place = last === undefined ? { url } : { url, line: last.line };
      collector.report(
        'T17',
        'missing',
        place,
        'the live playlist has parts and no preload hint of the next one',
        { severity: 'warning' },
      );
    }
  }
}

/** @param independentSegments declared here or in the multivariant playlist */
export function checkParts(
  playlist: MediaPlaylist,
  independentSegments: boolean,
  collector: Collector,
): void {
  const target = partTargetOf(playlist);
  if (target !== undefined && hasParts(playlist)) {
    collector.checked('T2', 'T3');
    for (const segment of playlist.segments) checkLengths(playlist, segment, target, collector);
  }
  checkHints(playlist, collector);
  if (!hasParts(playlist)) return;
  checkIndependent(playlist, independentSegments, collector);
  checkOldParts(playlist, collector);
  checkOrder(playlist, collector);
}
