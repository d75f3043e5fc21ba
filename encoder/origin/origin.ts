/** The LL-HLS origin's request handler: stateless but for what it follows, so any origin serves any channel. */
import {
  IMMUTABLE,
  FIRST_PART_SECONDS,
  HELD_TARGET_DURATIONS,
  parsePath,
  targetDuration,
  tickSeconds,
  type Resource,
} from '../contract';
import type { ChannelStores } from '../store/store';
import type { Logger } from '../telemetry/log';
import type { ChannelFollower } from './channel-follower';
import { liveEdge, type ChannelState } from './channel-state';
import { Channels } from './channels';
import {
  BadRequestError,
  checkNotTooFar,
  isAnswered,
  isExact,
  parseDirectives,
  type Directives,
} from './directives';
import { MediaReader } from './media';
import { nextPart, renderMedia, renderMultivariant } from './playlist';
import {
  isGone,
  PLAYLIST_TYPE,
  sendError,
  sendMedia,
  sendPreflight,
  SharedText,
  type Request,
  type Response,
} from './respond';

export interface OriginOptions {
  readonly stores: ChannelStores;
  readonly windowSeconds: number;
  readonly log: Logger;
  /** Media of recent bundles that is kept in memory, in bytes. */
  readonly cacheBytes?: number;
  /** How long a channel is followed after the last request for it, in milliseconds; a minute by default. */
  readonly idleMs?: number;
  readonly onRequest?: (kind: string, status: number) => void;
  readonly onRender?: () => void;
  readonly onTickDelay?: (channel: string, milliseconds: number) => void;
}

/** How far beyond its own newest part an origin waits for one: another origin may have shown it to the client. */
const AHEAD_PARTS = 3;

const VIEWER_WINDOW_MS = 5000;

/** What is counted, never sent, for a client that went before its answer; nginx's number. */
const CLIENT_CLOSED_REQUEST = 499;

export class Origin {
  readonly #options: OriginOptions;
  readonly #channels: Channels;
  readonly #media: MediaReader;
  readonly #rendered = new WeakMap<ChannelState, Map<string, SharedText>>();
  #waiting = 0;
  /** Times of the latest requests for video playlists: a viewer makes one a part. */
  readonly #reloads: number[] = [];
  #tickSeconds = 1;
  #draining = false;

  constructor(options: OriginOptions) {
    this.#options = options;
    this.#channels = new Channels(options);
    this.#media = new MediaReader(options.stores, options.cacheBytes ?? 256 * 1024 * 1024);
  }

  /** Requests that are held until a part is there. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Viewers, from how often video playlists are reloaded; a cache in front hides those behind it. */
  get viewers(): number {
    const since = Date.now() - VIEWER_WINDOW_MS;
    while (this.#reloads.length > 0 && this.#reloads[0]! < since) this.#reloads.shift();
    return Math.round((this.#reloads.length * this.#tickSeconds * 1000) / VIEWER_WINDOW_MS);
  }

  get followed(): number {
    return this.#channels.size;
  }

  /** Lets held requests go with what there is, and holds no more. */
  async drain(): Promise<void> {
    this.#draining = true;
    await this.#channels.close();
  }

  readonly handle = (request: Request, response: Response): void => {
    response.on('error', () => undefined);
    this.#handle(request, response).then(
      (kind) => {
        const left = isGone(response) && !response.headersSent;
        this.#options.onRequest?.(
          left ? 'aborted' : kind,
          left ? CLIENT_CLOSED_REQUEST : response.statusCode,
        );
      },
      (error: unknown) => {
        const status = error instanceof BadRequestError ? 400 : 500;
        if (status === 500)
          this.#options.log.error({ url: request.url, error: String(error) }, 'a request failed');
        if (!response.headersSent) {
          sendError(
            response,
            status,
            status === 400 ? (error as Error).message : 'the store could not be read; try again',
          );
        } else response.destroy();
        this.#options.onRequest?.('error', status);
      },
    );
  };

  async #handle(request: Request, response: Response): Promise<string> {
    if (request.method === 'OPTIONS') {
      sendPreflight(response);
      return 'preflight';
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendError(response, 405, 'allowed: GET, HEAD, OPTIONS', { allow: 'GET, HEAD, OPTIONS' });
      return 'error';
    }
    const { path, query } = splitUrl(request.url ?? '/');
    const resource = parsePath(path);
    if (!resource) {
      if (hostile(path))
        throw new BadRequestError('the path has characters or steps that no URL of this origin has');
      sendError(response, 404, 'no such resource; a channel is at /live/<channel>/index.m3u8');
      return 'error';
    }
    const directives = resource.kind === 'media' ? parseDirectives(query) : { skip: false };
    const follower = await this.#channels.get(resource.channel);
    const state = follower && (await this.#firstState(follower, response));
    if (isGone(response)) return resource.kind;
    if (!state && this.#draining) {
      sendError(response, 503, 'this origin is leaving; try again', { 'retry-after': '1' });
      return resource.kind;
    }
    if (!follower || !state) {
      // A segment may outlive the claims' window; a channel without any claim has nothing.
      sendError(response, 404, `channel ${resource.channel} is not on air`);
      return resource.kind;
    }
    await this.#answer(resource, directives, follower, state, request, response);
    return resource.kind;
  }

  /** A channel that is claimed but has no part yet: about a tick. */
  async #firstState(follower: ChannelFollower, response: Response): Promise<ChannelState | undefined> {
    if (follower.state) return follower.state;
    return this.#hold(follower, response, FIRST_PART_SECONDS * 1000, (state) => state !== undefined);
  }

  async #answer(
    resource: Resource,
    directives: Directives,
    follower: ChannelFollower,
    state: ChannelState,
    request: Request,
    response: Response,
  ): Promise<void> {
    const { channel } = resource;
    if (resource.kind === 'multivariant') {
      const text = this.#render(state, 'index', () => renderMultivariant(state));
      await text.send(request, response, { type: PLAYLIST_TYPE, cacheControl: 'max-age=1' });
      return;
    }
    const rendition = state.renditions.find(({ id }) => id === resource.rendition);
    if (resource.kind === 'media') {
      if (!rendition) {
        const ids = state.renditions.map(({ id }) => id).join(', ');
        sendError(response, 404, `channel ${channel} has no rendition ${resource.rendition}; it has ${ids}`);
        return;
      }
      if (rendition.kind === 'video' && directives.msn !== undefined) this.#reloads.push(Date.now());
      this.#tickSeconds = tickSeconds(state.grid);
      await this.#playlist(resource.rendition, directives, follower, state, request, response);
      return;
    }
    const media = await this.#mediaOf(resource, follower, response);
    if (isGone(response)) return;
    if (!media) {
      sendError(
        response,
        404,
        `${resource.kind} is not there: it was never made, or is older than the window`,
      );
      return;
    }
    sendMedia(request, response, media, {
      type: contentType(resource, rendition?.kind),
      cacheControl: IMMUTABLE,
    });
  }

  async #playlist(
    renditionId: string,
    directives: Directives,
    follower: ChannelFollower,
    now: ChannelState,
    request: Request,
    response: Response,
  ): Promise<void> {
    checkNotTooFar(now, directives);
    const timeout = HELD_TARGET_DURATIONS * targetDuration(now.grid) * 1000;
    const state = isAnswered(now, directives)
      ? now
      : await this.#hold(
          follower,
          response,
          timeout,
          (next) => next !== undefined && isAnswered(next, directives),
        );
    if (isGone(response)) return;
    const shown = state ?? (this.#draining ? now : undefined);
    const rendition = shown?.renditions.find(({ id }) => id === renditionId);
    if (!shown || !rendition) {
      sendError(response, 503, `the part did not come within ${timeout / 1000} s: the encoder is silent`, {
        'retry-after': '1',
      });
      return;
    }
    const target = targetDuration(shown.grid);
    const cacheControl = !state
      ? 'no-store'
      : isExact(shown, directives)
        ? `max-age=${6 * target}`
        : 'max-age=1';
    const text = this.#render(shown, `${renditionId} ${directives.skip}`, () =>
      renderMedia(shown, rendition, directives.skip),
    );
    await text.send(request, response, { type: PLAYLIST_TYPE, cacheControl });
  }

  #render(state: ChannelState, key: string, render: () => string): SharedText {
    let texts = this.#rendered.get(state);
    if (!texts) this.#rendered.set(state, (texts = new Map<string, SharedText>()));
    let text = texts.get(key);
    if (!text) {
      texts.set(key, (text = new SharedText(render())));
      this.#options.onRender?.();
    }
    return text;
  }

  async #mediaOf(
    resource: Exclude<Resource, { kind: 'multivariant' | 'media' }>,
    follower: ChannelFollower,
    response: Response,
  ): Promise<Buffer | undefined> {
    const { channel, rendition } = resource;
    if (resource.kind === 'init') return this.#media.init(channel, rendition, resource.hash);
    const read = () =>
      resource.kind === 'segment'
        ? this.#media.segment(channel, follower.state, rendition, resource.msn)
        : this.#media.part(channel, follower.state, rendition, resource.msn, resource.part);
    // Decided before the store is read: what it has by then may come while it is being read.
    const state = follower.state!;
    const coming = isComing(state, resource);
    const media = await read();
    if (media || !coming) return media;
    const seconds =
      resource.kind === 'part'
        ? HELD_TARGET_DURATIONS * targetDuration(state.grid)
        : AHEAD_PARTS * tickSeconds(state.grid);
    await this.#hold(follower, response, seconds * 1000, (next) => !next || !isComing(next, resource));
    return isGone(response) ? undefined : read();
  }

  /** Waits for a state. Undefined after the time-out, when the client has gone, or when the origin is draining. */
  #hold(
    follower: ChannelFollower,
    response: Response,
    timeoutMs: number,
    accepts: (state: ChannelState | undefined) => boolean,
  ): Promise<ChannelState | undefined> {
    // It may have come, or the client or the follower gone, since the caller looked.
    if (accepts(follower.state)) return Promise.resolve(follower.state);
    if (this.#draining || follower.closed || isGone(response)) return Promise.resolve(undefined);
    this.#waiting++;
    return new Promise((resolve) => {
      const finish = (state: ChannelState | undefined) => {
        clearTimeout(timer);
        unsubscribe();
        response.removeListener('close', gone);
        this.#waiting--;
        resolve(state);
      };
      const gone = () => finish(undefined);
      const timer = setTimeout(gone, timeoutMs);
      const unsubscribe = follower.subscribe(() => {
        if (accepts(follower.state)) finish(follower.state);
        else if (follower.closed) finish(undefined);
      });
      response.once('close', gone);
    });
  }
}

/**
 * Whether media that is not there may still come: the hinted part, one that another origin may have hinted, or
 * the open segment, which another origin may have listed.
 */
function isComing(state: ChannelState, resource: Extract<Resource, { kind: 'part' | 'segment' }>): boolean {
  if (state.ended || !state.renditions.some(({ id }) => id === resource.rendition)) return false;
  const edge = liveEdge(state);
  const next = nextPart(state);
  if (resource.kind === 'segment') return resource.msn === next.msn && next.msn === edge.msn;
  const { msn, part } = resource;
  if (msn === next.msn) return part >= next.part && part < next.part + AHEAD_PARTS;
  return msn === edge.msn + 1 && part < AHEAD_PARTS;
}

function contentType(resource: Resource, kind: 'video' | 'audio' | undefined): string {
  if (resource.kind === 'init') return kind === 'audio' ? 'audio/mp4' : 'video/mp4';
  return kind === 'audio' ? 'audio/mp4' : 'video/iso.segment';
}

function splitUrl(url: string): { path: string; query: URLSearchParams } {
  const mark = url.indexOf('?');
  if (url.length > 4096) throw new BadRequestError('the URL is longer than 4,096 characters');
  return mark === -1
    ? { path: url, query: new URLSearchParams() }
    : // With its question mark, which is dropped: one more would belong to the first name, as caches see it.
      { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark)) };
}

/** Paths that no client of this origin sends by mistake. */
const hostile = (path: string): boolean => /\.\.|%|\\|\/\/|[^\x21-\x7e]/.test(path);
