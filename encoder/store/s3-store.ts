import { randomUUID } from 'node:crypto';
import { addAbortSignal, Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { isSegmentKey, viewerHeaders, type SegmentStorageClass } from '../contract';
import { retried, statusOf, type RetryPolicy, type S3Attempt, type S3Operation, type Try } from './s3-retry';
import { checkKey, checkPrefix, type ByteRange, type ObjectWriter, type SegmentStore } from './store';

/**
 * The bus of the live edge. A tick counts as overdue after 1.5 s (`OVERDUE_MS`): three tries fit into it where the
 * store hangs, all of them where it answers 503. AWS names no percentile for S3 Express, only single-digit
 * milliseconds.
 */
export const EDGE_POLICY: RetryPolicy = {
  attempts: 8,
  attemptMs: 400,
  bytesPerMs: 20_000,
  firstWaitMs: 20,
  lastWaitMs: 500,
};

/** Claims are made half a second ahead; whole segments are wanted when the playlist drops their parts. */
export const GENERAL_POLICY: RetryPolicy = {
  attempts: 8,
  attemptMs: 1500,
  bytesPerMs: 10_000,
  firstWaitMs: 50,
  lastWaitMs: 2000,
};

/** Above this many bytes a body goes as a stream of its chunks; below it, they are joined: see docs/s3-store.md. */
const JOIN_BYTES = 512 * 1024;
/** Metadata by which a writer knows its own object again. */
const WRITE_ID = 'write-id';

export interface S3StoreOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** @default GENERAL_POLICY */
  readonly policy?: RetryPolicy;
  /** Class of the objects that are whole segments; everything else is STANDARD. @default STANDARD */
  readonly segmentClass?: SegmentStorageClass | undefined;
  /** Called after each try of each request. */
  readonly onAttempt?: ((attempt: S3Attempt) => void) | undefined;
}

/** Objects in a bucket, of either kind. Every request has a time limit and a limited number of tries. */
export class S3Store implements SegmentStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #policy: RetryPolicy;
  readonly #segmentClass: SegmentStorageClass;
  readonly #onAttempt: ((attempt: S3Attempt) => void) | undefined;

  constructor({ client, bucket, policy, segmentClass, onAttempt }: S3StoreOptions) {
    this.#client = client;
    this.#bucket = bucket;
    this.#policy = policy ?? GENERAL_POLICY;
    this.#segmentClass = segmentClass ?? 'STANDARD';
    this.#onAttempt = onAttempt;
  }

  /**
   * A try that was given up or whose answer was lost may have taken effect, or may do so later: every try carries
   * the same id, so that the next one's refusal can be told from somebody else's object. After a try without an
   * answer the object is looked at first: a server that refuses a body before it has read it may cut the
   * connection, and the refusal would be lost each time.
   */
  async create(key: string, body: readonly Uint8Array[]): Promise<boolean> {
    const id = randomUUID();
    return this.#put(key, body, async (put, { number, isDoubtful, signal }) => {
      const there = isDoubtful ? await this.#writeId(key, signal) : undefined;
      if (there !== undefined) return there === id;
      try {
        await this.#client.send(
          new PutObjectCommand({ ...put(), IfNoneMatch: '*', Metadata: { [WRITE_ID]: id } }),
          { abortSignal: signal },
        );
        return true;
      } catch (error) {
        if (statusOf(error) !== 412) throw error;
        return number > 1 && (await this.#writeId(key, signal)) === id;
      }
    });
  }

  /** The parts are held, not copied, and go in one PUT: no ladder's segment comes near its limit of 5 GiB. */
  begin(key: string): ObjectWriter {
    checkKey(key);
    let body: Uint8Array[] = [];
    return {
      append: async (chunks) => {
        for (const chunk of chunks) body.push(chunk);
      },
      commit: () => {
        const whole = body;
        body = [];
        return this.create(key, whole);
      },
      abort: async () => {
        body = [];
      },
    };
  }

  async replace(key: string, body: readonly Uint8Array[]): Promise<void> {
    await this.#put(key, body, async (put, { signal }) => {
      await this.#client.send(new PutObjectCommand(put()), { abortSignal: signal });
    });
  }

  async read(key: string, range?: ByteRange): Promise<Buffer | undefined> {
    checkKey(key);
    // An empty range can't be said in HTTP.
    if (range && range.end <= range.start) {
      return (await this.size(key)) === undefined ? undefined : Buffer.alloc(0);
    }
    return this.#request('get', key, 0, async ({ signal, expect }) => {
      try {
        const { Body, ContentLength } = await this.#client.send(
          new GetObjectCommand({
            Bucket: this.#bucket,
            Key: key,
            ...(range && { Range: `bytes=${range.start}-${range.end - 1}` }),
          }),
          { abortSignal: signal },
        );
        expect(ContentLength ?? 0);
        return await collect(Body as Readable, ContentLength, signal);
      } catch (error) {
        if (isAbsent(error)) return undefined;
        // The object is there and ends before the range.
        if (statusOf(error) === 416) return Buffer.alloc(0);
        throw error;
      }
    });
  }

  async size(key: string): Promise<number | undefined> {
    return (await this.#head(key))?.ContentLength;
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await this.#request('delete', key, 0, async ({ signal }) => {
      try {
        await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }), {
          abortSignal: signal,
        });
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
    });
  }

  async list(prefix: string): Promise<string[]> {
    checkPrefix(prefix);
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.#request('list', prefix, 0, ({ signal }) =>
        this.#client.send(
          new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix, ContinuationToken: token }),
          { abortSignal: signal },
        ),
      );
      // Names that end in a slash are folders that a console has made.
      for (const { Key } of page.Contents ?? []) if (Key && !Key.endsWith('/')) found.push(Key);
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
    return found;
  }

  /** Id of the write that made an object, '' where it names none; undefined where there is no object. */
  async #writeId(key: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      const { Metadata } = await this.#client.send(
        new HeadObjectCommand({ Bucket: this.#bucket, Key: key }),
        { abortSignal: signal },
      );
      return Metadata?.[WRITE_ID] ?? '';
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async #head(key: string): Promise<{ readonly ContentLength?: number | undefined } | undefined> {
    checkKey(key);
    return this.#request('head', key, 0, async ({ signal }) => {
      try {
        return await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }), {
          abortSignal: signal,
        });
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    });
  }

  async #put<T>(
    key: string,
    chunks: readonly Uint8Array[],
    send: (put: () => Put, attempt: Try) => Promise<T>,
  ): Promise<T> {
    checkKey(key);
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const joined = length <= JOIN_BYTES || chunks.length === 1 ? joinedBody(chunks, length) : undefined;
    const isTiered = this.#segmentClass !== 'STANDARD' && isSegmentKey(key);
    const headers = viewerHeaders(key);
    const put = (): Put => ({
      Bucket: this.#bucket,
      Key: key,
      ...(isTiered && { StorageClass: this.#segmentClass }),
      ...headers,
      // A stream can be read once: each try has its own.
      Body: joined ?? Readable.from(chunks, { objectMode: false }),
      ContentLength: length,
    });
    return this.#request('put', key, length, (attempt) => send(put, attempt));
  }

  #request<T>(
    operation: S3Operation,
    key: string,
    bytes: number,
    send: (attempt: Try) => Promise<T>,
  ): Promise<T> {
    return retried({
      operation,
      bucket: this.#bucket,
      key,
      bytes,
      policy: this.#policy,
      onAttempt: this.#onAttempt,
      send,
    });
  }
}

interface Put {
  readonly Bucket: string;
  readonly Key: string;
  readonly StorageClass?: SegmentStorageClass;
  readonly CacheControl?: string;
  readonly ContentType?: string;
  readonly Body: Uint8Array | Readable;
  readonly ContentLength: number;
}

const joinedBody = (chunks: readonly Uint8Array[], length: number): Uint8Array =>
  chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length);

/** A bucket that is not there is no answer about a key. */
const isAbsent = (error: unknown): boolean =>
  statusOf(error) === 404 && (error as { name?: string }).name !== 'NoSuchBucket';

/** Copies a body once, into a buffer of its length. */
async function collect(body: Readable, length: number | undefined, signal: AbortSignal): Promise<Buffer> {
  addAbortSignal(signal, body);
  const whole = Buffer.allocUnsafeSlow(length ?? 0);
  let at = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    at += chunk.copy(whole, at);
  }
  if (at !== length) {
    throw Object.assign(new Error(`${at} of ${length} bytes came`), { code: 'ECUT' });
  }
  return whole;
}
