import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { install, placeProgram, type Installed } from './installed';
import type { Checked } from './check-types';

const run = promisify(execFile);

/** Each way in which a team writes its programs, and what Node then runs. */
const CONSUMERS = {
  'commonjs-node10': { title: 'CommonJS with moduleResolution node', check: 'bin/check.js' },
  'commonjs-nodenext': { title: 'CommonJS with moduleResolution nodenext', check: 'bin/check.js' },
  'esm-nodenext': { title: 'ES modules with moduleResolution nodenext', check: 'bin/check.js' },
  'type-stripping': { title: 'TypeScript that Node runs by type stripping', check: 'check.ts' },
  javascript: { title: 'plain JavaScript', check: 'check.js' },
} as const;

const STORE = [
  ...['media', 'media-key', 'media-general', 'media-general-lifecycle', 'media-general-access'],
  ...['media-general-ownership', 'media-general-policy', 'media-general-encryption'],
];
const ZONE = ['media-zone-a', 'media-zone-a-policy', 'media-zone-a-lifecycle', 'media-zone-a-encryption'];

describe('the package, installed by a team that writes', function () {
  this.timeout(120_000);

  let installed: Installed;
  const folders = new Map<string, string>();
  const checked = new Map<string, Checked>();

  before(async () => {
    installed = await install();
    for (const name of Object.keys(CONSUMERS)) {
      folders.set(name, await placeProgram(path.resolve('tests/fixtures/consumers', name)));
    }
    const checker = path.join(__dirname, 'check-types.js');
    const { stdout } = await run(process.execPath, [checker, ...folders.values()], { timeout: 110_000 });
    for (const each of JSON.parse(stdout) as Checked[]) checked.set(path.basename(each.folder), each);
  });

  for (const [name, { title, check }] of Object.entries(CONSUMERS)) {
    describe(title, () => {
      it('type-checks, and the declarations need no types that the team does not have', () => {
        const { problems, declarations } = checked.get(name)!;
        expect(problems).to.deep.equal([]);
        expect(declarations).to.be.greaterThan(15);
      });

      it('loads every entry, and records a component and a program', async () => {
        const { stdout } = await run(process.execPath, [check], { cwd: folders.get(name)!, timeout: 60_000 });
        const found = JSON.parse(stdout) as { component: string[]; program: string[] };
        expect({
          ...found,
          component: found.component.toSorted(),
          program: found.program.toSorted(),
        }).to.deep.equal({
          version: installed.manifest.version,
          component: ['project-stack', ...STORE].toSorted(),
          program: ['streams-dev', ...STORE, ...ZONE, 'encoder', 'media-news-write'].toSorted(),
          forceDestroy: true,
          lint: ['recommended'],
        });
      });
    });
  }

  describe('anything', () => {
    /** What a module of the team's own prints. */
    async function inModule(source: string, extension = 'cjs'): Promise<string> {
      const file = path.join(installed.folder, `own.${extension}`);
      await writeFile(file, source);
      try {
        return (await run(process.execPath, [file], { timeout: 30_000 })).stdout.trim();
      } finally {
        await rm(file);
      }
    }

    it('is refused what is no entry, by require and by import', async () => {
      const deep = ['pulumi-aws-media/dist/components/index.js', 'pulumi-aws-media/dist/cli/main.js'];
      for (const request of [...deep, 'pulumi-aws-media/components', 'pulumi-aws-media/encoder']) {
        const said = 'ERR_PACKAGE_PATH_NOT_EXPORTED';
        const name = JSON.stringify(request);
        const required = `try { require(${name}) } catch (error) { console.log(error.code) }`;
        expect(await inModule(required), `require ${request}`).to.equal(said);
        const imported = `await import(${name}).catch((error) => console.log(error.code))`;
        expect(await inModule(imported, 'mjs'), `import ${request}`).to.equal(said);
      }
    });

    it('records its program before an upgrade and after it, as docs/upgrade says', async () => {
      const [, script] = /```js\n(.*?)```/s.exec(readFileSync('docs/upgrade/README.md', 'utf8'))!;
      const folder = folders.get('javascript')!;
      await writeFile(path.join(folder, 'record.cjs'), script!);
      const file = path.join(folder, 'before.json');
      const options = { cwd: folder, timeout: 60_000 };
      await run(process.execPath, ['record.cjs', '.', 'dev', file], options);
      const { resources, outputs } = JSON.parse(readFileSync(file, 'utf8')) as {
        resources: { urn: string; inputs: Record<string, unknown>; options: Record<string, unknown> }[];
        outputs: Record<string, string>;
      };
      const role = resources.find(({ urn }) => urn.endsWith('::media-news-write'));
      expect(role?.urn).to.equal(
        'urn:pulumi:dev::streams::aws-media:index:TieredSegmentStore$aws:iam/rolePolicy:RolePolicy::media-news-write',
      );
      expect(role?.inputs['policy']).to.be.a('string');
      expect(resources).to.have.length(2 + STORE.length + ZONE.length + 1);
      expect(resources.filter(({ options }) => 'version' in options)).to.deep.equal([]);
      expect(outputs['segments']).to.match(/^streams-dev-media-general-[0-9a-f]{8}\.s3\.us-east-1\./);
    });

    it('is told how to install an optional package where it is needed, and not before', async () => {
      const optional = Object.keys(installed.manifest.peerDependenciesMeta);
      expect(optional).to.have.length(3);
      const file = path.join(installed.package, 'dist/components/kit/optional-package.js');
      const said = await inModule(`
        for (const entry of ['', '/testing', '/testing/eslint', '/planner']) require('pulumi-aws-media' + entry);
        const { loadOptional } = require(${JSON.stringify(file)});
        for (const name of ${JSON.stringify(optional)}) {
          try { loadOptional(name, 'it') } catch (error) { console.log(error.message) }
        }`);
      expect(said.split('\n')).to.deep.equal([
        'it needs the package @pulumi/awsx (>=3.9.0 <4), which is not installed. Run: npm install @pulumi/awsx@^3.9.0',
        'it needs the package @pulumi/eks (>=4.3.0 <5), which is not installed. Run: npm install @pulumi/eks@^4.3.0',
        'it needs the package @pulumi/policy (>=1.21.0 <2), which is not installed. Run: npm install @pulumi/policy@^1.21.0',
      ]);
    });
  });
});
