import { compliant, itemsOf, peek, resourceRule, violating } from '../../core';

export const instancesComeFromATemplate = resourceRule({
  id: 'instances-come-from-a-template',
  family: 'resilience',
  title: 'An instance is made from a launch template',
  severity: 'medium',
  controls: [],
  why: 'An instance that was set up by itself is repaired by hand and is like no other; one from a template is replaced by its equal.',
  fix: 'Describe it in an aws.ec2.LaunchTemplate and run it in an aws.autoscaling.Group of one: `launchTemplate: { id: template.id, version: template.latestVersion.apply(String) }`.',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:ec2/instance:Instance'],
  check: (instance) =>
    itemsOf(peek(instance, 'launchTemplate')).length > 0
      ? compliant
      : violating('it comes from no launch template'),
});
