import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** What a process of its own says. */
async function inNode(script: string): Promise<string> {
  const { stdout } = await run(process.execPath, ['-e', script], { timeout: 30_000 });
  return stdout.trim();
}

describe('the package', function () {
  this.timeout(60_000);

  it('has what is needed to run, in at most 5 MB, and no tests, benchmarks or programs of this machine', async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      maxBuffer: 1 << 26,
    });
    const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [Packed];
    const paths = packed.files.map(({ path }) => path);
    for (const needed of [
      'package.json',
      'README.md',
      'LICENSE',
      'bin/aws-media',
      ...['components', 'testing', 'planner'].flatMap((entry) => [
        `dist/${entry}/index.js`,
        `dist/${entry}/index.d.ts`,
      ]),
      'dist/cli/main.js',
      'dist/encoder/main.js',
      'dist/encoder/origin/main.js',
    ]) {
      expect(paths).to.include(needed);
    }
    const folders = new Set(paths.map((path) => path.split('/').slice(0, 2).join('/')));
    expect(
      [...folders].filter((folder) => /tests|bench|scripts|examples|tsbuildinfo/.test(folder)),
    ).to.deep.equal([]);
    expect(paths.filter((path) => /srt-front$|\.ts$/.test(path) && !path.endsWith('.d.ts'))).to.deep.equal(
      [],
    );
    expect(packed.size).to.be.at.most(5_000_000);
  });

  it('is loaded by its three entries and no deeper, and gives what the documents name', async () => {
    const names = (entry: string) =>
      inNode(`console.log(Object.keys(require(${JSON.stringify(entry)})).sort().join(' '))`);
    expect((await names('pulumi-aws-media')).split(' ')).to.include('TieredSegmentStore');
    expect((await names('pulumi-aws-media/testing')).split(' ')).to.include.members([
      'recordComponent',
      'GraphQuery',
    ]);
    expect((await names('pulumi-aws-media/planner')).split(' ')).to.include.members([
      'recordProgram',
      'toPulumiState',
    ]);
    const deeper = await inNode(
      `try { require('pulumi-aws-media/dist/components/index.js') } catch (error) { console.log(error.code) }`,
    );
    expect(deeper).to.equal('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it('loads of AWS only what its components use, and nothing of the runtime or the planner', async () => {
    const loaded = JSON.parse(
      await inNode(
        `require('pulumi-aws-media');
         const root = require('node:path').resolve('.') + '/';
         console.log(JSON.stringify(Object.keys(require.cache).map((file) => file.replace(root, ''))));`,
      ),
    ) as string[];
    const own = loaded.filter((file) => file.startsWith('dist/'));
    expect(own.filter((file) => !/^dist\/(components|encoder\/contract)\//.test(file))).to.deep.equal([]);
    // The index of @pulumi/aws would load every service.
    expect(loaded).not.to.include('node_modules/@pulumi/aws/index.js');
    const services = new Set(
      loaded.flatMap((file) => /^node_modules\/@pulumi\/aws\/([a-z0-9]+)\/index\.js$/.exec(file)?.[1] ?? []),
    );
    // @pulumi/aws/s3 brings lambda for its event handlers.
    expect([...services].sort()).to.deep.equal(['iam', 'kms', 'lambda', 's3']);
  });
});
