/** Puts the sections of one PID together (ISO/IEC 13818-1, section 2.4.4) and lets through those whose CRC is right. */
import { sectionCrc32 } from './crc32';

/** Largest section there is: a length of 12 bits and the three bytes before it. */
const MAX_SECTION = 4098;
const HEADER_BYTES = 3;
const STUFFING = 0xff;

export class SectionReader {
  readonly #onSection: (section: Buffer) => void;
  #pending: Buffer = Buffer.alloc(0);
  #inSection = false;

  constructor(onSection: (section: Buffer) => void) {
    this.#onSection = onSection;
  }

  /** @param payload a packet's payload; @param unitStart whether a section begins in it */
  push(payload: Buffer, unitStart: boolean): void {
    if (!unitStart) {
      if (this.#inSection) this.#append(payload);
      return;
    }
    const pointer = payload[0];
    if (pointer === undefined || 1 + pointer > payload.length) return this.lost();
    if (this.#inSection) this.#append(payload.subarray(1, 1 + pointer));
    this.#pending = Buffer.alloc(0);
    this.#inSection = true;
    this.#append(payload.subarray(1 + pointer));
  }

  /** Packets are missing: the section under way is given up. */
  lost(): void {
    this.#inSection = false;
    this.#pending = Buffer.alloc(0);
  }

  #append(bytes: Buffer): void {
    let rest = Buffer.concat([this.#pending, bytes]);
    while (rest.length > 0 && rest[0] !== STUFFING) {
      const size = rest.length < HEADER_BYTES ? MAX_SECTION : HEADER_BYTES + (rest.readUInt16BE(1) & 0xfff);
      if (rest.length < size) {
        this.#pending = rest;
        return;
      }
      const section = rest.subarray(0, size);
      rest = rest.subarray(size);
      if (sectionCrc32(section) === 0) this.#onSection(section);
    }
    this.lost();
  }
}
