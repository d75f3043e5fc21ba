/** Holds captions until the frame that shows them is encoded, at the pace at which receivers take them. */
import { MAX_TRIPLETS, TRIPLET_BYTES } from './captions-sei';

const VALID = 0x04;
const DIGITAL = 0x02;
const SECOND_FIELD = 0x01;
const PARITY = 0x80;

/** Pairs a second of each field of line 21: 30, not 29.97, so that a source of 30 frames leaves no rest. */
const PAIRS_PER_SECOND = 30;
/** A frame less what 29.97 frames a second differ from 30: that rate must not give a frame two pairs. */
const MAX_LATE_FRAMES = 0.99;
/** How long captions may wait for a frame that is not encoded yet, in seconds: more than any encoder is behind. */
const MAX_AHEAD_SECONDS = 10;
/** How late captions may be shown whose own frame never came, in seconds. */
const MAX_LATE_SECONDS = 0.5;
/** Triplets that may wait for room, by kind: two seconds of CEA-608, two of the 9600 bit/s of CEA-708. */
const MAX_WAITING_PAIRS = 60;
const MAX_WAITING_DIGITAL = 1200;

interface Waiting {
  readonly frame: number;
  readonly ccData: Uint8Array;
}

/** Captions of one rendition, by the numbers of its frames in presentation order. */
export class CaptionTrack {
  readonly #maxAhead: number;
  readonly #maxLate: number;
  readonly #fields: readonly [Line21Queue, Line21Queue];
  readonly #digital: Uint8Array[] = [];
  /** By frame, then in the order they came. */
  #waiting: Waiting[] = [];
  #dropped = 0;

  constructor(framesPerSecond: number) {
    this.#maxAhead = Math.ceil(MAX_AHEAD_SECONDS * framesPerSecond);
    this.#maxLate = Math.ceil(MAX_LATE_SECONDS * framesPerSecond);
    const framesPerPair = framesPerSecond / PAIRS_PER_SECOND;
    this.#fields = [new Line21Queue(framesPerPair), new Line21Queue(framesPerPair)];
  }

  /** Triplets that no frame has carried, and none will. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Captions for a frame; several for one frame follow one another. For a frame that has passed they go to the next.
   * Padding is left out.
   * @param ccData triplets, which must not be changed afterwards
   */
  put(frame: number, ccData: Uint8Array): void {
    let at = this.#waiting.length;
    while (at > 0 && this.#waiting[at - 1]!.frame > frame) at--;
    this.#waiting.splice(at, 0, { frame, ccData });
    if (this.#waiting.length > this.#maxAhead) this.#drop(this.#waiting.shift()!);
  }

  /** The triplets, at most 31, that this frame carries; undefined for none. Frames are asked for in rising order. */
  take(frame: number): Uint8Array | undefined {
    const later = this.#waiting.findIndex((waiting) => waiting.frame > frame);
    const due = this.#waiting.splice(0, later < 0 ? this.#waiting.length : later);
    for (const waiting of due) {
      if (frame - waiting.frame > this.#maxLate) this.#drop(waiting);
      else this.#enqueue(waiting.ccData);
    }
    const taken = this.#fields.flatMap((field) => field.take());
    taken.push(...this.#digital.splice(0, MAX_TRIPLETS - taken.length));
    return taken.length > 0 ? Buffer.concat(taken) : undefined;
  }

  #enqueue(ccData: Uint8Array): void {
    for (const triplet of triplets(ccData)) {
      if (isPadding(triplet)) continue;
      const marker = triplet[0]!;
      if (!(marker & DIGITAL)) this.#dropped += this.#fields[marker & SECOND_FIELD ? 1 : 0].push(triplet);
      else {
        this.#digital.push(triplet);
        if (this.#digital.length > MAX_WAITING_DIGITAL) {
          this.#digital.shift();
          this.#dropped++;
        }
      }
    }
  }

  #drop({ ccData }: Waiting): void {
    for (const triplet of triplets(ccData)) if (!isPadding(triplet)) this.#dropped++;
  }
}

/** Pairs of one field, which receivers take at the rate of line 21. */
class Line21Queue {
  readonly #framesPerPair: number;
  readonly #pairs: Uint8Array[] = [];
  #frame = 0;
  /** When the next pair may go out, in frames. */
  #due = 0;

  constructor(framesPerPair: number) {
    this.#framesPerPair = framesPerPair;
  }

  /** How many pairs had to make room: 0 or 1. */
  push(pair: Uint8Array): number {
    this.#pairs.push(pair);
    if (this.#pairs.length <= MAX_WAITING_PAIRS) return 0;
    this.#pairs.shift();
    return 1;
  }

  /** Called once a frame. */
  take(): Uint8Array[] {
    const frame = this.#frame++;
    let count = 0;
    while (count < this.#pairs.length && this.#due <= frame) {
      // What is late because frames are whole is made up for; what is late because nothing came is not.
      this.#due = Math.max(this.#due, frame - MAX_LATE_FRAMES) + this.#framesPerPair;
      count++;
    }
    return this.#pairs.splice(0, count);
  }
}

function* triplets(ccData: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at + TRIPLET_BYTES <= ccData.length; at += TRIPLET_BYTES) {
    yield ccData.subarray(at, at + TRIPLET_BYTES);
  }
}

/** What says nothing: constructs that are not valid, and pairs of line 21 that are null. */
function isPadding(triplet: Uint8Array): boolean {
  const marker = triplet[0]!;
  if (!(marker & VALID)) return true;
  if (marker & DIGITAL) return false;
  return ((triplet[1]! | triplet[2]!) & ~PARITY) === 0;
}
