import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { edgeCode } from '../../components/delivery/edge';
import { refusalOf, runEdge, viewerRequest } from '../../testing/edge';

const MAIN = path.resolve(__dirname, '../../cli/main.js');
const FILM = 'https://media.example.com/videos/film.mp4';
const LIVE = 'https://media.example.com/live/news/*';

function run(...list: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'sign', ...list], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { code: status, out: stdout, err: stderr };
}

describe('aws-media sign', function () {
  this.timeout(30_000);
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const secret = 's3cr3t'.repeat(8);
  const trusted = { keys: { K2JCJMDEHXQW5F: pair.publicKey } };
  let folder: string;
  let keyFile: string;
  let secretFile: string;
  const key = (): string[] => ['--key-pair-id', 'K2JCJMDEHXQW5F', '--private-key', keyFile];

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sign-'));
    keyFile = path.join(folder, 'private.pem');
    secretFile = path.join(folder, 'secret');
    writeFileSync(keyFile, pair.privateKey, { mode: 0o600 });
    writeFileSync(secretFile, `${secret}\n`, { mode: 0o600 });
  });

  after(() => rmSync(folder, { recursive: true }));

  it('prints a URL that CloudFront opens until the time that was asked for', () => {
    const { code, out, err } = run('url', FILM, ...key(), '--expires', '2 hours');
    expect([code, err]).to.deep.equal([0, '']);
    const until = Number(new URL(out).searchParams.get('Expires'));
    expect(until - Date.now() / 1000).to.be.within(7100, 7200);
    expect(refusalOf({ url: out.trim() }, trusted)).to.equal(undefined);
    expect(refusalOf({ url: out.trim() }, { ...trusted, now: until })).to.equal('the time is past');
  });

  it('prints a URL for a pattern, an address and a beginning, by SHA1', () => {
    const { out } = run(
      ...[
        'url',
        FILM,
        ...key(),
        '--expires',
        '2037-01-01T00:00:00+07:00',
        '--not-before',
        '2036-01-01T00:00Z',
      ],
      ...['--ip', '192.0.2.0/24', '--resource', 'https://media.example.com/videos/*', '--hash', 'sha1'],
    );
    expect(out).not.to.contain('Hash-Algorithm');
    const other = out.trim().replace('film.mp4', 'other.mp4');
    const at = { ...trusted, now: Date.parse('2036-06-01T00:00:00Z') / 1000, ip: '192.0.2.9' };
    expect(refusalOf({ url: other }, at)).to.equal(undefined);
    expect(refusalOf({ url: other }, { ...at, ip: '192.0.3.9' })).to.equal('the address is another');
    expect(refusalOf({ url: other }, { ...at, now: Date.parse('2036-12-31T17:00:00Z') / 1000 })).to.equal(
      'the time is past',
    );
  });

  it('warns that the signature of a playlist is not on what is in it', () => {
    const { code, out, err } = run('url', LIVE.replace('*', 'index.m3u8'), ...key(), '--expires', '1 hour');
    expect(code).to.equal(0);
    expect(refusalOf({ url: out.trim() }, trusted)).to.equal(undefined);
    expect(err).to.match(/^aws-media: note: .*for HLS take `aws-media sign cookies`.*\n$/);
  });

  it('prints cookies as lines of Set-Cookie, for curl, and as JSON', () => {
    const opens = (cookies: Record<string, string>) =>
      refusalOf({ url: 'https://media.example.com/live/news/720p.m3u8?_HLS_msn=7', cookies }, trusted);
    const lines = run('cookies', LIVE, ...key(), '--expires', '1 day', '--domain', 'example.com').out;
    const read = lines
      .trim()
      .split('\n')
      .map((line) =>
        /^Set-Cookie: ([\w-]+)=([\w~-]+); Domain=example\.com; Path=\/; Secure; HttpOnly; SameSite=Lax$/.exec(
          line,
        )!,
      );
    expect(read).to.have.length(4);
    expect(opens(Object.fromEntries(read.map(([, name, value]) => [name!, value!])))).to.equal(undefined);

    const curl = run('cookies', LIVE, ...key(), '--expires', '1 day', '--format', 'curl').out;
    const [, header] = /^cookie = "(.*)"\n$/.exec(curl)!;
    const pairs = header!.split('; ').map((each) => each.split('=') as [string, string]);
    expect(opens(Object.fromEntries(pairs))).to.equal(undefined);

    const json = run('cookies', LIVE, ...key(), '--expires', '1 day', '--format', 'json').out;
    expect(opens(JSON.parse(json) as Record<string, string>)).to.equal(undefined);
  });

  it("prints a token that the edge function takes with the store's secret", () => {
    const { out } = run(
      ...['token', '/live/news/', '--key-id', 'k1', '--secret-file', secretFile, '--expires', '1 hour'],
      ...['--audience', 'tv', '--id', 'viewer-7'],
    );
    const { code } = edgeCode('viewer-request', { token: { audience: 'tv', revocation: true } });
    const ask = (keyValueStore: Record<string, string>) =>
      runEdge(code, viewerRequest(`/live/news/720p.m3u8?media-token=${out.trim()}`), { keyValueStore })
        .response?.statusCode;
    expect(ask({ 'key/k1': secret })).to.equal(undefined);
    expect(ask({ 'key/k1': 'x'.repeat(40) })).to.equal(403);
    expect(ask({ 'key/k1': secret, 'revoked/viewer-7': '' })).to.equal(403);
  });

  it('says everything that is wrong at once, with exit code 2 and nothing on standard output', () => {
    const { code, out, err } = run(
      ...['url', 'media/film.mp4', '--private-key', path.join(folder, 'none.pem'), '--expires', 'tomorrow'],
      ...['--not-before', '2026', '--ip', '::1'],
    );
    expect([code, out]).to.deep.equal([2, '']);
    expect(err.split('\n').map((line) => line.trim().split(' ')[0])).to.deep.equal([
      ...['aws-media:', '--key-pair-id', '--private-key', '--not-before', '--expires', '--ip', '<url>', ''],
    ]);
    expect(err).to.contain('none.pem cannot be read (ENOENT): give a file that this user may read');
    expect(err).to.contain('--expires is "tomorrow"; allowed: a number, a space and a unit');
  });

  it('reads no key that others may read, and shows none', () => {
    chmodSync(keyFile, 0o640);
    try {
      const { code, err } = run('url', FILM, ...key(), '--expires', '1 hour');
      expect(code).to.equal(2);
      expect(err).to.match(/--private-key .*private\.pem has mode 0640, .* chmod 600 /);
    } finally {
      chmodSync(keyFile, 0o600);
    }
    const { code, err } = run('url', FILM, '--key-pair-id', 'K2JCJMDEHXQW5F', '--private-key', secretFile);
    expect(code).to.equal(2);
    expect(err).to.contain('--expires is missing');
    expect(err).to.contain('--private-key is no private key that can be read; allowed: PEM, not encrypted');
    expect(err).not.to.contain(secret);
  });
});
