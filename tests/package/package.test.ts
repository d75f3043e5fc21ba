import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { skip } from '../support/skip';
import { install, type Manifest } from './installed';

const run = promisify(execFile);

/** What runs in the browser has its dependencies in it. */
const BUNDLE = /^dist\/encoder\/player\//;

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Manifest;

const exists = (command: string) =>
  run('sh', ['-c', 'command -v "$0"', command]).then(
    () => true,
    () => false,
  );

/** What a process of its own says. */
async function inNode(script: string): Promise<string> {
  const { stdout } = await run(process.execPath, ['-e', script], { timeout: 30_000 });
  return stdout.trim();
}

describe('the package', function () {
  this.timeout(60_000);

  it('has what is needed to run, in at most 5 MB, and no tests, benchmarks or programs of this machine', async () => {
    const { files, packedSize } = await install();
    for (const needed of [
      'package.json',
      'README.md',
      'LICENSE',
      'bin/aws-media',
      ...[
        'components',
        'components/eks',
        'components/delivery/sign',
        'testing',
        'testing/eslint',
        'planner',
      ].flatMap((entry) => [`dist/${entry}/index.js`, `dist/${entry}/index.d.ts`]),
      'dist/cli/main.js',
      'dist/encoder/main.js',
      'dist/encoder/origin/main.js',
    ]) {
      expect(files).to.include(needed);
    }
    const folders = new Set(files.map((path) => path.split('/').slice(0, 2).join('/')));
    expect(
      [...folders].filter((folder) => /tests|bench|scripts|examples|tsbuildinfo/.test(folder)),
    ).to.deep.equal([]);
    expect(
      files.filter((path) => /srt-front$|srt-push|\.ts$/.test(path) && !path.endsWith('.d.ts')),
    ).to.deep.equal([]);
    expect(packedSize).to.be.at.most(5_000_000);
  });

  it('asks for no plugin of Pulumi, and of those who use it for a range that Pulumi itself can share', async () => {
    const { manifest } = await install();
    // With `pulumi.resource` the CLI would look for a provider's binary of this name.
    expect(manifest).not.to.have.property('pulumi');
    const pulumi = read('node_modules/@pulumi/pulumi/package.json');
    // Two copies of protobuf would not know each other's messages, so npm must find one version for both.
    for (const name of ['@grpc/grpc-js', 'google-protobuf', 'js-yaml']) {
      expect(manifest.dependencies[name], name).to.equal(pulumi.dependencies[name]);
    }
  });

  it('declares whatever it loads', async () => {
    const { package: folder, files, manifest } = await install();
    const declared = new Set([
      ...Object.keys(manifest.dependencies),
      ...Object.keys(manifest.peerDependencies),
      ...builtinModules,
    ]);
    const missing = new Map<string, string[]>();
    for (const file of files.filter((each) => each.endsWith('.js') && !BUNDLE.test(each))) {
      const text = readFileSync(path.join(folder, file), 'utf8');
      for (const [, request] of text.matchAll(/\b(?:require|import)\("([^".][^"]*)"\)/g)) {
        const name = /^(?:@[^/]+\/)?[^/]+/.exec(request!)![0];
        if (request!.startsWith('node:') || declared.has(name)) continue;
        missing.set(name, [...(missing.get(name) ?? []), file]);
      }
    }
    expect([...missing]).to.deep.equal([]);
  });

  it('gives a command that starts', async () => {
    const { package: folder, manifest } = await install();
    const { stdout } = await run(path.join(folder, 'bin/aws-media'), ['--version'], { timeout: 30_000 });
    expect(stdout.trim()).to.equal(manifest.version);
  });

  it('has the SRT front as sources, which build to where the runtime looks for it', async function () {
    for (const needed of ['cc', 'make']) {
      if (!(await exists(needed))) skip(this, `no ${needed}: apt-get install gcc make`);
    }
    for (const header of ['srt/srt.h', 'nettle/nist-keywrap.h']) {
      if (!existsSync(`/usr/include/${header}`)) {
        skip(this, `no ${header}: apt-get install libsrt-gnutls-dev nettle-dev`);
      }
    }
    const { package: folder } = await install();
    const built = path.join(folder, 'dist/encoder/ingest/srt-front/srt-front');
    expect(existsSync(built)).to.be.false;
    const makeArguments = ['--silent', '-C', path.join(folder, 'encoder/ingest/srt-front'), 'srt-front'];
    await run('make', makeArguments, { timeout: 60_000 });
    expect((await run(built, ['--version'], { timeout: 10_000 })).stdout).to.match(/srt/i);
  });

  it('is loaded by its entries and no deeper, and gives what the documents name', async () => {
    const names = (entry: string) =>
      inNode(`console.log(Object.keys(require(${JSON.stringify(entry)})).sort().join(' '))`);
    expect((await names('pulumi-aws-media')).split(' ')).to.include('TieredSegmentStore');
    expect((await names('pulumi-aws-media/testing')).split(' ')).to.include.members([
      'recordComponent',
      'GraphQuery',
    ]);
    expect((await names('pulumi-aws-media/testing/eslint')).split(' ')).to.include('configs');
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
    expect(loaded.filter((file) => file.endsWith('/@pulumi/aws/index.js'))).to.deep.equal([]);
    const services = new Set(
      loaded.flatMap((file) => /\/@pulumi\/aws\/([a-z0-9]+)\/index\.js$/.exec(file)?.[1] ?? []),
    );
    // @pulumi/aws/s3 brings lambda for its event handlers.
    expect([...services].sort()).to.deep.equal([
      ...[
        'acm',
        'appautoscaling',
        'autoscaling',
        'cloudfront',
        'cloudwatch',
        'codebuild',
        'config',
        'ec2',
        'ecr',
        'ecs',
        'globalaccelerator',
        'iam',
      ],
      ...['kms', 'lambda', 'lb', 'route53', 's3', 'secretsmanager', 'vpc'],
    ]);
  });
});
