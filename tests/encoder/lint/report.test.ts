import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { formatReport, lintPlaylists, RULES } from '../../../encoder/lint';
import { BASE, mediaPlaylist } from './stream';

const broken = mediaPlaylist({ name: 'v1080', ticks: 245 })
  .replace('HOLD-BACK=1.02402', 'HOLD-BACK=0.9')
  .replace('VERSION:6', 'VERSION:9');
const report = lintPlaylists([{ url: `${BASE}v1080.m3u8`, text: broken }]);

describe('lint: the report', () => {
  it('names place, values, remedy and source of each finding, errors first, without colours', () => {
    const text = formatReport(report, { colours: false });
    expect(text).to.include(
      `error T5  ${BASE}v1080.m3u8:4\n  PART-HOLD-BACK=0.9 is less than 3 x PART-TARGET 0.34134 = 1.02402`,
    );
    expect(text).to.match(/ {2}Remedy: Set PART-HOLD-BACK/);
    expect(text).to.match(/ {2}Source: draft-pantos-hls-rfc8216bis-22 4\.4\.3\.8/);
    expect(text.indexOf('error T5')).to.be.lessThan(text.indexOf('warning T19'));
    expect(text).to.not.include('\u001b[');
    expect(text).to.match(/1 error, 1 warning\. \d+ rules: \d+ passed, 2 failed, \d+ not checked\.\n$/);
  });

  it('lists what was not checked with the reasons, unless told not to', () => {
    expect(formatReport(report, { colours: false })).to.match(
      /Not checked:\n[^]*D5.*: needs an HTTP server; give a URL/,
    );
    expect(formatReport(report, { colours: false, showNotChecked: false })).to.not.include('Not checked');
  });

  it('uses colours when asked to', () => {
    expect(formatReport(report, { colours: true })).to.include('\u001b[31merror\u001b[0m T5');
  });

  it('is the whole report as JSON', () => {
    expect(JSON.parse(formatReport(report, { format: 'json' }))).to.deep.equal(
      JSON.parse(JSON.stringify(report)),
    );
  });

  it('counts every rule once', () => {
    const { passed, failed, notChecked } = report.counts;
    expect(report.checks.map(({ rule }) => rule)).to.deep.equal(RULES.map(({ id }) => id));
    expect(passed + failed + notChecked).to.equal(RULES.length);
  });
});

describe('lint: the catalogue', () => {
  it('has each id once, and T1 to T26, D1 to D15 among them', () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    const wanted = [
      ...Array.from({ length: 26 }, (_, index) => `T${index + 1}`),
      ...Array.from({ length: 15 }, (_, index) => `D${index + 1}`),
    ];
    expect(ids).to.include.members(wanted);
  });

  it('says of each rule what it asks, what to do, and where it is written', () => {
    for (const { title, remedy, source, needs } of RULES) {
      for (const words of [title, remedy, source, needs]) expect(words.length).to.be.greaterThan(5);
    }
  });

  it('is the table of docs/lint.md: every id, its level and its title', async () => {
    const page = await readFile(path.resolve(process.cwd(), 'docs/lint.md'), 'utf8');
    const listed = [...page.matchAll(/^\| ([STDCMF]\d+) \| (\w+) \| (.*?) \|/gm)].map(([, ...cells]) =>
      cells.join(' '),
    );
    const catalogue = RULES.map(({ id, severity, title }) => `${id} ${severity} ${title}`);
    expect(listed.toSorted()).to.deep.equal(catalogue.toSorted());
  });
});
