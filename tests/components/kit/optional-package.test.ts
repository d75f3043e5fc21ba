import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RunError } from '@pulumi/pulumi';
import { expect } from 'chai';
import { loadOptional, OPTIONAL_PACKAGES } from '../../../components/kit/optional-package';
import type * as policy from '@pulumi/policy';

const requireHere = createRequire(__filename);
const MANIFEST = path.resolve('package.json');

interface Manifest {
  readonly peerDependencies: Record<string, string>;
  readonly peerDependenciesMeta: Record<string, { readonly optional?: boolean }>;
}
const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Manifest;

describe('an optional package', () => {
  let folder: string;
  let load: typeof loadOptional;

  /** Installs this package alone, with none of its optional peers. Anew each time, as Node remembers what it found. */
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'optional-'));
    const own = path.join(folder, 'node_modules/pulumi-aws-media');
    const kit = path.join(own, 'dist/components/kit');
    mkdirSync(kit, { recursive: true });
    copyFileSync(MANIFEST, path.join(own, 'package.json'));
    const file = path.join(kit, 'optional-package.js');
    copyFileSync(requireHere.resolve('../../../components/kit/optional-package'), file);
    mkdirSync(path.join(folder, 'node_modules/@pulumi'));
    symlinkSync(
      path.resolve('node_modules/@pulumi/pulumi'),
      path.join(folder, 'node_modules/@pulumi/pulumi'),
    );
    load = (requireHere(file) as { loadOptional: typeof loadOptional }).loadOptional;
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  /** Puts a package of that version there, and takes it away afterwards. */
  function having<T>(name: string, version: string, use: (at: string) => T): T {
    const at = path.join(folder, 'node_modules', name);
    mkdirSync(at, { recursive: true });
    writeFileSync(path.join(at, 'package.json'), JSON.stringify({ name, version }));
    writeFileSync(path.join(at, 'index.js'), `exports.version = ${JSON.stringify(version)};`);
    writeFileSync(path.join(at, 'part.js'), 'exports.part = true;');
    try {
      return use(at);
    } finally {
      rmSync(at, { recursive: true });
    }
  }

  it('is loaded, also in part, from what is installed', () => {
    expect(loadOptional<typeof policy>('@pulumi/policy', 'a test').PolicyPack).to.be.a('function');
    having('@pulumi/awsx', '3.9.0', () => {
      expect(load('@pulumi/awsx', 'a test')).to.deep.equal({ version: '3.9.0' });
      expect(load('@pulumi/awsx/part', 'a test')).to.deep.equal({ part: true });
    });
  });

  it('that is absent is asked for with the command that installs it, and no stack', () => {
    for (const [name, range, command] of [
      ['@pulumi/awsx', '>=3.9.0 <4', '@pulumi/awsx@^3.9.0'],
      ['@pulumi/eks', '>=4.3.0 <5', '@pulumi/eks@^4.3.0'],
      ['@pulumi/policy', '>=1.21.0 <2', '@pulumi/policy@^1.21.0'],
    ] as const) {
      const message = `MediaVpc "main" needs the package ${name} (${range}), which is not installed. Run: npm install ${command}`;
      expect(() => load(name, 'MediaVpc "main"'))
        .to.throw(message)
        .that.satisfies((error: unknown) => RunError.isInstance(error));
    }
  });

  it('of a version outside the range is refused, with both named', () => {
    for (const version of [
      '2.22.0',
      '3.8.9',
      '3.9.0-alpha.1',
      '4.0.0',
      '4.0.0-beta.1',
      '10.0.0',
      'unknown',
    ]) {
      having('@pulumi/awsx', version, (at) => {
        expect(() => load('@pulumi/awsx/part', 'MediaVpc "main"')).to.throw(
          `MediaVpc "main" needs the package @pulumi/awsx in a version >=3.9.0 <4; installed is ${version} (${at}). ` +
            'Run: npm install @pulumi/awsx@^3.9.0',
        );
      });
    }
  });

  it('of every version inside the range is taken', () => {
    for (const version of ['3.9.0', 'v3.9.0', '3.9.1', '3.10.0', '3.10.0-alpha.1', '3.99.99+build']) {
      having('@pulumi/awsx', version, () => {
        expect(load('@pulumi/awsx/part', 'a test'), version).to.deep.equal({ part: true });
      });
    }
  });

  it('that fails while it loads fails with its own error', () => {
    having('@pulumi/eks', '4.3.0', (at) => {
      writeFileSync(path.join(at, 'broken.js'), `require('@pulumi/kubernetes-of-another-time');`);
      expect(() => load('@pulumi/eks/broken', 'a test')).to.throw('@pulumi/kubernetes-of-another-time');
    });
  });

  it('is one of the optional peers of package.json, whose ranges end before the next major version', () => {
    const optional = Object.entries(manifest.peerDependenciesMeta).filter(([, { optional }]) => optional);
    expect(optional.map(([name]) => name)).to.deep.equal([...OPTIONAL_PACKAGES]);
    for (const name of OPTIONAL_PACKAGES) {
      const [, major, below] = /^>=(\d+)\.\d+\.\d+ <(\d+)$/.exec(manifest.peerDependencies[name] ?? '') ?? [];
      // The command's ^ is the whole range then.
      expect(Number(below), name).to.equal(Number(major) + 1);
    }
    expect(() => loadOptional('@pulumi/awsxx' as '@pulumi/awsx', 'a test')).to.throw(
      RangeError,
      '@pulumi/awsx,',
    );
  });
});
