/** Arguments of TieredSegmentStore. */
import type * as kms from '@pulumi/aws/kms';
import type * as iam from '@pulumi/aws/iam';
import type * as s3 from '@pulumi/aws/s3';
import type * as pulumi from '@pulumi/pulumi';
import type { Environment, Transform } from '../kit';

export const EncryptionType = {
  /** A customer managed key, with S3 bucket keys. */
  Kms: 'kms',
  /** Keys that S3 manages. */
  SseS3: 'sse-s3',
} as const;
export type EncryptionType = (typeof EncryptionType)[keyof typeof EncryptionType];

export interface ZoneArgs {
  /**
   * Id of the Availability Zone, the same in every account. Its name (`us-east-1a`) means another zone in each.
   * S3 Express One Zone is not in every zone: S3 User Guide, "Endpoints for directory buckets".
   * @example 'use1-az4'
   */
  readonly zoneId: pulumi.Input<string>;
  /**
   * Name of a directory bucket in this zone that is there already and is used as it is. It keeps its own policy,
   * encryption and lifecycle.
   * @default a new one
   */
  readonly existingBucket?: pulumi.Input<string>;
}

export interface ArchiveArgs {
  /**
   * How long whole segments are kept after they were made, at least as long as `dvr`.
   * @example '90 days'
   */
  readonly keepFor: pulumi.Input<string>;
}

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

export interface ProtectionArgs {
  /** Whether the engine refuses to delete buckets and key. @default true in prod */
  readonly protect?: boolean;
  /** Whether buckets and key stay in AWS when they leave the stack. @default true in prod */
  readonly retainOnDelete?: boolean;
  /** Whether a bucket is emptied to be deleted. @default true in local and dev */
  readonly forceDestroy?: boolean;
}

export interface TieredSegmentStoreArgs {
  /**
   * Zones with a live edge, by an id of your choice that stays: the bucket follows the id, not the position.
   * @default none; bundles then live in the general bucket, at a higher latency and price of requests
   * @example { a: { zoneId: 'use1-az4' }, b: { zoneId: 'use1-az6' } }
   */
  readonly zones?: Record<string, ZoneArgs>;
  /**
   * Name of a general purpose bucket that is there already and is used as it is, with its own settings.
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
   * Keeps whole segments for longer. The writer stores them as INTELLIGENT_TIERING at once: there are no transitions.
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

export interface TieredSegmentStoreOptions extends pulumi.ComponentResourceOptions {
  /** One property a kind of child: properties to set, or a function of arguments, options and name. */
  readonly transform?: TieredSegmentStoreTransforms;
}
