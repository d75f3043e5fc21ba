/** Blocks of IPv4 addresses, as numbers. */

/** A block that begins where its length says it may. */
export interface Block {
  /** The first address, as a number of 32 bits. */
  readonly start: number;
  /** Bits that are the same in all its addresses: 16 in `10.0.0.0/16`. */
  readonly prefix: number;
}

const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** @returns undefined where the text is no block, or begins in the middle of one */
export function parseBlock(text: unknown): Block | undefined {
  const match = typeof text === 'string' ? CIDR.exec(text) : null;
  if (!match) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if ([a, b, c, d].some((byte) => byte > 255) || prefix > 32) return undefined;
  const start = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  return start % blockSize(prefix) === 0 ? { start, prefix } : undefined;
}

export function blockText({ start, prefix }: Block): string {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
  return `${bytes.join('.')}/${prefix}`;
}

/** Addresses of a block. */
export const blockSize = (prefix: number): number => 2 ** (32 - prefix);

const last = ({ start, prefix }: Block): number => start + blockSize(prefix) - 1;

export const overlaps = (a: Block, b: Block): boolean => a.start <= last(b) && b.start <= last(a);

export const contains = (outer: Block, inner: Block): boolean =>
  outer.start <= inner.start && last(inner) <= last(outer);

/** The n-th part of a block that is cut into parts of this prefix. */
export const part = ({ start }: Block, prefix: number, n: number): Block => ({
  start: start + n * blockSize(prefix),
  prefix,
});
