/** The SDK's client, set for a live path: no retries of its own, no second checksum, connections kept. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { S3Sessions } from './s3-session';

/**
 * Connections to one bucket, at most. An origin that follows 25 channels of eight renditions polls 25 heads and
 * reads 200 parts at once; a request that has to wait for a connection is a late part.
 */
const MAX_SOCKETS = 512;

export interface S3ClientOptions {
  /** URL of an S3 server other than AWS. Buckets are then named in the path. */
  readonly endpoint?: string;
  /** @default that of the SDK's own chain: AWS_REGION, or the shared configuration file */
  readonly region?: string;
  /** @default those of the SDK's own chain: environment, shared files, the task's or the instance's role */
  readonly credentials?: NonNullable<S3ClientConfig['credentials']>;
}

const nothing = (): void => undefined;
/** The SDK warns on the console of each streamed body that it does not send again; we do, and say so ourselves. */
const QUIET = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/**
 * A client for buckets of one kind: the SDK goes on to sign for the service of its first request (s3 or s3express),
 * so a directory bucket refuses a client that has asked a general purpose one before.
 */
export function createS3Client({ endpoint, region, credentials }: S3ClientOptions): S3Client {
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS, scheduling: 'lifo' } as const;
  const sessions = new S3Sessions(() => client);
  const client: S3Client = new S3Client({
    ...(endpoint && { endpoint, forcePathStyle: true }),
    ...(region && { region }),
    ...(credentials && { credentials }),
    // Ours know what a refused condition means after an answer that was lost.
    maxAttempts: 1,
    // By default the SDK adds a CRC to each body, and S3 wants one only with Object Lock and for DeleteObjects.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // From 2 MiB on the SDK would ask first, and on a new connection each time.
    expectContinueHeader: false,
    logger: QUIET,
    s3ExpressIdentityProvider: sessions,
    requestHandler: { httpAgent: new HttpAgent(agent), httpsAgent: new HttpsAgent(agent) },
  });
  // TLS protects the body on its way; a SHA-256 for the signature would read each media byte once more.
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { protocol?: string; headers?: Record<string, string> };
      if (request.protocol === 'https:' && request.headers) {
        request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
      }
      return next(args);
    },
    { step: 'build', name: 'unsignedPayloadOverTls' },
  );
  return client;
}
