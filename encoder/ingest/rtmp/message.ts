/** An RTMP message, and the numbers that both directions use (Adobe's RTMP 1.0 specification, section 7.1). */
export interface Message {
  readonly type: number;
  /** 0 is the connection itself; others are made by `createStream`. */
  readonly streamId: number;
  /** Milliseconds, modulo 2^32. */
  readonly timestamp: number;
  readonly payload: Buffer;
}

export const MESSAGE = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowAcknowledgementSize: 5,
  setPeerBandwidth: 6,
  audio: 8,
  video: 9,
  amf3Data: 15,
  amf3Command: 17,
  amf0Data: 18,
  amf0Command: 20,
  aggregate: 22,
} as const;

/** Chunk size of both directions until it is set, in bytes. */
export const DEFAULT_CHUNK_SIZE = 128;

/** The value of a timestamp field that says that 32 bits of it follow. */
export const EXTENDED = 0xffffff;
