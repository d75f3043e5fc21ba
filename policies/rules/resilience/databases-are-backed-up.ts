import { compliant, notApplicable, number, resourceRule, text, violating } from '../../core';

const INSTANCE = 'aws:rds/instance:Instance';

export const databasesAreBackedUp = resourceRule({
  id: 'databases-are-backed-up',
  family: 'resilience',
  title: 'Automatic backups of a database are kept for some days',
  severity: 'high',
  controls: ['AWS FSBP DocumentDB.2', 'AWS FSBP Neptune.5', 'AWS FSBP RDS.11', 'AWS Security Hub RDS.50'],
  why: 'By default AWS keeps backups of a cluster for one day, and of an instance that a program makes for none.',
  fix: 'backupRetentionPeriod: 14',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [INSTANCE, 'aws:docdb/cluster:Cluster', 'aws:neptune/cluster:Cluster', 'aws:rds/cluster:Cluster'],
  settings: {
    leastDays: {
      description: 'Least days that backups are kept',
      type: 'integer',
      minimum: 1,
      maximum: 35,
      default: 7,
    },
  },
  check: (database, { leastDays }) => {
    // The provider's own default: 0 of an instance, 1 of a cluster.
    const days = number(database, 'backupRetentionPeriod') ?? (database.type === INSTANCE ? 0 : 1);
    if (days >= leastDays) return compliant;
    if (text(database, 'replicateSourceDb')) return notApplicable('it is a replica');
    return violating(`its backups are kept for ${days} days, where at least ${leastDays} are asked for`);
  },
});
