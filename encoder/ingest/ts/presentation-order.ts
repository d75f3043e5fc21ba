/** Puts captions, which come in decoding order, into presentation order. */

/** Caption data of one picture. */
export interface PictureCaptions {
  /**
   * The picture's presentation time in units of 1/90000 s, as the stream has it: from MPEG-TS it wraps at 2^33;
   * several calls may have the same one (two fields, two messages).
   */
  readonly pts90k: number;
  /** Triplets as they came (ATSC A/53), padding included. */
  readonly ccData: Buffer;
}

/** Far more pictures than any codec reorders (16). */
const MAX_WAITING = 64;
/** A step of the clock that is no reordering but another timeline: 10 s. */
const JUMP_90K = 900_000;

export class PresentationOrder {
  readonly #modulus: number;
  readonly #emit: (captions: PictureCaptions) => void;
  /** In presentation order. */
  readonly #waiting: PictureCaptions[] = [];
  #decodeTime: number | undefined;

  /** @param modulus the value at which the clock wraps */
  constructor(modulus: number, emit: (captions: PictureCaptions) => void) {
    this.#modulus = modulus;
    this.#emit = emit;
  }

  /** A picture is decoded at this time: all that is shown until then is known. */
  decodeAt(dts90k: number): void {
    const jump = this.#decodeTime === undefined ? 0 : this.#after(dts90k, this.#decodeTime);
    this.#decodeTime = dts90k;
    if (Math.abs(jump) > JUMP_90K) this.flush();
    else this.#release();
  }

  add(captions: PictureCaptions): void {
    let at = this.#waiting.length;
    while (at > 0 && this.#after(this.#waiting[at - 1]!.pts90k, captions.pts90k) > 0) at--;
    this.#waiting.splice(at, 0, captions);
    this.#release();
    if (this.#waiting.length > MAX_WAITING) this.#emit(this.#waiting.shift()!);
  }

  flush(): void {
    for (const captions of this.#waiting.splice(0)) this.#emit(captions);
  }

  #release(): void {
    const now = this.#decodeTime;
    if (now === undefined) return;
    while (this.#waiting.length > 0 && this.#after(this.#waiting[0]!.pts90k, now) <= 0) {
      this.#emit(this.#waiting.shift()!);
    }
  }

  /** How much later `a` is than `b`, the shorter way round. */
  #after(a: number, b: number): number {
    const distance = (a - b + this.#modulus) % this.#modulus;
    return distance > this.#modulus / 2 ? distance - this.#modulus : distance;
  }
}
