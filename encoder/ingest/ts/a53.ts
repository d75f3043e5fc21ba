/** Finds caption data (ATSC A/53 part 4, section 6.2.3) in the user data of a picture. */

/** Bytes of one caption construct: marker, valid and type bits, then two bytes of data. */
export const TRIPLET_BYTES = 3;

const REGISTERED_USER_DATA = 4;
const UNITED_STATES = 0xb5;
const ATSC = 0x0031;
const GA94 = 0x4741_3934;
const CC_DATA = 0x03;
const PROCESS_CC_DATA = 0x40;

/** Triplets in an SEI unit, whose header of `headerBytes` and emulation prevention bytes are still there. */
export function captionsInSei(unit: Buffer, headerBytes: number): Buffer[] {
  const payload = withoutEmulationPrevention(unit.subarray(headerBytes));
  const found: Buffer[] = [];
  let at = 0;
  // The last byte is the stop bit: a message takes at least two.
  while (at + 2 < payload.length) {
    let type = 0;
    let size = 0;
    while (payload[at] === 0xff) {
      type += 0xff;
      at++;
    }
    type += payload[at++] ?? 0;
    while (payload[at] === 0xff) {
      size += 0xff;
      at++;
    }
    size += payload[at++] ?? 0;
    if (type === REGISTERED_USER_DATA && at + size <= payload.length && size >= 3) {
      const message = payload.subarray(at, at + size);
      if (message[0] === UNITED_STATES && message.readUInt16BE(1) === ATSC) {
        const triplets = captionsInUserData(message.subarray(3));
        if (triplets) found.push(triplets);
      }
    }
    at += size;
  }
  return found;
}

/** Triplets in user data that begins with its identifier, as in a picture of MPEG-2. */
export function captionsInUserData(data: Buffer): Buffer | undefined {
  if (data.length < 7 || data.readUInt32BE(0) !== GA94 || data[4] !== CC_DATA) return undefined;
  const flags = data[5]!;
  const bytes = (flags & 0x1f) * TRIPLET_BYTES;
  if (!(flags & PROCESS_CC_DATA) || bytes === 0 || 7 + bytes > data.length) return undefined;
  // A copy: the buffer is used again.
  return Buffer.from(data.subarray(7, 7 + bytes));
}

/** Removes each 03 that follows two zeros (H.264 and HEVC, section 7.3.1). */
function withoutEmulationPrevention(bytes: Buffer): Buffer {
  let out: Buffer | undefined;
  let length = 0;
  let zeros = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (zeros >= 2 && byte === 3) {
      if (!out) {
        out = Buffer.from(bytes);
        length = at;
      }
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    if (out) out[length++] = byte;
  }
  return out ? out.subarray(0, length) : bytes;
}
