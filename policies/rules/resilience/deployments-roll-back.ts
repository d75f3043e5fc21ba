import { compliant, flag, notApplicable, resourceRule, text, violating } from '../../core';

export const deploymentsRollBack = resourceRule({
  id: 'deployments-roll-back',
  family: 'resilience',
  title: 'A deployment of a service that fails is undone',
  severity: 'medium',
  controls: [],
  why: 'Without a circuit breaker ECS starts tasks that die for as long as nobody looks.',
  fix: 'deploymentCircuitBreaker: { enable: true, rollback: true }',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:ecs/service:Service'],
  check: (service) => {
    const controller = text(service, 'deploymentController.type') || 'ECS';
    if (controller !== 'ECS') return notApplicable('something else deploys it');
    return flag(service, 'deploymentCircuitBreaker.enable') &&
      flag(service, 'deploymentCircuitBreaker.rollback')
      ? compliant
      : violating('a deployment of it that fails is not undone');
  },
});
