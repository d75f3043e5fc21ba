import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { COMMAND, startLocalChannel, type LocalChannel } from '../support/local-channel';
import { isAlive } from '../support/kill-writer';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function command(...args: string[]): Promise<Outcome> {
  try {
    const { stdout, stderr } = await promisify(execFile)(COMMAND, args, { timeout: 30_000 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as Outcome;
    return { code, stdout, stderr };
  }
}

describe('aws-media local', function () {
  this.timeout(60_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'command-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  describe('while a channel runs', () => {
    let channel: LocalChannel;

    before(async () => {
      channel = await startLocalChannel('--profile', 'lowest');
    });
    after(() => channel.stop());

    it('has printed one line, with URLs that answer', async () => {
      const { playerUrl, playlistUrl, httpsUrl, metricsUrl } = channel;
      expect([playerUrl, playlistUrl, httpsUrl, metricsUrl].join(' ')).to.match(
        /^http:\/\/127.0.0.1:\d+\/player\/\?channel=test http:\/\/127.0.0.1:\d+\/live\/test\/index.m3u8 https:\/\/127.0.0.1:\d+\/player\/\S+ http:\/\/127.0.0.1:\d+\/metrics$/,
      );
      expect(await (await fetch(playerUrl)).text()).to.include('<video');
      // The first segment can be played when the line is printed.
      const media = await (await fetch(new URL('360p.m3u8', playlistUrl))).text();
      expect(media)
        .to.match(/#EXTINF:/)
        .and.to.include('PART-TARGET=0.21334');
      const metrics = await (await fetch(metricsUrl)).text();
      for (const name of [
        'media_encoder_frames_per_second',
        'media_origin_waiting_requests',
        'media_origin_viewers',
      ]) {
        expect(metrics).to.include(name);
      }
    });

    it('shows the status, and refuses a second start with where the first one is', async () => {
      const status = await channel.status();
      expect(status).to.deep.include({ state: 'playing', profile: 'lowest', ladder: 'tiny', restarts: 0 });
      const second = await command('local', 'up', '--state', channel.folder);
      expect(second.code).to.equal(3);
      expect(second.stderr)
        .to.include(`already running (process ${channel.pid})`)
        .and.to.include(channel.playerUrl);
    });

    it('keeps the private key from other users', async () => {
      const { mode } = await import('node:fs/promises').then((fs) =>
        fs.stat(path.join(channel.folder, 'tls', 'loopback.key')),
      );
      expect(mode & 0o077).to.equal(0);
    });
  });

  it('ends the programme and every process on Ctrl-C, and starts again in the same folder', async () => {
    for (const round of [1, 2]) {
      const child = spawn(COMMAND, [
        'local',
        'up',
        '--json',
        '--state',
        folder,
        '--port',
        '0',
        '--https-port',
        '0',
      ]);
      const lines: string[] = [];
      child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(text));
      await once(child.stdout, 'data');
      const { playlistUrl, metricsUrl } = JSON.parse(lines.join('')) as {
        playlistUrl: string;
        metricsUrl: string;
      };
      const status = JSON.parse((await command('local', 'status', '--json', '--state', folder)).stdout) as {
        encoderPid: number;
        originPid: number;
      };
      const text = await (await fetch(new URL('audio.m3u8', playlistUrl))).text();
      const hint = /PRELOAD-HINT:TYPE=PART,URI="p\/audio\/(\d+)\./.exec(text)!;
      const held = fetch(new URL(`audio.m3u8?_HLS_msn=${Number(hint[1]) + 1}`, playlistUrl));
      while (!/media_origin_waiting_requests 1/.test(await (await fetch(metricsUrl)).text())) continue;
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      expect(await (await held).text(), `round ${round}: a request that was held`).to.include(
        '#EXT-X-ENDLIST',
      );
      expect((await exited)[0]).to.equal(0);
      expect([status.encoderPid, status.originPid].filter(isAlive)).to.deep.equal([]);
      expect((await command('local', 'status', '--state', folder)).code).to.equal(3);
    }
  });

  it('leaves no process behind when the launcher itself is killed', async () => {
    const channel = await startLocalChannel();
    const { encoderPid, originPid } = await channel.status();
    process.kill(channel.pid, 'SIGKILL');
    const until = Date.now() + 8000;
    while ([encoderPid!, originPid!].some(isAlive) && Date.now() < until)
      await new Promise((done) => setTimeout(done, 50));
    expect([encoderPid!, originPid!].filter(isAlive)).to.deep.equal([]);
    // The file that it left behind stops nobody.
    expect((await command('local', 'status', '--state', channel.folder)).code).to.equal(3);
    await rm(channel.folder, { recursive: true, force: true });
  });

  it('refuses wrong arguments with what is allowed, and starts nothing', async () => {
    const noVideo = path.join(folder, 'notes.txt');
    await writeFile(noVideo, 'no media');
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    const { port } = taken.address() as AddressInfo;
    const cases: [string[], number, string][] = [
      [['local', 'up', 'prod'], 2, 'environment "prod": only "local" can be run so far'],
      [['local', 'up', '--ladder', 'huge'], 2, '--ladder: "huge" cannot be used'],
      [['local', 'up', '--on-input-loss', 'black'], 2, 'Allowed choices are repeat, slate, gap'],
      [
        ['local', 'up', '--source', 'srt', '--ingest-port', 'x'],
        2,
        '--ingest-port "x": allowed is a whole number',
      ],
      [['local', 'up', '--profile', 'fast'], 2, 'Allowed choices are lowest, balanced, economy'],
      [
        ['local', 'up', '--source', 'webcam'],
        2,
        '--source "webcam": allowed are test, file:PATH, srt, rtmp and udp',
      ],
      [['local', 'up', '--source', 'file:/no/such.mp4'], 2, '/no/such.mp4 cannot be read as media'],
      [['local', 'up', '--source', `file:${noVideo}`], 2, 'notes.txt'],
      [['local', 'up', '--port', '99999'], 2, 'allowed is a whole number from 0 to 65535'],
      [['local', 'up', '--port', String(port)], 2, `--port ${port} is in use on 127.0.0.1`],
      [['local', 'down'], 3, 'nothing is running'],
      [['frobnicate'], 2, "unknown command 'frobnicate'"],
      [['lint', 'no-such-file.m3u8'], 2, 'no-such-file.m3u8'],
    ];
    try {
      for (const [args, code, message] of cases) await refused(args, code, message);
    } finally {
      taken.close();
    }

    async function refused(args: string[], code: number, message: string): Promise<void> {
      const state = args[0] === 'local' ? ['--state', path.join(folder, 'unused')] : [];
      const outcome = await command(...args, ...state);
      expect(outcome.code, args.join(' ')).to.equal(code);
      expect(outcome.stderr, args.join(' ')).to.include(message);
      expect(outcome.stdout, args.join(' ')).to.equal('');
    }
  });
});
