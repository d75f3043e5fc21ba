import type { ClientHttp2Session } from 'node:http2';
import { expect } from 'chai';
import { SMALL_GRID, SyntheticChannel } from '../../support/channel';
import {
  askSession,
  certificate,
  closeRigs,
  openSession,
  startRig,
  until,
  type Answer,
  type Rig,
} from './rig';

const MSN = 850_000_000;
const LIST = '/live/news/720p.m3u8';

describe('the origin over HTTP/2 and TLS', () => {
  let tls: { cert: Buffer; key: Buffer };
  let channel: SyntheticChannel;
  let rig: Rig;
  let session: ClientHttp2Session;

  before(async () => {
    tls = await certificate();
  });

  async function start(partBytes: number): Promise<void> {
    channel = await SyntheticChannel.begin({ grid: SMALL_GRID, partBytes });
    await channel.tick(6);
    rig = await startRig({ stores: channel.stores, tls });
    session = await openSession(rig, tls);
  }

  afterEach(async () => {
    session.destroy();
    await closeRigs();
    expect(rig.logged).to.deep.equal([]);
  });

  it('answers as over HTTP/1.1, for every kind of request', async () => {
    await start(1000);
    const part = `/live/news/p/720p/${MSN}.1.m4s`;
    const comparable = ({ status, headers, text }: Answer) => {
      const ofConnection = ['date', 'connection', 'keep-alive'];
      return {
        status,
        headers: Object.entries(headers).filter(([name]) => !ofConnection.includes(name)),
        text,
      };
    };
    const cases: [string, string?, Record<string, string>?][] = [
      ['/live/news/index.m3u8'],
      [LIST],
      [`${LIST}?_HLS_msn=${MSN + 1}&_HLS_part=1`],
      [`${LIST}?_HLS_msn=1&_HLS_skip=YES`],
      [LIST, 'GET', { 'accept-encoding': 'br' }],
      [LIST, 'HEAD', { 'accept-encoding': 'gzip' }],
      [LIST, 'OPTIONS', { origin: 'https://player.example' }],
      [LIST, 'POST'],
      [part],
      [part, 'HEAD'],
      [part, 'GET', { range: 'bytes=5-9' }],
      [part, 'GET', { range: 'bytes=99999-' }],
      [`/live/news/s/audio/${MSN}.m4s`],
      [`/live/news/i/audio/${channel.init('audio').hash}.mp4`],
      [`${LIST}?_HLS_msn=-1`],
      [`/live/news/p/720p/${MSN}.9.m4s`],
      [`/live/news/p/720p/${MSN}.9.m4s`, 'HEAD'],
      ['/live/../secret'],
      ['/live/other/index.m3u8'],
    ];
    for (const [path, method = 'GET', headers = {}] of cases) {
      const [one, two] = [
        await rig.ask(path, { method, headers }),
        await askSession(session, path, { method, headers }),
      ];
      expect(comparable(two), `${method} ${path}`).to.deep.equal(comparable(one));
    }
  });

  it('holds a hinted part and a playlist, and answers both when the part is there', async () => {
    await start(1000);
    const path = `/live/news/p/720p/${MSN + 1}.2.m4s`;
    const [hint, list] = [
      askSession(session, path),
      askSession(session, `${LIST}?_HLS_msn=${MSN + 1}&_HLS_part=2`),
    ];
    await until(() => rig.origin.waiting === 2, 'both are held');
    await channel.tick();
    expect((await hint).body.equals(channel.part('720p', MSN + 1, 2))).to.equal(true);
    expect((await list).text).to.include(`p/720p/${MSN + 1}.2.m4s`);
    expect(rig.origin.waiting).to.equal(0);
  });

  it('sends a segment of more than a megabyte whole', async () => {
    await start(600_000);
    const expected = channel.segment('720p', MSN);
    expect(expected.length).to.be.greaterThan(2_000_000);
    const [answer, other] = await Promise.all([
      askSession(session, `/live/news/s/720p/${MSN}.m4s`),
      askSession(session, `/live/news/s/360p/${MSN}.m4s`),
    ]);
    expect(answer.headers['content-length']).to.equal(String(expected.length));
    expect(answer.body.equals(expected)).to.equal(true);
    expect(other.body.equals(channel.segment('360p', MSN))).to.equal(true);
  });

  it('counts no answer for a stream that was cancelled', async () => {
    await start(1000);
    const controllers = [LIST + `?_HLS_msn=${MSN + 1}&_HLS_part=2`, `/live/news/p/720p/${MSN + 1}.2.m4s`].map(
      (path) => {
        const controller = new AbortController();
        askSession(session, path, { signal: controller.signal }).catch(() => undefined);
        return controller;
      },
    );
    await until(() => rig.origin.waiting === 2, 'both are held');
    controllers.forEach((controller) => controller.abort());
    await until(() => rig.origin.waiting === 0, 'cancelled streams are let go', 1000);
    await until(() => rig.answered.length === 2, 'both are counted');
    expect(rig.answered).to.deep.equal(['aborted 499', 'aborted 499']);
    expect((await askSession(session, LIST)).status, 'the session is usable').to.equal(200);
  });
});
