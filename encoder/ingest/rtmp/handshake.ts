/** The server's half of the plain handshake (RTMP 1.0, section 5.2). */
import { randomBytes } from 'node:crypto';
import { RtmpError } from './error';

const VERSION = 3;
const ENCRYPTED_VERSION = 6;
/** C1, C2, S1 and S2, in bytes. */
export const HANDSHAKE_BYTES = 1536;

/** @throws RtmpError where a peer does not begin as plain RTMP does. */
export function checkVersion(version: number): void {
  if (version === VERSION) return;
  throw new RtmpError(
    version === ENCRYPTED_VERSION
      ? 'RTMPE is not supported: push plain RTMP, or SRT with a passphrase'
      : `the first byte is ${version}; RTMP begins with ${VERSION}`,
  );
}

/** S0, S1 and S2. */
export function answerHandshake(c1: Buffer): Buffer {
  const s1 = randomBytes(HANDSHAKE_BYTES);
  // Time 0, and version 0 instead of a Flash server's: the peer then asks for no digest.
  s1.fill(0, 0, 8);
  return Buffer.concat([Buffer.of(VERSION), s1, c1]);
}
