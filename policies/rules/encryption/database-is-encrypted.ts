import { compliant, flag, given, notApplicable, resourceRule, text, violating } from '../../core';

/** Where each says so; Redshift encrypts unless it is told not to. */
const DATABASES: Readonly<Record<string, { readonly path: string; readonly otherwise: boolean }>> = {
  'aws:docdb/cluster:Cluster': { path: 'storageEncrypted', otherwise: false },
  'aws:neptune/cluster:Cluster': { path: 'storageEncrypted', otherwise: false },
  'aws:opensearch/domain:Domain': { path: 'encryptAtRest.enabled', otherwise: false },
  'aws:rds/cluster:Cluster': { path: 'storageEncrypted', otherwise: false },
  'aws:rds/globalCluster:GlobalCluster': { path: 'storageEncrypted', otherwise: false },
  'aws:rds/instance:Instance': { path: 'storageEncrypted', otherwise: false },
  'aws:redshift/cluster:Cluster': { path: 'encrypted', otherwise: true },
};
/** What it is made from decides then. */
const SOURCES = [
  'replicateSourceDb',
  'replicationSourceIdentifier',
  'restoreToPointInTime',
  'snapshotIdentifier',
  'sourceDbClusterIdentifier',
];

export const databaseIsEncrypted = resourceRule({
  id: 'database-is-encrypted',
  family: 'encryption',
  title: 'Every database encrypts its storage',
  severity: 'high',
  controls: [
    'AWS FSBP DocumentDB.1',
    'AWS FSBP Neptune.1',
    'AWS FSBP Opensearch.1',
    'AWS FSBP RDS.3',
    'AWS FSBP RDS.27',
    'AWS FSBP Redshift.10',
    'CIS AWS v5.0.0 2.2.1',
  ],
  why: 'Storage, snapshots and replicas are in the clear for good: a database is encrypted when it is made or by a restore.',
  fix: 'Aurora, RDS, DocumentDB, Neptune: `storageEncrypted: true`; OpenSearch: `encryptAtRest: { enabled: true }`; Redshift: leave `encrypted` out',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: Object.keys(DATABASES),
  check: (resource) => {
    const { path, otherwise } = DATABASES[resource.type]!;
    const said = flag(resource, path);
    if (said === undefined) {
      if (SOURCES.some((source) => given(resource, source))) return notApplicable('its source decides');
      if (text(resource, 'engineMode') === 'serverless') return compliant;
      // A member of a global cluster is encrypted as that is.
      if (given(resource, 'globalClusterIdentifier')) return notApplicable('its global cluster decides');
    }
    return (said ?? otherwise) ? compliant : violating('its storage is not encrypted');
  },
});
