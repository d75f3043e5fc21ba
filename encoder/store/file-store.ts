import { randomBytes } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import {
  link,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  unlink,
  type FileHandle,
} from 'node:fs/promises';
import path from 'node:path';
import { checkKey, checkPrefix, type ByteRange, type ObjectWriter, type SegmentStore } from './store';

/**
 * Objects as files under one folder. `link()` makes creation atomic and write-once: it fails where
 * the name exists, while `rename()` would overwrite. A writer that dies leaves only a file in the
 * folder of unfinished ones, which no key can name.
 */
export class FileStore implements SegmentStore {
  readonly #root: string;
  readonly #unfinished: string;
  readonly #folders = new Set<string>();

  constructor(root: string) {
    this.#root = path.resolve(root);
    this.#unfinished = path.join(this.#root, '.unfinished');
  }

  async create(key: string, body: readonly Uint8Array[]): Promise<boolean> {
    const writer = this.begin(key);
    try {
      await writer.append(body);
    } catch (error) {
      await writer.abort();
      throw error;
    }
    return writer.commit();
  }

  begin(key: string): ObjectWriter {
    const target = this.#path(key);
    const temporary = path.join(this.#unfinished, randomBytes(12).toString('hex'));
    let file: FileHandle | undefined;
    const opened = async (): Promise<FileHandle> => {
      await this.#folder(this.#unfinished);
      return (file ??= await open(temporary, 'wx'));
    };
    const finish = async (): Promise<void> => {
      await file?.close();
      if (file) await unlink(temporary);
      file = undefined;
    };
    return {
      append: async (chunks) => writeAll(await opened(), chunks),
      commit: async () => {
        await opened();
        try {
          await this.#folder(path.dirname(target));
          return await linked(temporary, target);
        } finally {
          await finish();
        }
      },
      abort: finish,
    };
  }

  /** Removes what writers that were killed have left unfinished. */
  async removeUnfinished(olderThanMs: number): Promise<void> {
    const names = await readdir(this.#unfinished).catch(() => []);
    for (const name of names) {
      const file = path.join(this.#unfinished, name);
      const age = await stat(file).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (age > olderThanMs) await rm(file, { force: true });
    }
  }

  async replace(key: string, body: readonly Uint8Array[]): Promise<void> {
    const target = this.#path(key);
    await this.#folder(this.#unfinished);
    await this.#folder(path.dirname(target));
    const temporary = path.join(this.#unfinished, randomBytes(12).toString('hex'));
    const file = await open(temporary, 'wx');
    try {
      await writeAll(file, body);
      await rename(temporary, target);
    } catch (error) {
      await unlink(temporary);
      throw error;
    } finally {
      await file.close();
    }
  }

  async read(key: string, range?: ByteRange): Promise<Buffer | undefined> {
    let file;
    try {
      file = await open(this.#path(key), constants.O_RDONLY);
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
    try {
      const stats = await file.stat();
      if (!stats.isFile()) return undefined;
      const { size } = stats;
      const start = Math.min(range?.start ?? 0, size);
      const length = Math.min(range?.end ?? size, size) - start;
      const buffer = Buffer.allocUnsafeSlow(Math.max(0, length));
      let read = 0;
      while (read < buffer.length) {
        const { bytesRead } = await file.read(buffer, read, buffer.length - read, start + read);
        if (bytesRead === 0) break;
        read += bytesRead;
      }
      return buffer.subarray(0, read);
    } finally {
      await file.close();
    }
  }

  async size(key: string): Promise<number | undefined> {
    try {
      const stats = await stat(this.#path(key));
      return stats.isFile() ? stats.size : undefined;
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    const target = this.#path(key);
    await rm(target, { force: true });
    await this.#removeEmptyFolder(path.dirname(target));
  }

  async list(prefix: string): Promise<string[]> {
    let entries: Dirent[];
    try {
      entries = await readdir(path.join(this.#root, checkPrefix(prefix)), {
        recursive: true,
        withFileTypes: true,
      });
    } catch (error) {
      if (isAbsence(error)) return [];
      throw error;
    }
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        path.relative(this.#root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'),
      );
  }

  /** Bundles leave one folder a segment behind; those above are kept. */
  async #removeEmptyFolder(folder: string): Promise<void> {
    if (!/^\d+$/.test(path.basename(folder))) return;
    this.#folders.delete(folder);
    await rmdir(folder).catch(() => undefined);
  }

  async #folder(folder: string): Promise<void> {
    if (this.#folders.has(folder)) return;
    await mkdir(folder, { recursive: true });
    this.#folders.add(folder);
  }

  #path(key: string): string {
    return path.join(this.#root, checkKey(key));
  }
}

/** @returns false where the name exists */
async function linked(existing: string, name: string): Promise<boolean> {
  try {
    await link(existing, name);
    return true;
  } catch (error) {
    if (code(error) === 'EEXIST') return false;
    throw error;
  }
}

async function writeAll(file: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  for (let at = 0; at < chunks.length; at += MAX_VECTORS) {
    const vectors = chunks.slice(at, at + MAX_VECTORS);
    const { bytesWritten } = await file.writev(vectors);
    const length = vectors.reduce((sum, vector) => sum + vector.length, 0);
    // A short write is legal (a full disk shows as one first); the rest then fails with the reason.
    if (bytesWritten < length) await file.writeFile(Buffer.concat(vectors).subarray(bytesWritten));
  }
}

/** Linux refuses more vectors than this in one call (IOV_MAX). */
const MAX_VECTORS = 1024;

const code = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
const isAbsence = (error: unknown): boolean => code(error) === 'ENOENT' || code(error) === 'ENOTDIR';
