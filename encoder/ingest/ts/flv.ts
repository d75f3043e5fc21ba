/** Looks into FLV as RTMP brings it: what it carries, and the closed captions of H.264 video. */
import { captionsInSei } from './a53';
import { CaptionServices, type CaptionService } from './caption-services';
import type { InspectorEvents } from './inspector';
import { PresentationOrder, type PictureCaptions } from './presentation-order';
import type { AudioStream, Program } from './program';

const FILE_HEADER = 9;
/** The size of the tag before, then type, size, timestamp and stream id. */
const TAG_HEADER = 15;
const AUDIO = 8;
const VIDEO = 9;
const HAS_AUDIO = 0x04;
const HAS_VIDEO = 0x01;

/** Captions come before the picture, so only the beginning of a tag is looked at. */
const MAX_LOOKED_AT = 16 * 1024;
/** How long a kind of stream that the file header announces is waited for, in milliseconds of the stream. */
const MAX_WAIT_MS = 1000;
/** Timestamps have 32 bits of milliseconds. */
const PTS_MODULUS = 2 ** 32 * 90;

const AVC = 7;
const AVC_UNITS = 1;
const AVC_CONFIGURATION = 0;
const UNITS_AT = 5;
const LENGTH_SIZE_AT = UNITS_AT + 4;
const H264_SEI = 6;

const VIDEO_CODECS: Readonly<Record<number, string>> = {
  2: 'h263',
  4: 'vp6',
  [AVC]: 'h264',
};
const AUDIO_CODECS: Readonly<Record<number, string>> = {
  2: 'mp3',
  7: 'pcm-alaw',
  8: 'pcm-mulaw',
  10: 'aac',
  11: 'speex',
};

interface Tag {
  readonly type: number;
  readonly size: number;
  readonly timeMs: number;
}

export class FlvInspector {
  readonly #events: InspectorEvents;
  readonly #services = new CaptionServices();
  readonly #order = new PresentationOrder(PTS_MODULUS, (captions) => this.#onCaptions(captions));
  readonly #gathered = Buffer.alloc(MAX_LOOKED_AT);
  #length = 0;
  #needed = FILE_HEADER;
  #skip = 0;
  #state: 'file-header' | 'tag-header' | 'tag' | 'not-flv' = 'file-header';
  #tag: Tag = { type: 0, size: 0, timeMs: 0 };
  #announced = 0;
  #firstTimeMs: number | undefined;
  #videoCodec: string | undefined;
  #audioCodec: string | undefined;
  #program = '';
  #lengthSize = 4;

  /** Of `onProgram`, the PIDs are FLV's tag types; the times of `onCaptions` are milliseconds x 90 and don't wrap at 2^33. */
  constructor(events: InspectorEvents) {
    this.#events = events;
  }

  /** Caption services that have carried data so far. */
  services(): CaptionService[] {
    return this.#services.list();
  }

  /** Never throws of itself, whatever the bytes; what a callback throws goes through. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && this.#state !== 'not-flv') {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - at);
        this.#skip -= skipped;
        at += skipped;
        continue;
      }
      const copied = chunk.copy(this.#gathered, this.#length, at, at + this.#needed - this.#length);
      this.#length += copied;
      at += copied;
      if (this.#length === this.#needed) this.#next(this.#gathered.subarray(0, this.#length));
    }
  }

  /** The stream has ended: hands out the captions that wait for their turn. */
  end(): void {
    this.#order.flush();
  }

  #next(bytes: Buffer): void {
    this.#length = 0;
    if (this.#state === 'file-header') {
      const size = bytes.readUInt32BE(5);
      if (bytes.toString('latin1', 0, 3) !== 'FLV' || size < FILE_HEADER) return this.#giveUp();
      this.#announced = bytes[4]!;
      this.#skip = size - FILE_HEADER;
      this.#expectTag();
    } else if (this.#state === 'tag-header') {
      const size = bytes.readUIntBE(5, 3);
      this.#tag = { type: bytes[4]! & 0x1f, size, timeMs: bytes[11]! * 2 ** 24 + bytes.readUIntBE(8, 3) };
      if (bytes[4]! & 0xc0) return this.#giveUp();
      this.#needed = Math.min(size, MAX_LOOKED_AT);
      this.#state = 'tag';
      if (size === 0) this.#expectTag();
    } else {
      this.#skip = this.#tag.size - bytes.length;
      this.#expectTag();
      this.#readTag(this.#tag, bytes);
    }
  }

  #expectTag(): void {
    this.#state = 'tag-header';
    this.#needed = TAG_HEADER;
  }

  /** FLV has no sync bytes: after a fault nothing can be found again. */
  #giveUp(): void {
    this.#state = 'not-flv';
  }

  #readTag({ type, timeMs }: Tag, bytes: Buffer): void {
    if (type === AUDIO) this.#audioCodec = AUDIO_CODECS[bytes[0]! >> 4] ?? 'other';
    if (type === VIDEO) this.#videoCodec = VIDEO_CODECS[bytes[0]! & 0x0f] ?? 'other';
    if (type === AUDIO || type === VIDEO) this.#offerProgram(timeMs);
    if (type !== VIDEO || (bytes[0]! & 0x0f) !== AVC || bytes.length < UNITS_AT) return;
    if (bytes[1] === AVC_CONFIGURATION && bytes.length > LENGTH_SIZE_AT) {
      this.#lengthSize = (bytes[LENGTH_SIZE_AT]! & 3) + 1;
    } else if (bytes[1] === AVC_UNITS) {
      this.#order.decodeAt(timeMs * 90);
      const pts90k = (timeMs + bytes.readIntBE(2, 3)) * 90;
      for (const ccData of this.#captions(bytes)) this.#order.add({ pts90k, ccData });
    }
  }

  *#captions(bytes: Buffer): Generator<Buffer> {
    let at = UNITS_AT;
    while (at + this.#lengthSize < bytes.length) {
      const start = at + this.#lengthSize;
      const end = start + bytes.readUIntBE(at, this.#lengthSize);
      if (end > bytes.length) return;
      if (end > start && (bytes[start]! & 0x1f) === H264_SEI) {
        yield* captionsInSei(bytes.subarray(start, end), 1);
      }
      at = end;
    }
  }

  /** Sound and picture begin one after the other: no programme is told while one is still announced. */
  #offerProgram(timeMs: number): void {
    this.#firstTimeMs ??= timeMs;
    const complete =
      (this.#videoCodec !== undefined || !(this.#announced & HAS_VIDEO)) &&
      (this.#audioCodec !== undefined || !(this.#announced & HAS_AUDIO));
    if (!complete && timeMs - this.#firstTimeMs < MAX_WAIT_MS) return;
    const audio: AudioStream[] = this.#audioCodec ? [{ pid: AUDIO, codec: this.#audioCodec }] : [];
    const video = this.#videoCodec === undefined ? undefined : { pid: VIDEO, codec: this.#videoCodec };
    const program: Program = { video, audio };
    const text = JSON.stringify(program);
    if (text === this.#program) return;
    this.#program = text;
    this.#events.onProgram?.(program);
  }

  #onCaptions(captions: PictureCaptions): void {
    this.#services.push(captions.ccData);
    this.#events.onCaptions?.(captions);
  }
}
