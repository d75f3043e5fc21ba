/**
 * How long an origin takes, for what stands in front of it: its own waiting, and the time limits of a load balancer and
 * of CloudFront that fit around it.
 */
import { FRAME_RATES, PROFILES, targetDuration, tickGrid } from './grid';

/** Seconds that an idle connection is kept: longer than the load balancer keeps it, so that the balancer closes first. */
export const ORIGIN_KEEP_ALIVE_SECONDS = 75;

/** Seconds that a request is held for the first part of a channel that is claimed and has none. */
export const FIRST_PART_SECONDS = 4;

/** Target durations that a request is held for its part: RFC 8216bis, section 6.2.5.2. */
export const HELD_TARGET_DURATIONS = 3;

/** Milliseconds that released answers have to leave, once the process is told to end. */
export const ORIGIN_DRAIN_MS = 500;

/** The longest target duration of any grid, in seconds. */
export const longestTargetDuration = (): number =>
  Math.max(
    ...FRAME_RATES.flatMap((rate) => PROFILES.map((profile) => targetDuration(tickGrid(rate, profile)))),
  );

/**
 * The longest that an origin holds a request, in seconds, whatever the channel: one that waits for the channel's first
 * part, and then for its own.
 */
export const longestHoldSeconds = (): number =>
  FIRST_PART_SECONDS + HELD_TARGET_DURATIONS * longestTargetDuration();
