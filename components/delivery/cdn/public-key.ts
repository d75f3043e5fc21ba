/** Keys that signatures are verified with: public ones, and no others. */
import { createPublicKey } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';
import { isDeferred, type InputProblems, type Problem } from '../../kit';

const ALLOWED = 'a public key in PEM: RSA of 2048 bits, or ECDSA P-256';
/** In place of a key in errors: a private one would be in them. */
const NOT_SHOWN = 'a key that is not shown';

/** CloudFront API Reference, PublicKeyConfig: RSA 2048 or ECDSA 256. */
function problemOf(text: unknown): Problem | undefined {
  if (typeof text !== 'string') return { allowed: ALLOWED, fix: 'read it from its file' };
  if (/PRIVATE KEY/.test(text)) {
    return {
      because: 'it is a private key, which must not get into a program, its state and its logs',
      allowed: ALLOWED,
      fix: 'give `openssl pkey -in key.pem -pubout`, and take another key pair where this one was shown',
    };
  }
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(text.trim());
    const isRsa = asymmetricKeyType === 'rsa' && asymmetricKeyDetails?.modulusLength === 2048;
    const isEcdsa = asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1';
    if (isRsa || isEcdsa) return undefined;
    const bits = asymmetricKeyDetails?.modulusLength ?? asymmetricKeyDetails?.namedCurve ?? '';
    const because = `it is a key of ${asymmetricKeyType} ${bits}`.trimEnd();
    return { because, allowed: ALLOWED, fix: 'make one with `openssl genrsa 2048`' };
  } catch {
    return { because: 'it cannot be read', allowed: ALLOWED, fix: 'give the whole file, from BEGIN to END' };
  }
}

/** As CloudFront gives it back: with one line's end. */
const stored = (text: string): string => `${text.trim()}\n`;

/** @returns the key, checked now or inside `apply` */
export function checkPublicKey(
  problems: InputProblems,
  path: string,
  given: pulumi.Input<string>,
): pulumi.Input<string> {
  if (!isDeferred(given)) {
    const problem = problemOf(given);
    if (problem) problems.add(path, typeof given === 'string' ? NOT_SHOWN : given, problem);
    return problem ? '' : stored(given as string);
  }
  return pulumi.output(given).apply((text): pulumi.Output<string> => {
    const problem = problemOf(text);
    if (problem === undefined) return pulumi.output(stored(text));
    // Judged as a text that is not the key, so that the key is not in the error.
    return pulumi.output(problems.check(path, pulumi.output(NOT_SHOWN), () => problem));
  });
}
