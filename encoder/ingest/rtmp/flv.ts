/** FLV as bytes (Adobe Flash Video File Format Specification 10.1, annex E). */
import { RtmpError } from './error';
import { MESSAGE, type Message } from './message';

/** The types of tags, which are those of messages. */
export const TAG = { audio: MESSAGE.audio, video: MESSAGE.video, script: MESSAGE.amf0Data } as const;
export type TagType = (typeof TAG)[keyof typeof TAG];

export interface Tag {
  readonly type: TagType;
  /** Milliseconds, modulo 2^32. */
  readonly timestamp: number;
  readonly body: Buffer;
}

const TAG_HEADER_BYTES = 11;
const TRAILER_BYTES = 4;
/** Below this a tag is one piece: the copy costs less than three writes. */
const WHOLE_BELOW_BYTES = 4096;

const CODEC = { avc: 7, aac: 10 } as const;

/** The file's header and the size of the tag before the first. */
export const flvHeader = (has: { readonly video: boolean; readonly audio: boolean }): Buffer =>
  Buffer.of(0x46, 0x4c, 0x56, 1, (has.audio ? 4 : 0) | (has.video ? 1 : 0), 0, 0, 0, 9, 0, 0, 0, 0);

/** A tag with its trailing size; the body of a large one is not copied. */
export function tagPieces({ type, timestamp, body }: Tag): Buffer[] {
  const header = Buffer.alloc(TAG_HEADER_BYTES);
  header.writeUInt8(type);
  header.writeUIntBE(body.length, 1, 3);
  header.writeUIntBE(timestamp & 0xffffff, 4, 3);
  header.writeUInt8(timestamp >>> 24, 7);
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer.writeUInt32BE(TAG_HEADER_BYTES + body.length);
  const pieces = [header, body, trailer];
  return body.length < WHOLE_BELOW_BYTES ? [Buffer.concat(pieces)] : pieces;
}

/** What a decoder needs before any frame: it may never be dropped. */
export function isConfiguration({ type, body }: Tag): boolean {
  if (type === TAG.script) return true;
  if (body.length < 2 || body[1] !== 0) return false;
  return type === TAG.video ? (body[0]! & 0x0f) === CODEC.avc : body[0]! >> 4 === CODEC.aac;
}

export const isKeyFrame = (tag: Tag): boolean =>
  tag.type === TAG.video && tag.body.length > 0 && tag.body[0]! >> 4 === 1 && !isConfiguration(tag);

/**
 * The tags in an aggregate message: FLV tags whose first has the message's time, whatever it says itself
 * (RTMP 1.0, section 7.1.6).
 */
export function* splitAggregate(message: Message): Generator<Message> {
  const { payload, streamId } = message;
  let firstTime: number | undefined;
  for (let at = 0; at < payload.length;) {
    if (payload.length - at < TAG_HEADER_BYTES + TRAILER_BYTES)
      throw new RtmpError('an aggregate that is cut off');
    const length = payload.readUIntBE(at + 1, 3);
    const time = payload.readUIntBE(at + 4, 3) + payload.readUInt8(at + 7) * 2 ** 24;
    const end = at + TAG_HEADER_BYTES + length;
    if (end + TRAILER_BYTES > payload.length) throw new RtmpError('an aggregate that is cut off');
    firstTime ??= time;
    yield {
      type: payload.readUInt8(at),
      streamId,
      timestamp: (message.timestamp + time - firstTime) >>> 0,
      payload: payload.subarray(at + TAG_HEADER_BYTES, end),
    };
    at = end + TRAILER_BYTES;
  }
}
