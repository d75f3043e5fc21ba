import { compliant, resourceRule, violating, peek, UNKNOWN, Undecided } from '../../core';

const PROPERTIES: Readonly<Record<string, string>> = {
  'aws:cognito/userPool:UserPool': 'deletionProtection',
  'aws:docdb/cluster:Cluster': 'deletionProtection',
  'aws:dynamodb/table:Table': 'deletionProtectionEnabled',
  'aws:neptune/cluster:Cluster': 'deletionProtection',
  'aws:rds/cluster:Cluster': 'deletionProtection',
  'aws:rds/globalCluster:GlobalCluster': 'deletionProtection',
  'aws:rds/instance:Instance': 'deletionProtection',
};

const ON = [true, 'true', 'ACTIVE'] as const;

export const databasesRefuseDeletion = resourceRule({
  id: 'databases-refuse-deletion',
  family: 'resilience',
  title: 'What holds records refuses to be deleted',
  severity: 'high',
  controls: [
    'AWS FSBP DocumentDB.5',
    'AWS FSBP DynamoDB.6',
    'AWS FSBP Neptune.4',
    'AWS FSBP RDS.7',
    'AWS FSBP RDS.8',
    'AWS Security Hub Cognito.6',
  ],
  why: 'Users, entitlements and sessions are lost in a second by a wrong name in a destroy, and AWS asks nobody unless the resource itself refuses.',
  fix: "deletionProtection: true; of a DynamoDB table `deletionProtectionEnabled: true`, of a user pool `deletionProtection: 'ACTIVE'`",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: Object.keys(PROPERTIES),
  check: (resource) => {
    const property = PROPERTIES[resource.type] ?? '';
    const value = peek(resource, property);
    if (value === UNKNOWN) throw new Undecided(property);
    return ON.some((on) => on === value) ? compliant : violating('its deletion protection is off');
  },
});
