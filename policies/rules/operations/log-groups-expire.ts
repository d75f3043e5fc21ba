import { UNKNOWN, compliant, notApplicable, number, peek, resourceRule, text, violating } from '../../core';
import type { Resource } from '../../core';

/** CloudWatch Logs keeps what is delivered to other services for two days, whatever is asked. */
const isDelivery = (group: Resource): boolean => text(group, 'logGroupClass') === 'DELIVERY';

export const logGroupsExpire = resourceRule({
  id: 'log-groups-expire',
  family: 'operations',
  title: 'Logs are kept for a time that somebody has chosen',
  severity: 'medium',
  controls: [],
  why: 'By default CloudWatch keeps logs for ever: they are paid for every month, and they hold addresses of viewers longer than any notice of privacy says.',
  fix: 'retentionInDays: 30',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:cloudwatch/logGroup:LogGroup'],
  settings: {
    leastDays: {
      description: 'Least days that logs are kept; Security Hub asks for 365',
      type: 'integer',
      minimum: 1,
      default: 1,
    },
    mostDays: { description: 'Most days that logs are kept', type: 'integer', minimum: 1, default: 400 },
    fillDays: {
      description: 'What the level `remediate` writes where no time is given',
      type: 'integer',
      minimum: 1,
      default: 30,
    },
  },
  check: (group, { leastDays, mostDays }) => {
    const days = number(group, 'retentionInDays') ?? 0;
    if (days >= leastDays && days <= mostDays && days !== 0) return compliant;
    if (isDelivery(group)) return notApplicable('AWS decides how long it keeps them');
    return violating(
      days === 0
        ? 'its logs are kept for ever'
        : `its logs are kept for ${days} days, where ${leastDays} to ${mostDays} are allowed`,
    );
  },
  remedy: (group, { fillDays }) => {
    const days = peek(group, 'retentionInDays');
    if (days === UNKNOWN || (days !== undefined && days !== 0) || isDelivery(group)) return undefined;
    return { retentionInDays: fillDays };
  },
});
