import { expect } from 'chai';
import { keys, partsPerSegment, tickGrid } from '../../../encoder/contract';
import { createS3Client } from '../../../encoder/store/s3-client';
import { Evictor } from '../../../encoder/store/evictor';
import { EDGE_POLICY, S3Store } from '../../../encoder/store/s3-store';
import { SyntheticChannel } from '../../support/channel';
import { startShim, type Shim, type ShimRequest } from '../../support/s3-express-shim';
import { callsOf, findings, grantedRoles } from '../../support/s3-roles';
import { routed } from '../../support/s3-routed';
import { REGION, s3ServerFor, type S3Server } from '../../support/s3-server';
import { closeRigs, startRig } from '../origin/rig';

const CHANNEL = 'news';
const PARTS = partsPerSegment(tickGrid('30', 'balanced'));

describe('the roles of a TieredSegmentStore, and the calls of a channel from its start to its end', function () {
  this.timeout(60_000);
  let server: S3Server;
  let shim: Shim;
  let requests: ShimRequest[];
  before(async function () {
    server = await s3ServerFor(this, 'versitygw');
  });
  beforeEach(async () => {
    requests = [];
    shim = await startShim({ server, onRequest: (request) => requests.push(request) });
  });
  afterEach(async () => {
    await closeRigs();
    await shim?.stop();
  });
  after(() => server?.stop());

  /** One life of a channel: with `zonal` its bundles are in a directory bucket. */
  async function live(zonal: boolean): Promise<void> {
    const open = (accessKeyId: 'encoder' | 'origin') => {
      const client = () =>
        createS3Client({
          endpoint: shim.url,
          region: REGION,
          credentials: { ...server.credentials, accessKeyId },
        });
      const general = new S3Store({ client: client(), bucket: shim.general });
      const edge = zonal
        ? new S3Store({ client: client(), bucket: shim.directory, policy: EDGE_POLICY })
        : general;
      return { edge, general };
    };
    const stores = open('encoder');
    // A start where nothing is; then one after another has gone in the middle of a segment, without its hint.
    const channel = await SyntheticChannel.begin({
      channel: CHANNEL,
      store: routed(stores.edge, stores.general),
      startMs: Date.now() - 40_000,
    });
    const evictor = new Evictor({ edge: stores.edge }, CHANNEL, { edge: 8, segments: 8, claims: 8 });
    await evictor.start();
    await channel.tick(2 * PARTS + 5);
    await channel.replaceWriter();
    await channel.tick(PARTS);
    const origin = await startRig({ stores: open('origin') });
    const from = channel.ticks[0]!.msn;
    const { msn, part } = channel.edge;
    for (const path of [
      'index.m3u8',
      '720p.m3u8',
      `p/720p/${msn}.${part}.m4s`,
      `s/720p/${from}.m4s`,
      `i/720p/${channel.init('720p').hash}.mp4`,
    ]) {
      expect((await origin.ask(`/live/${CHANNEL}/${path}`)).status, path).to.equal(200);
    }
    expect((await origin.ask(`/live/absent/index.m3u8`)).status).to.equal(404);
    for (const { msn, part } of channel.ticks) evictor.made('edge', keys.bundle(CHANNEL, msn, part));
    await evictor.advance(30);
    await channel.end({ final: true });
  }

  for (const zonal of [true, false]) {
    const where = zonal ? 'a bucket and a directory bucket' : 'one bucket';
    it(`are the same with ${where}: nothing is denied, nothing granted in vain`, async () => {
      await live(zonal);
      const roles = await grantedRoles({ channel: CHANNEL, zonal });
      for (const role of ['encoder', 'origin'] as const) {
        // A viewer who asks for a channel that the role is not for gets nothing.
        const own = requests.filter(({ principal, key }) => principal === role && !key.includes('/absent/'));
        const calls = callsOf(own, shim, roles);
        expect(new Set(calls.map(({ action }) => action)), role).to.include.all.keys(
          's3:GetObject',
          's3:ListBucket',
          ...(role === 'encoder' ? ['s3:PutObject'] : []),
          ...(zonal ? ['s3express:CreateSession'] : role === 'encoder' ? ['s3:DeleteObject'] : []),
        );
        expect(findings(roles.compare(role, calls)), role).to.deep.equal([]);
      }
    });
  }
});
