import { compliant, hasOwnKey, resourceRule, violating } from '../../core';

export const secretUsesCustomerKey = resourceRule({
  id: 'secret-uses-customer-key',
  family: 'encryption',
  title: 'Every secret is encrypted with a key of the customer',
  severity: 'low',
  controls: [],
  why: 'The key aws/secretsmanager is open to everybody in the account who may read secrets, and cannot be shared with another account: a key of the customer is a second lock.',
  fix: '\`kmsKeyId: key.arn\`',
  levels: { starter: 'disabled', production: 'disabled', regulated: 'mandatory' },
  looksAt: ['aws:secretsmanager/secret:Secret'],
  check: (resource) =>
    hasOwnKey(resource, 'kmsKeyId') ? compliant : violating('no key of the customer encrypts it'),
});
