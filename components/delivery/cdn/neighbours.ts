/** What a distribution needs of the components beside it. A TieredSegmentStore and an LlHlsOrigin have it. */
import type * as pulumi from '@pulumi/pulumi';
import type { LiveOrigin } from '../../origin/live-origin';

/** A store that lets distributions read. */
export interface CdnSegmentStore {
  /** Regional domain name of the bucket with the segments. */
  readonly generalBucketDomainName: pulumi.Input<string>;
  /** Lets a distribution read; the store declares it by the same id. */
  grantCloudFrontRead(id: string, distributionArn: pulumi.Input<string>): void;
}

/** A bucket that is somebody else's: its policy is its owner's, who adds the statement that the CDN gives. */
export interface CdnBucket {
  /** @example 'arn:aws:s3:::media-segments' */
  readonly bucketArn: pulumi.Input<string>;
  /** @example 'media-segments.s3.us-east-1.amazonaws.com' */
  readonly bucketRegionalDomainName: pulumi.Input<string>;
}

/** The part of a LiveOrigin that a distribution is made of. */
export type CdnVpcOrigin = Pick<
  LiveOrigin,
  'vpcOriginId' | 'domainName' | 'readTimeoutSeconds' | 'keepaliveTimeoutSeconds'
>;

/** An origin on the internet, by HTTPS. */
export interface CdnPublicOrigin {
  /** Its certificate is of this name. @example 'origin.example.com' */
  readonly domainName: pulumi.Input<string>;
  /** Seconds that CloudFront waits for an answer, 17 to 120: longer than the origin holds a request. @default 30 */
  readonly readTimeoutSeconds?: number;
  /** Seconds that CloudFront keeps an idle connection, 1 to 120: shorter than the origin does. @default 60 */
  readonly keepaliveTimeoutSeconds?: number;
  /** Headers that CloudFront adds, by which the origin knows it. Kept as secrets. @default none */
  readonly headers?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** An origin in a VPC or on the internet. */
export type CdnOrigin = CdnVpcOrigin | CdnPublicOrigin;

/** As the store of {@link storeReaders} declares one. */
export type CdnStoreReaders = Record<string, Record<string, never>>;

/** Id under which a store declares distribution `number`, or its staging one. */
export const readerId = (prefix: string, number: number, isStaging = false): string =>
  `${prefix}-${number}${isStaging ? '-s' : ''}`;

/**
 * What the store's `distributions` has to be for the distributions of a StreamingCdn.
 * @param count its `distributions`
 * @param options `prefix` is its `readers`; `staged` whether it has `stagedDeployment`
 * @example new TieredSegmentStore('media', { distributions: storeReaders(2) })
 */
export function storeReaders(
  count = 1,
  { prefix = 'cdn', staged = false }: { readonly prefix?: string; readonly staged?: boolean } = {},
): CdnStoreReaders {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const ids = numbers.flatMap((number) => [
    readerId(prefix, number),
    ...(staged ? [readerId(prefix, number, true)] : []),
  ]);
  return Object.fromEntries(ids.map((id) => [id, {}]));
}
