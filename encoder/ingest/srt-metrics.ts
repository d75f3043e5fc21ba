/** What SRT says of the link, as metrics, and the alarm on a latency that cannot mend losses. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Logger } from '../telemetry/log';
import type { SrtStatistics } from './srt-events';

/** A loss costs a round trip to notice and one to mend, and the first try may be lost too (SRT's own advice). */
const ROUND_TRIPS = 4;
const TOTALS = ['received', 'lost', 'retransmitted', 'dropped'] as const;
type Totals = Readonly<Record<(typeof TOTALS)[number], number>>;
const NOTHING: Totals = { received: 0, lost: 0, retransmitted: 0, dropped: 0 };

interface Instruments {
  readonly counters: Readonly<Record<(typeof TOTALS)[number], Counter>>;
  readonly rtt: Gauge;
  readonly buffer: Gauge;
  readonly latency: Gauge;
  readonly bandwidth: Gauge;
  readonly alarm: Gauge;
}

const made = new WeakMap<Registry, Instruments>();

function instruments(registry: Registry): Instruments {
  const known = made.get(registry);
  if (known !== undefined) return known;
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const all: Instruments = {
    counters: {
      received: counter('media_srt_packets_received_total', 'Packets received, retransmitted ones included'),
      lost: counter('media_srt_packets_lost_total', 'Packets found missing'),
      retransmitted: counter('media_srt_packets_retransmitted_total', 'Retransmitted packets received'),
      dropped: counter('media_srt_packets_dropped_total', 'Packets that did not come in time'),
    },
    rtt: gauge('media_srt_rtt_seconds', 'Smoothed round-trip time to the caller'),
    buffer: gauge('media_srt_receive_buffer_seconds', 'Media received that waits for its time'),
    latency: gauge('media_srt_latency_seconds', "Negotiated latency: the larger of both sides'"),
    bandwidth: gauge('media_srt_bandwidth_bits_per_second', 'Estimate of what the link could carry'),
    alarm: gauge('media_srt_latency_alarm', `1 while the latency is below ${ROUND_TRIPS} round trips`),
  };
  made.set(registry, all);
  return all;
}

/** One session after another. */
export class SrtMetrics {
  readonly #log: Logger;
  readonly #to: Instruments;
  #before = NOTHING;
  #alarmed = false;

  constructor(registry: Registry, log: Logger) {
    this.#log = log;
    this.#to = instruments(registry);
  }

  begin(latencyMs: number): void {
    this.#before = NOTHING;
    this.#to.latency.set(latencyMs / 1000);
  }

  record(now: SrtStatistics): void {
    for (const name of TOTALS) this.#to.counters[name].inc(Math.max(0, now[name] - this.#before[name]));
    this.#before = now;
    this.#to.buffer.set(now.bufferMs / 1000);
    this.#to.latency.set(now.latencyMs / 1000);
    this.#to.bandwidth.set(now.bandwidthMbps * 1e6);
    if (now.rttMs === null) return;
    this.#to.rtt.set(now.rttMs / 1000);
    this.#judge(now.rttMs, now.latencyMs);
  }

  end(): void {
    const { rtt, buffer, latency, bandwidth, alarm } = this.#to;
    for (const gauge of [rtt, buffer, latency, bandwidth, alarm]) gauge.set(0);
    this.#alarmed = false;
  }

  #judge(rttMs: number, latencyMs: number): void {
    const needed = ROUND_TRIPS * rttMs;
    // Once begun it stays until there is some room, so that a round trip at the limit does not fill the log.
    const alarmed = needed > latencyMs || (this.#alarmed && needed > 0.9 * latencyMs);
    if (alarmed && !this.#alarmed) {
      const latencyToSetMs = Math.ceil(needed / 10) * 10;
      this.#log.warn(
        { latencyMs, rttMs, latencyToSetMs },
        `SRT latency ${latencyMs} ms is below ${ROUND_TRIPS} round trips of ${rttMs} ms: lost packets will be missing. Set it to ${latencyToSetMs} ms at the caller or here`,
      );
    }
    this.#alarmed = alarmed;
    this.#to.alarm.set(alarmed ? 1 : 0);
  }
}
