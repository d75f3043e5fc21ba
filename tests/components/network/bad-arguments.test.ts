import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { lateFailure } from '../storage/store-recording';
import { ZONES, recordVpc, refusal } from './network-recording';

const BLOCK =
  'a block of /16 to /22 in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, beginning at its first address';
const NO_NAT = 'there is no NAT gateway, and tasks have no public address';
const AWSX = { engine: 'awsx', zoneNames: { 'use1-az4': 'us-east-1a', 'use1-az6': 'us-east-1c' } };
const EXISTING = {
  vpcId: 'vpc-0123456789abcdef0',
  zones: { 'use1-az4': { privateSubnetId: 'subnet-0123456789abcdef0' } },
};

describe('bad arguments of MediaVpc', () => {
  const CASES: [args: object, path: string, reason: string][] = [
    [
      { zones: undefined },
      'zones',
      "is absent; allowed: ids of 2 to 6 Availability Zones of one region; to correct it: write ['use1-az4', 'use1-az6']",
    ],
    [
      { zones: ['use1-az4'] },
      'zones',
      'is ["use1-az4"] (1 zones); allowed: ids of 2 to 6 Availability Zones',
    ],
    [{ zones: 'use1-az4' }, 'zones', 'is "use1-az4"; allowed: ids of 2 to 6'],
    [{ zones: pulumi.output(ZONES) }, 'zones', 'is "known later"; allowed: ids of 2 to 6'],
    [
      { zones: ['use1-az4', 'us-east-1c'] },
      'zones[1]',
      'is "us-east-1c" (the name of a zone, which is another zone in each account); allowed: the id of an Availability Zone, as use1-az4; to correct it: take the ZoneId, not the ZoneName, of `aws ec2 describe-availability-zones`',
    ],
    [
      { zones: ['usw2-az1', 'usw2-az2', 'usw2-lax1-az1'] },
      'zones[2]',
      'is "usw2-lax1-az1" (a Local Zone or a Wavelength Zone: these lack NAT gateways or interface endpoints); allowed: the id',
    ],
    [{ zones: ['use1-az4', 7, 'use1-az6'] }, 'zones[1]', 'is 7; allowed: the id of an Availability Zone'],
    [
      { zones: ['use1-az4', 'use1-az6', 'use1-az4'] },
      'zones[2]',
      'is "use1-az4" (it is there twice); allowed: each zone once; to correct it: remove one',
    ],
    [
      { zones: ['use1-az4', 'euw1-az1'] },
      'zones',
      'is ["use1-az4","euw1-az1"] (zones of different regions); allowed: ids of 2 to 6 Availability Zones of one region; to correct it: make a network for each region',
    ],
    ...['10.0.0.0/15', '10.0.0.0/23', '10.0.1.0/16', '8.8.0.0/16', '172.32.0.0/16', 'x', 5].map(
      (cidrBlock): [object, string, string] => [
        { cidrBlock },
        'cidrBlock',
        `is ${JSON.stringify(cidrBlock)}; allowed: ${BLOCK}; to correct it: write '10.0.0.0/16'`,
      ],
    ),
    [
      { cidrBlock: '172.17.128.0/18' },
      'cidrBlock',
      `is "172.17.128.0/18" (172.17.0.0/16 is Docker's own network on each host); allowed: ${BLOCK}; to correct it: choose another block`,
    ],
    [
      { cidrBlock: pulumi.output('10.0.0.0/16') },
      'cidrBlock',
      'is "known later"; allowed: a block of /16 to /22',
    ],
    [
      { separateFrom: ['10.1.0.0/16', '10.0.200.0/24'] },
      'separateFrom[1]',
      'is "10.0.200.0/24" (cidrBlock, 10.0.0.0/16, overlaps it); allowed: blocks apart from cidrBlock; to correct it: choose another cidrBlock',
    ],
    [
      { separateFrom: ['office'] },
      'separateFrom[0]',
      'is "office"; allowed: a block of IPv4; to correct it: write',
    ],
    [{ separateFrom: '10.1.0.0/16' }, 'separateFrom', 'is "10.1.0.0/16"; allowed: a list of blocks'],
    [{ ipv6: 'yes' }, 'ipv6', 'is "yes"; allowed: true, false'],
    [{ networkAcls: {} }, 'networkAcls', 'is {}; allowed: true, false'],
    [{ nat: 'two' }, 'nat', 'is "two"; allowed: per-zone, one, none; to correct it: choose one'],
    [
      { natZone: 'use1-az1', nat: 'one' },
      'natZone',
      'is "use1-az1"; allowed: one of zones: use1-az4, use1-az6; to correct it: choose one',
    ],
    [
      { natZone: 'use1-az4', nat: 'per-zone' },
      'natZone',
      'is "use1-az4" (nat is "per-zone"); allowed: none; to correct it: remove it, or set nat to \'one\'',
    ],
    [{ natZone: 'use1-az4' }, 'natZone', 'is "use1-az4" (nat is "per-zone"); allowed: none'],
    [
      { gatewayEndpoints: ['s3', 'sqs'] },
      'gatewayEndpoints[1]',
      'is "sqs" (no such service); allowed: s3, s3express, dynamodb; to correct it: write what stands behind com.amazonaws.<region>.',
    ],
    [
      { zones: ['euc1-az1', 'euc1-az2'], gatewayEndpoints: ['s3', 's3express'] },
      'gatewayEndpoints',
      'is ["s3","s3express"] (the region of euc1 has no S3 Express One Zone, as of 2026-11-21); allowed: a list of s3, dynamodb; to correct it: remove',
    ],
    [{ gatewayEndpoints: 's3' }, 'gatewayEndpoints', 'is "s3"; allowed: a list of s3, s3express, dynamodb'],
    [
      { interfaceEndpoints: ['com.amazonaws.us-east-1.kms'] },
      'interfaceEndpoints[0]',
      'is "com.amazonaws.us-east-1.kms" (no such service); allowed: application-autoscaling, autoscaling, ec2,',
    ],
    [
      { interfaceEndpoints: ['kms', 'kms'] },
      'interfaceEndpoints[1]',
      'is "kms" (it is there twice); allowed: each service once; to correct it: remove one',
    ],
    [
      {
        nat: 'none',
        interfaceEndpoints: ['ecr.api', 'ecr.dkr', 'ecs', 'ecs-agent', 'ecs-telemetry', 'logs', 'kms'],
      },
      'interfaceEndpoints',
      `is ["ecr.api","ecr.dkr","ecs","ecs-agent","ecs-telemetry","logs","kms"] (${NO_NAT}); allowed: a list with secretsmanager, ssm, ssmmessages; to correct it: add these, leave interfaceEndpoints out to have them all, or choose another nat`,
    ],
    [
      { nat: 'none', gatewayEndpoints: ['dynamodb'] },
      'gatewayEndpoints',
      `is ["dynamodb"] (${NO_NAT}); allowed: a list with s3, where layers of images come from; to correct it: add 's3', or choose another nat`,
    ],
    [
      { trustedAccounts: ['12345'] },
      'trustedAccounts[0]',
      'is "12345"; allowed: the 12 digits of an account',
    ],
    [
      { trustedAccounts: '123456789012' },
      'trustedAccounts',
      'is "123456789012"; allowed: a list of accounts',
    ],
    [
      { flowLogs: true },
      'flowLogs',
      "is true; allowed: an object; to correct it: write false or { keepFor: '30 days' }",
    ],
    [
      { flowLogs: { traffic: 'all' } },
      'flowLogs.traffic',
      'is "all"; allowed: ALL, ACCEPT, REJECT; to correct it:',
    ],
    [
      { flowLogs: { intervalSeconds: 300 } },
      'flowLogs.intervalSeconds',
      'is 300; allowed: 60, 600; to correct it: choose one: AWS sums up by these',
    ],
    ...['0 days', '3654 days', 'a month'].map((keepFor): [object, string, string] => [
      { flowLogs: { keepFor } },
      'flowLogs.keepFor',
      `is "${keepFor}"; allowed: a number, a space and a unit: seconds, minutes, hours, days or weeks; above 0, at most 3653 days; to correct it: write it as '30 days'`,
    ]),
    [
      { flowLogs: { bucketArn: 'arn:aws:s3:::ours', keepFor: '30 days' } },
      'flowLogs.keepFor',
      `is "30 days" (records go to a bucket, whose lifecycle is its owner's); allowed: none; to correct it: remove keepFor or bucketArn`,
    ],
    [
      { flowLogs: { bucketArn: 'ours' } },
      'flowLogs.bucketArn',
      'is "ours"; allowed: the ARN of a bucket, as arn:aws:s3:::',
    ],
    [{ flowLogs: { keepfor: '1 day' } }, 'flowLogs.keepfor', 'is "1 day" (there is no such property)'],
    [{ engine: 'cdk' }, 'engine', 'is "cdk"; allowed: aws, awsx; to correct it: choose one'],
    [
      { zoneNames: AWSX.zoneNames },
      'zoneNames',
      'is {"use1-az4":"us-east-1a","use1-az6":"us-east-1c"} (only awsx takes names of zones); allowed: none; to correct it: remove it, or set engine to \'awsx\'',
    ],
    [
      { engine: 'awsx' },
      'zoneNames',
      "is absent; allowed: an object; to correct it: write { 'use1-az4': 'us-east-1a',",
    ],
    [
      { engine: 'awsx', zoneNames: { 'use1-az4': 'us-east-1a' } },
      'zoneNames["use1-az6"]',
      'is absent; allowed: the name of a zone, as us-east-1a; to correct it: take ZoneName of',
    ],
    [
      { engine: 'awsx', zoneNames: { 'use1-az4': 'us-east-1a', 'use1-az6': 'us-east-1a' } },
      'zoneNames["use1-az6"]',
      'is "us-east-1a" (use1-az4 has it too); allowed: a name a zone',
    ],
    [
      { ...AWSX, ipv6: true },
      'ipv6',
      'is true (awsx makes no routes for IPv6 and no egress-only gateway); allowed: false; to correct it: remove it, or set',
    ],
    [
      { ...AWSX, nat: 'one', natZone: 'use1-az6' },
      'natZone',
      'is "use1-az6" (awsx puts it into the first zone); allowed: use1-az4; to correct it: put this zone first in zones',
    ],
    [{ environment: 'production' }, 'environment', 'is "production"; allowed: local, dev, staging, prod'],
    [{ protection: true }, 'protection', 'is true; allowed: an object'],
    [{ protection: { protect: 1 } }, 'protection.protect', 'is 1; allowed: true, false'],
    [
      { protection: { forceDestroy: true } },
      'protection.forceDestroy',
      'is true (there is no such property)',
    ],
    [{ tags: { 'aws:x': 'y' } }, 'tags["aws:x"]', 'is "aws:x" (the key); allowed: 1 to 128'],
    [
      { natGateways: 'one' },
      'natGateways',
      'is "one" (there is no such property); allowed: zones, cidrBlock,',
    ],
  ];
  for (const [args, path, reason] of CASES) {
    const shown = JSON.stringify(args, (_, value: unknown) =>
      pulumi.Output.isInstance(value) ? '...' : value,
    );
    it(`${shown.slice(0, 100)}: says what is wrong with ${path}`, async () => {
      const { errors } = await refusal({ zones: ZONES, ...args });
      expect(errors.map(({ propertyPath }) => propertyPath)).to.deep.equal([path]);
      expect(errors[0]!.reason.slice(0, reason.length)).to.equal(reason);
    });
  }

  for (const [existing, path, reason] of [
    [
      { ...EXISTING, vpcId: 'media' },
      'existing.vpcId',
      'is "media"; allowed: the id of a VPC, as vpc-0123456789abcdef0',
    ],
    [{ ...EXISTING, zones: {} }, 'existing.zones', 'is {}; allowed: an object of zones by their ids'],
    [
      { ...EXISTING, zones: { 'use1-az4': {} } },
      'existing.zones["use1-az4"].privateSubnetId',
      'is absent; allowed: the id of a subnet, as subnet-0123456789abcdef0; to correct it: give its id',
    ],
    [
      { ...EXISTING, zones: { 'us-east-1a': EXISTING.zones['use1-az4'] } },
      'existing.zones["us-east-1a"]',
      'is "us-east-1a" (the name of a zone',
    ],
    [
      { ...EXISTING, zones: { 'use1-az4': 'subnet-1' } },
      'existing.zones["use1-az4"]',
      'is "subnet-1"; allowed: an object',
    ],
    [
      { ...EXISTING, zones: { 'use1-az4': { ...EXISTING.zones['use1-az4'], publicId: 'x' } } },
      'existing.zones["use1-az4"].publicId',
      'is "x" (there is no such property); allowed: publicSubnetId,',
    ],
    [null, 'existing', 'is null; allowed: a MediaVpc or an object of ids'],
  ] as const) {
    it(`existing ${JSON.stringify(existing)}: says what is wrong with ${path}`, async () => {
      const { errors } = await refusal({ existing });
      expect(errors.map(({ propertyPath }) => propertyPath)).to.deep.equal([path]);
      expect(errors[0]!.reason.slice(0, reason.length)).to.equal(reason);
    });
  }

  it('beside an existing network are all those that would have no effect', async () => {
    const { errors } = await refusal({
      existing: EXISTING,
      zones: ZONES,
      nat: 'one',
      environment: 'dev',
      tags: {},
    });
    expect(errors.map(({ propertyPath }) => propertyPath)).to.deep.equal(['zones', 'nat', 'tags']);
    expect(errors[1]!.reason).to.equal(
      'is "one" (an existing network is used as it is); allowed: none; to correct it: remove it, and change the network where it is made; or remove existing',
    );
  });

  it('are told of names that children would make too long, or that AWS keeps for itself', async () => {
    for (const name of ['n'.repeat(47), 'sg-media', '9', 'a_b']) {
      const { errors } = await refusal({ zones: ZONES }, {}, name);
      expect(
        errors.map(({ propertyPath }) => propertyPath),
        name,
      ).to.deep.equal(['name']);
      expect(errors[0]!.reason).to.include(
        'allowed: 1 to 46 letters, digits and hyphens, a letter first, not sg-',
      );
    }
  });

  it('are told of transforms that there are none of', async () => {
    const { errors } = await refusal({ zones: ZONES }, { transform: { subnets: {} } });
    expect(errors.map(({ propertyPath }) => propertyPath)).to.deep.equal(['transform.subnets']);
    expect(errors[0]!.reason).to.include('to correct it: write subnet');
  });

  it('are told all at once', async () => {
    const { errors, message } = await refusal({
      zones: [],
      cidrBlock: 'c',
      nat: 'n',
      engine: 'e',
      environment: 'x',
    });
    expect(errors.map(({ propertyPath }) => propertyPath)).to.have.members([
      'zones',
      'cidrBlock',
      'nat',
      'engine',
      'environment',
    ]);
    expect(message.split('\n')[0]).to.equal('MediaVpc "media" has 5 bad arguments:');
  });

  it('that are known later are refused in the same words', async () => {
    const late = () => recordVpc({ trustedAccounts: [pulumi.output('12345')] });
    expect(await lateFailure(late)).to.include(
      'trustedAccounts[0] is "12345"; allowed: the 12 digits of an account',
    );
    const bucket = () => recordVpc({ flowLogs: { bucketArn: pulumi.output('ours') } });
    expect(await lateFailure(bucket)).to.include(
      'flowLogs.bucketArn is "ours"; allowed: the ARN of a bucket',
    );
  });

  it("are zones that are not the provider's", async () => {
    const late = () => recordVpc({ zones: ['euw1-az1', 'euw1-az2'] });
    expect(await lateFailure(late)).to.include(
      '(zones of euw1, and the provider is in us-east-1); allowed: zones of us-east-1, as use1-az1; to correct it: ' +
        "change the zones, or aws:region or the provider's region",
    );
  });
});
