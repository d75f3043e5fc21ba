/** Metrics of a process's requests to S3. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { S3Attempt } from './s3-retry';

/** @returns what {@link S3Attempt}s are reported to */
export function s3Metrics(registry: Registry): (attempt: S3Attempt) => void {
  const seconds = new Histogram({
    name: 'media_s3_request_seconds',
    help: 'Tries that were answered, from the beginning to the end of the answer, by operation and bucket',
    labelNames: ['operation', 'bucket'] as const,
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
    registers: [registry],
  });
  const failures = new Counter({
    name: 'media_s3_failed_tries_total',
    help: 'Tries that were not answered, or with an error; outcome says whether another one followed',
    labelNames: ['operation', 'bucket', 'outcome'] as const,
    registers: [registry],
  });
  return ({ operation, bucket, milliseconds, error, again }) => {
    if (error === undefined) seconds.observe({ operation, bucket }, milliseconds / 1000);
    else failures.inc({ operation, bucket, outcome: again ? 'retried' : 'given-up' });
  };
}
