import * as aws from '@pulumi/aws';
import { defaultSecurityGroupIsClosed } from '../../../policies/rules/network/default-security-group-is-closed';
import { networkAclKeepsSshAndRdpOut } from '../../../policies/rules/network/network-acl-keeps-ssh-and-rdp-out';
import { noSshOrRdpFromAnywhere } from '../../../policies/rules/network/no-ssh-or-rdp-from-anywhere';
import { onlyListedPortsFromAnywhere } from '../../../policies/rules/network/only-listed-ports-from-anywhere';
import { securityGroupRuleSaysWhy } from '../../../policies/rules/network/security-group-rule-says-why';
import { GoodProgram, both, set, unset, without } from '../cases';

const good = new GoodProgram(() => {
  const vpc = new aws.ec2.Vpc('vpc', { cidrBlock: '10.0.0.0/16' });
  new aws.ec2.DefaultSecurityGroup('default', { vpcId: vpc.id, ingress: [], egress: [] });
  const group = new aws.ec2.SecurityGroup('encoder', {
    vpcId: vpc.id,
    ingress: [
      { protocol: 'tcp', fromPort: 443, toPort: 443, cidrBlocks: ['10.0.0.0/16'], description: 'API' },
    ],
  });
  new aws.vpc.SecurityGroupIngressRule('srt', {
    securityGroupId: group.id,
    ipProtocol: 'udp',
    fromPort: 9000,
    toPort: 9010,
    cidrIpv4: '203.0.113.0/24',
    description: 'SRT from the venue',
  });
  new aws.vpc.SecurityGroupIngressRule('between', {
    securityGroupId: group.id,
    ipProtocol: '-1',
    referencedSecurityGroupId: group.id,
    description: 'Among encoders',
  });
  new aws.ec2.SecurityGroupRule('out', {
    type: 'egress',
    securityGroupId: group.id,
    protocol: '-1',
    fromPort: 0,
    toPort: 0,
    cidrBlocks: ['0.0.0.0/0'],
    description: 'Everything out',
  });
  new aws.ec2.NetworkAcl('acl', {
    vpcId: vpc.id,
    ingress: [
      { ruleNo: 100, action: 'allow', protocol: '-1', cidrBlock: '10.0.0.0/16', fromPort: 0, toPort: 0 },
      { ruleNo: 110, action: 'allow', protocol: '6', cidrBlock: '0.0.0.0/0', fromPort: 443, toPort: 443 },
    ],
  });
  new aws.ec2.NetworkAclRule('acl-srt', {
    networkAclId: 'acl-1',
    ruleNumber: 200,
    protocol: 'udp',
    ruleAction: 'allow',
    cidrBlock: '0.0.0.0/0',
    fromPort: 9000,
    toPort: 9010,
  });
});

describe('rules of security groups and network ACLs', () => {
  good.tries(noSshOrRdpFromAnywhere, {
    violating: {
      'SSH from anywhere in a range of ports': {
        change: set('encoder', 'ingress.0', {
          protocol: 'tcp',
          fromPort: 20,
          toPort: 30,
          cidrBlocks: ['0.0.0.0/0'],
        }),
        at: 'encoder',
        found: ['port 22 is open to 0.0.0.0/0'],
      },
      'everything from anywhere over IPv6': {
        change: set('encoder', 'ingress.0', {
          protocol: '-1',
          fromPort: 0,
          toPort: 0,
          ipv6CidrBlocks: ['::/0'],
        }),
        at: 'encoder',
        found: ['port 22 is open to ::/0', 'port 3389 is open to ::/0'],
      },
      'everything from anywhere in the default group': {
        change: set('default', 'ingress', [
          { protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'] },
        ]),
        at: 'default',
        found: ['port 22 is open to 0.0.0.0/0', 'port 3389 is open to 0.0.0.0/0'],
      },
    },
    nearMisses: {
      'a web port from anywhere': set('encoder', 'ingress.0.cidrBlocks', ['0.0.0.0/0']),
      'SSH from a company network': set('encoder', 'ingress.0.fromPort', 22),
      'ping from anywhere': set('encoder', 'ingress.0', {
        protocol: 'icmp',
        fromPort: 8,
        toPort: 255,
        cidrBlocks: ['0.0.0.0/0'],
      }),
    },
  });

  good.tries(onlyListedPortsFromAnywhere, {
    violating: {
      'SRT from anywhere': {
        change: set('srt', 'cidrIpv4', '0.0.0.0/0'),
        at: 'srt',
        found: ['UDP 9000 to 9010 is open to 0.0.0.0/0'],
      },
      'metrics from anywhere': {
        change: set('encoder', 'ingress.0', {
          protocol: '6',
          fromPort: 9464,
          toPort: 9464,
          cidrBlocks: ['10.0.0.0/16', '0.0.0.0/0'],
        }),
        at: 'encoder',
        found: ['TCP 9464 is open to 0.0.0.0/0'],
      },
      'a range around a listed port': {
        change: set('encoder', 'ingress.0', {
          protocol: 'tcp',
          fromPort: 80,
          toPort: 443,
          cidrBlocks: ['0.0.0.0/0'],
        }),
        at: 'encoder',
        found: ['TCP 80 to 443 is open to 0.0.0.0/0'],
      },
      'every protocol': {
        change: set('between', 'cidrIpv4', '0.0.0.0/0'),
        at: 'between',
        found: ['every port is open to 0.0.0.0/0'],
      },
    },
    nearMisses: { 'HTTPS from anywhere': set('encoder', 'ingress.0.cidrBlocks', ['0.0.0.0/0']) },
  });
  describe('where contribution is open', () => {
    good.tries(onlyListedPortsFromAnywhere, {
      settings: { udpPorts: ['443', '9000-9149'] },
      violating: {
        'a range that goes beyond': {
          change: both(set('srt', 'cidrIpv4', '0.0.0.0/0'), set('srt', 'toPort', 9150)),
          at: 'srt',
          found: ['UDP 9000 to 9150 is open to 0.0.0.0/0'],
        },
      },
      nearMisses: { 'SRT from anywhere': set('srt', 'cidrIpv4', '0.0.0.0/0') },
    });
  });

  good.tries(defaultSecurityGroupIsClosed, {
    violating: {
      'a default group that nobody has closed': {
        change: without('default'),
        at: 'vpc',
        found: ['its default security group is as AWS makes it'],
      },
      'a default group that lets everything out': {
        change: set('default', 'egress', [
          { protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'] },
        ]),
        at: 'vpc',
        found: ['its default security group default has rules'],
      },
    },
    nearMisses: { 'a default group that says nothing': unset('default', 'egress') },
  });

  good.tries(securityGroupRuleSaysWhy, {
    violating: {
      'a rule without words': {
        change: unset('srt', 'description'),
        at: 'srt',
        found: ['the rule has no description'],
      },
      'an inline rule with blanks': {
        change: set('encoder', 'ingress.0.description', ' '),
        at: 'encoder',
        found: ['a rule for ingress from port 443 has no description'],
      },
    },
    nearMisses: { 'few words': set('srt', 'description', 'SRT') },
  });

  good.tries(networkAclKeepsSshAndRdpOut, {
    violating: {
      'everything from anywhere': {
        change: set('acl', 'ingress.1', {
          ruleNo: 110,
          action: 'allow',
          protocol: '-1',
          cidrBlock: '0.0.0.0/0',
          fromPort: 0,
          toPort: 0,
        }),
        at: 'acl',
        found: ['port 22 is open to 0.0.0.0/0', 'port 3389 is open to 0.0.0.0/0'],
      },
      'ephemeral ports with RDP among them': {
        change: set('acl', 'ingress.1.toPort', 65_535),
        at: 'acl',
        found: ['port 3389 is open to 0.0.0.0/0'],
      },
      'a rule of its own': {
        change: set('acl-srt', 'protocol', '-1'),
        at: 'acl-srt',
        found: ['port 22 is open to 0.0.0.0/0', 'port 3389 is open to 0.0.0.0/0'],
      },
    },
    nearMisses: {
      'ephemeral ports after RDP was denied': set('acl', 'ingress', [
        {
          ruleNo: 20,
          action: 'allow',
          protocol: 'tcp',
          cidrBlock: '0.0.0.0/0',
          fromPort: 1024,
          toPort: 65_535,
        },
        { ruleNo: 10, action: 'deny', protocol: 'tcp', cidrBlock: '0.0.0.0/0', fromPort: 3389, toPort: 3389 },
      ]),
      'a rule of its own for a network': both(
        set('acl-srt', 'protocol', '-1'),
        set('acl-srt', 'cidrBlock', '10.0.0.0/8'),
      ),
      'UDP in a range with RDP': set('acl-srt', 'fromPort', 1024),
    },
    notApplicable: {
      'what leaves': {
        change: set('acl-srt', 'egress', true),
        at: 'acl-srt',
        reason: 'it is about what leaves',
      },
      'what denies': {
        change: set('acl-srt', 'ruleAction', 'deny'),
        at: 'acl-srt',
        reason: 'it allows nothing',
      },
    },
  });
});
