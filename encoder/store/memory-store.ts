import { checkKey, checkPrefix, type ByteRange, type ObjectWriter, type SegmentStore } from './store';

/** Holds objects in this process: for tests, and for everything that needs no disk. */
export class MemoryStore implements SegmentStore {
  readonly #objects = new Map<string, Buffer>();

  async create(key: string, body: readonly Uint8Array[]): Promise<boolean> {
    if (this.#objects.has(checkKey(key))) return false;
    this.#objects.set(key, Buffer.concat(body));
    return true;
  }

  begin(key: string): ObjectWriter {
    checkKey(key);
    const body: Uint8Array[] = [];
    return {
      append: async (chunks) => void body.push(...chunks),
      commit: () => this.create(key, body),
      abort: async () => undefined,
    };
  }

  async replace(key: string, body: readonly Uint8Array[]): Promise<void> {
    this.#objects.set(checkKey(key), Buffer.concat(body));
  }

  async read(key: string, range?: ByteRange): Promise<Buffer | undefined> {
    const object = this.#objects.get(checkKey(key));
    return range ? object?.subarray(range.start, range.end) : object;
  }

  async size(key: string): Promise<number | undefined> {
    return this.#objects.get(checkKey(key))?.length;
  }

  async delete(key: string): Promise<void> {
    this.#objects.delete(checkKey(key));
  }

  async list(prefix: string): Promise<string[]> {
    checkPrefix(prefix);
    return [...this.#objects.keys()].filter((key) => key.startsWith(prefix));
  }
}
