import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect } from 'chai';
import { SMALL_GRID, SyntheticChannel } from '../../support/channel';
import { certificate, closeRigs, startRig, type Rig } from './rig';

const MSN = 850_000_000;
const LIST = '/live/news/720p.m3u8';
const PART = `/live/news/p/720p/${MSN}.1.m4s`;
const SEGMENT = `/live/news/s/audio/${MSN}.m4s`;
const MISSING = `/live/news/s/audio/1.m4s`;

describe("headers of the origin's answers", () => {
  let channel: SyntheticChannel;
  let rig: Rig;
  let init: string;

  beforeEach(async () => {
    channel = await SyntheticChannel.begin({ grid: SMALL_GRID, partBytes: 1000 });
    await channel.tick(6);
    init = `/live/news/i/720p/${channel.init('720p').hash}.mp4`;
    rig = await startRig({ stores: channel.stores });
  });
  afterEach(closeRigs);

  it('give each kind of resource its type, its life in a cache, CORS, and no ETag', async () => {
    const immutable = 'max-age=86400, immutable';
    const playlist = 'application/vnd.apple.mpegurl';
    const expected: [string, number, string, string][] = [
      ['/live/news/index.m3u8', 200, playlist, 'max-age=1'],
      [LIST, 200, playlist, 'max-age=1'],
      [`${LIST}?_HLS_msn=${MSN + 1}&_HLS_part=1`, 200, playlist, 'max-age=6'],
      [PART, 200, 'video/iso.segment', immutable],
      [`/live/news/p/audio/${MSN}.1.m4s`, 200, 'audio/mp4', immutable],
      [`/live/news/s/720p/${MSN}.m4s`, 200, 'video/iso.segment', immutable],
      [SEGMENT, 200, 'audio/mp4', immutable],
      [init, 200, 'video/mp4', immutable],
      [`/live/news/i/audio/${channel.init('audio').hash}.mp4`, 200, 'audio/mp4', immutable],
      [MISSING, 404, 'text/plain; charset=utf-8', 'no-store'],
      ['/live/other/index.m3u8', 404, 'text/plain; charset=utf-8', 'no-store'],
      ['/nothing', 404, 'text/plain; charset=utf-8', 'no-store'],
      [`${LIST}?_HLS_msn=x`, 400, 'text/plain; charset=utf-8', 'no-store'],
    ];
    for (const [path, status, type, cache] of expected) {
      const { headers, ...answer } = await rig.ask(path);
      expect(answer.status, path).to.equal(status);
      expect(headers['content-type'], path).to.equal(type);
      expect(headers['cache-control'], path).to.equal(cache);
      expect(headers['access-control-allow-origin'], path).to.equal('*');
      expect(headers['timing-allow-origin'], path).to.equal('*');
      expect(headers['access-control-expose-headers'], path)
        .to.include('Age')
        .and.to.include('Content-Range');
      expect(headers['content-length'], path).to.equal(String(answer.body.length));
      expect(headers, path).not.to.have.any.keys('etag', 'last-modified', 'transfer-encoding', 'set-cookie');
    }
  });

  it('answer a preflight for ranges and CMCD, with any path', async () => {
    for (const path of [LIST, PART, '/anything']) {
      const { status, headers, body } = await rig.ask(path, {
        method: 'OPTIONS',
        headers: { origin: 'https://player.example', 'access-control-request-headers': 'range,cmcd-session' },
      });
      expect(status).to.equal(204);
      expect(body).to.have.lengthOf(0);
      expect(headers['access-control-allow-origin']).to.equal('*');
      expect(headers['access-control-allow-methods']).to.equal('GET, HEAD, OPTIONS');
      const allowed = headers['access-control-allow-headers']!.toLowerCase().split(', ');
      expect(allowed).to.include.members([
        'range',
        'cmcd-request',
        'cmcd-object',
        'cmcd-status',
        'cmcd-session',
      ]);
      expect(headers['access-control-max-age']).to.equal('86400');
    }
  });

  it('refuse other methods with 405, and name those that are allowed', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND']) {
      const { status, headers } = await rig.ask(LIST, { method });
      expect(status, method).to.equal(405);
      expect(headers['allow'], method).to.equal('GET, HEAD, OPTIONS');
      expect(headers['cache-control'], method).to.equal('no-store');
    }
  });

  it('are the same for HEAD as for GET, without a body', async () => {
    for (const [path, asked] of [
      ['/live/news/index.m3u8', {}],
      [LIST, { 'accept-encoding': 'gzip' }],
      [PART, {}],
      [PART, { range: 'bytes=1-3' }],
      [PART, { range: 'bytes=99999-' }],
      [SEGMENT, {}],
      [init, {}],
      [MISSING, {}],
      ['/%', {}],
    ] as [string, Record<string, string>][]) {
      const [get, head] = [
        await rig.ask(path, { headers: asked }),
        await rig.ask(path, { headers: asked, method: 'HEAD' }),
      ];
      const timeless = (headers: object) => ({ ...headers, date: '' });
      expect(head.status, path).to.equal(get.status);
      expect(timeless(head.headers), path).to.deep.equal(timeless(get.headers));
      expect(head.body, path).to.have.lengthOf(0);
      expect(get.body.length, path).to.be.greaterThan(0);
    }
  });

  it('serve one byte range of parts, segments and inits', async () => {
    const part = channel.part('720p', MSN, 1);
    const size = part.length;
    const partial: [string, number, number][] = [
      ['bytes=0-0', 0, 0],
      ['bytes=10-19', 10, 19],
      ['bytes=10-', 10, size - 1],
      [`bytes=0-${size - 1}`, 0, size - 1],
      ['bytes=0-99999999', 0, size - 1],
      ['bytes=-5', size - 5, size - 1],
      ['bytes=-99999', 0, size - 1],
      [`bytes=${size - 1}-`, size - 1, size - 1],
    ];
    for (const [range, start, end] of partial) {
      const answer = await rig.ask(PART, { headers: { range } });
      expect(answer.status, range).to.equal(206);
      expect(answer.headers['content-range'], range).to.equal(`bytes ${start}-${end}/${size}`);
      expect(answer.body.equals(part.subarray(start, end + 1)), range).to.equal(true);
      expect(answer.headers['cache-control'], range).to.equal('max-age=86400, immutable');
    }
    for (const range of [`bytes=${size}-`, 'bytes=99999999-', 'bytes=-0', `bytes=${size}-${size + 5}`]) {
      const answer = await rig.ask(PART, { headers: { range } });
      expect(answer.status, range).to.equal(416);
      expect(answer.headers['content-range'], range).to.equal(`bytes */${size}`);
    }
    for (const range of [
      'bytes=0-1,4-5',
      'bytes=5-2',
      'bytes=5',
      'items=0-1',
      'bytes=',
      'bytes=-',
      'bytes=a-b',
      'bytes=0x1-2',
      '',
    ]) {
      const answer = await rig.ask(PART, { headers: { range } });
      expect(answer.status, `ignored: ${range}`).to.equal(200);
      expect(answer.body.equals(part), range).to.equal(true);
      expect(answer.headers['accept-ranges'], range).to.equal('bytes');
    }
    for (const path of [SEGMENT, init]) {
      const whole = await rig.ask(path);
      const some = await rig.ask(path, { headers: { range: 'bytes=3-6' } });
      expect([some.status, some.body.equals(whole.body.subarray(3, 7))], path).to.deep.equal([206, true]);
    }
    expect(
      (await rig.ask(LIST, { headers: { range: 'bytes=0-5' } })).status,
      'playlists have no ranges',
    ).to.equal(200);
  });

  it('compress playlists as asked, by weight, and say what the answer varies by', async () => {
    const plain = (await rig.ask(LIST)).text;
    const cases: [string, 'br' | 'gzip' | undefined][] = [
      ['gzip', 'gzip'],
      ['br', 'br'],
      ['gzip, deflate, br', 'br'],
      ['br;q=0, gzip', 'gzip'],
      ['gzip;q=0.5, br;q=0', 'gzip'],
      ['gzip; q=0', undefined],
      ['GZIP;Q=1.0', 'gzip'],
      ['identity', undefined],
      ['deflate', undefined],
      ['*', 'br'],
      ['*;q=0', undefined],
      ['br;q=0, *', 'gzip'],
      ['gzip;q=0.000', undefined],
      ['gzip;q=x', undefined],
      ['', undefined],
      [',,;=', undefined],
    ];
    for (const [accepted, encoding] of cases) {
      const { headers, body } = await rig.ask(LIST, { headers: { 'accept-encoding': accepted } });
      expect(headers['content-encoding'], accepted).to.equal(encoding);
      expect(headers['vary'], accepted).to.equal('Accept-Encoding');
      const text =
        encoding === 'br' ? brotliDecompressSync(body) : encoding === 'gzip' ? gunzipSync(body) : body;
      expect(text.toString(), accepted).to.equal(plain);
    }
    expect(rig.renders, 'one render for all encodings').to.equal(1);
    const part = await rig.ask(PART, { headers: { 'accept-encoding': 'gzip, br' } });
    expect([part.headers['content-encoding'], part.headers['vary']], 'media').to.deep.equal([
      undefined,
      undefined,
    ]);
  });

  it('keep connections for longer than the minute of balancers in front, with and without TLS', async () => {
    const tls = await certificate();
    const secure = await startRig({ stores: channel.stores, tls });
    const sockets = [
      connect(secure.server.httpPort, '127.0.0.1'),
      connectTls({
        port: secure.server.httpsPort!,
        host: '127.0.0.1',
        ca: tls.cert,
        ALPNProtocols: ['http/1.1'],
      }),
    ];
    for (const socket of sockets) {
      socket.write(`GET ${LIST} HTTP/1.1\r\nHost: origin\r\n\r\n`);
      let text = '';
      for await (const chunk of socket) {
        text += String(chunk);
        if (text.includes('\r\n\r\n')) break;
      }
      expect(Number(/^keep-alive: timeout=(\d+)/im.exec(text)?.[1]), text.slice(0, 200)).to.be.greaterThan(
        60,
      );
    }
  });
});
