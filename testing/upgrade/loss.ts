/** What is lost where a resource is deleted. */
import type { GraphResource } from '../../planner/graph/types';

/**
 * - `loss`: data are deleted
 * - `blocked`: the engine refuses the run, because the resource is protected
 * - `kept`: it leaves the stack and stays in AWS (`retainOnDelete`)
 * - `change`: something that holds no data is deleted, replaced or changed
 * - `none`: nothing happens in AWS
 */
export type Severity = 'loss' | 'blocked' | 'kept' | 'change' | 'none';

/**
 * Types of AWS whose resources hold data, or without which data can't be read (keys), or that nobody can have again
 * (numbers, names and addresses that others have noted).
 */
export const STATEFUL_TYPES: readonly string[] = [
  'aws:backup/vault:Vault',
  'aws:cloudfront/keyValueStore:KeyValueStore',
  'aws:cloudwatch/logGroup:LogGroup',
  'aws:cognito/userPool:UserPool',
  'aws:docdb/cluster:Cluster',
  'aws:dynamodb/globalTable:GlobalTable',
  'aws:dynamodb/table:Table',
  'aws:ebs/snapshot:Snapshot',
  'aws:ebs/volume:Volume',
  'aws:ec2/eip:Eip',
  'aws:ecr/repository:Repository',
  'aws:efs/fileSystem:FileSystem',
  'aws:elasticache/cluster:Cluster',
  'aws:elasticache/replicationGroup:ReplicationGroup',
  'aws:elasticsearch/domain:Domain',
  'aws:fsx/lustreFileSystem:LustreFileSystem',
  'aws:fsx/ontapFileSystem:OntapFileSystem',
  'aws:fsx/openZfsFileSystem:OpenZfsFileSystem',
  'aws:fsx/windowsFileSystem:WindowsFileSystem',
  'aws:glacier/vault:Vault',
  'aws:globalaccelerator/accelerator:Accelerator',
  'aws:kinesis/stream:Stream',
  'aws:kms/key:Key',
  'aws:kms/replicaKey:ReplicaKey',
  'aws:memorydb/cluster:Cluster',
  'aws:msk/cluster:Cluster',
  'aws:neptune/cluster:Cluster',
  'aws:opensearch/domain:Domain',
  'aws:rds/cluster:Cluster',
  'aws:rds/globalCluster:GlobalCluster',
  'aws:rds/instance:Instance',
  'aws:redshift/cluster:Cluster',
  'aws:route53/zone:Zone',
  'aws:s3/bucket:Bucket',
  'aws:s3/bucketObject:BucketObject',
  'aws:s3/bucketObjectv2:BucketObjectv2',
  'aws:s3/bucketV2:BucketV2',
  'aws:s3/directoryBucket:DirectoryBucket',
  'aws:s3tables/tableBucket:TableBucket',
  'aws:secretsmanager/secret:Secret',
  'aws:sqs/queue:Queue',
  'aws:ssm/parameter:Parameter',
  'aws:timestreamwrite/table:Table',
];

/**
 * What the state says counts: options of the new version come too late for what it deletes.
 * @param isProtected whether the engine would refuse
 */
export function severityOfDeletion(
  { external, custom, type, options }: GraphResource,
  stateful: ReadonlySet<string>,
  isProtected: boolean = options.protect === true,
): Severity {
  if (isProtected) return 'blocked';
  if (external || !custom) return 'none';
  if (options.retainOnDelete === true) return 'kept';
  return stateful.has(type) ? 'loss' : 'change';
}

/** A replacement is refused only where both versions are protected. */
export const severityOfReplacement = (
  old: GraphResource,
  now: GraphResource,
  stateful: ReadonlySet<string>,
): Severity =>
  severityOfDeletion(old, stateful, old.options.protect === true && now.options.protect === true);
