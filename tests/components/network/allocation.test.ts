import { expect } from 'chai';
import fc from 'fast-check';
import { TIERS, VPC_PREFIX, allocate, allocateIpv6 } from '../../../components/network/allocation';
import {
  blockSize,
  blockText,
  contains,
  overlaps,
  parseBlock,
  type Block,
} from '../../../components/network/cidr';
import { regionPrefix, zoneIdProblem, zoneNumber, zonePrefix } from '../../../components/network/zone-ids';
import { EXPRESS_REGIONS } from '../../../components/storage';
import { ALL_ZONES } from './network-recording';

const vpcs = fc
  .record({ prefix: fc.integer({ min: VPC_PREFIX.largest, max: VPC_PREFIX.smallest }), n: fc.nat() })
  .map(({ prefix, n }): Block => ({ prefix, start: (n % 2 ** prefix) * blockSize(prefix) }));
const block = (text: string): Block => parseBlock(text)!;

describe('blocks of IPv4', () => {
  it('are read as they are written', () => {
    fc.assert(
      fc.property(vpcs, (vpc) => {
        expect(parseBlock(blockText(vpc))).to.deep.equal(vpc);
      }),
    );
  });

  for (const text of [
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.256/24',
    '10.0.0.1/16',
    '10.0.0.0/16 ',
    'x',
    4,
    undefined,
  ]) {
    it(`are none: ${JSON.stringify(text)}`, () => expect(parseBlock(text)).to.equal(undefined));
  }

  it('overlap where they share an address, and only there', () => {
    expect(overlaps(block('10.0.0.0/16'), block('10.0.255.0/24'))).to.equal(true);
    expect(overlaps(block('10.0.255.0/24'), block('10.0.0.0/16'))).to.equal(true);
    expect(overlaps(block('10.0.0.0/16'), block('10.1.0.0/16'))).to.equal(false);
    expect(contains(block('10.0.0.0/16'), block('10.0.255.0/24'))).to.equal(true);
    expect(contains(block('10.0.255.0/24'), block('10.0.0.0/16'))).to.equal(false);
  });
});

describe('the allocation of subnets', () => {
  it('of a /16 is a /20 for tasks, and a /22 for load balancers and for endpoints', () => {
    expect(allocate(block('10.0.0.0/16'), 'use1-az1')).to.deep.equal({
      private: '10.0.0.0/20',
      public: '10.0.16.0/22',
      isolated: '10.0.20.0/22',
    });
    expect(allocate(block('10.0.0.0/16'), 'use1-az6')).to.deep.equal({
      private: '10.0.160.0/20',
      public: '10.0.176.0/22',
      isolated: '10.0.180.0/22',
    });
  });

  it('keeps six zones apart, inside of the VPC, in sizes that AWS takes', () => {
    fc.assert(
      fc.property(vpcs, (vpc) => {
        const subnets = ALL_ZONES.flatMap((zone) => Object.values(allocate(vpc, zone))).map(block);
        expect(subnets).to.have.length(18);
        subnets.forEach((subnet, n) => {
          expect(subnet, blockText(vpc)).not.to.equal(undefined);
          expect(contains(vpc, subnet)).to.equal(true);
          expect(subnet.prefix).to.be.within(16, 28);
          for (const other of subnets.slice(0, n)) expect(overlaps(subnet, other)).to.equal(false);
        });
      }),
    );
  });

  it('leaves a quarter of the VPC free for what is to come', () => {
    fc.assert(
      fc.property(vpcs, (vpc) => {
        const taken = ALL_ZONES.flatMap((zone) => Object.values(allocate(vpc, zone)))
          .map((text) => blockSize(block(text).prefix))
          .reduce((sum, size) => sum + size, 0);
        expect(taken).to.be.at.most((blockSize(vpc.prefix) * 3) / 4);
      }),
    );
  });

  it('of IPv6 is a /64 of its own for each of 18 subnets', () => {
    const all = ALL_ZONES.flatMap((zone) =>
      TIERS.map((tier) => allocateIpv6('2600:1f18:12:ff00::/56', zone, tier)),
    );
    expect(new Set(all).size).to.equal(18);
    expect(all[0]).to.equal('2600:1f18:12:ff00::/64');
    expect(all.at(-1)).to.equal('2600:1f18:12:ff16::/64');
    for (const one of all) expect(one).to.match(/^2600:1f18:12:ff[01][0-9a-f]::\/64$/);
  });

  it('of IPv6 takes a block whose last groups are left out', () => {
    expect(allocateIpv6('2600:1f18::/56', 'use1-az1', 'private')).to.equal('2600:1f18:0:1::/64');
    expect(allocateIpv6('2a05:d018:76:0::/56', 'use1-az1', 'private')).to.equal('2a05:d018:76:1::/64');
  });

  for (const bad of [
    '2600:1f18:12:ff00::/64',
    '2600:1f18:12:ff01::/56',
    '10.0.0.0/16',
    '',
    '::/56',
    '1:2:3:4:5::/56',
  ]) {
    it(`of IPv6 refuses ${JSON.stringify(bad)}`, () => {
      expect(() => allocateIpv6(bad, 'use1-az1', 'public')).to.throw(RangeError, 'a /56 with :: at its end');
    });
  }
});

describe('ids of zones', () => {
  it('have a number and the short name of their region', () => {
    expect(zoneNumber('apne1-az4')).to.equal(4);
    expect(zonePrefix('apne1-az4')).to.equal('apne1');
    for (const [region, { prefix }] of Object.entries(EXPRESS_REGIONS))
      expect(regionPrefix(region)).to.equal(prefix);
    expect(['us-gov-west-1', 'ap-southeast-5', 'ca-west-1', 'il-central-1'].map(regionPrefix)).to.deep.equal([
      'usgw1',
      'apse5',
      'caw1',
      'ilc1',
    ]);
  });

  it('are told from names, Local Zones and anything else', () => {
    expect(zoneIdProblem('use1-az4')).to.equal(undefined);
    expect(zoneIdProblem('us-east-1a')!.because).to.equal(
      'the name of a zone, which is another zone in each account',
    );
    for (const id of ['usw2-lax1-az1', 'use1-wl1-bos-wlz1']) {
      expect(zoneIdProblem(id)!.because, id).to.include('a Local Zone or a Wavelength Zone');
    }
    for (const id of ['use1-az7', 'use1-az0', 'use1', ''])
      expect(zoneIdProblem(id), id).not.to.equal(undefined);
  });
});
