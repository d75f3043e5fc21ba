import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where this repository's packages are. */
const PACKAGES = path.resolve(path.dirname(require.resolve('@pulumi/pulumi/package.json')), '../..');

/** A program that both recorders run. */
export const STREAMS = path.resolve('tests/fixtures/programs/streams');

/** Runs something with a Pulumi project of these files, and takes it away afterwards. */
export async function withProgram<T>(
  files: { readonly [name: string]: string },
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'program-'));
  try {
    await symlink(PACKAGES, path.join(folder, 'node_modules'));
    const all = { 'Pulumi.yaml': 'name: demo\nruntime: nodejs\n', 'package.json': '{}', ...files };
    for (const [name, content] of Object.entries(all)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), content);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
