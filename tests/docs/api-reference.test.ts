import { execFile } from 'node:child_process';
import { expect } from 'chai';

describe('the reference of the API', function () {
  this.timeout(120_000);

  it('is what the comments in the code say, and no export or argument is without one', async () => {
    const said = await new Promise<string>((resolve) => {
      execFile(process.execPath, ['scripts/api-docs.mjs', '--check'], (error, stdout, stderr) =>
        resolve(`${stdout}${stderr}${error === null || error.code === 1 ? '' : error.message}`.trim()),
      );
    });
    expect(said === '', said).to.be.true;
  });
});
