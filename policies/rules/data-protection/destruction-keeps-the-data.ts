import { compliant, flag, resourceRule, violating } from '../../core';

/** What lets each be destroyed with all that it holds. */
const SWITCHES: Readonly<Record<string, string>> = {
  'aws:backup/vault:Vault': 'forceDestroy',
  'aws:docdb/cluster:Cluster': 'skipFinalSnapshot',
  'aws:ecr/repository:Repository': 'forceDelete',
  'aws:neptune/cluster:Cluster': 'skipFinalSnapshot',
  'aws:rds/cluster:Cluster': 'skipFinalSnapshot',
  'aws:rds/instance:Instance': 'skipFinalSnapshot',
  'aws:redshift/cluster:Cluster': 'skipFinalSnapshot',
  'aws:s3/bucket:Bucket': 'forceDestroy',
  'aws:s3/directoryBucket:DirectoryBucket': 'forceDestroy',
};

export const destructionKeepsTheData = resourceRule({
  id: 'destruction-keeps-the-data',
  family: 'data-protection',
  title: 'What holds data is not destroyed with the data in it',
  severity: 'medium',
  controls: [],
  why: 'A renamed resource is a new one and the old one is destroyed: with this switch its recordings go too, in the same update.',
  fix: '`forceDestroy: false`, `forceDelete: false`, `skipFinalSnapshot: false` with a `finalSnapshotIdentifier`; keep the switch for what can be made again, as the context of an image',
  levels: { starter: 'disabled', production: 'advisory', regulated: 'mandatory' },
  looksAt: Object.keys(SWITCHES),
  check: (resource) => {
    const name = SWITCHES[resource.type]!;
    return flag(resource, name) ? violating(`${name} is on`) : compliant;
  },
});
