/** One sound track of the programme: every sample of it once, the source's where it belongs and silence elsewhere. */

/** Sound that joins to the block before it within this is contiguous, in milliseconds: timestamps are rounded. */
const CONTIGUOUS_MS = 30;
/** A source whose every block has been late for so long sends its sound that much after its pictures. */
const ALWAYS_LATE_MS = 1000;
/** Sound that waits for its time, at most, and how far ahead a block may belong before it is of another clock. */
const MAX_WAITING_MS = 3000;
const MAX_AHEAD_MS = 1000;

/** s16le, stereo. */
export const BYTES_PER_SAMPLE = 4;

interface Block {
  /** Of the first sample, wraps undone. */
  readonly pts: number;
  readonly samples: Uint8Array;
}

export interface SoundAdvance {
  readonly nowMs: number;
  /** Samples, counted from slot 0, whose time has come, and those that can't be awaited any longer. */
  readonly until: number;
  readonly must: number;
  /** Where a timestamp belongs, in samples; undefined while that is not known. */
  readonly position: ((pts: number) => number) | undefined;
}

export class ConformedSound {
  readonly #sampleRate: number;
  /** A number is that many samples of silence. */
  readonly #write: (samples: Uint8Array | number) => void;
  #queue: Block[] = [];
  #waitingBytes = 0;
  /** Next sample to write. */
  #cursor = 0;
  /** Where the next block belongs if the sound is contiguous. */
  #expected: number | undefined;
  #lateSince: number | undefined;
  #leastLate = Infinity;

  constructor(sampleRate: number, write: (samples: Uint8Array | number) => void) {
    this.#sampleRate = sampleRate;
    this.#write = write;
  }

  push(pts: number, samples: Uint8Array): void {
    this.#queue.push({ pts, samples });
    this.#waitingBytes += samples.length;
    while (this.#waitingBytes > this.#samples(MAX_WAITING_MS) * BYTES_PER_SAMPLE) this.#shift();
  }

  /** Another source: what waits is of no use. */
  clear(): void {
    this.#queue = [];
    this.#waitingBytes = 0;
    this.#expected = undefined;
    this.#lateSince = undefined;
  }

  /** Timestamps belong elsewhere from now on. */
  retie(): void {
    this.#expected = undefined;
  }

  /** Writing goes on at this sample. */
  moveTo(sample: number): void {
    this.#cursor = sample;
  }

  /** @returns samples by which all sound of the last second came too late; 0 where some came in time */
  advance({ nowMs, until, must, position }: SoundAdvance): number {
    let late = 0;
    while (position && this.#cursor < until && this.#queue.length > 0) {
      const { pts, samples } = this.#queue[0]!;
      const end = this.#place(position(pts)) + samples.length / BYTES_PER_SAMPLE;
      const at = end - samples.length / BYTES_PER_SAMPLE;
      if (at > this.#cursor && at <= until + this.#samples(MAX_AHEAD_MS)) {
        this.#silence(Math.min(at, until) - this.#cursor);
        this.#lateSince = undefined;
        continue;
      }
      this.#shift();
      // Of the clock before a jump.
      if (at > this.#cursor) continue;
      this.#expected = end;
      if (end <= this.#cursor) {
        late = Math.max(late, this.#noteLate(this.#cursor - end, nowMs));
        continue;
      }
      this.#lateSince = undefined;
      const skip = (this.#cursor - at) * BYTES_PER_SAMPLE;
      this.#write(skip > 0 ? samples.subarray(skip) : samples);
      this.#cursor = end;
    }
    this.#silence(must - this.#cursor);
    return late;
  }

  #place(exact: number): number {
    const expected = this.#expected;
    const rounded = Math.round(exact);
    return expected !== undefined && Math.abs(rounded - expected) <= this.#samples(CONTIGUOUS_MS)
      ? expected
      : rounded;
  }

  #noteLate(samples: number, nowMs: number): number {
    if (this.#lateSince === undefined) {
      this.#lateSince = nowMs;
      this.#leastLate = Infinity;
    }
    this.#leastLate = Math.min(this.#leastLate, samples);
    if (nowMs - this.#lateSince < ALWAYS_LATE_MS) return 0;
    this.#lateSince = undefined;
    return this.#leastLate;
  }

  #silence(samples: number): void {
    if (samples <= 0) return;
    this.#write(samples);
    this.#cursor += samples;
  }

  #shift(): void {
    this.#waitingBytes -= this.#queue.shift()!.samples.length;
  }

  #samples(ms: number): number {
    return (ms * this.#sampleRate) / 1000;
  }
}
