import { compliant, stackRule, text, violating } from '../../core';

export const tableCapacityFollowsDemand = stackRule({
  id: 'table-capacity-follows-demand',
  family: 'cost',
  title: 'The capacity of a DynamoDB table follows its demand',
  severity: 'medium',
  controls: ['AWS FSBP DynamoDB.1'],
  why: 'Fixed capacity is paid for at night and throttles at the final: the sessions of an event come within a minute.',
  fix: "billingMode: 'PAY_PER_REQUEST', or an aws.appautoscaling.Target with `resourceId: pulumi.interpolate`table/${table.name}`` and a target-tracking policy for reads and for writes.",
  levels: { starter: 'advisory', production: 'advisory', regulated: 'advisory' },
  looksAt: ['aws:dynamodb/table:Table'],
  check: (table, _settings, stack) => {
    if (text(table, 'billingMode') === 'PAY_PER_REQUEST') return compliant;
    const scales = stack.ofType('aws:appautoscaling/target:Target').some((target) => {
      const from = target.from['resourceId'] ?? [];
      return from.length > 0
        ? from.includes(table.urn)
        : text(target, 'resourceId') === `table/${text(table, 'name')}`;
    });
    return scales ? compliant : violating('its capacity is provisioned, and nothing scales it');
  },
});
