/** Writes caption data as an SEI unit (ATSC A/53 part 4, section 6.2.3; H.264 and HEVC, section 7.3.2.3). */

/** Caption constructs that fit in a picture: `cc_count` has five bits. */
export const MAX_TRIPLETS = 31;
export const TRIPLET_BYTES = 3;

export type VideoCodec = 'h264' | 'hevc';

/** SEI in H.264; prefix SEI of layer 0, temporal layer 0 in HEVC. */
const UNIT_HEADER: Readonly<Record<VideoCodec, readonly number[]>> = { h264: [6], hevc: [39 << 1, 1] };

const REGISTERED_USER_DATA = 4;
/** United States, ATSC, `GA94`, caption data. */
const A53 = [0xb5, 0x00, 0x31, 0x47, 0x41, 0x39, 0x34, 0x03];
const PROCESS_CC_DATA = 0x40;
const EM_DATA = 0xff;
const MARKER = 0xff;
const STOP_BIT = 0x80;

/**
 * A whole NAL unit, without start code or length.
 * @param triplets 1 to 31, of 3 bytes each
 * @throws RangeError for any other number of bytes
 */
export function captionUnit(codec: VideoCodec, triplets: Uint8Array): Buffer {
  const count = triplets.length / TRIPLET_BYTES;
  if (!Number.isInteger(count) || count < 1 || count > MAX_TRIPLETS) {
    throw new RangeError(
      `caption data of ${triplets.length} bytes; allowed are 1 to ${MAX_TRIPLETS} triplets of ${TRIPLET_BYTES} bytes`,
    );
  }
  const message = [...A53, PROCESS_CC_DATA | count, EM_DATA, ...triplets, MARKER];
  const rbsp = [REGISTERED_USER_DATA, message.length, ...message, STOP_BIT];
  return Buffer.from([...UNIT_HEADER[codec], ...withEmulationPrevention(rbsp)]);
}

function withEmulationPrevention(rbsp: readonly number[]): number[] {
  const out: number[] = [];
  let zeros = 0;
  for (const byte of rbsp) {
    if (zeros === 2 && byte <= 3) {
      out.push(3);
      zeros = 0;
    }
    out.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return out;
}
