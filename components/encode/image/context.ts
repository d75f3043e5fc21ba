/** What the image is built from: files of this package, and a name for exactly those. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import type { NormalImageArgs } from './normalise';

/** Of this package, which is the context of the build: a checkout that was built, or as npm installed it. */
export const PACKAGE_ROOT = path.resolve(__dirname, '..', '..', '..', '..');
export const DOCKERFILE = 'encoder/Dockerfile';

/** What encoder/Dockerfile.dockerignore lets through, in its order. */
export const CONTEXT_PATHS = [
  'LICENSE',
  'dist/encoder',
  DOCKERFILE,
  'encoder/image',
  'encoder/ingest/srt-front',
] as const;

/** Compiled for the machine that built it, and what only the compiler reads. */
const LEFT_OUT =
  /^dist\/encoder\/(?:ingest\/srt-front\/|.*\.d\.ts$|.*\.map$|\.tsbuildinfo$)|^encoder\/image\/[^/]*\.ts$/;

/**
 * Paths of the context's files relative to the root, sorted.
 * @throws pulumi.RunError where the package is not whole
 */
export function contextFiles(root: string = PACKAGE_ROOT): string[] {
  const found = CONTEXT_PATHS.flatMap((part) => filesOf(root, part)).filter((file) => !LEFT_OUT.test(file));
  for (const needed of ['dist/encoder/main.js', 'dist/encoder/player/player.js', DOCKERFILE]) {
    if (found.includes(needed)) continue;
    throw new pulumi.RunError(
      `the image cannot be built: ${path.join(root, needed)} is missing. In a checkout run 'make setup'; elsewhere install pulumi-aws-media again.`,
    );
  }
  return found.sort();
}

function filesOf(root: string, part: string): string[] {
  const stat = statSync(path.join(root, part), { throwIfNoEntry: false });
  if (stat?.isFile()) return [part];
  if (!stat?.isDirectory()) return [];
  return readdirSync(path.join(root, part)).flatMap((name) => filesOf(root, `${part}/${name}`));
}

/**
 * `<version>-<hash>-<target>-<architecture>`. The same tag is the same files, base and packages' time, so it never
 * has to move: repositories refuse that it does.
 */
export function imageTag(
  {
    target,
    architecture,
    baseImage,
    snapshot,
  }: Pick<NormalImageArgs, 'target' | 'architecture' | 'baseImage' | 'snapshot'>,
  root: string = PACKAGE_ROOT,
): string {
  const hash = createHash('sha256').update(JSON.stringify([target, architecture, baseImage, snapshot]));
  for (const file of contextFiles(root)) {
    const bytes = readFileSync(path.join(root, file));
    hash.update(`\n${file} ${bytes.length}\n`).update(bytes);
  }
  return `${packageVersion(root)}-${hash.digest('hex').slice(0, 12)}-${target}-${architecture}`;
}

/** That of the runtime, which is the package's. */
export const packageVersion = (root: string = PACKAGE_ROOT): string =>
  (JSON.parse(readFileSync(path.join(root, 'encoder/image/package.json'), 'utf8')) as { version: string })
    .version;

/** The context as CodeBuild takes it. */
export const contextArchive = (root: string = PACKAGE_ROOT): pulumi.asset.AssetArchive =>
  new pulumi.asset.AssetArchive(
    Object.fromEntries(
      contextFiles(root).map((file) => [file, new pulumi.asset.FileAsset(path.join(root, file))]),
    ),
  );
