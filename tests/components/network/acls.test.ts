import { expect } from 'chai';
import fc from 'fast-check';
import { aclRules, type AclRule } from '../../../components/network/acls';
import type { Tier } from '../../../components/network/allocation';
import { contains, parseBlock } from '../../../components/network/cidr';

const VPC = { ipv4: '10.0.0.0/16', ipv6: '2600:1f18:12:ff00::/56' };
const TCP = '6';
const UDP = '17';

/** As AWS reads them: the first rule that matches, in the order of numbers, and no otherwise. */
function passes(rules: readonly AclRule[], protocol: string, port: number, address: string): boolean {
  const of = parseBlock(`${address}/32`)!;
  return [...rules]
    .sort((a, b) => a.ruleNo - b.ruleNo)
    .some(({ cidrBlock, protocol: own, fromPort, toPort }) => {
      if (typeof cidrBlock !== 'string' || !contains(parseBlock(cidrBlock)!, of)) return false;
      return own === '-1' || (own === protocol && fromPort <= port && port <= toPort);
    });
}

const STRANGER = '198.51.100.7';
const NEIGHBOUR = '10.0.200.9';
const ports = fc.integer({ min: 0, max: 65_535 });
const protocols = fc.constantFrom(TCP, UDP);

describe('network ACLs', () => {
  it('let everything pass inside of the VPC, in every tier', () => {
    const tiers = fc.constantFrom<Tier>('public', 'private', 'isolated');
    fc.assert(
      fc.property(tiers, protocols, ports, (tier, protocol, port) => {
        const { ingress, egress } = aclRules(tier, VPC);
        expect(passes(ingress, protocol, port, NEIGHBOUR)).to.equal(true);
        expect(passes(egress, protocol, port, NEIGHBOUR)).to.equal(true);
      }),
    );
  });

  it('let strangers in by HTTPS and by ports from 1024, but for RDP', () => {
    const tiers = fc.constantFrom<Tier>('public', 'private');
    fc.assert(
      fc.property(tiers, protocols, ports, (tier, protocol, port) => {
        const isOpen = (protocol === TCP && port === 443) || (port >= 1024 && port !== 3389);
        expect(passes(aclRules(tier, VPC).ingress, protocol, port, STRANGER)).to.equal(isOpen);
      }),
      {
        examples: [
          ['private', TCP, 22],
          ['public', TCP, 3389],
          ['public', UDP, 3389],
          ['private', UDP, 9000],
        ],
      },
    );
  });

  it('let isolated subnets speak with strangers only as a client of HTTPS: gateway endpoints have public addresses', () => {
    const { ingress, egress } = aclRules('isolated', VPC);
    fc.assert(
      fc.property(protocols, ports, (protocol, port) => {
        expect(passes(egress, protocol, port, STRANGER)).to.equal(protocol === TCP && port === 443);
        const isAnswer = protocol === TCP && port >= 1024 && port !== 3389;
        expect(passes(ingress, protocol, port, STRANGER)).to.equal(isAnswer);
      }),
    );
  });

  it('say the same of IPv6, but that isolated subnets have nobody to speak with outside', () => {
    for (const tier of ['public', 'private', 'isolated'] as const) {
      const { ingress, egress } = aclRules(tier, VPC);
      const v6 = (rules: readonly AclRule[]) =>
        rules.filter(({ ipv6CidrBlock }) => ipv6CidrBlock !== undefined);
      expect(v6(ingress)[0]).to.include({ ruleNo: 200, protocol: '-1', ipv6CidrBlock: VPC.ipv6 });
      const outside = v6(ingress).filter(({ ipv6CidrBlock }) => ipv6CidrBlock === '::/0');
      const shown = outside.map(({ protocol, fromPort, toPort }) => `${protocol} ${fromPort}-${toPort}`);
      const open = ['6 443-443', '6 1024-3388', '6 3390-65535', '17 1024-3388', '17 3390-65535', '58 0-0'];
      expect(shown).to.deep.equal(tier === 'isolated' ? [] : open);
      expect(v6(egress)).to.have.length(tier === 'isolated' ? 1 : 2);
    }
  });

  it('number each rule once, and have at most 20 in a direction, as AWS allows', () => {
    for (const tier of ['public', 'private', 'isolated'] as const) {
      for (const rules of Object.values(aclRules(tier, VPC)) as AclRule[][]) {
        expect(new Set(rules.map(({ ruleNo }) => ruleNo)).size).to.equal(rules.length);
        expect(rules.length).to.be.at.most(20);
      }
    }
  });

  it('without IPv6 have no rule of it', () => {
    const { ingress, egress } = aclRules('public', { ipv4: VPC.ipv4 });
    expect([...ingress, ...egress].filter((rule) => 'ipv6CidrBlock' in rule)).to.deep.equal([]);
  });
});
