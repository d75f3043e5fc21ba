import type { ComponentResourceOptions } from '@pulumi/pulumi';
import type { PulumiFn } from '@pulumi/pulumi/automation';
import { expect } from 'chai';
import { MediaVpc, type MediaNetwork, type MediaVpcArgs } from '../../components/network';
import { changed, engineOfSuite, failure } from './suite-engine';

const DEV = { zones: ['use1-az4', 'use1-az6'], environment: 'dev', nat: 'one' } as const;

const network =
  (args: MediaVpcArgs, opts: ComponentResourceOptions = {}, name = 'media'): PulumiFn =>
  async () => ({ vpcId: new MediaVpc(name, args, opts).vpcId });

describe('MediaVpc under the real engine', function () {
  this.timeout(60_000);
  const engine = engineOfSuite();

  it('is made as previewed, then has nothing to change, and in dev is destroyed to nothing', async () => {
    const stack = await engine.stackOf('whole', network({ ...DEV, ipv6: true }));
    const previewed = await stack.preview();
    expect(engine.aws.done('create')).to.deep.equal([]);
    const up = await stack.up();
    expect(up.changes).to.deep.equal(previewed.changes);
    expect(up.outputs['vpcId']?.value).to.match(/^vpc-[0-9a-f]{17}$/);
    const made = engine.aws.done('create');
    expect(made).to.include.members(['media-vpc', 'media-s3express', 'media-private-use1-az6-out']);
    expect((await stack.preview()).changes).to.deep.equal({ same: made.length + 2 });

    await stack.destroy();
    expect(engine.aws.done('delete').sort()).to.deep.equal([...made].sort());
    expect((await stack.state()).deployment).to.not.have.deep.property('resources.0');
  });

  it('takes a zone in and out without touching the subnets, tables and gateways of the others', async () => {
    const prod = { zones: DEV.zones, protection: { protect: false } };
    const stack = await engine.stackOf('zones', network(prod));
    await stack.up();
    const zone = 'use1-az1';
    const own = [
      ...['public', 'private', 'isolated'].flatMap((tier) => [
        `media-${tier}-${zone}`,
        `media-${tier}-${zone}-association`,
      ]),
      `media-private-${zone}-out`,
      `media-private-${zone}-routes`,
      `media-nat-${zone}`,
      `media-nat-${zone}-address`,
    ].sort();
    const shared = ['media', 'media-isolated-acl', 'media-private-acl', 'media-public-acl'];
    const endpoints = [
      ...['dynamodb', 's3', 's3express', 'ecr-api', 'ecr-dkr', 'kms', 'logs', 'monitoring'],
      ...['secretsmanager', 'ssm', 'ssmmessages', 'sts'],
    ].map((service) => `media-${service}`);
    const update = [...shared, ...endpoints].sort();
    const more = await stack.up({ program: network({ ...prod, zones: [zone, ...prod.zones] }) });
    expect(changed(more)).to.deep.equal({ create: own, update });
    const fewer = await stack.up({ program: network(prod) });
    expect(changed(fewer)).to.deep.equal({ delete: own, update });
    const reversed = { ...prod, zones: [...prod.zones].reverse() };
    expect(changed(await stack.preview({ program: network(reversed) }))).to.deep.equal({ update: ['media'] });
  });

  it('goes from one NAT gateway to one a zone in place, without a new address for the first', async () => {
    const stack = await engine.stackOf('more', network(DEV));
    await stack.up();
    const more = changed(await stack.up({ program: network({ ...DEV, nat: 'per-zone' }) }));
    expect(more).to.deep.equal({
      create: ['media-nat-use1-az6', 'media-nat-use1-az6-address'],
      update: ['media', 'media-private-use1-az6-out'],
    });
  });

  it('by awsx has the same life', async () => {
    const zoneNames = { 'use1-az4': 'us-east-1a', 'use1-az6': 'us-east-1c' };
    const stack = await engine.stackOf('awsx', network({ ...DEV, engine: 'awsx', zoneNames }));
    await stack.up();
    const made = engine.aws.done('create');
    expect(made).to.include.members(['media-vpc-private-2', 'media-s3express', 'media-default']);
    expect(changed(await stack.preview())).to.deep.equal({});
    await stack.destroy();
    expect(engine.aws.done('delete').sort()).to.deep.equal([...made].sort());
  });

  it('in prod refuses to be destroyed, with the names of what it protects', async () => {
    const stack = await engine.stackOf('prod', network({ zones: DEV.zones }));
    await stack.up();
    const { message } = await failure(stack.destroy());
    expect(message).to.match(/cannot be deleted.*protect/s);
    expect(message).to.match(/media-(vpc|flow-logs|nat-use1-az4-address)"/);
    expect(engine.aws.done('delete')).to.not.include.members(['media-vpc']);
  });

  it('is renamed with an alias and loses nothing', async () => {
    const stack = await engine.stackOf('renamed', network(DEV));
    await stack.up();
    const aliases = [{ name: 'media' }];
    const renamed = await stack.up({ program: network(DEV, { aliases }, 'video') });
    expect(renamed.changes).to.not.have.any.keys('create', 'delete', 'replace');
    expect(engine.aws.done('delete')).to.deep.equal([]);
  });

  it('is taken up again where a creation failed halfway', async () => {
    const stack = await engine.stackOf('resumed', network(DEV));
    const message = 'NatGatewayLimitExceeded: The maximum number of NAT Gateways has been reached.';
    engine.aws.fail({ method: 'create', type: 'aws:ec2/natGateway:NatGateway', message });
    expect((await failure(stack.up())).message).to.contain(message);
    await stack.up();
    expect(changed(await stack.preview())).to.deep.equal({});
  });

  describe('of a network that is there already', () => {
    const vpcId = 'vpc-0123456789abcdef0';
    const [right, wrong, foreign] = ['1', '2', '3'].map((n) => `subnet-${n.repeat(17)}`) as [
      string,
      string,
      string,
    ];
    const existing = (privateSubnetId: string): MediaNetwork => ({
      vpcId,
      zones: { 'use1-az4': { privateSubnetId } },
    });

    before(() => {
      const subnet = 'aws:ec2/subnet:Subnet';
      engine.aws.outside('aws:ec2/vpc:Vpc', vpcId, { cidrBlock: '10.7.0.0/16' });
      engine.aws.outside(subnet, right, { vpcId, availabilityZoneId: 'use1-az4' });
      engine.aws.outside(subnet, wrong, { vpcId, availabilityZoneId: 'use1-az6' });
      engine.aws.outside(subnet, foreign, { vpcId: 'vpc-9', availabilityZoneId: 'use1-az4' });
    });

    const adopting =
      (id: string): PulumiFn =>
      async () => {
        const media = MediaVpc.adopt('media', existing(id));
        return { cidrBlock: media.cidrBlock, subnet: media.zones['use1-az4']!.privateSubnetId };
      };

    it('reads it, and leaves it when it is destroyed', async () => {
      const stack = await engine.stackOf('adopted', adopting(right));
      const { outputs } = await stack.up();
      expect(outputs['cidrBlock']?.value).to.equal('10.7.0.0/16');
      expect(outputs['subnet']?.value).to.equal(right);
      expect(engine.aws.done('create')).to.deep.equal([]);
      await stack.destroy();
      expect(engine.aws.done('delete')).to.deep.equal([]);
    });

    it('refuses a subnet of another zone, and one of another VPC, in a preview already', async () => {
      const stack = await engine.stackOf('elsewhere', adopting(wrong));
      expect((await failure(stack.preview())).message).to.include(
        '(AWS says that it is in use1-az6); allowed: a subnet of use1-az4; to correct it: give the subnet under the zone that it is in, or another subnet',
      );
      expect((await failure(stack.preview({ program: adopting(foreign) }))).message).to.include(
        `(AWS says that it is in vpc-9); allowed: a subnet of ${vpcId}`,
      );
    });
  });
});
