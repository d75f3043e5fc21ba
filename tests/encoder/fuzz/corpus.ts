/** The inputs that fuzzing begins with: small real files, and whatever failed once. See tests/fixtures/corpus/README.md. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.join('tests', 'fixtures', 'corpus');

export interface Entry {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Every file of one kind, by name. */
export function corpusFiles(kind: 'boxes' | 'bundles'): Entry[] {
  const folder = path.join(FOLDER, kind);
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, bytes: readFileSync(path.join(folder, name)) }));
}

/** Lines of a text file of the corpus; those that begin with `# ` are comments. */
export const corpusLines = (file: 'requests.txt'): string[] =>
  readFileSync(path.join(FOLDER, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '));
