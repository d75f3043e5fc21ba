import { blocks, found, number, resourceRule, text, texts, type Resource, type Values } from '../../core';

const PORTS = [22, 3389];
const ANYWHERE = ['0.0.0.0/0', '::/0'];

/** Addresses of a rule of a security group, inline or as a resource of its own, in any of its shapes. */
const from = (rule: Resource | Values): string[] => [
  ...texts(rule, 'cidrBlocks'),
  ...texts(rule, 'ipv6CidrBlocks'),
  ...texts(rule, 'cidrIpv4'),
  ...texts(rule, 'cidrIpv6'),
];

const open = (rule: Resource | Values): string[] => {
  const all = ['-1', 'all'].includes(text(rule, 'protocol') ?? text(rule, 'ipProtocol') ?? '');
  const first = number(rule, 'fromPort') ?? 0;
  const last = number(rule, 'toPort') ?? 65_535;
  return PORTS.filter((port) => all || (first <= port && port <= last)).flatMap((port) =>
    from(rule)
      .filter((range) => ANYWHERE.includes(range))
      .map((range) => `port ${port} is open to ${range}`),
  );
};

export const noSshOrRdpFromAnywhere = resourceRule({
  id: 'no-ssh-or-rdp-from-anywhere',
  family: 'network',
  title: 'No security group lets anybody on the internet reach SSH or RDP',
  severity: 'critical',
  controls: ['AWS FSBP EC2.13', 'AWS FSBP EC2.14', 'CIS AWS 5.2', 'CIS AWS 5.3'],
  why: 'Open administration ports are found by scanners within minutes, and a shell on an encoder is a shell in the VPC.',
  fix: 'Remove the rule, and open sessions by Systems Manager: give the instance role AmazonSSMManagedInstanceCore, then `aws ssm start-session --target <instance>`.',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [
    'aws:ec2/securityGroup:SecurityGroup',
    'aws:ec2/securityGroupRule:SecurityGroupRule',
    'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule',
  ],
  check: (resource) => {
    if (resource.type === 'aws:ec2/securityGroup:SecurityGroup')
      return found(blocks(resource, 'ingress').flatMap(open));
    if (text(resource, 'type') === 'egress') return found([]);
    return found(open(resource));
  },
});
