/** Runs many cases, each from a seed and its number alone, and says how to see a failure again and keep it. */
import { Random } from './random';

export interface Campaign<T> {
  readonly seed: number;
  readonly cases: number;
  readonly make: (random: Random) => T;
  /** Throws where the case breaks a property. */
  readonly check: (input: T, random: Random) => Promise<void> | void;
  /** The input as a person can copy it, and where it belongs. */
  readonly describe: (input: T) => string;
}

const FIRST = Number(process.env['FUZZ_CASE'] ?? 0);
const ONLY_ONE = process.env['FUZZ_CASE'] !== undefined;

/** @throws Error with the seed, the case's number and the input of the first case that fails */
export async function runCampaign<T>(campaign: Campaign<T>): Promise<void> {
  const { seed, cases } = campaign;
  for (let number = FIRST; number < (ONLY_ONE ? FIRST + 1 : cases); number++) {
    const random = new Random(seed, number);
    const input = campaign.make(random);
    try {
      await campaign.check(input, random);
    } catch (error) {
      throw new Error(
        `case ${number} of seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n` +
          `Again: FUZZ_SEED=${seed} FUZZ_CASE=${number}\n${campaign.describe(input)}`,
        { cause: error },
      );
    }
  }
}

/** The seed of a run: fixed, so that a failure is no accident, or another by the environment. */
export const seedOf = (fixed: number): number => Number(process.env['FUZZ_SEED'] ?? fixed);
