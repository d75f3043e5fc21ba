/** What the store says of one segment: its ticks so far, and whether it has ended. */
import {
  partsPerSegment,
  tickTicks,
  type BundlePart,
  type Claim,
  type Gap,
  type SegmentRecord,
  type SegmentTrack,
} from '../contract';
import { readBundle, type Bundle } from '../store/bundle';
import type { SegmentStore } from '../store/store';

export interface SegmentState {
  readonly claim: Claim;
  /** Data bundles from tick 0 on, without holes. */
  readonly bundles: readonly Bundle[];
  /** The end bundle, where there is one. */
  readonly end?: Bundle;
}

export const isWhole = (state: SegmentState): boolean =>
  state.bundles.length === partsPerSegment(state.claim.grid);
export const isComplete = (state: SegmentState): boolean => isWhole(state) || state.end !== undefined;

/** Reads on from what is known. A bundle of a writer that does not own the segment is as good as absent. */
export async function readSegmentState(store: SegmentStore, known: SegmentState): Promise<SegmentState> {
  for (;;) {
    const next = await readNextBundle(store, known);
    if (!next) return known;
    known = next;
  }
}

/** Looks for one bundle more, and asks no further. @returns undefined where there is none (yet) */
export async function readNextBundle(
  store: SegmentStore,
  { claim, bundles, end }: SegmentState,
): Promise<SegmentState | undefined> {
  if (end) return undefined;
  const bundle = await readBundle(store, claim.channel, claim.msn, bundles.length);
  if (!bundle) return undefined;
  if (bundle.end) return { claim, bundles, end: bundle };
  if (bundle.writer !== claim.writer || bundles.length === partsPerSegment(claim.grid)) return undefined;
  return { claim, bundles: [...bundles, bundle] };
}

/** The parts of one rendition, one a bundle. */
export function trackParts(state: SegmentState, rendition: string): { bundle: Bundle; part: BundlePart }[] {
  return state.bundles.flatMap((bundle) => {
    const part = bundle.parts.find((candidate) => candidate.rendition === rendition);
    return part ? [{ bundle, part }] : [];
  });
}

/** The record of a complete segment, as claims carry it: the same whether made by its writer or from the store. */
export function segmentRecord(state: SegmentState): SegmentRecord {
  const { claim, bundles, end } = state;
  const gap = bundles.length > 0 ? undefined : (end?.end?.gap ?? wholeGap(claim));
  const tracks: Record<string, SegmentTrack> = {};
  for (const rendition of claim.renditions) {
    const parts = bundles.flatMap(({ parts }) => parts.filter(({ rendition: id }) => id === rendition.id));
    const first = parts[0];
    tracks[rendition.id] = first
      ? {
          init: first.init,
          start: first.start,
          duration: parts.reduce((sum, { duration }) => sum + duration, 0),
          bytes: parts.reduce((sum, { length }) => sum + length, 0),
          ...(parts.some((part) => part.gap) && { gap: true as const }),
        }
      : {
          init: '',
          start: scale(gap?.start ?? claim.start, rendition.timescale, claim.grid.timescale),
          duration: scale(
            (gap?.ticks ?? 0) * tickTicks(claim.grid),
            rendition.timescale,
            claim.grid.timescale,
          ),
          bytes: 0,
        };
  }
  return {
    msn: claim.msn,
    generation: claim.generation,
    anchor: gap?.anchor ?? claim.anchor,
    ticks: bundles.length,
    ...(gap && { gap: true }),
    tracks,
  };
}

const wholeGap = ({ anchor, start, grid }: Claim): Gap => ({ anchor, start, ticks: partsPerSegment(grid) });

const scale = (ticks: number, to: number, from: number): number =>
  Number((BigInt(ticks) * BigInt(to)) / BigInt(from));
