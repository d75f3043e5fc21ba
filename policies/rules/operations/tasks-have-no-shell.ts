import { compliant, flag, resourceRule, violating } from '../../core';

export const tasksHaveNoShell = resourceRule({
  id: 'tasks-have-no-shell',
  family: 'operations',
  title: 'Nobody opens a shell in a task',
  severity: 'medium',
  controls: [],
  why: 'ECS Exec gives who may call it all that the task may do, its keys of media included, and changes made there are gone with the task.',
  fix: 'enableExecuteCommand: false; turn it on for the time of a search for a fault, by an exemption that expires',
  levels: { starter: 'disabled', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:ecs/service:Service'],
  check: (service) => (flag(service, 'enableExecuteCommand') ? violating('ECS Exec is on') : compliant),
});
