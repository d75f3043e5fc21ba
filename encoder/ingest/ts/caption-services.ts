/** Which caption services a stream has carried data in: CEA-608 channels and CEA-708 services. */
import { TRIPLET_BYTES } from './a53';

/** The standard services of CEA-708; higher numbers are extensions. */
const SERVICE_NUMBERS = [1, 2, 3, 4, 5, 6] as const;

/** Named as INSTREAM-ID in a multivariant playlist (RFC 8216bis, section 4.4.6.1). */
export type CaptionService = 'CC1' | 'CC2' | 'CC3' | 'CC4' | `SERVICE${(typeof SERVICE_NUMBERS)[number]}`;

const VALID = 0x04;
const PACKET_START = 3;
const PACKET_DATA = 2;
/** Largest packet of CEA-708: a size code of 0. */
const MAX_PACKET = 128;

export class CaptionServices {
  readonly #seen = new Set<CaptionService>();
  readonly #fields = [
    new Line21(this.#seen, ['CC1', 'CC2']),
    new Line21(this.#seen, ['CC3', 'CC4']),
  ] as const;
  readonly #packet = Buffer.alloc(MAX_PACKET);
  #packetLength = 0;

  /** @param ccData triplets, in presentation order */
  push(ccData: Buffer): void {
    for (let at = 0; at + TRIPLET_BYTES <= ccData.length; at += TRIPLET_BYTES) {
      const first = ccData[at]!;
      if (!(first & VALID)) continue;
      const type = first & 0x03;
      const [a, b] = [ccData[at + 1]!, ccData[at + 2]!];
      if (type === PACKET_START) this.#packetLength = 0;
      if (type === PACKET_START || type === PACKET_DATA) this.#digital(a, b);
      else this.#fields[type as 0 | 1].push(a, b);
    }
  }

  /** Sorted: CC1 to CC4, then SERVICE1 to SERVICE6. */
  list(): CaptionService[] {
    return [...this.#seen].sort();
  }

  #digital(a: number, b: number): void {
    if (this.#packetLength + 2 > MAX_PACKET) return;
    this.#packet[this.#packetLength++] = a;
    this.#packet[this.#packetLength++] = b;
    const sizeCode = this.#packet[0]! & 0x3f;
    const size = sizeCode === 0 ? MAX_PACKET : sizeCode * 2;
    if (this.#packetLength === size) this.#blocks(this.#packet.subarray(1, size));
  }

  /** Service blocks of one packet (CEA-708, section 6.2). */
  #blocks(packet: Buffer): void {
    let at = 0;
    while (at < packet.length) {
      const number = packet[at]! >> 5;
      const size = packet[at]! & 0x1f;
      // Service 0 is the end of the packet; 7 announces a number that decoders need not read.
      if (number === 0) return;
      at += 1 + (number === 7 && size > 0 ? 1 : 0) + size;
      if (at > packet.length) return;
      const known = SERVICE_NUMBERS.find((service) => service === number);
      if (known && size > 0) this.#seen.add(`SERVICE${known}`);
    }
  }
}

/** Resume Text Display and its like: what follows is a text service until a code of captions. */
const TEXT_MODE = new Set([0x2a, 0x2b]);
/** Resume Caption Loading, roll-up of two, three or four rows, Resume Direct Captioning, End Of Caption. */
const CAPTION_MODE = new Set([0x20, 0x25, 0x26, 0x27, 0x29, 0x2f]);

/** One field of line 21 (CEA-608): two channels of captions, text and, in field 2, XDS share it. */
class Line21 {
  readonly #seen: Set<CaptionService>;
  readonly #services: readonly [CaptionService, CaptionService];
  #textMode = false;
  /** What the characters belong to; unknown until the first control code. */
  #current: CaptionService | undefined;

  constructor(seen: Set<CaptionService>, services: readonly [CaptionService, CaptionService]) {
    this.#seen = seen;
    this.#services = services;
  }

  push(first: number, second: number): void {
    if (!oddParity(first) || !oddParity(second)) return;
    const [a, b] = [first & 0x7f, second & 0x7f];
    if (a === 0 && b === 0) return;
    if (a >= 0x10 && a <= 0x1f) {
      const miscellaneous = (a & 0x76) === 0x14;
      if (miscellaneous && TEXT_MODE.has(b)) this.#textMode = true;
      if (miscellaneous && CAPTION_MODE.has(b)) this.#textMode = false;
      this.#current = this.#textMode ? undefined : this.#services[a & 0x08 ? 1 : 0];
    } else if (a >= 0x01 && a < 0x10) {
      // XDS until the next control code.
      this.#current = undefined;
    }
    if (this.#current) this.#seen.add(this.#current);
  }
}

function oddParity(byte: number): boolean {
  let bits = byte ^ (byte >> 4);
  bits ^= bits >> 2;
  bits ^= bits >> 1;
  return (bits & 1) === 1;
}
