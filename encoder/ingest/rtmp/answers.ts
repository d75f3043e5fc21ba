/** The messages that the server says, each as the bytes of its chunks. */
import { writeAmf0, type AmfAnswer } from './amf0';
import { DEFAULT_CHUNK_SIZE, MESSAGE } from './message';

/** Chunk size of what the server says, in bytes; ffmpeg and others then use the same for what they send. */
const CHUNK_SIZE = 4096;
/** How many bytes either side may send before it hears of their arrival; the value that servers commonly use. */
export const ACKNOWLEDGEMENT_WINDOW = 2_500_000;
/** Peer bandwidth: the limit type that lets the peer decide. */
const DYNAMIC = 2;

const CONTROL_CHUNKS = 2;
const COMMAND_CHUNKS = 3;

/** User control events. */
export const EVENT = { streamBegin: 0, pingRequest: 6, pingResponse: 7 } as const;

function message(
  chunkStream: number,
  type: number,
  streamId: number,
  payload: Buffer,
  chunkSize: number,
): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt8(chunkStream, 0);
  header.writeUIntBE(payload.length, 4, 3);
  header.writeUInt8(type, 7);
  header.writeUInt32LE(streamId, 8);
  const pieces: Buffer[] = [header];
  for (let at = 0; at < payload.length; at += chunkSize) {
    if (at > 0) pieces.push(Buffer.of(0xc0 | chunkStream));
    pieces.push(payload.subarray(at, at + chunkSize));
  }
  return Buffer.concat(pieces);
}

const control = (type: number, payload: Buffer): Buffer =>
  message(CONTROL_CHUNKS, type, 0, payload, DEFAULT_CHUNK_SIZE);

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};

/** What comes before the first command's answer, whose chunks have the new size. */
export const opening = (): Buffer =>
  Buffer.concat([
    control(MESSAGE.windowAcknowledgementSize, u32(ACKNOWLEDGEMENT_WINDOW)),
    control(MESSAGE.setPeerBandwidth, Buffer.concat([u32(ACKNOWLEDGEMENT_WINDOW), Buffer.of(DYNAMIC)])),
    control(MESSAGE.setChunkSize, u32(CHUNK_SIZE)),
  ]);

/** @param received bytes in all; the field holds them modulo 2^32 */
export const acknowledgement = (received: number): Buffer => control(MESSAGE.acknowledgement, u32(received));

export function userControl(event: number, value: number): Buffer {
  const payload = Buffer.alloc(6);
  payload.writeUInt16BE(event);
  payload.writeUInt32BE(value >>> 0, 2);
  return control(MESSAGE.userControl, payload);
}

export const command = (streamId: number, ...values: readonly AmfAnswer[]): Buffer =>
  message(COMMAND_CHUNKS, MESSAGE.amf0Command, streamId, writeAmf0(...values), CHUNK_SIZE);

export const status = (
  streamId: number,
  level: 'status' | 'error',
  code: string,
  description: string,
): Buffer => command(streamId, 'onStatus', 0, null, { level, code, description });
