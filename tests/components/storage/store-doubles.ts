/** What AWS would answer about a store's resources. */
import { ACCOUNT, record } from '../../support/component-mocks';
import {
  TieredSegmentStore,
  type TieredSegmentStoreArgs,
  type TieredSegmentStoreOptions,
} from '../../../components/storage';

export const KEY_ARN = `arn:aws:kms:us-east-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;

export function storeOutputs(
  type: string,
  _name: string,
  inputs: Record<string, unknown>,
): Record<string, unknown> {
  const bucket = String(inputs['bucket']);
  switch (type) {
    case 'aws:s3/bucket:Bucket':
      return {
        arn: `arn:aws:s3:::${bucket}`,
        bucketRegionalDomainName: `${bucket}.s3.us-east-1.amazonaws.com`,
      };
    case 'aws:s3/directoryBucket:DirectoryBucket':
      return { arn: `arn:aws:s3express:us-east-1:${ACCOUNT}:bucket/${bucket}` };
    case 'aws:kms/key:Key':
      return { arn: KEY_ARN };
    default:
      return {};
  }
}

/** A store named `media`, built and settled. */
export const recordStore = <T = undefined>(
  args?: TieredSegmentStoreArgs,
  options?: TieredSegmentStoreOptions,
  more: { readonly preview?: boolean; readonly then?: (store: TieredSegmentStore) => T } = {},
) =>
  record(
    () => {
      const store = new TieredSegmentStore('media', args, options);
      return { store, then: more.then?.(store) as T };
    },
    { outputs: storeOutputs, preview: more.preview ?? false },
  );
