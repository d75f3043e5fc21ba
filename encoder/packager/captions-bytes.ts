/** Bytes that came in pieces, read and cut as if they were one, without copying them. */
export class Pieces {
  readonly #pieces: readonly Uint8Array[];
  readonly length: number;

  constructor(pieces: readonly Uint8Array[]) {
    this.#pieces = pieces;
    let length = 0;
    for (const piece of pieces) length += piece.length;
    this.length = length;
  }

  /** An unsigned number of 1 to 8 bytes. @throws RangeError beyond the end */
  number(at: number, bytes: number): number {
    const copy = this.copy(at, at + bytes);
    let value = 0;
    for (const byte of copy) value = value * 256 + byte;
    return value;
  }

  /** @throws RangeError beyond the end */
  copy(from: number, to: number): Buffer {
    if (to > this.length) throw new RangeError(`${to - from} bytes at ${from} of ${this.length}`);
    return Buffer.concat(this.slice(from, to), to - from);
  }

  /** The pieces between two places: whole ones are the same objects. */
  slice(from: number, to: number): Uint8Array[] {
    const out: Uint8Array[] = [];
    let start = 0;
    for (const piece of this.#pieces) {
      const end = start + piece.length;
      if (end > from && start < to) {
        const whole = start >= from && end <= to;
        out.push(whole ? piece : piece.subarray(Math.max(0, from - start), to - start));
      }
      start = end;
    }
    return out;
  }
}
