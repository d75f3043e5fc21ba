/** Cuts a byte stream into transport packets (ISO/IEC 13818-1, section 2.4.3.2), whatever its chunks. */

export const PACKET_BYTES = 188;
export const SYNC_BYTE = 0x47;

/** Sync bytes in a row, a packet apart, that count as found: chance gives one in 2^24 places. */
const SYNCS = 3;

export class PacketReader {
  readonly #onPacket: (bytes: Buffer, at: number) => void;
  #carry: Buffer = Buffer.alloc(0);
  #locked = false;
  #skippedBytes = 0;

  /** @param onPacket gets a packet at an offset of a buffer that is only valid during the call */
  constructor(onPacket: (bytes: Buffer, at: number) => void) {
    this.#onPacket = onPacket;
  }

  /** Bytes that belonged to no packet. */
  get skippedBytes(): number {
    return this.#skippedBytes;
  }

  push(chunk: Buffer): void {
    let bytes = chunk;
    let at = 0;
    if (this.#carry.length > 0) {
      const missing = PACKET_BYTES - this.#carry.length;
      if (this.#locked && chunk.length > missing) {
        // One packet is joined, not the whole chunk.
        this.#onPacket(Buffer.concat([this.#carry, chunk.subarray(0, missing)]), 0);
        at = missing;
      } else {
        bytes = Buffer.concat([this.#carry, chunk]);
      }
      this.#carry = Buffer.alloc(0);
    }
    for (;;) {
      if (!this.#locked) {
        const found = this.#hunt(bytes, at);
        this.#skippedBytes += found - at;
        at = found;
        if (!this.#locked) break;
      }
      while (at + PACKET_BYTES <= bytes.length && bytes[at] === SYNC_BYTE) {
        this.#onPacket(bytes, at);
        at += PACKET_BYTES;
      }
      if (at === bytes.length || bytes[at] === SYNC_BYTE) break;
      this.#locked = false;
    }
    // A copy: the rest of a packet must not keep the chunk alive.
    if (at < bytes.length) this.#carry = Buffer.from(bytes.subarray(at));
  }

  /** The first place from which packets follow one another, or where the next chunk has to decide. */
  #hunt(bytes: Buffer, from: number): number {
    let at = from;
    for (;;) {
      at = bytes.indexOf(SYNC_BYTE, at);
      if (at < 0) return bytes.length;
      let syncs = 1;
      while (syncs < SYNCS && bytes[at + syncs * PACKET_BYTES] === SYNC_BYTE) syncs++;
      if (syncs === SYNCS) {
        this.#locked = true;
        return at;
      }
      if (at + syncs * PACKET_BYTES >= bytes.length) return at;
      at++;
    }
  }
}
