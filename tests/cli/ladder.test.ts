import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect } from 'chai';
import { LADDER_NAMES, LADDERS } from '../../encoder/contract';
import type { LadderReport } from '../../cli/ladder';

const MAIN = path.resolve(__dirname, '../../cli/main.js');

function run(...list: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'ladder', ...list], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { code: status, out: stdout, err: stderr };
}

describe('aws-media ladder', function () {
  this.timeout(30_000);

  it('lists every ladder with what it is for', () => {
    const { code, out } = run();
    expect(code).to.equal(0);
    for (const name of LADDER_NAMES) {
      expect(out.split('\n').find((line) => line.startsWith(`${name} `))).to.contain(
        LADDERS[name].description,
      );
    }
    expect(JSON.parse(run('--json').out)).to.deep.equal({
      ladders: LADDER_NAMES.map((ladder) => ({ ladder, description: LADDERS[ladder].description })),
    });
  });

  it('says of each rung what is encoded and what the playlist declares', () => {
    const report = JSON.parse(run('hevc-2160p30-50', '--json').out) as LadderReport;
    expect(report.rungs.find(({ id }) => id === 'hevc-2160p')).to.deep.equal({
      ...{ id: 'hevc-2160p', kind: 'video', codec: 'hevc', codecs: 'hvc1.2.4.H150.90', size: '3840x2160' },
      ...{ bitDepth: 10, profile: 'main10', level: '5.0', tier: 'high' },
      ...{ averageKbps: 50_000, capKbps: 55_000, bufferSeconds: 0.5, priority: 6 },
      // The cap and a tenth, the boxes of 60 frames a second; the sound and a quarter, the boxes of 47.
      bandwidth: 60_500_000 + 112 * 8 * 60 + 200_000 + 112 * 8 * 47,
      averageBandwidth: 50_000_000 + 112 * 8 * 60 + 160_000 + 112 * 8 * 47,
      ...{ megapixelsPerSecond: 248.83, bitsPerPixel: 0.201 },
    });
    expect(report.total).to.deep.equal({ megapixelsPerSecond: 388.8, averageKbps: 74_660 });
    expect(report.advice).to.deep.equal([]);
  });

  it('reckons with the frame rate: levels, pixels, bits a pixel', () => {
    const { rungs } = JSON.parse(run('h264-1080p', '--frame-rate', '59.94', '--json').out) as LadderReport;
    expect(rungs.find(({ id }) => id === '1080p')).to.include({
      ...{ level: '4.2', codecs: 'avc1.64002a', megapixelsPerSecond: 124.29, bitsPerPixel: 0.063 },
    });
  });

  for (const name of LADDER_NAMES) {
    it(`${name}: fits 80 columns, and shows every rung in both tables`, () => {
      const { code, out } = run(name);
      expect(code).to.equal(0);
      const [, ...tables] = out.split('\n').filter((line) => !line.startsWith('A player'));
      expect(tables.filter((line) => line.length > 80)).to.deep.equal([]);
      for (const { id } of LADDERS[name].video) {
        expect(
          tables.filter((line) => line.startsWith(`${id} `)),
          id,
        ).to.have.length(2);
      }
    });
  }

  it('refuses a name that there is none of, with the names there are', () => {
    const { code, out, err } = run('hevc-4k');
    expect([code, out]).to.deep.equal([2, '']);
    expect(err).to.contain(`"hevc-4k": allowed is ${LADDER_NAMES.join(', ')}, or file:PATH.json`);
    expect(err).to.not.contain('at ');
  });
});
