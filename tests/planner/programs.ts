import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';

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

export const EXAMPLES = path.resolve('examples');

const PRODUCT = path.resolve(__dirname, '../../components');

/**
 * Runs something with a copy of an example that is installed as a user would install it: this repository's packages,
 * and the product itself as `pulumi-aws-media`.
 */
export async function withExample<T>(name: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'example-'));
  try {
    const from = path.join(EXAMPLES, name);
    await cp(from, folder, { recursive: true, filter: (file) => path.basename(file) !== 'node_modules' });
    const packages = path.join(folder, 'node_modules');
    await mkdir(path.join(packages, 'pulumi-aws-media'), { recursive: true });
    for (const each of await readdir(PACKAGES)) {
      if (each !== 'pulumi-aws-media') await symlink(path.join(PACKAGES, each), path.join(packages, each));
    }
    for (const [file, built] of Object.entries({
      'index.js': PRODUCT,
      'eks.js': path.join(PRODUCT, 'eks'),
    })) {
      const product = `module.exports = require(${JSON.stringify(built)});\n`;
      await writeFile(path.join(packages, 'pulumi-aws-media', file), product);
    }
    // Its paths lead to this repository's sources.
    await rm(path.join(folder, 'tsconfig.json'), { force: true });
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The program of a folder as a function in this process, which gives what the program exports. */
export function evaluated(folder: string): () => unknown {
  const manifest = createRequire(path.join(folder, 'any.js'))('./package.json') as { main?: string };
  const entry = path.join(folder, manifest.main ?? 'index.ts');
  const { outputFiles } = buildSync({
    ...{ entryPoints: [entry], bundle: true, packages: 'external', write: false },
    ...{ platform: 'node', format: 'cjs', target: 'node22' },
  });
  return () => {
    const module = new Module(path.join(folder, 'bundle.js')) as Module & {
      _compile(code: string, file: string): void;
    };
    module.filename = path.join(folder, 'bundle.js');
    module.paths = [PACKAGES];
    const require = createRequire(__filename);
    module.require = ((id: string): unknown =>
      require(id === 'pulumi-aws-media' ? PRODUCT : id)) as NodeJS.Require;
    module._compile(outputFiles[0]?.text ?? '', module.filename);
    const exported = module.exports as { default?: unknown };
    const program = exported.default ?? exported;
    return typeof program === 'function' ? (program as () => unknown)() : program;
  };
}
