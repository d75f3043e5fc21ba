/**
 * Time that passes only when a test says so. Timers, intervals and `Date` of this process follow it while it is
 * in force, so code that waits runs as fast as the machine can; sockets and immediates go on as ever.
 */
import { mock } from 'node:test';

export class SimulatedTime {
  #now: number;

  /** @param startMs Unix milliseconds, whole */
  constructor(startMs: number) {
    this.#now = startMs;
    withoutWarning(() => mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: startMs }));
  }

  /** Unix milliseconds, with their fraction; `Date` shows them without. */
  get now(): number {
    return this.#now;
  }

  /** Runs what falls due on the way. It never goes back: an earlier time changes nothing. */
  advanceTo(ms: number): void {
    if (ms <= this.#now) return;
    const whole = Math.floor(ms) - Math.floor(this.#now);
    this.#now = ms;
    if (whole > 0) mock.timers.tick(whole);
  }

  /** Gives the process its own time back. */
  restore(): void {
    mock.timers.reset();
  }
}

/** Node 22 warns that its own mock of timers may change. */
function withoutWarning(action: () => void): void {
  const original = Object.getOwnPropertyDescriptor(process, 'emitWarning')!;
  Object.defineProperty(process, 'emitWarning', { ...original, value: () => undefined });
  try {
    action();
  } finally {
    Object.defineProperty(process, 'emitWarning', original);
  }
}
