import { compliant, stackRule, texts, violating, type Resource, type Stack } from '../../core';
import { isCell, zonesAt } from './zones';

function zonesOf(group: Resource, stack: Stack): readonly string[] {
  const zones = zonesAt(group, 'vpcZoneIdentifiers', stack);
  return zones.length > 0 ? zones : texts(group, 'availabilityZones');
}

export const groupsStandInSeveralZones = stackRule({
  id: 'groups-stand-in-several-zones',
  family: 'resilience',
  title: 'A group of instances stands in several Availability Zones, or is one of a set with one in each',
  severity: 'high',
  controls: ['AWS FSBP AutoScaling.2'],
  why: 'A zone that fails, or that has no more GPUs today, takes all of a group that knows no other.',
  fix: 'vpcZoneIdentifiers: privateSubnets.map(({ id }) => id), or a group in each zone',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:autoscaling/group:Group'],
  settings: {
    least: { description: 'Least number of zones', type: 'integer', minimum: 1, maximum: 6, default: 2 },
  },
  check: (group, { least }, stack) => {
    const zones = zonesOf(group, stack).length;
    if (zones >= least) return compliant;
    return zones === 1 && isCell(group, least, (each) => zonesOf(each, stack), stack)
      ? compliant
      : violating(`it stands in ${zones} of at least ${least} zones`);
  },
});
