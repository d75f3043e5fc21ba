import { blocks, compliant, flag, given, notApplicable, resourceRule, text, violating } from '../../core';

export const failoverRecordsAreChecked = resourceRule({
  id: 'failover-records-are-checked',
  family: 'resilience',
  title: 'A primary record of a failover has a health check',
  severity: 'high',
  controls: [],
  why: 'Without a check Route 53 takes the primary for healthy, whatever happens: the secondary is paid for and never answers.',
  fix: 'healthCheckId: check.id; of an alias `aliases: [{ evaluateTargetHealth: true, .. }]`',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:route53/record:Record'],
  check: (record) => {
    const isPrimary = blocks(record, 'failoverRoutingPolicies').some(
      (policy) => text(policy, 'type') === 'PRIMARY',
    );
    if (!isPrimary) return notApplicable('it is no primary of a failover');
    if (given(record, 'healthCheckId') && record.props['healthCheckId'] !== '') return compliant;
    return blocks(record, 'aliases').some((alias) => flag(alias, 'evaluateTargetHealth'))
      ? compliant
      : violating('nothing tells when it fails');
  },
});
