/** Which stream keys are valid, kept as hashes: compared in the same time whatever is asked. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readSecrets } from '../secret-file';

const MOST_KEYS = 2;
const ALLOWED = 'allowed: 1 to 255 characters of ASCII without spaces';

const hash = (key: string): Buffer => createHash('sha256').update(key).digest();

/** @returns what is wrong with the keys, without any of them */
export function keyProblems(keys: readonly string[]): string[] {
  const problems: string[] = [];
  if (keys.length < 1 || keys.length > MOST_KEYS)
    problems.push(`keys: ${keys.length} given; allowed: one, or two while one replaces the other`);
  keys.forEach((key, i) => {
    if (keyProblem(key) !== undefined) problems.push(`keys[${i}]: ${ALLOWED}`);
  });
  return problems;
}

/** @throws Error, see {@link readSecrets} */
export const readStreamKeys = (file: string): Promise<readonly string[]> =>
  readSecrets(file, { name: 'stream key', problem: keyProblem });

const keyProblem = (key: string): string | undefined =>
  /^[\x21-\x7e]{1,255}$/.test(key) ? undefined : `is no stream key; ${ALLOWED}`;

export class StreamKeys {
  readonly #hashes: readonly Buffer[];

  constructor(keys: readonly string[]) {
    this.#hashes = keys.map(hash);
  }

  has(key: string): boolean {
    const asked = hash(key);
    // Each is compared, so that the time does not tell which one it was.
    return this.#hashes.map((known) => timingSafeEqual(known, asked)).includes(true);
  }
}
