import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { refuseStaleBuild } from '../../stacks/build';

describe('the build that a stack runs', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'stale-'));
    for (const [file, seconds] of [
      ['stacks/index.ts', 1000],
      ['components/kit/names.ts', 1000],
      ['dist/.tsbuildinfo', 2000],
    ] as const) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), '');
      utimesSync(path.join(root, file), seconds, seconds);
    }
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('is refused where a source is newer, by the name of that source', () => {
    refuseStaleBuild(root);
    utimesSync(path.join(root, 'components/kit/names.ts'), 3000, 3000);
    expect(() => refuseStaleBuild(root)).to.throw(
      'dist is older than components/kit/names.ts, so it is not this program: run make setup',
    );
  });

  it('is not looked at in a package, which has no sources', () => {
    rmSync(path.join(root, 'stacks'), { recursive: true });
    utimesSync(path.join(root, 'components/kit/names.ts'), 3000, 3000);
    refuseStaleBuild(root);
  });
});
