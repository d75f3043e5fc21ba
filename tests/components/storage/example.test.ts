import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { RECORDING, recordProgramOf } from './store-recording';

const ROOT = resolve(__dirname, '../../../..');
const requireHere = createRequire(__filename);
const FOLDER = resolve(ROOT, 'examples/tiered-segment-store');

describe('the example of TieredSegmentStore', () => {
  it('makes a store with a zone, two roles and a grant for each', async () => {
    const source = readFileSync(resolve(FOLDER, 'index.ts'), 'utf8');
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
    });
    const load = (name: string): unknown =>
      requireHere(name === 'pulumi-aws-media' ? '../../../components' : name);
    const exported = {};
    const program = await recordProgramOf(
      () => {
        // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the program itself
        new Function('require', 'exports', outputText)(load, exported);
        return exported;
      },
      { config: { [`${RECORDING.project}:zoneId`]: 'use1-az4' } },
    );
    expect(program.resources.map(({ name }) => name).sort()).to.deep.equal([
      'encoder-news',
      'media',
      'media-general',
      'media-general-access',
      'media-general-encryption',
      'media-general-lifecycle',
      'media-general-ownership',
      'media-general-policy',
      'media-key',
      'media-news-write',
      'media-origin-read',
      'media-zone-a',
      'media-zone-a-encryption',
      'media-zone-a-lifecycle',
      'media-zone-a-policy',
      'origin',
    ]);
    expect(program.graph.outputs['storeOfZoneA']).to.match(
      /^s3:video-test-media-general-[0-9a-f]{8},video-test-media-zone-a-[0-9a-f]{8}--use1-az4--x-s3$/,
    );
  });
});
