/**
 * Reads one track's fragmented MP4 as it streams in, without copying media bytes: small boxes are
 * gathered, `mdat` payload stays in the chunks that arrived.
 *
 * Expected order: `ftyp`, `moov`, then fragments (`moof` + `mdat`), with `styp`, `sidx`, `prft`,
 * `emsg` and `free` allowed before a `moof`. `styp`, `prft` and `emsg` are kept with the fragment,
 * `sidx`, `free`, `skip` and `mfra` are dropped: byte positions in a live stream mean nothing.
 */
import { MediaBoxError } from './boxes';
import { parseInit, type InitSegment } from './init';
import { parseMoof, type FragmentTiming } from './moof';

export interface Fragment extends FragmentTiming {
  /** The whole fragment in order; slices of the chunks that arrived. */
  readonly bytes: readonly Uint8Array[];
  readonly length: number;
}

export interface BoxReaderEvents {
  init(init: InitSegment): void;
  fragment(fragment: Fragment): void;
}

/**
 * Largest box other than `mdat` that is accepted, in bytes, and most of what may stand before one `moof`: a `moov` or
 * `moof` is a few kilobytes.
 */
const MAX_SMALL_BOX = 4 * 1024 * 1024;
/** Largest `mdat` accepted, in bytes: a second of 1 Gbit/s, far above one frame. */
const MAX_MDAT = 128 * 1024 * 1024;

const KEPT = new Set(['styp', 'prft', 'emsg']);
const DROPPED = new Set(['sidx', 'free', 'skip', 'mfra', 'udta', 'uuid']);

export class BoxReader {
  readonly #events: BoxReaderEvents;
  /** A box header, or a whole small box, that is still arriving. */
  #pending: Uint8Array[] = [];
  #pendingLength = 0;
  #needed = 8;
  #box: { type: string; size: number; headerSize: number } | undefined;
  #mdatLeft = 0;
  #ftyp: Uint8Array | undefined;
  #init: InitSegment | undefined;
  #prefix: Uint8Array[] = [];
  #prefixLength = 0;
  #timing: FragmentTiming | undefined;
  #fragment: Uint8Array[] = [];

  constructor(events: BoxReaderEvents) {
    this.#events = events;
  }

  /** @throws MediaBoxError on anything that is no fragmented MP4 of one track. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#mdatLeft > 0) {
        const take = Math.min(this.#mdatLeft, chunk.length - at);
        this.#fragment.push(at === 0 && take === chunk.length ? chunk : chunk.subarray(at, at + take));
        at += take;
        this.#mdatLeft -= take;
        if (this.#mdatLeft === 0) this.#endFragment();
        continue;
      }
      const take = Math.min(this.#needed - this.#pendingLength, chunk.length - at);
      this.#pending.push(chunk.subarray(at, at + take));
      this.#pendingLength += take;
      at += take;
      if (this.#pendingLength === this.#needed) this.#gathered();
    }
  }

  /** @throws MediaBoxError when the stream ended inside a box. */
  end(): void {
    if (this.#mdatLeft > 0 || this.#pendingLength > 0 || this.#timing) {
      throw new MediaBoxError(`the stream ended inside a ${this.#box?.type ?? 'box header'}`);
    }
  }

  #gathered(): void {
    const bytes =
      this.#pending.length === 1 ? this.#pending[0]! : Buffer.concat(this.#pending, this.#pendingLength);
    if (!this.#box) {
      this.#header(bytes);
      return;
    }
    const { type, headerSize } = this.#box;
    this.#nextBox();
    // A copy: the slice would keep a whole 64 KiB chunk alive for as long as the box is referred to.
    this.#smallBox(type, Buffer.from(bytes), headerSize);
  }

  #header(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const type = String.fromCharCode(bytes[4]!, bytes[5]!, bytes[6]!, bytes[7]!);
    let size = view.getUint32(0);
    let headerSize = 8;
    if (size === 1) {
      if (bytes.length < 16) {
        this.#needed = 16;
        return;
      }
      size = Number(view.getBigUint64(8));
      headerSize = 16;
    }
    const limit = type === 'mdat' ? MAX_MDAT : MAX_SMALL_BOX;
    if (!/^[\x20-\x7e]{4}$/.test(type) || size < headerSize || size > limit) {
      throw new MediaBoxError(`no box of fragmented MP4: type ${JSON.stringify(type)}, ${size} bytes`);
    }
    if (type === 'mdat') {
      if (!this.#timing) throw new MediaBoxError('an mdat without a moof before it');
      // The header stays in the fragment as it came.
      this.#fragment.push(Buffer.from(bytes));
      this.#nextBox();
      this.#mdatLeft = size - headerSize;
      if (this.#mdatLeft === 0) this.#endFragment();
      return;
    }
    this.#box = { type, size, headerSize };
    this.#needed = size;
    if (size === bytes.length) this.#gathered();
  }

  #nextBox(): void {
    this.#box = undefined;
    this.#pending = [];
    this.#pendingLength = 0;
    this.#needed = 8;
  }

  #smallBox(type: string, bytes: Buffer, headerSize: number): void {
    if (this.#timing) throw new MediaBoxError(`a ${type} between a moof and its mdat`);
    if (type === 'ftyp') {
      this.#ftyp = bytes;
    } else if (type === 'moov') {
      if (this.#init) throw new MediaBoxError('a second moov in one stream');
      const all = Buffer.concat(this.#ftyp ? [this.#ftyp, bytes] : [bytes]);
      this.#init = parsed(type, () => parseInit(all, bytes, headerSize));
      this.#events.init(this.#init);
    } else if (type === 'moof') {
      if (!this.#init) throw new MediaBoxError('a moof before the moov');
      const { defaults } = this.#init;
      this.#timing = parsed(type, () => parseMoof(bytes, headerSize, defaults));
      this.#fragment = [...this.#prefix, bytes];
      this.#prefix = [];
      this.#prefixLength = 0;
    } else if (KEPT.has(type)) {
      this.#prefixLength += bytes.length;
      if (this.#prefixLength > MAX_SMALL_BOX) {
        throw new MediaBoxError(`more than ${MAX_SMALL_BOX} bytes of styp, prft and emsg before a moof`);
      }
      this.#prefix.push(bytes);
    } else if (!DROPPED.has(type)) {
      throw new MediaBoxError(`an unexpected ${type} box in a fragmented MP4 stream`);
    }
  }

  #endFragment(): void {
    const bytes = this.#fragment;
    const timing = this.#timing!;
    this.#fragment = [];
    this.#timing = undefined;
    let length = 0;
    for (const chunk of bytes) length += chunk.length;
    this.#events.fragment({ ...timing, bytes, length });
  }
}

/** A box that ends before its fields do shows as a RangeError of Buffer. */
function parsed<T>(type: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError)
      throw new MediaBoxError(`a ${type} with a box that is cut off`, { cause: error });
    throw error;
  }
}
