import { compliant, flag, notApplicable, resourceRule, text, violating } from '../../core';

export const databasesStandInTwoZones = resourceRule({
  id: 'databases-stand-in-two-zones',
  family: 'resilience',
  title: 'A database instance has a standby in another zone',
  severity: 'medium',
  controls: ['AWS FSBP RDS.5', 'CIS AWS v5.0.0 2.2.4'],
  why: 'Without a standby a failed zone is an outage until somebody restores a backup.',
  fix: '`multiAz: true`; AWS makes the standby while the database runs',
  levels: { starter: 'disabled', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:rds/instance:Instance'],
  check: (database) => {
    if (flag(database, 'multiAz')) return compliant;
    if (text(database, 'replicateSourceDb')) return notApplicable('it is a replica');
    return violating('it has no standby');
  },
});
