import { FileStore } from './file-store';
import type { ChannelStores } from './store';

/** Opens what the environment's STORE names. */
export function openStores(location: string): ChannelStores {
  const store = new FileStore(location.slice('file:'.length));
  return { edge: store, general: store };
}

/** Far longer than an object takes to write. */
const UNFINISHED_MS = 10 * 60_000;

/** Clears away what killed writers have left in a file store. */
export async function removeUnfinished(location: string): Promise<void> {
  await new FileStore(location.slice('file:'.length)).removeUnfinished(UNFINISHED_MS);
}
