import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { StaticFiles } from '../../../encoder/origin/static-files';
import { FileStore } from '../../../encoder/store/file-store';
import { SMALL_GRID, SyntheticChannel } from '../../support/channel';
import { closeRigs, startRig, type Rig } from './rig';

const SECRET = 'not-for-any-client';
const ALLOWED = [200, 206, 302, 400, 404, 405, 416];

interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** One connection that speaks HTTP/1.1 byte by byte: Node's own client refuses to send what an attacker would. */
class RawClient {
  readonly #socket: Socket;
  #buffer = '';
  #wake: () => void = () => undefined;
  #closed = false;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text: string) => {
      this.#buffer += text;
      this.#wake();
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  async ask(target: string, method = 'GET', headers = ''): Promise<RawAnswer | undefined> {
    this.#socket.write(`${method} ${target} HTTP/1.1\r\nHost: origin\r\n${headers}\r\n`, 'latin1');
    for (;;) {
      const end = this.#buffer.indexOf('\r\n\r\n');
      if (end !== -1) {
        const head = this.#buffer.slice(0, end);
        const from = end + 4;
        // Only answers without a body are sent in chunks: the last chunk alone.
        const chunked = /^transfer-encoding: chunked/im.test(head);
        const length = chunked ? '0\r\n\r\n'.length : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
        if (method === 'HEAD' || this.#buffer.length >= from + length) {
          const to = method === 'HEAD' ? from : from + length;
          const body = this.#buffer.slice(from, to);
          this.#buffer = this.#buffer.slice(to);
          return { status: Number(head.slice(9, 12)), head, body };
        }
      }
      if (this.#closed) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** What Node's parser refuses in a request line before any handler sees it: answered with 400, and closed. */
const unparsable = (target: string): boolean => !/^(?:[/*]|https?:)[\x21-\x7e]*$/i.test(target);

describe('hostile requests', function () {
  this.timeout(20_000);
  let folder: string;
  let rig: Rig;
  let client: RawClient;
  let channel: SyntheticChannel;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'origin-fuzz-'));
    const root = path.join(folder, 'store');
    await mkdir(path.join(folder, 'player'), { recursive: true });
    await writeFile(path.join(folder, 'secret.txt'), SECRET);
    await writeFile(path.join(folder, 'player', 'index.html'), '<p>player');
    await writeFile(path.join(folder, 'player', 'secret.js'), SECRET);
    channel = await SyntheticChannel.begin({ grid: SMALL_GRID, store: new FileStore(root) });
    await channel.tick(6);
    await writeFile(path.join(root, 'secret.m4s'), SECRET);
    await writeFile(path.join(root, 'live', 'news', 'secret.m3u8'), SECRET);
    rig = await startRig({
      stores: channel.stores,
      player: await StaticFiles.load(path.join(folder, 'player'), '/player/', ['index.html']),
    });
    client = new RawClient(rig.server.httpPort);
  });
  after(async () => {
    client.destroy();
    await closeRigs();
    await channel.end({ final: true });
    await rm(folder, { recursive: true });
  });

  async function expectHarmless(target: string, method = 'GET', headers = ''): Promise<void> {
    if (client.closed) client = new RawClient(rig.server.httpPort);
    const answer = await client.ask(target, method, headers);
    expect(answer, 'an answer').not.to.equal(undefined);
    const { status, head, body } = answer!;
    expect(body).not.to.include(SECRET);
    expect(body).not.to.include(folder);
    if (unparsable(target) && /^connection: close/im.test(head)) {
      expect(status).to.equal(400);
      client.destroy();
      client = new RawClient(rig.server.httpPort);
    } else {
      expect(status).to.be.oneOf(method === 'OPTIONS' ? [204] : ALLOWED);
      if (status >= 400) {
        expect(head).to.match(/^cache-control: no-store/im);
        if (method !== 'HEAD') expect(body).to.match(/^[\x20-\x7e\x80-\xff]{10,}\n$/);
      }
    }
    const after = await client.ask('/live/news/720p.m3u8');
    expect(after?.status, 'the connection is usable').to.equal(200);
  }

  const texts = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.stringMatching(/^[\x00-\xff]{0,40}$/),
    fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2E%2E%2F',
      '..%2f',
      '..%5c',
      '\\..\\',
      '%00',
      '%c0%ae%c0%ae',
      '%252e%252e',
      '//',
      '\x00',
      '\x7f',
      'é',
      'secret.m3u8',
      'secret.m4s',
      'secret.txt',
      'constructor',
      '__proto__',
      'index.m3u8',
      'edge',
      'claims',
      'a'.repeat(300),
      'a'.repeat(5000),
      '9'.repeat(400),
      '-1',
      '1e9',
      '0x10',
      '?',
      '#',
      ';',
      ' ',
    ),
  );
  const words = fc.oneof(
    {
      weight: 2,
      arbitrary: fc.constantFrom('live', 'news', 'p', 's', 'i', '720p', 'player', '850000000.0.m4s'),
    },
    texts,
  );
  const paths = fc.array(words, { maxLength: 7 }).map((parts) => `/${parts.join('/')}`);
  const queries = fc
    .array(
      fc.tuple(
        fc.constantFrom('_HLS_msn', '_HLS_part', '_HLS_skip', '_HLS_', 'x', '%', '&&=', '__proto__'),
        texts,
      ),
      { maxLength: 5 },
    )
    .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'));
  const raw = (text: string): string =>
    Buffer.from(text)
      .toString('latin1')
      .replaceAll(/[\r\n]/g, '\x0b')
      .slice(0, 12_000);

  it('get a clear refusal for any path, never a file, and leave the connection usable', async () => {
    await fc.assert(
      fc.asyncProperty(paths, fc.constantFrom('GET', 'GET', 'HEAD', 'OPTIONS', 'POST'), (target, method) =>
        expectHarmless(raw(target), method),
      ),
      { numRuns: 1200, seed: 1, endOnFailure: true },
    );
  });

  it('get a clear answer for any query of a playlist', async () => {
    await fc.assert(
      fc.asyncProperty(
        // What would be held is another test's matter.
        queries.filter((query) => !/_HLS_msn=\d{9}/.test(query)),
        (query) => expectHarmless(raw(`/live/news/720p.m3u8?${query}`)),
      ),
      { numRuns: 1200, seed: 2, endOnFailure: true },
    );
  });

  it('get a clear answer for any range and accepted encoding', async () => {
    const values = fc.oneof(
      texts.map((text) =>
        raw(text)
          .replaceAll(/[\x00-\x1f\x7f]/g, '.')
          .trim(),
      ),
      fc.tuple(fc.integer(), fc.integer()).map(([a, b]) => `bytes=${a}-${b}`),
      fc.bigInt({ min: 0n }).map((n) => `bytes=${n}-`),
    );
    await fc.assert(
      fc.asyncProperty(values, values, (range, encoding) =>
        expectHarmless(
          '/live/news/p/720p/850000000.0.m4s',
          'GET',
          `Range: ${range}\r\nAccept-Encoding: ${encoding}\r\n`,
        ),
      ),
      { numRuns: 400, seed: 3, endOnFailure: true },
    );
  });

  it('never reach a file outside of the URL layout by any known trick', async () => {
    for (const target of [
      '/live/news/../../../secret.txt',
      '/live/news/p/../../../../secret.txt',
      '/live/news/%2e%2e/%2e%2e/secret.txt',
      '/live/news/..%2f..%2fsecret.txt',
      '/live/news/..\\..\\secret.txt',
      '/live/news/secret.m3u8',
      '/live/news/s/720p/../../../../secret.m4s',
      '/player/../secret.txt',
      '/player/secret.js',
      '/player/%73ecret.js',
      '/edge/news/850000000/0',
      '/claims/news/last',
      '/.unfinished',
      'http://origin/live/news/../../secret.txt',
      '*',
    ]) {
      await expectHarmless(target);
    }
  });

  it('were all handled: nothing was logged as a failure, no request is left', () => {
    expect(rig.logged).to.deep.equal([]);
    expect(rig.answered.filter((line) => line.endsWith('500'))).to.deep.equal([]);
    expect(rig.answered.length).to.be.greaterThan(2000);
    expect(rig.origin.waiting).to.equal(0);
  });
});
