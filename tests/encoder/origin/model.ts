/** Playlists as a client understands them: each segment with what it inherits, deltas filled up. */

export interface ModelSegment {
  readonly msn: number;
  /** Its discontinuity sequence number. */
  readonly generation: number;
  readonly map: string;
  readonly time: string;
  readonly parts: readonly string[];
  readonly gap: boolean;
  /** EXTINF and the URI; absent while the segment is open. */
  readonly duration?: string;
  readonly uri?: string;
}

export interface Model {
  readonly header: readonly string[];
  readonly skipped: number;
  readonly segments: readonly ModelSegment[];
  /** ENDLIST, or the hint and the reports. */
  readonly trailer: readonly string[];
}

interface Open {
  generation: number;
  map: string;
  time: string;
  parts: string[];
  gap: boolean;
  duration: string;
}

/** @param previous what the client has, for a delta update */
export function modelOf(playlist: string, previous?: Model): Model {
  const lines = playlist.split('\n').slice(0, -1);
  const value = (name: string) => lines.find((line) => line.startsWith(`#${name}:`))?.slice(name.length + 2);
  const skipped = Number(value('EXT-X-SKIP')?.slice('SKIPPED-SEGMENTS='.length) ?? 0);
  const first = Number(value('EXT-X-MEDIA-SEQUENCE'));
  const header: string[] = [];
  const trailer: string[] = [];
  const segments: ModelSegment[] = (previous?.segments ?? []).filter(
    ({ msn, uri }) => uri !== undefined && msn >= first && msn < first + skipped,
  );
  if (segments.length !== skipped)
    throw new Error(`the client has ${segments.length} of ${skipped} skipped segments`);
  const before = segments.at(-1);
  let open: Open | undefined;
  let generation = before?.generation ?? Number(value('EXT-X-DISCONTINUITY-SEQUENCE'));
  let map = before?.map ?? '';
  const current = (): Open => (open ??= { generation, map, time: '', parts: [], gap: false, duration: '' });
  const close = (uri?: string): void => {
    const { duration, ...segment } = { ...current(), generation, map };
    segments.push({ msn: first + segments.length, ...segment, ...(uri && { uri, duration }) });
    open = undefined;
  };
  for (const line of lines) {
    const [tag = '', rest = ''] = /^(#EXT[^:]*):?(.*)$/.exec(line)?.slice(1) ?? [];
    if (tag === '#EXT-X-DISCONTINUITY') generation++;
    else if (tag === '#EXT-X-MAP') map = rest;
    else if (tag === '#EXT-X-PROGRAM-DATE-TIME') current().time = rest;
    else if (tag === '#EXT-X-PART') current().parts.push(rest);
    else if (tag === '#EXT-X-GAP') current().gap = true;
    else if (tag === '#EXTINF') current().duration = rest;
    else if (!line.startsWith('#')) close(line);
    else if (/^#EXT-X-(PRELOAD-HINT|RENDITION-REPORT|ENDLIST)/.test(tag)) trailer.push(line);
    else if (!/^#EXT-X-(VERSION|SKIP)/.test(tag)) header.push(line);
  }
  if (open) close();
  return { header, skipped, segments, trailer };
}

/** Unix milliseconds at which a segment begins. */
export const timeOf = ({ time }: ModelSegment): number => Date.parse(time);

export const secondsOf = (segment: ModelSegment): number =>
  segment.duration === undefined
    ? segment.parts.reduce((sum, part) => sum + Number(/DURATION=([\d.]+)/.exec(part)![1]), 0)
    : Number.parseFloat(segment.duration);
