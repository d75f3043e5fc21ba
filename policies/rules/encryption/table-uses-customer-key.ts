import { compliant, flag, hasOwnKey, resourceRule, violating } from '../../core';

const TABLE = 'aws:dynamodb/table:Table';

export const tableUsesCustomerKey = resourceRule({
  id: 'table-uses-customer-key',
  family: 'encryption',
  title: 'Every table of DynamoDB is encrypted with a key of the customer',
  severity: 'low',
  controls: [],
  why: 'DynamoDB encrypts with a key of AWS, which nobody can take away or audit: with a key of the customer, reading entitlements and viewers is a permission of its own.',
  fix: '`serverSideEncryption: { enabled: true, kmsKeyArn: key.arn }`; of a TableReplica: `kmsKeyArn: key.arn`',
  levels: { starter: 'disabled', production: 'disabled', regulated: 'mandatory' },
  looksAt: [TABLE, 'aws:dynamodb/tableReplica:TableReplica'],
  check: (table) => {
    if (table.type !== TABLE) {
      return hasOwnKey(table, 'kmsKeyArn') ? compliant : violating('no key of the customer encrypts it');
    }
    return flag(table, 'serverSideEncryption.enabled') && hasOwnKey(table, 'serverSideEncryption.kmsKeyArn')
      ? compliant
      : violating('no key of the customer encrypts it');
  },
});
