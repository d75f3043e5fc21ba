/** A made-up older version of TieredSegmentStore: another type, and children of other names. */
import * as kms from '@pulumi/aws/kms';
import * as s3 from '@pulumi/aws/s3';
import * as pulumi from '@pulumi/pulumi';

export const OLD_TYPE = 'aws-media:index:SegmentStore';

export const OLD_NAMES = { bucket: 'media-of-old', zone: 'media-of-old--use1-az4--x-s3' } as const;

export class OlderSegmentStore extends pulumi.ComponentResource {
  constructor(name: string, { protect = false }: { readonly protect?: boolean } = {}) {
    super(OLD_TYPE, name, {});
    const holdsData = { parent: this, protect };
    const key = new kms.Key(
      `${name}-encryption`,
      { description: 'At rest', enableKeyRotation: true, deletionWindowInDays: 7 },
      holdsData,
    );
    const bucket = new s3.Bucket(
      `${name}-bucket`,
      { bucket: OLD_NAMES.bucket, forceDestroy: true },
      holdsData,
    );
    new s3.BucketServerSideEncryptionConfiguration(
      `${name}-bucket-encryption`,
      {
        bucket: bucket.bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.arn },
            bucketKeyEnabled: true,
          },
        ],
      },
      { parent: this },
    );
    new s3.DirectoryBucket(
      `${name}-edge-a`,
      {
        bucket: OLD_NAMES.zone,
        type: 'Directory',
        dataRedundancy: 'SingleAvailabilityZone',
        location: { name: 'use1-az4', type: 'AvailabilityZone' },
        forceDestroy: true,
      },
      holdsData,
    );
    this.registerOutputs({});
  }
}
