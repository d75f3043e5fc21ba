import { compliant, flag, notApplicable, resourceRule, text, violating } from '../../core';

export const balancersLogRequests = resourceRule({
  id: 'balancers-log-requests',
  family: 'operations',
  title: 'An application load balancer logs its requests',
  severity: 'low',
  controls: ['AWS FSBP ELB.5'],
  why: 'Errors that a load balancer answers itself reach no log of the servers behind it.',
  fix: 'accessLogs: { bucket: logs.id, enabled: true }',
  levels: { starter: 'disabled', production: 'advisory', regulated: 'mandatory' },
  looksAt: ['aws:lb/loadBalancer:LoadBalancer'],
  check: (balancer) => {
    if ((text(balancer, 'loadBalancerType') ?? 'application') !== 'application')
      return notApplicable('it has no requests to log');
    return flag(balancer, 'accessLogs.enabled') ? compliant : violating('its requests are not logged');
  },
});
