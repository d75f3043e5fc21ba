/**
 * Requests that are tried again: each try has a time limit, because on a live path a request that hangs is worth
 * less than a new one; between tries the wait doubles, with jitter.
 */
import { setTimeout as delay } from 'node:timers/promises';

export interface RetryPolicy {
  /** Tries in all. */
  readonly attempts: number;
  /** Time limit of a try, in milliseconds: to its answer's head, and a body's bytes add to it. */
  readonly attemptMs: number;
  /** Added to the limit: a body goes at no less than this many bytes a millisecond. */
  readonly bytesPerMs: number;
  /** Wait before the second try, and the longest one, in milliseconds. */
  readonly firstWaitMs: number;
  readonly lastWaitMs: number;
}

export type S3Operation = 'put' | 'get' | 'head' | 'delete' | 'list';

/** One try of one request. */
export interface S3Attempt {
  readonly operation: S3Operation;
  readonly bucket: string;
  /** From 1. */
  readonly attempt: number;
  readonly milliseconds: number;
  /** Absent where the try was answered (an absent key and a refused condition are answers). */
  readonly error?: string;
  /** Whether another try follows. */
  readonly again: boolean;
}

export class S3StoreError extends Error {
  override readonly name = 'S3StoreError';
}

export interface RetriedRequest<T> {
  readonly operation: S3Operation;
  readonly bucket: string;
  readonly key: string;
  /** Bytes that the request carries. */
  readonly bytes: number;
  readonly policy: RetryPolicy;
  readonly onAttempt?: ((attempt: S3Attempt) => void) | undefined;
  readonly send: (attempt: Try) => Promise<T>;
}

/** A try that is under way. */
export interface Try {
  /** From 1. */
  readonly number: number;
  /** Whether the try before this one had no answer, so that it may have taken effect. */
  readonly isDoubtful: boolean;
  /** Aborted when the time is up. */
  readonly signal: AbortSignal;
  /** Allows for the bytes of an answer, from now on. */
  readonly expect: (bytes: number) => void;
}

/** @throws S3StoreError where no try was answered, or where the answer is that none will be */
export async function retried<T>(request: RetriedRequest<T>): Promise<T> {
  const { operation, bucket, key, bytes, policy, onAttempt, send } = request;
  let isDoubtful = false;
  for (let attempt = 1; ; attempt++) {
    const startedAt = performance.now();
    const note = (more: Pick<S3Attempt, 'error' | 'again'>) =>
      onAttempt?.({ operation, bucket, attempt, milliseconds: performance.now() - startedAt, ...more });
    const limit = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const expect = (more: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => limit.abort(), policy.attemptMs + more / policy.bytesPerMs);
    };
    expect(bytes);
    try {
      const answer = await send({ number: attempt, isDoubtful, signal: limit.signal, expect });
      note({ again: false });
      return answer;
    } catch (error) {
      const reason = describe(error, limit.signal.aborted);
      const again = isTransient(error) && attempt < policy.attempts;
      isDoubtful = statusOf(error) === undefined;
      note({ error: reason, again });
      if (!again) {
        throw new S3StoreError(
          `${operation.toUpperCase()} s3://${bucket}/${key} failed (try ${attempt} of at most ${policy.attempts}): ` +
            `${reason}${advice(error)}`,
          { cause: error },
        );
      }
    } finally {
      clearTimeout(timer);
    }
    const wait = Math.min(policy.lastWaitMs, policy.firstWaitMs * 2 ** (attempt - 1));
    await delay(wait * (0.5 + Math.random() / 2));
  }
}

/** Status of the answer that an error stands for; undefined where there was none. */
export const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

/** 409: another conditional write of the key was under way. 429 and 503: slow down. */
const TRANSIENT_STATUS = new Set([408, 409, 429, 500, 502, 503, 504]);
const TRANSIENT_NAME = new Set([
  'AbortError',
  'TimeoutError',
  'RequestTimeout',
  'CredentialsProviderError',
  // A session that was renewed while the request was under way.
  'ExpiredToken',
]);

function isTransient(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: unknown };
  if (TRANSIENT_NAME.has(name ?? '')) return true;
  const status = statusOf(error);
  // An error of a connection has a code such as ECONNRESET and no answer.
  return status === undefined ? typeof code === 'string' : TRANSIENT_STATUS.has(status);
}

function describe(error: unknown, timeIsUp: boolean): string {
  const { name, message, code } = error as { name?: string; message?: string; code?: unknown };
  if (timeIsUp || name === 'AbortError' || name === 'TimeoutError') return 'no answer in time';
  const status = statusOf(error);
  if (status !== undefined) return `${status} ${name}`;
  return `${typeof code === 'string' ? `${code}: ` : ''}${message}`;
}

function advice(error: unknown): string {
  if ((error as { name?: string }).name === 'NoSuchBucket') return '. Create the bucket, or correct STORE';
  // Without the permission to list, S3 says 403 of a key that is not there.
  if (statusOf(error) === 403) {
    return (
      '. The role needs s3:GetObject and s3:ListBucket; to write s3:PutObject, and s3:DeleteObject where bundles are ' +
      'in this bucket; of a directory bucket s3express:CreateSession'
    );
  }
  return '';
}
