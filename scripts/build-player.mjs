// Builds the player page into dist/encoder/player: index.html, player.js and player.css, which the origin
// serves at /player/. The page's pure parts are also written as CommonJS modules, for the tests.
//
//   node scripts/build-player.mjs [output folder]
//
// Does nothing when the outputs are newer than everything that they are made of.
import { build } from 'esbuild';
import { copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'encoder/player');
const contract = join(root, 'encoder/contract');
const output = resolve(process.argv[2] ?? join(root, 'dist/encoder/player'));
const page = ['index.html', 'player.js', 'player.css'];
const pure = ['stalls', 'catch-up', 'samples', 'blocking-reload'];
const require = createRequire(join(root, 'encoder/package.json'));

const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const inFolder = (folder) => readdirSync(folder).map((name) => join(folder, name));
const inputs = [
  fileURLToPath(import.meta.url),
  ...inFolder(source),
  ...inFolder(contract),
  // A package that was updated has a new package.json.
  require.resolve('hls.js/package.json'),
  require.resolve('uplot/package.json'),
];
const outputs = [...page, ...pure.map((name) => `${name}.js`)].map((name) => join(output, name));

if (Math.min(...outputs.map(modified)) <= Math.max(...inputs.map(modified))) {
  mkdirSync(output, { recursive: true });
  const shared = { outdir: output, target: 'es2022', logLevel: 'warning', absWorkingDir: root };
  await Promise.all([
    build({
      ...shared,
      entryPoints: [join(source, 'player.ts'), join(source, 'player.css')],
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      legalComments: 'inline',
    }),
    build({
      ...shared,
      entryPoints: pure.map((name) => join(source, `${name}.ts`)),
      format: 'cjs',
      platform: 'node',
    }),
  ]);
  copyFileSync(join(source, 'index.html'), join(output, 'index.html'));
  console.log(`player: built, ${Math.round(statSync(join(output, 'player.js')).size / 1024)} KiB of script`);
}
