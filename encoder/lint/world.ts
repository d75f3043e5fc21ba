/** What was read, arranged for the rules: each rendition's versions in time, deltas filled up to full playlists. */
import { number } from './attributes';
import {
  numberSegments,
  parsePlaylist,
  type MediaPlaylist,
  type MultivariantPlaylist,
  type Part,
  type Segment,
} from './playlist';
import type { Place, Snapshot } from './types';

/** Half a unit of the fifth decimal: the rounding of a duration. */
export const ROUNDING = 0.000_005_1;

export type Role = 'video' | 'audio' | 'subtitles' | 'iframe' | 'unknown';

export interface Version {
  readonly snapshot: Snapshot;
  /** As answered. */
  readonly playlist: MediaPlaylist;
  /** With the skipped segments of a delta put back; undefined if there was nothing to put back from. */
  readonly full: MediaPlaylist | undefined;
}

export interface Rendition {
  readonly url: string;
  readonly role: Role;
  readonly versions: readonly Version[];
}

export interface World {
  readonly multivariant: MultivariantPlaylist | undefined;
  readonly renditions: readonly Rendition[];
}

export const withoutDirectives = (url: string): string => {
  const parsed = new URL(url);
  for (const name of ['_HLS_msn', '_HLS_part', '_HLS_skip']) parsed.searchParams.delete(name);
  return parsed.href;
};

/** Undefined for a URI that cannot be resolved. */
export function resolveUri(uri: string, base: string): string | undefined {
  return URL.canParse(uri, base) ? new URL(uri, base).href : undefined;
}

export const lineOf = (playlist: MediaPlaylist, tag: string): Place => {
  const line = playlist.lineOf(tag);
  return line === undefined ? { url: playlist.url } : { url: playlist.url, line };
};

/** A line number is only right for the answer it was read from: segments put back from an earlier one have none. */
export function lastOf(rendition: Rendition): MediaPlaylist | undefined {
  return rendition.versions.at(-1)?.full ?? rendition.versions.at(-1)?.playlist;
}

export const partTargetOf = (playlist: MediaPlaylist): number | undefined =>
  playlist.partTarget !== undefined && playlist.partTarget > 0 ? playlist.partTarget : undefined;

export const hasParts = (playlist: MediaPlaylist): boolean =>
  playlist.segments.some((segment) => segment.parts.length > 0);

export const complete = (playlist: MediaPlaylist): readonly Segment[] =>
  playlist.segments.filter((segment) => segment.uri !== undefined);

export const durationOf = (segments: readonly Segment[]): number =>
  segments.reduce((sum, segment) => sum + (Number.isNaN(segment.duration) ? 0 : segment.duration), 0);

export interface Position {
  readonly msn: number;
  /** Index of the last listed part of that segment; -1 when the segment is complete. */
  readonly part: number;
  readonly open: boolean;
}

/** The newest thing that the playlist lists. */
export function newest(playlist: MediaPlaylist): Position | undefined {
  const segment = playlist.segments.at(-1);
  if (segment === undefined) return undefined;
  return { msn: segment.msn, part: segment.parts.length - 1, open: segment.uri === undefined };
}

export const compare = (a: Position, b: Position): number => {
  if (a.msn !== b.msn) return a.msn - b.msn;
  // A complete segment is later than any of its parts.
  if (a.open !== b.open) return a.open ? -1 : 1;
  return a.part - b.part;
};

/** The (msn, part) that a client asks for next. */
export function nextPart(playlist: MediaPlaylist): { msn: number; part: number } {
  const last = newest(playlist);
  if (last === undefined) return { msn: playlist.mediaSequence, part: 0 };
  return last.open ? { msn: last.msn, part: last.part + 1 } : { msn: last.msn + 1, part: 0 };
}

/** Does the playlist list part (msn, part), or what stands in for it by rule D3, or anything later? */
export function lists(playlist: MediaPlaylist, msn: number, part: number): boolean {
  const last = playlist.segments.at(-1);
  if (last === undefined) return false;
  if (last.msn > msn) {
    const asked = playlist.segments.find((segment) => segment.msn === msn);
    const beyondItsEnd = asked !== undefined && asked.parts.length > 0 && part >= asked.parts.length;
    return !beyondItsEnd || last.msn > msn + 1 || last.parts.length > 0 || last.uri !== undefined;
  }
  return last.msn === msn && last.parts.length > part;
}

export const sameSource = (a: Part | Segment, b: Part | Segment): boolean =>
  a.uri === b.uri &&
  a.byteRange?.length === b.byteRange?.length &&
  a.byteRange?.offset === b.byteRange?.offset;

/** Undefined when the earlier playlist does not reach far enough. */
function fillUp(delta: MediaPlaylist, earlier: MediaPlaylist | undefined): MediaPlaylist | undefined {
  const skipped = delta.skipped ?? 0;
  if (earlier === undefined) return undefined;
  const end = delta.mediaSequence + skipped;
  const carried = earlier.segments.filter(
    ({ msn, uri }) => msn >= delta.mediaSequence && msn < end && uri !== undefined,
  );
  if (carried.length !== skipped) return undefined;
  const lastMap = carried.at(-1)?.map;
  const rest = delta.segments.map((segment) => ({ ...segment, map: segment.map ?? lastMap }));
  const first = delta.discontinuitySequence ?? 0;
  return {
    ...delta,
    segments: numberSegments([...carried, ...rest], delta.mediaSequence, first),
    skipped: undefined,
  };
}

export function versionsOf(snapshots: readonly Snapshot[]): Version[] {
  let earlier: MediaPlaylist | undefined;
  return snapshots.flatMap((snapshot): Version[] => {
    const playlist = parsePlaylist(snapshot.url, snapshot.text);
    if (playlist.kind !== 'media') return [];
    const full = playlist.skipped === undefined ? playlist : fillUp(playlist, earlier);
    earlier = full ?? earlier;
    return [{ snapshot, playlist, full }];
  });
}

/** Role of each media playlist that a multivariant playlist names, by absolute URL. */
export function rolesOf(multivariant: MultivariantPlaylist): Map<string, Role> {
  const roles = new Map<string, Role>();
  const add = (uri: string | undefined, role: Role): void => {
    const url = uri === undefined ? undefined : resolveUri(uri, multivariant.url);
    if (url !== undefined && !roles.has(url)) roles.set(url, role);
  };
  for (const { uri, attributes } of multivariant.variants) {
    const codecs = attributes.get('CODECS')?.text ?? '';
    const audioOnly =
      codecs !== '' && !attributes.has('RESOLUTION') && !/avc|hvc|hev|dvh|av01|vp0?9/.test(codecs);
    add(uri, audioOnly ? 'audio' : 'video');
  }
  for (const { attributes } of multivariant.media) {
    const type = attributes.get('TYPE')?.text;
    const role = type === 'AUDIO' ? 'audio' : type === 'SUBTITLES' ? 'subtitles' : 'video';
    add(attributes.get('URI')?.text, role);
  }
  for (const { attributes } of multivariant.iFrames) add(attributes.get('URI')?.text, 'iframe');
  return roles;
}

export function arrange(snapshots: readonly Snapshot[]): World {
  const groups = new Map<string, Snapshot[]>();
  let multivariant: MultivariantPlaylist | undefined;
  for (const snapshot of snapshots) {
    const parsed = groups.has(snapshot.url) ? undefined : parsePlaylist(snapshot.url, snapshot.text);
    if (parsed?.kind === 'multivariant') {
      multivariant ??= parsed;
      continue;
    }
    groups.set(snapshot.url, [...(groups.get(snapshot.url) ?? []), snapshot]);
  }
  const roles = multivariant === undefined ? new Map<string, Role>() : rolesOf(multivariant);
  const renditions = [...groups].map(([url, group]): Rendition => ({
    url,
    role: roles.get(url) ?? 'unknown',
    versions: versionsOf(group),
  }));
  return { multivariant, renditions };
}

export const control = (playlist: MediaPlaylist, name: string): number | undefined =>
  playlist.serverControl === undefined ? undefined : number(playlist.serverControl, name);
