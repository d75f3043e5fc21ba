import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);

/** What the script prints, whether it finds something or not. */
async function report(flag: string): Promise<string> {
  try {
    return (await run(process.execPath, ['scripts/api-report.mjs', flag], { timeout: 60_000 })).stdout.trim();
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    if (code === 1 && stdout !== '') return stdout.trim();
    throw new Error(`api-report ended with ${String(code)}: ${stderr}`);
  }
}

describe('the public API', function () {
  this.timeout(70_000);

  it('is what api/*.api.md says', async () => {
    const said = await report('--check');
    expect(said === '', said).to.be.true;
  });

  it('has a comment for every export', async () => {
    const names = (await report('--undocumented')).split('\n').filter((line) => line !== '');
    expect(names, 'say what it is for, in a comment /** above it').to.deep.equal([]);
  });
});
