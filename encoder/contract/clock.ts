/**
 * The wall clock in the picture: one row of black and white blocks along the top edge, read back by
 * the player to measure glass-to-glass delay.
 *
 * 32 blocks of equal width, from the left: white, black, 26 bits of the clock, 2 parity bits, black,
 * white. The clock is Unix milliseconds modulo 2^26 (18.6 hours), Gray-coded, most significant bit
 * first, so a picture that blends two instants reads as one of them. Parity is even, over the even
 * and over the odd bits. White is 1.
 */
export const CLOCK_BLOCKS = 32;
const CLOCK_BITS = 26;
export const CLOCK_MODULUS_MS = 2 ** CLOCK_BITS;
/** The row's height as a share of the picture's height. */
export const CLOCK_HEIGHT = 1 / 12;

export function encodeClock(unixMs: number): boolean[] {
  const value = Math.floor(unixMs) % CLOCK_MODULUS_MS;
  const gray = value ^ (value >>> 1);
  const bits: boolean[] = [];
  for (let bit = CLOCK_BITS - 1; bit >= 0; bit--) bits.push(((gray >>> bit) & 1) === 1);
  return [true, false, ...bits, parity(bits, 0), parity(bits, 1), false, true];
}

/**
 * Reads a row of 32 brightness values (any scale). Undefined where the row is no clock: no contrast,
 * wrong markers, an undecided block or a parity error.
 * @returns Unix milliseconds modulo {@link CLOCK_MODULUS_MS}
 */
export function decodeClock(levels: ArrayLike<number>): number | undefined {
  if (levels.length !== CLOCK_BLOCKS) return undefined;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < CLOCK_BLOCKS; i++) {
    low = Math.min(low, levels[i]!);
    high = Math.max(high, levels[i]!);
  }
  const contrast = high - low;
  if (!(contrast > 64)) return undefined;
  const bits: boolean[] = [];
  for (let i = 0; i < CLOCK_BLOCKS; i++) {
    const level = (levels[i]! - low) / contrast;
    if (level > 0.35 && level < 0.65) return undefined;
    bits.push(level >= 0.5);
  }
  if (!bits[0] || bits[1] || bits[30] || !bits[31]) return undefined;
  const clock = bits.slice(2, 2 + CLOCK_BITS);
  if (bits[28] !== parity(clock, 0) || bits[29] !== parity(clock, 1)) return undefined;
  let value = 0;
  let previous = false;
  for (const bit of clock) {
    previous = bit !== previous;
    value = value * 2 + (previous ? 1 : 0);
  }
  return value;
}

/** Milliseconds from the instant that was read to `nowMs`, between -9.3 and +9.3 hours. */
export function clockAge(clock: number, nowMs: number): number {
  const now = ((nowMs % CLOCK_MODULUS_MS) + CLOCK_MODULUS_MS) % CLOCK_MODULUS_MS;
  let age = now - clock;
  if (age > CLOCK_MODULUS_MS / 2) age -= CLOCK_MODULUS_MS;
  if (age < -CLOCK_MODULUS_MS / 2) age += CLOCK_MODULUS_MS;
  return age;
}

function parity(bits: readonly boolean[], start: 0 | 1): boolean {
  let odd = false;
  for (let i = start; i < bits.length; i += 2) if (bits[i]) odd = !odd;
  return odd;
}
