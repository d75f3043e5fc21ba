import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { capacityClaims, claimTable, rankCapacity } from '../../../components/encode/capacity';
import { LADDERS } from '../../../encoder/contract';

describe('docs/claims.md', () => {
  const rows = capacityClaims();

  it('says of every claim exactly what the model computes', () => {
    const text = readFileSync('docs/claims.md', 'utf8');
    const table = text.split('\n').filter((line) => line.startsWith('|'));
    expect(table.map(cells)).to.deep.equal(claimTable(rows).split('\n').map(cells));
  });

  it('has every claim of the documents about capacity, throughput and price, each once', () => {
    expect(rows.map(({ id }) => id)).to.deep.equal([
      ...['C01', 'C02', 'C03', 'C04', 'C25', 'C05', 'C06', 'C07', 'C08', 'S0-45'],
      ...['C10', 'C11', 'C12', 'C13', 'S0-13', 'C19', 'C22', 'S0-71', 'C52', 'S0-43', 'C20', 'C21', 'C76'],
    ]);
  });

  it('names a source for every row, and breaks no table', () => {
    for (const row of rows) {
      for (const text of Object.values(row) as string[]) expect(text).to.match(/^[^|\n]{2,}$/);
      expect(row.ours, row.id).not.to.match(/NaN|Infinity|undefined/);
    }
  });
});

describe('docs/capacity.md', () => {
  it('has the figures of the reference load that the model computes', () => {
    const { options } = rankCapacity({
      load: { ladder: LADDERS['hevc-2160p30-50'], frameRate: '30' },
      ...{ channels: 25, region: 'us-east-1', purchase: 'on-demand' },
    });
    const lines = readFileSync('docs/capacity.md', 'utf8').split('\n');
    const rows = lines.filter((line) => /^\| g\w+\.\w+ \(/.test(line)).map(cells);
    expect(rows.map(([name = '']) => name.split(' ')[0])).to.deep.equal([
      ...['g6.xlarge', 'g4dn.xlarge', 'g6e.2xlarge', 'g5.xlarge'],
    ]);
    for (const [name = '', each, share = '', instances, usd] of rows) {
      const option = options.find(({ instanceType }) => instanceType === name.split(' ')[0])!;
      expect([each, instances, usd], name).to.deep.equal([
        ...[`${option.channelsPerInstance}`, `${option.instances}`, option.usdPerChannelHour!.toFixed(3)],
      ]);
      expect(share, name).to.match(new RegExp(`^${Math.round(option.share * 100)} %`));
    }
  });
});

const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replace(/^-+$/, '-'));
