import { randomBytes } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { ByteRange, SegmentStore } from './store';

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
    const target = this.#path(key);
    const temporary = await this.#write(target, body);
    try {
      await link(temporary, target);
      return true;
    } catch (error) {
      if (code(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await unlink(temporary);
    }
  }

  async replace(key: string, body: readonly Uint8Array[]): Promise<void> {
    const target = this.#path(key);
    await rename(await this.#write(target, body), target);
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
      const { size } = await file.stat();
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
      return (await stat(this.#path(key))).size;
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
      entries = await readdir(this.#path(prefix), { recursive: true, withFileTypes: true });
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
    await rm(folder, { recursive: false, force: true }).catch(() => undefined);
  }

  async #write(target: string, body: readonly Uint8Array[]): Promise<string> {
    await this.#folder(this.#unfinished);
    await this.#folder(path.dirname(target));
    const temporary = path.join(this.#unfinished, randomBytes(12).toString('hex'));
    const file = await open(temporary, 'wx');
    try {
      for (let at = 0; at < body.length; at += MAX_VECTORS) {
        const vectors = body.slice(at, at + MAX_VECTORS);
        const { bytesWritten } = await file.writev(vectors);
        const length = vectors.reduce((sum, vector) => sum + vector.length, 0);
        // A short write is legal (a full disk shows as one first); the rest then fails with the reason.
        if (bytesWritten < length) await file.writeFile(Buffer.concat(vectors).subarray(bytesWritten));
      }
    } catch (error) {
      await file.close();
      await unlink(temporary);
      throw error;
    }
    await file.close();
    return temporary;
  }

  async #folder(folder: string): Promise<void> {
    if (this.#folders.has(folder)) return;
    await mkdir(folder, { recursive: true });
    this.#folders.add(folder);
  }

  #path(key: string): string {
    if (!/^[a-z0-9][a-z0-9./-]*$/.test(key) || key.includes('..') || key.includes('//')) {
      throw new RangeError(`no key of this store: ${JSON.stringify(key)}`);
    }
    return path.join(this.#root, key);
  }
}

/** Linux refuses more vectors than this in one call (IOV_MAX). */
const MAX_VECTORS = 1024;

const code = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
const isAbsence = (error: unknown): boolean => code(error) === 'ENOENT' || code(error) === 'ENOTDIR';
