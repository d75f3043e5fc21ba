/** What a store consists of, one function a group of children. */
import * as kms from '@pulumi/aws/kms';
import * as s3 from '@pulumi/aws/s3';
import * as pulumi from '@pulumi/pulumi';
import { physicalName, tagsFor, transformed, type NameContext, type Protection, type Tags } from '../kit';
import type { TieredSegmentStoreTransforms } from './args';
import { directorySuffix } from './layout';
import { directoryLifecycle, generalLifecycle, type RetentionDays } from './lifecycle';
import { directoryExpiry, generalPolicy, keyPolicy } from './policies';

/** What all children of a store share. */
export interface Family {
  readonly component: pulumi.ComponentResource;
  readonly name: string;
  readonly names: Omit<NameContext, 'name'>;
  readonly protection: Protection;
  readonly tags: Tags;
  readonly days: pulumi.Output<RetentionDays>;
  /** ARNs of the distributions that may read, in the order of their ids. */
  readonly distributionArns: readonly pulumi.Output<string>[];
  readonly transform: TieredSegmentStoreTransforms;
}

/** The general purpose bucket and its settings. */
export interface GeneralNodes {
  readonly bucket: s3.Bucket;
  /** Absent where the bucket was there already, as all that follow. */
  readonly access?: s3.BucketPublicAccessBlock;
  readonly ownership?: s3.BucketOwnershipControls;
  readonly encryption?: s3.BucketServerSideEncryptionConfiguration;
  readonly policy?: s3.BucketPolicy;
  readonly lifecycle?: s3.BucketLifecycleConfiguration;
}

/** A zone's directory bucket and its settings. */
export interface DirectoryNodes {
  readonly bucket: s3.DirectoryBucket;
  /** Absent where the bucket was there already, as all that follow. */
  readonly encryption?: s3.BucketServerSideEncryptionConfiguration;
  readonly policy?: s3.BucketPolicy;
  readonly lifecycle?: s3.BucketLifecycleConfiguration;
}

/** Shorter where the data is disposable: the key costs a dollar a month until it is gone. KMS allows 7 to 30. */
const deletionWindowInDays = ({ forceDestroy }: Protection): number => (forceDestroy ? 7 : 30);

export function createKey(family: Family): kms.Key {
  const { name, tags, protection, transform } = family;
  const args: kms.KeyArgs = {
    description: `Media of ${name}, at rest`,
    enableKeyRotation: true,
    deletionWindowInDays: deletionWindowInDays(protection),
    tags: tagsFor('TieredSegmentStore', `${name}-key`, tags),
  };
  return new kms.Key(...transformed(transform.key, `${name}-key`, args, holdsData(family)));
}

/**
 * A resource of its own: the key is there before the distribution, which is made from the bucket. Not needed where
 * nothing but roles use the key, because KMS's own default leaves those to the account's policies.
 */
export function createKeyPolicy(family: Family, key: kms.Key): kms.KeyPolicy | undefined {
  const { name, distributionArns, transform } = family;
  if (distributionArns.length === 0) return undefined;
  const policy = pulumi
    .all([key.arn, pulumi.all([...distributionArns])])
    .apply(([arn, arns]) => keyPolicy(arn, arns));
  const args: kms.KeyPolicyArgs = { keyId: key.keyId, policy: pulumi.jsonStringify(policy) };
  return new kms.KeyPolicy(...transformed(transform.keyPolicy, `${name}-key-policy`, args, belongs(family)));
}

/** A bucket that is somebody else's: read, never changed. */
export function readGeneral(family: Family, bucket: pulumi.Input<string>): GeneralNodes {
  return { bucket: s3.Bucket.get(`${family.name}-general`, bucket, undefined, { parent: family.component }) };
}

export function createGeneral(family: Family, keyArn: pulumi.Input<string> | undefined): GeneralNodes {
  const { name, names, protection, tags, days, distributionArns, transform } = family;
  const child = `${name}-general`;
  const bucketArgs: s3.BucketArgs = {
    bucket: physicalName('aws:s3/bucket:Bucket', { ...names, name: child }),
    forceDestroy: protection.forceDestroy,
    tags: tagsFor('TieredSegmentStore', child, tags),
  };
  const owner = new s3.Bucket(...transformed(transform.generalBucket, child, bucketArgs, holdsData(family)));
  const bucket = owner.bucket;

  const accessArgs: s3.BucketPublicAccessBlockArgs = {
    bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  };
  const access = new s3.BucketPublicAccessBlock(
    ...transformed(transform.generalAccess, `${child}-access`, accessArgs, belongs(family)),
  );
  const ownershipArgs: s3.BucketOwnershipControlsArgs = {
    bucket,
    rule: { objectOwnership: 'BucketOwnerEnforced' },
  };
  // S3 refuses two changes of a bucket's access at once.
  const ownership = new s3.BucketOwnershipControls(
    ...transformed(transform.generalOwnership, `${child}-ownership`, ownershipArgs, belongs(family, access)),
  );
  const statements = pulumi
    .all([owner.arn, pulumi.all([...distributionArns])])
    .apply(([arn, distributions]) => generalPolicy(arn, distributions));
  const policyArgs: s3.BucketPolicyArgs = { bucket, policy: pulumi.jsonStringify(statements) };
  const policy = new s3.BucketPolicy(
    ...transformed(transform.generalPolicy, `${child}-policy`, policyArgs, belongs(family, ownership)),
  );
  const encryption = new s3.BucketServerSideEncryptionConfiguration(
    ...transformed(
      transform.generalEncryption,
      `${child}-encryption`,
      { bucket, rules: [encryptionRule(keyArn)] },
      belongs(family),
    ),
  );
  const lifecycle = new s3.BucketLifecycleConfiguration(
    ...transformed(
      transform.generalLifecycle,
      `${child}-lifecycle`,
      { bucket, rules: days.apply(generalLifecycle) },
      belongs(family),
    ),
  );
  return { bucket: owner, access, ownership, encryption, policy, lifecycle };
}

const directoryChild = (family: Family, zone: string): string => `${family.name}-zone-${zone}`;

/** A bucket that is somebody else's: read, never changed. */
export function readDirectory(family: Family, zone: string, bucket: pulumi.Input<string>): DirectoryNodes {
  const opts = { parent: family.component };
  return { bucket: s3.DirectoryBucket.get(directoryChild(family, zone), bucket, undefined, opts) };
}

/** @param zone its key among the arguments */
export function createDirectory(
  family: Family,
  zone: string,
  zoneId: pulumi.Input<string>,
  keyArn: pulumi.Input<string> | undefined,
): DirectoryNodes {
  const { names, protection, tags, days, transform } = family;
  const child = directoryChild(family, zone);
  const bucketArgs: s3.DirectoryBucketArgs = {
    bucket: pulumi
      .output(zoneId)
      .apply((id) =>
        physicalName(
          'aws:s3/directoryBucket:DirectoryBucket',
          { ...names, name: child },
          directorySuffix(id),
        ),
      ),
    type: 'Directory',
    dataRedundancy: 'SingleAvailabilityZone',
    location: { name: zoneId, type: 'AvailabilityZone' },
    forceDestroy: protection.forceDestroy,
    tags: tagsFor('TieredSegmentStore', child, tags),
  };
  const owner = new s3.DirectoryBucket(
    ...transformed(transform.directoryBucket, child, bucketArgs, holdsData(family)),
  );
  const bucket = owner.bucket;
  const policyArgs: s3.BucketPolicyArgs = {
    bucket,
    policy: pulumi.jsonStringify(owner.arn.apply(directoryExpiry)),
  };
  const policy = new s3.BucketPolicy(
    ...transformed(transform.directoryPolicy, `${child}-policy`, policyArgs, belongs(family)),
  );
  const encryption = new s3.BucketServerSideEncryptionConfiguration(
    ...transformed(
      transform.directoryEncryption,
      `${child}-encryption`,
      { bucket, rules: [encryptionRule(keyArn)] },
      belongs(family),
    ),
  );
  const lifecycle = new s3.BucketLifecycleConfiguration(
    ...transformed(
      transform.directoryLifecycle,
      `${child}-lifecycle`,
      { bucket, rules: days.apply(directoryLifecycle) },
      belongs(family, policy),
    ),
  );
  return { bucket: owner, encryption, policy, lifecycle };
}

/** With a bucket key, KMS is asked once in a while and not once an object. */
const encryptionRule = (keyArn: pulumi.Input<string> | undefined) =>
  keyArn === undefined
    ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }
    : {
        applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn },
        bucketKeyEnabled: true,
      };

function holdsData({ component, protection }: Family): pulumi.CustomResourceOptions {
  const { protect, retainOnDelete } = protection;
  return { parent: component, protect, retainOnDelete };
}

/** A bucket that stays keeps its settings: without them it would be less safe than before. */
function belongs({ component, protection }: Family, after?: pulumi.Resource): pulumi.CustomResourceOptions {
  const { retainOnDelete } = protection;
  return { parent: component, retainOnDelete, ...(after && { dependsOn: after }) };
}
