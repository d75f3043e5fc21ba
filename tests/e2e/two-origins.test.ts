import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { LADDERS, tickGrid } from '../../encoder/contract';
import { Encoder } from '../../encoder/encoder';
import { FileStore } from '../../encoder/store/file-store';
import { MemoryStore } from '../../encoder/store/memory-store';
import { createLogger } from '../../encoder/telemetry/log';
import { Observer } from '../support/observer';

const CHANNEL = 'test';
const WATCH_MS = 20_000;
const LAG_MS = 100;

/** The writer's store; each origin sees what is written in a folder of its own, 0 to 100 ms later, object by object. */
class LaggingCopies extends MemoryStore {
  readonly #copies: readonly FileStore[];
  readonly #running = new Set<Promise<unknown>>();

  constructor(folders: readonly string[]) {
    super();
    this.#copies = folders.map((folder) => new FileStore(folder));
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  override async create(key: string, body: readonly Uint8Array[]): Promise<boolean> {
    const created = await super.create(key, body);
    if (created) this.#copy((store) => store.create(key, body));
    return created;
  }

  override async replace(key: string, body: readonly Uint8Array[]): Promise<void> {
    await super.replace(key, body);
    this.#copy((store) => store.replace(key, body));
  }

  #copy(write: (store: FileStore) => Promise<unknown>): void {
    for (const store of this.#copies) {
      const copy = delay(Math.random() * LAG_MS).then(() => write(store));
      this.#running.add(copy);
      void copy.finally(() => this.#running.delete(copy));
    }
  }
}

async function startOrigin(folder: string): Promise<{ process: ChildProcess; port: number }> {
  const child = fork(path.join(__dirname, '..', '..', 'encoder', 'origin', 'main.js'), {
    env: { ...process.env, STORE: `file:${folder}`, HTTP_PORT: '0', METRICS_PORT: '0', LOG_LEVEL: 'warn' },
  });
  const [message] = (await once(child, 'message')) as [{ ports: { http: number } }];
  return { process: child, port: message.ports.http };
}

/** Sends each request to the next origin, as a balancer would. */
async function startRoundRobin(ports: readonly number[]): Promise<Server> {
  let next = 0;
  const server = createServer((incoming, outgoing) => {
    const port = ports[next++ % ports.length]!;
    const upstream = request(
      { port, host: '127.0.0.1', path: incoming.url, method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('close', () => upstream.destroy());
    upstream.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('two origin processes behind a round-robin proxy, over stores that lag by 0 to 100 ms', function () {
  this.timeout(90_000);
  let root: string;
  let origins: Awaited<ReturnType<typeof startOrigin>>[] = [];
  let proxy: Server;
  let store: LaggingCopies;
  let encoder: Encoder;

  before(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'origins-'));
    const folders = ['a', 'b'].map((name) => path.join(root, name));
    store = new LaggingCopies(folders);
    const segment = new Promise<void>((resolve) => {
      encoder = new Encoder({
        channel: CHANNEL,
        source: { kind: 'test' },
        ladder: LADDERS.tiny,
        frameRate: '30',
        grid: tickGrid('30', 'balanced'),
        stores: { edge: store, general: store },
        log: createLogger('encoder', 'error'),
        onSegment: () => resolve(),
      });
    });
    await segment;
    origins = await Promise.all(folders.map(startOrigin));
    proxy = await startRoundRobin(origins.map(({ port }) => port));
  });
  after(async () => {
    encoder.finish();
    await encoder.done;
    proxy.close();
    proxy.closeAllConnections();
    for (const { process: child } of origins) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await store.settled();
    await rm(root, { recursive: true, force: true });
  });

  it('never answer 404 for what is listed, never go back, and give the same bytes for the same state', async () => {
    const { port } = proxy.address() as AddressInfo;
    const observer = new Observer(`http://127.0.0.1:${port}/live/${CHANNEL}/`);
    await observer.start();
    const until = Date.now() + WATCH_MS;
    let compared = 0;
    while (Date.now() < until) {
      const at = observer.newest.get('360p.m3u8');
      if (!at) {
        await delay(20);
        continue;
      }
      const query = `?_HLS_msn=${at.msn}&_HLS_part=${at.part + 1}`;
      const answers = await Promise.all(
        origins.map((origin) => fetch(`http://127.0.0.1:${origin.port}/live/${CHANNEL}/360p.m3u8${query}`)),
      );
      const bodies = await Promise.all(answers.map((answer) => answer.text()));
      // Only an answer that will never change says which state it shows.
      if (!answers.every((answer) => answer.headers.get('cache-control') === 'max-age=24')) continue;
      expect(bodies[0], query).to.equal(bodies[1]);
      compared++;
    }
    await observer.stop();
    expect(observer.violations).to.deep.equal([]);
    expect(observer.listed.size).to.be.greaterThan(120);
    expect(compared, 'states that both origins showed').to.be.greaterThan(30);
    console.log(`      ${observer.listed.size} URIs listed and read, ${compared} states compared`);
  });
});
