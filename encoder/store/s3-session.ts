/**
 * Sessions of directory buckets, which end after five minutes. In place of the SDK's own provider, because that one
 * keeps a session that could not be had as the answer to every later request, and a renewal that fails in the
 * background ends the process.
 */
import { CreateSessionCommand, type S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

type SessionProvider = NonNullable<S3ClientConfig['s3ExpressIdentityProvider']>;
type Session = Awaited<ReturnType<SessionProvider['getS3ExpressIdentity']>>;
type Identity = Parameters<SessionProvider['getS3ExpressIdentity']>[0];

/** A session is renewed this long before its end, while requests go on with it. */
const RENEW_MS = 60_000;
/** Requests with a session that ends sooner wait for the next one. */
const USABLE_MS = 2000;

export class S3Sessions implements SessionProvider {
  readonly #client: () => S3Client;
  readonly #sessions = new Map<string, Session>();
  readonly #pending = new Map<string, Promise<Session>>();
  #accessKeyId: string | undefined;

  constructor(client: () => S3Client) {
    this.#client = client;
  }

  async getS3ExpressIdentity(
    { accessKeyId }: Identity,
    { Bucket: bucket }: Record<string, unknown>,
  ): Promise<Session> {
    if (typeof bucket !== 'string') throw new TypeError('a session is for a bucket');
    if (accessKeyId !== this.#accessKeyId) {
      this.#accessKeyId = accessKeyId;
      this.#sessions.clear();
      this.#pending.clear();
    }
    const session = this.#sessions.get(bucket);
    const left = (session?.expiration?.getTime() ?? 0) - Date.now();
    if (!session || left < USABLE_MS) return this.#renew(bucket);
    // A failure shows where the next request asks again, and at the latest when the session has ended.
    if (left < RENEW_MS) this.#renew(bucket).catch(() => undefined);
    return session;
  }

  /** One request for all who wait. */
  #renew(bucket: string): Promise<Session> {
    const pending = this.#pending.get(bucket);
    if (pending) return pending;
    const begun = this.#create(bucket);
    const settled = begun.finally(() => {
      if (this.#pending.get(bucket) === settled) this.#pending.delete(bucket);
    });
    this.#pending.set(bucket, settled);
    return settled;
  }

  async #create(bucket: string): Promise<Session> {
    const askedBy = this.#accessKeyId;
    const { Credentials: made } = await this.#client().send(new CreateSessionCommand({ Bucket: bucket }), {
      abortSignal: AbortSignal.timeout(USABLE_MS),
    });
    if (!made?.AccessKeyId || !made.SecretAccessKey || !made.SessionToken || !made.Expiration) {
      throw new Error(`the session for ${bucket} has no credentials`);
    }
    const session: Session = {
      accessKeyId: made.AccessKeyId,
      secretAccessKey: made.SecretAccessKey,
      sessionToken: made.SessionToken,
      expiration: made.Expiration,
    };
    if (askedBy === this.#accessKeyId) this.#sessions.set(bucket, session);
    return session;
  }
}
