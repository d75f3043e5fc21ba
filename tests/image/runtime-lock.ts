/** What the image installs from npm, derived from the checkout's own lock files. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../../..');

/** Bundled into the player page when that is built. */
const BUNDLED = ['hls.js', 'uplot'];

interface Locked {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly [property: string]: unknown;
}

interface Lock {
  readonly packages: Readonly<Record<string, Locked>>;
}

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

export const readJson = <T>(file: string): T => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')) as T;

/** package.json of the image: the runtime's dependencies and the Node that set-up installs. */
export function imageManifest() {
  const { dependencies } = readJson<Manifest>('encoder/package.json');
  const { version, license } = readJson<Manifest>('package.json');
  const { optionalDependencies } = readJson<{ optionalDependencies: Record<string, string> }>(
    'scripts/node/package.json',
  );
  return {
    name: 'aws-media-runtime',
    version,
    private: true,
    license,
    type: 'commonjs',
    dependencies: Object.fromEntries(
      Object.entries(dependencies).filter(([name]) => !BUNDLED.includes(name)),
    ),
    optionalDependencies,
  };
}

/** Where Node finds a package that is asked for in a folder; folders as the lock file names them. */
function folderOf(packages: Lock['packages'], from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const found = at === '' || at === 'encoder' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (found in packages) return found;
    if (!at.includes('/node_modules/')) break;
  }
  return `node_modules/${name}` in packages ? `node_modules/${name}` : undefined;
}

/** package-lock.json of the image: the same versions with the same checksums as in the checkout. */
export function imageLock() {
  const { packages } = readJson<Lock>('package-lock.json');
  const node = readJson<Lock>('scripts/node/package-lock.json').packages;
  const manifest = imageManifest();
  const chosen = new Map<string, Locked>();
  const queue: [from: string, name: string, needed: boolean][] = Object.keys(manifest.dependencies).map(
    (name) => ['', name, true],
  );
  for (let next = queue.pop(); next; next = queue.pop()) {
    const [from, name, needed] = next;
    const folder = folderOf(packages, from, name);
    if (folder === undefined) {
      if (needed) throw new Error(`package-lock.json has no ${name} for ${from || 'the runtime'}`);
      continue;
    }
    if (chosen.has(folder)) continue;
    const locked = packages[folder]!;
    const marks = ['dev', 'peer', 'devOptional'];
    const kept = Object.entries(locked).filter(([property]) => !marks.includes(property));
    chosen.set(folder, Object.fromEntries(kept) as unknown as Locked);
    for (const other of Object.keys(locked.dependencies ?? {})) queue.push([folder, other, true]);
    for (const other of Object.keys(locked.optionalDependencies ?? {})) queue.push([folder, other, false]);
  }
  for (const [folder, locked] of Object.entries(node)) if (folder !== '') chosen.set(folder, locked);
  const { name, version, license, dependencies, optionalDependencies } = manifest;
  const sorted = [...chosen].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name, version, license, dependencies, optionalDependencies },
      ...Object.fromEntries(sorted),
    },
  };
}
