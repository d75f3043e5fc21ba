import { arn, dnsSuffixOf, physicalName, text } from './names';
import type { Double } from './types';

const bucket: Double = (context) => {
  const name = physicalName(context, 'bucket');
  const suffix = dnsSuffixOf(context.partition);
  return {
    id: name,
    outputs: {
      bucket: name,
      arn: `arn:${context.partition}:s3:::${name}`,
      bucketDomainName: `${name}.s3.${suffix}`,
      bucketRegionalDomainName: `${name}.s3.${context.region}.${suffix}`,
      bucketRegion: context.region,
      region: context.region,
    },
  };
};

/** The name ends in the zone's id and `--x-s3`, and is never made up: S3 takes no other. */
const directoryBucket: Double = (context) => {
  const name = text(context.inputs['bucket']) ?? `${context.name}-${context.token}--zone--x-s3`;
  return {
    id: name,
    outputs: { arn: arn(context, 's3express', `bucket/${name}`), region: context.region },
  };
};

/** Versioning, encryption and the rest of what v7 of the provider splits from the bucket: known by its bucket. */
const ofBucket: Double = ({ inputs, name, token, region }) => ({
  id: text(inputs['bucket']) ?? `${name}-${token}`,
  idOfAnother: text(inputs['bucket']) !== undefined,
  outputs: { region },
});

const object: Double = ({ inputs, name, token, partition, region }) => {
  const holder = text(inputs['bucket']) ?? `${name}-${token}`;
  const key = text(inputs['key']) ?? name;
  return {
    id: `${holder}/${key}`,
    outputs: { key, arn: `arn:${partition}:s3:::${holder}/${key}`, region },
  };
};

/** Types of the module that are of one bucket; each also under the name that it had in v6, with V2. */
const OF_BUCKET = [
  ...['AccelerateConfiguration', 'Acl', 'CorsConfiguration', 'IntelligentTieringConfiguration', 'Inventory'],
  ...['LifecycleConfiguration', 'Logging', 'Metric', 'Notification', 'ObjectLockConfiguration'],
  ...['OwnershipControls', 'Policy', 'PublicAccessBlock', 'ReplicationConfig', 'RequestPaymentConfiguration'],
  ...['ServerSideEncryptionConfiguration', 'Versioning', 'WebsiteConfiguration'],
];

export const S3: { readonly [type: string]: Double } = {
  'aws:s3/bucket:Bucket': bucket,
  'aws:s3/bucketV2:BucketV2': bucket,
  'aws:s3/directoryBucket:DirectoryBucket': directoryBucket,
  'aws:s3/bucketObject:BucketObject': object,
  'aws:s3/bucketObjectv2:BucketObjectv2': object,
  ...Object.fromEntries(
    OF_BUCKET.flatMap((name) =>
      ['', 'V2'].map((tail) => [`aws:s3/bucket${name}${tail}:Bucket${name}${tail}`, ofBucket]),
    ),
  ),
};
