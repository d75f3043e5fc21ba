import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Checked } from './check-types';

const EXAMPLES = path.resolve('examples');

describe('the examples', function () {
  this.timeout(120_000);

  it('type-check with their own settings', async () => {
    const folders = readdirSync(EXAMPLES).map((name) => path.join(EXAMPLES, name));
    const checker = path.join(__dirname, 'check-types.js');
    const { stdout } = await promisify(execFile)(process.execPath, [checker, ...folders]);
    const checked = JSON.parse(stdout) as Checked[];
    expect(checked.map(({ folder }) => folder)).to.deep.equal(folders);
    expect(checked.flatMap(({ problems }) => problems)).to.deep.equal([]);
  });
});
