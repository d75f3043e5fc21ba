import { expect } from 'chai';
import { aclRules } from '../../../components/network/acls';
import { ALL_ZONES, ZONES, child, inputs, ofType, ownTags, recordVpc } from './network-recording';
import type { Recorded } from '../storage/store-recording';

const TIERS = ['public', 'private', 'isolated'] as const;
const names = (recorded: Recorded, type: string) =>
  ofType(recorded, type)
    .map(({ name }) => name)
    .sort();

describe('the children of MediaVpc', () => {
  describe('with two zones and no other argument', () => {
    let vpc: Recorded;
    let vpcId: unknown;
    before(async () => {
      vpc = await recordVpc();
      vpcId = child(vpc, 'Vpc', 'media-vpc').id;
    });

    it('are these and no others', () => {
      const zonal = (make: (zone: string) => string[]) => ZONES.flatMap(make);
      expect(vpc.list).to.deep.equal(
        [
          'media MediaVpc',
          'media-vpc Vpc',
          'media-default DefaultSecurityGroup',
          'media-internet InternetGateway',
          ...zonal((zone) => [
            ...TIERS.flatMap((tier) => [
              `media-${tier}-${zone} Subnet`,
              `media-${tier}-${zone}-association RouteTableAssociation`,
            ]),
            `media-private-${zone}-routes RouteTable`,
            `media-private-${zone}-out Route`,
            `media-nat-${zone} NatGateway`,
            `media-nat-${zone}-address Eip`,
          ]),
          'media-public-routes RouteTable',
          'media-public-out Route',
          'media-isolated-routes RouteTable',
          ...TIERS.map((tier) => `media-${tier}-acl NetworkAcl`),
          ...['s3', 's3express', 'dynamodb'].map((service) => `media-${service} VpcEndpoint`),
          ...[
            'ecr-api',
            'ecr-dkr',
            'kms',
            'logs',
            'monitoring',
            'secretsmanager',
            'ssm',
            'ssmmessages',
            'sts',
          ].map((service) => `media-${service} VpcEndpoint`),
          'media-endpoints SecurityGroup',
          'media-endpoints-https SecurityGroupIngressRule',
          'media-flow-log FlowLog',
          'media-flow-logs LogGroup',
          'media-flow-logs Role',
          'media-flow-logs RolePolicy',
        ].sort(),
      );
    });

    it('are a VPC with names for what is in it, and a default security group that lets nothing pass', () => {
      expect(inputs(vpc, 'Vpc', 'media-vpc')).to.deep.equal({
        cidrBlock: '10.0.0.0/16',
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: ownTags('media-vpc'),
      });
      expect(inputs(vpc, 'DefaultSecurityGroup', 'media-default')).to.deep.equal({
        vpcId,
        ingress: [],
        egress: [],
        tags: ownTags('media-default'),
      });
    });

    it('are subnets by the ids of zones, none of which gives out public addresses', () => {
      expect(inputs(vpc, 'Subnet', 'media-private-use1-az4')).to.deep.equal({
        vpcId,
        availabilityZoneId: 'use1-az4',
        cidrBlock: '10.0.96.0/20',
        mapPublicIpOnLaunch: false,
        tags: ownTags('media-private-use1-az4'),
      });
      for (const subnet of ofType(vpc, 'Subnet')) {
        expect(subnet.inputs['mapPublicIpOnLaunch'], subnet.name).to.equal(false);
        expect(subnet.inputs, subnet.name).not.to.have.property('availabilityZone');
      }
    });

    it('are a NAT gateway in the public subnet of each zone, and a table for each that leads to its own', () => {
      expect(ofType(vpc, 'NatGateway')).to.have.length(ZONES.length);
      for (const zone of ZONES) {
        const nat = child(vpc, 'NatGateway', `media-nat-${zone}`);
        expect(nat.inputs).to.deep.equal({
          allocationId: child(vpc, 'Eip', `media-nat-${zone}-address`).id,
          subnetId: child(vpc, 'Subnet', `media-public-${zone}`).id,
          tags: ownTags(`media-nat-${zone}`),
        });
        const table = child(vpc, 'RouteTable', `media-private-${zone}-routes`);
        expect(inputs(vpc, 'Route', `media-private-${zone}-out`)).to.deep.equal({
          routeTableId: table.id,
          destinationCidrBlock: '0.0.0.0/0',
          natGatewayId: nat.id,
        });
        expect(inputs(vpc, 'RouteTableAssociation', `media-private-${zone}-association`)).to.deep.equal({
          routeTableId: table.id,
          subnetId: child(vpc, 'Subnet', `media-private-${zone}`).id,
        });
      }
    });

    it('are one table of public subnets, which leads to the internet gateway', () => {
      const table = child(vpc, 'RouteTable', 'media-public-routes').id;
      expect(inputs(vpc, 'Route', 'media-public-out')).to.deep.equal({
        routeTableId: table,
        destinationCidrBlock: '0.0.0.0/0',
        gatewayId: child(vpc, 'InternetGateway', 'media-internet').id,
      });
      for (const zone of ZONES) {
        expect(inputs(vpc, 'RouteTableAssociation', `media-public-${zone}-association`)).to.deep.equal({
          routeTableId: table,
          subnetId: child(vpc, 'Subnet', `media-public-${zone}`).id,
        });
      }
    });

    it('are network ACLs of the tiers, each of all its subnets', () => {
      for (const tier of TIERS) {
        const { ingress, egress } = aclRules(tier, { ipv4: '10.0.0.0/16' });
        expect(inputs(vpc, 'NetworkAcl', `media-${tier}-acl`)).to.deep.equal({
          vpcId,
          subnetIds: ZONES.map((zone) => child(vpc, 'Subnet', `media-${tier}-${zone}`).id),
          ingress,
          egress,
          tags: ownTags(`media-${tier}-acl`),
        });
      }
    });

    it('are flow logs that are kept for 30 days, by a role that can do nothing else', () => {
      const group = child(vpc, 'LogGroup', 'media-flow-logs');
      const arn = group.outputs['arn'] as string;
      const role = child(vpc, 'Role', 'media-flow-logs');
      expect(group.inputs).to.deep.equal({ retentionInDays: 30, tags: ownTags('media-flow-logs') });
      expect(inputs(vpc, 'FlowLog', 'media-flow-log')).to.deep.equal({
        vpcId,
        trafficType: 'ALL',
        maxAggregationInterval: 600,
        logDestinationType: 'cloud-watch-logs',
        logDestination: arn,
        iamRoleArn: role.outputs['arn'],
        tags: ownTags('media-flow-log'),
      });
      expect(JSON.parse(role.inputs['assumeRolePolicy'] as string)).to.deep.equal({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: {
              StringEquals: { 'aws:SourceAccount': '123456789012' },
              ArnLike: { 'aws:SourceArn': 'arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/*' },
            },
          },
        ],
      });
      const policy = child(vpc, 'RolePolicy', 'media-flow-logs').inputs;
      expect(policy['role']).to.equal(role.outputs['name']);
      expect(JSON.parse(policy['policy'] as string)).to.deep.equal({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Write',
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
            Resource: [arn, `${arn}:*`],
          },
          {
            Sid: 'Find',
            Effect: 'Allow',
            Action: 'logs:DescribeLogGroups',
            Resource: 'arn:aws:logs:us-east-1:123456789012:log-group:*',
          },
        ],
      });
    });

    it('compose by what the network tells', () => {
      const idsOf = (zone: string) =>
        Object.fromEntries(
          TIERS.map((tier) => [`${tier}SubnetId`, child(vpc, 'Subnet', `media-${tier}-${zone}`).id]),
        );
      expect(vpc.graph.outputs).to.deep.equal({
        vpcId,
        cidrBlock: '10.0.0.0/16',
        ipv6CidrBlock: '',
        zones: { 'use1-az4': idsOf('use1-az4'), 'use1-az6': idsOf('use1-az6') },
        natAddresses: Object.fromEntries(
          ZONES.map((zone) => [zone, child(vpc, 'Eip', `media-nat-${zone}-address`).outputs['publicIp']]),
        ),
        endpointSecurityGroupId: child(vpc, 'SecurityGroup', 'media-endpoints').id,
        egress: 'prod has a NAT gateway in each zone, so that none depends on another',
      });
    });
  });

  describe('with IPv6', () => {
    let vpc: Recorded;
    before(async () => {
      vpc = await recordVpc({ ipv6: true });
    });

    it('have a /64 a subnet, and addresses of it', () => {
      expect(inputs(vpc, 'Vpc', 'media-vpc')['assignGeneratedIpv6CidrBlock']).to.equal(true);
      const blocks = ofType(vpc, 'Subnet').map(({ inputs: given }) => given['ipv6CidrBlock'] as string);
      expect(new Set(blocks).size).to.equal(6);
      for (const block of blocks) expect(block).to.match(/^2001:db8:[0-9a-f:]+::\/64$/);
      for (const subnet of ofType(vpc, 'Subnet')) {
        expect(subnet.inputs['assignIpv6AddressOnCreation'], subnet.name).to.equal(true);
      }
      expect(vpc.graph.outputs['ipv6CidrBlock']).to.match(/::\/56$/);
    });

    it('are reached from outside in public subnets only: private ones have an egress-only gateway', () => {
      const gateway = child(vpc, 'EgressOnlyInternetGateway', 'media-egress-only').id;
      const v6 = ofType(vpc, 'Route').filter((route) => 'destinationIpv6CidrBlock' in route.inputs);
      expect(v6.map(({ name }) => name).sort()).to.deep.equal([
        'media-private-use1-az4-ipv6-out',
        'media-private-use1-az6-ipv6-out',
        'media-public-ipv6-out',
      ]);
      for (const { name, inputs: given } of v6) {
        expect(given['destinationIpv6CidrBlock']).to.equal('::/0');
        if (name.includes('private')) expect(given['egressOnlyGatewayId'], name).to.equal(gateway);
        else expect(given['gatewayId'], name).to.equal(child(vpc, 'InternetGateway', 'media-internet').id);
      }
    });
  });

  it('in isolated subnets have no route out, of IPv4 or IPv6, in any form', async () => {
    const forms = [{}, { ipv6: true }, { nat: 'one' }, { nat: 'none', zones: ALL_ZONES }] as const;
    for (const form of forms) {
      const vpc = await recordVpc(form);
      const table = child(vpc, 'RouteTable', 'media-isolated-routes');
      expect(table.inputs).not.to.have.property('routes');
      const routes = ofType(vpc, 'Route').filter((route) => route.inputs['routeTableId'] === table.id);
      expect(routes).to.deep.equal([]);
      for (const subnet of ofType(vpc, 'Subnet').filter(({ name }) => name.includes('-isolated-'))) {
        const of = ofType(vpc, 'RouteTableAssociation').filter(
          ({ inputs: given }) => given['subnetId'] === subnet.id,
        );
        expect(
          of.map(({ inputs: given }) => given['routeTableId']),
          subnet.name,
        ).to.deep.equal([table.id]);
      }
    }
  });

  it("with one NAT gateway share it from every zone's table, in the zone that is asked for", async () => {
    for (const [args, zone] of [
      [{ nat: 'one' }, 'use1-az4'],
      [{ nat: 'one', zones: ['use1-az6', 'use1-az4'] }, 'use1-az6'],
      [{ nat: 'one', natZone: 'use1-az6' }, 'use1-az6'],
    ] as const) {
      const vpc = await recordVpc(args);
      expect(names(vpc, 'NatGateway')).to.deep.equal([`media-nat-${zone}`]);
      const nat = child(vpc, 'NatGateway', `media-nat-${zone}`).id;
      const routes = ofType(vpc, 'Route').filter(({ inputs: given }) => given['natGatewayId'] === nat);
      expect(routes.map(({ name }) => name).sort()).to.deep.equal(
        ZONES.map((each) => `media-private-${each}-out`),
      );
    }
  });

  it('without NAT gateways have an endpoint for all that tasks need, and nothing that costs by its address', async () => {
    const vpc = await recordVpc({ nat: 'none', environment: 'dev' });
    expect(ofType(vpc, 'NatGateway')).to.deep.equal([]);
    expect(ofType(vpc, 'Eip')).to.deep.equal([]);
    expect(names(vpc, 'Route')).to.deep.equal(['media-public-out']);
    const services = [
      'ecr-api',
      'ecr-dkr',
      'ecs',
      'ecs-agent',
      'ecs-telemetry',
      'logs',
      'secretsmanager',
      'ssm',
    ];
    expect(names(vpc, 'VpcEndpoint')).to.deep.equal(
      [...services, 'ssmmessages', 's3', 's3express', 'dynamodb'].map((service) => `media-${service}`).sort(),
    );
  });

  it('are without network ACLs and flow logs where the program says so', async () => {
    const vpc = await recordVpc({ networkAcls: false, flowLogs: false });
    for (const type of ['NetworkAcl', 'FlowLog', 'LogGroup', 'Role', 'RolePolicy']) {
      expect(ofType(vpc, type), type).to.deep.equal([]);
    }
  });

  it('log as the program says, with the next retention that CloudWatch Logs has', async () => {
    const flowLogs = { traffic: 'REJECT', intervalSeconds: 60, keepFor: '100 days' } as const;
    const vpc = await recordVpc({ flowLogs });
    expect(inputs(vpc, 'LogGroup', 'media-flow-logs')['retentionInDays']).to.equal(120);
    expect(inputs(vpc, 'FlowLog', 'media-flow-log')).to.include({
      trafficType: 'REJECT',
      maxAggregationInterval: 60,
    });
  });

  it('log to a bucket with neither role nor log group', async () => {
    const vpc = await recordVpc({ flowLogs: { bucketArn: 'arn:aws:s3:::ours/media/' } });
    expect(inputs(vpc, 'FlowLog', 'media-flow-log')).to.deep.equal({
      vpcId: child(vpc, 'Vpc', 'media-vpc').id,
      trafficType: 'ALL',
      maxAggregationInterval: 600,
      logDestinationType: 's3',
      logDestination: 'arn:aws:s3:::ours/media/',
      tags: ownTags('media-flow-log'),
    });
    expect(ofType(vpc, 'Role')).to.deep.equal([]);
    expect(ofType(vpc, 'LogGroup')).to.deep.equal([]);
  });
});
