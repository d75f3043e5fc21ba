/** A contributor pushes into a channel as `aws-media local up` runs it, and comes and goes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { LocalStatus } from '../../local/launcher';
import { startLocalChannel, type LocalChannel } from '../support/local-channel';
import { portOf, SrtPush, srtMissing, stopSrtPushes, type PushSettings } from '../support/srt-caller';
import { processesShowing } from '../support/srt-process';
import { skip } from '../support/skip';

const current = 'the passphrase in use, 1';
const previous = 'the passphrase before, 2';
const wrong = 'neither of the two, 3';

const cameras = new Set<ChildProcess>();

/** A camera's MPEG-TS at the speed of the clock, until it is killed. */
function camera(size: string, rate: string, output: readonly string[]): ChildProcess {
  const child = spawn(
    'ffmpeg',
    [
      ...[
        '-hide_banner',
        '-loglevel',
        'error',
        '-nostdin',
        '-re',
        '-f',
        'lavfi',
        '-i',
        `testsrc2=size=${size}:rate=${rate}`,
      ],
      ...['-re', '-f', 'lavfi', '-i', 'sine=sample_rate=48000', '-pix_fmt', 'yuv420p', '-c:v', 'libx264'],
      ...['-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '15', '-c:a', 'aac', ...output],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  cameras.add(child);
  child.once('close', () => cameras.delete(child));
  return child;
}

class Caller {
  readonly push: SrtPush;
  readonly #camera: ChildProcess;

  constructor(settings: PushSettings, size = '320x180', rate = '30') {
    this.push = new SrtPush(settings);
    this.#camera = camera(size, rate, ['-f', 'mpegts', '-flush_packets', '1', 'pipe:1']);
    this.#camera.stdout!.on('data', (chunk: Buffer) => this.push.send(chunk));
  }

  async stop(): Promise<void> {
    this.#camera.kill('SIGKILL');
    await this.push.finish();
  }
}

async function status(channel: LocalChannel): Promise<LocalStatus> {
  return (await (await fetch(channel.metricsUrl.replace(/metrics$/, 'status'))).json()) as LocalStatus;
}

async function input(channel: LocalChannel, state: LocalStatus['input']): Promise<LocalStatus> {
  for (const until = Date.now() + 20_000; Date.now() < until; await delay(50)) {
    const found = await status(channel);
    if (found.input === state) return found;
  }
  throw new Error(`the input did not become ${state}`);
}

const metric = async (channel: LocalChannel, name: string): Promise<number> => {
  const text = await (await fetch(channel.metricsUrl)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.split(' ').at(-1));
};

/** Segment numbers of a playlist without a break, or what breaks it. */
async function unbroken(channel: LocalChannel, rendition: string): Promise<number> {
  const text = await (await fetch(new URL(`${rendition}.m3u8`, channel.playlistUrl))).text();
  expect(text, 'tags that break a playlist').not.to.match(/^#EXT-X-(DISCONTINUITY|GAP|ENDLIST)$/m);
  const lengths = [...text.matchAll(/#EXTINF:([\d.]+)/g)].map(([, length]) => Number(length));
  for (const length of lengths) expect(length).to.be.closeTo(4, 0.03);
  expect([...text.matchAll(/#EXT-X-MAP/g)]).to.have.length(1);
  return lengths.length;
}

describe('contribution to a local channel', function () {
  this.timeout(120_000);
  let folder: string;
  let channel: LocalChannel | undefined;

  before(async function () {
    const missing = srtMissing();
    if (missing) skip(this, missing);
    folder = await mkdtemp(path.join(os.tmpdir(), 'contribution-'));
  });
  afterEach(async () => {
    stopSrtPushes();
    for (const each of cameras) each.kill('SIGKILL');
    await channel?.stop();
    channel = undefined;
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('takes encrypted SRT that stops, comes again, and is swapped for another size, and viewers see no break', async () => {
    const file = path.join(folder, 'passphrases');
    await writeFile(file, `${current}\n${previous}\n`, { mode: 0o600 });
    channel = await startLocalChannel(
      ...['--source', 'srt', '--ingest-port', '0', '--srt-passphrases', file, '--srt-stream-id', 'studio'],
    );
    expect(channel.srtUrl).to.match(/^srt:\/\/127\.0\.0\.1:\d+\?mode=caller&streamid=studio$/);
    const before = await status(channel);
    expect(before.input).to.equal('slate');
    expect(before.push!.join('\n')).to.include(`-srt_streamid studio -passphrase "$(head -n 1 ${file})"`);

    const settings = { port: portOf(channel.srtUrl!), streamId: 'studio', passphrase: current };
    const first = new Caller(settings);
    await input(channel, 'live');
    // A second caller, and one that knows no passphrase, while the first one is on air.
    expect((await new SrtPush({ ...settings, passphrase: wrong }).event('rejected')).event).to.equal(
      'rejected',
    );
    const secrets = [current, previous, wrong];
    for (const secret of secrets) expect(processesShowing(secret)).to.deep.equal([]);
    await first.stop();
    await input(channel, 'slate');

    const second = new Caller({ ...settings, passphrase: previous });
    await input(channel, 'live');
    await second.stop();
    const third = new Caller(settings, '640x480', '25');
    await third.push.event('connected');
    await input(channel, 'live');
    expect(await metric(channel, 'media_srt_rtt_seconds')).to.be.within(0, 0.1);
    expect(await metric(channel, 'media_srt_latency_seconds')).to.equal(0.12);
    for (const until = Date.now() + 10_000; Date.now() < until; await delay(50)) {
      if ((await metric(channel, 'media_input_sessions_total')) === 3) break;
    }
    expect(await metric(channel, 'media_input_sessions_total')).to.equal(3);
    expect(await metric(channel, 'media_input_refused_total{reason="busy"}')).to.equal(1);
    while ((await unbroken(channel, '360p')) < 3) await delay(200);
    for (const rendition of ['234p', 'audio']) expect(await unbroken(channel, rendition)).to.be.at.least(3);
    const after = await status(channel);
    expect(after).to.include({ encoderPid: before.encoderPid, restarts: 0 });

    const told = [
      JSON.stringify([before, after]),
      await (await fetch(channel.metricsUrl)).text(),
      ...(await logs(channel.folder)),
    ].join('\n');
    for (const secret of secrets) {
      expect(processesShowing(secret)).to.deep.equal([]);
      expect(told).not.to.include(secret);
    }
    await third.stop();
  });

  it('takes RTMP with the stream key that it has made, which only this user may read', async () => {
    channel = await startLocalChannel('--source', 'rtmp', '--ingest-port', '0');
    expect(channel.rtmpUrl).to.match(/^rtmp:\/\/127\.0\.0\.1:\d+\/live$/);
    const file = path.join(channel.folder, 'rtmp-key');
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    const key = (await readFile(file, 'utf8')).trim();
    const refused = camera('320x180', '30', ['-f', 'flv', `${channel.rtmpUrl}/not-the-key`]);
    await once(refused, 'close');
    expect(await metric(channel, 'media_input_refused_total{reason="stream-id"}')).to.be.greaterThan(0);
    camera('320x180', '30', ['-f', 'flv', `${channel.rtmpUrl}/${key}`]);
    await input(channel, 'live');
    expect(await unbroken(channel, '360p')).to.be.greaterThan(0);
    for (const log of await logs(channel.folder)) expect(log).not.to.include(key);
  });

  it('takes MPEG-TS over UDP', async () => {
    channel = await startLocalChannel('--source', 'udp', '--ingest-port', '0');
    camera('320x180', '30', ['-f', 'mpegts', `${channel.udpUrl}?pkt_size=1316`]);
    await input(channel, 'live');
  });
});

async function logs(folder: string): Promise<string[]> {
  const files = (await readdir(path.join(folder, 'logs'))).map((name) => path.join(folder, 'logs', name));
  return Promise.all([...files, path.join(folder, 'launcher.log')].map((file) => readFile(file, 'utf8')));
}
