import path from 'node:path';
import { expect } from 'chai';
import { killWriter } from '../support/kill-writer';

describe('an encoder that is killed', function () {
  this.timeout(90_000);

  it('leaves sealed segments, claims without holes, and every listed byte as it was (5 kills, with ffmpeg)', async () => {
    const { observer, claims, orphansMs } = await killWriter({
      kills: 5,
      entry: path.join(__dirname, '..', '..', 'encoder', 'main.js'),
      environment: { LADDER: 'tiny', METRICS_PORT: '0', LOG_LEVEL: 'error' },
      mostTicks: 12,
      tickMs: 333,
    });
    expect(observer.violations).to.deep.equal([]);
    expect(claims.at(-1)!.generation).to.equal(5);
    expect(observer.discontinuities).to.be.greaterThan(0);
    expect(observer.listed.size).to.be.greaterThan(30);
    expect(Math.max(...orphansMs), 'ffmpeg outlives its parent by').to.be.lessThan(2000);
  });
});
