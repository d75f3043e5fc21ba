import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import type { InputFront } from '../../../encoder/ingest/front';
import { RtpSequence, transportStream } from '../../../encoder/ingest/udp/datagram';
import { startUdpFront, type UdpSettings } from '../../../encoder/ingest/udp';
import { u16, u32, u8 } from '../../support/mp4';
import { rejection } from '../../support/rejection';
import { Clips, FrontRig, push, readAll, stopPushers } from './front-rig';

/** TS packets that are told apart by their content. */
const ts = (count: number, fill: number): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => Buffer.concat([u8(0x47), Buffer.alloc(187, fill)])));

interface RtpOptions {
  readonly payload: Buffer;
  readonly sequence?: number;
  readonly source?: number;
  readonly type?: number;
  readonly version?: number;
  readonly contributors?: number;
  readonly extension?: Buffer;
  readonly padding?: number;
}

function rtp(options: RtpOptions): Buffer {
  const { payload, sequence = 0, source = 0x5353, type = 33, version = 2 } = options;
  const { contributors = 0, extension, padding = 0 } = options;
  const first = (version << 6) | (padding > 0 ? 0x20 : 0) | (extension ? 0x10 : 0) | contributors;
  return Buffer.concat([
    ...[u8(first, type), u16(sequence), u32(90_000, source), Buffer.alloc(4 * contributors)],
    ...(extension ? [u16(0xbede, extension.length / 4), extension] : []),
    payload,
    ...(padding > 0 ? [Buffer.alloc(padding - 1), u8(padding)] : []),
  ]);
}

describe('UDP front', function () {
  this.timeout(20_000);
  let clips: Clips;
  let clip: string;
  let front: InputFront | undefined;
  const senders: Socket[] = [];

  before(async () => {
    clips = await Clips.make();
    clip = await clips.clip('one-second.ts', 1, '-f', 'mpegts');
  });

  afterEach(async () => {
    stopPushers();
    for (const sender of senders.splice(0)) sender.close();
    await front?.close();
    front = undefined;
  });

  after(() => clips.remove());

  async function start(rig: FrontRig, settings: Partial<UdpSettings> = {}): Promise<number> {
    front = await startUdpFront({ host: '127.0.0.1', port: 0, ...settings }, rig.options);
    return Number(new URL(front.url).port);
  }

  /** A sender with a port of its own. */
  async function sender(port: number): Promise<(datagram: Buffer) => Promise<void>> {
    const socket = createSocket('udp4');
    senders.push(socket);
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return (datagram) =>
      new Promise((resolve, reject) => {
        socket.send(datagram, (error) => (error ? reject(error) : resolve()));
      });
  }

  for (const [name, format, scheme] of [
    ['in plain datagrams', 'mpegts', 'udp'],
    ['in RTP', 'rtp_mpegts', 'rtp'],
  ] as const) {
    it(`gives the transport stream that ffmpeg sends ${name}, packet for packet, and ends when it is silent`, async () => {
      const rig = new FrontRig();
      const port = await start(rig, { idleSeconds: 0.5 });
      const copied = ['-re', '-copyts', '-i', clip, '-map', '0', '-c', 'copy', '-muxdelay', '0'];
      const url = `${scheme}://127.0.0.1:${port}?pkt_size=${scheme === 'rtp' ? 1328 : 1316}`;
      const pusher = push(...copied, '-f', format, url);
      const { session, ended } = await rig.session(0);
      expect((await pusher.ended).code).to.equal(0);
      const received = await clips.write('received.ts', await ended);
      expect(session.container).to.equal('mpegts');
      expect((await clips.frames(received))['h264']).to.equal(30);
      const packets = async (file: string, track: number) =>
        (await clips.packets(file))
          .map((line) => line.split(',').map((field) => field.trim()))
          .filter(([index]) => index === String(track))
          .map((fields) => fields[5]);
      // ffmpeg's RTP muxer never sends what its last packet was to hold: the end of the last frames.
      const unsent = scheme === 'rtp' ? 2 : 0;
      for (const track of [0, 1]) {
        const sent = await packets(clip, track);
        const whole = sent.length - unsent;
        const found = await packets(received, track);
        expect(found.slice(0, whole), `track ${track}`).to.deep.equal(sent.slice(0, whole));
        expect(found).to.have.length.within(whole, sent.length);
      }
      const gone = await rig.line('caller has gone');
      expect(gone).to.include({ address: session.address, why: 'nothing came for 0.5 s', lostPackets: 0 });
      expect(gone['bytes']).to.equal(await rig.metric('media_input_bytes_total'));
      expect(await rig.metric('media_input_connected')).to.equal(0);
    });
  }

  it('gives every byte of a plain sender, in order, and a sender that comes back a session of its own', async () => {
    const rig = new FrontRig();
    const send = await sender(await start(rig, { idleSeconds: 0.1 }));
    const bytes = readFileSync(clip);
    for (const index of [0, 1]) {
      for (let at = 0; at < bytes.length; at += 1316) await send(bytes.subarray(at, at + 1316));
      expect((await (await rig.session(index)).ended).equals(bytes)).to.equal(true);
    }
    expect(await rig.metric('media_input_sessions_total')).to.equal(2);
    expect(await rig.metric('media_input_bytes_total')).to.equal(2 * bytes.length);
  });

  it('refuses the datagrams of a second sender, and logs its address once', async () => {
    const rig = new FrontRig();
    const port = await start(rig, { idleSeconds: 0.2 });
    const [first, second] = [await sender(port), await sender(port)];
    await first(ts(7, 1));
    const { session, ended } = await rig.session(0);
    for (let i = 0; i < 5; i++) await second(ts(7, 2));
    await first(ts(7, 3));
    expect((await ended).equals(Buffer.concat([ts(7, 1), ts(7, 3)]))).to.equal(true);
    expect(await rig.metric('media_input_refused_total', { reason: 'busy' })).to.equal(5);
    expect(rig.count('caller refused')).to.equal(1);
    expect(await rig.line('caller refused')).to.deep.include({
      level: 40,
      reason: 'busy',
      address: `127.0.0.1:${senders[1]!.address().port}`,
      why: `${session.address} is sending`,
    });
    await second(ts(1, 4));
    expect((await rig.session(1)).session.address).to.equal(`127.0.0.1:${senders[1]!.address().port}`);
  });

  it('takes the transport stream out of RTP, with all that its header may have', async () => {
    const rig = new FrontRig();
    const send = await sender(await start(rig, { idleSeconds: 0.1 }));
    await send(rtp({ sequence: 65_534, payload: ts(7, 1) }));
    await send(rtp({ sequence: 65_535, payload: ts(1, 2), contributors: 3 }));
    await send(rtp({ sequence: 0, payload: ts(2, 3), extension: Buffer.alloc(8) }));
    await send(
      rtp({ sequence: 1, payload: ts(1, 4), contributors: 15, extension: Buffer.alloc(0), padding: 5 }),
    );
    const received = await (await rig.session(0)).ended;
    expect(received.equals(Buffer.concat([ts(7, 1), ts(1, 2), ts(2, 3), ts(1, 4)]))).to.equal(true);
    expect(await rig.metric('media_input_rtp_lost_packets_total')).to.equal(0);
  });

  it('counts what is missing in RTP, and drops what comes too late or twice', async () => {
    const rig = new FrontRig();
    const send = await sender(await start(rig, { idleSeconds: 0.1 }));
    for (const sequence of [65_530, 65_531, 65_535, 2, 2, 1, 3])
      await send(rtp({ sequence, payload: ts(1, sequence & 255) }));
    // Begun anew: another source, then the same one far behind.
    await send(rtp({ sequence: 900, source: 1, payload: ts(1, 50) }));
    await send(rtp({ sequence: 100, source: 1, payload: ts(1, 51) }));
    const received = await (await rig.session(0)).ended;
    const order = Array.from({ length: received.length / 188 }, (_, i) => received[188 * i + 1]);
    expect(order).to.deep.equal([250, 251, 255, 2, 3, 50, 51]);
    expect(await rig.metric('media_input_rtp_lost_packets_total')).to.equal(5);
    expect(await rig.metric('media_input_dropped_bytes_total')).to.equal(2 * 188);
    expect(await rig.line('caller has gone')).to.include({ lostPackets: 5, droppedBytes: 376 });
  });

  it('refuses what is no transport stream, whoever sends it, and goes on', async () => {
    const rig = new FrontRig();
    const send = await sender(await start(rig, { idleSeconds: 0.1 }));
    const broken = ts(7, 1);
    broken[188] = 0x48;
    const wrong = [
      Buffer.alloc(0),
      Buffer.from('hello'),
      ts(1, 1).subarray(0, 187),
      Buffer.concat([ts(1, 1), u8(0x47)]),
      broken,
      rtp({ payload: ts(1, 1), type: 96 }),
      rtp({ payload: ts(1, 1), version: 1 }),
      rtp({ payload: Buffer.alloc(0) }),
      rtp({ payload: Buffer.alloc(188) }),
      rtp({ payload: ts(1, 1), extension: Buffer.alloc(400) }).subarray(0, 300),
    ];
    for (const datagram of wrong) await send(datagram);
    await send(ts(1, 1));
    await rig.session(0);
    expect(await rig.metric('media_input_refused_total', { reason: 'format' })).to.equal(wrong.length);
    expect(rig.count('caller refused')).to.equal(1);
    expect(await rig.line('caller refused')).to.include({
      reason: 'format',
      why: 'no MPEG-TS, plain or in RTP: send whole packets of 188 bytes, 7 in a datagram',
    });
    await send(Buffer.from('garbage of the sender itself'));
    await send(ts(1, 2));
    expect((await rig.taken[0]!.ended).equals(Buffer.concat([ts(1, 1), ts(1, 2)]))).to.equal(true);
    expect(rig.taken).to.have.length(1);
  });

  it('finds whole packets in any datagram, or none', () => {
    const datagram = fc.oneof(
      fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
      fc
        .record({
          payload: fc.integer({ min: 0, max: 7 }).map((count) => ts(count, 7)),
          contributors: fc.integer({ min: 0, max: 15 }),
          padding: fc.integer({ min: 0, max: 255 }),
          type: fc.constantFrom(33, 33 | 0x80, 96),
        })
        .chain((options) => {
          const whole = rtp(options);
          return fc.integer({ min: 0, max: whole.length }).map((length) => whole.subarray(0, length));
        }),
    );
    fc.assert(
      fc.property(datagram, (bytes) => {
        const found = transportStream(bytes);
        if (!found) return;
        expect(found.packets.length % 188).to.equal(0);
        expect(found.packets.length).to.be.within(188, bytes.length);
        for (let at = 0; at < found.packets.length; at += 188) expect(found.packets[at]).to.equal(0x47);
      }),
      { numRuns: 1000 },
    );
  });

  it('counts as missing exactly the RTP packets that never come, over any number of wraps', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 65_535 }),
        fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 30 }),
        (start, steps) => {
          const sequence = new RtpSequence();
          let at = start;
          let missing = sequence.next({ sequence: at, source: 9 })!;
          for (const step of steps) {
            at = (at + step) & 0xffff;
            missing += sequence.next({ sequence: at, source: 9 })!;
          }
          expect(missing).to.equal(steps.reduce((sum, step) => sum + step - 1, 0));
        },
      ),
    );
  });

  it('drops whole datagrams when it is not read in time, and counts them', async () => {
    const rig = new FrontRig(false);
    const send = await sender(await start(rig, { bufferBytes: 5000, idleSeconds: 0.2 }));
    for (let i = 0; i < 6; i++) await send(ts(7, i));
    const { session } = await rig.session(0);
    await rig.line('media is dropped: it is not read in time');
    await rig.line('caller has gone');
    const received = await readAll(session.media);
    expect(received.equals(Buffer.concat([ts(7, 0), ts(7, 1), ts(7, 2)]))).to.equal(true);
    expect(await rig.metric('media_input_dropped_bytes_total')).to.equal(3 * 1316);
    expect(rig.count('media is dropped: it is not read in time'), 'told once').to.equal(1);
  });

  it('joins a multicast group on the interface that it is told, and says which', async () => {
    const rig = new FrontRig();
    const group = '239.255.77.31';
    const port = await start(rig, { host: group, interfaceAddress: '127.0.0.1', idleSeconds: 0.2 });
    expect(front!.url).to.equal(`udp://${group}:${port}`);
    expect(await rig.line('waiting for datagrams')).to.include({ interface: '127.0.0.1' });
    const socket = createSocket('udp4');
    senders.push(socket);
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    socket.setMulticastInterface('127.0.0.1');
    socket.setMulticastTTL(0);
    socket.send(ts(7, 1), port, group);
    expect((await (await rig.session(0)).ended).equals(ts(7, 1))).to.equal(true);
  });

  it('ends a session that nobody reads any more, and the sender begins another', async () => {
    const rig = new FrontRig(false);
    const send = await sender(await start(rig));
    await send(ts(1, 1));
    (await rig.session(0)).session.media.destroy();
    expect((await rig.line('caller has gone'))['why']).to.equal('the stream is not read any more');
    await send(ts(1, 2));
    const second = await rig.session(1);
    const rest = readAll(second.session.media);
    await front!.close();
    expect((await rest).equals(ts(1, 2))).to.equal(true);
  });

  it('says how large the receive buffer really is', async () => {
    const rig = new FrontRig();
    await start(rig, { rcvbufBytes: 2 ** 30 });
    const { rcvbufBytes } = await rig.line('waiting for datagrams');
    const most = Number(readFileSync('/proc/sys/net/core/rmem_max', 'utf8'));
    expect(rcvbufBytes).to.equal(most);
    expect(rig.lines.at(-1)).to.deep.include({ level: 40, asked: 2 ** 30, given: most });
  });

  it('names every wrong setting at once', async () => {
    const wrong = {
      host: '127.0.0.1',
      port: -1,
      rcvbufBytes: 0,
      idleSeconds: 0,
      interfaceAddress: '127.0.0.1',
    };
    const error = (await rejection(startUdpFront(wrong, new FrontRig().options))) as Error;
    expect(error.message.split('\n')).to.deep.equal([
      'UDP cannot be started:',
      'port: -1; allowed: 0 (any free one) to 65535',
      'rcvbufBytes: 0; allowed: 1 to 1073741824',
      'idleSeconds: 0; allowed: above 0, at most 3600',
      'interfaceAddress: only for a multicast group; host is "127.0.0.1"',
    ]);
  });

  it('says what is in the way of a port, an address or a group', async () => {
    const rig = new FrontRig();
    const port = await start(rig);
    const refusal = async (settings: UdpSettings) =>
      ((await rejection(startUdpFront(settings, rig.options))) as Error).message;
    expect(await refusal({ host: '127.0.0.1', port })).to.equal(
      `UDP cannot listen on 127.0.0.1, port ${port}: another program listens there. Stop it, or choose another port.`,
    );
    expect(await refusal({ host: '192.0.2.1', port: 0 })).to.equal(
      'UDP cannot listen on 192.0.2.1, port 0: this machine has no such address.',
    );
    expect(await refusal({ host: '239.255.77.32', port: 0, interfaceAddress: '192.0.2.1' })).to.equal(
      "UDP cannot listen on 239.255.77.32, port 0: no interface has the address 192.0.2.1. Give one of this machine's.",
    );
  });
});
