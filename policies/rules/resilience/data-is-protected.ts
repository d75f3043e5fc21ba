import { compliant, flag, notApplicable, resourceRule, violating } from '../../core';

export const dataIsProtected = resourceRule({
  id: 'data-is-protected',
  family: 'resilience',
  title: 'What holds data, or the key to it, is protected in the stack',
  severity: 'high',
  controls: [],
  why: 'A rename, a changed name prefix or a `pulumi destroy` in the wrong directory deletes what cannot be made again; `protect` makes the engine refuse.',
  fix: 'Pass the option: `new aws.s3.Bucket(name, args, { protect: true })`, or `{ retainOnDelete: true }`. Components of this package do it with `environment: "prod"`.',
  levels: { starter: 'disabled', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [
    'aws:backup/vault:Vault',
    'aws:cognito/userPool:UserPool',
    'aws:docdb/cluster:Cluster',
    'aws:dynamodb/table:Table',
    'aws:efs/fileSystem:FileSystem',
    'aws:kms/key:Key',
    'aws:rds/cluster:Cluster',
    'aws:rds/instance:Instance',
    'aws:s3/bucket:Bucket',
    'aws:s3/directoryBucket:DirectoryBucket',
  ],
  check: (resource) => {
    const { protect, retainOnDelete } = resource.options;
    if (protect || retainOnDelete) return compliant;
    if (flag(resource, 'forceDestroy')) return notApplicable('it says itself that what it holds can go');
    return violating('the stack may delete it');
  },
});
