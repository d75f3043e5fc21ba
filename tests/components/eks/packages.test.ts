import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RunError } from '@pulumi/pulumi';
import { expect } from 'chai';
import type { loadPackages } from '../../../components/eks/packages';

const requireHere = createRequire(__filename);
const FILES = ['eks/packages', 'kit/optional-package'];
const ENTRY = path.resolve(__dirname, '../../../components/eks');

describe('the entry pulumi-aws-media/eks', () => {
  let folder: string;
  let load: typeof loadPackages;

  /** Installs what loads the packages, without them. */
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'eks-packages-'));
    const own = path.join(folder, 'node_modules/pulumi-aws-media');
    for (const file of FILES) {
      const to = path.join(own, 'dist/components', `${file}.js`);
      mkdirSync(path.dirname(to), { recursive: true });
      copyFileSync(requireHere.resolve(`../../../components/${file}`), to);
    }
    copyFileSync(path.resolve('package.json'), path.join(own, 'package.json'));
    mkdirSync(path.join(folder, 'node_modules/@pulumi'));
    const sdk = path.join(folder, 'node_modules/@pulumi/pulumi');
    symlinkSync(path.dirname(requireHere.resolve('@pulumi/pulumi/package.json')), sdk);
    const file = path.join(own, 'dist/components/eks/packages.js');
    load = (requireHere(file) as { loadPackages: typeof loadPackages }).loadPackages;
  });

  after(() => rmSync(folder, { recursive: true }));

  it('says how to install @pulumi/eks where it is absent', () => {
    expect(() => load('NvencEncodeFleetOnEks "live"')).to.throw(
      RunError,
      'NvencEncodeFleetOnEks "live" needs the package @pulumi/eks (>=4.3.0 <5), which is not installed. Run: npm install @pulumi/eks@^4.3.0',
    );
  });

  it('takes the @pulumi/kubernetes of @pulumi/eks, also where only that one finds it', () => {
    const eks = path.join(folder, 'node_modules/@pulumi/eks');
    const kubernetes = path.join(eks, 'node_modules/@pulumi/kubernetes');
    mkdirSync(kubernetes, { recursive: true });
    for (const [at, name] of [
      [eks, '@pulumi/eks'],
      [kubernetes, '@pulumi/kubernetes'],
    ] as const) {
      writeFileSync(path.join(at, 'package.json'), JSON.stringify({ name, version: '4.30.0' }));
      writeFileSync(path.join(at, 'index.js'), `exports.is = '${name}';`);
    }
    expect(load('a test')).to.deep.equal({
      eks: { is: '@pulumi/eks' },
      kubernetes: { is: '@pulumi/kubernetes' },
    });
  });

  it('loads neither of them before a fleet is made', () => {
    const files = readdirSync(ENTRY).filter((name) => name.endsWith('.js'));
    expect(files).to.have.length.above(15);
    for (const name of files) {
      expect(readFileSync(path.join(ENTRY, name), 'utf8'), name).not.to.match(
        /require\("@pulumi\/(?:eks|kubernetes)/,
      );
    }
  });
});
