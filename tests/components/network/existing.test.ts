import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { MediaVpc, type MediaNetwork } from '../../../components/network';
import { InputProblems } from '../../../components/kit';
import { checkNetwork, type NetworkNeeds } from '../../../components/network/network';
import { lateFailure, recordProgramOf } from '../storage/store-recording';
import { child, ofType, recordVpc, told } from './network-recording';

const subnet = (n: number) => `subnet-${String(n).repeat(17)}`;
const NETWORK: MediaNetwork = {
  vpcId: 'vpc-0123456789abcdef0',
  zones: {
    'use1-az4': { publicSubnetId: subnet(1), privateSubnetId: subnet(2), isolatedSubnetId: subnet(3) },
    'use1-az6': { privateSubnetId: pulumi.output(subnet(4)) },
  },
};

describe('MediaVpc of a network that is there already', () => {
  it('reads VPC and subnets and makes nothing', async () => {
    const vpc = await recordProgramOf(() => told(MediaVpc.adopt('media', NETWORK)));
    expect(vpc.list).to.deep.equal([
      'media MediaVpc',
      'media-isolated-use1-az4 Subnet',
      'media-private-use1-az4 Subnet',
      'media-private-use1-az6 Subnet',
      'media-public-use1-az4 Subnet',
      'media-vpc Vpc',
    ]);
    for (const each of vpc.resources.filter(({ custom }) => custom))
      expect(each.external, each.name).to.equal(true);
    expect(child(vpc, 'Vpc', 'media-vpc').id).to.equal('vpc-0123456789abcdef0');
  });

  it('tells what it was given', async () => {
    const { graph } = await recordProgramOf(() =>
      told(new MediaVpc('media', { existing: NETWORK, environment: 'dev' })),
    );
    expect(graph.outputs).to.deep.include({
      vpcId: 'vpc-0123456789abcdef0',
      zones: {
        'use1-az4': { publicSubnetId: subnet(1), privateSubnetId: subnet(2), isolatedSubnetId: subnet(3) },
        'use1-az6': { privateSubnetId: subnet(4) },
      },
      natAddresses: {},
      endpointSecurityGroupId: '',
      egress: '',
    });
  });

  it('may be one of another MediaVpc', async () => {
    const vpc = await recordProgramOf(() => {
      const made = new MediaVpc('media', { zones: ['use1-az4', 'use1-az6'] });
      return told(MediaVpc.adopt('same', made));
    });
    expect(vpc.graph.outputs['vpcId']).to.equal(child(vpc, 'Vpc', 'media-vpc').id);
    expect(child(vpc, 'Subnet', 'same-private-use1-az6').id).to.equal(
      child(vpc, 'Subnet', 'media-private-use1-az6').id,
    );
  });
});

describe('a network as an argument of other components', () => {
  const checked = (network: unknown, needs?: NetworkNeeds) => {
    const problems = new InputProblems('SrtIngest "in"');
    const found = checkNetwork(problems, 'network', network as MediaNetwork, needs);
    problems.throwIfAny();
    return found;
  };
  const message = (network: unknown, needs?: NetworkNeeds): string => {
    try {
      checked(network, needs);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };

  it('is reduced to its ids, a MediaVpc too', async () => {
    const plain = { vpcId: NETWORK.vpcId, zones: { 'use1-az4': NETWORK.zones['use1-az4'] } };
    expect(checked({ ...plain, more: 1 })).to.deep.equal(plain);
    let found: MediaNetwork | undefined;
    const vpc = await recordProgramOf(() => {
      const made = new MediaVpc('media', { zones: ['use1-az4', 'use1-az6'] });
      found = checked(made);
      return { zones: found.zones };
    });
    expect(Object.keys(found!)).to.deep.equal(['vpcId', 'zones']);
    expect(vpc.graph.outputs['zones']).to.have.nested.property(
      'use1-az6.privateSubnetId',
      child(vpc, 'Subnet', 'media-private-use1-az6').id,
    );
  });

  it('is refused where it lacks a zone or a tier that is needed', () => {
    expect(message(NETWORK, { zones: ['use1-az5'] })).to.include(
      'network.zones is ["use1-az4","use1-az6"] (it has no zone use1-az5); allowed: zones with use1-az5; to correct it: give the network a subnet there, or choose another zone',
    );
    expect(message(NETWORK, { zones: ['use1-az6'], tiers: ['public'] })).to.include(
      'network.zones["use1-az6"].publicSubnetId is absent; allowed: the id of a subnet',
    );
    expect(message(NETWORK, { zones: ['use1-az4'], tiers: ['public', 'isolated'] })).to.equal('');
    expect(message(NETWORK, { tiers: ['public'] })).to.include(
      'network.zones["use1-az6"].publicSubnetId is absent',
    );
  });

  it('is refused where it is none', () => {
    for (const bad of [undefined, 'vpc-1', [], pulumi.output(NETWORK)]) {
      expect(message(bad)).to.include(
        'allowed: a MediaVpc or an object of ids; to correct it: write new MediaVpc(...)',
      );
    }
  });

  it('with ids that are known later is checked then', async () => {
    const late = () =>
      recordProgramOf(() => ({ id: checked({ ...NETWORK, vpcId: pulumi.output('media') }).vpcId }));
    expect(await lateFailure(late)).to.include('network.vpcId is "media"; allowed: the id of a VPC');
  });
});

describe('MediaVpc by awsx', () => {
  const AWSX = { engine: 'awsx', zoneNames: { 'use1-az4': 'us-east-1a', 'use1-az6': 'us-east-1c' } } as const;

  it('has the subnets that it has without, in the zones that the names are of', async () => {
    const [by, without] = [await recordVpc(AWSX), await recordVpc()];
    const blocks = (name: string) =>
      ofType(without, 'Subnet').find((each) => each.name === name)!.inputs['cidrBlock'];
    const found = ofType(by, 'Subnet').map(({ id, inputs: given }) => [
      id,
      given['availabilityZone'],
      given['cidrBlock'],
    ]);
    const zones = by.graph.outputs['zones'] as Record<string, Record<string, string>>;
    for (const [zone, name] of Object.entries(AWSX.zoneNames)) {
      for (const tier of ['public', 'private', 'isolated']) {
        const id = zones[zone]![`${tier}SubnetId`];
        expect(found).to.deep.include([id, name, blocks(`media-${tier}-${zone}`)]);
      }
    }
    expect(found).to.have.length(6);
  });

  it('keeps endpoints, flow logs, network ACLs and the closed default security group', async () => {
    const vpc = await recordVpc(AWSX);
    const vpcId = vpc.graph.outputs['vpcId'];
    const tables = ofType(vpc, 'RouteTable').map(({ id }) => id);
    expect(tables).to.have.length(6);
    expect(child(vpc, 'VpcEndpoint', 'media-s3express').inputs['routeTableIds']).to.have.members(tables);
    expect(child(vpc, 'DefaultSecurityGroup', 'media-default').inputs['vpcId']).to.equal(vpcId);
    expect(child(vpc, 'FlowLog', 'media-flow-log').inputs['vpcId']).to.equal(vpcId);
    expect(ofType(vpc, 'NetworkAcl')).to.have.length(3);
    expect(ofType(vpc, 'VpcEndpoint')).to.have.length(12);
  });

  it('has its NAT gateways by the same words', async () => {
    for (const [nat, count] of [
      ['per-zone', 2],
      ['one', 1],
      ['none', 0],
    ] as const) {
      const vpc = await recordVpc({ ...AWSX, nat });
      expect(ofType(vpc, 'NatGateway'), nat).to.have.length(count);
      const addresses = ofType(vpc, 'Eip').map(({ outputs }) => outputs['publicIp']);
      expect(Object.values(vpc.graph.outputs['natAddresses'] as object), nat).to.have.members(addresses);
    }
  });

  it('is protected in prod as a whole', async () => {
    const component = async (environment: 'prod' | 'dev') => {
      const vpc = await recordVpc({ ...AWSX, environment, nat: 'one' });
      return vpc.resources.find(({ type }) => type === 'awsx:ec2:Vpc')!;
    };
    expect((await component('prod')).options.protect).to.equal(true);
    expect((await component('dev')).options.protect).not.to.equal(true);
  });
});
