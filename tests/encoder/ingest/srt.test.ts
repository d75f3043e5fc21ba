import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { InputFront } from '../../../encoder/ingest/front';
import { startSrtFront, type SrtSettings } from '../../../encoder/ingest/srt';
import type { SrtEvent } from '../../../encoder/ingest/srt-events';
import { startProgram } from '../../../encoder/ingest/srt-program';
import { rejection } from '../../support/rejection';
import { skip } from '../../support/skip';
import { childPids } from '../../support/srt-process';
import {
  packets,
  portOf,
  pushAll,
  sha256,
  SrtPush,
  srtMissing,
  stopSrtPushes,
} from '../../support/srt-caller';
import { FrontRig, push as ffmpeg, stopPushers } from './front-rig';

const PROGRAM = 'srt-front';
const FRONT = path.resolve(__dirname, '../../../encoder/ingest/srt');

describe('SRT front', function () {
  this.timeout(30_000);
  let front: InputFront | undefined;

  before(function () {
    const missing = srtMissing();
    if (missing !== undefined) skip(this, missing);
  });

  afterEach(async () => {
    stopSrtPushes();
    stopPushers();
    await front?.close();
    front = undefined;
    expect(childPids(PROGRAM)).to.deep.equal([]);
  });

  async function start(rig: FrontRig, settings: Partial<SrtSettings> = {}): Promise<number> {
    front = await startSrtFront(
      { mode: 'listener', host: '127.0.0.1', port: 0, latencyMs: 120, passphrases: [], ...settings },
      rig.options,
    );
    return portOf(front.url);
  }

  it('gives every byte of a caller in order, the last ones too, and says when it came and went', async () => {
    const rig = new FrontRig();
    const port = await start(rig, { streamId: 'studio a/1' });
    expect(front?.url).to.equal(`srt://127.0.0.1:${port}?mode=caller&streamid=studio%20a%2F1`);
    const media = packets(3_000_000);
    await pushAll({ port, streamId: 'studio a/1', mbps: 20 }, media);
    const { session, ended } = await rig.session(0);
    expect(sha256(await ended)).to.equal(sha256(media));
    expect(session.container).to.equal('mpegts');
    expect(session.address).to.match(/^127\.0\.0\.1:\d+$/);
    expect(await rig.line('caller accepted')).to.include({
      address: session.address,
      latencyMs: 120,
      keyLength: 0,
      passphrase: 0,
    });
    const waiting = await rig.line('waiting for a caller');
    expect(waiting).to.include({ port });
    expect(waiting['udpBufferBytes']).to.be.within(100_000, 4 << 20);
    const gone = await rig.line('caller has gone');
    expect(gone).to.include({
      address: session.address,
      bytes: media.length,
      droppedBytes: 0,
      why: 'the sender closed the connection',
    });
    expect(gone['seconds']).to.be.within(1.1, 5);
    expect(await rig.metric('media_input_bytes_total')).to.equal(media.length);
    expect(await rig.metric('media_input_sessions_total')).to.equal(1);
    expect(await rig.metric('media_input_connected')).to.equal(0);
  });

  it('takes an ffmpeg caller, whose stream has no gap', async () => {
    const rig = new FrontRig();
    const port = await start(rig);
    const picture = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=30', '-frames:v', '45'];
    const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-f', 'mpegts'];
    const url = `srt://127.0.0.1:${port}?mode=caller`;
    const { ended } = await (ffmpeg(...picture, ...encode, url), rig.session(0));
    const received = await ended;
    expect(received.length % 188).to.equal(0);
    // ffmpeg may close before its last pictures are out; what came must be whole.
    const counters: number[] = [];
    for (let at = 0; at < received.length; at += 188) {
      expect(received[at]).to.equal(0x47);
      const video = (received.readUInt16BE(at + 1) & 0x1fff) === 0x100;
      if (video) counters.push(received[at + 3]! & 0x0f);
    }
    expect(counters.length).to.be.greaterThan(45);
    expect(counters).to.deep.equal(counters.map((_, i) => (counters[0]! + i) % 16));
  });

  it('refuses a second caller with its address, and the first goes on byte for byte', async () => {
    const rig = new FrontRig();
    const port = await start(rig);
    const media = packets(4_000_000);
    const first = new SrtPush({ port, mbps: 16 });
    await first.event('connected');
    first.send(media);
    const { session, ended } = await rig.session(0);
    for (let i = 0; i < 5; i++) {
      const second = new SrtPush({ port });
      expect(await second.event('rejected')).to.include({ code: 1409 });
      const refused = await rig.line('caller refused', i);
      expect(refused).to.include({ reason: 'busy', level: 40 });
      expect(refused['address'])
        .to.match(/^127\.0\.0\.1:\d+$/)
        .and.not.equal(session.address);
    }
    expect(await first.finish()).to.equal(0);
    expect(sha256(await ended)).to.equal(sha256(media));
    expect(rig.taken).to.have.length(1);
    expect(await rig.metric('media_input_refused_total', { reason: 'busy' })).to.equal(5);
  });

  it('takes each reconnection as a new session of the same process, media of the two never mixed', async () => {
    const rig = new FrontRig();
    const port = await start(rig, { latencyMs: 400 });
    const pids = childPids(PROGRAM);
    expect(pids).to.have.length(1);
    const sent = [1, 2, 3].map((seed) => packets(1_200_000, seed));
    // At once: the last session's media, 400 ms of it, is still on its way when the next caller comes.
    for (const media of sent) await pushAll({ port, mbps: 16 }, media);
    for (const [i, media] of sent.entries()) {
      expect(sha256(await (await rig.session(i)).ended)).to.equal(sha256(media));
    }
    expect(childPids(PROGRAM)).to.deep.equal(pids);
    expect(await rig.metric('media_input_sessions_total')).to.equal(3);
    expect(rig.count('caller refused')).to.equal(0);
  });

  it('ends the session of a caller that fell silent, and takes the next one', async () => {
    const rig = new FrontRig();
    const port = await start(rig, { idleSeconds: 5 });
    const silent = new SrtPush({ port });
    await silent.event('connected');
    const { ended } = await rig.session(0);
    silent.kill();
    expect(await ended).to.have.length(0);
    expect(await rig.line('caller has gone')).to.include({ why: 'the sender fell silent' });
    const media = packets(200_000);
    await pushAll({ port, mbps: 16 }, media);
    expect(sha256(await (await rig.session(1)).ended)).to.equal(sha256(media));
  });

  it('is started again on the same port when it is killed, and its session ends', async () => {
    const rig = new FrontRig();
    const port = await start(rig);
    const caller = new SrtPush({ port });
    await caller.event('connected');
    const { ended } = await rig.session(0);
    const [pid] = childPids(PROGRAM);
    process.kill(pid!, 'SIGKILL');
    await ended;
    expect(await rig.line('caller has gone')).to.include({ why: 'its program was ended by SIGKILL' });
    expect(await rig.line('waiting for a caller', 1)).to.include({ port });
    expect(childPids(PROGRAM)).to.have.length(1).and.not.include(pid);
    const media = packets(200_000);
    await pushAll({ port, mbps: 16 }, media);
    expect(sha256(await (await rig.session(1)).ended)).to.equal(sha256(media));
  });

  it('tells the caller in use when it is closed, and frees the port', async () => {
    const rig = new FrontRig();
    const port = await start(rig);
    const caller = new SrtPush({ port });
    await caller.event('connected');
    const { ended } = await rig.session(0);
    await front?.close();
    await ended;
    expect(await rig.line('caller has gone')).to.include({ why: 'the front was closed' });
    const socket = createSocket('udp4').bind(port, '127.0.0.1');
    await once(socket, 'listening');
    socket.close();
  });

  it('names a port that is in use, and what to do', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    expect(String(await rejection(start(new FrontRig(), { port })))).to.equal(
      `Error: the SRT front could not be started: UDP port ${port} of 127.0.0.1 is in use. Stop what uses it (\`ss -lunp\` names it), or give another port`,
    );
    socket.close();
  });

  it('names every bad setting at once, and shows no passphrase', async () => {
    const secret = 'x'.repeat(80);
    const bad = {
      port: 70_000,
      latencyMs: 10,
      keyLength: 20 as 16,
      passphrases: [secret, 'short'],
      idleSeconds: 0,
    };
    const { message } = (await rejection(start(new FrontRig(), bad))) as Error;
    expect(message.split('\n')).to.deep.equal([
      '6 bad setting(s) of the SRT front:',
      '  port is 70000; allowed is a whole number from 0 to 65535',
      '  latencyMs is 10; allowed is a whole number of milliseconds from 20 to 8000',
      '  keyLength is 20; allowed are 16, 24 and 32 bytes',
      '  passphrase 1 has 80 bytes; SRT allows 10 to 79',
      '  passphrase 2 has 5 bytes; SRT allows 10 to 79',
      '  idleSeconds is 0; allowed are 5 to 60 seconds',
    ]);
  });

  it('listens on IPv6, and writes its callers as such', async function () {
    const probe = createSocket('udp6').bind(0, '::1');
    const can = await Promise.race([
      once(probe, 'listening').then(() => true),
      once(probe, 'error').then(() => false),
    ]);
    probe.close();
    if (!can) skip(this, 'this machine has no IPv6 loopback address; give it ::1');
    const rig = new FrontRig();
    const port = await start(rig, { host: '::1' });
    expect(front?.url).to.equal(`srt://[::1]:${port}?mode=caller`);
    const media = packets(200_000);
    await pushAll({ host: '::1', port, mbps: 16 }, media);
    const { session, ended } = await rig.session(0);
    expect(session.address).to.match(/^\[::1\]:\d+$/);
    expect(sha256(await ended)).to.equal(sha256(media));
  });

  it('on all addresses, writes an IPv4 caller as IPv4', async function () {
    const rig = new FrontRig();
    const port = await start(rig, { host: '::' });
    await pushAll({ port, mbps: 16 }, packets(20_000));
    expect((await rig.session(0)).session.address).to.match(/^127\.0\.0\.1:\d+$/);
  });

  it('leaves no process behind when the one that started it is killed', async () => {
    const code = `require(${JSON.stringify(FRONT)}).startSrtFront(${JSON.stringify({
      mode: 'listener',
      host: '127.0.0.1',
      port: 0,
      latencyMs: 120,
      passphrases: [],
    })}, { log: { info: () => process.send('bound') }, registry: new (require('prom-client').Registry)() })`;
    const parent = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    await once(parent, 'message');
    const pids = childPids(PROGRAM, parent.pid);
    expect(pids).to.have.length(1);
    parent.kill('SIGKILL');
    await once(parent, 'close');
    while (existsSync(`/proc/${pids[0]}`)) await delay(5);
  });

  it('says what to do where its program is missing or is another', async () => {
    const options = {
      input: 'end of it\n',
      log: new FrontRig().options.log,
      onMedia: () => undefined,
      onEvent: () => undefined,
    };
    const said = await startProgram({ ...options, program: '/nowhere/srt-front' }).ended;
    expect(said).to.match(
      /^its program is missing \(\/nowhere\/srt-front\); build it: `make setup` in a checkout, `make -C '/,
    );
    // Where it would be built from is there.
    expect(existsSync(path.join(/make -C '([^']+)'/.exec(said)![1]!, 'Makefile'))).to.be.true;
    const rig = new FrontRig();
    // Repeats its input, which is no frame.
    const other = startProgram({ ...options, log: rig.options.log, program: '/bin/cat' });
    expect(await other.ended).to.equal('its program was ended by SIGKILL');
    expect(String((await rig.line('SRT front'))['error'])).to.contain(
      'the SRT front sent a frame of type 101',
    );
  });

  it('says what is wrong with a configuration that the program does not take', async () => {
    const told: SrtEvent[] = [];
    const log = new FrontRig().options.log;
    const inputs = [
      'port 70000\nend\n',
      'host 127.0.0.1\nport 1',
      'passphrase x\nend\n',
      'whatever 1\nend\n',
    ];
    for (const input of inputs) {
      const run = startProgram({
        input: `mode listener\n${input}`,
        log,
        onMedia: () => undefined,
        onEvent: (event) => told.push(event),
      });
      if (!input.endsWith('end\n')) void run.stop();
      await run.ended;
    }
    expect(told.map((event) => (event.event === 'failed' ? event.text : event.event))).to.deep.equal([
      'port: 0 to 65535 is allowed',
      'passphrase: 10 to 79 bytes are allowed',
      'a key that is not known',
    ]);
  });

  describe('as a caller', () => {
    it('connects to one who listens, and again when that one comes back', async () => {
      const rig = new FrontRig();
      const passphrase = 'a passphrase of the far end';
      const listener = { mode: 'listener', passphrase, keyLength: 24 } as const;
      const far = new SrtPush(listener);
      const port = Number((await far.event('listening'))['port']);
      await start(rig, { mode: 'caller', port, passphrases: [passphrase], streamId: 'feed-1' });
      expect(front?.url).to.equal(`srt://127.0.0.1:${port}?mode=listener&streamid=feed-1`);
      const media = packets(300_000, 1);
      far.send(media);
      const { session, ended } = await rig.session(0);
      expect(await far.finish()).to.equal(0);
      expect(session.address).to.equal(`127.0.0.1:${port}`);
      expect(sha256(await ended)).to.equal(sha256(media));
      const back = new SrtPush({ ...listener, port });
      const again = packets(300_000, 2);
      back.send(again);
      const next = await rig.session(1);
      await back.finish();
      expect(sha256(await next.ended)).to.equal(sha256(again));
    });

    it("tries again, ever more slowly, and says libsrt's reason, never the passphrase", async () => {
      const rig = new FrontRig();
      const far = new SrtPush({ mode: 'listener', passphrase: 'the passphrase there' });
      const port = Number((await far.event('listening'))['port']);
      await start(rig, { mode: 'caller', port, passphrases: ['the passphrase here'] });
      const failures = [0, 1, 2].map((i) => rig.line('SRT connection failed', i));
      const waits = [];
      for (const failure of failures) {
        const line = await failure;
        expect(line).to.include({ reason: 'Incorrect passphrase', code: 10, level: 40 });
        waits.push(line['retryMs']);
      }
      expect(waits[0]).to.be.within(125, 250);
      expect(waits[1]).to.be.within(250, 500);
      expect(waits[2]).to.be.within(500, 1000);
      expect(JSON.stringify(rig.lines)).not.to.contain('the passphrase');
    });
  });
});
