import { found, resourceRule } from '../../core';
import { SECURITY_GROUP_RULES, amongOpenings } from './openings';

const PORTS = [22, 3389];

export const noSshOrRdpFromAnywhere = resourceRule({
  id: 'no-ssh-or-rdp-from-anywhere',
  family: 'network',
  title: 'No security group lets anybody on the internet reach SSH or RDP',
  severity: 'critical',
  controls: [
    'AWS Security Hub EC2.13',
    'AWS Security Hub EC2.14',
    'AWS Security Hub EC2.53',
    'AWS Security Hub EC2.54',
    'CIS AWS v5.0.0 5.3',
    'CIS AWS v5.0.0 5.4',
  ],
  why: 'Open administration ports are found by scanners within minutes, and a shell on an encoder is a shell in the VPC.',
  fix: 'Remove the rule, and open sessions by Systems Manager: give the instance role AmazonSSMManagedInstanceCore, then `aws ssm start-session --target <instance>`.',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: SECURITY_GROUP_RULES,
  check: (resource) =>
    found(
      amongOpenings(resource, (opening) => {
        if (!['tcp', 'udp', 'all'].includes(opening.protocol)) return [];
        const ports = PORTS.filter((port) => opening.first <= port && port <= opening.last);
        return ports.length === 0
          ? []
          : opening.fromAnywhere((range) => ports.map((port) => `port ${port} is open to ${range}`));
      }),
    ),
});
