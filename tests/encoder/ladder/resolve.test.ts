import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { LADDER_NAMES, LadderError, LADDERS } from '../../../encoder/contract';
import { resolveLadder } from '../../../encoder/ladder/resolve';

describe('a ladder by its name or from a file', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), 'ladder-'))));
  after(() => rmSync(folder, { recursive: true }));

  const file = (content: unknown): string => {
    const at = path.join(folder, 'own.json');
    writeFileSync(at, typeof content === 'string' ? content : JSON.stringify(content));
    return `file:${at}`;
  };
  function problems(text: string): [string, unknown, string][] {
    try {
      resolveLadder(text);
      return [];
    } catch (error) {
      if (!(error instanceof LadderError)) throw error;
      return error.problems.map(({ path: at, value, allowed }) => [at, value, allowed]);
    }
  }

  it('is one of the ladders by its name', () => {
    for (const name of LADDER_NAMES) expect(resolveLadder(name)).to.equal(LADDERS[name]);
  });

  it('refuses another name with those there are', () => {
    expect(problems('toString')).to.deep.equal([
      ['name', 'toString', `${LADDER_NAMES.join(', ')}, or file:PATH.json`],
    ]);
  });

  it('fills in what a file leaves out: depth, cap, buffer, and the sound but for its rate', () => {
    const video = [{ id: 'small', codec: 'h264', width: 640, height: 360, bitrateKbps: 1000, priority: 1 }];
    expect(resolveLadder(file({ video, audio: [{ bitrateKbps: 128 }] }))).to.deep.equal({
      description: 'a ladder of your own',
      video: [{ ...video[0], bitDepth: 8, maxrateKbps: 1100, bufferSeconds: 1 }],
      audio: [{ id: 'audio', bitrateKbps: 128, channels: 2, language: 'en', name: 'English' }],
    });
  });

  it('takes each of the ladders back from JSON as it is', () => {
    for (const name of LADDER_NAMES) expect(resolveLadder(file(LADDERS[name]))).to.deep.equal(LADDERS[name]);
  });

  it('takes the example of docs/ladders.md', () => {
    const [, example] = /```json\n(.+?)```/s.exec(readFileSync('docs/ladders.md', 'utf8'))!;
    expect(resolveLadder(file(example)).video.map(({ id, maxrateKbps }) => [id, maxrateKbps])).to.deep.equal([
      ['540p', 2200],
      ['hevc-1080p', 7500],
    ]);
  });

  it('refuses wrong types and unknown properties, all at once, each with its place', () => {
    const video = [
      { id: 7, codec: 'vp9', width: '640', height: 360, bitrateKbps: 1.5, priority: 1, crf: 23 },
    ];
    const found = problems(file({ video, sound: [] }));
    expect(found.map(([at]) => at)).to.have.members([
      ...['video[0].id', 'video[0].codec', 'video[0].width', 'video[0].bitrateKbps', 'video[0]', 'audio', ''],
    ]);
    expect(found).to.deep.include(['video[0].codec', 'vp9', 'h264, hevc or av1']);
    expect(found).to.deep.include(['video[0]', undefined, 'no crf: it is not a property of a ladder']);
  });

  it('refuses what is well formed and cannot be encoded', () => {
    const video = [{ id: 'a', codec: 'h264', width: 641, height: 360, bitrateKbps: 1000, priority: 1 }];
    expect(problems(file({ video, audio: [{ bitrateKbps: 128 }] })).map(([at]) => at)).to.deep.equal([
      'video[0].width',
    ]);
  });

  it('names a file that is not there, or is not JSON', () => {
    expect(problems('file:/nowhere/own.json')).to.deep.equal([
      ['file', '/nowhere/own.json', 'a JSON file that can be read'],
    ]);
    expect(problems(file('{')).map(([at]) => at)).to.deep.equal(['file']);
  });
});
