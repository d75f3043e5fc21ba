import { compliant, notApplicable, stackRule, text, violating } from '../../core';
import { zoneOf, zonesAt } from './zones';

const NAT = 'aws:ec2/natGateway:NatGateway';

export const natIsInEveryZone = stackRule({
  id: 'nat-is-in-every-zone',
  family: 'resilience',
  title: 'A VPC with NAT gateways has one in each of its zones',
  severity: 'medium',
  controls: [],
  why: 'One gateway for all zones makes its zone a part that everything depends on, and bytes from the others pay to get there.',
  fix: 'Make a NAT gateway in the public subnet of each zone and route that zone\'s private subnet to it: `new MediaVpc(name, { nat: "per-zone", .. })` does it.',
  levels: { starter: 'disabled', production: 'advisory', regulated: 'mandatory' },
  looksAt: ['aws:ec2/vpc:Vpc'],
  check: (vpc, _settings, stack) => {
    const subnets = stack.pointingAt(vpc, 'vpcId', ['aws:ec2/subnet:Subnet'], ['id']);
    const ofRegion = stack
      .pointingAt(vpc, 'vpcId', [NAT], ['id'])
      .filter((gateway) => text(gateway, 'availabilityMode') === 'regional');
    if (ofRegion.length > 0) return compliant;
    const gateways = subnets.flatMap((subnet) => stack.pointingAt(subnet, 'subnetId', [NAT], ['id']));
    if (gateways.length === 0) return notApplicable('it has no NAT gateway');
    const all = new Set(subnets.map(zoneOf)).size;
    const served = new Set(gateways.flatMap((gateway) => zonesAt(gateway, 'subnetId', stack))).size;
    return served >= all ? compliant : violating(`${served} of its ${all} zones have a NAT gateway`);
  },
});
