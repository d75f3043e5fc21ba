/** A part that says that there is no media: its time passes, and players need not ask for it. */
import {
  AAC_FRAME_SAMPLES,
  audioFramesBefore,
  tickTicks,
  type RenditionInfo,
  type TickGrid,
} from '../contract';
import type { Tick } from './assembler';
import type { TrackPart } from './cutter';

/** @param tick counted from the generation's first frame */
export function gapPart(kind: 'video' | 'audio', grid: TickGrid, tick: number): TrackPart {
  const before = (index: number) =>
    kind === 'video' ? index * tickTicks(grid) : audioFramesBefore(grid, index) * AAC_FRAME_SAMPLES;
  const start = before(tick);
  return {
    tick,
    bytes: [],
    length: 0,
    start,
    duration: before(tick + 1) - start,
    independent: false,
    gap: true,
  };
}

export function gapTick(renditions: readonly RenditionInfo[], grid: TickGrid, index: number): Tick {
  return { index, parts: new Map(renditions.map(({ id, kind }) => [id, gapPart(kind, grid, index)])) };
}
