/**
 * Writes what is in an image, as CycloneDX 1.5: `node sbom.js FILE`, run in the image that it is of. Packages of
 * Debian as dpkg has them, npm's as the lock file has them, and Node.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

interface Hash {
  readonly alg: 'SHA-512';
  readonly content: string;
}

/** Of CycloneDX 1.5, the properties that are used here. */
export interface Component {
  readonly type: 'library' | 'application' | 'operating-system';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly hashes?: readonly Hash[];
  readonly licenses?: readonly { readonly license: { readonly name: string } }[];
}

export interface Bom {
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: '1.5';
  readonly version: 1;
  readonly metadata: {
    readonly component: Component;
    readonly properties: readonly { readonly name: string; readonly value: string }[];
  };
  readonly components: readonly Component[];
}

/** package-lock.json, the properties that are used here. */
export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly name?: string;
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly os?: string | readonly string[];
}

/** What dpkg-query writes with {@link DPKG_FORMAT}. */
export const DPKG_FORMAT = '${binary:Package}\t${Version}\t${Architecture}\t${db:Status-Abbrev}\n';

/** @param release of /etc/os-release */
export function debianComponents(listing: string, release: Readonly<Record<string, string>>): Component[] {
  const { ID: id = 'debian', VERSION_CODENAME: codename = '' } = release;
  const components: Component[] = [];
  for (const line of listing.split('\n').filter(Boolean)) {
    const [qualified = '', version = '', architecture = '', status = ''] = line.split('\t');
    // Installed; others are remains of what was removed.
    if (!status.startsWith('ii')) continue;
    const name = qualified.replace(/:.*/, '');
    const distro = codename && `&distro=${encodeURIComponent(codename)}`;
    const purl = `pkg:deb/${id}/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}${distro}`;
    components.push({ type: 'library', 'bom-ref': purl, name, version, purl });
  }
  return components;
}

/** What the lock file installs; not Node, which is told by itself. */
export function npmComponents(lock: Lock): Component[] {
  const components = new Map<string, Component>();
  for (const [folder, { name: own, version = '', integrity = '', license, os }] of Object.entries(
    lock.packages,
  )) {
    if (folder === '' || os !== undefined) continue;
    const name = own ?? folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
    const content = Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
    components.set(purl, {
      type: 'library',
      'bom-ref': purl,
      name,
      version,
      purl,
      ...(integrity.startsWith('sha512-') && { hashes: [{ alg: 'SHA-512', content }] }),
      ...(license !== undefined && { licenses: [{ license: { name: license } }] }),
    });
  }
  return [...components.values()];
}

/** `NAME=value` and `NAME="value"`, a line each. */
export const parseRelease = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/^(\w+)="?([^"\n]*)"?$/gm)].map(([, name = '', value = '']) => [name, value]),
  );

/** Node's names of the architectures that images are of, by Debian's. */
const NODE_ARCHITECTURES: Readonly<Record<string, string>> = { amd64: 'x64', arm64: 'arm64' };

/**
 * Which architecture an image is of.
 * @param debian as dpkg says it
 * @param node as Node says what it was compiled for
 * @returns Debian's name, which is that of registries too
 * @throws Error where Node is of another: npm ran for the machine that builds, and only an emulator hides it
 */
export function imageArchitecture(debian: string, node: string): string {
  const wanted = NODE_ARCHITECTURES[debian];
  if (node === wanted) return debian;
  const allowed = wanted ?? `none: images are of ${Object.keys(NODE_ARCHITECTURES).join(' or ')}`;
  throw new Error(`sbom: Debian is of ${debian} and Node of ${node}; allowed: ${allowed}`);
}

export function bom(parts: {
  readonly name: string;
  readonly version: string;
  /** As {@link imageArchitecture} answers it. */
  readonly architecture: string;
  readonly node: string;
  readonly release: Readonly<Record<string, string>>;
  readonly debian: readonly Component[];
  readonly npm: readonly Component[];
}): Bom {
  const { name, version, architecture, node, release, debian, npm } = parts;
  const nodeUrl = `pkg:generic/node@${node}?arch=${architecture}&os=linux`;
  const { ID: id = 'debian', VERSION_ID: versionId = '' } = release;
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: { type: 'application', 'bom-ref': `pkg:npm/${name}@${version}`, name, version },
      properties: [{ name: 'aws-media:platform', value: `linux/${architecture}` }],
    },
    components: [
      { type: 'operating-system', 'bom-ref': `os:${id}`, name: id, version: versionId },
      {
        type: 'application',
        'bom-ref': nodeUrl,
        name: 'node',
        version: node,
        purl: nodeUrl,
      },
      ...debian,
      ...npm,
    ],
  };
}

function main([file]: readonly string[]): void {
  if (file === undefined) throw new Error('sbom: say into which file');
  const app = path.resolve(__dirname, '..', '..', '..');
  const read = (name: string): unknown => JSON.parse(readFileSync(path.join(app, name), 'utf8'));
  const { name, version } = read('package.json') as { name: string; version: string };
  const release = parseRelease(readFileSync('/etc/os-release', 'utf8'));
  const ask = (program: string, ...list: string[]) => execFileSync(program, list, { encoding: 'utf8' });
  const listing = ask('dpkg-query', '--show', `--showformat=${DPKG_FORMAT}`);
  const found = bom({
    name,
    version,
    architecture: imageArchitecture(ask('dpkg', '--print-architecture').trim(), process.arch),
    node: process.versions.node,
    release,
    debian: debianComponents(listing, release),
    npm: npmComponents(read('package-lock.json') as Lock),
  });
  writeFileSync(file, `${JSON.stringify(found, undefined, 1)}\n`);
  process.stdout.write(`sbom: ${found.components.length} components in ${file}\n`);
}

if (require.main === module) main(process.argv.slice(2));
