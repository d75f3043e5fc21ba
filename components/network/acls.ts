/** Network ACLs: a fence that stays when a security group is opened by mistake. They know no connections, so answers need rules too. */
import type * as pulumi from '@pulumi/pulumi';
import type { Tier } from './allocation';

/** A rule as aws.ec2.NetworkAcl takes it. */
export interface AclRule {
  readonly ruleNo: number;
  readonly action: 'allow';
  /** IANA's number, or -1 for all. */
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidrBlock?: pulumi.Input<string>;
  readonly ipv6CidrBlock?: pulumi.Input<string>;
  readonly icmpType?: number;
  readonly icmpCode?: number;
}

/** Rules of a tier, by direction. */
export interface AclRules {
  readonly ingress: readonly AclRule[];
  readonly egress: readonly AclRule[];
}

const ALL = '-1';
const TCP = '6';
const UDP = '17';
const ICMP = '1';
const ICMPV6 = '58';

interface Match {
  readonly protocol: string;
  readonly ports: readonly [from: number, to: number];
  readonly icmp?: readonly [type: number, code: number];
}

const HTTPS: Match = { protocol: TCP, ports: [443, 443] };
/**
 * Ports that need no privilege: media ports, and those that answers come back to (a NAT gateway's are 1024 to 65535).
 * Without 3389, which is RDP's: of a NAT gateway's connections, the one in 64,512 that has this port fails and is tried again.
 */
const HIGH: readonly (readonly [number, number])[] = [
  [1024, 3388],
  [3390, 65_535],
];
const highOf = (protocol: string): Match[] => HIGH.map((ports) => ({ protocol, ports }));
/** A path that takes only smaller packets says so by this. */
const TOO_BIG: Match = { protocol: ICMP, ports: [0, 0], icmp: [3, 4] };
const TOO_BIG_V6: Match = { protocol: ICMPV6, ports: [0, 0], icmp: [2, 0] };
const EVERYTHING: Match = { protocol: ALL, ports: [0, 0] };

const ANYWHERE = '0.0.0.0/0';
const ANYWHERE_V6 = '::/0';

/** Where the VPC is. */
export interface VpcBlocks {
  readonly ipv4: string;
  readonly ipv6?: pulumi.Input<string>;
}

/**
 * From outside of the VPC: HTTPS and ports from 1024, so neither SSH nor RDP. Callers of SRT reach private subnets with
 * their own address, because load balancers keep it. Isolated subnets speak with the VPC, and over HTTPS with what gateway
 * endpoints lead to, whose addresses are public.
 */
export function aclRules(tier: Tier, vpc: VpcBlocks): AclRules {
  const isIsolated = tier === 'isolated';
  const reached = [HTTPS, ...highOf(TCP), ...highOf(UDP), TOO_BIG];
  const reachedV6 = [HTTPS, ...highOf(TCP), ...highOf(UDP), TOO_BIG_V6];
  return {
    ingress: rules(vpc, isIsolated ? highOf(TCP) : reached, isIsolated ? [] : reachedV6),
    egress: rules(vpc, isIsolated ? [HTTPS] : [EVERYTHING], isIsolated ? [] : [EVERYTHING]),
  };
}

/** Numbers leave room between, and IPv6's begin at 200. */
function rules(vpc: VpcBlocks, outside: readonly Match[], outsideV6: readonly Match[]): AclRule[] {
  const ipv4 = [
    rule(100, EVERYTHING, { cidrBlock: vpc.ipv4 }),
    ...outside.map((match, n) => rule(110 + 10 * n, match, { cidrBlock: ANYWHERE })),
  ];
  if (vpc.ipv6 === undefined) return ipv4;
  return [
    ...ipv4,
    rule(200, EVERYTHING, { ipv6CidrBlock: vpc.ipv6 }),
    ...outsideV6.map((match, n) => rule(210 + 10 * n, match, { ipv6CidrBlock: ANYWHERE_V6 })),
  ];
}

const rule = (
  ruleNo: number,
  { protocol, ports: [fromPort, toPort], icmp }: Match,
  of: Pick<AclRule, 'cidrBlock' | 'ipv6CidrBlock'>,
): AclRule => ({
  ruleNo,
  action: 'allow',
  protocol,
  fromPort,
  toPort,
  ...of,
  ...(icmp && { icmpType: icmp[0], icmpCode: icmp[1] }),
});
