/** A small LL-HLS server over plain HTTP on loopback: right by default, wrong in one way at a time. */
import http from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { avcSample, fragment, initSection } from './boxes';

const TICK_MS = 200;
const TICKS = 5;
const WINDOW = 10;
const FIRST_MSN = 5000;
const PREROLL_TICKS = 100;

/** One thing that the server does wrong. */
export type Fault =
  | 'refuses to block'
  | 'answers before the part is there'
  | 'counts parts as a segment'
  | 'refuses the end of a finished segment'
  | 'refuses an old segment'
  | 'accepts malformed directives'
  | 'holds what is too far ahead'
  | 'ignores skip'
  | 'skips too much'
  | 'needs the directives in order'
  | 'refuses hints'
  | 'trickles hinted parts'
  | 'answers unknown resources'
  | 'lists parts before they are there'
  | 'drops parts at once'
  | 'has no CORS'
  | 'has no gzip'
  | 'redirects segments'
  | 'forbids caching of blocking answers'
  | 'caches playlists for a minute'
  | 'forbids caching of segments'
  | 'caches errors'
  | 'has the wrong content types'
  | 'marks parts INDEPENDENT that are not'
  | 'does not mark key frames'
  | 'starts segments without a key frame'
  | 'serves other segment bytes'
  | 'serves segments under other headers'
  | 'resets the decode time'
  | 'has no tfdt'
  | 'has no moov'
  | 'tags HEVC hev1'
  | 'moves the audio by half a second'
  | 'has longer media than it says'
  | 'has a broken audio playlist'
  | 'exceeds BANDWIDTH'
  /** No fault: the stream is over. */
  | 'has ended'
  | 'obeys directives after the end';

type Name = 'v' | 'a';

interface Query {
  readonly msn: string | null;
  readonly part: string | null;
  readonly skip: string | null;
  readonly first: string;
}

export class LiveServer {
  readonly #fault: Fault | undefined;
  readonly #started = Date.now() - PREROLL_TICKS * TICK_MS;
  readonly #server: http.Server | http2.Http2SecureServer;
  readonly #sessions = new Set<http2.Http2Session>();
  readonly #scheme: 'http' | 'https';
  readonly #timers = new Set<NodeJS.Timeout>();
  url = '';

  /** @param tls serves HTTP/2 over TLS */
  constructor(fault?: Fault, tls?: { readonly key: string; readonly cert: string }) {
    this.#fault = fault;
    this.#scheme = tls === undefined ? 'http' : 'https';
    if (tls === undefined) {
      this.#server = http.createServer((request, response) => void this.#handle(request, response));
      return;
    }
    this.#server = http2.createSecureServer({ ...tls, allowHTTP1: true });
    this.#server.on('session', (session) => this.#sessions.add(session));
    this.#server.on('request', (request, response) => {
      // The compatibility layer has all that is used here.
      void this.#handle(
        request as unknown as http.IncomingMessage,
        response as unknown as http.ServerResponse,
      );
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}/live/index.m3u8`;
    return this;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const session of this.#sessions) session.destroy();
    if ('closeAllConnections' in this.#server) this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get #ended(): boolean {
    return this.#has('has ended') || this.#has('obeys directives after the end');
  }

  #has(fault: Fault): boolean {
    return this.#fault === fault;
  }

  /** Ticks that are complete. */
  #ticks(): number {
    const ticks = Math.floor((Date.now() - this.#started) / TICK_MS);
    return this.#ended ? Math.min(ticks, PREROLL_TICKS) : ticks;
  }

  async #until(ticks: number): Promise<void> {
    const wait = this.#started + ticks * TICK_MS - Date.now();
    if (wait <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, wait + 1);
      this.#timers.add(timer);
    });
  }

  async #handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { pathname, searchParams, search } = new URL(request.url ?? '/', 'http://localhost');
    if (!this.#has('has no CORS')) response.setHeader('access-control-allow-origin', '*');
    const playlist = /^\/live\/(index|v|a)\.m3u8$/.exec(pathname)?.[1];
    if (playlist !== undefined) {
      await this.#playlist(playlist as Name | 'index', response, {
        msn: searchParams.get('_HLS_msn'),
        part: searchParams.get('_HLS_part'),
        skip: searchParams.get('_HLS_skip'),
        first: search.slice(1).split('=')[0] ?? '',
      });
      return;
    }
    const media = /^\/live\/([psi])\/(v|a)\/(\d+)?(?:\.(\d+))?\.(m4s|mp4)$/.exec(pathname);
    if (media === null) {
      if (this.#has('answers unknown resources')) this.#send(response, 200, 'video/mp4', Buffer.alloc(8), 60);
      else this.#error(response, 404);
      return;
    }
    const [, kind, name, msn, part] = media;
    await this.#media(
      response,
      kind as 'p' | 's' | 'i',
      name as Name,
      Number(msn ?? 0) - FIRST_MSN,
      Number(part ?? 0),
    );
  }

  #error(response: http.ServerResponse, status: number): void {
    const maxAge = this.#has('caches errors') ? 10 : 1;
    response
      .writeHead(status, { 'cache-control': `max-age=${maxAge}`, 'content-type': 'text/plain' })
      .end(`${status}\n`);
  }

  #send(
    response: http.ServerResponse,
    status: number,
    type: string,
    body: Buffer,
    maxAge: number,
    cache?: string,
  ): void {
    const contentType = this.#has('has the wrong content types') ? 'application/octet-stream' : type;
    response.setHeader('cache-control', cache ?? `max-age=${maxAge}`);
    response.writeHead(status, { 'content-type': contentType, 'content-length': body.length }).end(body);
  }

  #sendPlaylist(response: http.ServerResponse, text: string, blocking: boolean): void {
    const cache = blocking && this.#has('forbids caching of blocking answers') ? 'no-cache' : undefined;
    const maxAge = blocking ? 6 : this.#has('caches playlists for a minute') ? 60 : 1;
    const gzip = !this.#has('has no gzip');
    if (gzip) response.setHeader('content-encoding', 'gzip');
    const body = gzip ? gzipSync(text) : Buffer.from(text);
    this.#send(response, 200, 'application/vnd.apple.mpegurl', body, maxAge, cache);
  }

  async #playlist(name: Name | 'index', response: http.ServerResponse, query: Query): Promise<void> {
    if (name === 'index') {
      this.#sendPlaylist(response, this.#multivariant(), false);
      return;
    }
    if (name === 'a' && this.#has('has a broken audio playlist')) {
      this.#error(response, 500);
      return;
    }
    if (this.#ended) {
      if (this.#has('obeys directives after the end') && query.msn !== null) this.#error(response, 400);
      else this.#sendPlaylist(response, this.#text(name, this.#ticks(), false), false);
      return;
    }
    const now = this.#ticks();
    const last = FIRST_MSN + Math.floor(now / TICKS);
    const malformed =
      (query.msn === null && query.part !== null) ||
      [query.msn, query.part].some((value) => value !== null && !/^\d+$/.test(value));
    if (malformed && !this.#has('accepts malformed directives')) {
      this.#error(response, 400);
      return;
    }
    if (query.msn !== null && !malformed) {
      const msn = Number(query.msn);
      const part = query.part === null ? undefined : Number(query.part);
      const wanted = (msn - FIRST_MSN) * TICKS + (part === undefined ? TICKS : Math.min(part, TICKS) + 1);
      const tooFar = msn > last + 1 || (part !== undefined && part > TICKS + 15);
      if (tooFar && !this.#has('holds what is too far ahead')) {
        this.#error(response, 400);
        return;
      }
      if (msn < last - 2 && this.#has('refuses an old segment')) {
        this.#error(response, 400);
        return;
      }
      if (this.#has('needs the directives in order') && query.first === '_HLS_part') {
        this.#error(response, 400);
        return;
      }
      if (
        part !== undefined &&
        part >= TICKS &&
        msn < last &&
        this.#has('refuses the end of a finished segment')
      ) {
        this.#error(response, 400);
        return;
      }
      if (now < wanted && this.#has('refuses to block')) {
        this.#error(response, 404);
        return;
      }
      const early = this.#has('answers before the part is there') && part !== undefined;
      const byParts = this.#has('counts parts as a segment') && part === undefined;
      if (!early) await this.#until(byParts ? (msn - FIRST_MSN) * TICKS + 1 : wanted);
    }
    const delta = query.skip !== null && !this.#has('ignores skip');
    this.#sendPlaylist(response, this.#text(name, this.#ticks(), delta), query.msn !== null);
  }

  #multivariant(): string {
    const codecs = this.#has('tags HEVC hev1')
      ? 'hvc1.1.6.L93.B0,avc1.64001f,mp4a.40.2'
      : 'avc1.64001f,mp4a.40.2';
    const bandwidth = this.#has('exceeds BANDWIDTH') ? 2000 : 200_000;
    return `#EXTM3U
#EXT-X-VERSION:6
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",LANGUAGE="en",DEFAULT=YES,URI="a.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth},AVERAGE-BANDWIDTH=1000,CODECS="${codecs}",RESOLUTION=320x180,FRAME-RATE=10.000,AUDIO="a"
v.m3u8
`;
  }

  #isIndependent(name: Name, part: number): boolean {
    if (name === 'a') return true;
    if (part === 0) return !this.#has('does not mark key frames');
    return part === 3 && this.#has('marks parts INDEPENDENT that are not');
  }

  #text(name: Name, ticks: number, delta: boolean): string {
    const whole = Math.floor(ticks / TICKS);
    const first = Math.max(0, whole - WINDOW);
    const kept = this.#has('skips too much') ? 3 : 6;
    const skipped = delta ? Math.max(0, whole - first - kept) : 0;
    const lines = [
      '#EXTM3U',
      `#EXT-X-VERSION:${skipped > 0 ? 9 : 6}`,
      '#EXT-X-TARGETDURATION:1',
      '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.6,CAN-SKIP-UNTIL=6',
      '#EXT-X-PART-INF:PART-TARGET=0.2',
      `#EXT-X-MEDIA-SEQUENCE:${FIRST_MSN + first}`,
      skipped > 0 ? `#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}` : `#EXT-X-MAP:URI="i/${name}/0.mp4"`,
    ];
    for (let segment = first + skipped; segment * TICKS < ticks; segment++) {
      const msn = FIRST_MSN + segment;
      const late = name === 'a' && this.#has('moves the audio by half a second') ? 480 : 0;
      lines.push(
        `#EXT-X-PROGRAM-DATE-TIME:${new Date(this.#started + segment * TICKS * TICK_MS + late).toISOString()}`,
      );
      for (let part = 0; part < TICKS && segment * TICKS + part < ticks && segment >= whole - 3; part++) {
        const independent = this.#isIndependent(name, part) ? ',INDEPENDENT=YES' : '';
        lines.push(`#EXT-X-PART:DURATION=0.20000,URI="p/${name}/${msn}.${part}.m4s"${independent}`);
      }
      if (segment < whole) lines.push('#EXTINF:1.00000,', `s/${name}/${msn}.m4s`);
    }
    if (this.#ended) return `${lines.join('\n')}\n#EXT-X-ENDLIST\n`;
    const next = `${FIRST_MSN + whole}.${ticks % TICKS}`;
    const position = `LAST-MSN=${FIRST_MSN + Math.floor((ticks - 1) / TICKS)},LAST-PART=${(ticks - 1) % TICKS}`;
    lines.push(
      `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p/${name}/${next}.m4s"`,
      `#EXT-X-RENDITION-REPORT:URI="${name === 'v' ? 'a' : 'v'}.m3u8",${position}`,
    );
    return `${lines.join('\n')}\n`;
  }

  #part(name: Name, tick: number): Buffer {
    const first = tick % TICKS === 0 && !this.#has('starts segments without a key frame');
    const key = name === 'a' || first;
    const reset = this.#has('resets the decode time') && tick % TICKS === 2;
    const sample = (index: number): Buffer =>
      name === 'v' ? avcSample(first && index === 0, tick % 200) : Buffer.alloc(16, (tick + index) % 200);
    return fragment({
      decodeTime: reset ? 0 : 1_000_000 + tick * 200,
      sampleTicks: this.#has('has longer media than it says') && name === 'v' ? 130 : 100,
      samples: [sample(0), sample(1)],
      startsWithSync: key,
      withDecodeTime: !this.#has('has no tfdt'),
    });
  }

  async #media(
    response: http.ServerResponse,
    kind: 'p' | 's' | 'i',
    name: Name,
    segment: number,
    part: number,
  ): Promise<void> {
    if (kind === 'i') {
      const entry = name === 'a' ? 'mp4a' : this.#has('tags HEVC hev1') ? 'hev1' : 'avc1';
      const init = initSection({ handler: name === 'v' ? 'vide' : 'soun', entry, timescale: 1000 });
      this.#send(response, 200, 'video/mp4', this.#has('has no moov') ? init.subarray(0, 16) : init, 3600);
      return;
    }
    const cache = this.#has('forbids caching of segments') ? 'no-store' : undefined;
    if (kind === 's') {
      if (segment < 0 || segment >= Math.floor(this.#ticks() / TICKS)) {
        this.#error(response, 404);
        return;
      }
      if (this.#has('redirects segments') && response.req.url?.includes('?') === false) {
        response.writeHead(302, { location: `${response.req.url}?again=1` }).end();
        return;
      }
      this.#send(response, 200, 'video/iso.segment', this.#segment(name, segment), 3600, cache);
      return;
    }
    const tick = segment * TICKS + part;
    const now = this.#ticks();
    if (tick > now || segment < 0 || part >= TICKS) {
      this.#error(response, 404);
      return;
    }
    const old = Math.floor(now / TICKS) - segment;
    if (
      (old > 3 && this.#has('drops parts at once')) ||
      (tick === now - 1 && this.#has('lists parts before they are there'))
    ) {
      this.#error(response, 404);
      return;
    }
    const body = this.#part(name, tick);
    if (tick === now) {
      if (this.#has('refuses hints')) {
        this.#error(response, 404);
        return;
      }
      if (this.#has('trickles hinted parts')) {
        response.writeHead(200, { 'content-type': 'video/iso.segment', 'cache-control': 'max-age=3600' });
        response.write(body.subarray(0, 40));
        // The rest a whole part later, whenever the request came.
        await this.#until(tick + 2);
        response.end(body.subarray(40));
        return;
      }
      await this.#until(tick + 1);
    }
    this.#send(response, 200, 'video/iso.segment', body, 3600);
  }

  #segment(name: Name, segment: number): Buffer {
    const parts = Array.from({ length: TICKS }, (_, part) => this.#part(name, segment * TICKS + part));
    if (this.#has('serves segments under other headers')) return Buffer.concat([boxOfType('styp'), ...parts]);
    const whole = Buffer.concat(parts);
    if (this.#has('serves other segment bytes'))
      whole.writeUInt8(whole.readUInt8(whole.length - 1) ^ 1, whole.length - 1);
    return whole;
  }
}

const boxOfType = (type: string): Buffer =>
  Buffer.concat([Buffer.from([0, 0, 0, 8]), Buffer.from(type, 'latin1')]);
