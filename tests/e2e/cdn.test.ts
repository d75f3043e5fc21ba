import { once } from 'node:events';
import { Agent, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { pino } from 'pino';
import { keys, partsPerSegment } from '../../encoder/contract';
import { Origin } from '../../encoder/origin/origin';
import { startOriginServer, type OriginServer } from '../../encoder/origin/server';
import { MINIMAL, recordCdn } from '../components/delivery/cdn/cdn-recording';
import { askPort, until, type Answer } from '../encoder/origin/rig';
import { SyntheticChannel, type TickName } from '../support/channel';
import { skip } from '../support/skip';
import { hasNginx, startNginx, type Nginx } from './cdn/nginx';

const VIEWERS = 30;
/** nginx lets those who wait look again every half second, one after the other where nothing was kept. */
const VIEWERS_OF_ABSENT = 5;
/** From two parts before a segment's end to the second of the next. */
const ROUNDS = 4;
/** Viewers at once. The first of them wait for the next part, as players do at the live edge; the others come later. */
const MANY = 1000;
const EARLY = 900;
const ROUNDS_OF_MANY = 4;
const RENDITIONS = ['720p', 'audio'];

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

/** The part that comes next. */
function following(channel: SyntheticChannel): TickName {
  const { msn, part } = channel.edge;
  const isLast = part === partsPerSegment(channel.grid) - 1;
  return isLast ? { msn: msn + 1, part: 0 } : { msn, part: part + 1 };
}

const playlistUrl = (rendition: string, msn: number, part: number): string =>
  `/live/news/${rendition}.m3u8?_HLS_msn=${msn}&_HLS_part=${part}`;
const partUrl = (rendition: string, msn: number, part: number): string =>
  `/live/news/p/${rendition}/${msn}.${part}.m4s`;

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
      const { msn: next, part: tick } = following(channel);
      const playlists = RENDITIONS.map((rendition) => {
        const url = playlistUrl(rendition, next, tick);
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
        const url = partUrl(rendition, next, tick);
        expected.push(url);
        for (const { body } of await viewers(url)) {
          expect(body.equals(channel.part(rendition, next, tick))).to.equal(true);
        }
      }
    }
    expect([...asked].sort()).to.deep.equal(expected.sort());
    expect(asked3).to.deep.equal([]);
  });

  it('serves 1,000 viewers who follow the live edge: the origin is asked once for each part, and each encoding of a playlist', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
    const expected: string[] = [];
    /** As one viewer's player asks, with CMCD of its own; one browser in ten has gzip alone. */
    const ask = (viewer: number, url: string): Promise<Answer> =>
      askPort(nginx.port, `${url}${url.includes('?') ? '&' : '?'}CMCD=sid%3D%22${viewer}%22`, {
        agent,
        headers: { 'accept-encoding': hasGzipAlone(viewer) ? 'gzip' : 'gzip, deflate, br' },
      });
    const hasGzipAlone = (viewer: number): boolean => viewer % 10 === 0;
    try {
      for (let round = 0; round < ROUNDS_OF_MANY; round++) {
        const { msn, part } = following(channel);
        const early = RENDITIONS.map((id) =>
          range(0, EARLY).map((viewer) => ask(viewer, playlistUrl(id, msn, part))),
        );
        await until(
          () => origin.waiting === 2 * RENDITIONS.length,
          'both encodings of each playlist are held',
        );
        await channel.tick();
        const late = RENDITIONS.map((id) =>
          range(EARLY, MANY).map((viewer) => ask(viewer, playlistUrl(id, msn, part))),
        );
        for (const [n, id] of RENDITIONS.entries()) {
          const answers = await Promise.all([...early[n]!, ...late[n]!]);
          const [gzipped, text] = [answers[0]!.body, brotliDecompressSync(answers[1]!.body)];
          expect(gunzipSync(gzipped).equals(text)).to.equal(true);
          expect(text.toString()).to.include(`${msn}.${part}.m4s`);
          expect(answers[1]!.body.length).to.be.lessThan(text.length / 3);
          for (const [viewer, { status, headers, body }] of answers.entries()) {
            expect(status).to.equal(200);
            expect(headers['content-encoding']).to.equal(hasGzipAlone(viewer) ? 'gzip' : 'br');
            expect(body.equals(answers[hasGzipAlone(viewer) ? 0 : 1]!.body)).to.equal(true);
          }
          // As CloudFront sends it: the directives, and nothing of CMCD.
          const url = `${playlistUrl(id, msn, part)}&`;
          expected.push(url, url, partUrl(id, msn, part));
          const parts = range(0, MANY).map((viewer) => ask(viewer, partUrl(id, msn, part)));
          for (const { status, body } of await Promise.all(parts)) {
            expect(status).to.equal(200);
            expect(body.equals(channel.part(id, msn, part))).to.equal(true);
          }
        }
      }
    } finally {
      agent.destroy();
    }
    expect([...asked].sort()).to.deep.equal(expected.sort());
    expect(asked3).to.deep.equal([]);
  });

  it('keeps no error: what is too far ahead is asked for again, and is there once it has come', async () => {
    const { msn } = channel.edge;
    const url = playlistUrl('720p', msn + 3, 0);
    for (let time = 0; time < 2; time++)
      expect((await askPort(nginx.port, url)).status, `time ${time}`).to.equal(400);
    expect(asked).to.deep.equal([`${url}&`, `${url}&`]);
    while (channel.edge.msn < msn + 3) {
      const next = following(channel);
      const known = askPort(live.httpPort, playlistUrl('720p', next.msn, next.part));
      await channel.tick();
      expect((await known).status).to.equal(200);
    }
    asked.length = 0;
    for (const { status } of await viewers(url)) expect(status).to.equal(200);
    expect(asked).to.deep.equal([`${url}&`]);
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
