import { FileStore } from './file-store';
import { createS3Client } from './s3-client';
import { parseS3Location } from './s3-location';
import type { S3Attempt } from './s3-retry';
import { EDGE_POLICY, S3Store } from './s3-store';
import type { ChannelStores } from './store';

export interface OpenOptions {
  /** URL of an S3 server other than AWS. @default S3_ENDPOINT */
  readonly endpoint?: string;
  /** Called after each try of each request to S3. */
  readonly onS3Attempt?: (attempt: S3Attempt) => void;
}

/** Opens what the environment's STORE names. */
export function openStores(location: string, options: OpenOptions = {}): ChannelStores {
  const s3 = parseS3Location(location);
  if (!s3) {
    const store = new FileStore(location.slice('file:'.length));
    return { edge: store, general: store };
  }
  const { endpoint = process.env['S3_ENDPOINT'] ?? '', onS3Attempt: onAttempt } = options;
  const general = new S3Store({ client: createS3Client({ endpoint }), bucket: s3.general, onAttempt });
  if (s3.directory === undefined) return { edge: general, general };
  const client = createS3Client({ endpoint });
  return { edge: new S3Store({ client, bucket: s3.directory, policy: EDGE_POLICY, onAttempt }), general };
}

/** Far longer than an object takes to write. */
const UNFINISHED_MS = 10 * 60_000;

/** Clears away what killed writers have left in a file store; in S3 they leave nothing. */
export async function removeUnfinished(location: string): Promise<void> {
  if (parseS3Location(location)) return;
  await new FileStore(location.slice('file:'.length)).removeUnfinished(UNFINISHED_MS);
}
