/** What security groups let in, in any of the shapes that say so. */
import { among, amongItems, isValues, number, text, type Resource, type Values } from '../../core';

/** Types that say what a security group lets in. */
export const SECURITY_GROUP_RULES = [
  'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup',
  'aws:ec2/securityGroup:SecurityGroup',
  'aws:ec2/securityGroupRule:SecurityGroupRule',
  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule',
] as const;

const GROUPS: readonly string[] = SECURITY_GROUP_RULES.slice(0, 2);
const ANYWHERE = ['0.0.0.0/0', '::/0'];
const RANGES = ['cidrBlocks', 'ipv6CidrBlocks', 'cidrIpv4', 'cidrIpv6'];
const NUMBERS: Readonly<Record<string, string>> = {
  '6': 'tcp',
  '17': 'udp',
  '1': 'icmp',
  '58': 'icmpv6',
  '-1': 'all',
};

/** Ports of one rule. Its addresses are read only when asked for: they may be known later than its ports. */
export class Opening {
  /** `tcp`, `udp`, `all`, or another name or number of a protocol. */
  readonly protocol: string;
  readonly first: number;
  readonly last: number;
  readonly #rule: Resource | Values;

  constructor(rule: Resource | Values) {
    const protocol = text(rule, 'protocol') ?? text(rule, 'ipProtocol') ?? 'all';
    this.protocol = NUMBERS[protocol] ?? protocol.toLowerCase();
    const all = this.protocol === 'all';
    this.first = all ? 0 : (number(rule, 'fromPort') ?? 0);
    this.last = all ? 65_535 : (number(rule, 'toPort') ?? 65_535);
    this.#rule = rule;
  }

  /** What is found for each range of addresses that is everybody's. */
  fromAnywhere(judge: (range: string) => readonly string[]): readonly string[] {
    return among(RANGES, (property) => fromAnywhere(this.#rule, property, judge));
  }
}

/** What is found for each range in a list that is everybody's. */
export const fromAnywhere = (
  from: Resource | Values,
  path: string,
  judge: (range: string) => readonly string[],
): readonly string[] =>
  amongItems(from, path, (range) =>
    typeof range === 'string' && ANYWHERE.includes(range) ? judge(range) : [],
  );

/** What is found for each opening of a security group that a resource says. */
export function amongOpenings(
  resource: Resource,
  judge: (opening: Opening) => readonly string[],
): readonly string[] {
  if (GROUPS.includes(resource.type)) {
    return amongItems(resource, 'ingress', (rule) => (isValues(rule) ? judge(new Opening(rule)) : []));
  }
  return text(resource, 'type') === 'egress' ? [] : judge(new Opening(resource));
}
