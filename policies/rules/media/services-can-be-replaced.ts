import { compliant, notApplicable, number, resourceRule, text, violating } from '../../core';
import { SERVICE } from './containers';

export const servicesCanBeReplaced = resourceRule({
  id: 'services-can-be-replaced',
  family: 'media',
  title: 'A deployment may stop or start at least one task of a service',
  severity: 'high',
  controls: [],
  why: 'ECS rounds the least that must run up, and the most that may run down. For a single encoder on a port of its host that leaves 0 and 100 (stop, then start), or 100 and 200 on another instance; with 100 and 100, or 50 and 100, a new version never starts.',
  fix: 'Write `deploymentMinimumHealthyPercent: 0, deploymentMaximumPercent: 100` for an encoder that stops first, and 100 and 200 for what answers HTTP.',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [SERVICE],
  check: (service) => {
    if (text(service, 'schedulingStrategy') === 'DAEMON')
      return notApplicable('it has a task on each instance');
    const controller = text(service, 'deploymentController.type') ?? 'ECS';
    if (controller !== 'ECS') return notApplicable('ECS does not replace its tasks');
    const tasks = number(service, 'desiredCount') ?? 0;
    if (tasks === 0) return notApplicable('it has no task of its own accord');
    const least = Math.ceil((tasks * (number(service, 'deploymentMinimumHealthyPercent') ?? 100)) / 100);
    const most = Math.floor((tasks * (number(service, 'deploymentMaximumPercent') ?? 200)) / 100);
    return most > least
      ? compliant
      : violating(`at least ${least} and at most ${most} of ${tasks} tasks may run, so none can be replaced`);
  },
});
