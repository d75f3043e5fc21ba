import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { lint } from '../../encoder/lint';
import type { Announcement } from '../../encoder/process';
import { Observer } from '../support/observer';
import { startShim, type Kind, type Shim } from '../support/s3-express-shim';
import { REGION, s3ServerFor, type S3Server } from '../support/s3-server';

const CHANNEL = 'test';
const WATCH_SECONDS = 20;

describe('a channel on S3: encoder and origin processes, a bucket and a directory bucket', function () {
  this.timeout(120_000);
  let server: S3Server;
  let shim: Shim;
  let folder: string;
  let environment: NodeJS.ProcessEnv;
  const children: ChildProcess[] = [];

  before(async function () {
    server = await s3ServerFor(this, 'versitygw');
    shim = await startShim({ server, latencyMs: { median: 5, p99: 40 }, sessionSeconds: 65, seed: 11 });
    folder = await mkdtemp(path.join(os.tmpdir(), 's3-channel-'));
    const { accessKeyId, secretAccessKey } = server.credentials;
    const file = path.join(folder, 'credentials');
    const lines = [
      '[default]',
      `aws_access_key_id=${accessKeyId}`,
      `aws_secret_access_key=${secretAccessKey}`,
    ];
    await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
    environment = {
      PATH: process.env['PATH'],
      STORE: `s3:${shim.general},${shim.directory}`,
      S3_ENDPOINT: shim.url,
      AWS_REGION: REGION,
      AWS_SHARED_CREDENTIALS_FILE: file,
      AWS_EC2_METADATA_DISABLED: 'true',
      METRICS_PORT: '0',
      LOG_LEVEL: 'warn',
    };
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await shim?.stop();
    await server?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /** A process of the runtime, and what it has announced. */
  function start(entry: string, more: NodeJS.ProcessEnv) {
    const child = fork(path.join(__dirname, '..', '..', 'encoder', entry), {
      env: { ...environment, ...more },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    children.push(child);
    let said = '';
    child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const until = <T extends Announcement['type']>(type: T) =>
      new Promise<Extract<Announcement, { type: T }>>((resolve, reject) => {
        child.on('message', (message: Announcement) => {
          if (message.type === type) resolve(message as Extract<Announcement, { type: T }>);
        });
        child.once('exit', (code) => reject(new Error(`${entry} ended with ${code}: ${said}`)));
      });
    return { child, until, said: () => said };
  }

  async function leaves(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    const exited = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await exited)[0];
  }

  it('is watched for 20 s: nothing listed is missing or changes, and the linter finds nothing', async () => {
    const encoder = start('main.js', { CHANNEL, LADDER: 'tiny', ENCODER: 'software' });
    const late: number[] = [];
    encoder.child.on('message', (message: Announcement) => {
      if (message.type === 'tick') late.push(message.lateMs);
    });
    await encoder.until('segment');
    const origin = start('origin/main.js', { HTTP_PORT: '0' });
    const { ports } = await origin.until('listening');
    const base = `http://127.0.0.1:${ports['http']}/live/${CHANNEL}/`;
    const observer = new Observer(base);
    await observer.start();
    const before = new Map(shim.counts);
    const watchedFrom = late.length;
    const report = await lint(`${base}index.m3u8`, { seconds: WATCH_SECONDS });
    const ticks = late.length - watchedFrom;
    const after = new Map(shim.counts);
    const counted = (bucket: string, kind: Kind) =>
      (after.get(`${bucket} ${kind}`) ?? 0) - (before.get(`${bucket} ${kind}`) ?? 0);
    await observer.stop();
    expect(await leaves(encoder.child, 'SIGINT'), encoder.said()).to.equal(0);
    expect(await leaves(origin.child, 'SIGTERM'), origin.said()).to.equal(0);

    expect(observer.violations).to.deep.equal([]);
    expect(observer.discontinuities).to.equal(0);
    expect(observer.listed.size).to.be.greaterThan(120);
    // Plain HTTP, and a window of a minute, are meant here.
    expect(report.findings.filter(({ rule }) => rule !== 'C1' && rule !== 'T13')).to.deep.equal([]);
    expect(ticks).to.be.within(3 * WATCH_SECONDS - 10, 3 * WATCH_SECONDS + 20);
    // A bundle a tick, and no listing while the channel runs.
    expect(counted(shim.directory, 'PUT')).to.be.within(ticks - 2, ticks + 2);
    expect(counted(shim.directory, 'LIST') + counted(shim.general, 'LIST')).to.equal(0);
    const reads = counted(shim.directory, 'GET') / ticks;
    // At most eight looks a tick, and each rendition's part once.
    expect(reads).to.be.lessThan(8 + 3);
    const sorted = [...late.slice(watchedFrom)].sort((a, b) => a - b);
    console.log(
      `      ${ticks} ticks, in the store ${Math.round(sorted[sorted.length >> 1]!)} ms (median) after their end; ` +
        `${reads.toFixed(1)} reads a tick; ${(counted(shim.general, 'GET') / ticks).toFixed(2)} of the general bucket`,
    );
  });
});
