import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { contextFiles, imageTag } from '../../../../components/encode/image/context';

const ARGS = {
  target: 'encoder',
  architecture: 'amd64',
  baseImage: 'debian:bookworm-slim',
  snapshot: '',
} as const;
const FILES = {
  LICENSE: 'Apache',
  'dist/encoder/main.js': '1',
  'dist/encoder/main.js.map': '{}',
  'dist/encoder/main.d.ts': '',
  'dist/encoder/.tsbuildinfo': '{}',
  'dist/encoder/player/player.js': '2',
  'dist/encoder/ingest/srt-front/srt-front': 'compiled',
  'dist/cli/main.js': 'of another part',
  'encoder/Dockerfile': 'FROM scratch',
  'encoder/image/package.json': '{ "version": "1.2.3" }',
  'encoder/image/health.ts': '',
  'encoder/ingest/srt-front/main.c': '',
  'encoder/main.ts': '',
} as const;

describe("the image's context", () => {
  let root: string;
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'aws-media-context-'));
    for (const [file, text] of Object.entries(FILES)) write(file, text);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('is what the image is made of, and nothing that was compiled for this machine', () => {
    expect(contextFiles(root)).to.deep.equal([
      'LICENSE',
      'dist/encoder/main.js',
      'dist/encoder/player/player.js',
      'encoder/Dockerfile',
      'encoder/image/package.json',
      'encoder/ingest/srt-front/main.c',
    ]);
  });

  it('has a tag that says version, content, target and architecture', () => {
    expect(imageTag(ARGS, root)).to.match(/^1\.2\.3-[0-9a-f]{12}-encoder-amd64$/);
  });

  it('has the same tag elsewhere, and with other files beside it', () => {
    const tag = imageTag(ARGS, root);
    write('dist/cli/main.js', 'changed');
    write('dist/encoder/ingest/srt-front/srt-front', 'compiled elsewhere');
    expect(imageTag(ARGS, root)).to.equal(tag);
    const other = mkdtempSync(path.join(tmpdir(), 'aws-media-context-'));
    try {
      cpSync(root, other, { recursive: true });
      expect(imageTag(ARGS, other)).to.equal(tag);
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  });

  it('has another tag for other content, a file by another name, another base or time', () => {
    const tags = [imageTag(ARGS, root)];
    const changed = { ...ARGS, target: 'origin', architecture: 'arm64' } as const;
    tags.push(imageTag(changed, root).replace('origin-arm64', 'encoder-amd64'));
    tags.push(imageTag({ ...ARGS, baseImage: 'debian:trixie-slim' }, root));
    tags.push(imageTag({ ...ARGS, snapshot: '20261101T000000Z' }, root));
    write('encoder/Dockerfile', 'FROM scratch AS build');
    tags.push(imageTag(ARGS, root));
    write('dist/encoder/more.js', '');
    tags.push(imageTag(ARGS, root));
    expect(new Set(tags).size).to.equal(tags.length);
  });

  it('is refused where the package is not whole, with what to do', () => {
    rmSync(path.join(root, 'dist/encoder/player'), { recursive: true });
    expect(() => contextFiles(root))
      .to.throw(pulumi.RunError)
      .with.property('message')
      .that.includes(`player/player.js is missing. In a checkout run 'make setup'`);
  });
});
