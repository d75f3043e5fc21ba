import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { expect } from 'chai';
import fc from 'fast-check';
import type { InputFront } from '../../../encoder/ingest/front';
import { startSrtFront, type SrtSettings } from '../../../encoder/ingest/srt';
import type { SrtEvent } from '../../../encoder/ingest/srt-events';
import { startProgram } from '../../../encoder/ingest/srt-program';
import { programInput } from '../../../encoder/ingest/srt-settings';
import { skip } from '../../support/skip';
import {
  packets,
  portOf,
  pushAll,
  sha256,
  SrtPush,
  srtMissing,
  stopSrtPushes,
  type PushSettings,
} from '../../support/srt-caller';
import { CONCLUSION, handshake, HandmadeCaller, hsreq, kmreq } from '../../support/srt-handshake';
import { childPids, peakMemory, processesShowing } from '../../support/srt-process';
import { FrontRig } from './front-rig';

const UNAUTHORIZED = 1401;
const FORBIDDEN = 1403;
const UNACCEPTABLE = 1406;
const BAD_REQUEST = 1400;

/** Of this run alone, so that finding one anywhere means that it was leaked now. */
const secret = (name: string): string => `${name}-${randomBytes(12).toString('hex')}`;

describe('SRT front: who is let in', function () {
  this.timeout(30_000);
  const current = secret('current');
  const next = secret('next');
  const wrong = secret('wrong');
  let front: InputFront | undefined;
  let rig: FrontRig;
  let opened: HandmadeCaller | undefined;

  before(function () {
    const missing = srtMissing();
    if (missing !== undefined) skip(this, missing);
  });

  beforeEach(() => {
    rig = new FrontRig();
  });

  afterEach(async () => {
    stopSrtPushes();
    opened?.close();
    opened = undefined;
    await front?.close();
    front = undefined;
    expect(childPids('srt-front')).to.deep.equal([]);
  });

  async function start(settings: Partial<SrtSettings> = {}): Promise<number> {
    front = await startSrtFront(
      { mode: 'listener', host: '127.0.0.1', port: 0, latencyMs: 120, passphrases: [], ...settings },
      rig.options,
    );
    return portOf(front.url);
  }

  async function refused(settings: PushSettings): Promise<string> {
    const before = rig.count('caller refused');
    const { code } = await new SrtPush(settings).event('rejected');
    const line = await rig.line('caller refused', before);
    expect(line['address']).to.match(/^127\.0\.0\.1:\d+$/);
    const reason = String(line['reason']);
    expect(await rig.metric('media_input_refused_total', { reason })).to.be.greaterThan(0);
    return `${reason} ${code}`;
  }

  async function handmade(port: number): Promise<{ caller: HandmadeCaller; cookie: number }> {
    opened = await HandmadeCaller.open(port);
    return { caller: opened, cookie: await opened.induce() };
  }

  it('refuses each fault in the handshake with its reason, and none disturbs the caller in use', async () => {
    const port = await start({ streamId: 'studio', keyLength: 32, passphrases: [current] });
    const good = { port, streamId: 'studio', keyLength: 32, passphrase: current } as const;
    expect(await refused({ ...good, streamId: 'studio2' })).to.equal(`stream-id ${FORBIDDEN}`);
    expect(await refused({ port, keyLength: 32, passphrase: current })).to.equal(`stream-id ${FORBIDDEN}`);
    expect(await refused({ ...good, passphrase: wrong })).to.equal(`passphrase ${UNAUTHORIZED}`);
    expect(await refused({ port, streamId: 'studio' })).to.equal(`unencrypted ${UNAUTHORIZED}`);
    expect(await refused({ ...good, keyLength: 16 })).to.equal(`key-length ${UNACCEPTABLE}`);
    expect(rig.taken).to.have.length(0);

    const media = packets(2_000_000);
    const caller = new SrtPush({ ...good, mbps: 16 });
    await caller.event('connected');
    caller.send(media);
    const { ended } = await rig.session(0);
    for (const fault of [{ streamId: 'studio2' }, { passphrase: wrong }, { keyLength: 16 as const }]) {
      expect(await refused({ ...good, ...fault })).to.equal('busy 1409');
    }
    expect(await caller.finish()).to.equal(0);
    expect(sha256(await ended)).to.equal(sha256(media));
    expect(await rig.line('caller accepted')).to.include({ keyLength: 32, passphrase: 1 });
    for (const [reason, count] of Object.entries({
      'stream-id': 2,
      passphrase: 1,
      unencrypted: 1,
      'key-length': 1,
      busy: 3,
      format: 0,
    })) {
      expect(await rig.metric('media_input_refused_total', { reason }), reason).to.equal(count);
    }
  });

  it('refuses a caller that encrypts where no passphrase is set, and takes one that does not', async () => {
    const port = await start();
    expect(await refused({ port, passphrase: wrong })).to.equal(`passphrase ${UNAUTHORIZED}`);
    await pushAll({ port, mbps: 16 }, packets(20_000));
    expect(await (await rig.session(0)).ended).to.have.length(packets(20_000).length);
  });

  it('takes either of two passphrases at the first attempt, in any order and with each key length', async () => {
    const port = await start({ passphrases: [current, next] });
    const order = [current, next, next, current, next, current];
    const lengths = [16, 24, 32] as const;
    for (const [i, passphrase] of order.entries()) {
      const media = packets(50_000, i);
      const keyLength = lengths[i % 3]!;
      await pushAll({ port, passphrase, keyLength, mbps: 16 }, media);
      expect(sha256(await (await rig.session(i)).ended)).to.equal(sha256(media));
      expect(await rig.line('caller accepted', i)).to.include({
        passphrase: passphrase === current ? 1 : 2,
        keyLength,
      });
    }
    expect(await refused({ port, passphrase: wrong })).to.equal(`passphrase ${UNAUTHORIZED}`);
    expect(await rig.metric('media_input_refused_total', { reason: 'passphrase' })).to.equal(1);
  });

  it('shows a passphrase in no argument, environment, log line, metric or error', async () => {
    const port = await start({ passphrases: [current, next] });
    const caller = new SrtPush({ port, passphrase: next });
    await caller.event('connected');
    await rig.session(0);
    caller.send(packets(50_000));
    await refused({ port, passphrase: wrong });
    // The program's own path is shown by all that run, so the search is known to find.
    expect(processesShowing('tests/support/srt-push')).to.include(caller.pid);
    for (const passphrase of [current, next, wrong]) {
      expect(processesShowing(passphrase)).to.deep.equal([]);
    }
    await caller.finish();
    const [pid] = childPids('srt-front');
    process.kill(pid!, 'SIGSEGV');
    await rig.line('waiting for a caller', 1);
    const told = JSON.stringify(rig.lines) + (await rig.registry.metrics());
    for (const passphrase of [current, next, wrong]) expect(told).not.to.contain(passphrase);
  });

  it('tries the passphrases of only so many handshakes of one host, and goes on with the right one later', async () => {
    const told: SrtEvent[] = [];
    const settings = { mode: 'listener', host: '127.0.0.1', port: 0, latencyMs: 120 } as const;
    const changed = new EventEmitter();
    const run = startProgram({
      input: programInput({ ...settings, passphrases: [current, next] }, 0),
      log: rig.options.log,
      onMedia: () => undefined,
      onEvent: (event) => {
        told.push(event);
        changed.emit(event.event, event);
      },
    });
    const [{ port }] = (await once(changed, 'listening')) as [{ port: number }];
    const { caller, cookie } = await handmade(port);
    for (let i = 0; i < 15; i++) {
      expect(await caller.conclude({ cookie, extensions: Buffer.concat([hsreq(), kmreq()]) })).to.equal(
        UNAUTHORIZED,
      );
    }
    const details = () => told.flatMap((event) => (event.event === 'refused' ? [event.detail] : []));
    while (details().length < 15) await once(changed, 'refused');
    const tried = details().filter((detail) => detail === 'its passphrase is not one that is set here');
    expect(tried.length).to.be.within(10, 13);
    expect(details().at(-1)).to.equal('too many wrong ones came before it: not checked');
    const accepted = once(changed, 'accepted');
    for (;;) {
      const push = new SrtPush({ port, passphrase: next });
      if ((await Promise.race([push.event('connected'), push.event('rejected')])).event === 'connected')
        break;
    }
    await accepted;
    await run.stop();
  });

  it('ignores handshakes beyond a number, in bounded memory, and the caller in use loses nothing', async () => {
    const port = await start({ passphrases: [current] });
    const [pid] = childPids('srt-front');
    const media = packets(1_500_000);
    const pushing = new SrtPush({ port, passphrase: current, mbps: 12, latencyMs: 300 });
    await pushing.event('connected');
    pushing.send(media);
    const { ended } = await rig.session(0);
    const { caller, cookie } = await handmade(port);
    const request = Buffer.concat([handshake(CONCLUSION, 5, 7, cookie), hsreq(), kmreq()]);
    for (let turn = 0; turn < 200; turn++) {
      for (let i = 0; i < 50; i++) caller.send(request);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await pushing.finish()).to.equal(0);
    expect(sha256(await ended)).to.equal(sha256(media));
    await rig.line('SRT handshakes ignored: one host, or all together, sent too many');
    // 10,000 of them make libsrt hold some 110 MB.
    expect(peakMemory(pid!)).to.be.below(30 * 1024 * 1024);
    expect(await rig.metric('media_input_refused_total', { reason: 'busy' })).to.be.within(20, 60);
  });

  it('refuses malformed key material, whatever is wrong with it', async () => {
    const port = await start({ passphrases: [current] });
    const pids = childPids('srt-front');
    const { caller, cookie } = await handmade(port);
    const cases: [fault: string, extensions: Buffer, code: number][] = [
      ['a key that nobody unwraps', kmreq(), UNAUTHORIZED],
      ['no key flag', kmreq({ flags: 0 }), BAD_REQUEST],
      ['two keys said, one sent', kmreq({ flags: 3 }), BAD_REQUEST],
      ['a salt that is too long', kmreq({ saltWords: 255 }), BAD_REQUEST],
      ['a salt that is too short', kmreq({ saltWords: 1 }), BAD_REQUEST],
      ['a key of no length', kmreq({ keyWords: 0 }), BAD_REQUEST],
      ['a key of 20 bytes', kmreq({ keyWords: 5 }), BAD_REQUEST],
      ['a message cut short', kmreq({ cut: 8 }), BAD_REQUEST],
      ['a message without its fixed part', kmreq({ cut: 44 }), BAD_REQUEST],
      ['a length beyond the datagram', Buffer.from([0, 3, 0x3f, 0xff]), BAD_REQUEST],
      ['another extension beyond the datagram', Buffer.from([0, 9, 0xff, 0xff]), BAD_REQUEST],
      ['no key material', Buffer.alloc(0), UNAUTHORIZED],
    ];
    for (const [fault, extensions, code] of cases) {
      const answer = await caller.conclude({ cookie, extensions: Buffer.concat([hsreq(), extensions]) });
      expect(answer, fault).to.equal(code);
    }
    expect(childPids('srt-front')).to.deep.equal(pids);
  });

  it('survives any extension bytes behind a valid cookie, and takes the next caller', async () => {
    const port = await start({ passphrases: [current], streamId: 'studio' });
    const [pid] = childPids('srt-front');
    const { caller, cookie } = await handmade(port);
    const bytes = fc.uint8Array({ maxLength: 1400 });
    await fc.assert(
      fc.asyncProperty(bytes, fc.boolean(), async (noise, lead) => {
        const extensions = Buffer.concat([lead ? hsreq() : Buffer.alloc(0), noise]);
        expect(await caller.conclude({ cookie, extensions })).to.be.within(1, 2000);
      }),
      { numRuns: 60 },
    );
    const media = packets(50_000);
    await pushAll({ port, passphrase: current, streamId: 'studio', mbps: 16 }, media);
    expect(sha256(await (await rig.session(0)).ended)).to.equal(sha256(media));
    expect(childPids('srt-front')).to.deep.equal([pid]);
  });

  it('loses nothing of the caller in use to a flood of garbage and of forged handshakes', async () => {
    const port = await start({ passphrases: [current] });
    const media = packets(3_000_000);
    const caller = new SrtPush({ port, passphrase: current, mbps: 12, latencyMs: 300 });
    await caller.event('connected');
    caller.send(media);
    const { ended } = await rig.session(0);
    const done = caller.finish();
    let over = false;
    void done.then(() => (over = true));
    const { caller: flood } = await handmade(port);
    let sent = 0;
    const forged = Buffer.concat([handshake(CONCLUSION, 5, 7, 0x1234), hsreq(), kmreq()]);
    while (!over) {
      // 20 at a time, then a turn for the rest: some 10,000 a second.
      for (let i = 0; i < 10; i++) {
        flood.send(randomBytes(1 + ((sent * 37) % 1400)));
        flood.send(forged);
        sent += 2;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await done).to.equal(0);
    expect(sha256(await ended)).to.equal(sha256(media));
    expect(sent).to.be.greaterThan(5000);
    expect(rig.taken).to.have.length(1);
  });
});
