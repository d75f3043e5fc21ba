/** Runs checks, two at a time, each after those that it needs and each within its time. */
import path from 'node:path';
import { failed, skipped, type Check, type CheckContext, type CheckResult, type Finding } from './check';
import { thisMachine, type System } from './system';

export interface ExamineOptions {
  readonly checks: readonly Check[];
  readonly stateFolder: string;
  /** @default 127.0.0.1 */
  readonly host?: string;
  /** @default the one that `make setup` builds */
  readonly srtFront?: string;
  /** @default this machine, with this process's environment */
  readonly system?: System;
  /** Ends the examination; what it has started is gone when the promise rejects. */
  readonly signal?: AbortSignal;
  /** Milliseconds. @default 4000 */
  readonly checkMs?: number;
  /** Milliseconds for all of them together. @default 10000 */
  readonly totalMs?: number;
}

export interface DoctorReport {
  /** No check has failed. */
  readonly ok: boolean;
  /** In the order of the checks, however they ended. */
  readonly checks: readonly CheckResult[];
}

const AT_ONCE = 2;
const GRACE_MS = 500;
/** Beside the compiled runtime. */
const SRT_FRONT = path.join(__dirname, '..', 'ingest', 'srt-front', 'srt-front');

/** @throws the reason of `signal` when that aborts; what checks find is in the report, never thrown */
export async function examine(options: ExamineOptions): Promise<DoctorReport> {
  const { checks, checkMs = 4000, totalMs = 10_000 } = options;
  const endsAt = performance.now() + totalMs;
  const interrupted = options.signal ?? new AbortController().signal;
  const shared = {
    system: options.system ?? thisMachine(),
    stateFolder: path.resolve(options.stateFolder),
    host: options.host ?? '127.0.0.1',
    srtFront: options.srtFront ?? SRT_FRONT,
  };
  const results = new Map<string, CheckResult>();
  const waiting = [...checks];

  const running = new Set<Promise<void>>();
  const start = (check: Check) => {
    const left = Math.max(0, endsAt - performance.now());
    const run = finding(check, results, () => within(Math.min(checkMs, left), interrupted, check, shared))
      .then((found) => void results.set(check.id, { id: check.id, title: check.title, ...found }))
      .finally(() => running.delete(run));
    running.add(run);
  };
  try {
    for (;;) {
      interrupted.throwIfAborted();
      const ready = waiting.findIndex(({ needs = [] }) => needs.every((id) => results.has(id)));
      if (ready !== -1 && running.size < AT_ONCE) start(waiting.splice(ready, 1)[0]!);
      else if (running.size > 0) await Promise.race(running);
      else break;
    }
  } finally {
    // An interruption is passed on when nothing is left running.
    await Promise.allSettled(running);
  }

  if (waiting.length > 0) {
    throw new Error(
      `these checks need one that is not among them: ${waiting.map(({ id }) => id).join(', ')}`,
    );
  }
  const inOrder = checks.map(({ id }) => results.get(id)!);
  return { ok: inOrder.every(({ status }) => status !== 'failed'), checks: inOrder };
}

async function finding(
  { needs = [] }: Check,
  results: ReadonlyMap<string, CheckResult>,
  run: () => Promise<Finding>,
): Promise<Finding> {
  for (const id of needs) {
    const need = results.get(id)!;
    // A reason that holds for the first of a chain holds for all of it.
    if (need.status === 'skipped') return skipped(need.found);
    if (need.status === 'failed') return skipped(`not tried, because "${need.title}" failed`);
  }
  return run();
}

async function within(
  milliseconds: number,
  interrupted: AbortSignal,
  check: Check,
  shared: Omit<CheckContext, 'signal'>,
): Promise<Finding> {
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(new Error('time is up')), milliseconds);
  const signal = AbortSignal.any([interrupted, timeUp.signal]);
  try {
    return await Promise.race([Promise.resolve(check.run({ ...shared, signal })), afterGrace(signal)]);
  } catch (error) {
    if (interrupted.aborted) throw interrupted.reason;
    if (timeUp.signal.aborted) {
      return failed(`no answer within ${(milliseconds / 1000).toFixed(1)} s, and stopped`, {
        remedy: 'Try again when the machine is less busy. If it stays like this, run the program by hand.',
      });
    }
    return failed(`could not be examined: ${(error as Error).message}`, {
      remedy: 'Put right what the message says, then try again.',
    });
  } finally {
    clearTimeout(timer);
  }
}

/** What has not ended by then cannot be: a call into a file system that hangs. */
const afterGrace = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => setTimeout(reject, GRACE_MS, signal.reason).unref(), {
      once: true,
    });
  });
