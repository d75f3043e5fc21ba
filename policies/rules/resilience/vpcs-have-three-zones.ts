import { compliant, notApplicable, stackRule, violating } from '../../core';
import { zoneOf } from './zones';

export const vpcsHaveThreeZones = stackRule({
  id: 'vpcs-have-three-zones',
  family: 'resilience',
  title: 'A VPC has subnets in at least three Availability Zones',
  severity: 'medium',
  controls: [],
  why: 'With two zones the loss of one halves what is left; with three, two thirds carry on, and an instance type that one zone lacks is found in another.',
  fix: "Add a subnet: `new aws.ec2.Subnet('private-c', { vpcId: vpc.id, availabilityZoneId: 'use1-az6', cidrBlock: .. })`; `new MediaVpc(name, { zones: [..] })` takes three.",
  levels: { starter: 'disabled', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:ec2/vpc:Vpc'],
  settings: {
    least: { description: 'Least number of zones', type: 'integer', minimum: 1, maximum: 6, default: 3 },
  },
  check: (vpc, { least }, stack) => {
    const subnets = stack.pointingAt(vpc, 'vpcId', ['aws:ec2/subnet:Subnet'], ['id']);
    if (subnets.length === 0) return notApplicable('its subnets are not in the stack');
    const zones = new Set(subnets.map(zoneOf)).size;
    return zones >= least ? compliant : violating(`it has subnets in ${zones} of at least ${least} zones`);
  },
});
