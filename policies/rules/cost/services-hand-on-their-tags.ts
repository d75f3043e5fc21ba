import { compliant, peek, resourceRule, text, violating } from '../../core';

export const servicesHandOnTheirTags = resourceRule({
  id: 'services-hand-on-their-tags',
  family: 'cost',
  title: 'Tasks of a service carry its tags',
  severity: 'low',
  controls: [],
  why: 'AWS bills tasks, not services: without tags on them no report says what a channel costs.',
  fix: "propagateTags: 'SERVICE'",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:ecs/service:Service'],
  check: (service) =>
    ['SERVICE', 'TASK_DEFINITION'].includes(text(service, 'propagateTags') ?? 'NONE')
      ? compliant
      : violating('its tasks carry no tags'),
  remedy: (service) => {
    const mode = peek(service, 'propagateTags') || 'NONE';
    return mode === 'NONE' ? { propagateTags: 'SERVICE' } : undefined;
  },
});
