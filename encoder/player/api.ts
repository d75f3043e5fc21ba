/** What the page exposes as `window.mediaPlayer`, for tests and integrators. Described in docs/player.md. */

/**
 * - `connecting`: nothing has been played yet, or the stream is being opened again
 * - `playing`, `paused` (by the viewer, or by a browser that forbids autoplay)
 * - `stalled`: playback stopped and nobody asked for it
 * - `not-found`: the origin has no such channel; the page keeps asking
 * - `ended`: the programme is over
 * - `failed`: this browser cannot play the stream at all, or the channel's name is not one
 */
export type PlayerState = 'connecting' | 'playing' | 'paused' | 'stalled' | 'not-found' | 'ended' | 'failed';

/** Whether the picture carries the wall clock. `unknown` until enough frames were looked at. */
export type ClockStatus = 'unknown' | 'present' | 'absent';

/** One measured frame. */
export interface DelaySample {
  /** Unix milliseconds at which the frame was due on the screen. */
  readonly at: number;
  readonly glassToGlassMs: number;
}

export type PlayerEventType =
  'state' | 'stall' | 'resumed' | 'error' | 'recovery' | 'rung' | 'discontinuity' | 'gap' | 'jump';

export interface PlayerEvent {
  /** Unix milliseconds. */
  readonly at: number;
  readonly type: PlayerEventType;
  readonly detail: string;
}

export interface Rung {
  /** Position in {@link PlayerStats.rungs}, for {@link MediaPlayer.setRung}. */
  readonly index: number;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** BANDWIDTH of the multivariant playlist, in kbit/s. */
  readonly bitrateKbps: number;
}

export interface PlayerStats {
  readonly state: PlayerState;
  readonly clock: ClockStatus;
  /** Median of the last second's samples. Null without a sample in the last two seconds. */
  readonly glassToGlassMs: number | null;
  /** 95th percentile of the last 60 s of samples. */
  readonly p95Ms: number | null;
  /** Distance from the playhead to the live edge, as hls.js computes `hls.latency`, at this moment. */
  readonly estimateMs: number | null;
  /** The distance that playback is steered to: PART-HOLD-BACK plus what recent stalls have added. */
  readonly targetLatencyMs: number | null;
  readonly bufferMs: number;
  readonly rung: Rung | null;
  readonly rungs: readonly Rung[];
  readonly autoRung: boolean;
  readonly stalls: number;
  /** Sum over all stalls, the present one included. */
  readonly stalledMs: number;
  /** Video parts received a second, over the last 5 s. */
  readonly partsPerSecond: number;
  readonly playbackRate: number;
  readonly droppedFrames: number;
  /** Of the newest playlist or media response: `h2`, `http/1.1`, `h3`; empty until known. */
  readonly protocol: string;
  readonly currentTime: number;
}

export interface MediaPlayer {
  /** The last ten minutes, oldest first; at most 15 a second. */
  readonly samples: readonly DelaySample[];
  /** The last 500, oldest first. */
  readonly events: readonly PlayerEvent[];
  stats(): PlayerStats;
  /** Fixes the rung, or leaves the choice to the player. Takes effect when the present buffer is played. */
  setRung(rung: number | 'auto'): void;
}

declare global {
  interface Window {
    mediaPlayer?: MediaPlayer;
  }
}
