import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { EGRESS_PRICES } from '../../../components/network/egress';
import { ofType, recordVpc } from './network-recording';

const SOURCE = resolve(__dirname, '../../../..', 'components/network/media-vpc.ts');
const comment = readFileSync(SOURCE, 'utf8')
  .split('### Cost')[1]!
  .split('*/')[0]!
  .replace(/\n \* ?/g, '\n');
const HOURS = 730;

/** `2 x 730 h x $0.045` */
const LINE = /^\| ([^|]+) \| (\d+) x 730 h x \$([\d.]+) \| ([\d.]+) \|$/gm;

describe('the cost in the comment of MediaVpc', () => {
  const lines = [...comment.matchAll(LINE)].map(([, what, count, price, dollars]) => ({
    what: what!,
    count: Number(count),
    price: Number(price),
    dollars: Number(dollars),
  }));

  it('is what its arithmetic says, line by line and in sum', () => {
    expect(lines).to.have.length(3);
    for (const { what, count, price, dollars } of lines) {
      expect(count * HOURS * price, what).to.be.closeTo(dollars, 0.005);
    }
    const sum = Number(/^\| sum \| +\| ([\d.]+) \|$/m.exec(comment)![1]);
    expect(lines.reduce((total, { dollars }) => total + dollars, 0)).to.be.closeTo(sum, 0.005);
  });

  it('has the prices of the calculation, and counts what is made in prod with two zones', async () => {
    const vpc = await recordVpc();
    const endpoints = ofType(vpc, 'VpcEndpoint').filter(
      ({ inputs }) => inputs['vpcEndpointType'] === 'Interface',
    );
    const placed = endpoints.reduce(
      (count, { inputs }) => count + (inputs['subnetIds'] as unknown[]).length,
      0,
    );
    expect(lines.map(({ count, price }) => [count, price])).to.deep.equal([
      [ofType(vpc, 'NatGateway').length, EGRESS_PRICES.natGateway],
      [ofType(vpc, 'Eip').length, EGRESS_PRICES.publicAddress],
      [placed, EGRESS_PRICES.interfaceEndpoint],
    ]);
  });

  it('has the sums of the other forms', () => {
    const nat = (EGRESS_PRICES.natGateway + EGRESS_PRICES.publicAddress) * HOURS;
    const endpoints = 9 * EGRESS_PRICES.interfaceEndpoint * HOURS;
    const text = comment.replace(/\s+/g, ' ');
    const dollars = (sum: number) => `$${sum.toFixed(2)}`;
    expect(text).to.include(
      `zone adds ${dollars(nat + endpoints)} (${dollars(nat)} for its NAT gateway, ${dollars(endpoints)}`,
    );
    expect(text).to.include(`with one NAT gateway: ${dollars(nat)} in all`);
    expect(text).to.include(`at least 9 endpoints: ${dollars(2 * endpoints)} in two zones`);
  });
});
