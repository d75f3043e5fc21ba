import type { Registry } from 'prom-client';
import type { SegmentStorageClass } from '../contract';
import { FileStore } from './file-store';
import { createS3Client } from './s3-client';
import { parseS3Location } from './s3-location';
import { s3Metrics } from './s3-metrics';
import { EDGE_POLICY, S3Store } from './s3-store';
import type { ChannelStores, SegmentStore } from './store';

export interface OpenOptions {
  /** URL of an S3 server other than AWS. */
  readonly endpoint?: string;
  /** Class of whole segments in S3. @default STANDARD */
  readonly segmentClass?: SegmentStorageClass;
  /** Takes the metrics of requests to S3, where there are any. */
  readonly registry?: Registry;
}

/** Opens what the environment's STORE names. */
export function openStores(location: string, options: OpenOptions = {}): ChannelStores {
  const s3 = parseS3Location(location);
  if (!s3) {
    const store = new FileStore(location.slice('file:'.length));
    return { edge: store, general: store };
  }
  const { endpoint = '', segmentClass, registry } = options;
  const onAttempt = registry && s3Metrics(registry);
  const client = createS3Client({ endpoint });
  const general = new S3Store({ client, bucket: s3.general, segmentClass, onAttempt });
  if (s3.directory === undefined) return { edge: general, general };
  const edge = { client: createS3Client({ endpoint }), bucket: s3.directory, policy: EDGE_POLICY, onAttempt };
  return { edge: new S3Store(edge), general };
}

/** The stores whose old objects an encoder deletes: in S3 segments and claims expire by the bucket's rules. */
export const evictedStores = (
  location: string,
  stores: ChannelStores,
): { edge: SegmentStore; general?: SegmentStore } =>
  parseS3Location(location) ? { edge: stores.edge } : stores;

/** Far longer than an object takes to write. */
const UNFINISHED_MS = 10 * 60_000;

/** Clears away what killed writers have left in a file store; in S3 they leave nothing. */
export async function removeUnfinished(location: string): Promise<void> {
  if (parseS3Location(location)) return;
  await new FileStore(location.slice('file:'.length)).removeUnfinished(UNFINISHED_MS);
}
