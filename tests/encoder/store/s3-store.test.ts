import { expect } from 'chai';
import { keys } from '../../../encoder/contract';
import { createS3Client } from '../../../encoder/store/s3-client';
import type { S3Attempt } from '../../../encoder/store/s3-retry';
import { EDGE_POLICY, S3Store } from '../../../encoder/store/s3-store';
import { rejection } from '../../support/rejection';
import { startShim, type Shim, type ShimOptions } from '../../support/s3-express-shim';
import { REGION, s3ServerFor, type S3Server, type S3ServerName } from '../../support/s3-server';
import { storeContract } from '../../support/store-contract';

for (const name of ['versitygw', 'moto'] satisfies S3ServerName[]) {
  describe(`on ${name}`, function () {
    this.timeout(60_000);
    let server: S3Server;
    before(async function () {
      server = await s3ServerFor(this, name);
    });
    after(() => server?.stop());

    storeContract('S3Store', async () => {
      const bucket = await server.bucket();
      const { client } = server;
      return [new S3Store({ client, bucket }), new S3Store({ client, bucket })];
    });
  });
}

describe('through a directory bucket', function () {
  this.timeout(60_000);
  let server: S3Server;
  const shims: Shim[] = [];
  before(async function () {
    server = await s3ServerFor(this, 'versitygw');
  });
  afterEach(async () => {
    for (const shim of shims.splice(0)) await shim.stop();
  });
  after(() => server?.stop());

  async function shimmed(options: Omit<ShimOptions, 'server'>) {
    const shim = await startShim({ server, ...options });
    shims.push(shim);
    const attempts: S3Attempt[] = [];
    const open = (bucket = shim.directory) =>
      new S3Store({
        client: createS3Client({ endpoint: shim.url, region: REGION, credentials: server.credentials }),
        bucket,
        policy: EDGE_POLICY,
        onAttempt: (attempt) => attempts.push(attempt),
      });
    return { shim, attempts, open, failed: () => attempts.filter(({ error }) => error !== undefined) };
  }
  const key = (tick: number) => keys.bundle('news', 7, tick);
  const body = (text: string) => [Buffer.from(text)];

  storeContract('S3Store', async () => {
    const { open } = await shimmed({ pageKeys: 2 });
    return [open(), open()];
  });

  describe('that cuts off answers, answers 503 and is slow', () => {
    storeContract('S3Store', async () => {
      const { open } = await shimmed({ unavailable: 0.05, latencyMs: { median: 1, p99: 8 }, loseEvery: 10 });
      return [open(), open()];
    });
  });

  it('creates one session for requests that begin at once, and another before it ends', async () => {
    const { shim, open } = await shimmed({ sessionSeconds: 61 });
    const store = open();
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.create(key(i), body('x'))));
    expect(shim.count(shim.directory, 'SESSION')).to.equal(1);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    // Less than a minute is left: these go on with it, and one renews it.
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.read(key(i))));
    await store.read(key(0));
    expect(shim.count(shim.directory, 'SESSION')).to.equal(2);
  });

  it('goes on after sessions could not be had', async () => {
    const { shim, open, failed } = await shimmed({ sessionSeconds: 1, unavailable: 0.5, seed: 4 });
    const store = open();
    // Each session is as good as over, so that each request needs one: half of them are refused.
    for (let i = 0; i < 5; i++) expect(await store.create(key(i), body('x'))).to.equal(true);
    expect(failed().every(({ error }) => error === '503 SlowDown')).to.equal(true);
    expect(failed().length).to.be.above(0);
    expect(shim.count(shim.directory, 'SESSION')).to.be.above(5);
  });

  it('takes its own object for created where the answer to that was lost, and nobody else does', async () => {
    const { shim, open, failed } = await shimmed({ loseEvery: 1 });
    const [mine, other] = [open(), open()];
    expect(await mine.create(key(0), body('mine'))).to.equal(true);
    expect(shim.lost).to.deep.equal([key(0)]);
    expect(failed().map(({ operation, attempt }) => `${operation} ${attempt}`)).to.deep.equal(['put 1']);
    expect(await other.create(key(0), body('mine'))).to.equal(false);
    expect((await other.read(key(0)))?.toString()).to.equal('mine');
  });

  it('looks at the object after a try without an answer, because its refusal may be lost as well', async () => {
    const { shim, open, failed } = await shimmed({ loseEvery: 1, cutRefused: true });
    const [mine, other] = [open(), open()];
    expect(await mine.create(key(0), body('mine'))).to.equal(true);
    expect(await other.create(key(0), body('other'))).to.equal(false);
    expect(failed()).to.have.length(2);
    expect(shim.count(shim.directory, 'PUT')).to.equal(2);
    expect(shim.count(shim.directory, 'HEAD')).to.equal(2);
  });

  it('gives up a PUT that hangs and tries it again, within half a second', async () => {
    const { open, failed } = await shimmed({ hangEvery: 2 });
    const store = open();
    expect(await store.create(key(0), body('x'))).to.equal(true);
    const startedAt = performance.now();
    expect(await store.create(key(1), body('y'))).to.equal(true);
    expect(performance.now() - startedAt).to.be.within(EDGE_POLICY.attemptMs - 10, 900);
    expect(failed().map(({ error, again }) => [error, again])).to.deep.equal([['no answer in time', true]]);
  });

  it('tries a write again that met another one of its key', async () => {
    const { open, failed } = await shimmed({ conflictEvery: 2 });
    const store = open();
    // Above half a megabyte, so that it is streamed, and each try needs a stream of its own.
    const chunks = Array.from({ length: 50 }, (_, i) => Buffer.alloc(20_000, i));
    for (let i = 0; i < 3; i++) expect(await store.create(key(i), chunks)).to.equal(true);
    expect((await store.read(key(1)))?.equals(Buffer.concat(chunks))).to.equal(true);
    expect(failed().map(({ error, attempt }) => [error, attempt])).to.deep.equal([
      ['409 ConditionalRequestConflict', 1],
      ['409 ConditionalRequestConflict', 1],
    ]);
  });

  it('reads again what was cut off in the middle, and never gives half of it', async () => {
    const { open, failed } = await shimmed({ cutEvery: 2 });
    const store = open();
    const whole = Buffer.alloc(300_000, 'media');
    await store.create(key(0), [whole]);
    for (let i = 0; i < 4; i++) {
      expect((await store.read(key(0)))?.equals(whole)).to.equal(true);
      expect(
        (await store.read(key(0), { start: 5, end: 200_005 }))?.equals(whole.subarray(5, 200_005)),
      ).to.equal(true);
    }
    expect(failed().every(({ operation, again }) => operation === 'get' && again)).to.equal(true);
    expect(failed().length).to.be.above(2);
  });

  it('knows a body of 2.5 MB that it has streamed as its own', async () => {
    const { open, failed } = await shimmed({ loseEvery: 1 });
    const store = open();
    const chunks = Array.from({ length: 50 }, (_, i) => Buffer.alloc(50_000, i));
    expect(await store.create(key(0), chunks)).to.equal(true);
    expect(failed()).to.have.length(1);
    expect((await store.read(key(0)))?.equals(Buffer.concat(chunks))).to.equal(true);
  });

  it('ends after its last try, and says what was tried and what the answer was', async () => {
    const { shim, open, attempts } = await shimmed({ unavailable: 1 });
    const error = await rejection(open().create(key(0), body('x')));
    expect((error as Error).name).to.equal('S3StoreError');
    expect((error as Error).message).to.equal(
      `PUT s3://${shim.directory}/edge/news/7/0 failed (try 8 of at most 8): 503 SlowDown`,
    );
    expect(attempts.map(({ again }) => again)).to.deep.equal([...Array<boolean>(7).fill(true), false]);
  });

  it('tries once where no further try can help: a bucket that is not there', async () => {
    const { open, attempts } = await shimmed({});
    const error = await rejection(open('absent').read(key(0)));
    expect((error as Error).message).to.equal(
      'GET s3://absent/edge/news/7/0 failed (try 1 of at most 8): 404 NoSuchBucket. Create the bucket, or correct STORE',
    );
    expect(attempts).to.have.length(1);
  });

  it('lists every page of a listing that comes in no order', async () => {
    const { shim, open } = await shimmed({ pageKeys: 7 });
    const store = open();
    const all = Array.from({ length: 50 }, (_, i) => key(i));
    await Promise.all(all.map((name) => store.create(name, body('x'))));
    const listed = await store.list('edge/news/');
    expect(listed).to.not.deep.equal([...listed].sort());
    expect([...listed].sort()).to.deep.equal([...all].sort());
    expect(shim.count(shim.directory, 'LIST')).to.equal(8);
  });
});
