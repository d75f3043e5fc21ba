/** A publisher made by hand, byte by byte: its own AMF and chunks, so that it says what no encoder says. */
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { AmfReader, type AmfValue } from '../../../encoder/ingest/rtmp/amf0';
import { ChunkReader } from '../../../encoder/ingest/rtmp/chunk-reader';
import type { Message } from '../../../encoder/ingest/rtmp/message';
import { ascii, u16, u32, u8 } from '../../support/mp4';

const named = (name: string): Buffer => Buffer.concat([u16(Buffer.byteLength(name)), Buffer.from(name)]);
const f64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
};
const members = (values: Readonly<Record<string, Buffer>>): Buffer[] =>
  Object.entries(values).flatMap(([name, value]) => [named(name), value]);

/** AMF0 values as bytes. */
export const amf = {
  number: (value: number): Buffer => Buffer.concat([u8(0), f64(value)]),
  boolean: (value: boolean): Buffer => u8(1, value ? 1 : 0),
  string: (value: string): Buffer => Buffer.concat([u8(2), named(value)]),
  object: (values: Readonly<Record<string, Buffer>>): Buffer =>
    Buffer.concat([u8(3), ...members(values), u8(0, 0, 9)]),
  null: u8(5),
  undefined: u8(6),
  ecmaArray: (values: Readonly<Record<string, Buffer>>, count = Object.keys(values).length): Buffer =>
    Buffer.concat([u8(8), u32(count), ...members(values), u8(0, 0, 9)]),
  strictArray: (values: readonly Buffer[]): Buffer => Buffer.concat([u8(10), u32(values.length), ...values]),
  date: (milliseconds: number): Buffer => Buffer.concat([u8(11), f64(milliseconds), u16(0)]),
  longString: (value: string): Buffer =>
    Buffer.concat([u8(12), u32(Buffer.byteLength(value)), Buffer.from(value)]),
};

export interface Sent {
  readonly type: number;
  readonly payload: Buffer;
  readonly timestamp?: number;
  readonly streamId?: number;
  readonly chunkStream?: number;
}

const u24 = (value: number): Buffer => u32(value).subarray(1);

/** The chunks of a message with a full header. */
export function chunks(sent: Sent, chunkSize = 128): Buffer[] {
  const { type, payload, timestamp = 0, streamId = 0, chunkStream = 3 } = sent;
  const extended = timestamp >= 0xffffff ? [u32(timestamp)] : [];
  const id = Buffer.alloc(4);
  id.writeUInt32LE(streamId);
  const pieces: Buffer[] = [];
  for (let at = 0; at === 0 || at < payload.length; at += chunkSize) {
    const head = [u8(chunkStream), u24(Math.min(timestamp, 0xffffff)), u24(payload.length), u8(type), id];
    pieces.push(
      Buffer.concat([
        ...(at === 0 ? head : [u8(0xc0 | chunkStream)]),
        ...extended,
        payload.subarray(at, at + chunkSize),
      ]),
    );
  }
  return pieces;
}

export interface Answer {
  readonly name: AmfValue;
  readonly transaction: AmfValue;
  readonly values: readonly AmfValue[];
}

export const setChunkSize = (size: number): Sent => ({ type: 1, payload: u32(size), chunkStream: 2 });

// Bodies of audio and video messages.

export const AVC_CONFIGURATION = Buffer.concat([u8(0x17, 0, 0, 0, 0), ascii('configuration')]);
export const AAC_CONFIGURATION = u8(0xaf, 0, 0x11, 0x90);
export const keyFrame = (content: string | Buffer): Buffer =>
  Buffer.concat([u8(0x17, 1, 0, 0, 0), Buffer.from(content)]);
export const interFrame = (content: string | Buffer): Buffer =>
  Buffer.concat([u8(0x27, 1, 0, 0, 0), Buffer.from(content)]);
export const aacFrame = (content: string): Buffer => Buffer.concat([u8(0xaf, 1), ascii(content)]);

const open = new Set<RtmpClient>();

export class RtmpClient {
  readonly socket: Socket;
  /** All messages from the server, but for chunk sizes. */
  readonly messages: Message[] = [];
  readonly closed: Promise<void>;
  #wake: () => void = () => undefined;
  #isClosed = false;
  #read = 0;
  #handshake = Buffer.alloc(0);
  #chunkSize = 128;
  readonly #reader = new ChunkReader(1 << 20, (message) => this.messages.push(message));

  private constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setNoDelay(true);
    open.add(this);
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.once('close', () => {
        this.#isClosed = true;
        open.delete(this);
        this.#wake();
        resolve();
      });
    });
    this.socket.on('data', (chunk) => {
      if (this.#handshake.length < 3073) {
        this.#handshake = Buffer.concat([this.#handshake, chunk]);
        if (this.#handshake.length > 3073) this.#reader.push(this.#handshake.subarray(3073));
      } else this.#reader.push(chunk);
      this.#wake();
    });
  }

  /** A TCP connection; nothing is sent. */
  static async open(port: number): Promise<RtmpClient> {
    const client = new RtmpClient(port);
    await once(client.socket, 'connect');
    return client;
  }

  /** A connection whose handshake is done. */
  static async greeted(port: number): Promise<RtmpClient> {
    const client = await RtmpClient.open(port);
    client.socket.write(Buffer.concat([u8(3), Buffer.alloc(1536, 7)]));
    await client.#when(() => (client.#handshake.length >= 3073 ? true : undefined));
    client.socket.write(client.#handshake.subarray(1, 1537));
    return client;
  }

  /** A publisher in the short form, and its answer to `publish`. */
  static async publisher(port: number, key: string, app = 'live'): Promise<[RtmpClient, Answer]> {
    const client = await RtmpClient.greeted(port);
    client.command('connect', 1, amf.object({ app: amf.string(app) }));
    await client.answer();
    client.command('createStream', 2, amf.null);
    await client.answer();
    client.commandOn(1, 'publish', 3, amf.null, amf.string(key), amf.string('live'));
    return [client, await client.answer()];
  }

  static closeAll(): void {
    for (const client of open) client.socket.destroy();
  }

  get handshake(): Buffer {
    return this.#handshake.subarray(0, 3073);
  }

  send(...all: readonly Sent[]): void {
    for (const sent of all) {
      this.socket.write(Buffer.concat(chunks(sent, this.#chunkSize)));
      if (sent.type === 1) this.#chunkSize = sent.payload.readUInt32BE();
    }
  }

  command(name: string, transaction: number, ...values: readonly Buffer[]): void {
    this.commandOn(0, name, transaction, ...values);
  }

  commandOn(streamId: number, name: string, transaction: number, ...values: readonly Buffer[]): void {
    const payload = Buffer.concat([amf.string(name), amf.number(transaction), ...values]);
    this.send({ type: 20, streamId, payload });
  }

  audio(timestamp: number, payload: Buffer): void {
    this.send({ type: 8, streamId: 1, chunkStream: 4, timestamp, payload });
  }

  video(timestamp: number, payload: Buffer): void {
    this.send({ type: 9, streamId: 1, chunkStream: 6, timestamp, payload });
  }

  data(payload: Buffer): void {
    this.send({ type: 18, streamId: 1, chunkStream: 4, payload });
  }

  /** The next command from the server. */
  async answer(): Promise<Answer> {
    const { payload } = await this.message(20);
    const reader = new AmfReader(payload);
    const name = reader.next();
    const transaction = reader.next();
    const values: AmfValue[] = [];
    while (!reader.done) values.push(plain(reader.next()));
    return { name, transaction, values };
  }

  /** The next message of this type from the server; others before it are passed over. */
  message(type: number): Promise<Message> {
    return this.#when(() => {
      while (this.#read < this.messages.length) {
        const message = this.messages[this.#read++]!;
        if (message.type === type) return message;
      }
      if (this.#isClosed) throw new Error(`the server closed before a message of type ${type}`);
      return undefined;
    });
  }

  async #when<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** Maps as objects, for comparing. */
export const plain = (value: AmfValue): AmfValue =>
  value instanceof Map
    ? (Object.fromEntries([...value].map(([name, member]) => [name, plain(member)])) as never)
    : value;

export interface FlvTag {
  readonly type: number;
  readonly timestamp: number;
  readonly body: Buffer;
}

/** Reads FLV strictly: every size must be right. */
export function readFlv(flv: Buffer): { readonly flags: number; readonly tags: FlvTag[] } {
  const header = flv.subarray(0, 13);
  if (header.toString('latin1', 0, 3) !== 'FLV' || header[3] !== 1 || header.readUInt32BE(5) !== 9)
    throw new Error('no FLV header');
  const tags: FlvTag[] = [];
  let previous = header.readUInt32BE(9);
  if (previous !== 0) throw new Error('a tag before the first');
  for (let at = 13; at < flv.length; at += previous + 4) {
    const length = flv.readUIntBE(at + 1, 3);
    const timestamp = flv.readUIntBE(at + 4, 3) + flv[at + 7]! * 2 ** 24;
    if (flv.readUIntBE(at + 8, 3) !== 0) throw new Error('a stream id that is not 0');
    previous = 11 + length;
    if (flv.readUInt32BE(at + previous) !== previous) throw new Error(`a wrong size after the tag at ${at}`);
    tags.push({ type: flv[at]!, timestamp, body: flv.subarray(at + 11, at + previous) });
  }
  return { flags: header[4]!, tags };
}
