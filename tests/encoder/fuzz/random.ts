/** Random choices that are the same in every run: a seed and a case's number give them all. */
export class Random {
  #state: number;

  constructor(seed: number, number = 0) {
    this.#state = (Math.imul(seed, 0x9e37_79b1) ^ Math.imul(number + 1, 0x85eb_ca6b)) | 0;
    for (let i = 0; i < 4; i++) this.uniform();
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.uniform() * end);
  }

  chance(share: number): boolean {
    return this.uniform() < share;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** Few, seldom many: 1 with a half of all draws, 2 with a quarter, and so on. */
  few(most: number): number {
    let count = 1;
    while (count < most && this.chance(0.5)) count++;
    return count;
  }

  /** Uniform in [0, 1) (mulberry32). */
  uniform(): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}
