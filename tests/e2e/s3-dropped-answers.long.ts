import { execFile } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { keys, partsPerSegment, tickGrid, type Claim } from '../../encoder/contract';
import type { LintReport } from '../../encoder/lint';
import { readClaim } from '../../encoder/store/claims';
import { Observer } from '../support/observer';
import { metric, startS3Channel, type RuntimeProcess, type S3Channel } from '../support/s3-channel';
import { s3ServerFor, type S3Server } from '../support/s3-server';

const CHANNEL = 'test';
const GRID = tickGrid('30', 'balanced');
const PARTS = partsPerSegment(GRID);
/** Longer than a session lives; LONG_SECONDS=100 is enough to see that old bundles go. */
const SECONDS = Number(process.env['LONG_SECONDS'] ?? 600);

/** Rejects with what a process said, when it ends. */
async function endOf(name: string, running: RuntimeProcess): Promise<never> {
  const [code, signal] = (await once(running.child, 'exit')) as [number | null, string | null];
  throw new Error(
    `the ${name} ended with ${code ?? signal} at ${new Date().toISOString()}: ${running.said()}`,
  );
}

/** A process of its own: what it works out at the end of ten minutes must not hold up the store, which is in this one. */
async function lint(url: string): Promise<LintReport> {
  const command = path.join(__dirname, '..', '..', '..', 'bin', 'aws-media');
  const { stdout } = await promisify(execFile)(command, ['lint', url, '--seconds', `${SECONDS}`, '--json'], {
    maxBuffer: 1 << 26,
  }).catch((error: { stdout: string; stderr: string }) => {
    // Findings are a report too.
    if (!error.stdout) throw new Error(`the linter said: ${error.stderr}`);
    return error;
  });
  return JSON.parse(stdout) as LintReport;
}

describe(`a channel on S3 for ${SECONDS} s, of whose PUTs each tenth has its answer lost`, function () {
  this.timeout((SECONDS + 180) * 1000);
  let server: S3Server;
  let channel: S3Channel;

  before(async function () {
    server = await s3ServerFor(this, 'versitygw');
    channel = await startS3Channel(server, {
      loseEvery: 10,
      latencyMs: { median: 5, p99: 40 },
      sessionSeconds: 300,
      seed: 23,
    });
  });
  after(async () => {
    await channel?.stop();
    await server?.stop();
  });

  it('goes on without restart, discontinuity or duplicate, and the linter finds nothing', async () => {
    const { requests, shim } = channel;
    const encoder = channel.start('main.js', 'encoder', {
      CHANNEL,
      LADDER: 'tiny',
      ENCODER: 'software',
      WINDOW_SECONDS: '60',
    });
    const ticks: string[] = [];
    const late: number[] = [];
    encoder.child.on('message', (message: { type: string; msn: number; tick: number; lateMs: number }) => {
      if (message.type !== 'tick') return;
      ticks.push(keys.bundle(CHANNEL, message.msn, message.tick));
      late.push(message.lateMs);
    });
    const encoderPorts = encoder.until('listening');
    const first = await encoder.until('segment');
    const origin = channel.start('origin/main.js', 'origin', { HTTP_PORT: '0', WINDOW_SECONDS: '60' });
    const { ports } = await origin.until('listening');
    const base = `http://127.0.0.1:${ports['http']}/live/${CHANNEL}/`;
    const observer = new Observer(base);
    await observer.start();
    const report = await Promise.race([
      lint(`${base}index.m3u8`),
      endOf('encoder', encoder),
      endOf('origin', origin),
    ]).finally(() => observer.halt());
    const port = (await encoderPorts).ports['metrics'];
    const restarts = await metric(port, 'media_encoder_restarts_total');
    const failedPuts = (outcome: string) =>
      metric(port, 'media_s3_failed_tries_total', { operation: 'put', outcome });
    const [retried, givenUp] = [await failedPuts('retried'), await failedPuts('given-up')];
    expect(await encoder.ends('SIGINT'), encoder.said()).to.equal(0);
    // All that was listed in ten minutes is asked for again, which is no load for a store that a channel writes to.
    await observer.stop();
    expect(await origin.ends('SIGTERM'), origin.said()).to.equal(0);

    // Each tenth of all PUTs that took effect, bundles, claims, hints, segments and inits alike.
    const effects = requests.filter(({ kind, status }) => kind === 'PUT' && status === 200);
    expect(shim.lost.length).to.equal(Math.floor(effects.length / 10));
    expect(effects.length).to.be.above(3 * SECONDS);
    expect(retried).to.be.above(0);
    expect(givenUp, encoder.said()).to.equal(0);
    // No restart: not of ffmpeg, and one writer in one generation from the first claim to the last.
    expect(restarts).to.equal(0);
    const claims: Claim[] = [];
    const { general } = channel.stores();
    for (let msn = first.msn; ; msn++) {
      const claim = await readClaim(general, CHANNEL, msn);
      if (!claim) break;
      claims.push(claim);
    }
    // The last one may have been made for a segment that the end left without a tick.
    const segments = Math.ceil(ticks.length / PARTS);
    expect(claims.length).to.be.within(segments, segments + 1);
    expect([...new Set(claims.map(({ generation }) => generation))]).to.deep.equal([0]);
    expect(new Set(claims.map(({ writer }) => writer)).size).to.equal(1);
    // No discontinuity, nothing listed that is missing or changes.
    expect(observer.discontinuities).to.equal(0);
    expect(observer.violations).to.deep.equal([]);
    // No duplicate: what is written once took effect once, and each tick of each segment is there once.
    const once = effects.map(({ key }) => key).filter((key) => !/\/last$|\/i\//.test(key));
    expect(new Set(once).size).to.equal(once.length);
    expect(new Set(ticks).size).to.equal(ticks.length);
    const expected = ticks.map((_, i) => keys.bundle(CHANNEL, first.msn + Math.floor(i / PARTS), i % PARTS));
    expect(ticks).to.deep.equal(expected);
    // Plain HTTP, and a window of a minute, are meant here.
    expect(report.findings.filter(({ rule }) => rule !== 'C1' && rule !== 'T13')).to.deep.equal([]);
    const sorted = [...late].sort((a, b) => a - b);
    console.log(
      `      ${ticks.length} ticks, ${shim.lost.length} answers lost; a tick is in the store ` +
        `${Math.round(sorted[sorted.length >> 1]!)} ms (median) and at most ${Math.round(sorted.at(-1)!)} ms after its end`,
    );
  });
});
