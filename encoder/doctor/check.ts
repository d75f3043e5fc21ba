/** What a check is, and what it finds. */
import type { System } from './system';

/** `warning`: a channel runs, with a limit worth knowing. `skipped`: it does not apply here, or could not be tried. */
export type CheckStatus = 'ok' | 'warning' | 'failed' | 'skipped';

export interface Finding {
  readonly status: CheckStatus;
  /** What is there; the reason where the check was skipped. */
  readonly found: string;
  /** What has to be there, where something else was found. */
  readonly needed?: string;
  /** What to do about it; commands stand between backquotes. */
  readonly remedy?: string;
}

export interface CheckResult extends Finding {
  /** Stable: scripts may select by it. */
  readonly id: string;
  readonly title: string;
}

export interface CheckContext {
  readonly system: System;
  /** Absolute. It need not exist yet. */
  readonly stateFolder: string;
  /** The address that the channel's listeners bind to. */
  readonly host: string;
  /** The SRT front's program. */
  readonly srtFront: string;
  /** Aborts when the check has had its time; what the check has started must then end. */
  readonly signal: AbortSignal;
}

export interface Check {
  readonly id: string;
  readonly title: string;
  /** Ids of checks without whose success this one says nothing: it is skipped then. */
  readonly needs?: readonly string[];
  run(context: CheckContext): Promise<Finding> | Finding;
}

export const ok = (found: string): Finding => ({ status: 'ok', found });
export const skipped = (found: string): Finding => ({ status: 'skipped', found });
export const warning = (found: string, rest: { needed?: string; remedy: string }): Finding => ({
  status: 'warning',
  found,
  ...rest,
});
export const failed = (found: string, rest: { needed?: string; remedy: string }): Finding => ({
  status: 'failed',
  found,
  ...rest,
});
