/** Pulumi runs what was compiled: one that is older than its source would deploy yesterday's program. */
import { existsSync, globSync, statSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError } from './configuration-error';

/** What the program is compiled from. */
const SOURCES = ['components/**/*.ts', 'stacks/**/*.ts', 'encoder/contract/**/*.ts'];

/**
 * Only in a checkout: a package has no sources that could be newer.
 * @param root folder of the project
 * @throws ConfigurationError naming a file that is newer than the build
 */
export function refuseStaleBuild(root = path.resolve(__dirname, '../..')): void {
  const built = path.join(root, 'dist/.tsbuildinfo');
  if (!existsSync(path.join(root, 'stacks/index.ts')) || !existsSync(built)) return;
  const builtAt = statSync(built).mtimeMs;
  const newer = globSync(SOURCES, { cwd: root }).find(
    (file) => statSync(path.join(root, file)).mtimeMs > builtAt,
  );
  if (newer !== undefined)
    throw new ConfigurationError(`dist is older than ${newer}, so it is not this program: run make setup`);
}
