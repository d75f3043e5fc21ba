import {
  blocks,
  flag,
  found,
  notApplicable,
  number,
  resourceRule,
  text,
  type Resource,
  type Values,
} from '../../core';

const PORTS = [22, 3389];
const ANYWHERE = ['0.0.0.0/0', '::/0'];
const TCP = ['-1', 'all', '6', 'tcp'];
const RULE = 'aws:ec2/networkAclRule:NetworkAclRule';

const covers = (rule: Resource | Values, port: number): boolean => {
  const protocol = (text(rule, 'protocol') ?? '-1').toLowerCase();
  if (!TCP.includes(protocol)) return false;
  if (['-1', 'all'].includes(protocol)) return true;
  return (number(rule, 'fromPort') ?? 0) <= port && port <= (number(rule, 'toPort') ?? 65_535);
};

const everybody = (rule: Resource | Values): readonly string[] =>
  [text(rule, 'cidrBlock'), text(rule, 'ipv6CidrBlock')].filter(
    (range): range is string => range !== undefined && ANYWHERE.includes(range),
  );

/** The first rule that speaks of a port and of everybody decides, as in AWS. */
function open(rules: readonly Values[], port: number): readonly string[] {
  const speaking = rules.filter((rule) => covers(rule, port));
  return ANYWHERE.filter((range) => {
    const first = speaking.find((rule) => everybody(rule).includes(range));
    return first !== undefined && text(first, 'action')?.toLowerCase() === 'allow';
  }).map((range) => `port ${port} is open to ${range}`);
}

export const networkAclKeepsSshAndRdpOut = resourceRule({
  id: 'network-acl-keeps-ssh-and-rdp-out',
  family: 'network',
  title: 'No network ACL lets anybody on the internet reach SSH or RDP',
  severity: 'medium',
  controls: ['AWS FSBP EC2.21', 'CIS AWS v5.0.0 5.2'],
  why: 'The ACL is what still holds when somebody opens a security group in a hurry.',
  fix: "Allow the ports that are served and the ephemeral ones around 3389: `{ ruleNo: 110, action: 'allow', protocol: 'tcp', cidrBlock: '0.0.0.0/0', fromPort: 1024, toPort: 3388 }`, `{ ruleNo: 120, …, fromPort: 3390, toPort: 65535 }`",
  levels: { starter: 'disabled', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:ec2/defaultNetworkAcl:DefaultNetworkAcl', 'aws:ec2/networkAcl:NetworkAcl', RULE],
  check: (resource) => {
    if (resource.type !== RULE) {
      const rules = [...blocks(resource, 'ingress')].sort(
        (one, other) => (number(one, 'ruleNo') ?? 0) - (number(other, 'ruleNo') ?? 0),
      );
      return found(PORTS.flatMap((port) => open(rules, port)));
    }
    if (flag(resource, 'egress')) return notApplicable('it is about what leaves');
    if (text(resource, 'ruleAction')?.toLowerCase() !== 'allow') return notApplicable('it allows nothing');
    return found(
      PORTS.filter((port) => covers(resource, port)).flatMap((port) =>
        everybody(resource).map((range) => `port ${port} is open to ${range}`),
      ),
    );
  },
});
