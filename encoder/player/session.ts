/** One channel being played: everything that is known about it, without any user interface. */
import type { DelaySample, MediaPlayer, PlayerEvent, PlayerEventType, PlayerState, PlayerStats } from './api';
import { LiveEdgeControl } from './catch-up';
import { GlassToGlass } from './glass-to-glass';
import { Playback } from './playback';
import { percentile, remember, since } from './samples';
import { StallCounter } from './stalls';
import { Unstick } from './unstick';

const SAMPLES_KEPT_MS = 10 * 60_000;
const EVENTS_KEPT = 500;
const SAME_EVENT_MS = 1_000;
const TICK_MS = 100;
const P95_MS = 60_000;
const MEDIAN_MS = 1_000;
/** Without a sample for this long there is no measured delay to show. */
const STALE_MS = 2_000;
const PARTS_WINDOW_MS = 5_000;

export class Session implements MediaPlayer {
  readonly samples: DelaySample[] = [];
  readonly events: PlayerEvent[] = [];
  readonly #video: HTMLVideoElement;
  readonly #playback: Playback;
  readonly #clock: GlassToGlass;
  readonly #stalls = new StallCounter();
  readonly #control = new LiveEdgeControl();
  readonly #unstick: Unstick;
  readonly #parts: { at: number }[] = [];
  readonly #onChange: () => void;
  #protocol = '';
  #state: PlayerState = 'connecting';

  constructor(video: HTMLVideoElement, url: string, onChange: () => void) {
    this.#video = video;
    this.#onChange = onChange;
    this.#watchElement();
    this.#watchProtocol(url.slice(0, url.lastIndexOf('/') + 1));
    this.#clock = new GlassToGlass(video, (sample) => remember(this.samples, sample, SAMPLES_KEPT_MS));
    this.#playback = new Playback(video, url, {
      event: (type, detail) => this.#record(type, detail),
      changed: () => {
        this.#changed();
        this.#onChange();
      },
      part: () => remember(this.#parts, { at: performance.now() }, PARTS_WINDOW_MS),
    });
    this.#unstick = new Unstick(video, this.#playback, (detail) => this.#record('recovery', detail));
    setInterval(() => this.#tick(), TICK_MS);
  }

  setRung(rung: number | 'auto'): void {
    this.#playback.setRung(rung);
  }

  get choice(): number | 'auto' {
    return this.#playback.choice;
  }

  stats(): PlayerStats {
    const now = Date.now();
    const edge = this.#playback.edge();
    const recent = since(this.samples, now - P95_MS).map((sample) => sample.glassToGlassMs);
    return {
      state: this.#state,
      clock: this.#clock.status,
      glassToGlassMs: this.#measured(now),
      p95Ms: percentile(recent, 0.95),
      estimateMs: edge ? edge.latency * 1000 : null,
      targetLatencyMs: edge ? (edge.holdBack + this.#control.added) * 1000 : null,
      bufferMs: bufferAhead(this.#video).seconds * 1000,
      rung: this.#playback.rung,
      rungs: this.#playback.rungs,
      autoRung: this.#playback.choice === 'auto',
      stalls: this.#stalls.stalls,
      stalledMs: this.#stalls.stalledMs(performance.now()),
      partsPerSecond: this.#partsPerSecond(),
      playbackRate: this.#video.playbackRate,
      droppedFrames: this.#video.getVideoPlaybackQuality().droppedVideoFrames,
      protocol: this.#protocol,
      currentTime: this.#video.currentTime,
    };
  }

  #measured(now: number): number | null {
    const newest = this.samples.at(-1)?.at;
    if (newest === undefined || newest < now - STALE_MS) return null;
    return percentile(
      since(this.samples, newest - MEDIAN_MS).map((sample) => sample.glassToGlassMs),
      0.5,
    );
  }

  #partsPerSecond(): number {
    const now = performance.now();
    return since(this.#parts, now - PARTS_WINDOW_MS).length / (PARTS_WINDOW_MS / 1000);
  }

  #watchElement(): void {
    const video = this.#video;
    video.addEventListener('waiting', () => {
      this.#stalls.waiting();
      this.#tick();
    });
    for (const type of ['playing', 'play', 'pause', 'ended', 'seeked'] as const) {
      video.addEventListener(type, () => this.#tick());
    }
  }

  #watchProtocol(folder: string): void {
    const prefix = new URL(folder, location.href).href;
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntriesByType('resource') as PerformanceResourceTiming[]) {
        if (entry.name.startsWith(prefix) && entry.nextHopProtocol !== '')
          this.#protocol = entry.nextHopProtocol;
      }
    });
    observer.observe({ type: 'resource', buffered: true });
  }

  #tick(): void {
    const video = this.#video;
    const now = performance.now();
    const change = this.#stalls.observe({
      now,
      position: video.currentTime,
      idle: video.paused || video.ended || this.#playback.availability === 'ended',
      seeking: video.seeking,
    });
    const edge = this.#playback.edge();
    if (change?.type === 'begun') this.#record('stall', `at ${video.currentTime.toFixed(2)} s`);
    if (change?.type === 'ended') {
      this.#record('resumed', `after ${Math.round(change.lengthMs)} ms`);
      this.#control.stallEnded(now, change.lengthMs, edge?.part ?? 0);
    }
    this.#steer(now);
    this.#changed();
  }

  #steer(now: number): void {
    const video = this.#video;
    const edge = this.#playback.edge();
    if (!edge || video.paused || video.ended || !this.#stalls.started) {
      setRate(video, 1);
      return;
    }
    const ahead = bufferAhead(video);
    const decision = this.#control.step({
      now,
      latency: edge.latency,
      age: edge.age,
      holdBack: edge.holdBack,
      part: edge.part,
      buffer: ahead.seconds,
      stalled: this.#stalls.stalled,
      beyondHole: ahead.next !== undefined,
    });
    if (decision.jump) {
      const to = this.#playback.syncPosition(this.#control.added);
      if (to !== undefined && to > video.currentTime) {
        this.#record('jump', `${(to - video.currentTime).toFixed(2)} s forward to the live edge`);
        video.currentTime = to;
      }
    }
    setRate(video, decision.rate);
    this.#unstick.step(now, this.#stalls.stalled, ahead.next);
  }

  #record(type: PlayerEventType, detail: string): void {
    const last = this.events.at(-1);
    const at = Date.now();
    // The same again and again says no more than once, and would push out what came before.
    if (last?.type === type && last.detail === detail && at - last.at < SAME_EVENT_MS) return;
    remember(this.events, { at, type, detail }, Infinity, EVENTS_KEPT);
  }

  #changed(): void {
    // Playback reports while its own constructor runs, too.
    if ((this.#playback as Playback | undefined) === undefined) return;
    const state = this.#stateNow();
    if (state === this.#state) return;
    this.#state = state;
    this.#record('state', state);
    this.#onChange();
  }

  #stateNow(): PlayerState {
    const availability = this.#playback.availability;
    if (availability === 'unsupported') return 'failed';
    if (availability === 'not-found' || availability === 'ended') return availability;
    if (this.#video.ended) return 'ended';
    if (this.#video.paused) return 'paused';
    if (!this.#stalls.started) return 'connecting';
    return this.#stalls.stalled ? 'stalled' : 'playing';
  }
}

/** What can be played without a break from here, and where the next buffered media begins after that. */
function bufferAhead(video: HTMLVideoElement): { seconds: number; next: number | undefined } {
  const { buffered, currentTime } = video;
  let seconds = 0;
  for (let i = 0; i < buffered.length; i++) {
    const start = buffered.start(i);
    if (start > currentTime + 0.05) return { seconds, next: start };
    seconds = Math.max(0, buffered.end(i) - currentTime);
  }
  return { seconds, next: undefined };
}

function setRate(video: HTMLVideoElement, rate: number): void {
  if (video.playbackRate !== rate) video.playbackRate = rate;
}
