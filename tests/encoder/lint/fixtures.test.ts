import path from 'node:path';
import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { lintFile, lintPlaylists } from '../../../encoder/lint/offline';

const fixture = (name: string): string => path.resolve(process.cwd(), 'tests/fixtures/lint', name);

/** Rule, severity and line of what is expected in each published or recorded playlist. */
const EXPECTED: Readonly<Record<string, readonly (readonly [string, string, number])[]>> = {
  // PART-HOLD-BACK=1.0 is 20 us less than three parts.
  'apple-ll-hls.m3u8': [['T5', 'error', 7]],
  // Version 10 is for skipped date ranges, of which there are none.
  'apple-ll-hls-delta.m3u8': [
    ['T5', 'error', 7],
    ['T19', 'warning', 6],
  ],
  'apple-tools-ts-2020.m3u8': [],
  // Skips date ranges, which needs version 10; none of its parts is INDEPENDENT.
  'mux-delta-2023.m3u8': [
    ['T19', 'error', 4],
    ['T4', 'warning', 20],
  ],
  // The player's fixture was changed on purpose from Apple's example.
  'm3u8-parser-llhls.m3u8': [
    ['T5', 'error', 6],
    ['T7', 'error', 6],
    ['T17', 'error', 54],
  ],
  // Holds back 2.5 parts.
  'mediamtx-gohlslib.m3u8': [
    ['T5', 'error', 5],
    ['T19', 'warning', 3],
  ],
  // The hint was after the cut of both recordings.
  'ovenmediaengine-2022.m3u8': [
    ['T19', 'warning', 5],
    ['T17', 'warning', 32],
  ],
  'nmss-2023.m3u8': [
    ['T19', 'warning', 3],
    ['T17', 'warning', 16],
  ],
};

describe('lint: published and recorded playlists', () => {
  for (const [name, expected] of Object.entries(EXPECTED)) {
    it(`finds in ${name}: ${expected.map(([rule]) => rule).join(', ') || 'nothing'}`, async () => {
      const report = await lintFile(fixture(name));
      const seen = report.findings.map(({ rule, severity, place }) => [rule, severity, place.line ?? 0]);
      expect(seen).to.deep.equal(expected);
    });
  }

  it("quotes the values of Apple's hold-back", async () => {
    const report = await lintFile(fixture('apple-ll-hls.m3u8'));
    expect(report.findings[0]?.found).to.equal(
      'PART-HOLD-BACK=1 is less than 3 x PART-TARGET 0.33334 = 1.00002',
    );
    expect(report.ok).to.equal(false);
  });

  it("fills up Apple's delta update from the playlist before it", async () => {
    const url = 'https://example.com/2M/waitForMSN.php';
    const texts = await Promise.all(
      ['apple-ll-hls.m3u8', 'apple-ll-hls-delta.m3u8'].map((name) => readFile(fixture(name), 'utf8')),
    );
    const report = lintPlaylists(texts.map((text) => ({ url, text })));
    expect(report.findings.map(({ rule, occurrences }) => [rule, occurrences])).to.deep.equal([
      ['T5', 2],
      ['T19', 1],
    ]);
    const status = (rule: string): string | undefined =>
      report.checks.find((check) => check.rule === rule)?.status;
    // Numbers, contents and the hint were compared, so the delta was understood.
    expect(['T11', 'T26', 'T17', 'D10'].map(status)).to.deep.equal(['passed', 'passed', 'passed', 'passed']);
  });

  it('reads a multivariant file with the media playlists beside it, and says which are not there', async () => {
    const report = await lintFile(fixture('multivariant/index.m3u8'));
    expect(report.playlists.map(({ url }) => url.split('/').at(-1))).to.deep.equal(['video.m3u8']);
    expect(report.checks.find(({ rule }) => rule === 'M10')).to.include({ status: 'not checked' });
    expect(report.checks.find(({ rule }) => rule === 'M10')?.reason).to.match(
      /^not on disk: file:.*audio\.m3u8$/,
    );
    expect(report.findings.map(({ rule }) => rule)).to.deep.equal(['M1', 'T19']);
  });
});
