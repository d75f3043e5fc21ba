/** The distribution of channels. */
export * from './args';
export { storeReaders } from './neighbours';
export type {
  CdnBucket,
  CdnOrigin,
  CdnPublicOrigin,
  CdnSegmentStore,
  CdnStoreReaders,
  CdnVpcOrigin,
} from './neighbours';
export type { CdnQuotas } from './load';
export type { CdnDistributionNodes } from './distribution';
export type { CdnSharedNodes } from './shared';
export { StreamingCdn } from './streaming-cdn';
export type { CdnBucketStatement, CdnChannel, StreamingCdnNodes } from './streaming-cdn';
