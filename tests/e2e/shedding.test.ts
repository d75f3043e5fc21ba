/** An encoder that cannot keep up: segments of the least important rung are left out, and nothing else suffers. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { LADDERS } from '../../encoder/contract';
import { ContributionChannel, push, stopPushers } from '../support/contribution';
import { thumbnails } from '../support/decoded';

/** The encoding ffmpeg of this process. */
async function encoderPid(): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['--ppid', String(process.pid), '-o', 'pid=,args=']);
  const line = stdout.split('\n').find((each) => each.includes('metadata@shed-'));
  return Number.parseInt(line!, 10);
}

describe('an encoder that was held up for three seconds', function () {
  this.timeout(90_000);
  let channel: ContributionChannel;
  /** While the parts of what was left out are listed. */
  let early: string;
  let faults: string[];

  before(async () => {
    channel = await ContributionChannel.start({ ladder: LADDERS.tiny });
    push(channel.call(), { seconds: 40 });
    await channel.tick(1, 0);
    const pid = await encoderPid();
    process.kill(pid, 'SIGSTOP');
    setTimeout(() => process.kill(pid, 'SIGCONT'), 3000);
    early = await channel.playlist('234p', 5);
    faults = await channel.faults();
    await channel.segments(7);
  });
  after(async () => {
    stopPushers();
    await channel.close();
  });

  const gapsOf = async (rendition: string): Promise<number[]> => {
    const text = await channel.playlist(rendition, 7);
    return text
      .split(/(?<=\.m4s\n)(?=#)/)
      .map((segment, i) => [segment, i] as const)
      .filter(([segment]) => segment.includes('#EXT-X-GAP'))
      .map(([, i]) => i);
  };

  it('leaves out two whole segments of the smaller rung, listed as gaps', async () => {
    const gaps = await gapsOf('234p');
    expect(gaps).to.have.length(2);
    expect(gaps[1]! - gaps[0]!).to.equal(1);
    const text = early;
    const segment = text.slice(
      text.indexOf(`s/234p/${gaps[0]! - 1}.m4s`),
      text.indexOf(`s/234p/${gaps[0]}.m4s`),
    );
    const parts = segment.split('\n').filter((line) => line.startsWith('#EXT-X-PART:'));
    expect(parts).to.have.length(12);
    for (const part of parts) expect(part).to.match(/,GAP=YES$/);
    expect(segment).to.include('#EXT-X-GAP\n#EXTINF:4.00000,\n');
    expect(text).not.to.include('DISCONTINUITY\n');
  });

  it('keeps the larger rung and the sound whole, without a discontinuity', async () => {
    for (const rendition of ['360p', 'audio']) {
      expect(await gapsOf(rendition), rendition).to.deep.equal([]);
      expect(await channel.playlist(rendition, 7), rendition).not.to.include('DISCONTINUITY\n');
    }
    expect(await thumbnails(await channel.segment('360p', 3))).to.have.length(120);
  });

  it('gives whole segments of the smaller rung again after that', async () => {
    const gaps = await gapsOf('234p');
    expect(await thumbnails(await channel.segment('234p', gaps[1]! + 1))).to.have.length(120);
  });

  it('gives the linter nothing to find', () => {
    expect(faults).to.deep.equal([]);
  });

  it('answers 404 for what was left out', async () => {
    const [first] = await gapsOf('234p');
    const answer = await channel
      .ask(`s/234p/${channel.firstMsn + first!}.m4s`)
      .catch((error: Error) => error.message);
    expect(answer).to.match(/: 404/);
  });

  it('says what it does', () => {
    expect(channel.logged.join('')).to.match(
      /"rung":"234p".*this machine does not keep up: segments of a rung are left out/,
    );
  });
});
