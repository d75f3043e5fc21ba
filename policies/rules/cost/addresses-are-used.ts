import { compliant, given, stackRule, text, violating } from '../../core';

const USERS = ['aws:ec2/eipAssociation:EipAssociation', 'aws:ec2/natGateway:NatGateway'];

export const addressesAreUsed = stackRule({
  id: 'addresses-are-used',
  family: 'cost',
  title: 'Every Elastic IP address belongs to something',
  severity: 'low',
  controls: ['AWS Security Hub EC2.12'],
  why: 'An address costs the same whether it is used or not, and one that is forgotten goes on pointing at nothing.',
  fix: "Remove it, or attach it: `allocationId: address.allocationId` of a NAT gateway, a load balancer's `subnetMappings`, or an aws.ec2.EipAssociation.",
  levels: { starter: 'advisory', production: 'advisory', regulated: 'advisory' },
  looksAt: ['aws:ec2/eip:Eip'],
  check: (address, _settings, stack) => {
    const attached = ['instance', 'networkInterface'].some(
      (path) => given(address, path) && address.props[path] !== '',
    );
    if (attached) return compliant;
    const isUsed = stack.resources.some(({ from }) =>
      Object.values(from).some((urns) => urns.includes(address.urn)),
    );
    if (isUsed) return compliant;
    const id = text(address, 'allocationId') || text(address, 'id');
    const isNamed = stack.ofType(...USERS).some(({ props }) => props['allocationId'] === id);
    return isNamed ? compliant : violating('nothing in the stack uses it');
  },
});
