import { compliant, flag, notApplicable, peek, resourceRule, text, violating } from '../../core';

export const loadBalancerDropsInvalidHeaders = resourceRule({
  id: 'load-balancer-drops-invalid-headers',
  family: 'network',
  title: 'Every application load balancer drops headers that are not valid',
  severity: 'medium',
  controls: ['AWS FSBP ELB.4'],
  why: 'Two servers that read a malformed header differently let one request hide in another.',
  fix: '`dropInvalidHeaderFields: true`',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:lb/loadBalancer:LoadBalancer'],
  check: (balancer) => {
    if ((text(balancer, 'loadBalancerType') ?? 'application') !== 'application') {
      return notApplicable('only application load balancers read headers');
    }
    return flag(balancer, 'dropInvalidHeaderFields')
      ? compliant
      : violating('it passes on headers that are not valid');
  },
  remedy: (balancer) =>
    (peek(balancer, 'loadBalancerType') ?? 'application') === 'application' &&
    (peek(balancer, 'dropInvalidHeaderFields') ?? false) === false
      ? { dropInvalidHeaderFields: true }
      : undefined,
});
