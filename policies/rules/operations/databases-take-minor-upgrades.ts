import { compliant, flag, resourceRule, violating } from '../../core';

export const databasesTakeMinorUpgrades = resourceRule({
  id: 'databases-take-minor-upgrades',
  family: 'operations',
  title: 'A database takes minor upgrades by itself',
  severity: 'medium',
  controls: ['AWS FSBP RDS.13', 'AWS FSBP RDS.35', 'CIS AWS v5.0.0 2.2.2'],
  why: 'Minor versions close holes, and nobody installs them by hand on time.',
  fix: 'autoMinorVersionUpgrade: true, which is the default',
  levels: { starter: 'advisory', production: 'advisory', regulated: 'mandatory' },
  looksAt: [
    'aws:rds/cluster:Cluster',
    'aws:rds/clusterInstance:ClusterInstance',
    'aws:rds/instance:Instance',
  ],
  check: (database) =>
    flag(database, 'autoMinorVersionUpgrade') === false ? violating('it takes no minor upgrades') : compliant,
});
