import { expect } from 'chai';
import {
  bom,
  debianComponents,
  imageArchitecture,
  npmComponents,
  parseRelease,
  type Lock,
} from '../../encoder/image/sbom';
import { imageLock } from './runtime-lock';

const RELEASE =
  'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n';
const LISTING = [
  'ffmpeg\t7:5.1.9-0+deb12u1\tamd64\tii ',
  'libsrt1.5-gnutls:amd64\t1.5.1-1+deb12u2\tamd64\tii ',
  'tzdata\t2025b-0+deb12u2\tall\trc ',
  '',
].join('\n');

describe('the list of what is in an image', () => {
  const release = parseRelease(RELEASE);

  it("names Debian's packages by package URL, and leaves out what was removed", () => {
    expect(debianComponents(LISTING, release)).to.deep.equal([
      {
        type: 'library',
        'bom-ref': 'pkg:deb/debian/ffmpeg@7%3A5.1.9-0%2Bdeb12u1?arch=amd64&distro=bookworm',
        name: 'ffmpeg',
        version: '7:5.1.9-0+deb12u1',
        purl: 'pkg:deb/debian/ffmpeg@7%3A5.1.9-0%2Bdeb12u1?arch=amd64&distro=bookworm',
      },
      {
        type: 'library',
        'bom-ref': 'pkg:deb/debian/libsrt1.5-gnutls@1.5.1-1%2Bdeb12u2?arch=amd64&distro=bookworm',
        name: 'libsrt1.5-gnutls',
        version: '1.5.1-1+deb12u2',
        purl: 'pkg:deb/debian/libsrt1.5-gnutls@1.5.1-1%2Bdeb12u2?arch=amd64&distro=bookworm',
      },
    ]);
  });

  it("names npm's packages as the lock file has them, with checksums in hexadecimal", () => {
    const lock = imageLock() as unknown as Lock;
    const components = npmComponents(lock);
    const { name, purl, hashes, licenses } = components.find(({ name }) => name === '@aws-sdk/client-s3')!;
    expect({ name, purl, licenses }).to.deep.equal({
      name: '@aws-sdk/client-s3',
      purl: `pkg:npm/%40aws-sdk/client-s3@${lock.packages['node_modules/@aws-sdk/client-s3']!.version}`,
      licenses: [{ license: { name: 'Apache-2.0' } }],
    });
    const { integrity } = lock.packages['node_modules/@aws-sdk/client-s3']!;
    expect(hashes![0]!.content).to.match(/^[0-9a-f]{128}$/);
    expect(`sha512-${Buffer.from(hashes![0]!.content, 'hex').toString('base64')}`).to.equal(integrity);
    // All of the lock file but the root and both Nodes.
    const folders = Object.keys(lock.packages).filter(
      (folder) => folder !== '' && !/node-linux/.test(folder),
    );
    expect(components).to.have.length(folders.length);
  });

  for (const [debian, node] of [
    ['amd64', 'x64'],
    ['arm64', 'arm64'],
  ] as const)
    it(`is of one platform: that of ${debian}`, () => {
      const architecture = imageArchitecture(debian, node);
      const parts = { name: 'aws-media-runtime', version: '0.1.0', node: '22.23.3', release, npm: [] };
      const { metadata, components } = bom({
        ...parts,
        architecture,
        debian: debianComponents(LISTING.replaceAll('amd64', debian), release),
      });
      expect(metadata.properties).to.deep.equal([{ name: 'aws-media:platform', value: `linux/${debian}` }]);
      expect(components.map(({ purl = '' }) => purl).filter(Boolean)).to.deep.equal([
        `pkg:generic/node@22.23.3?arch=${debian}&os=linux`,
        `pkg:deb/debian/ffmpeg@7%3A5.1.9-0%2Bdeb12u1?arch=${debian}&distro=bookworm`,
        `pkg:deb/debian/libsrt1.5-gnutls@1.5.1-1%2Bdeb12u2?arch=${debian}&distro=bookworm`,
      ]);
    });

  it('is refused where Node was compiled for another architecture than Debian, or for one that no image is of', () => {
    expect(() => imageArchitecture('arm64', 'x64')).to.throw(
      'sbom: Debian is of arm64 and Node of x64; allowed: arm64',
    );
    expect(() => imageArchitecture('riscv64', 'riscv64')).to.throw(
      'allowed: none: images are of amd64 or arm64',
    );
  });

  it('is a CycloneDX 1.5 document in which every component has its own reference', () => {
    const found = bom({
      name: 'aws-media-runtime',
      version: '0.1.0',
      architecture: 'amd64',
      node: '22.23.3',
      release,
      debian: debianComponents(LISTING, release),
      npm: npmComponents(imageLock()),
    });
    expect(found).to.include({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1 });
    const references = found.components.map((component) => component['bom-ref']);
    expect(new Set(references).size).to.equal(references.length);
    expect(references).to.include.members(['os:debian', 'pkg:generic/node@22.23.3?arch=amd64&os=linux']);
    for (const { name, version } of found.components) {
      expect(name).not.to.equal('');
      expect(version, name).not.to.equal('');
    }
  });
});
