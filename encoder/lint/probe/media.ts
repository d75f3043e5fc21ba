/** Fetches the media that the media rules judge, and what should still be there after it left the playlist (T14). */
import type { MediaPlaylist, Part, Segment } from '../playlist';
import { parsePlaylist } from '../playlist';
import type { MediaSample, SampledSegment } from '../rules/media';
import { ONE_FRAME } from '../rules/segments';
import { complete, durationOf, lastOf, resolveUri, type Rendition } from '../world';
import { describe, type ProbeContext } from './context';
import { RequestFailed } from './http';
import type { Resources } from './resources';

/** Two in a row: enough to see whether one continues the other. */
const SEGMENTS = 2;

/** Byte ranges without an offset follow the one before of the same resource. */
function withOffsets(parts: readonly Part[]): Part[] {
  const ends = new Map<string, number>();
  return parts.map((part) => {
    if (part.byteRange === undefined) return part;
    const offset = part.byteRange.offset ?? ends.get(part.uri) ?? 0;
    ends.set(part.uri, offset + part.byteRange.length);
    return { ...part, byteRange: { length: part.byteRange.length, offset } };
  });
}

const allParts = (segment: Segment): boolean => {
  const sum = segment.parts.reduce((total, part) => total + part.duration, 0);
  return (
    segment.parts.length > 0 &&
    Math.abs(sum - segment.duration) <= ONE_FRAME &&
    !segment.parts.some(({ gap }) => gap)
  );
};

/** The newest complete segments that can be judged: with all parts if any has them, and with one map. */
function choose(playlist: MediaPlaylist): Segment[] {
  const usable = complete(playlist).filter(({ gap, keyMethod }) => !gap && keyMethod !== 'AES-128');
  const withParts = usable.filter(allParts);
  const newest = (withParts.length > 0 ? withParts : usable).slice(-SEGMENTS);
  const last = newest.at(-1);
  return newest.filter(({ map, msn }) => map?.uri === last?.map?.uri && msn > (last?.msn ?? 0) - SEGMENTS);
}

async function sampleSegment(resources: Resources, url: string, segment: Segment): Promise<SampledSegment> {
  const { uri, byteRange, line } = segment;
  const body =
    uri === undefined || (byteRange !== undefined && byteRange.offset === undefined)
      ? undefined
      : await resources.listed('segment', uri, url, line, byteRange);
  const parts: { part: Part; body: Buffer }[] = [];
  if (allParts(segment)) {
    for (const part of withOffsets(segment.parts)) {
      const bytes = await resources.listed('part', part.uri, url, part.line, part.byteRange);
      if (bytes === undefined) return { segment, body, parts: [] };
      parts.push({ part, body: bytes });
    }
  }
  return { segment, body, parts };
}

export async function sampleRendition(
  context: ProbeContext,
  rendition: Rendition,
  resources: Resources,
): Promise<MediaSample | undefined> {
  const playlist = rendition.versions.at(-1)?.playlist ?? lastOf(rendition);
  if (playlist === undefined || rendition.role === 'subtitles' || playlist.iFramesOnly) return undefined;
  const segments = choose(playlist);
  const [first] = segments;
  if (first === undefined) return undefined;
  if (first.map === undefined) {
    for (const rule of ['F1', 'F2', 'F3', 'F4', 'F5', 'F6']) {
      context.collector.notChecked(rule, 'the segments have no EXT-X-MAP: they are not fragmented MP4');
    }
    return undefined;
  }
  const { map } = first;
  const init = await resources.listed('init', map.uri, rendition.url, map.line, map.byteRange);
  if (init === undefined) {
    const place = { url: rendition.url, line: map.line, uri: map.uri };
    if (!context.signal.aborted)
      context.collector.report('F1', 'missing', place, 'the initialization section could not be downloaded');
    return undefined;
  }
  const sampled: SampledSegment[] = [];
  for (const segment of segments) sampled.push(await sampleSegment(resources, rendition.url, segment));
  return {
    url: rendition.url,
    role: rendition.role,
    init: { url: resolveUri(map.uri, rendition.url) ?? map.uri, body: init },
    segments: sampled,
  };
}

/** The part or segment that left the playlist last must still be there. */
export async function checkRetention(
  context: ProbeContext,
  rendition: Rendition,
  resources: Resources,
): Promise<void> {
  const versions = rendition.versions.map(({ snapshot }) => parsePlaylist(snapshot.url, snapshot.text));
  const first = versions.find((version) => version.kind === 'media');
  const last = versions.at(-1);
  if (first === undefined || last?.kind !== 'media' || first.kind !== 'media') return;
  const still = new Map(last.segments.map((segment) => [segment.msn, segment]));
  const gone = first.segments
    .filter(({ msn, uri, gap }) => uri !== undefined && !gap && msn < last.mediaSequence)
    .at(-1);
  const lost = first.segments
    .filter(({ msn, parts, gap }) => !gap && parts.length > 0 && still.get(msn)?.parts.length === 0)
    .at(-1);
  const part = lost?.parts.at(-1);
  const check = async (
    kind: 'segment' | 'part',
    uri: string,
    line: number,
    why: string,
    byteRange?: Part['byteRange'],
  ): Promise<void> => {
    const result = await resources.fetch(kind, uri, rendition.url, byteRange, 10_000);
    if (result instanceof RequestFailed && result.kind === 'aborted') return;
    context.collector.checked('T14');
    if (!(result instanceof RequestFailed) && (result.status === 200 || result.status === 206)) return;
    context.collector.report(
      'T14',
      `${kind} gone`,
      { url: rendition.url, line, uri },
      `the ${kind} got ${describe(result)} right after it left the playlist; ${why}`,
      { severity: 'error' },
    );
  };
  const target = last.targetDuration ?? 0;
  if (part !== undefined && (part.byteRange === undefined || part.byteRange.offset !== undefined)) {
    await check(
      'part',
      part.uri,
      part.line,
      `it must stay for 3 target durations (${3 * target} s)`,
      part.byteRange,
    );
  }
  if (gone?.uri !== undefined && (gone.byteRange === undefined || gone.byteRange.offset !== undefined)) {
    const stay = Math.round(gone.duration + durationOf(complete(last)));
    await check(
      'segment',
      gone.uri,
      gone.line,
      `it must stay for its own and the playlist's length (${stay} s) after it first appeared`,
      gone.byteRange,
    );
  }
}
