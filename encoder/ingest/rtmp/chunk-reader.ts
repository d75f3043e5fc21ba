/** Puts messages together again from the chunks that they come in (RTMP 1.0, section 5.3). */
import { ByteQueue } from './byte-queue';
import { RtmpError } from './error';
import { DEFAULT_CHUNK_SIZE, EXTENDED, MESSAGE, type Message } from './message';

/** Most chunk streams of a connection; encoders use four to six. */
const MOST_CHUNK_STREAMS = 64;
/** Bytes of a message header after the basic header, by chunk type. */
const HEADER_BYTES = [11, 7, 3, 0] as const;

interface ChunkStream {
  timestamp: number;
  /** What a message without a timestamp of its own adds. */
  delta: number;
  /** The 32 bits that followed the last header, where its timestamp field was full. */
  extended: number | undefined;
  length: number;
  type: number;
  streamId: number;
  /** A message of which the first chunk has begun. */
  payload: Buffer | undefined;
  received: number;
}

export class ChunkReader {
  readonly #onMessage: (message: Message) => void;
  readonly #queue = new ByteQueue();
  readonly #streams = new Map<number, ChunkStream>();
  #chunkSize = DEFAULT_CHUNK_SIZE;
  #maxMessageBytes: number;
  /** Memory that unfinished messages have been given, in bytes. */
  #unfinishedBytes = 0;
  #current: ChunkStream | undefined;
  #leftInChunk = 0;

  /**
   * @param maxMessageBytes of one message; unfinished ones may have twice that together
   * @param onMessage is not told of Set Chunk Size and Abort, which are for the reader itself
   */
  constructor(maxMessageBytes: number, onMessage: (message: Message) => void) {
    this.#maxMessageBytes = maxMessageBytes;
    this.#onMessage = onMessage;
  }

  /** For a peer that has shown who it is. */
  allow(maxMessageBytes: number): void {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** @throws RtmpError on what is no chunk, and on more than is allowed. */
  push(chunk: Buffer): void {
    this.#queue.append(chunk);
    while (this.#current ? this.#readPayload(this.#current) : this.#readHeader());
  }

  #readPayload(stream: ChunkStream): boolean {
    const moved = this.#queue.moveTo(stream.payload!, stream.received, this.#leftInChunk);
    stream.received += moved;
    this.#leftInChunk -= moved;
    if (this.#leftInChunk > 0) return false;
    this.#current = undefined;
    if (stream.received === stream.length) this.#finish(stream);
    return true;
  }

  /** @returns whether a whole header was there */
  #readHeader(): boolean {
    const queue = this.#queue;
    if (queue.length === 0) return false;
    const first = queue.peek(1).readUInt8();
    const format = (first >> 6) as 0 | 1 | 2 | 3;
    const basicBytes = (first & 0x3f) === 0 ? 2 : (first & 0x3f) === 1 ? 3 : 1;
    const fixedBytes = basicBytes + HEADER_BYTES[format];
    if (queue.length < fixedBytes) return false;
    const header = queue.peek(fixedBytes);
    const id =
      basicBytes === 1 ? first & 0x3f : basicBytes === 2 ? 64 + header[1]! : 64 + header.readUInt16LE(1);
    const known = this.#streams.get(id);
    if (!known && format > 1) throw new RtmpError(`chunk stream ${id} begins without a message header`);
    if (known?.payload && format !== 3)
      throw new RtmpError(`a new message in chunk stream ${id}, whose last one is not finished`);

    if (format === 3) {
      const repeated = this.#repeatedTimestampBytes(known!, fixedBytes);
      if (repeated === undefined) return false;
      queue.skip(fixedBytes + repeated);
      if (!known!.payload) this.#begin(known!, (known!.timestamp + known!.delta) >>> 0);
      this.#beginChunk(known!);
      return true;
    }

    const field = header.readUIntBE(basicBytes, 3);
    const extendedBytes = field === EXTENDED ? 4 : 0;
    if (queue.length < fixedBytes + extendedBytes) return false;
    const extended = extendedBytes > 0 ? queue.peek(fixedBytes + 4).readUInt32BE(fixedBytes) : undefined;
    const stream = known ?? this.#newStream(id);
    stream.extended = extended;
    // After an absolute timestamp, too, the next message without one adds the same number: so says the specification.
    stream.delta = extended ?? field;
    if (format < 2) {
      stream.length = header.readUIntBE(basicBytes + 3, 3);
      stream.type = header.readUInt8(basicBytes + 6);
    }
    if (format === 0) stream.streamId = header.readUInt32LE(basicBytes + 7);
    queue.skip(fixedBytes + extendedBytes);
    this.#begin(stream, format === 0 ? stream.delta : (stream.timestamp + stream.delta) >>> 0);
    this.#beginChunk(stream);
    return true;
  }

  /**
   * A chunk without a header repeats the extended timestamp of its stream. Some encoders leave it out, so it is
   * taken only where the bytes are the same. @returns undefined where too few bytes are there to tell
   */
  #repeatedTimestampBytes(stream: ChunkStream, headerBytes: number): 0 | 4 | undefined {
    if (stream.extended === undefined) return 0;
    const expected = Buffer.alloc(4);
    expected.writeUInt32BE(stream.extended);
    const there = Math.min(4, this.#queue.length - headerBytes);
    const found = this.#queue.peek(headerBytes + there).subarray(headerBytes);
    if (!found.equals(expected.subarray(0, there))) return 0;
    return there === 4 ? 4 : undefined;
  }

  #newStream(id: number): ChunkStream {
    if (this.#streams.size >= MOST_CHUNK_STREAMS)
      throw new RtmpError(`more than ${MOST_CHUNK_STREAMS} chunk streams in one connection`);
    const stream: ChunkStream = {
      timestamp: 0,
      delta: 0,
      extended: undefined,
      length: 0,
      type: 0,
      streamId: 0,
      payload: undefined,
      received: 0,
    };
    this.#streams.set(id, stream);
    return stream;
  }

  #begin(stream: ChunkStream, timestamp: number): void {
    if (stream.length > this.#maxMessageBytes)
      throw new RtmpError(
        `a message of ${stream.length} bytes; at most ${this.#maxMessageBytes} are accepted`,
      );
    this.#unfinishedBytes += stream.length;
    if (this.#unfinishedBytes > 2 * this.#maxMessageBytes)
      throw new RtmpError(`unfinished messages of ${this.#unfinishedBytes} bytes in all`);
    stream.timestamp = timestamp;
    stream.payload = Buffer.allocUnsafe(stream.length);
    stream.received = 0;
  }

  #beginChunk(stream: ChunkStream): void {
    this.#leftInChunk = Math.min(this.#chunkSize, stream.length - stream.received);
    this.#current = stream;
  }

  #finish(stream: ChunkStream): void {
    const { type, streamId, timestamp } = stream;
    const payload = stream.payload!;
    this.#release(stream);
    if (type === MESSAGE.setChunkSize) this.#setChunkSize(payload);
    else if (type === MESSAGE.abort) this.#abort(payload);
    else this.#onMessage({ type, streamId, timestamp, payload });
  }

  #release(stream: ChunkStream): void {
    this.#unfinishedBytes -= stream.length;
    stream.payload = undefined;
  }

  #setChunkSize(payload: Buffer): void {
    const size = payload.length >= 4 ? payload.readUInt32BE() : 0;
    if (size < 1 || size > 0x7fffffff)
      throw new RtmpError('a chunk size that is not between 1 and 2147483647 bytes');
    this.#chunkSize = size;
  }

  #abort(payload: Buffer): void {
    if (payload.length < 4) throw new RtmpError('an abort that names no chunk stream');
    const stream = this.#streams.get(payload.readUInt32BE());
    if (stream?.payload) this.#release(stream);
  }
}
