/**
 * How an encoder becomes the writer of a channel: it waits while another one lives, then seals what that
 * one left open. Sealing creates an end bundle at the first missing tick, so the old writer's next bundle
 * is refused, however late it comes.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  keys,
  partsPerSegment,
  RECORDS_PER_CLAIM,
  tickSeconds,
  tickTicks,
  type Claim,
  type Gap,
  type SegmentRecord,
  type TickGrid,
} from '../contract';
import { encodeBundle, readBundlePart } from '../store/bundle';
import { lastClaim, readClaim } from '../store/claims';
import type { ChannelStores, SegmentStore } from '../store/store';
import {
  isComplete,
  isWhole,
  readSegmentState,
  segmentRecord,
  trackParts,
  type SegmentState,
} from './segment-state';

/** A tick that is later than this means that its writer is gone. */
export const OVERDUE_MS = 1500;
const STANDBY_POLL_MS = 50;

/** Where the next writer goes on. */
export interface Position {
  readonly msn: number;
  readonly generation: number;
  /** Whether nothing from before may be listed: the programme had ended, or the grid or ladder is another. */
  readonly fresh: boolean;
  /** The last complete segments, oldest first. */
  readonly records: readonly SegmentRecord[];
  /** Segments that this take-over found or made complete; their whole-segment objects may be missing. */
  readonly found: readonly SegmentState[];
}

export interface TakeOverOptions {
  readonly stores: ChannelStores;
  readonly channel: string;
  readonly writer: string;
  /** What the newcomer will write. */
  readonly grid: TickGrid;
  readonly renditions: readonly string[];
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Called once, when the channel turns out to have a living writer. */
  readonly onStandby?: (claim: Claim) => void;
}

export async function takeOver(options: TakeOverOptions): Promise<Position> {
  const { stores, channel, now, signal } = options;
  let waiting = false;
  for (;;) {
    signal.throwIfAborted();
    const last =
      (await lastClaim(stores.general, channel)) ?? (await newestListedClaim(stores.general, channel));
    // Segments last longer than two seconds, so no number of an earlier life of this channel is as high.
    if (!last) return { msn: Math.floor(now() / 2000), generation: 0, fresh: true, records: [], found: [] };
    const open = await openSegments(stores, last);
    const head = open.find((state) => !isComplete(state)) ?? open.at(-1)!;
    if (open.some(hasLeft) || isOverdue(head, now())) return seal(options, last, open);
    if (!waiting) options.onStandby?.(last);
    waiting = true;
    await delay(STANDBY_POLL_MS, undefined, { signal });
  }
}

/** For a channel whose hint was lost: one LIST at a start. */
async function newestListedClaim(store: SegmentStore, channel: string): Promise<Claim | undefined> {
  const numbers = (await store.list(`claims/${channel}/`))
    .map((key) => Number(key.slice(key.lastIndexOf('/') + 1)))
    .filter(Number.isSafeInteger);
  return numbers.length > 0 ? readClaim(store, channel, Math.max(...numbers)) : undefined;
}

/** The last claimed segment, and the one before it where that is not yet on record: claims are made ahead. */
async function openSegments(stores: ChannelStores, last: Claim): Promise<SegmentState[]> {
  const read = (claim: Claim) => readSegmentState(stores.edge, { claim, bundles: [] });
  const previousMsn = last.msn - 1;
  const previous = last.records.some(({ msn }) => msn === previousMsn)
    ? undefined
    : await readClaim(stores.general, last.channel, previousMsn);
  return previous ? [await read(previous), await read(last)] : [await read(last)];
}

const hasLeft = (state: SegmentState): boolean => state.end !== undefined;

function isOverdue({ claim, bundles }: SegmentState, now: number): boolean {
  return now > claim.anchor + (bundles.length + 1) * tickSeconds(claim.grid) * 1000 + OVERDUE_MS;
}

async function seal(options: TakeOverOptions, last: Claim, open: readonly SegmentState[]): Promise<Position> {
  const found: SegmentState[] = [];
  let programmeEnded = false;
  for (const state of open) {
    const before = found.at(-1);
    const sealed = await sealSegment(options, state, before && segmentRecord(before), programmeEnded);
    programmeEnded = sealed.end?.end?.final ?? false;
    found.push(sealed);
  }
  const fresh = programmeEnded || !sameFormat(last, options);
  return {
    msn: last.msn + 1,
    generation: last.generation + 1,
    fresh,
    records: fresh ? [] : [...last.records, ...found.map(segmentRecord)].slice(-RECORDS_PER_CLAIM),
    found: found.filter((state) => state.bundles.length > 0),
  };
}

function sameFormat(last: Claim, { grid, renditions }: TakeOverOptions): boolean {
  return isDeepStrictEqual([last.grid, last.renditions.map(({ id }) => id)], [grid, renditions]);
}

/**
 * Ends a segment at its first missing tick. A tick that came after all is taken, and the next one tried.
 * @param before the segment before it, where that was ended in the same go
 */
export async function sealSegment(
  { stores, channel, writer, now }: Pick<TakeOverOptions, 'stores' | 'channel' | 'writer' | 'now'>,
  state: SegmentState,
  before?: SegmentRecord,
  final = false,
): Promise<SegmentState> {
  for (;;) {
    if (isWhole(state) || state.end) return state;
    const { claim, bundles } = state;
    const tick = bundles.length;
    const end = { final, ...(tick === 0 && { gap: gapAfter(before, claim, now()) }) };
    const header = { writer, generation: claim.generation, msn: claim.msn, tick, parts: [], end };
    await stores.edge.create(keys.bundle(channel, claim.msn, tick), encodeBundle(header, []));
    const next = await readSegmentState(stores.edge, state);
    if (next.bundles.length === tick && !next.end) {
      throw new Error(
        `${keys.bundle(channel, claim.msn, tick)} is of a writer that does not own the segment, ` +
          'so the segment cannot be sealed. Remove that object.',
      );
    }
    state = next;
  }
}

/**
 * A gap that begins where the segment before it ends, and ends before the next generation begins: no wall-clock time
 * is left out, and none is claimed twice.
 */
function gapAfter(
  before: SegmentRecord | undefined,
  { generation, anchor, start, grid }: Claim,
  now: number,
): Gap {
  const parts = partsPerSegment(grid);
  const missing = before?.generation === generation ? parts - before.ticks : 0;
  const tickMs = tickSeconds(grid) * 1000;
  const begins = anchor - missing * tickMs;
  return {
    anchor: begins,
    start: start - missing * tickTicks(grid),
    ticks: Math.min(parts, Math.max(1, Math.floor((now - begins) / tickMs))),
  };
}

/** Writes the whole-segment objects of complete segments from their bundles, where they are missing. */
export async function writeMissingSegments(
  stores: ChannelStores,
  states: readonly SegmentState[],
): Promise<void> {
  for (const state of states) {
    const { channel, msn, renditions } = state.claim;
    for (const { id } of renditions) {
      const key = keys.segment(channel, id, msn);
      if ((await stores.general.size(key)) !== undefined) continue;
      const media: Buffer[] = [];
      for (const { bundle, part } of trackParts(state, id)) {
        const bytes = await readBundlePart(stores.edge, channel, bundle, part);
        if (bytes?.length !== part.length || part.gap) break;
        media.push(bytes);
      }
      if (media.length === state.bundles.length) await stores.general.create(key, media);
    }
  }
}
