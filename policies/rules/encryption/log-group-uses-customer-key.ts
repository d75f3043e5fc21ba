import { compliant, hasOwnKey, resourceRule, violating } from '../../core';

export const logGroupUsesCustomerKey = resourceRule({
  id: 'log-group-uses-customer-key',
  family: 'encryption',
  title: 'Every log group is encrypted with a key of the customer',
  severity: 'low',
  controls: [],
  why: 'CloudWatch Logs encrypts with its own keys, which nobody can take away or audit; a key of the customer makes reading the logs of viewers a permission of its own.',
  fix: '\`kmsKeyId: key.arn\`, where the policy of the key lets logs.<region>.amazonaws.com use it under the condition kms:EncryptionContext:aws:logs:arn',
  levels: { starter: 'disabled', production: 'disabled', regulated: 'mandatory' },
  looksAt: ['aws:cloudwatch/logGroup:LogGroup'],
  check: (resource) =>
    hasOwnKey(resource, 'kmsKeyId') ? compliant : violating('no key of the customer encrypts it'),
});
