import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { keys, STORAGE_CLASSES, type SegmentStorageClass } from '../../../encoder/contract';
import { createS3Client } from '../../../encoder/store/s3-client';
import { S3Store } from '../../../encoder/store/s3-store';
import { startShim } from '../../support/s3-express-shim';
import { REGION, s3ServerFor, type S3Server, type S3ServerName } from '../../support/s3-server';

const SEGMENT = keys.segment('news', '720p', 7);
/** Written from bundles, by the writer that comes after. */
const REPAIRED = keys.segment('news', 'audio', 8);
const OTHERS = [
  keys.init('news', '720p', 'a'.repeat(32)),
  keys.claim('news', 7),
  keys.lastClaim('news'),
  keys.bundle('news', 7, 0),
  // A channel may be called like anything.
  keys.claim('s', 1),
];

/** Everything that a channel without a zone puts into its bucket. */
async function putAll(store: S3Store): Promise<void> {
  const body = [Buffer.from('x')];
  const segment = store.begin(SEGMENT);
  await segment.append(body);
  expect(await segment.commit()).to.equal(true);
  expect(await store.create(REPAIRED, body)).to.equal(true);
  await store.replace(OTHERS[0]!, body);
  await store.replace(OTHERS[2]!, body);
  for (const i of [1, 3, 4]) expect(await store.create(OTHERS[i]!, body)).to.equal(true);
}

describe('the storage class and headers of segments', function () {
  this.timeout(60_000);
  const servers = new Map<S3ServerName, S3Server>();
  before(async function () {
    for (const name of ['versitygw', 'moto'] as const) servers.set(name, await s3ServerFor(this, name));
  });
  after(async () => {
    for (const server of servers.values()) await server.stop();
  });

  for (const segmentClass of [undefined, ...STORAGE_CLASSES] as (SegmentStorageClass | undefined)[]) {
    const isSaid = segmentClass === 'INTELLIGENT_TIERING';
    it(`${segmentClass ?? 'left out'} is ${isSaid ? 'asked for with each segment, and with nothing else' : 'not said at all'}`, async () => {
      const server = servers.get('versitygw')!;
      const classes = new Map<string, unknown>();
      const shim = await startShim({
        server,
        onRequest: ({ kind, key, headers }) =>
          kind === 'PUT' && classes.set(key, headers['x-amz-storage-class']),
      });
      try {
        const client = createS3Client({
          endpoint: shim.url,
          region: REGION,
          credentials: server.credentials,
        });
        await putAll(new S3Store({ client, bucket: shim.general, segmentClass }));
      } finally {
        await shim.stop();
      }
      const said = isSaid ? segmentClass : undefined;
      expect(Object.fromEntries(classes)).to.deep.equal({
        [SEGMENT]: said,
        [REPAIRED]: said,
        ...Object.fromEntries(OTHERS.map((key) => [key, undefined])),
      });
    });
  }

  it('INTELLIGENT_TIERING is the class of segments, and STANDARD that of the rest, by a server that keeps it', async () => {
    const server = servers.get('moto')!;
    const { client } = server;
    const name = await server.bucket();
    await putAll(new S3Store({ client, bucket: name, segmentClass: 'INTELLIGENT_TIERING' }));
    const classOf = async (Key: string) =>
      (await client.send(new HeadObjectCommand({ Bucket: name, Key }))).StorageClass ?? 'STANDARD';
    for (const key of [SEGMENT, REPAIRED]) expect(await classOf(key), key).to.equal('INTELLIGENT_TIERING');
    for (const key of OTHERS) expect(await classOf(key), key).to.equal('STANDARD');
  });

  it('tells viewers who read a segment or an init in S3 what the origin would: its type, and that it never changes', async () => {
    const server = servers.get('moto')!;
    const { client } = server;
    const name = await server.bucket();
    await putAll(new S3Store({ client, bucket: name }));
    const said = async (Key: string) => {
      const { CacheControl, ContentType } = await client.send(new HeadObjectCommand({ Bucket: name, Key }));
      return [ContentType, CacheControl];
    };
    expect(await said(SEGMENT)).to.deep.equal(['video/iso.segment', 'max-age=86400, immutable']);
    expect(await said(REPAIRED)).to.deep.equal(['audio/mp4', 'max-age=86400, immutable']);
    expect(await said(OTHERS[0]!)).to.deep.equal(['video/mp4', 'max-age=86400, immutable']);
    // Nobody but the runtime reads claims and bundles.
    for (const key of OTHERS.slice(1)) expect((await said(key))[1], key).to.equal(undefined);
  });
});
