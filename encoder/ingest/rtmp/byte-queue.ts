/** Bytes that have arrived and wait to be read, without joining the chunks that they came in. */
export class ByteQueue {
  #chunks: Buffer[] = [];
  /** Where the first chunk's unread bytes begin. */
  #at = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** The next `count` bytes, which stay unread. Copied only where they lie in several chunks. */
  peek(count: number): Buffer {
    if (count > this.#length) throw new RangeError(`${count} bytes asked for, ${this.#length} are there`);
    const first = this.#chunks[0];
    if (first && first.length - this.#at >= count) return first.subarray(this.#at, this.#at + count);
    const bytes = Buffer.allocUnsafe(count);
    let filled = 0;
    for (const chunk of this.#chunks) {
      const from = filled === 0 ? this.#at : 0;
      filled += chunk.copy(bytes, filled, from, from + count - filled);
      if (filled === count) break;
    }
    return bytes;
  }

  skip(count: number): void {
    if (count > this.#length) throw new RangeError(`${count} bytes to skip, ${this.#length} are there`);
    this.#length -= count;
    this.#at += count;
    while (this.#chunks[0] && this.#at >= this.#chunks[0].length) this.#at -= this.#chunks.shift()!.length;
  }

  /** Moves at most `count` bytes to `target`. @returns how many */
  moveTo(target: Buffer, offset: number, count: number): number {
    const take = Math.min(count, this.#length);
    for (let moved = 0; moved < take;) {
      const first = this.#chunks[0]!;
      const copied = first.copy(
        target,
        offset + moved,
        this.#at,
        Math.min(first.length, this.#at + take - moved),
      );
      moved += copied;
      this.skip(copied);
    }
    return take;
  }
}
