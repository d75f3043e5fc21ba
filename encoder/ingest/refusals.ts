/** Counts and logs callers that are refused. Who calls again and again, or floods, does not fill the log. */
import type { Counter } from 'prom-client';
import type { Logger } from '../telemetry/log';
import type { Refusal } from './front';

const WINDOW_MS = 60_000;
/** Addresses that are remembered; where there are more, those beyond are counted only. */
const MOST_ADDRESSES = 1024;

export interface RefusalsOptions {
  readonly log: Logger;
  readonly refused: Counter<'reason'>;
  /** Lines a minute for one IP address. */
  readonly linesPerMinute: number;
  readonly now?: () => number;
}

interface Lines {
  since: number;
  count: number;
}

export class Refusals {
  readonly #options: RefusalsOptions;
  readonly #now: () => number;
  readonly #lines = new Map<string, Lines>();

  constructor(options: RefusalsOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** @param address with the port, for the log; @param why for a person, without anything the caller sent */
  refuse(reason: Refusal, ip: string, address: string, why: string): void {
    this.#options.refused.inc({ reason });
    if (!this.#mayLog(ip)) return;
    this.#options.log.warn({ address, reason, why }, 'caller refused');
  }

  #mayLog(ip: string): boolean {
    const now = this.#now();
    let lines = this.#lines.get(ip);
    if (!lines || now - lines.since >= WINDOW_MS) {
      if (!lines && this.#lines.size >= MOST_ADDRESSES) this.#forget(now);
      if (!lines && this.#lines.size >= MOST_ADDRESSES) return false;
      lines = { since: now, count: 0 };
      this.#lines.set(ip, lines);
    }
    return lines.count++ < this.#options.linesPerMinute;
  }

  #forget(now: number): void {
    for (const [ip, { since }] of this.#lines) if (now - since >= WINDOW_MS) this.#lines.delete(ip);
  }
}
