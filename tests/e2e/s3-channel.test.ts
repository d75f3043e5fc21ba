import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import {
  keys,
  LADDERS,
  partsPerSegment,
  requestsPerHour,
  tickGrid,
  type StoreRequests,
} from '../../encoder/contract';
import { lint } from '../../encoder/lint';
import { EXIT } from '../../encoder/process';
import { Observer } from '../support/observer';
import { metric, startS3Channel, type Principal, type S3Channel } from '../support/s3-channel';
import type { Kind, ShimRequest } from '../support/s3-express-shim';
import { callsOf, findings, grantedRoles } from '../support/s3-roles';
import { s3ServerFor, type S3Server } from '../support/s3-server';

const CHANNEL = 'test';
const PARTS = partsPerSegment(tickGrid('30', 'balanced'));
const RENDITIONS = LADDERS.tiny.video.length + LADDERS.tiny.audio.length;
/** A minute. */
const SEGMENTS = 15;
/** Segments whose bundles stay: the window of 24 s and four target durations. */
const KEPT = 10;
/** Well after what the end of the segment before sets off, and before the next claim is made. */
const QUIET_TICK = 5;
/** Until an origin and its viewers have what a tick brings. */
const AFTER_TICK_MS = 180;

describe('a channel on S3: encoder and origin processes, a bucket and a directory bucket', function () {
  this.timeout(180_000);
  let server: S3Server;
  let channel: S3Channel;

  before(async function () {
    server = await s3ServerFor(this, 'versitygw');
    channel = await startS3Channel(server, {
      latencyMs: { median: 5, p99: 40 },
      sessionSeconds: 300,
      seed: 11,
    });
  });
  after(async () => {
    await channel?.stop();
    await server?.stop();
  });

  it('is watched for a minute: nothing listed is missing, the linter finds nothing, its requests are as reckoned', async () => {
    const { requests, shim } = channel;
    const encoder = channel.start('main.js', 'encoder', {
      CHANNEL,
      LADDER: 'tiny',
      ENCODER: 'software',
      WINDOW_SECONDS: '24',
    });
    const late: number[] = [];
    let newest = 0;
    encoder.child.on('message', (message: { type: string; msn: number; lateMs: number }) => {
      if (message.type !== 'tick') return;
      late.push(message.lateMs);
      newest = message.msn;
    });
    const encoderPorts = encoder.until('listening');
    const first = await encoder.until('segment');
    const origin = channel.start('origin/main.js', 'origin', { HTTP_PORT: '0', WINDOW_SECONDS: '24' });
    const { ports } = await origin.until('listening');
    const base = `http://127.0.0.1:${ports['http']}/live/${CHANNEL}/`;
    const observer = new Observer(base);
    await observer.start();
    // A minute by the media's clock: a machine that is late counts the same.
    const from = newest + 1;
    const until = from + SEGMENTS;
    /** What was asked for until the minute was over. */
    const asked = async (): Promise<ShimRequest[]> => {
      await encoder.until('tick', ({ msn, tick }) => msn === until && tick === QUIET_TICK);
      await delay(AFTER_TICK_MS);
      return [...requests];
    };
    const [report, soFar] = await Promise.all([lint(`${base}index.m3u8`, { seconds: 55 }), asked()]);
    await observer.stop();
    // Tries that failed on a machine that had too much to do; each costs a request or two more.
    const failed =
      (await metric((await encoderPorts).ports['metrics'], 'media_s3_failed_tries_total')) +
      (await metric(ports['metrics'], 'media_s3_failed_tries_total'));
    expect(await encoder.ends('SIGINT'), encoder.said()).to.equal(0);
    expect(await origin.ends('SIGTERM'), origin.said()).to.equal(0);

    expect(observer.violations).to.deep.equal([]);
    expect(observer.discontinuities).to.equal(0);
    expect(observer.listed.size).to.be.greaterThan(RENDITIONS * SEGMENTS * PARTS);
    // Plain HTTP, and a window of less than a minute, are meant here.
    expect(report.findings.filter(({ rule }) => rule !== 'C1' && rule !== 'T13')).to.deep.equal([]);

    const isInMinute = ({ key }: ShimRequest): boolean => {
      const msn = Number(/^(?:edge|claims)\/\w+\/(\d+)|\/s\/\w+\/(\d+)/.exec(key)?.slice(1).find(Boolean));
      return msn >= from && msn < until;
    };
    const minute = soFar.filter(isInMinute);
    type Wanted = (request: ShimRequest) => boolean;
    const count = (among: readonly ShimRequest[], principal: Principal, kind: Kind, wanted: Wanted) =>
      among.filter((each) => each.principal === principal && each.kind === kind && wanted(each)).length;
    const isEdge: Wanted = ({ bucket }) => bucket === shim.directory;
    const isGeneral: Wanted = ({ bucket }) => bucket === shim.general;
    /** Equal where no try failed. */
    const expectEqual = (counted: number, exactly: number, what: string) =>
      expect(counted, what).to.be.within(exactly, exactly + failed);
    const { encoder: writes, origin: reads } = requestsPerHour({
      frameRate: '30',
      profile: 'balanced',
      renditions: RENDITIONS,
      watched: RENDITIONS,
    });
    const aMinute = (each: StoreRequests, kind: keyof StoreRequests) => Math.floor(each[kind] / 60);
    const ticks = SEGMENTS * PARTS;
    expectEqual(count(minute, 'encoder', 'PUT', isEdge), aMinute(writes.edge, 'put'), 'bundles');
    // The hint has no number: there is one for each claim.
    const isHint: Wanted = ({ key }) => key === keys.lastClaim(CHANNEL);
    const isClaim: Wanted = (each) => each.key.startsWith('claims/') && !isHint(each);
    const hints = count(soFar, 'encoder', 'PUT', isHint);
    expectEqual(
      hints,
      count(soFar, 'encoder', 'PUT', (each) => isClaim(each) && each.status === 200),
      'hints',
    );
    const numbered = count(minute, 'encoder', 'PUT', isGeneral);
    expectEqual(numbered + SEGMENTS, aMinute(writes.general, 'put'), 'claims, hints and segments');
    for (const kind of ['GET', 'HEAD', 'LIST'] as const) {
      expectEqual(
        count(minute, 'encoder', kind, () => true),
        0,
        kind,
      );
    }
    // Whole segments of bundles, from the first one on, until those that are younger than what is kept.
    const old = (until - first.msn - KEPT) * PARTS;
    expectEqual(count(soFar, 'encoder', 'DELETE', isEdge), old, 'bundles that are deleted');
    expect(count(soFar, 'encoder', 'DELETE', isGeneral)).to.equal(0);

    const isHead: Wanted = ({ headers }) => headers.range === 'bytes=0-4095';
    const isThere: Wanted = ({ status }) => status === 206;
    const gets = (wanted: Wanted) => count(minute, 'origin', 'GET', wanted);
    expectEqual(
      gets((each) => isEdge(each) && isHead(each) && isThere(each)),
      ticks,
      'heads',
    );
    expectEqual(
      gets((each) => isEdge(each) && !isHead(each)),
      ticks,
      'media',
    );
    expectEqual(
      gets((each) => isClaim(each) && each.status === 200),
      aMinute(reads.general, 'get'),
      'claims',
    );
    const inVain = gets((each) => isEdge(each) && !isThere(each)) / ticks;
    const perTick = gets(isEdge) / ticks;
    // How often an origin looks too early is learnt, not reckoned.
    expect(perTick).to.be.within(2, reads.edge.get / 60 / ticks + 2);
    for (const kind of ['PUT', 'DELETE', 'HEAD', 'LIST'] as const) {
      expect(
        count(soFar, 'origin', kind, () => true),
        kind,
      ).to.equal(0);
    }
    const sorted = late.slice(PARTS).sort((a, b) => a - b);
    console.log(
      `      a tick is in the store ${Math.round(sorted[sorted.length >> 1]!)} ms after its end (median); an origin ` +
        `reads ${perTick.toFixed(2)} times a tick, ${inVain.toFixed(2)} of them in vain; ` +
        `tries that failed: ${failed}`,
    );
  });

  it('goes on with a second writer, fences the first, is left, and begins again without its hint', async () => {
    const { requests, shim } = channel;
    const environment = {
      CHANNEL: 'second',
      LADDER: 'tiny',
      ENCODER: 'software',
      SEGMENT_STORAGE_CLASS: 'INTELLIGENT_TIERING',
    };
    const halted = channel.start('main.js', 'encoder', environment);
    const first = await halted.until('segment');
    const origin = channel.start('origin/main.js', 'origin', { HTTP_PORT: '0' });
    const { ports } = await origin.until('listening');
    const observer = new Observer(`http://127.0.0.1:${ports['http']}/live/second/`);
    await observer.start();
    const second = channel.start('main.js', 'encoder', environment);
    await second.until('standby');
    // In the middle of a segment, so that it has to be ended. It is not gone: it is only as late as a machine may be.
    await halted.until('tick', ({ tick }) => tick === QUIET_TICK);
    halted.child.kill('SIGSTOP');
    const next = await second.until('segment');
    expect(next.msn).to.be.above(first.msn);
    expect(await halted.ends('SIGCONT'), halted.said()).to.equal(EXIT.fenced);
    // The claimed segments are finished, so that the next one finds no open end.
    expect(await second.ends('SIGTERM'), second.said()).to.equal(0);
    const { general } = channel.stores();
    await general.delete(keys.lastClaim('second'));
    const third = channel.start('main.js', 'encoder', environment);
    await third.until('segment');
    await observer.stop();
    expect(await third.ends('SIGINT'), third.said()).to.equal(0);
    expect(await origin.ends('SIGTERM'), origin.said()).to.equal(0);

    expect(observer.violations).to.deep.equal([]);
    expect(observer.discontinuities).to.equal(2);
    const listed = requests.filter(
      ({ principal, kind, key }) => principal === 'encoder' && kind === 'LIST' && key === 'claims/second/',
    );
    const puts = requests.filter(({ kind, key }) => kind === 'PUT' && key.split('/')[1] === 'second');
    const tiered = puts.filter(({ headers }) => headers['x-amz-storage-class'] === 'INTELLIGENT_TIERING');
    expect(tiered.length).to.be.above(2 * RENDITIONS);
    expect(tiered).to.deep.equal(puts.filter(({ key }) => key.startsWith('live/second/s/')));
    // At the first start, and where the hint was gone.
    expect(listed).to.have.length(2);
    expect(
      requests.filter(({ kind, bucket }) => kind === 'DELETE' && bucket === shim.general),
    ).to.have.length(1);
  });

  it('needs exactly what a TieredSegmentStore grants: nothing is denied, nothing is granted in vain', async () => {
    // Both channels, as one whose writers come and go.
    const shared = channel.requests.map((each) => ({
      ...each,
      key: each.key.replace(/^(\w+)\/second\//, `$1/${CHANNEL}/`),
    }));
    const roles = await grantedRoles({ channel: CHANNEL, zonal: true });
    for (const role of ['encoder', 'origin'] as const) {
      const own = callsOf(
        shared.filter(({ principal }) => principal === role),
        channel.shim,
        roles,
      );
      expect(own.length, role).to.be.above(50);
      expect(findings(roles.compare(role, own)), role).to.deep.equal([]);
    }
  });
});
