// Runs the measurements in bench/ one after another, because each needs the machine for itself:
//   node scripts/bench.mjs             all of them
//   node scripts/bench.mjs packager    those whose file names contain a word
// A figure that misses its aim is printed as missed; only a measurement that could not be made fails.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

process.chdir(join(import.meta.dirname, '..'));
const words = process.argv.slice(2);
const files = globSync('bench/**/*.bench.ts')
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) {
  console.error(
    `bench: no file bench/**/*.bench.ts ${words.length === 0 ? 'yet' : `has ${words.join(' or ')} in its name`}`,
  );
  process.exit(64);
}

/** @type {string[]} */
const failed = [];
for (const file of files) {
  console.log(`\n== ${file}`);
  const compiled = join('dist', file.replace(/\.ts$/, '.js'));
  if (!existsSync(compiled)) {
    console.error(`bench: ${compiled} is not built. Run make setup, then try again.`);
    failed.push(file);
    continue;
  }
  const { status, signal } = spawnSync(process.execPath, ['--enable-source-maps', compiled], {
    stdio: 'inherit',
  });
  // Ctrl-C reaches the measurement by itself; the next one must not start.
  if (signal === 'SIGINT' || status === 130) process.exit(130);
  if (status !== 0) failed.push(file);
}
if (failed.length > 0) {
  console.error(`\nbench: could not be measured: ${failed.join(', ')}. The reason is in the output above.`);
  process.exitCode = 1;
}
