import { AWSX_TAGGED } from './awsx/resources';
import { EKS_TAGGED } from './eks/resources';

const TAGGED = new Set([
  'aws:s3/bucket:Bucket',
  'aws:s3/directoryBucket:DirectoryBucket',
  'aws:s3/bucketObjectv2:BucketObjectv2',
  'aws:iam/role:Role',
  'aws:iam/policy:Policy',
  'aws:iam/instanceProfile:InstanceProfile',
  'aws:kms/key:Key',
  'aws:cloudwatch/logGroup:LogGroup',
  'aws:ssm/parameter:Parameter',
  'aws:secretsmanager/secret:Secret',
  ...AWSX_TAGGED,
  ...EKS_TAGGED,
]);

/** Whether a type takes tags, so that the provider's default tags reach it although it is given none. */
export function hasTags(type: string): boolean {
  return TAGGED.has(type);
}
