import { blocks, compliant, peek, stackRule, text, violating } from '../../core';
import type { Resource, Stack } from '../../core';
import { isCell, zonesAt } from './zones';

const kindOf = (balancer: Resource): string => text(balancer, 'loadBalancerType') ?? 'application';

function zonesOf(balancer: Resource, stack: Stack): readonly string[] {
  if (peek(balancer, 'subnets') !== undefined) {
    const zones = zonesAt(balancer, 'subnets', stack);
    if (zones.length > 0) return zones;
  }
  return blocks(balancer, 'subnetMappings').map((_, index) => `mapping ${index}`);
}

export const balancersStandInSeveralZones = stackRule({
  id: 'balancers-stand-in-several-zones',
  family: 'resilience',
  title: 'A load balancer stands in several Availability Zones, or is one of a set with one in each',
  severity: 'high',
  controls: ['AWS FSBP ELB.13'],
  why: 'When the zone of a lonely load balancer fails, everything behind it is gone, whatever zones that stands in.',
  fix: 'Give it subnets of at least two zones: `subnets: [subnetA.id, subnetB.id]`; or make one in each zone, each with its own targets.',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:lb/loadBalancer:LoadBalancer'],
  settings: {
    least: { description: 'Least number of zones', type: 'integer', minimum: 1, maximum: 6, default: 2 },
  },
  check: (balancer, { least }, stack) => {
    const zones = zonesOf(balancer, stack).length;
    if (zones >= least) return compliant;
    const alike = (each: Resource) => (kindOf(each) === kindOf(balancer) ? zonesOf(each, stack) : []);
    return zones === 1 && isCell(balancer, least, alike, stack)
      ? compliant
      : violating(`it stands in ${zones} of at least ${least} zones`);
  },
});
