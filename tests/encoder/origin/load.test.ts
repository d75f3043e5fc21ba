import { Agent } from 'node:http';
import { mock } from 'node:test';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import zlib from 'node:zlib';
import { expect } from 'chai';
import { SyntheticChannel } from '../../support/channel';
import {
  askPort,
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
const WANTED = `/live/news/720p.m3u8?_HLS_msn=${MSN + 1}&_HLS_part=2`;
const HINT = `/live/news/p/720p/${MSN + 1}.2.m4s`;
const headers = { 'accept-encoding': 'gzip' };

describe('many requests held for the same part', function () {
  this.timeout(30_000);
  let tls: { cert: Buffer; key: Buffer };
  let channel: SyntheticChannel;
  let rig: Rig;
  /** When the origin saw the newest tick. */
  let seenAt = 0;

  before(async () => {
    tls = await certificate();
  });
  beforeEach(async () => {
    channel = await SyntheticChannel.begin();
    await channel.tick(12 + 2);
    rig = await startRig({ stores: channel.stores, tls, onTickDelay: () => (seenAt = performance.now()) });
    await rig.ask('/live/news/index.m3u8');
    rig.renders = 0;
  });
  afterEach(async () => {
    mock.restoreAll();
    await closeRigs();
  });

  /** Sends requests in batches that the listener's backlog takes, until all are held. */
  async function holdAll<T>(count: number, send: (index: number) => T): Promise<T[]> {
    const sent: T[] = [];
    while (sent.length < count) {
      for (let i = 0; i < 250; i++) sent.push(send(sent.length));
      await until(() => rig.origin.waiting === sent.length, `${sent.length} requests are held`, 10_000);
    }
    return sent;
  }

  /** Writes the tick, and prints how long the last answer took and how late the event loop was. */
  async function release(name: string, asked: Promise<Answer>[]): Promise<Answer[]> {
    const compressions = mock.method(zlib, 'gzip');
    const loop = monitorEventLoopDelay({ resolution: 5 });
    loop.enable();
    const began = performance.now();
    await channel.tick();
    const answers = await Promise.all(asked);
    const [seen, took] = [seenAt - began, performance.now() - seenAt].map(Math.round);
    loop.disable();
    const late = Math.round(loop.percentile(99) / 1e6);
    console.log(
      `      ${name}: the tick is seen after ${seen} ms, and ${asked.length} clients in the same process have their ` +
        `answers ${took} ms later; event loop delay p99 ${late} ms`,
    );
    expect(rig.origin.waiting).to.equal(0);
    expect(compressions.mock.callCount(), 'compressions').to.equal(1);
    expect(rig.renders, 'renders').to.equal(1);
    return answers;
  }

  function expectSame(answers: Answer[]): void {
    const [first] = answers;
    expect(first!.status).to.equal(200);
    expect(first!.headers['content-encoding']).to.equal('gzip');
    expect(zlib.gunzipSync(first!.body).toString()).to.include(`720p/${MSN + 1}.2.m4s`);
    expect(
      answers.filter(({ status, body }) => status !== 200 || !body.equals(first!.body)),
    ).to.have.lengthOf(0);
  }

  it('share one render and one compression: 2,000 over HTTP/2', async () => {
    const sessions = await Promise.all(Array.from({ length: 8 }, () => openSession(rig, tls)));
    const asked = await holdAll(2000, (i) => askSession(sessions[i % 8]!, WANTED, { headers }));
    expectSame(await release('HTTP/2', asked));
    sessions.forEach((session) => session.destroy());
  });

  it('share one render and one compression: 2,000 over HTTP/1.1', async () => {
    const agent = new Agent({ keepAlive: true });
    const asked = await holdAll(2000, () => askPort(rig.server.httpPort, WANTED, { headers, agent }));
    expectSame(await release('HTTP/1.1', asked));
    agent.destroy();
  });

  it('leave no waiter behind when 1,000 of them go, half of them over HTTP/2', async () => {
    const session = await openSession(rig, tls);
    const agent = new Agent({ keepAlive: true });
    const controllers = await holdAll(1000, (i) => {
      const controller = new AbortController();
      const { signal } = controller;
      const path = i % 4 < 2 ? WANTED : HINT;
      const asked =
        i % 2 ? askSession(session, path, { signal }) : askPort(rig.server.httpPort, path, { signal, agent });
      asked.catch(() => undefined);
      return controller;
    });
    controllers.forEach((controller) => controller.abort());
    await until(() => rig.origin.waiting === 0, 'all are let go', 1500);
    await until(() => rig.answered.length === 1001, 'all are counted');
    expect(rig.renders).to.equal(0);
    expect(new Set(rig.answered)).to.deep.equal(new Set(['multivariant 200', 'aborted 499']));
    await channel.tick();
    expect((await rig.ask(WANTED)).status).to.equal(200);
    session.destroy();
    agent.destroy();
  });
});
