import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { pino } from 'pino';
import { keys, partsPerSegment } from '../../encoder/contract';
import { Origin } from '../../encoder/origin/origin';
import { startOriginServer, type OriginServer } from '../../encoder/origin/server';
import { MINIMAL, recordCdn } from '../components/delivery/cdn/cdn-recording';
import { askPort, until, type Answer } from '../encoder/origin/rig';
import { SyntheticChannel } from '../support/channel';
import { skip } from '../support/skip';
import { hasNginx, startNginx, type Nginx } from './cdn/nginx';

const VIEWERS = 30;
/** nginx lets those who wait look again every half second, one after the other where nothing was kept. */
const VIEWERS_OF_ABSENT = 5;
/** From two parts before a segment's end to the second of the next. */
const ROUNDS = 4;
const RENDITIONS = ['720p', 'audio'];

describe('a distribution, played by nginx from its recorded graph, before the real origin', function () {
  this.timeout(30_000);
  let channel: SyntheticChannel;
  let origin: Origin;
  let live: OriginServer;
  let s3: Server;
  let nginx: Nginx;
  /** Requests that reached the live origin, and S3. */
  const asked: string[] = [];
  const asked3: string[] = [];
  /** Keys that are not in S3 yet. */
  const missing = new Set<string>();

  before(async function () {
    if (!hasNginx())
      skip(this, 'there is no nginx here, in the place of CloudFront: apt install nginx-light');
    channel = await SyntheticChannel.begin();
    await channel.tick(2 * partsPerSegment(channel.grid) - 2);
    origin = new Origin({ stores: channel.stores, windowSeconds: 60, log: pino({ level: 'silent' }) });
    const watched = {
      handle: (request: Parameters<Origin['handle']>[0], response: Parameters<Origin['handle']>[1]) => {
        asked.push(request.url!);
        origin.handle(request, response);
      },
      drain: () => origin.drain(),
    };
    live = await startOriginServer({ origin: watched as unknown as Origin, host: '127.0.0.1', httpPort: 0 });
    // As S3 answers CloudFront, which may not list: 403 where a key is absent.
    s3 = createServer((request, response) => {
      const key = request.url!.slice(1);
      asked3.push(request.url!);
      void channel.store.read(key).then((bytes) => {
        const isThere = bytes !== undefined && key.startsWith('live/') && !missing.has(key);
        response.writeHead(isThere ? 200 : 403).end(isThere ? bytes : 'AccessDenied');
      });
    }).listen(0, '127.0.0.1');
    await once(s3, 'listening');
    const cdn = await recordCdn(MINIMAL);
    nginx = await startNginx(cdn, { live: live.httpPort, segments: (s3.address() as AddressInfo).port });
  });

  beforeEach(() => {
    asked.length = 0;
    asked3.length = 0;
  });

  after(async () => {
    await nginx?.stop();
    await live?.close();
    s3?.close();
    s3?.closeAllConnections();
  });

  /** As each viewer asks: with CMCD of its own, and an Accept-Encoding of its browser's. */
  const viewers = (url: string, count = VIEWERS): Promise<Answer[]> =>
    Promise.all(
      Array.from({ length: count }, (_, n) => {
        const session = `CMCD=sid%3D%22viewer-${n}%22`;
        const encoding = n % 2 === 0 ? 'gzip, deflate, br' : 'br, gzip;q=0.5';
        const headers = { 'accept-encoding': encoding, cookie: `viewer=${n}` };
        return askPort(nginx.port, `${url}${url.includes('?') ? '&' : '?'}${session}`, { headers });
      }),
    );

  it('asks the origin once for what all viewers at the live edge ask for: blocking playlists and parts', async () => {
    const expected: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { msn, part } = channel.edge;
      const isLast = part === partsPerSegment(channel.grid) - 1;
      const [next, tick] = isLast ? [msn + 1, 0] : [msn, part + 1];
      const playlists = RENDITIONS.map((rendition) => {
        const url = `/live/news/${rendition}.m3u8?_HLS_msn=${next}&_HLS_part=${tick}`;
        // As CloudFront sends it: the directives, and nothing of CMCD.
        expected.push(`${url}&`);
        return viewers(url);
      });
      await until(() => origin.waiting >= RENDITIONS.length, 'playlists are held');
      await channel.tick();
      for (const answers of await Promise.all(playlists)) {
        for (const { status, headers, body } of answers) {
          expect(status).to.equal(200);
          expect(headers['cache-control']).to.equal('max-age=24');
          expect(headers['content-encoding']).to.equal('br');
          expect(body.equals(answers[0]!.body)).to.equal(true);
        }
      }
      for (const rendition of RENDITIONS) {
        const url = `/live/news/p/${rendition}/${next}.${tick}.m4s`;
        expected.push(url);
        for (const { body } of await viewers(url)) {
          expect(body.equals(channel.part(rendition, next, tick))).to.equal(true);
        }
      }
    }
    expect([...asked].sort()).to.deep.equal(expected.sort());
    expect(asked3).to.deep.equal([]);
  });

  it('asks S3 once for a segment that it has, and the live origin for nothing', async () => {
    const { msn } = channel.ticks[0]!;
    const url = `/${keys.segment('news', '720p', msn)}`;
    for (const { status, body } of await viewers(url)) {
      expect(status).to.equal(200);
      expect(body.equals(channel.segment('720p', msn))).to.equal(true);
    }
    expect(asked3).to.deep.equal([url]);
    expect(asked).to.deep.equal([]);
  });

  it('asks the live origin once for a segment and an init that S3 has not got, and keeps that answer', async () => {
    const { msn } = channel.ticks[0]!;
    const { hash, bytes } = channel.init('720p');
    const segment = keys.segment('news', 'audio', msn);
    const init = keys.init('news', '720p', hash);
    missing.add(segment).add(init);
    for (const [key, expected] of [
      [segment, channel.segment('audio', msn)],
      [init, bytes],
    ] as const) {
      for (const { status, body } of await viewers(`/${key}`, VIEWERS_OF_ABSENT)) {
        expect(status).to.equal(200);
        expect(body.equals(expected)).to.equal(true);
      }
    }
    expect([...asked].sort()).to.deep.equal([`/${segment}`, `/${init}`].sort());
  });

  it('never lets the live origin be asked for what is no part of a channel, nor S3 give claims and bundles', async () => {
    const { msn } = channel.ticks[0]!;
    for (const key of [
      keys.claim('news', msn),
      keys.bundle('news', msn, 0),
      'live/news/secret',
      'favicon.ico',
    ]) {
      const { status } = await askPort(nginx.port, `/${key}`);
      expect(status, key).to.equal(403);
    }
    expect(asked).to.deep.equal([]);
  });
});
