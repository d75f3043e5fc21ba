/** Blocks of IPv4 addresses. */
export interface Block {
  /** As a number; need not be the first of the block, as in 10.0.128.32/17. */
  readonly address: number;
  readonly mask: number;
}

/** @throws Error where the text is no block. */
export function blockOf(text: string): Block {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  const numbers = (match ?? []).slice(1).map(Number);
  const [mask = 0] = numbers.slice(4);
  if (!match || mask > 32 || numbers.slice(0, 4).some((byte) => byte > 255)) {
    throw new Error(`${JSON.stringify(text)} is no block of IPv4 addresses; give one such as 10.0.0.0/16`);
  }
  return { address: numbers.slice(0, 4).reduce((all, byte) => all * 256 + byte, 0), mask };
}

export function textOf({ address, mask }: Block): string {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return `${bytes.join('.')}/${mask}`;
}

export function sizeOf(mask: number): number {
  return 2 ** (32 - mask);
}

export function first({ address, mask }: Block): number {
  return Math.floor(address / sizeOf(mask)) * sizeOf(mask);
}

export function last(block: Block): number {
  return first(block) + sizeOf(block.mask) - 1;
}

export function overlap(a: Block, b: Block): boolean {
  return first(a) <= last(b) && first(b) <= last(a);
}

export function contains(block: Block, address: number): boolean {
  return first(block) <= address && address <= last(block);
}

/** The block itself, from its first address. */
export function aligned({ address, mask }: Block): Block {
  return { address: first({ address, mask }), mask };
}

/** The next block of a size that begins after all of this one, and on a border of its own size. */
export function after(block: Block, mask: number): Block {
  return { address: last({ address: last(block), mask }) + 1, mask };
}
