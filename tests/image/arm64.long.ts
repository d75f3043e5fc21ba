import { expect } from 'chai';
import { skip } from '../support/skip';
import { ask, BUDGET, build, type Built } from './built';

const ARM64 = ['--architecture', 'arm64'];
const MINUTE_MS = 60_000;

/**
 * Elsewhere than on arm64 its programs run in QEMU's emulation: Debian's, npm's Node and the runtime. What they serve
 * this machine has encoded.
 */
describe("the origin's image of arm64, built without a registry", function () {
  this.timeout(90 * MINUTE_MS);
  let image: Built;
  let said: string;

  before(async function () {
    const { code, said: lack } = ask(...ARM64, '--can');
    if (code !== 0) skip(this, lack);
    const { built, said: told } = await build([...ARM64, '--target', 'origin'], 85 * MINUTE_MS);
    image = built.get('origin')!;
    said = told;
  });

  it('is of that architecture: what Debian installed, Node, and its list of components', () => {
    expect(image).to.deep.include({ architecture: 'arm64', proved: true });
    expect(said).to.match(/linux\/arm64, Node of arm64; list of components: \d{3}, all of arm64 or of any/);
  });

  it('becomes well, serves what was encoded, and ends by SIGTERM', () => {
    expect(said).to.match(/health: \{"ok":true/);
    expect(said).to.match(/serves \w+\.m3u8 and of it s\/\w+\/\d+\.m4s, \d{5,} bytes/);
    expect(said).to.match(/SIGTERM ends it, exit code 0/);
  });

  it('stays within the size of the one of amd64', () => {
    expect(image.bytes).to.be.within(100e6, BUDGET.origin);
  });
});
