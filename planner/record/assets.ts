import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { WIRE } from '../graph/values';
import type { Fields } from '../graph/values';
import type { AssetMark, GraphValue } from '../graph/types';

/** Reads assets only to hash them: the graph holds no content. */
export class AssetReader {
  readonly #folder: string;
  readonly #missing: (file: string) => void;

  /** @param folder the program's folder, which relative paths begin at */
  constructor(folder: string, missing: (file: string) => void) {
    this.#folder = folder;
    this.#missing = missing;
  }

  mark(wire: Fields, encode: (value: unknown) => GraphValue): AssetMark {
    const kind = wire[WIRE.signature] === WIRE.archive ? 'archive' : 'asset';
    const { text, uri, path: file, assets } = wire;
    if (typeof file === 'string')
      return { $asset: { kind, path: this.#relative(file), ...this.#hashed(file) } };
    if (typeof uri === 'string') return { $asset: { kind, uri } };
    if (typeof text === 'string') return { $asset: { kind, ...digest(Buffer.from(text)) } };
    const members = Object.entries((assets ?? {}) as Fields).map(
      ([name, value]) => [name, encode(value)] as const,
    );
    const all = createHash('sha256').update(JSON.stringify(members.sort(([a], [b]) => (a < b ? -1 : 1))));
    return { $asset: { kind, hash: all.digest('hex'), members: Object.fromEntries(members) } };
  }

  #relative(file: string): string {
    return path.relative(this.#folder, path.resolve(this.#folder, file)).split(path.sep).join('/');
  }

  #hashed(file: string): { hash?: string; bytes?: number } {
    const full = path.resolve(this.#folder, file);
    try {
      return statSync(full).isDirectory() ? hashOfFolder(full) : digest(readFileSync(full));
    } catch {
      this.#missing(this.#relative(file));
      return {};
    }
  }
}

function digest(content: Buffer): { hash: string; bytes: number } {
  return { hash: createHash('sha256').update(content).digest('hex'), bytes: content.length };
}

/** Over the names and contents of its files, in the order of their names. */
function hashOfFolder(folder: string): { hash: string; bytes: number } {
  const hash = createHash('sha256');
  let bytes = 0;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const names = files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
  for (const name of names) {
    const content = readFileSync(path.join(folder, name));
    bytes += content.length;
    hash.update(`${name.split(path.sep).join('/')}\0${digest(content).hash}\n`);
  }
  return { hash: hash.digest('hex'), bytes };
}
