/** hls.js, its recovery, and where the playhead is relative to the live edge. */
import Hls, { ErrorDetails, ErrorTypes, Events } from 'hls.js';
import type { ErrorData, Level, LoaderContext, PlaylistLoaderContext } from 'hls.js';
import type { PlayerEventType, Rung } from './api';
import { blockingUrl } from './blocking-reload';
import { hlsConfig } from './hls-config';
import { PartLedger } from './part-ledger';

export type Availability = 'opening' | 'open' | 'not-found' | 'unreachable' | 'ended' | 'unsupported';

export interface LiveEdge {
  /** Seconds from the playhead to the live edge. */
  readonly latency: number;
  readonly holdBack: number;
  readonly part: number;
  /** Seconds since the playlist last grew. */
  readonly age: number;
}

export interface PlaybackListener {
  event(type: PlayerEventType, detail: string): void;
  /** Availability, rungs or the rung that plays have changed. */
  changed(): void;
  /** A video part has arrived. */
  part(): void;
}

/** Delays between attempts after a fatal error; the last one repeats for as long as the page is open. */
const RETRY_MS = [100, 300, 600, 1_000, 2_000] as const;
/** A channel that does not exist may start: ask at this interval. */
const NOT_FOUND_RETRY_MS = 2_000;
/** After a refused blocking request, playlists are asked for without directives for so long. */
const PLAIN_MS = 5_000;
/** After so many attempts in a row to go on, start again from the multivariant playlist. */
const ATTEMPTS_BEFORE_REOPEN = 2;

export class Playback {
  readonly #video: HTMLVideoElement;
  readonly #url: string;
  readonly #listener: PlaybackListener;
  readonly #hls: Hls | undefined;
  #availability: Availability = 'opening';
  #attempts = 0;
  #mediaRecoveredAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #rungs: readonly Rung[] = [];
  #auto = true;
  #chosen = -1;
  #rung = -1;
  #generation: number | undefined;
  #plainUntil = -Infinity;

  constructor(video: HTMLVideoElement, url: string, listener: PlaybackListener) {
    this.#video = video;
    this.#url = url;
    this.#listener = listener;
    if (Hls.isSupported()) {
      this.#hls = this.#startHls();
    } else if (video.canPlayType('application/vnd.apple.mpegurl') !== '') {
      // An iPhone before iOS 17.1 has no MediaSource, and plays LL-HLS itself.
      this.#startNative();
    } else {
      this.#availability = 'unsupported';
    }
  }

  get availability(): Availability {
    return this.#availability;
  }

  get rungs(): readonly Rung[] {
    return this.#rungs;
  }

  get rung(): Rung | null {
    return this.#rungs[this.#rung] ?? null;
  }

  /** `auto`, or the rung that the viewer chose. */
  get choice(): number | 'auto' {
    return this.#auto ? 'auto' : this.#chosen;
  }

  setRung(rung: number | 'auto'): void {
    if (rung !== 'auto' && this.#rungs[rung] === undefined) return;
    this.#auto = rung === 'auto';
    this.#chosen = rung === 'auto' ? -1 : rung;
    // loadLevel keeps what is buffered, so a change never stops the picture; the buffer is a second long.
    if (this.#hls) this.#hls.loadLevel = this.#chosen;
    this.#listener.changed();
  }

  /** The formula of `hls.latency`, which itself is only computed when the element reports progress. */
  edge(): LiveEdge | undefined {
    const details = this.#hls?.latestLevelDetails;
    if (!details || !details.live || details.edge === 0) return undefined;
    const part = details.partTarget || details.targetduration;
    return {
      latency: details.edge + details.age - this.#video.currentTime,
      holdBack: details.partHoldBack || details.holdBack || 3 * part,
      part,
      age: details.age,
    };
  }

  /** Where to seek in order to be `added` seconds behind the usual distance to the edge. */
  syncPosition(added = 0): number | undefined {
    const position = this.#hls?.liveSyncPosition;
    return position === null || position === undefined ? undefined : Math.max(0, position - added);
  }

  /** Load on from the playhead: for a playback that stands still although nothing has failed. */
  reload(): void {
    this.#hls?.startLoad();
  }

  /** A new MediaSource with the same stream. */
  rebuild(): void {
    const hls = this.#hls;
    if (hls) this.#keepPlaying(() => hls.recoverMediaError());
  }

  /** A new source leaves the element paused; that is not what the viewer asked for. */
  #keepPlaying(attach: () => void): void {
    const playing = !this.#video.paused;
    attach();
    if (playing)
      void this.#video.play().catch(() => this.#listener.event('error', 'the browser refuses to play on'));
  }

  #startHls(): Hls {
    const hls: Hls = new Hls({
      ...hlsConfig(new URLSearchParams(location.search).has('debug')),
      xhrSetup: (request, url, context) => {
        request.open('GET', this.#blockingUrl(hls, context) ?? url, true);
      },
    });
    new PartLedger(hls, this.#video);
    hls.on(Events.MANIFEST_PARSED, (_, { levels, firstLevel }) => {
      this.#rungs = levels.map(describeRung);
      this.#setAvailability('open');
      // hls.js sorts the rungs; the playlist's order says which one to start with.
      hls.startLevel = firstLevel;
      if (!this.#auto) hls.loadLevel = this.#chosen;
    });
    hls.on(Events.LEVELS_UPDATED, (_, { levels }) => {
      this.#rungs = levels.map(describeRung);
      this.#listener.changed();
    });
    hls.on(Events.FRAG_LOADED, (_, { frag, part }) => {
      // hls.js has this enum in its types only.
      if (part && String(frag.type) === 'main') this.#listener.part();
    });
    hls.on(Events.FRAG_BUFFERED, () => {
      this.#attempts = 0;
      if (this.#availability === 'unreachable') this.#setAvailability('open');
    });
    hls.on(Events.FRAG_CHANGED, (_, { frag }) => this.#playing(frag.level, frag.cc));
    hls.on(Events.LEVEL_UPDATED, (_, { details }) => {
      if (!details.live && this.#availability === 'open')
        this.#listener.event('state', 'the playlist has ended');
    });
    hls.on(Events.MEDIA_ENDED, () => this.#setAvailability('ended'));
    hls.on(Events.ERROR, (_, data) => this.#failed(hls, data));
    hls.attachMedia(this.#video);
    hls.loadSource(this.#url);
    return hls;
  }

  #blockingUrl(hls: Hls, context: LoaderContext): string | undefined {
    if (performance.now() < this.#plainUntil) return undefined;
    const { type, level, id } = context as Partial<PlaylistLoaderContext>;
    if (String(type) === 'level') return blockingUrl(context.url, hls.levels[level ?? -1]?.details);
    if (String(type) === 'audioTrack') return blockingUrl(context.url, hls.audioTracks[id ?? -1]?.details);
    return undefined;
  }

  #playing(level: number, generation: number): void {
    if (this.#generation !== undefined && generation !== this.#generation) {
      this.#listener.event('discontinuity', `sequence ${this.#generation} to ${generation}`);
    }
    this.#generation = generation;
    if (level === this.#rung) return;
    this.#rung = level;
    this.#listener.event('rung', this.rung?.name ?? String(level));
    this.#listener.changed();
  }

  #failed(hls: Hls, data: ErrorData): void {
    // What hls.js calls a stall is counted, with its length, by stalls.ts.
    if (data.details === ErrorDetails.BUFFER_STALLED_ERROR && !data.fatal) return;
    const status = data.response?.code;
    const where = data.frag ? ` at ${data.frag.type} ${String(data.frag.sn)}` : '';
    // The origin does not know the part that was asked for: its stream is not the one that was played.
    if (status === 400) this.#plainUntil = performance.now() + PLAIN_MS;
    const detail = `${data.details}${status ? ` (HTTP ${status})` : ''}${where}${data.fatal ? ', fatal' : ''}`;
    this.#listener.event(data.details === ErrorDetails.FRAG_GAP ? 'gap' : 'error', detail);
    if (!data.fatal) return;
    if (data.details === ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR) {
      this.#setAvailability('unsupported');
    } else if (data.details.startsWith('manifest')) {
      const absent = status === 404 || status === 410;
      this.#setAvailability(absent ? 'not-found' : 'unreachable');
      this.#retry(
        () => this.#keepPlaying(() => hls.loadSource(this.#url)),
        'open the channel',
        absent ? NOT_FOUND_RETRY_MS : undefined,
      );
    } else if (data.type === ErrorTypes.MEDIA_ERROR && performance.now() - this.#mediaRecoveredAt > 3_000) {
      this.#mediaRecoveredAt = performance.now();
      this.#listener.event('recovery', 'reset the media source');
      this.rebuild();
    } else {
      this.#setAvailability('unreachable');
      const anew = status === 404 || this.#attempts >= ATTEMPTS_BEFORE_REOPEN;
      if (anew) this.#retry(() => this.#reopen(hls), 'open the channel again');
      else this.#retry(() => hls.startLoad(), 'load on');
    }
  }

  /** From the multivariant playlist: a channel that came back may have another ladder, or be gone. */
  #reopen(hls: Hls): void {
    this.#keepPlaying(() => {
      hls.detachMedia();
      hls.attachMedia(this.#video);
      hls.loadSource(this.#url);
    });
  }

  #retry(attempt: () => void, what: string, delayMs?: number): void {
    const step = RETRY_MS[Math.min(this.#attempts, RETRY_MS.length - 1)] ?? 0;
    const delay = (delayMs ?? step) * (0.8 + 0.4 * Math.random());
    this.#attempts++;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#listener.event('recovery', `${what}, attempt ${this.#attempts}`);
      attempt();
    }, delay);
  }

  #startNative(): void {
    const video = this.#video;
    video.addEventListener('loadedmetadata', () => this.#setAvailability('open'));
    video.addEventListener('ended', () => this.#setAvailability('ended'));
    video.addEventListener('error', () => {
      this.#listener.event('error', `media error ${video.error?.code ?? 0}`);
      void this.#nativeFailure();
    });
    video.src = this.#url;
  }

  /** The element does not say why it failed; asking for the playlist does. */
  async #nativeFailure(): Promise<void> {
    const status = await fetch(this.#url).then(
      (answer) => answer.status,
      () => 0,
    );
    this.#setAvailability(status === 404 || status === 410 ? 'not-found' : 'unreachable');
    this.#retry(() => this.#video.load(), 'open the channel', NOT_FOUND_RETRY_MS);
  }

  #setAvailability(availability: Availability): void {
    if (availability === this.#availability) return;
    this.#availability = availability;
    this.#listener.changed();
  }
}

function describeRung(level: Level, index: number, all: readonly Level[]): Rung {
  const twins = all.filter((other) => other.height === level.height).length > 1;
  const size = level.height ? `${level.height}p` : `${Math.round(level.bitrate / 1000)} kbit/s`;
  return {
    index,
    name: twins ? `${size} ${codecName(level.videoCodec) || Math.round(level.bitrate / 1000)}` : size,
    width: level.width,
    height: level.height,
    bitrateKbps: Math.round(level.bitrate / 1000),
  };
}

function codecName(codec: string | undefined): string {
  if (codec === undefined) return '';
  if (codec.startsWith('avc')) return 'H.264';
  if (codec.startsWith('hvc') || codec.startsWith('hev')) return 'HEVC';
  if (codec.startsWith('av01')) return 'AV1';
  return '';
}
