/** The metrics that every way in has, whatever its protocol. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Refusal } from './front';

export interface InputMetrics {
  /** 1 while a caller is in use. */
  readonly connected: Gauge;
  readonly sessions: Counter;
  readonly refused: Counter<'reason'>;
  readonly bytes: Counter;
  readonly droppedBytes: Counter;
}

const REFUSALS: readonly Refusal[] = [
  'busy',
  'stream-id',
  'passphrase',
  'unencrypted',
  'key-length',
  'format',
];

const made = new WeakMap<Registry, InputMetrics>();

/** @returns the same instruments for the same registry, so that several fronts may ask */
export function inputMetrics(registry: Registry): InputMetrics {
  const known = made.get(registry);
  if (known !== undefined) return known;
  const registers = [registry];
  const metrics: InputMetrics = {
    connected: new Gauge({ name: 'media_input_connected', help: '1 while a caller is in use', registers }),
    sessions: new Counter({ name: 'media_input_sessions_total', help: 'Callers accepted', registers }),
    refused: new Counter({
      name: 'media_input_refused_total',
      help: 'Callers refused, by reason',
      labelNames: ['reason'],
      registers,
    }),
    bytes: new Counter({
      name: 'media_input_bytes_total',
      help: 'Bytes of media that came in',
      registers,
    }),
    droppedBytes: new Counter({
      name: 'media_input_dropped_bytes_total',
      help: 'Bytes of media dropped because what reads them did not keep up',
      registers,
    }),
  };
  // A series that appears with its first count hides that count from rate().
  for (const reason of REFUSALS) metrics.refused.inc({ reason }, 0);
  made.set(registry, metrics);
  return metrics;
}
