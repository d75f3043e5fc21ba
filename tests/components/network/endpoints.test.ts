import { expect } from 'chai';
import * as pulumi from '@pulumi/pulumi';
import { endpointPolicy } from '../../../components/network/endpoint-policies';
import { gatewayServicesOf, serviceName } from '../../../components/network/services';
import { ZONES, child, inputs, ofType, ownTags, recordVpc } from './network-recording';
import type { Recorded } from '../storage/store-recording';

const PLACE = { partition: 'aws', region: 'us-east-1', accounts: ['123456789012'] };
const serviceNames = (vpc: Recorded, kind: string) =>
  ofType(vpc, 'VpcEndpoint')
    .filter(({ inputs: given }) => given['vpcEndpointType'] === kind)
    .map(({ inputs: given }) => given['serviceName'] as string)
    .sort();
const own = (accounts: readonly string[] = ['123456789012']) => ({
  Sid: 'OwnPrincipals',
  Effect: 'Allow',
  Principal: '*',
  Action: '*',
  Resource: '*',
  Condition: { StringEquals: { 'aws:PrincipalAccount': accounts } },
});

describe('the endpoints of MediaVpc', () => {
  let vpc: Recorded;
  before(async () => {
    vpc = await recordVpc();
  });

  it('keep the traffic to S3, S3 Express and DynamoDB off NAT gateways, in every route table', () => {
    expect(serviceNames(vpc, 'Gateway')).to.deep.equal([
      'com.amazonaws.us-east-1.dynamodb',
      'com.amazonaws.us-east-1.s3',
      'com.amazonaws.us-east-1.s3express',
    ]);
    const tables = ofType(vpc, 'RouteTable').map(({ id }) => id);
    expect(tables).to.have.length(4);
    for (const service of ['s3', 's3express', 'dynamodb']) {
      expect(inputs(vpc, 'VpcEndpoint', `media-${service}`)['routeTableIds'], service).to.have.members(
        tables,
      );
    }
  });

  it('in prod are exactly these, with private DNS, in isolated subnets', () => {
    expect(serviceNames(vpc, 'Interface')).to.deep.equal(
      ['ecr.api', 'ecr.dkr', 'kms', 'logs', 'monitoring', 'secretsmanager', 'ssm', 'ssmmessages', 'sts'].map(
        (service) => `com.amazonaws.us-east-1.${service}`,
      ),
    );
    expect(inputs(vpc, 'VpcEndpoint', 'media-secretsmanager')).to.deep.equal({
      vpcId: child(vpc, 'Vpc', 'media-vpc').id,
      vpcEndpointType: 'Interface',
      privateDnsEnabled: true,
      subnetIds: ZONES.map((zone) => child(vpc, 'Subnet', `media-isolated-${zone}`).id),
      securityGroupIds: [child(vpc, 'SecurityGroup', 'media-endpoints').id],
      serviceName: 'com.amazonaws.us-east-1.secretsmanager',
      policy: JSON.stringify({ Version: '2012-10-17', Statement: [own()] }),
      tags: ownTags('media-secretsmanager'),
    });
  });

  it('take HTTPS from the VPC and nothing else from anywhere', () => {
    const group = child(vpc, 'SecurityGroup', 'media-endpoints');
    expect(group.inputs).not.to.have.any.keys('ingress', 'egress');
    const rules = ofType(vpc, 'SecurityGroupIngressRule');
    expect(rules.map(({ inputs: given }) => given)).to.deep.equal([
      {
        securityGroupId: group.id,
        ipProtocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        cidrIpv4: '10.0.0.0/16',
        description: 'HTTPS from the VPC',
        tags: ownTags('media-endpoints-https'),
      },
    ]);
  });

  it('let S3 serve what the host itself needs, by name', () => {
    const policy = JSON.parse(inputs(vpc, 'VpcEndpoint', 'media-s3')['policy'] as string) as {
      Statement: { Sid: string; Action: string; Resource: string[] }[];
    };
    expect(policy.Statement.map(({ Sid }) => Sid)).to.deep.equal(['OwnPrincipals', 'BucketsOfServices']);
    const [, buckets] = policy.Statement;
    expect(buckets!.Action).to.equal('s3:GetObject');
    expect(buckets!.Resource).to.include.members([
      'arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*',
      'arn:aws:s3:::al2023-repos-us-east-1-de612dc2/*',
    ]);
    for (const resource of buckets!.Resource) expect(resource).to.match(/^arn:aws:s3:::[a-z0-9-]+\/\*$/);
  });

  it('let web identities take roles of the account', () => {
    const { Statement } = endpointPolicy('sts', PLACE)!;
    expect(Statement[1]).to.deep.equal({
      Sid: 'RolesOfTheAccount',
      Effect: 'Allow',
      Principal: '*',
      Action: ['sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithSAML'],
      Resource: ['arn:aws:iam::123456789012:role/*'],
    });
  });

  it('have no policy where requests are not signed by roles, or the service takes none', () => {
    for (const service of ['ecr.dkr', 'ssmmessages', 'ecs-agent', 'ecs-telemetry'] as const) {
      expect(endpointPolicy(service, PLACE), service).to.equal(undefined);
    }
    expect(inputs(vpc, 'VpcEndpoint', 'media-ecr-dkr')).not.to.have.property('policy');
  });

  it('admit the accounts that the program trusts, known later too', async () => {
    const trusting = await recordVpc({ trustedAccounts: ['210987654321', pulumi.output('111122223333')] });
    expect(JSON.parse(inputs(trusting, 'VpcEndpoint', 'media-kms')['policy'] as string)).to.deep.equal({
      Version: '2012-10-17',
      Statement: [own(['123456789012', '210987654321', '111122223333'])],
    });
  });

  it('are those that are asked for, and without any there is no security group', async () => {
    const two = await recordVpc({ interfaceEndpoints: ['logs', 'kms'], gatewayEndpoints: ['s3'] });
    expect(serviceNames(two, 'Interface')).to.deep.equal([
      'com.amazonaws.us-east-1.kms',
      'com.amazonaws.us-east-1.logs',
    ]);
    expect(serviceNames(two, 'Gateway')).to.deep.equal(['com.amazonaws.us-east-1.s3']);
    const none = await recordVpc({ interfaceEndpoints: [] });
    expect(serviceNames(none, 'Interface')).to.deep.equal([]);
    expect(ofType(none, 'SecurityGroup')).to.deep.equal([]);
    expect(none.graph.outputs['endpointSecurityGroupId']).to.equal('');
  });

  it('leave S3 Express out where the region is not known to have it', () => {
    expect(gatewayServicesOf('use1')).to.deep.equal(['s3', 's3express', 'dynamodb']);
    for (const prefix of ['euc1', 'sae1'])
      expect(gatewayServicesOf(prefix), prefix).to.deep.equal(['s3', 'dynamodb']);
  });

  it("are named after the provider's own region and partition", async () => {
    const config = { 'aws:region': 'us-gov-west-1' };
    const elsewhere = await recordVpc({ zones: ['usgw1-az1', 'usgw1-az2'] }, {}, { config });
    expect(serviceNames(elsewhere, 'Gateway')).to.deep.equal(
      ['dynamodb', 's3'].map((service) => serviceName('us-gov-west-1', service)),
    );
    expect(inputs(elsewhere, 'VpcEndpoint', 'media-s3')['policy']).to.include(
      'arn:aws-us-gov:s3:::prod-us-gov-west-1-starport-layer-bucket/*',
    );
  });
});
