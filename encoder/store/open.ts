import { FileStore } from './file-store';
import type { ChannelStores } from './store';

/** Opens what the environment's STORE names. */
export function openStores(location: string): ChannelStores {
  const store = new FileStore(location.slice('file:'.length));
  return { edge: store, general: store };
}
