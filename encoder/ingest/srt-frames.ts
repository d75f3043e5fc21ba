/** The frames that the SRT front's program writes (srt-front/frame.h): media and events, in order. */

const HEADER_BYTES = 5;
const MEDIA = 'D'.charCodeAt(0);
const EVENT = 'E'.charCodeAt(0);
const LONGEST_BYTES = 65_536;

export interface FrameHandler {
  /** A part of a media frame as it came, not copied. */
  media(bytes: Buffer): void;
  /** The text of an event. */
  event(json: string): void;
}

export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** Takes chunks cut anywhere. */
export class FrameReader {
  readonly #handler: FrameHandler;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  #missing = 0;
  #event: Buffer[] = [];

  constructor(handler: FrameHandler) {
    this.#handler = handler;
  }

  /** @throws FrameError where the stream is not one of frames */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#headerBytes < HEADER_BYTES) {
        const taken = chunk.copy(this.#header, this.#headerBytes, at, at + HEADER_BYTES - this.#headerBytes);
        this.#headerBytes += taken;
        at += taken;
        if (this.#headerBytes === HEADER_BYTES) this.#begin();
        continue;
      }
      const part = chunk.subarray(at, at + this.#missing);
      at += part.length;
      this.#missing -= part.length;
      if (this.#header[0] === MEDIA) this.#handler.media(part);
      else this.#event.push(part);
      if (this.#missing === 0) this.#end();
    }
  }

  #begin(): void {
    const type = this.#header[0];
    this.#missing = this.#header.readUInt32BE(1);
    if ((type !== MEDIA && type !== EVENT) || this.#missing === 0 || this.#missing > LONGEST_BYTES) {
      throw new FrameError(
        `the SRT front sent a frame of type ${type} and ${this.#missing} bytes, which it may not`,
      );
    }
  }

  #end(): void {
    this.#headerBytes = 0;
    if (this.#header[0] !== EVENT) return;
    const json = Buffer.concat(this.#event).toString();
    this.#event = [];
    this.#handler.event(json);
  }
}
