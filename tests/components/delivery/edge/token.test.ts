import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { edgeCode, type TokenParameters } from '../../../../components/delivery/edge';
import { signToken, type TokenClaims } from '../../../../components/delivery/sign';
import { runEdge, urlOf, viewerRequest, type EdgeOptions, type EdgeResult } from '../../../../testing/edge';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const SECRET = '0123456789abcdef0123456789abcdef';
const KEY = { id: 'k1', secret: SECRET };
const STORE = { 'key/k1': SECRET };
const later = (seconds: number): Date => new Date(NOW + seconds * 1000);
const claims: TokenClaims = { path: '/live/news/', expires: later(600) };

const token = (given: Partial<TokenClaims> = {}, key = KEY): string =>
  signToken({ ...claims, ...given }, key, later(-1e6));

interface Asked extends EdgeOptions {
  readonly parameters?: TokenParameters;
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly ip?: string;
}

function ask(text: string | undefined, asked: Asked = {}): EdgeResult {
  const { parameters = {}, url = '/live/news/720p.m3u8?_HLS_msn=7', method = 'GET', ip, ...options } = asked;
  const { code } = edgeCode('viewer-request', { token: parameters });
  const headers = { ...(text !== undefined && { cookie: `a=b; media-token=${text}` }), ...asked.headers };
  const event = viewerRequest(url, { headers, method, ...(ip !== undefined && { ip }) });
  return runEdge(code, event, { now: NOW, keyValueStore: STORE, ...options });
}

/** Undefined where the request is let in. */
function refusal(text: string | undefined, asked: Asked = {}): string | undefined {
  const { response } = ask(text, asked);
  return response && `${response.statusCode} ${(response.body as string).trim()}`;
}

const encoded = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Any head and body, signed with any secret. */
function forged(head: unknown, body: unknown, secret = SECRET): string {
  const text = `${encoded(head)}.${encoded(body)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

describe('edge function: tokens', () => {
  it('lets in who has a token for the path, and changes nothing of the request', () => {
    const { request, reads } = ask(token());
    expect(urlOf(request!)).to.equal('/live/news/720p.m3u8?_HLS_msn=7');
    expect(reads).to.equal(1);
  });

  it('takes the token from cookie, query or header, and takes it out of the query', () => {
    const url = `/live/news/720p.m3u8?media-token=${token()}&_HLS_msn=7`;
    expect(urlOf(ask(undefined, { url }).request!)).to.equal('/live/news/720p.m3u8?_HLS_msn=7');
    const bearer = { Authorization: `Bearer ${token()}` };
    expect(refusal(undefined, { headers: bearer })).to.equal('403 a token is needed');
    expect(refusal(undefined, { headers: bearer, parameters: { from: ['header'] } })).to.equal(undefined);
    expect(refusal(token(), { parameters: { from: ['header'] } })).to.equal('403 a token is needed');
    expect(refusal(undefined, { url: url.replace('media-token', 't'), parameters: { name: 't' } })).to.equal(
      undefined,
    );
  });

  it('refuses who has none, or an empty one', () => {
    expect(refusal(undefined)).to.equal('403 a token is needed');
    expect(refusal('')).to.equal('403 a token is needed');
  });

  it('goes by the clock, with a leeway', () => {
    const at = (seconds: number, given: Partial<TokenClaims> = {}, leewaySeconds = 30) =>
      refusal(token(given), { now: NOW + seconds * 1000, parameters: { leewaySeconds } });
    expect(at(629)).to.equal(undefined);
    expect(at(630)).to.equal('403 the token has expired');
    expect(at(599, {}, 0)).to.equal(undefined);
    expect(at(600, {}, 0)).to.equal('403 the token has expired');
    const notBefore = later(100);
    expect(at(70, { notBefore })).to.equal(undefined);
    expect(at(69, { notBefore })).to.equal('403 the token is not valid yet');
  });

  it('is for a path, exactly, or for what is under it', () => {
    const at = (url: string, path = '/live/news/') => refusal(token({ path }), { url });
    expect(at('/live/news/s/720p/7.m4s')).to.equal(undefined);
    const other = '403 the token is for another path';
    for (const url of [
      ...['/live/sport/720p.m3u8', '/live/news', '/live/newsx/a', '/LIVE/news/a'],
      ...[
        '/live/news/../sport/a',
        '/live/news/%2e%2E/sport/a',
        '/live/news/..%2fsport/a',
        '/live/news/..\\sport',
      ],
    ])
      expect(at(url), url).to.equal(other);
    expect(at('/videos/film.mp4', '/videos/film.mp4')).to.equal(undefined);
    expect(at('/videos/film.mp4.key', '/videos/film.mp4')).to.equal(other);
    expect(at('/videos/film..mp4', '/videos/')).to.equal(undefined);
  });

  it('is for an audience and an address, where it or the function names them', () => {
    const parameters = { audience: 'tv' };
    expect(refusal(token({ audience: 'tv' }), { parameters })).to.equal(undefined);
    expect(refusal(token({ audience: 'web' }), { parameters })).to.equal(
      '403 the token is for another audience',
    );
    expect(refusal(token(), { parameters })).to.equal('403 the token is for another audience');
    expect(refusal(token({ ip: '198.51.100.7' }))).to.equal(undefined);
    expect(refusal(token({ ip: '198.51.100.7' }), { ip: '198.51.100.8' })).to.equal(
      '403 the token is for another address',
    );
    expect(refusal(token({ ip: '2001:db8::1' }), { ip: '2001:db8::1' })).to.equal(undefined);
  });

  it('refuses what is not signed with the key that it names', () => {
    const good = token();
    const [head, body, signature] = good.split('.') as [string, string, string];
    const notValid = '403 the token is not valid';
    const payload = { path: '/', exp: NOW };
    for (const [what, text] of Object.entries({
      'another secret': token({}, { id: 'k1', secret: 'f'.repeat(32) }),
      'an unknown key': token({}, { id: 'k2', secret: SECRET }),
      'another body': `${head}.${encoded({ path: '/', exp: 4e9 })}.${signature}`,
      'a cut signature': good.slice(0, -1),
      'a longer signature': `${good}A`,
      'no signature': `${head}.${body}.`,
      'two segments': `${head}.${body}`,
      'four segments': `${good}.x`,
      'no algorithm': `${encoded({ alg: 'none', kid: 'k1' })}.${body}.`,
      'another algorithm': forged({ alg: 'HS512', kid: 'k1' }, payload),
      'no key id': forged({ alg: 'HS256' }, payload),
      'a key id that is a path': forged({ alg: 'HS256', kid: '../k1' }, payload),
      'a key id that is no text': forged({ alg: 'HS256', kid: ['k1'] }, payload),
      'a head that is no object': forged('null', payload),
      'a head that is no JSON': `%%%.${body}.${signature}`,
      'no time of expiry': forged({ alg: 'HS256', kid: 'k1' }, { path: '/live/news/' }),
      'a time that is a text': forged({ alg: 'HS256', kid: 'k1' }, { path: '/live/news/', exp: '4e9' }),
      'no path': forged({ alg: 'HS256', kid: 'k1' }, { exp: 4e9 }),
      'a path that is empty': forged({ alg: 'HS256', kid: 'k1' }, { exp: 4e9, path: '' }),
      'a body that is a list': forged({ alg: 'HS256', kid: 'k1' }, []),
      'a very long one': forged({ alg: 'HS256', kid: 'k1' }, { ...payload, pad: 'x'.repeat(3000) }),
    }))
      expect(refusal(text), what).to.equal(notValid);
    expect(refusal(forged({ alg: 'HS256', kid: 'k1' }, { path: '/live/news/', exp: 4e9 }))).to.equal(
      undefined,
    );
  });

  it('lets two keys be valid beside each other while the secret is changed, then the old one no more', () => {
    const secret = 'e'.repeat(64);
    const next = token({}, { id: 'k2', secret });
    const both = { keyValueStore: { ...STORE, 'key/k2': secret } };
    expect([refusal(token(), both), refusal(next, both)]).to.deep.equal([undefined, undefined]);
    expect(refusal(token(), { keyValueStore: { 'key/k2': secret } })).to.equal('403 the token is not valid');
  });

  it('does not take a secret that is too short to be one', () => {
    const text = forged({ alg: 'HS256', kid: 'k1' }, { path: '/live/news/', exp: 4e9 }, 'short');
    expect(refusal(text, { keyValueStore: { 'key/k1': 'short' } })).to.equal('403 the token is not valid');
  });

  it('refuses a token that is revoked, from the moment on that the store says so', () => {
    const text = token({ id: 'viewer-7' });
    const parameters = { revocation: true };
    const revoked = { keyValueStore: { ...STORE, 'revoked/viewer-7': '' } };
    expect(refusal(text, { parameters })).to.equal(undefined);
    expect(refusal(text, { parameters, ...revoked })).to.equal('403 the token is revoked');
    expect(refusal(text, revoked), 'where revocation is off').to.equal(undefined);
    expect(ask(text, { parameters }).reads).to.equal(2);
  });

  it('lets nobody in while the store is out of reach, with an answer that players retry', () => {
    expect(refusal(token(), { storeFails: true })).to.equal('503 the token cannot be checked now; try again');
  });

  it("lets a browser's question about CORS through, which carries no credentials", () => {
    expect(refusal(undefined, { method: 'OPTIONS' })).to.equal(undefined);
    expect(refusal(undefined, { method: 'HEAD' })).to.equal('403 a token is needed');
  });

  it('goes together with the other steps: the token is for the path that the viewer asked for', () => {
    const { code, steps } = edgeCode('viewer-request', {
      country: { block: ['CN'] },
      token: {},
      directives: {},
      device: { rewrites: [{ prefix: '/live/news/', mobile: '/live/small/' }] },
    });
    expect(steps).to.deep.equal(['country', 'token', 'directives', 'device']);
    const url = `/live/news/720p.m3u8?_HLS_part=2&media-token=${token()}&_HLS_msn=07`;
    const run = (headers: Record<string, string>, at = url) =>
      runEdge(code, viewerRequest(at, { headers }), { now: NOW, keyValueStore: STORE });
    expect(urlOf(run({ 'user-agent': 'iPhone' }).request!)).to.equal(
      '/live/small/720p.m3u8?_HLS_msn=7&_HLS_part=2',
    );
    expect(run({ 'cloudfront-viewer-country': 'CN' })).to.deep.include({ reads: 0 });
    expect(run({ 'cloudfront-viewer-country': 'CN' }).response!.body).to.contain('region');
    expect(run({}, url.replace('_HLS_msn=07', '')).response!.statusCode).to.equal(400);
    expect(run({}, '/live/news/720p.m3u8?_HLS_part=2').response!.statusCode, 'token first').to.equal(403);
  });
});
