/**
 * The package as other teams have it: what `npm pack` makes, unpacked into a `node_modules` beside what package.json
 * declares and its users must have. No registry is asked: those packages are links to the repository's own, so one
 * that is not declared is not found by this package, however deep npm would have hoisted it.
 */
import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NAME = 'pulumi-aws-media';

/** What a user of TypeScript or of an editor has besides. */
const TOOLS = ['@types/node'];

export interface Manifest {
  readonly version: string;
  readonly dependencies: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly peerDependenciesMeta: Record<string, { readonly optional?: boolean }>;
}

export interface Installed {
  /** Of the user: programs in it find the package. */
  readonly folder: string;
  /** Of the package itself. */
  readonly package: string;
  readonly manifest: Manifest;
  /** Bytes of the tarball. */
  readonly packedSize: number;
  /** In the tarball, relative to the package. */
  readonly files: readonly string[];
}

let installed: Promise<Installed> | undefined;

/** Packs and installs on the first call; what was installed goes when the process ends. */
export function install(): Promise<Installed> {
  installed ??= installNow();
  return installed;
}

async function installNow(): Promise<Installed> {
  const folder = await mkdtemp(path.join(tmpdir(), 'installed-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    maxBuffer: 1 << 26,
    timeout: 60_000,
  });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [
    {
      readonly filename: string;
      readonly size: number;
      readonly files: readonly { readonly path: string }[];
    },
  ];
  const own = path.join(folder, 'node_modules', NAME);
  await mkdir(own, { recursive: true });
  await run('tar', ['-xzf', path.join(folder, packed.filename), '-C', own, '--strip-components=1'], {
    timeout: 30_000,
  });
  const manifest = JSON.parse(readFileSync(path.join(own, 'package.json'), 'utf8')) as Manifest;
  for (const name of [...required(manifest), ...TOOLS]) {
    const link = path.join(folder, 'node_modules', name);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.resolve('node_modules', name), link);
  }
  return {
    ...{ folder, package: own, manifest, packedSize: packed.size },
    files: packed.files.map((file) => file.path),
  };
}

/** What npm installs with the package: optional peers are the user's choice. */
const required = ({ dependencies, peerDependencies, peerDependenciesMeta }: Manifest): string[] => [
  ...Object.keys(dependencies),
  ...Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true),
];

/**
 * Puts a program beside the installed package. Its TypeScript lies here as `.mts` or `.cts`, which the project's own
 * build leaves alone, and is `.ts` there, as users have it.
 * @returns its folder
 */
export async function placeProgram(source: string): Promise<string> {
  const { folder } = await install();
  const place = path.join(folder, path.basename(source));
  await cp(source, place, { recursive: true });
  for (const name of await readdir(place)) {
    if (!/\.[cm]ts$/.test(name)) continue;
    await rename(path.join(place, name), path.join(place, name.replace(/\.[cm]ts$/, '.ts')));
  }
  return place;
}
