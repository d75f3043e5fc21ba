import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import ts from 'typescript';
import * as media from '../../components';
import { recordComponent, type Graph } from '../../testing';
import { rejection } from '../support/rejection';
import { readPage } from './pages';

const page = readPage('README.md', readFileSync('README.md', 'utf8'));
const program = page.fences.find(({ language }) => language === 'ts')!.code;

/** Runs the program of the page, with this package as the one that it imports. */
function record(code: string): Promise<Graph> {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
  });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the page's own program, as its reader runs it
  const main = new Function('require', 'exports', outputText) as (
    require: (name: string) => unknown,
    exports: object,
  ) => void;
  const load = (name: string): unknown => {
    expect(name).to.equal('pulumi-aws-media');
    return media;
  };
  return recordComponent(() => main(load, {}), { stack: 'dev', config: { 'aws:region': 'us-east-1' } });
}

describe('the program in README.md', () => {
  it('makes the network, the store, the ingest, the image and the fleet', async () => {
    const { resources } = await record(program);
    const components = resources.filter(({ type }) => type.startsWith('aws-media:'));
    expect(components.map(({ type, name }) => `${name} ${type}`).sort()).to.deep.equal([
      'encoder aws-media:index:EncoderImage',
      'live aws-media:index:NvencEncodeFleet',
      'media aws-media:index:TieredSegmentStore',
      'network aws-media:index:MediaVpc',
      'srt aws-media:index:SrtIngest',
    ]);
  });

  it('is refused with what the page says, where its port is 80', async () => {
    const message = String(await rejection(record(program.replace('port: 9001', 'port: 80'))));
    const said = page.inline.find((text) => text.startsWith('channels.news.port is 80'))!;
    expect(message).to.include(said);
  });
});
