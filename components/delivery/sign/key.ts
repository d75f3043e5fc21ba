/** The key that signs: its public half is in a key group that the behaviour trusts. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { SignProblem } from './problems';

export const HASHES = ['SHA256', 'SHA1'] as const;
/**
 * CloudFront takes SHA256 since April 2026, named in one more parameter or cookie, and SHA1 as ever.
 * [aws.amazon.com, what's new, 2026/04, CloudFront SHA-256 signed URLs]
 */
export type SignHash = (typeof HASHES)[number];

/** The private half of a key of the distribution's key group. It stays with whoever signs. */
export interface SigningKey {
  /** Id of the public key in CloudFront. @example 'K2JCJMDEHXQW5F' */
  readonly keyPairId: string;
  /** PEM, not encrypted: RSA of 2048 bits, or ECDSA of the curve P-256 (prime256v1). */
  readonly privateKey: string;
  /** @default 'SHA256' */
  readonly hash?: SignHash;
}

const KEY_PAIR_ID = /^[A-Z0-9]{5,64}$/;

export function keyProblems({ keyPairId, privateKey, hash = 'SHA256' }: SigningKey): SignProblem[] {
  const found: SignProblem[] = [];
  const add = (path: string, problem: string) => found.push({ path, problem });
  if (!KEY_PAIR_ID.test(keyPairId)) {
    const allowed =
      'capital letters and digits, as K2JCJMDEHXQW5F: the id of the public key, not of its group';
    add('key.keyPairId', `is ${JSON.stringify(keyPairId)}; allowed: ${allowed}`);
  }
  if (!HASHES.includes(hash)) add('key.hash', `is ${JSON.stringify(hash)}; allowed: ${HASHES.join(', ')}`);
  const problem = privateKeyProblem(privateKey);
  if (problem !== undefined) add('key.privateKey', problem);
  return found;
}

const ALLOWED = 'allowed: PEM, not encrypted, RSA of 2048 bits or ECDSA P-256';

function privateKeyProblem(text: string): string | undefined {
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch {
    return `is no private key that can be read; ${ALLOWED}`;
  }
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' && modulusLength === 2048) return undefined;
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return undefined;
  const kind = modulusLength === undefined ? (namedCurve ?? '') : `${modulusLength} bits`;
  return `is a key of type ${key.asymmetricKeyType} ${kind}, which CloudFront does not take; ${ALLOWED}`;
}
