import { compliant, flag, resourceRule, violating } from '../../core';

export const trailsCanBeTrusted = resourceRule({
  id: 'trails-can-be-trusted',
  family: 'operations',
  title: 'A change of a trail after the fact is found',
  severity: 'medium',
  controls: ['AWS FSBP CloudTrail.4', 'CIS AWS v5.0.0 3.2'],
  why: 'A log that can be changed without a trace proves nothing.',
  fix: 'enableLogFileValidation: true',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:cloudtrail/trail:Trail'],
  check: (trail) =>
    flag(trail, 'enableLogFileValidation') ? compliant : violating('its files are not validated'),
});
