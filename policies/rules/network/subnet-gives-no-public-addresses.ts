import { compliant, flag, peek, resourceRule, violating } from '../../core';

const DEFAULT = 'aws:ec2/defaultSubnet:DefaultSubnet';

export const subnetGivesNoPublicAddresses = resourceRule({
  id: 'subnet-gives-no-public-addresses',
  family: 'network',
  title: 'No subnet gives instances public addresses by itself',
  severity: 'medium',
  controls: ['AWS FSBP EC2.15'],
  why: 'An instance that lands in such a subnet by mistake is on the internet, and each public address costs $3.65 a month.',
  fix: '`mapPublicIpOnLaunch: false`; give an address to what needs one: a load balancer, a NAT gateway',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DEFAULT, 'aws:ec2/subnet:Subnet'],
  check: (subnet) =>
    (flag(subnet, 'mapPublicIpOnLaunch') ?? subnet.type === DEFAULT)
      ? violating('instances in it get public addresses')
      : compliant,
  remedy: (subnet) =>
    (peek(subnet, 'mapPublicIpOnLaunch') ?? subnet.type === DEFAULT) === true
      ? { mapPublicIpOnLaunch: false }
      : undefined,
});
