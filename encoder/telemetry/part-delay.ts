/** How late parts come into the store, as a metric. */
import { Histogram, type Registry } from 'prom-client';

/** Ends of the buckets, in parts. Two parts is where the alarm begins, so it is one of them. */
export const PART_DELAY_BUCKETS: readonly number[] = [
  ...[0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2],
  ...[2.5, 3, 4, 6, 8, 12, 16, 32],
];

/**
 * In parts and not in seconds, so that channels of different profiles are judged alike.
 * @param partSeconds the channel's length of a part
 * @returns takes the milliseconds from the end of a part's media to its bundle in the store
 */
export function partDelay(registry: Registry, partSeconds: number): (lateMs: number) => void {
  const parts = new Histogram({
    name: 'media_encoder_part_delay_parts',
    help: "From the end of a part's media to its bundle in the store, in lengths of a part",
    buckets: [...PART_DELAY_BUCKETS],
    registers: [registry],
  });
  return (lateMs) => parts.observe(lateMs / 1000 / partSeconds);
}
