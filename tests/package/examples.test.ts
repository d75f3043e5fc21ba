import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import ts from 'typescript';
import { refusalOf } from '../../testing';
import { install } from './installed';
import type { Checked } from './check-types';

const run = promisify(execFile);
const EXAMPLES = path.resolve('examples');
const NAMES = readdirSync(EXAMPLES).filter((name) => existsSync(path.join(EXAMPLES, name, 'Pulumi.yaml')));
/** As an example's README runs its scripts. */
const NODE = ['--experimental-strip-types', '--no-warnings'];

interface Settings {
  readonly compilerOptions: { readonly paths: Readonly<Record<string, string[]>>; readonly types: string[] };
  readonly files: readonly string[];
}

function settingsOf(name: string): Settings {
  const file = path.join(EXAMPLES, name, 'tsconfig.json');
  return ts.parseConfigFileTextToJson(file, readFileSync(file, 'utf8')).config as Settings;
}

/** Copies of all examples beside the installed package, with the packages that each asks for. */
async function placeExamples(): Promise<string> {
  const { folder: home } = await install();
  const folder = path.join(home, 'examples');
  const asked = new Set<string>();
  for (const name of NAMES) {
    await cp(path.join(EXAMPLES, name), path.join(folder, name), {
      recursive: true,
      filter: (file) => !/[/\\](?:node_modules|bin)$/.test(file),
    });
    const { dependencies, devDependencies } = JSON.parse(
      await readFile(path.join(EXAMPLES, name, 'package.json'), 'utf8'),
    ) as { dependencies: Record<string, string>; devDependencies: Record<string, string> };
    for (const each of Object.keys({ ...dependencies, ...devDependencies })) asked.add(each);
  }
  asked.delete('pulumi-aws-media');
  // Not beside the package, which would find what other teams need not have.
  for (const each of asked) {
    const link = path.join(folder, 'node_modules', each);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.resolve('node_modules', each), link);
  }
  return folder;
}

describe('the examples, installed from the tarball', function () {
  this.timeout(120_000);

  let folder: string;

  before(async () => {
    folder = await placeExamples();
  });

  it('have the same settings of the compiler, of all their files', () => {
    const common = settingsOf('tiered-segment-store').compilerOptions;
    for (const name of NAMES) {
      const { compilerOptions, files } = settingsOf(name);
      const { paths, types, ...others } = compilerOptions;
      expect(others, name).to.deep.equal(
        Object.fromEntries(Object.entries(common).filter(([key]) => !['paths', 'types'].includes(key))),
      );
      expect(['node', 'mocha'], name).to.include.members(types);
      for (const [entry, [source]] of Object.entries(paths)) {
        expect(existsSync(path.join(EXAMPLES, name, source!)), `${name}: ${entry}`).to.equal(true);
      }
      const own = readdirSync(path.join(EXAMPLES, name)).filter((file) => /\.m?ts$/.test(file));
      expect([...files].sort(), name).to.deep.equal(own.sort());
    }
  });

  it('type-check against the declarations of the package, with those settings', async () => {
    // All at once: what each imports of @pulumi/aws is read once.
    const { compilerOptions } = settingsOf('tiered-segment-store');
    const settings = {
      compilerOptions: { ...compilerOptions, types: ['node', 'mocha'], paths: {}, rootDir: '.' },
      files: NAMES.flatMap((name) => settingsOf(name).files.map((file) => `${name}/${file}`)),
    };
    await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(settings));
    const checker = path.join(__dirname, 'check-types.js');
    const { stdout } = await run(process.execPath, [checker, folder], { timeout: 110_000 });
    const [checked] = JSON.parse(stdout) as [Checked];
    expect(checked.problems).to.deep.equal([]);
    expect(checked.declarations).to.be.greaterThan(15);
  });

  it('signed-playback: cookies of its script open everything of one channel, and nothing of another', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'prime256v1',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const file = path.join(folder, 'private.pem');
    await writeFile(file, privateKey, { mode: 0o600 });
    const host = 'https://d111111abcdef8.cloudfront.net';
    const args = [...NODE, 'sign.mts', `${host}/live/news/index.m3u8`, 'K2JCJMDEHXQW5F', file];
    const { stdout } = await run(process.execPath, args, {
      cwd: path.join(folder, 'signed-playback'),
      timeout: 20_000,
    });
    const lines = stdout.trim().split('\n');
    const cookies = Object.fromEntries(
      lines.map((line) => /^Set-Cookie: ([^=]+)=([^;]*)/.exec(line)!.slice(1, 3) as [string, string]),
    );
    expect(
      lines.every((line) => line.endsWith('; Path=/live/news/; Secure; HttpOnly; SameSite=Lax')),
    ).to.equal(true);
    const keys = { K2JCJMDEHXQW5F: publicKey };
    const now = Math.floor(Date.now() / 1000);
    const answer = (at: string, later = 0) =>
      refusalOf({ url: `${host}${at}`, cookies }, { keys, now: now + later });
    expect(answer('/live/news/index.m3u8')).to.equal(undefined);
    expect(answer('/live/news/v1.m3u8?_HLS_msn=7&_HLS_part=1', 3.9 * 3600)).to.equal(undefined);
    expect(answer('/live/news/p/v1/7.1.m4s')).to.equal(undefined);
    expect(answer('/live/sport/index.m3u8')).to.equal('the resource is another');
    expect(answer('/live/news/index.m3u8', 4 * 3600 + 60)).to.equal('the time is past');
  });

  it('existing-bucket-cdn: its script adds the statement to a policy, and replaces an earlier one', async () => {
    const cwd = path.join(folder, 'existing-bucket-cdn');
    const merge = async (policy: object, statement: object): Promise<unknown> => {
      await writeFile(path.join(cwd, 'policy.json'), JSON.stringify(policy));
      await writeFile(path.join(cwd, 'statement.json'), JSON.stringify(statement));
      const args = [...NODE, 'merge-policy.mts', 'policy.json', 'statement.json'];
      return JSON.parse((await run(process.execPath, args, { cwd, timeout: 20_000 })).stdout) as unknown;
    };
    const theirs = { Sid: 'TlsOnly', Effect: 'Deny', Action: 's3:*' };
    const ours = { Sid: 'CloudFrontReads', Effect: 'Allow', Resource: 'new' };
    const before = { Version: '2012-10-17', Id: 'theirs' };
    expect(await merge({ ...before, Statement: theirs }, ours)).to.deep.equal({
      ...before,
      Statement: [theirs, ours],
    });
    const again = { ...before, Statement: [{ ...ours, Resource: 'old' }, theirs] };
    expect(await merge(again, ours)).to.deep.equal({ ...before, Statement: [theirs, ours] });
  });

  describe('test-your-stack', () => {
    const TESTS = [
      'expires segments after the day that viewers may seek back',
      'encrypts with a key of its own',
      'has names that AWS takes',
      'is tagged with the team that pays',
      'lets thumbnails read segments, and do nothing else',
      'has changed in nothing that nobody looked at',
      'loses nothing when viewers may seek a week back',
    ];

    /** Its tests, compiled to where its own settings say, with its stack changed. */
    async function test(change: (stack: string) => string): Promise<Record<'passes' | 'failures', string[]>> {
      const cwd = path.join(folder, 'test-your-stack');
      await mkdir(path.join(cwd, 'bin'), { recursive: true });
      for (const file of settingsOf('test-your-stack').files) {
        const source = await readFile(path.join(cwd, file), 'utf8');
        const { outputText } = ts.transpileModule(file === 'stack.ts' ? change(source) : source, {
          compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
        });
        await writeFile(path.join(cwd, 'bin', file.replace(/\.ts$/, '.js')), outputText);
      }
      // `npm test` compiles and then runs this.
      const { scripts } = JSON.parse(await readFile(path.join(cwd, 'package.json'), 'utf8')) as {
        scripts: { test: string };
      };
      const [compile, mocha] = scripts.test.split(' && ');
      expect(compile).to.equal('tsc -p tsconfig.test.json');
      const [, pattern] = /^mocha "(.*)"$/.exec(mocha!)!;
      const runner = path.join(folder, 'node_modules/mocha/bin/mocha.js');
      const { stdout } = await run(process.execPath, [runner, '--reporter', 'json', pattern!], {
        ...{ cwd, timeout: 60_000, env: { ...process.env, CI: '1' } },
      }).catch((error: unknown) => error as { stdout: string });
      const { passes, failures } = JSON.parse(stdout.slice(stdout.indexOf('{\n'))) as Record<
        'passes' | 'failures',
        { title: string }[]
      >;
      return { passes: passes.map(({ title }) => title), failures: failures.map(({ title }) => title) };
    }

    it('has tests that pass', async () => {
      const { passes, failures } = await test((stack) => stack);
      if (process.env['UPDATE_GOLDENS'] === '1') {
        const golden = 'test-your-stack/golden/dev.json';
        await cp(path.join(folder, golden), path.join(EXAMPLES, golden));
      }
      expect(failures).to.deep.equal([]);
      expect(passes).to.deep.equal(TESTS);
    });

    it('has tests that find mistakes', async () => {
      const { failures } = await test((stack) =>
        stack
          .replace("{ team: 'video' }", '{}')
          .replace("Action: 's3:GetObject'", "Action: 's3:*'")
          .replace("iam.Role('thumbnails'", `iam.Role('thumbnails-${'x'.repeat(50)}'`)
          .replace('    dvr,\n', "    dvr: '2 days',\n    encryption: { type: 'sse-s3' },\n"),
      );
      expect(failures).to.deep.equal(TESTS);
    });
  });
});
