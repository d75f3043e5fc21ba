/** Feeds ffmpeg one row of clock blocks a frame, at the frame's time: it paces the test source. */
import type { Writable } from 'node:stream';
import { encodeClock, type TickGrid } from '../contract';

export interface ClockRows {
  /** Unix milliseconds of the first row. */
  readonly startedAt: number;
  /** Rows written so far. */
  frames(): number;
  stop(): void;
}

const WHITE = 235;
const BLACK = 16;

export function startClockRows(target: Writable, grid: TickGrid, now: () => number = Date.now): ClockRows {
  const startedAt = now();
  const frameMs = (1000 * grid.frameTicks) / grid.timescale;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;
  target.on('error', () => stop());
  const tick = () => {
    for (; startedAt + frame * frameMs <= now(); frame++) {
      // A pipe that is full holds seconds of rows: the encoder is far behind, and frames are not made up later.
      if (target.writableNeedDrain) break;
      const bits = encodeClock(startedAt + frame * frameMs);
      target.write(Uint8Array.from(bits, (bit) => (bit ? WHITE : BLACK)));
    }
    timer = setTimeout(tick, Math.max(1, startedAt + frame * frameMs - now()));
  };
  const stop = () => clearTimeout(timer);
  tick();
  return { startedAt, frames: () => frame, stop };
}
