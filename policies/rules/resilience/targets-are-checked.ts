import { compliant, flag, notApplicable, resourceRule, text, violating } from '../../core';

export const targetsAreChecked = resourceRule({
  id: 'targets-are-checked',
  family: 'resilience',
  title: 'A load balancer checks the health of its targets',
  severity: 'medium',
  controls: [],
  why: 'Without a check a dead target gets its share of all requests.',
  fix: "healthCheck: { path: '/healthz', matcher: '200', interval: 10 }",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:lb/targetGroup:TargetGroup'],
  check: (group) => {
    if (text(group, 'targetType') === 'lambda') return notApplicable('a function has no health');
    return flag(group, 'healthCheck.enabled') === false ? violating('its health check is off') : compliant;
  },
});
