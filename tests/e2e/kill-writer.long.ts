import path from 'node:path';
import { expect } from 'chai';
import { killWriter } from '../support/kill-writer';
import { record, type Recording } from '../support/recording';

describe('a writer that is killed a hundred times', function () {
  this.timeout(20 * 60_000);
  let recording: Recording;

  before(async () => {
    recording = await record({ ladder: 'tiny', profile: 'lowest', seconds: 30 });
  });
  after(() => recording.remove());

  it('leaves sealed segments, claims without holes, and every listed byte as it was', async () => {
    const { observer, claims, recoveriesMs } = await killWriter({
      kills: Number(process.env['KILLS'] ?? 100),
      entry: path.join(__dirname, '..', 'support', 'fed-writer.js'),
      environment: { RECORDING: recording.folder, PROFILE: 'lowest' },
      mostTicks: 24,
      tickMs: 200,
    });
    expect(observer.violations).to.deep.equal([]);
    const generations = claims.map(({ generation }) => generation);
    expect(generations).to.deep.equal([...generations].sort((a, b) => a - b));
    console.log(`      from a new process to its first part, at most: ${Math.max(...recoveriesMs)} ms`);
  });
});
