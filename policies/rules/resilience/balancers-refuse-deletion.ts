import { compliant, flag, resourceRule, violating } from '../../core';

export const balancersRefuseDeletion = resourceRule({
  id: 'balancers-refuse-deletion',
  family: 'resilience',
  title: 'A load balancer refuses to be deleted',
  severity: 'medium',
  controls: ['AWS FSBP ELB.6'],
  why: 'Its name and addresses are in DNS, in distributions and in the settings of contributors: one that is made anew has others.',
  fix: 'enableDeletionProtection: true',
  levels: { starter: 'disabled', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:lb/loadBalancer:LoadBalancer'],
  check: (balancer) =>
    flag(balancer, 'enableDeletionProtection') ? compliant : violating('its deletion protection is off'),
});
