/** What must hold for any object that stands where a bundle should: a stray writer's, or one that was damaged. */
import { isDeepStrictEqual } from 'node:util';
import { MemoryStore } from '../../../encoder/store/memory-store';
import { CorruptObjectError, readBundle, type Bundle } from '../../../encoder/store/bundle';
import { keys } from '../../../encoder/contract';
import type { Random } from './random';

/** @throws Error where anything but the documented error comes out. @returns whether it was taken for a bundle */
export async function checkBundle(bytes: Buffer): Promise<boolean> {
  const store = new MemoryStore();
  await store.create(keys.bundle('news', 1, 0), [bytes]);
  try {
    const bundle = await readBundle(store, 'news', 1, 0);
    if (bundle) checkTaken(bytes, bundle);
    return bundle !== undefined;
  } catch (error) {
    if (error instanceof CorruptObjectError) return false;
    throw new Error(`not a CorruptObjectError: ${String(error)}`, { cause: error });
  }
}

/** It is what its bytes say, by the layout: `AMB1`, the header's length, the header. */
function checkTaken(bytes: Buffer, bundle: Bundle): void {
  if (bytes.toString('latin1', 0, 4) !== 'AMB1')
    throw new Error('what does not begin with AMB1 is no bundle');
  const end = 8 + bytes.readUInt32BE(4);
  if (end > bytes.length) throw new Error('a header that is cut off is none');
  const header = JSON.parse(bytes.toString('utf8', 8, end)) as object;
  if (!isDeepStrictEqual(bundle, { ...header, mediaStart: end }))
    throw new Error('not the header that is there');
}

/** Flips bits, cuts it off, and writes lengths at which something turns over. */
export function mutateBundle(bytes: Buffer, random: Random): Buffer {
  let out = Buffer.from(bytes);
  for (let count = random.few(4); count > 0 && out.length > 8; count--) {
    const kind = random.below(4);
    if (kind === 0) out = out.subarray(0, random.below(out.length + 1));
    else if (kind === 1) {
      const length = random.pick([
        0,
        1,
        8,
        out.length - 8,
        out.length - 7,
        4088,
        4089,
        2 ** 20,
        2 ** 31,
        2 ** 32 - 1,
      ]);
      out.writeUInt32BE(length, 4);
    } else {
      const at = random.below(kind === 2 ? 8 : out.length);
      out[at] = out[at]! ^ (1 << random.below(8));
    }
  }
  return out;
}
