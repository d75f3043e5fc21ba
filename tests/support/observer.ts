/**
 * Watches a channel over HTTP as a strict client would, and notes everything that a viewer must never meet:
 * a listed URI that is missing or changes, a sequence that goes back, a playlist that loses its newest part.
 */
import { createHash } from 'node:crypto';
import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

interface Position {
  readonly msn: number;
  readonly part: number;
}

/** Requests at once when all is fetched again. */
const AT_A_TIME = 8;

const HOLD_BACK_ERRORS = /ECONNREFUSED|ECONNRESET|socket hang up/;

export class Observer {
  readonly violations: string[] = [];
  /** Hash of every URI that was ever listed. */
  readonly listed = new Map<string, string>();
  /** When each playlist last showed a new part, and the longest time without one. */
  readonly newest = new Map<string, Position>();
  discontinuities = 0;
  longestSilenceMs = 0;
  readonly #base: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #stop = new AbortController();
  #loops: Promise<void>[] = [];
  /** Whether the origin may be away: a refused connection is then no violation. */
  readonly #originMayBeAway: boolean;

  /** @param base for example `http://127.0.0.1:8080/live/test/` */
  constructor(base: string, options: { originMayBeAway?: boolean } = {}) {
    this.#base = base;
    this.#originMayBeAway = options.originMayBeAway ?? false;
  }

  async start(): Promise<void> {
    const multivariant = await this.#get('index.m3u8');
    const text = multivariant.body.toString();
    const uris = [...text.matchAll(/URI="([^"]+\.m3u8)"/g), ...text.matchAll(/^([^#\s]+\.m3u8)$/gm)].map(
      (match) => match[1]!,
    );
    if (uris.length === 0) throw new Error(`no renditions: ${multivariant.status} ${text}`);
    this.#loops = [...new Set(uris)].map((uri) => this.#follow(uri));
  }

  /** Stops following. */
  async halt(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#loops);
  }

  /** Stops, then fetches once more whatever may still be asked for, and compares. */
  async stop(): Promise<void> {
    await this.halt();
    const left = [...this.listed];
    const compare = async (): Promise<void> => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        const [uri, hash] = next;
        const again = await this.#get(uri);
        // What has left the window for long may be gone; what is there must be the same.
        if (again.status === 200 && digest(again.body) !== hash) this.violations.push(`${uri} has changed`);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, compare));
    this.#agent.destroy();
  }

  async #follow(uri: string): Promise<void> {
    let at: Position | undefined;
    let sequence = -1;
    let discontinuity = -1;
    let lastNews = Date.now();
    while (!this.#stop.signal.aborted) {
      const directives = at ? `?_HLS_msn=${at.msn}&_HLS_part=${at.part + 1}` : '';
      let answer: Answer;
      try {
        answer = await this.#get(uri + directives);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (!this.#originMayBeAway || !HOLD_BACK_ERRORS.test(String(error)))
          this.violations.push(`${uri}: ${String(error)}`);
        await delay(50);
        continue;
      }
      if (answer.status === 503) continue;
      if (answer.status !== 200) {
        this.violations.push(`${uri}${directives}: ${answer.status} ${answer.body.toString().trim()}`);
        await delay(100);
        continue;
      }
      const playlist = answer.body.toString();
      const number = (tag: string) => Number(new RegExp(`#${tag}:(\\d+)`).exec(playlist)?.[1] ?? NaN);
      const newSequence = number('EXT-X-MEDIA-SEQUENCE');
      const newDiscontinuity = number('EXT-X-DISCONTINUITY-SEQUENCE');
      if (newSequence < sequence)
        this.violations.push(`${uri}: media sequence ${sequence} then ${newSequence}`);
      if (newDiscontinuity < discontinuity) this.violations.push(`${uri}: discontinuity sequence went back`);
      sequence = newSequence;
      discontinuity = newDiscontinuity;
      this.discontinuities = Math.max(
        this.discontinuities,
        playlist.split('#EXT-X-DISCONTINUITY\n').length - 1,
      );
      const next = newestPart(playlist);
      if (at && next && (next.msn < at.msn || (next.msn === at.msn && next.part < at.part))) {
        this.violations.push(`${uri}: newest part ${at.msn}.${at.part} then ${next.msn}.${next.part}`);
      }
      if (next && (!at || next.msn !== at.msn || next.part !== at.part)) {
        if (at) this.longestSilenceMs = Math.max(this.longestSilenceMs, Date.now() - lastNews);
        lastNews = Date.now();
        at = next;
        this.newest.set(uri, next);
      }
      await this.#fetchNew(playlist);
      if (playlist.includes('#EXT-X-ENDLIST')) return;
    }
  }

  async #fetchNew(playlist: string): Promise<void> {
    const gaps = new Set(
      [...playlist.matchAll(/#EXT-X-GAP\n#EXTINF:[^\n]*\n([^\n]+)/g)].map((match) => match[1]),
    );
    const uris = [
      ...playlist.matchAll(/^#EXT-X-(?:PART|MAP):.*URI="([^"]+)"/gm),
      ...playlist.matchAll(/^([^#\s]+)$/gm),
    ];
    for (const [, uri] of uris) {
      if (!uri || this.listed.has(uri) || gaps.has(uri)) continue;
      // Reserved before the answer: the same init is listed by several playlists.
      this.listed.set(uri, '');
      let media: Answer;
      try {
        media = await this.#get(uri);
      } catch (error) {
        this.listed.delete(uri);
        if (this.#originMayBeAway && HOLD_BACK_ERRORS.test(String(error))) return;
        this.violations.push(`${uri}: ${String(error)}`);
        return;
      }
      if (media.status !== 200 || media.body.length === 0) {
        this.violations.push(`${uri} is listed and answers ${media.status} with ${media.body.length} bytes`);
        continue;
      }
      this.listed.set(uri, digest(media.body));
    }
  }

  #get(uri: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = get(new URL(uri, this.#base), { agent: this.#agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
        response.on('error', reject);
      });
      request.on('error', reject);
      request.setTimeout(15_000, () => request.destroy(new Error('no answer within 15 s')));
    });
  }
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function newestPart(playlist: string): Position | undefined {
  const part = [...playlist.matchAll(/URI="p\/[^/]+\/(\d+)\.(\d+)\.m4s"/g)].filter(
    (match) => !playlist.includes(`TYPE=PART,${match[0]}`),
  );
  const last = part.at(-1);
  return last && { msn: Number(last[1]), part: Number(last[2]) };
}
