import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { generate } from 'selfsigned';
import { lint } from '../../../encoder/lint';
import type { LintReport } from '../../../encoder/lint/types';
import { LiveServer, type Fault } from './live-server';

/** Rules and severities that each fault must lead to, and nothing else; with a question mark what it may lead to. */
const EXPECTED: readonly (readonly [Fault | undefined, readonly string[]])[] = [
  [undefined, []],
  ['refuses to block', ['D1 error', 'D2 error']],
  ['answers before the part is there', ['D2 error']],
  ['counts parts as a segment', ['D1 error']],
  ['refuses the end of a finished segment', ['D3 error']],
  ['refuses an old segment', ['D4 error']],
  ['accepts malformed directives', ['D5 error']],
  ['holds what is too far ahead', ['D6 warning']],
  ['ignores skip', ['D9 error']],
  ['skips too much', ['D10 error']],
  ['needs the directives in order', ['D14 error']],
  ['refuses hints', ['D11 error']],
  ['trickles hinted parts', ['D11 error']],
  ['answers unknown resources', ['D12 warning']],
  ['lists parts before they are there', ['D13 error', 'D11 error?']],
  ['drops parts at once', ['T14 error']],
  ['has no CORS', ['C7 warning']],
  ['has no gzip', ['T25 error']],
  ['redirects segments', ['T25 error']],
  ['forbids caching of blocking answers', ['C3 warning']],
  ['caches playlists for a minute', ['C4 warning']],
  ['forbids caching of segments', ['C5 warning']],
  ['caches errors', ['C6 warning']],
  ['has the wrong content types', ['C8 warning']],
  ['marks parts INDEPENDENT that are not', ['F4 error']],
  ['does not mark key frames', ['T4 warning']],
  ['starts segments without a key frame', ['F4 error', 'T23 error']],
  ['serves other segment bytes', ['F5 error']],
  ['serves segments under other headers', []],
  ['resets the decode time', ['F3 error']],
  ['has no tfdt', ['F2 error']],
  ['has no moov', ['F1 error']],
  ['tags HEVC hev1', ['F6 error']],
  ['moves the audio by half a second', ['T16 error']],
  ['has longer media than it says', ['F3 error', 'T24 error']],
  ['has a broken audio playlist', ['M10 error']],
  ['exceeds BANDWIDTH', ['M11 error']],
  ['has ended', []],
  ['obeys directives after the end', ['D8 error']],
];

/** What is true of every server here: it is plain http on loopback. */
function complaints(report: LintReport): string[] {
  const all = report.findings.filter(({ severity, rule }) => severity !== 'info' && rule !== 'C1');
  return [...new Set(all.map(({ rule, severity }) => `${rule} ${severity}`))].sort();
}

describe('lint: the prober', function () {
  this.timeout(40_000);
  const reports = new Map<Fault | undefined, LintReport>();

  before(async () => {
    // Side by side, because nearly all of the time is waiting for the stream.
    const pending = [...EXPECTED];
    const work = async (): Promise<void> => {
      for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
        const [fault] = next;
        const server = await new LiveServer(fault).listen();
        try {
          reports.set(fault, await lint(server.url, { seconds: 2.5 }));
        } finally {
          await server.close();
        }
      }
    };
    await Promise.all(Array.from({ length: 10 }, work));
  });

  for (const [fault, rules] of EXPECTED) {
    const name =
      fault === undefined
        ? 'has nothing to say about a server that does all of it right'
        : `${rules.filter((rule) => !rule.endsWith('?')).join(', ') || 'no error or warning'}: the server ${fault}`;
    it(name, () => {
      const report = reports.get(fault);
      expect(report).to.not.equal(undefined);
      if (report === undefined) return;
      const allowed = rules.filter((rule) => rule.endsWith('?')).map((rule) => rule.slice(0, -1));
      const required = rules.filter((rule) => !rule.endsWith('?'));
      const seen = complaints(report).filter((complaint) => !allowed.includes(complaint));
      expect(seen, JSON.stringify(report.findings, undefined, 1)).to.deep.equal(required);
      expect(report.ok).to.equal(rules.every((rule) => !rule.endsWith('error')));
    });
  }

  it('checks nearly every rule of a whole live stream, and says why it did not check the others', () => {
    const report = reports.get(undefined);
    const unchecked = report?.checks.filter(({ status }) => status === 'not checked').map(({ rule }) => rule);
    expect(unchecked).to.deep.equal(['T21', 'M6', 'M7', 'D7', 'D8', 'D15', 'C2', 'C9']);
    expect(report?.playlists.map(({ versions }) => versions > 4)).to.deep.equal([true, true]);
    expect(report?.findings.map(({ rule }) => rule)).to.include('C1');
  });

  it('follows a server over HTTP/2 with a certificate of its own, if it is told to accept that', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const server = await new LiveServer(undefined, { key, cert }).listen();
    try {
      const report = await lint(server.url, { seconds: 1.5, insecure: true });
      expect(report.findings.filter(({ severity }) => severity !== 'info')).to.deep.equal([]);
      const status = (rule: string): string | undefined =>
        report.checks.find((check) => check.rule === rule)?.status;
      expect([status('C1'), status('C2'), status('D2'), status('F5')]).to.deep.equal(Array(4).fill('passed'));
      const refused = await lint(server.url, { seconds: 1 });
      expect(refused.findings.map(({ rule }) => rule)).to.deep.equal(['M10']);
      expect(refused.findings[0]?.found).to.match(/certificate/);
    } finally {
      await server.close();
    }
  });

  it('keeps a process of its own alive until the report is there, and ends after it', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const server = await new LiveServer(undefined, { key, cert }).listen();
    const module = path.resolve(__dirname, '../../../encoder/lint');
    const script = `require(${JSON.stringify(module)}).lint(process.argv[1], { seconds: 1, insecure: true }).then(({ ok }) => console.log(ok))`;
    try {
      const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, server.url], {
        timeout: 15_000,
      });
      expect(stdout).to.equal('true\n');
    } finally {
      await server.close();
    }
  });

  it('reports a server that does not answer as a finding, not as an exception', async () => {
    const server = await new LiveServer().listen();
    const { url } = server;
    await server.close();
    const report = await lint(url, { seconds: 1 });
    expect(report.findings.map(({ rule, severity }) => [rule, severity])).to.deep.equal([['M10', 'error']]);
    expect(report.ok).to.equal(false);
  });

  it('stops when it is told to', async () => {
    const server = await new LiveServer().listen();
    const stop = new AbortController();
    const running = lint(server.url, {
      seconds: 600,
      signal: stop.signal,
      log: () => setImmediate(() => stop.abort()),
    });
    const report = await running;
    expect(report.counts.errors).to.equal(0);
    await server.close();
  });
});
