import { compliant, given, resourceRule, violating } from '../../core';

const CONFIGURATION = 'aws:ec2/launchConfiguration:LaunchConfiguration';

export const noLaunchConfigurations = resourceRule({
  id: 'no-launch-configurations',
  family: 'retired',
  title: 'Groups of instances use launch templates',
  severity: 'medium',
  controls: ['AWS FSBP AutoScaling.9'],
  why: 'Launch configurations know no instance type that is newer than 2022, g6 and g6e among them, no mixed purchase options and no versions.',
  fix: 'launchTemplate: { id: template.id, version: template.latestVersion.apply(String) }',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:autoscaling/group:Group', CONFIGURATION],
  check: (resource) => {
    if (resource.type === CONFIGURATION) return violating('it is a launch configuration');
    return given(resource, 'launchConfiguration') && resource.props['launchConfiguration'] !== ''
      ? violating('it starts instances by a launch configuration')
      : compliant;
  },
});
