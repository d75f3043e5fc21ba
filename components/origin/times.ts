/**
 * Time limits from the runtime to CloudFront. Two rules: who waits for an answer waits longer than the one that answers may
 * take; and an idle connection is closed by the side that sends requests, before the other side does, or a request could
 * meet a connection that is being closed.
 */
import { ORIGIN_DRAIN_MS, ORIGIN_KEEP_ALIVE_SECONDS, longestHoldSeconds } from '../../encoder/contract';

/** All of them, in seconds. */
export const ORIGIN_TIMES = {
  /** The longest that the runtime holds a request. */
  longestHold: longestHoldSeconds(),
  /** CloudFront waits so long for an answer: its default, of 1 to 120 (Amazon CloudFront Developer Guide, "Quotas"). */
  readTimeout: 30,
  /** CloudFront keeps an idle connection so long. */
  keepalive: 50,
  /** The load balancer ends a connection on which nothing came or went for so long, a held request too. */
  balancerIdle: 60,
  /** The runtime keeps an idle connection so long. */
  nodeKeepAlive: ORIGIN_KEEP_ALIVE_SECONDS,
  /** Once it is told to end, the runtime lets released answers leave for so long. */
  drain: ORIGIN_DRAIN_MS / 1000,
} as const;

/** A task that leaves is given no request, and ends those that it holds by itself: the least that takes, in seconds. */
export const LEAST_DEREGISTRATION = ORIGIN_TIMES.longestHold + 1;
