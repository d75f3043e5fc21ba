/** What an origin knows of a channel: a snapshot that only the store's contents determine. */
import {
  segmentSeconds,
  targetDuration,
  tickSeconds,
  type Claim,
  type RenditionInfo,
  type SegmentRecord,
  type TickGrid,
} from '../contract';
import { isComplete, segmentRecord, type SegmentState } from '../packager/segment-state';

/** A segment of the playlist. `state` holds its parts while they may be listed. */
export interface ListedSegment {
  readonly record: SegmentRecord;
  readonly complete: boolean;
  /** What the segment's claim says of renditions; init hashes are in the record. */
  readonly state?: SegmentState;
}

export interface ChannelState {
  readonly channel: string;
  readonly grid: TickGrid;
  readonly renditions: readonly RenditionInfo[];
  /** Oldest first; the last one may be incomplete. Never empty. */
  readonly segments: readonly ListedSegment[];
  /** The programme has ended: ENDLIST. */
  readonly ended: boolean;
}

/** The newest part of the channel; every rendition has the same. `part` is -1 before a segment's first. */
export interface LiveEdge {
  readonly msn: number;
  readonly part: number;
}

/** A gap has no ticks; its length is that of its longest track, each in the track's own timescale. */
export function recordSeconds(
  { ticks, tracks }: SegmentRecord,
  { grid, renditions }: Pick<ChannelState, 'grid' | 'renditions'>,
): number {
  if (ticks > 0) return ticks * tickSeconds(grid);
  return Math.max(0, ...renditions.map(({ id, timescale }) => (tracks[id]?.duration ?? 0) / timescale));
}

/** A claim without a tick is listed once it is sealed as a gap, but not where the programme ended before it. */
export const isListed = ({ bundles, end }: SegmentState): boolean =>
  bundles.length > 0 || (end !== undefined && !end.end?.final);

/**
 * The playlist of a channel.
 * @param records complete segments known from claims, oldest first
 * @param states segments whose bundles are known, oldest first; they win over records
 * @param windowSeconds length of the playlist
 */
export function channelState(
  channel: string,
  records: readonly SegmentRecord[],
  states: readonly SegmentState[],
  windowSeconds: number,
): ChannelState | undefined {
  const newest = states.at(-1)?.claim;
  if (!newest) return undefined;
  const byNumber = new Map<number, ListedSegment>();
  for (const record of records) byNumber.set(record.msn, { record, complete: true });
  for (const state of states) {
    if (!isListed(state)) continue;
    byNumber.set(state.claim.msn, { record: segmentRecord(state), complete: isComplete(state), state });
  }
  const all = [...byNumber.values()].sort((a, b) => a.record.msn - b.record.msn);
  const last = all.at(-1);
  if (!last) return undefined;
  const { grid, renditions } = describing(states, last, newest);
  const segments = newestWindow(all, { grid, renditions }, windowSeconds);
  return { channel, grid, renditions, segments, ended: hasEnded(states) };
}

/** A segment that was claimed ahead of the programme's end says nothing. */
function hasEnded(states: readonly SegmentState[]): boolean {
  return states.findLast(({ bundles, end }) => bundles.length > 0 || end)?.end?.end?.final ?? false;
}

/** Until a new claim has media, the playlist is described by the claim of what it lists. */
function describing(states: readonly SegmentState[], last: ListedSegment, newest: Claim): Claim {
  return last.state?.claim ?? states.find(({ claim }) => claim.msn >= last.record.msn)?.claim ?? newest;
}

/**
 * The newest segments that fill the window, and no fewer than seven; nothing from before a hole in the numbers:
 * claims give every number, so a hole is where an emptied store began again.
 */
function newestWindow(
  all: readonly ListedSegment[],
  format: Pick<ChannelState, 'grid' | 'renditions'>,
  windowSeconds: number,
): ListedSegment[] {
  const wanted = Math.max(windowSeconds, 7 * segmentSeconds(format.grid));
  const window: ListedSegment[] = [];
  let seconds = 0;
  for (let i = all.length - 1; i >= 0 && seconds < wanted; i--) {
    const segment = all[i]!;
    const next = window[0];
    if (next && segment.record.msn !== next.record.msn - 1) break;
    window.unshift(segment);
    if (segment.complete) seconds += recordSeconds(segment.record, format);
  }
  return window;
}

export function liveEdge(state: ChannelState): LiveEdge {
  const last = state.segments.at(-1)!;
  return { msn: last.record.msn, part: last.record.ticks - 1 };
}

/** Unix milliseconds of a segment's first sample in one rendition. */
export function segmentTime(record: SegmentRecord, rendition: RenditionInfo, state: ChannelState): number {
  const video = state.renditions.find(({ kind }) => kind === 'video') ?? rendition;
  const start = record.tracks[rendition.id]?.start ?? 0;
  const videoStart = record.tracks[video.id]?.start ?? 0;
  return record.anchor + 1000 * (start / rendition.timescale - videoStart / video.timescale);
}

/** Whether a segment's parts are listed: it ends within three target durations of the live edge. */
export function partsAreListed(state: ChannelState, index: number): boolean {
  let after = 0;
  for (let i = state.segments.length - 1; i > index; i--) {
    after += recordSeconds(state.segments[i]!.record, state);
    if (after >= 3 * targetDuration(state.grid)) return false;
  }
  return true;
}
