/** What a datagram holds: MPEG-TS alone, or in RTP (RFC 3550; MPEG-TS is payload type 33 of RFC 3551). */

export const TS_PACKET_BYTES = 188;
const TS_SYNC = 0x47;
const RTP_HEADER_BYTES = 12;
const RTP_VERSION = 2;
const MP2T = 33;

export interface RtpHeader {
  readonly sequence: number;
  /** The synchronisation source: another number is another sender, or the same one started again. */
  readonly source: number;
}

export interface TransportStream {
  /** Whole TS packets; a part of the datagram. */
  readonly packets: Buffer;
  readonly rtp?: RtpHeader;
}

/** @returns undefined where it is no MPEG-TS */
export function transportStream(datagram: Buffer): TransportStream | undefined {
  if (isTransportStream(datagram)) return { packets: datagram };
  if (datagram.length < RTP_HEADER_BYTES) return undefined;
  const first = datagram[0]!;
  if (first >> 6 !== RTP_VERSION || (datagram[1]! & 0x7f) !== MP2T) return undefined;
  let from = RTP_HEADER_BYTES + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0) {
    if (datagram.length < from + 4) return undefined;
    from += 4 + 4 * datagram.readUInt16BE(from + 2);
  }
  const padding = (first & 0x20) !== 0 ? datagram[datagram.length - 1]! : 0;
  const packets = datagram.subarray(
    Math.min(from, datagram.length),
    Math.max(from, datagram.length - padding),
  );
  if (!isTransportStream(packets)) return undefined;
  return { packets, rtp: { sequence: datagram.readUInt16BE(2), source: datagram.readUInt32BE(8) } };
}

function isTransportStream(bytes: Buffer): boolean {
  if (bytes.length === 0 || bytes.length % TS_PACKET_BYTES !== 0) return false;
  for (let at = 0; at < bytes.length; at += TS_PACKET_BYTES) if (bytes[at] !== TS_SYNC) return false;
  return true;
}

/** Packets that are this far behind are late; further behind, the sender has begun to count anew (RFC 3550, A.1). */
const MOST_MISORDER = 100;

/** Follows the sequence numbers of one session. */
export class RtpSequence {
  #source: number | undefined;
  #expected = 0;

  /** @returns packets missing before this one, or undefined where its place has gone by: it is late or a repetition */
  next({ sequence, source }: RtpHeader): number | undefined {
    const ahead = (sequence - this.#expected) & 0xffff;
    const known = source === this.#source;
    if (known && ahead >= 0x1_0000 - MOST_MISORDER) return undefined;
    this.#source = source;
    this.#expected = (sequence + 1) & 0xffff;
    return known && ahead < 0x8000 ? ahead : 0;
  }
}
