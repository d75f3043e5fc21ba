/** One PID of video: PES headers (ISO/IEC 13818-1, section 2.4.3.6), and the captions in what they carry. */
import { captionsInSei, captionsInUserData } from './a53';
import { PresentationOrder, type PictureCaptions } from './presentation-order';
import { UnitScanner } from './unit-scanner';

/** Presentation times have 33 bits. */
export const PTS_MODULUS = 2 ** 33;

/** Start code, stream id, length, flags, and the length of the optional fields. */
const FIXED_HEADER = 9;
const MAX_HEADER = FIXED_HEADER + 255;

const H264_SEI = 6;
const HEVC_PREFIX_SEI = 39;
const MPEG2_USER_DATA = 0xb2;

type CaptionCodec = 'h264' | 'hevc' | 'mpeg2';

export class VideoCaptionStream {
  readonly #scanner: UnitScanner | undefined;
  readonly #order: PresentationOrder;
  readonly #header = Buffer.alloc(MAX_HEADER);
  #headerLength = 0;
  /** `outside` until a PES begins: what comes then has no known time. */
  #part: 'outside' | 'header' | 'payload' = 'outside';
  #pts: number | undefined;

  constructor(codec: string, onCaptions: (captions: PictureCaptions) => void) {
    this.#order = new PresentationOrder(PTS_MODULUS, onCaptions);
    const extract = EXTRACT[codec as CaptionCodec] as Extract | undefined;
    if (!extract) return;
    this.#scanner = new UnitScanner(extract.wanted, (unit) => {
      if (this.#pts === undefined) return;
      for (const ccData of extract.captions(unit)) this.#order.add({ pts90k: this.#pts, ccData });
    });
  }

  /** A packet's payload. */
  push(bytes: Buffer, from: number, to: number, unitStart: boolean): void {
    if (!this.#scanner) return;
    if (unitStart) {
      this.#part = 'header';
      this.#headerLength = 0;
    }
    if (this.#part === 'outside') return;
    const start = this.#part === 'header' ? this.#gatherHeader(bytes, from, to) : from;
    if (start < to) this.#scanner.push(bytes, start, to);
  }

  /** Packets are missing: nothing is known until the next PES begins. */
  lost(): void {
    this.#part = 'outside';
    this.#scanner?.lost();
  }

  /** Hands out what waits for its turn. */
  flush(): void {
    this.#order.flush();
  }

  /** Where the payload begins, `to` while the header goes on. */
  #gatherHeader(bytes: Buffer, from: number, to: number): number {
    let at = from;
    for (;;) {
      const header = this.#header;
      const needed = this.#headerLength < FIXED_HEADER ? FIXED_HEADER : FIXED_HEADER + header[8]!;
      const copied = bytes.copy(
        header,
        this.#headerLength,
        at,
        Math.min(to, at + needed - this.#headerLength),
      );
      this.#headerLength += copied;
      at += copied;
      if (this.#headerLength < needed) return to;
      if (this.#headerLength === FIXED_HEADER && header[8]! > 0) continue;
      break;
    }
    this.#readHeader();
    return this.#part === 'payload' ? at : to;
  }

  #readHeader(): void {
    const header = this.#header;
    const isVideo = header.readUInt32BE(0) >>> 4 === 0x1e && (header[6]! & 0xc0) === 0x80;
    if (!isVideo) return this.lost();
    this.#part = 'payload';
    const flags = header[7]! >> 6;
    // Without a time of its own a picture is the second field of the one before it.
    if (!(flags & 2) || header[8]! < 5) return;
    this.#pts = timestamp(header, 9);
    this.#order.decodeAt(flags === 3 && header[8]! >= 10 ? timestamp(header, 14) : this.#pts);
  }
}

/** 33 bits in five bytes with marker bits between them; above 32 bits, so no bit operations. */
function timestamp(bytes: Buffer, at: number): number {
  return (
    ((bytes[at]! >> 1) & 7) * 2 ** 30 +
    (bytes.readUInt16BE(at + 1) >> 1) * 2 ** 15 +
    (bytes.readUInt16BE(at + 3) >> 1)
  );
}

interface Extract {
  readonly wanted: (firstByte: number) => boolean;
  readonly captions: (unit: Buffer) => Buffer[];
}

const EXTRACT: Readonly<Record<CaptionCodec, Extract>> = {
  h264: {
    wanted: (byte) => (byte & 0x1f) === H264_SEI,
    captions: (unit) => captionsInSei(unit, 1),
  },
  hevc: {
    wanted: (byte) => byte >> 1 === HEVC_PREFIX_SEI,
    captions: (unit) => captionsInSei(unit, 2),
  },
  mpeg2: {
    wanted: (byte) => byte === MPEG2_USER_DATA,
    captions: (unit) => {
      const triplets = captionsInUserData(unit.subarray(1));
      return triplets ? [triplets] : [];
    },
  },
};
