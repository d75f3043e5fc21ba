import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { keys, partsPerSegment, tickGrid, type Claim } from '../../../encoder/contract';
import { FencedError } from '../../../encoder/packager/segment-writer';
import { readBundle } from '../../../encoder/store/bundle';
import { lastClaim, readClaim } from '../../../encoder/store/claims';
import { createS3Client } from '../../../encoder/store/s3-client';
import type { S3Attempt } from '../../../encoder/store/s3-retry';
import { EDGE_POLICY, S3Store } from '../../../encoder/store/s3-store';
import type { SegmentStore } from '../../../encoder/store/store';
import { SyntheticChannel, SYNTHETIC_START_MS } from '../../support/channel';
import { rejection } from '../../support/rejection';
import { routed } from '../../support/s3-routed';
import { startShim, type Shim, type ShimOptions } from '../../support/s3-express-shim';
import { REGION, s3ServerFor, type S3Server } from '../../support/s3-server';

const GRID = tickGrid('30', 'balanced');
const PARTS = partsPerSegment(GRID);
/** A minute of media. */
const SEGMENTS = 15;

describe('a SegmentWriter on S3', function () {
  this.timeout(90_000);
  let server: S3Server;
  const shims: Shim[] = [];
  before(async function () {
    server = await s3ServerFor(this, 'versitygw');
  });
  afterEach(async () => {
    for (const shim of shims.splice(0)) await shim.stop();
  });
  after(() => server?.stop());

  async function rig(options: Omit<ShimOptions, 'server'> = {}) {
    const shim = await startShim({ server, ...options });
    shims.push(shim);
    const failed: S3Attempt[] = [];
    const open = (): SegmentStore => {
      const client = () =>
        createS3Client({ endpoint: shim.url, region: REGION, credentials: server.credentials });
      const onAttempt = (attempt: S3Attempt) => void (attempt.error !== undefined && failed.push(attempt));
      return routed(
        new S3Store({ client: client(), bucket: shim.directory, policy: EDGE_POLICY, onAttempt }),
        new S3Store({ client: client(), bucket: shim.general, onAttempt }),
      );
    };
    return { shim, open, failed };
  }

  async function claims(store: SegmentStore, channel: SyntheticChannel): Promise<Claim[]> {
    const found: Claim[] = [];
    for (let msn = channel.ticks[0]!.msn; msn <= channel.edge.msn; msn++) {
      found.push((await readClaim(store, channel.id, msn))!);
    }
    return found;
  }

  /** Every bundle and every whole segment is what was written, and there is none besides. */
  async function expectWhole(store: SegmentStore, channel: SyntheticChannel): Promise<void> {
    const bundles = channel.ticks.map(({ msn, part }) => keys.bundle(channel.id, msn, part));
    expect(new Set(bundles).size).to.equal(bundles.length);
    const listed = await store.list(`edge/${channel.id}/`);
    expect(listed.filter((key) => !bundles.includes(key))).to.have.length.below(2);
    for (const { msn, part } of channel.ticks) {
      const bundle = (await readBundle(store, channel.id, msn, part))!;
      const body = (await store.read(keys.bundle(channel.id, msn, part)))!.subarray(bundle.mediaStart);
      const expected = Buffer.concat(channel.renditions.map(({ id }) => channel.part(id, msn, part)));
      expect(digest(body), `bundle ${msn}/${part}`).to.equal(digest(expected));
    }
    for (const msn of new Set(channel.ticks.map((tick) => tick.msn))) {
      for (const { id } of channel.renditions) {
        const body = await store.read(keys.segment(channel.id, id, msn));
        expect(digest(body!), `segment ${msn} of ${id}`).to.equal(digest(channel.segment(id, msn)));
      }
    }
  }

  it('asks for as much as the arithmetic says: a minute of a channel of three renditions', async () => {
    const { shim, open, failed } = await rig();
    const channel = await SyntheticChannel.begin({ store: open() });
    const started = new Map(shim.counts);
    await channel.tick(SEGMENTS * PARTS);
    await channel.end({ final: false });
    const since = (bucket: string, kind: string) =>
      (shim.counts.get(`${bucket} ${kind}`) ?? 0) - (started.get(`${bucket} ${kind}`) ?? 0);
    expect(failed).to.deep.equal([]);
    // At the start: an init a rendition, the first claim and its hint; to learn that there was none, the hint and
    // one listing; the bundles cost nothing before the first.
    expect(Object.fromEntries(started)).to.deep.equal({
      [`${shim.general} PUT`]: channel.renditions.length + 2,
      [`${shim.general} GET`]: 1,
      [`${shim.general} LIST`]: 1,
    });
    // A bundle a tick; one more ends the gap that the claim ahead became.
    expect(since(shim.directory, 'PUT')).to.equal(SEGMENTS * PARTS + 1);
    // A claim and a hint a segment, and a whole segment a rendition.
    expect(since(shim.general, 'PUT')).to.equal(SEGMENTS * (2 + channel.renditions.length));
    expect(since(shim.general, 'GET') + since(shim.general, 'HEAD') + since(shim.general, 'LIST')).to.equal(
      0,
    );
    expect(since(shim.directory, 'SESSION')).to.equal(1);
    await expectWhole(open(), channel);
  });

  it('writes a minute on without restart, discontinuity or duplicate while each tenth answer is lost', async () => {
    const { shim, open, failed } = await rig({ loseEvery: 10, latencyMs: { median: 2, p99: 16 }, seed: 7 });
    const channel = await SyntheticChannel.begin({ store: open() });
    await channel.tick(SEGMENTS * PARTS);
    await channel.end({ final: false });
    // The first life's inits, claims, hints, bundles and segments, and each tenth of all of them was lost.
    const effects = shim.lost.length * 10;
    expect(effects).to.be.within(250, 300);
    expect(failed.map(({ operation, attempt }) => `${operation} ${attempt}`)).to.include('put 1');
    expect(failed.every(({ again }) => again)).to.equal(true);
    const made = await claims(open(), channel);
    expect(made.map(({ generation }) => generation)).to.deep.equal(Array<number>(SEGMENTS).fill(0));
    expect(new Set(made.map(({ writer }) => writer)).size).to.equal(1);
    await expectWhole(open(), channel);
  });

  it('keeps up where the store is as slow as the shim of S3 Express and 2 % of its answers are 503', async () => {
    const { open, failed } = await rig({ unavailable: 0.02, latencyMs: { median: 5, p99: 40 }, seed: 3 });
    const channel = await SyntheticChannel.begin({ store: open() });
    await channel.tick(4 * PARTS);
    await channel.end({ final: false });
    expect(failed.every(({ error, again }) => again && error === '503 SlowDown')).to.equal(true);
    expect(failed.length).to.be.above(0);
    await expectWhole(open(), channel);
  });

  it('is fenced by a second writer, with answers lost on both sides', async () => {
    const { open } = await rig({ loseEvery: 3 });
    const first = await SyntheticChannel.begin({ store: open() });
    // Writers are numbered by channel object: the first is called writer-1 from here on, the second writer-0.
    await first.replaceWriter();
    await first.tick(PARTS + 5);
    const second = await SyntheticChannel.begin({ store: open(), startMs: SYNTHETIC_START_MS + 60_000 });
    const error = await rejection(first.tick());
    expect(error).to.be.instanceOf(FencedError);
    const { msn, part } = first.edge;
    expect((error as Error).message).to.equal(
      `${keys.bundle('news', msn, part + 1)} belongs to another writer`,
    );
    await second.tick(3);
    const last = (await lastClaim(open(), 'news'))!;
    expect(last).to.include({ generation: 2, writer: 'writer-0', msn: second.edge.msn });
  });
});

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
