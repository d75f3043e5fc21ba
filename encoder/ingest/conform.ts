/**
 * Turns what a contributor sends, whenever it comes and whatever its timestamps say, into exactly one picture a
 * frame of the channel's grid and exactly the samples that belong to it. The encoder behind it never learns that
 * a source was late, jumped, changed or went away.
 *
 * The output is a row of slots, one a frame; slot k is due at a wall-clock time. An *anchor* ties the source's
 * timestamps to slots. While a source keeps time its pictures go to their own slots, in sync with its sound; a
 * slot whose picture has not come by `PATIENCE_MS` gets a repetition, then the slate. A new anchor is made only
 * when the old one has become wrong: a jump of the timestamps, a source that stays late, or one that has come
 * to be early and so costs latency for nothing.
 */
import type { TickGrid } from '../contract';
import { BYTES_PER_SAMPLE, ConformedSound } from './conform-sound';

export const INPUT_LOSS = ['repeat', 'slate', 'gap'] as const;
/** What viewers get while nothing arrives: the last picture for ever, or for 1 s and then the slate, or a gap. */
export type OnInputLoss = (typeof INPUT_LOSS)[number];

/** How long after its time a picture may come before its slot is filled without it, in milliseconds. */
export const PATIENCE_MS = 200;
/** How long the last picture is repeated before the slate, in milliseconds. */
export const REPEAT_MS = 1000;

/** Timestamps of MPEG-TS: ticks a second, and where they wrap. */
export const PTS_RATE = 90_000;
export const PTS_WRAP = 2 ** 33;

/** A step between two pictures of more than this is no frame rate but another clock. */
const JUMP_MS = 500;
/** A source that has been late for so long has changed its timing. */
const STAYS_LATE_MS = 500;
/** Two hold-ups within this time are the source's way of sending, not an accident. */
const HOLD_UPS_MS = 2000;
/** Pictures and sound that wait for their time, at most. */
const MAX_EARLY_MS = 1000;
/** After an anchor a decoder empties what it had gathered while it probed: the newest picture counts. */
const SETTLING_MS = 1000;
/** Over this time the least delayed picture tells clock drift, and latency that nobody needs. */
const WINDOW_MS = 10_000;
const NEEDLESS_MS = 150;
/** How fast the slots' clock follows the source's, at most: no crystal is worse than 500 ppm. */
const MAX_SLEW = 500e-6;
export interface InputPicture {
  readonly bytes: readonly Uint8Array[];
  /** Caption triplets (`cc_data`) that belong to it. */
  readonly captions?: readonly Uint8Array[];
}

/** Where the conformed programme goes. Slots are counted from the start of the process. */
export interface ConformedSink {
  picture(slot: number, picture: InputPicture | 'slate'): void;
  /** Interleaved s16le stereo; a number is that many samples of silence. */
  sound(track: number, samples: Uint8Array | number): void;
}

export type InputState = 'live' | 'repeat' | 'slate' | 'gap';

/** Counts since the start. */
export interface ConformCounts {
  input: number;
  repeated: number;
  slate: number;
  /** Came after their slot was filled. */
  late: number;
  /** Times that the source's timestamps were tied to slots anew. */
  anchors: number;
  silentSamples: number;
}

export interface ConformOptions {
  readonly grid: TickGrid;
  /** Sound tracks of the output. */
  readonly tracks: number;
  readonly onInputLoss: OnInputLoss;
  /** Unix milliseconds of slot 0. */
  readonly startMs: number;
  readonly sink: ConformedSink;
  readonly onState?: (state: InputState) => void;
}

interface Anchor {
  readonly pts: number;
  readonly slot: number;
  readonly madeAt: number;
}

interface Waiting {
  readonly slot: number;
  readonly picture: InputPicture;
}

export class Conform {
  readonly #options: ConformOptions;
  readonly #slotMs: number;
  readonly #sampleRate: number;
  readonly #counts: ConformCounts = {
    input: 0,
    repeated: 0,
    slate: 0,
    late: 0,
    anchors: 0,
    silentSamples: 0,
  };
  /** Unix milliseconds of slot 0, drift of the source included. */
  #zeroMs: number;
  #next = 0;
  #anchor: Anchor | undefined;
  #lastPts: number | undefined;
  #waiting: Waiting[] = [];
  #last: Waiting | undefined;
  #carried: Uint8Array[] = [];
  #lateSince: number | undefined;
  #heldUp = { at: -Infinity, mostMs: 0 };
  #window = newWindow(0);
  /** Delay of the least delayed picture in the first window after an anchor: the path's, not drift. */
  #pathMs: number | undefined;
  #state: InputState = 'slate';
  readonly #sound: readonly ConformedSound[];

  constructor(options: ConformOptions) {
    this.#options = options;
    this.#slotMs = (1000 * options.grid.frameTicks) / options.grid.timescale;
    this.#sampleRate = options.grid.audioSampleRate;
    this.#zeroMs = options.startMs;
    this.#sound = Array.from(
      { length: options.tracks },
      (_, track) => new ConformedSound(this.#sampleRate, (samples) => this.#writeSound(track, samples)),
    );
  }

  get state(): InputState {
    return this.#state;
  }

  get counts(): Readonly<ConformCounts> {
    return this.#counts;
  }

  /** The slot that is written next. */
  get next(): number {
    return this.#next;
  }

  /** Unix milliseconds at which the slot is due. */
  dueAt(slot: number): number {
    return this.#zeroMs + slot * this.#slotMs;
  }

  /** Another source, or the same one anew: its timestamps have nothing to do with those before. */
  begin(): void {
    this.#anchor = undefined;
    this.#lastPts = undefined;
    this.#waiting = [];
    this.#lateSince = undefined;
    for (const track of this.#sound) track.clear();
  }

  /**
   * For an encoder that begins: sound goes on at the slot that is returned, the next one that is a whole number
   * of steps after `alignTo`.
   */
  restart(nowMs: number, alignTo = 0, step = 1): number {
    this.#next = Math.max(this.#next, Math.ceil((nowMs - this.#zeroMs) / this.#slotMs));
    const slot = alignTo + Math.ceil((this.#next - alignTo) / step) * step;
    for (const track of this.#sound) track.moveTo(this.#samplesBefore(slot));
    return slot;
  }

  /** A decoded picture. @param pts90k in ticks of 90 kHz; wraps at 2^33 */
  picture(pts90k: number, picture: InputPicture, nowMs: number): void {
    this.#counts.input++;
    const pts = this.#unwrap(pts90k);
    const jumped = this.#lastPts !== undefined && this.#isJump(pts - this.#lastPts, pts, nowMs);
    this.#lastPts = pts;
    if (!this.#anchor || jumped) this.#tie(pts, nowMs);
    let lateMs = nowMs - this.dueAt(this.#position(pts));
    const settling = nowMs - this.#anchor!.madeAt < SETTLING_MS;
    if (lateMs < -MAX_EARLY_MS || (settling && lateMs < -this.#slotMs)) {
      this.#tie(pts, nowMs, settling);
      lateMs = 0;
    }
    lateMs = this.#checkLate(pts, lateMs, nowMs);
    this.#follow(lateMs, nowMs);
    const slot = Math.floor(this.#position(pts) + 0.25);
    if (slot < this.#next || slot === this.#waiting.at(-1)?.slot) {
      // Every second picture of a source of twice the rate is no late one.
      if (slot < this.#next - 1) this.#counts.late++;
      this.#carried.push(...(picture.captions ?? []));
      return;
    }
    this.#waiting.push({ slot, picture });
  }

  /** Decoded sound: interleaved s16le stereo. */
  sound(track: number, pts90k: number, samples: Uint8Array, nowMs: number): void {
    const pts = this.#unwrap(pts90k);
    this.#sound[track]!.push(pts, samples);
    if (!this.#anchor) return;
    const lengthMs = ((samples.length / BYTES_PER_SAMPLE) * 1000) / this.#sampleRate;
    const lateMs = nowMs - this.dueAt(this.#position(pts)) - lengthMs;
    if (Math.abs(lateMs) <= MAX_EARLY_MS) this.#window.most = Math.max(this.#window.most, lateMs);
  }

  /** Writes every slot whose time has come. Call often; {@link nextWakeMs} says when at the latest. */
  advance(nowMs: number): void {
    for (; this.dueAt(this.#next) <= nowMs; this.#next++) {
      if (!this.#fill(this.#next, nowMs)) break;
    }
    if (this.#state === 'gap') return;
    this.#advanceSound(nowMs);
  }

  /** Unix milliseconds at which {@link advance} has something to do if nothing comes before. */
  nextWakeMs(): number {
    return this.#waiting.length > 0 ? this.dueAt(this.#next) : this.dueAt(this.#next) + PATIENCE_MS;
  }

  #fill(slot: number, nowMs: number): boolean {
    const { sink, onInputLoss } = this.#options;
    while (this.#waiting.length > 1 && this.#waiting[1]!.slot <= slot) {
      this.#carried.push(...(this.#waiting.shift()!.picture.captions ?? []));
    }
    const first = this.#waiting[0];
    if (first && first.slot <= slot) {
      this.#waiting.shift();
      this.#enter('live');
      sink.picture(slot, this.#withCarried(first.picture));
      // Captions belong to the picture's first showing.
      this.#last = { slot, picture: { bytes: first.picture.bytes } };
      return true;
    }
    // Pictures come in order: one for a later slot means that there is none for this.
    if (!first && nowMs < this.dueAt(slot) + PATIENCE_MS) return false;
    // A source of a lower rate.
    if (first && this.#state === 'live' && first.slot - this.#last!.slot <= JUMP_MS / this.#slotMs) {
      this.#counts.repeated++;
      sink.picture(slot, this.#last!.picture);
      return true;
    }
    if (onInputLoss === 'gap' && this.#last) {
      this.#enter('gap');
      return true;
    }
    const repeats =
      this.#last &&
      (onInputLoss === 'repeat' || (slot - this.#last.slot) * this.#slotMs <= REPEAT_MS + this.#slotMs / 2);
    this.#enter(repeats ? 'repeat' : 'slate');
    this.#counts[repeats ? 'repeated' : 'slate']++;
    sink.picture(slot, repeats ? this.#last!.picture : 'slate');
    return true;
  }

  #withCarried(picture: InputPicture): InputPicture {
    if (this.#carried.length === 0) return picture;
    const captions = [...this.#carried, ...(picture.captions ?? [])];
    this.#carried = [];
    return { ...picture, captions };
  }

  #enter(state: InputState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState?.(state);
  }

  #advanceSound(nowMs: number): void {
    const until = this.#samplesAt(nowMs);
    const must = this.#samplesAt(nowMs - PATIENCE_MS);
    const position = this.#anchor && ((pts: number) => this.#samplesOf(this.#position(pts)));
    const late = this.#sound.map((track) => track.advance({ nowMs, until, must, position }));
    const mostMs = (Math.max(0, ...late) * 1000) / this.#sampleRate;
    // Its source sends sound that much after its pictures: these wait for it.
    if (mostMs > 0 && this.#state === 'live') this.#shift(Math.ceil(mostMs / this.#slotMs) + 2);
  }

  #writeSound(track: number, samples: Uint8Array | number): void {
    if (typeof samples === 'number') this.#counts.silentSamples += samples;
    this.#options.sink.sound(track, samples);
  }

  #samplesAt(ms: number): number {
    return Math.max(0, Math.floor(((ms - this.#zeroMs) * this.#sampleRate) / 1000));
  }

  #samplesBefore(slot: number): number {
    return Math.floor(this.#samplesOf(slot) + 1e-6);
  }

  #samplesOf(slots: number): number {
    return (slots * this.#slotMs * this.#sampleRate) / 1000;
  }

  /** The slot, fractions included, at which a timestamp belongs. */
  #position(pts: number): number {
    const { pts: from, slot } = this.#anchor!;
    return slot + ((pts - from) * 1000) / PTS_RATE / this.#slotMs;
  }

  #isJump(step: number, pts: number, nowMs: number): boolean {
    const ms = (step * 1000) / PTS_RATE;
    if (ms < -this.#slotMs) return true;
    // A hole in the timestamps is no jump when as much time has passed.
    return ms > JUMP_MS && Math.abs(nowMs - this.dueAt(this.#position(pts))) > JUMP_MS;
  }

  /** Ties `pts` to the slot that is due now. */
  #tie(pts: number, nowMs: number, settling = false): void {
    const slot = Math.max(this.#next, Math.round((nowMs - this.#zeroMs) / this.#slotMs));
    const madeAt = settling ? this.#anchor!.madeAt : nowMs;
    if (!settling) this.#counts.anchors++;
    for (const { picture } of this.#waiting) this.#carried.push(...(picture.captions ?? []));
    this.#waiting = [];
    this.#moveAnchor(pts, slot, madeAt);
  }

  #moveAnchor(pts: number, slot: number, madeAt: number): void {
    this.#anchor = { pts, slot, madeAt };
    this.#lateSince = undefined;
    this.#window = newWindow(Math.max(madeAt, this.#window.startedAt));
    this.#pathMs = undefined;
    for (const track of this.#sound) track.retie();
  }

  /** What one hold-up made late is lost; a source that stays late, or is held up again and again, is waited for. */
  #checkLate(pts: number, lateMs: number, nowMs: number): number {
    if (lateMs <= PATIENCE_MS) {
      this.#lateSince = undefined;
      return lateMs;
    }
    if (this.#lateSince === undefined) {
      this.#lateSince = nowMs;
      const again = nowMs - this.#heldUp.at < HOLD_UPS_MS;
      this.#heldUp = { at: nowMs, mostMs: Math.max(lateMs, again ? this.#heldUp.mostMs : 0) };
      if (again && lateMs < MAX_EARLY_MS) {
        const slots = Math.ceil((this.#heldUp.mostMs - PATIENCE_MS) / this.#slotMs) + 1;
        this.#shift(slots);
        return lateMs - slots * this.#slotMs;
      }
    }
    if (nowMs - this.#lateSince < STAYS_LATE_MS) return lateMs;
    this.#tie(pts, nowMs);
    return 0;
  }

  /** Follows the source's clock, and gives back latency that ten seconds have not needed. */
  #follow(lateMs: number, nowMs: number): void {
    const window = this.#window;
    if (Math.abs(lateMs) <= MAX_EARLY_MS) {
      window.least = Math.min(window.least, lateMs);
      window.most = Math.max(window.most, lateMs);
    }
    const lasted = nowMs - window.startedAt;
    if (lasted < WINDOW_MS) return;
    this.#window = newWindow(nowMs);
    const { least, most } = window;
    if (!Number.isFinite(least)) return;
    if (most < -NEEDLESS_MS) {
      this.#shift(-Math.floor(-most / this.#slotMs));
      return;
    }
    this.#pathMs ??= least;
    const limit = MAX_SLEW * lasted;
    this.#zeroMs += Math.max(-limit, Math.min(limit, (least - this.#pathMs) / 2));
  }

  /** The source's pictures and sound come so many slots later from now on. */
  #shift(slots: number): void {
    const { pts, slot } = this.#anchor!;
    this.#moveAnchor(pts, slot + slots, -Infinity);
    this.#waiting = this.#waiting.map((waiting) => ({ ...waiting, slot: waiting.slot + slots }));
  }

  #unwrap(pts: number): number {
    return this.#lastPts === undefined ? pts : nearest(pts, this.#lastPts);
  }
}

/** Least and most delay of what came since. */
const newWindow = (startedAt: number) => ({ startedAt, least: Infinity, most: -Infinity });

/** The timestamp, wraps undone, that is nearest to another one. */
function nearest(pts: number, to: number): number {
  return to + ((((pts - to + PTS_WRAP / 2) % PTS_WRAP) + PTS_WRAP) % PTS_WRAP) - PTS_WRAP / 2;
}
