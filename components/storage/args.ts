/** Arguments of TieredSegmentStore. */
import type * as kms from '@pulumi/aws/kms';
import type * as iam from '@pulumi/aws/iam';
import type * as s3 from '@pulumi/aws/s3';
import type * as pulumi from '@pulumi/pulumi';
import type { Environment, Transform } from '../kit';

/** Whose keys encrypt at rest. */
export const EncryptionType = {
  /** A customer managed key, with S3 bucket keys. */
  Kms: 'kms',
  /** Keys that S3 manages. */
  SseS3: 'sse-s3',
} as const;
/** One of {@link EncryptionType}. */
export type EncryptionType = (typeof EncryptionType)[keyof typeof EncryptionType];

/** A zone with a live edge. */
export interface ZoneArgs {
  /**
   * Id of the Availability Zone, the same in every account. Its name (`us-east-1a`) means another zone in each.
   * S3 Express One Zone is not in every zone: see `EXPRESS_REGIONS`. A zone that is not in its region's list is
   * refused; one of a region that the list does not know is taken with a warning.
   * @example 'use1-az4'
   */
  readonly zoneId: pulumi.Input<string>;
  /**
   * Name of a directory bucket in this zone that is there already and is used as it is. It keeps its own policy,
   * encryption and lifecycle, and shows that the zone has S3 Express One Zone.
   * @default a new one
   */
  readonly existingBucket?: pulumi.Input<string>;
}

/** Segments that are kept after viewers can no longer seek to them. */
export interface ArchiveArgs {
  /**
   * How long whole segments are kept after they were made, at least as long as `dvr`.
   * @example '90 days'
   */
  readonly keepFor: pulumi.Input<string>;
}

/** Encryption at rest. */
export interface EncryptionArgs {
  /** @default EncryptionType.Kms */
  readonly type?: EncryptionType;
  /**
   * ARN of a customer managed key in this region, for `type: 'kms'`. A directory bucket keeps its first key for
   * life: another one is a new bucket. Needed too where the existing buckets are encrypted with a key.
   * @default a new key with yearly rotation, where a bucket is created
   */
  readonly keyArn?: pulumi.Input<string>;
}

/** What `environment` says of the data, changed one by one. */
export interface ProtectionArgs {
  /** Whether the engine refuses to delete buckets and key. @default true in prod */
  readonly protect?: boolean;
  /** Whether buckets and key stay in AWS when they leave the stack. @default true in prod */
  readonly retainOnDelete?: boolean;
  /** Whether a bucket is emptied to be deleted. @default true in local and dev */
  readonly forceDestroy?: boolean;
}

/** A distribution of CloudFront that may read. */
export interface DistributionArgs {
  /**
   * ARN of a distribution of CloudFront that is there already, or is of another stack.
   * @default the one that `grantCloudFrontRead` is given, which must then be called
   * @example 'arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE'
   */
  readonly distributionArn?: pulumi.Input<string>;
}

/** Arguments of TieredSegmentStore; all are optional. */
export interface TieredSegmentStoreArgs {
  /**
   * Zones with a live edge, by an id of your choice that stays: the bucket follows the id, not the position.
   * @default none; bundles then live in the general bucket, at a higher latency and price of requests
   * @example { a: { zoneId: 'use1-az4' }, b: { zoneId: 'use1-az6' } }
   */
  readonly zones?: Record<string, ZoneArgs>;
  /**
   * Whether a zone is taken that is not in the list of its region: AWS adds zones, and the list has a date.
   * @default false
   */
  readonly allowUnlistedZones?: boolean;
  /**
   * Distributions of CloudFront that may read segments and initialisation segments, by an id of your choice. One
   * that is made from this store's outputs has no ARN yet: declare it here, make it, and give its ARN to
   * `grantCloudFrontRead`. Not with `existingBucket`, whose policy is its owner's.
   * @default none
   * @example { cdn: {} }
   */
  readonly distributions?: Record<string, DistributionArgs>;
  /**
   * Name of a general purpose bucket that is there already and is used as it is: its policy, encryption and
   * lifecycle are its owner's, so `dvr`, `archive` and `distributions` are refused beside it.
   * @default a new one
   */
  readonly existingBucket?: pulumi.Input<string>;
  /**
   * How far back viewers may seek. Segments expire after it, rounded up to whole days.
   * @default '1 day'
   * @example '12 hours'
   */
  readonly dvr?: pulumi.Input<string>;
  /**
   * Keeps whole segments for longer. The runtime stores them as INTELLIGENT_TIERING at once, because
   * `runtimeEnvironment` says so: there are no transitions. Segments below 128 KiB (a track below 262 kbit/s, at 4 s)
   * are stored in that class but neither moved nor charged for monitoring.
   * @default none
   */
  readonly archive?: ArchiveArgs;
  /** Encryption at rest of the new buckets. @default a new key of KMS */
  readonly encryption?: EncryptionArgs;
  /** How hard the data is to lose; `protection` says otherwise. @default Environment.Prod, the careful one */
  readonly environment?: Environment;
  /** @default what `environment` says */
  readonly protection?: ProtectionArgs;
  /** Tags of every child that can have them, besides Name and aws-media:component. At most 48. */
  readonly tags?: Record<string, pulumi.Input<string>>;
}

/** Changes to children, in TypeScript only: functions don't cross languages. */
export interface TieredSegmentStoreTransforms {
  readonly key?: Transform<kms.KeyArgs>;
  readonly keyPolicy?: Transform<kms.KeyPolicyArgs>;
  readonly generalBucket?: Transform<s3.BucketArgs>;
  readonly generalAccess?: Transform<s3.BucketPublicAccessBlockArgs>;
  readonly generalOwnership?: Transform<s3.BucketOwnershipControlsArgs>;
  readonly generalEncryption?: Transform<s3.BucketServerSideEncryptionConfigurationArgs>;
  readonly generalPolicy?: Transform<s3.BucketPolicyArgs>;
  readonly generalLifecycle?: Transform<s3.BucketLifecycleConfigurationArgs>;
  readonly directoryBucket?: Transform<s3.DirectoryBucketArgs>;
  readonly directoryEncryption?: Transform<s3.BucketServerSideEncryptionConfigurationArgs>;
  readonly directoryPolicy?: Transform<s3.BucketPolicyArgs>;
  readonly directoryLifecycle?: Transform<s3.BucketLifecycleConfigurationArgs>;
  readonly rolePolicy?: Transform<iam.RolePolicyArgs>;
}

/** The kinds of child that can be changed. */
export const TRANSFORMS = [
  'key',
  'keyPolicy',
  'generalBucket',
  'generalAccess',
  'generalOwnership',
  'generalEncryption',
  'generalPolicy',
  'generalLifecycle',
  'directoryBucket',
  'directoryEncryption',
  'directoryPolicy',
  'directoryLifecycle',
  'rolePolicy',
] as const satisfies readonly (keyof TieredSegmentStoreTransforms)[];

/** Options of the resource, and changes to its children. */
export interface TieredSegmentStoreOptions extends pulumi.ComponentResourceOptions {
  /** One property a kind of child: properties to set, or a function of arguments, options and name. */
  readonly transform?: TieredSegmentStoreTransforms;
}
