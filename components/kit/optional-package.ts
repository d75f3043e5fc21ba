/** Packages that only some components need: the user installs them, and they are loaded where they are used. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { RunError } from '@pulumi/pulumi';

/** The optional peers of package.json; a test compares. */
export const OPTIONAL_PACKAGES = ['@pulumi/awsx', '@pulumi/eks', '@pulumi/policy'] as const;
export type OptionalPackage = (typeof OPTIONAL_PACKAGES)[number];

/** A package, or a part of it, as in `@pulumi/awsx/ec2`. */
export type OptionalRequest = OptionalPackage | `${OptionalPackage}/${string}`;

/**
 * Loads an optional package, or a part of it. Name its type by `import type`, which leaves nothing in the JavaScript;
 * in a public declaration it would ask every user for the package's types.
 * @example
 * import type * as ec2 from '@pulumi/awsx/ec2';
 * const { Vpc } = loadOptional<typeof ec2>('@pulumi/awsx/ec2', 'MediaVpc "main"');
 * @param neededBy who needs it, for the message
 * @throws RunError, which Pulumi shows without a stack, with the command that installs it: where it is absent, or of
 * a version outside the range of the peer in package.json
 */
export function loadOptional<Module>(request: OptionalRequest, neededBy: string): Module {
  const name = OPTIONAL_PACKAGES.find((each) => request === each || request.startsWith(`${each}/`));
  if (name === undefined) {
    throw new RangeError(`${request} is no optional package; there are ${OPTIONAL_PACKAGES.join(', ')}`);
  }
  // Of this file, because that is where npm puts the peers of this package.
  const load = createRequire(__filename);
  const range = rangeOf(name);
  const command = `npm install ${name}@^${range.least.join('.')}`;
  const manifest = manifestOf(name, load);
  if (manifest === undefined) {
    throw new RunError(
      `${neededBy} needs the package ${name} (${range.text}), which is not installed. Run: ${command}`,
    );
  }
  if (!isWithin(manifest.version, range)) {
    throw new RunError(
      `${neededBy} needs the package ${name} in a version ${range.text}; installed is ${manifest.version} ` +
        `(${manifest.folder}). Run: ${command}`,
    );
  }
  return load(request) as Module;
}

type Version = readonly [major: number, minor: number, patch: number];

interface Range {
  readonly text: string;
  /** The first version in it. */
  readonly least: Version;
  /** The first major version past it. */
  readonly below: number;
}

const MANIFEST = path.join(__dirname, '..', '..', '..', 'package.json');

function rangeOf(name: OptionalPackage): Range {
  const { peerDependencies } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as {
    peerDependencies: Record<string, string>;
  };
  const text = peerDependencies[name] ?? '';
  const match = /^>=(\d+)\.(\d+)\.(\d+) <(\d+)$/.exec(text);
  if (match === null) throw new Error(`package.json: the peer ${name} is '${text}', not '>=1.2.3 <2'`);
  const [major, minor, patch, below] = match.slice(1).map(Number) as [number, number, number, number];
  return { text, least: [major, minor, patch], below };
}

function manifestOf(
  name: OptionalPackage,
  load: NodeJS.Require,
): { readonly version: string; readonly folder: string } | undefined {
  let file: string;
  try {
    file = load.resolve(`${name}/package.json`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return { version, folder: path.dirname(file) };
}

/**
 * A prerelease counts as its release, but is below the first version of a range. Some of Pulumi's own packages
 * write `v1.21.0`.
 */
function isWithin(version: string, { least, below }: Range): boolean {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(-)?/.exec(version);
  if (match === null) return false;
  const numbers = match.slice(1, 4).map(Number);
  if (numbers[0]! >= below) return false;
  const differing = numbers.findIndex((number, n) => number !== least[n]);
  if (differing === -1) return match[4] === undefined;
  return numbers[differing]! > least[differing]!;
}
