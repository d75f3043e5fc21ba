import { compliant, flag, resourceRule, violating } from '../../core';

/** What AWS does with each that does not say: DMS makes it public. */
const OTHERWISE: Readonly<Record<string, boolean>> = {
  'aws:dms/replicationInstance:ReplicationInstance': true,
  'aws:mq/broker:Broker': false,
  'aws:neptune/clusterInstance:ClusterInstance': false,
  'aws:rds/clusterInstance:ClusterInstance': false,
  'aws:rds/instance:Instance': false,
  'aws:redshift/cluster:Cluster': false,
  'aws:redshiftserverless/workgroup:Workgroup': false,
};

export const databaseIsNotPublic = resourceRule({
  id: 'database-is-not-public',
  family: 'network',
  title: 'No database and no broker has a public address',
  severity: 'critical',
  controls: [
    'AWS FSBP DMS.1',
    'AWS FSBP RDS.2',
    'AWS FSBP Redshift.1',
    'AWS FSBP RedshiftServerless.3',
    'CIS AWS v5.0.0 2.2.3',
  ],
  why: 'A password is then all that stands between the internet and the data.',
  fix: '`publiclyAccessible: false`; people reach it by a session of Systems Manager that forwards a port',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: Object.keys(OTHERWISE),
  check: (resource) =>
    (flag(resource, 'publiclyAccessible') ?? OTHERWISE[resource.type])
      ? violating('it can be reached from the internet')
      : compliant,
});
