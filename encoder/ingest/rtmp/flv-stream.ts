/**
 * A publisher's tags as one readable FLV stream with a bound. Where its reader is too slow, whole tags are
 * dropped up to a key frame, so that what is read stays decodable.
 */
import { Readable } from 'node:stream';
import { flvHeader, isConfiguration, isKeyFrame, tagPieces, TAG, type Tag, type TagType } from './flv';

/** Counted for each piece that waits, besides its bytes: the memory of the objects that hold it. */
const PIECE_BYTES = 256;
/** Taken pieces are cut off the list when there are so many of them. */
const COMPACT_AT = 1024;

export interface FlvStreamOptions {
  /** Most bytes that wait for the reader. One tag may be larger where nothing else waits. */
  readonly bufferBytes: number;
  readonly tracks: { readonly video: boolean; readonly audio: boolean };
  readonly onDropped: (bytes: number) => void;
  /** The reader has destroyed the stream before its end. */
  readonly onAbandoned: () => void;
}

export class FlvStream extends Readable {
  readonly #options: FlvStreamOptions;
  #pieces: Buffer[] = [];
  #taken = 0;
  #waitingBytes = 0;
  #wanted = false;
  #finished = false;
  #dropping = false;
  #hasVideo = false;
  /** The newest configuration of each kind that came while tags were dropped: it goes before the next key frame. */
  readonly #held = new Map<TagType, Tag>();

  constructor(options: FlvStreamOptions) {
    super();
    this.#options = options;
    this.#add(flvHeader(options.tracks));
  }

  /** @returns whether it was taken; false where it was dropped or held back */
  write(tag: Tag): boolean {
    if (this.#finished || this.destroyed) return false;
    if (tag.type === TAG.video) this.#hasVideo = true;
    if (!this.#dropping && !this.#fits(tag, this.#options.bufferBytes)) this.#dropping = true;
    if (this.#dropping && !this.#resume(tag)) return false;
    for (const piece of tagPieces(tag)) this.#add(piece);
    return true;
  }

  /** What waits can still be read. */
  finish(): void {
    this.#finished = true;
    if (this.#wanted && this.#taken === this.#pieces.length) this.push(null);
  }

  override _read(): void {
    this.#wanted = true;
    while (this.#wanted && this.#taken < this.#pieces.length) {
      const piece = this.#pieces[this.#taken++]!;
      this.#waitingBytes -= piece.length + PIECE_BYTES;
      this.#wanted = this.push(piece);
    }
    if (this.#taken === this.#pieces.length || this.#taken >= COMPACT_AT) {
      this.#pieces.splice(0, this.#taken);
      this.#taken = 0;
    }
    if (this.#finished && this.#wanted && this.#pieces.length === 0) this.push(null);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#pieces = [];
    this.#taken = 0;
    if (!this.#finished) this.#options.onAbandoned();
    callback(error);
  }

  #add(piece: Buffer): void {
    if (this.#wanted) {
      this.#wanted = this.push(piece);
      return;
    }
    this.#pieces.push(piece);
    this.#waitingBytes += piece.length + PIECE_BYTES;
  }

  #fits(tag: Tag, bytes: number): boolean {
    const waiting = this.#waitingBytes + this.readableLength;
    return waiting === 0 || waiting + tag.body.length + PIECE_BYTES <= bytes;
  }

  /** Half of the room is free again before it goes on: a reader that is a little too slow sees few, long gaps. */
  #resume(tag: Tag): boolean {
    if (isConfiguration(tag)) {
      this.#held.set(tag.type, tag);
      return false;
    }
    const start = this.#hasVideo ? isKeyFrame(tag) : true;
    if (!start || !this.#fits(tag, this.#options.bufferBytes / 2)) {
      this.#options.onDropped(tag.body.length);
      return false;
    }
    this.#dropping = false;
    for (const held of this.#held.values()) for (const piece of tagPieces(held)) this.#add(piece);
    this.#held.clear();
    return true;
  }
}
