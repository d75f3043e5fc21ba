import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import type { InputFront } from '../../../encoder/ingest/front';
import { startSrtFront, type SrtSettings } from '../../../encoder/ingest/srt';
import { skip } from '../../support/skip';
import {
  packets,
  portOf,
  pushAll,
  sha256,
  SrtPush,
  srtMissing,
  stopSrtPushes,
} from '../../support/srt-caller';
import { childPids, peakMemory } from '../../support/srt-process';
import { startRelay, type UdpRelay } from '../../support/udp-relay';
import { FrontRig, readAll } from './front-rig';

describe('SRT front: the link', function () {
  this.timeout(30_000);
  let front: InputFront | undefined;
  let relay: UdpRelay | undefined;

  before(function () {
    const missing = srtMissing();
    if (missing !== undefined) skip(this, missing);
  });

  afterEach(async () => {
    stopSrtPushes();
    relay?.close();
    relay = undefined;
    await front?.close();
    front = undefined;
    expect(childPids('srt-front')).to.deep.equal([]);
  });

  async function start(rig: FrontRig, settings: Partial<SrtSettings> = {}): Promise<number> {
    front = await startSrtFront(
      { mode: 'listener', host: '127.0.0.1', port: 0, latencyMs: 120, passphrases: [], ...settings },
      rig.options,
    );
    return portOf(front.url);
  }

  /** The metric's value once it is good. */
  async function metric(rig: FrontRig, name: string, good: (value: number) => boolean): Promise<number> {
    for (;;) {
      const value = (await rig.metric(name)) ?? NaN;
      if (good(value)) return value;
      await delay(50);
    }
  }

  it('warns once where the latency is below four round trips, with both figures and the one to set', async () => {
    const rig = new FrontRig();
    relay = await startRelay(await start(rig), { delayMs: 60 });
    const caller = new SrtPush({ port: relay.port, mbps: 4 });
    await caller.event('connected');
    caller.send(packets(2_000_000));
    const warning = await metricLine(rig);
    expect(warning).to.include({ level: 40, latencyMs: 120 });
    const rttMs = Number(warning['rttMs']);
    expect(rttMs).to.be.within(118, 160);
    expect(warning['latencyToSetMs']).to.equal(Math.ceil((4 * rttMs) / 10) * 10);
    expect(await rig.metric('media_srt_latency_alarm')).to.equal(1);
    expect(await rig.metric('media_srt_latency_seconds')).to.equal(0.12);
    const rtt = await rig.metric('media_srt_rtt_seconds');
    expect(rtt).to.be.within(0.118, 0.16);
    await metric(rig, 'media_srt_packets_received_total', (received) => received > 1000);
    expect(rig.lines.filter((line) => 'latencyToSetMs' in line)).to.have.length(1);
    caller.kill();
  });

  it('takes the larger latency of both sides, and then gives no alarm', async () => {
    const rig = new FrontRig();
    relay = await startRelay(await start(rig), { delayMs: 60 });
    const caller = new SrtPush({ port: relay.port, mbps: 4, latencyMs: 1000 });
    await caller.event('connected');
    caller.send(packets(2_000_000));
    expect(await rig.line('caller accepted')).to.include({ latencyMs: 1000 });
    const rtt = await metric(rig, 'media_srt_rtt_seconds', (value) => value > 0);
    expect(rtt).to.be.within(0.118, 0.16);
    expect(await rig.metric('media_srt_latency_seconds')).to.equal(1);
    expect(await rig.metric('media_srt_receive_buffer_seconds')).to.be.within(0.3, 1.1);
    expect(await rig.metric('media_srt_latency_alarm')).to.equal(0);
    expect(rig.lines.filter((line) => 'latencyToSetMs' in line)).to.have.length(0);
    caller.kill();
  });

  it('mends the loss of a packet in fifty, counts it, and adds up over sessions', async () => {
    const rig = new FrontRig();
    let media = 0;
    relay = await startRelay(await start(rig), {
      // The first try alone: 0x80 marks control, 0x04 of the second word a retransmission.
      lose: (datagram) => (datagram[0]! & 0x80) === 0 && (datagram[4]! & 0x04) === 0 && ++media % 50 === 0,
    });
    const totals = { received: 0, lost: 0, retransmitted: 0 };
    for (const [i, seed] of [1, 2].entries()) {
      const sent = packets(3_000_000, seed);
      await pushAll({ port: relay.port, mbps: 12, latencyMs: 200 }, sent);
      expect(sha256(await (await rig.session(i)).ended)).to.equal(sha256(sent));
      for (const name of ['received', 'lost', 'retransmitted'] as const) {
        const total = (await rig.metric(`media_srt_packets_${name}_total`)) ?? NaN;
        expect(total, name).to.be.greaterThan(totals[name]);
        totals[name] = total;
      }
    }
    // The last part of a second is not counted; of the rest, a fiftieth.
    expect(totals.lost / totals.received).to.be.within(0.015, 0.025);
    expect(totals.retransmitted).to.be.at.least(totals.lost * 0.9);
    expect(await rig.metric('media_srt_packets_dropped_total')).to.equal(0);
  });

  it('counts what comes too late as dropped, and goes on', async () => {
    const rig = new FrontRig();
    relay = await startRelay(await start(rig, { latencyMs: 120 }), {
      delayMs: 80,
      lose: (() => {
        let media = 0;
        return (datagram: Buffer) => (datagram[0]! & 0x80) === 0 && ++media % 40 === 0;
      })(),
    });
    const caller = new SrtPush({ port: relay.port, mbps: 8 });
    await caller.event('connected');
    caller.send(packets(4_000_000));
    const dropped = await metric(rig, 'media_srt_packets_dropped_total', (value) => value > 0);
    expect(dropped).to.be.greaterThan(0);
    const { length } = await rig.session(0);
    const before = length();
    await metric(rig, 'media_input_bytes_total', (bytes) => bytes > before + 500_000);
    caller.kill();
  });

  it('drops and counts media that nobody reads, in bounded memory, and every byte is either read or counted', async () => {
    const rig = new FrontRig(false);
    const port = await start(rig);
    const [pid] = childPids('srt-front');
    const media = packets(24_000_000);
    const caller = new SrtPush({ port, mbps: 60 });
    await caller.event('connected');
    caller.send(media);
    const { session } = await rig.session(0);
    expect(await caller.finish()).to.equal(0);
    expect(session.media.readableLength).to.be.below(512 * 1024);
    expect(peakMemory(pid!)).to.be.below(40 * 1024 * 1024);
    const read = await readAll(session.media);
    const gone = await rig.line('caller has gone');
    expect(gone['droppedBytes']).to.be.greaterThan(15_000_000);
    expect(read.length + Number(gone['droppedBytes'])).to.equal(media.length);
    expect(await rig.metric('media_input_dropped_bytes_total')).to.equal(gone['droppedBytes']);
    // What was kept is the beginning and, after the gap, whole packets.
    expect(read.subarray(0, 2_000_000).equals(media.subarray(0, 2_000_000))).to.equal(true);
    for (let at = 0; at < read.length; at += 188) expect(read[at]).to.equal(0x47);
    const next = packets(100_000, 2);
    await pushAll({ port, mbps: 16 }, next);
    expect(sha256(await readAll((await rig.session(1)).session.media))).to.equal(sha256(next));
    expect(childPids('srt-front')).to.deep.equal([pid]);
  });

  it('goes on where a reader gives its session up, and counts that media as dropped', async () => {
    const rig = new FrontRig(false);
    const port = await start(rig);
    const caller = new SrtPush({ port, mbps: 16 });
    await caller.event('connected');
    const { session } = await rig.session(0);
    session.media.destroy();
    caller.send(packets(1_000_000));
    expect(await caller.finish()).to.equal(0);
    expect(await rig.line('caller has gone')).to.include({
      bytes: packets(1_000_000).length,
      droppedBytes: packets(1_000_000).length,
    });
  });

  const metricLine = async (rig: FrontRig) => {
    await metric(rig, 'media_srt_latency_alarm', (alarm) => alarm === 1);
    return rig.lines.find((line) => 'latencyToSetMs' in line)!;
  };
});
