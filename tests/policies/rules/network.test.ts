import * as aws from '@pulumi/aws';
import { noSshOrRdpFromAnywhere } from '../../../policies/rules/network/no-ssh-or-rdp-from-anywhere';
import { GoodProgram, set } from '../cases';

const good = new GoodProgram(() => {
  const vpc = new aws.ec2.Vpc('vpc', { cidrBlock: '10.0.0.0/16' });
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
  });
});

describe('rules of the network', () => {
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
    },
    nearMisses: {
      'a web port from anywhere': set('encoder', 'ingress.0.cidrBlocks', ['0.0.0.0/0']),
      'SSH from a company network': set('encoder', 'ingress.0.fromPort', 22),
    },
  });
});
