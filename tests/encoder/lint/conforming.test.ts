import { expect } from 'chai';
import { lintPlaylists } from '../../../encoder/lint/offline';
import type { LintReport } from '../../../encoder/lint/types';
import { BASE, mediaPlaylist, MULTIVARIANT, NAMES, snapshots } from './stream';

const complaints = (report: LintReport): string[] =>
  report.findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ rule, place, found }) => `${rule} ${place.url}:${place.line ?? 0} ${found}`);

describe('lint: a conforming stream', () => {
  it('has no error and no warning over 60 ticks of a sliding window', () => {
    const report = lintPlaylists(snapshots(240, 300));
    expect(complaints(report)).to.deep.equal([]);
    expect(report.ok).to.equal(true);
    expect(report.playlists).to.deep.equal(
      NAMES.map((name) => ({ url: `${BASE}${name}.m3u8`, versions: 61 })),
    );
    expect(report.findings.map(({ rule, severity }) => [rule, severity])).to.deep.equal([
      ['T13', 'info'],
      ['T13', 'info'],
      ['T13', 'info'],
    ]);
  });

  it('is not flagged for a short window while it is young', () => {
    const report = lintPlaylists(snapshots(7, 40));
    expect(complaints(report)).to.deep.equal([]);
    expect(report.checks.find(({ rule }) => rule === 'T13')).to.include({ status: 'not checked' });
  });

  it('may end a segment early after an encoder restart, with a discontinuity', () => {
    const shape = { ticks: { 21: 5 }, discontinuities: [22] };
    expect(complaints(lintPlaylists(snapshots(240, 290, shape)))).to.deep.equal([]);
  });

  it('may pause for a restart, which is worth an info', () => {
    const shape = { ticks: { 21: 5 }, discontinuities: [22] };
    // Segment 21 is sealed at tick 257, 1.7 s after its last part; the next part comes after that.
    const all = snapshots(250, 270, shape).map((snapshot) => {
      const late = (snapshot.receivedAtMs ?? 0) > (257 * 1000) / 3 - 1;
      return late ? { ...snapshot, receivedAtMs: (snapshot.receivedAtMs ?? 0) + 1700 } : snapshot;
    });
    const report = lintPlaylists(all);
    expect(complaints(report)).to.deep.equal([]);
    expect(
      report.findings.filter(({ rule }) => rule === 'T12').map(({ severity }) => severity),
    ).to.deep.equal(Array(3).fill('info'));
  });

  it('keeps its discontinuity numbers while the discontinuity rolls out of the window', () => {
    const shape = { ticks: { 3: 5 }, discontinuities: [4] };
    expect(complaints(lintPlaylists(snapshots(200, 280, shape)))).to.deep.equal([]);
  });

  it('may drop the tag of a discontinuity when its segment is the first listed, and count it then', () => {
    const shape = { ticks: { 3: 5 }, discontinuities: [4], dropsFirstTag: true };
    expect(complaints(lintPlaylists(snapshots(200, 280, shape)))).to.deep.equal([]);
  });

  it('may list a missing segment as EXT-X-GAP', () => {
    expect(complaints(lintPlaylists(snapshots(240, 320, { gaps: [21, 22] })))).to.deep.equal([]);
  });

  it('may answer with delta updates', () => {
    const url = `${BASE}v1080.m3u8`;
    const text = (ticks: number, delta: boolean): string => mediaPlaylist({ name: 'v1080', ticks, delta });
    const report = lintPlaylists([
      { url, text: text(240, false) },
      { url, text: text(241, true) },
      { url, text: text(252, true) },
      { url, text: text(253, false) },
    ]);
    expect(complaints(report)).to.deep.equal([]);
    expect(
      report.checks.filter(({ rule }) => ['D10', 'T26', 'T11'].includes(rule)).map(({ status }) => status),
    ).to.deep.equal(['passed', 'passed', 'passed']);
  });

  it('says for every rule that it passed or why it was not checked', () => {
    const report = lintPlaylists([{ url: `${BASE}index.m3u8`, text: MULTIVARIANT }]);
    expect(report.counts.passed + report.counts.failed + report.counts.notChecked).to.equal(
      report.checks.length,
    );
    for (const { status, reason } of report.checks) {
      if (status === 'not checked') expect(reason).to.be.a('string').and.not.equal('');
    }
    expect(report.checks.find(({ rule }) => rule === 'D5')).to.deep.include({
      reason: 'needs an HTTP server; give a URL',
    });
  });
});
