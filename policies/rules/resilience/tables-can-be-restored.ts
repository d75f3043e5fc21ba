import { compliant, flag, resourceRule, violating } from '../../core';

export const tablesCanBeRestored = resourceRule({
  id: 'tables-can-be-restored',
  family: 'resilience',
  title: 'A DynamoDB table can be restored to any second of the last weeks',
  severity: 'medium',
  controls: ['AWS FSBP DynamoDB.2'],
  why: 'A faulty release writes wrong rows as reliably as right ones, and a backup of last night has neither.',
  fix: 'pointInTimeRecovery: { enabled: true }',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:dynamodb/table:Table'],
  check: (table) =>
    flag(table, 'pointInTimeRecovery.enabled') ? compliant : violating('its point-in-time recovery is off'),
});
