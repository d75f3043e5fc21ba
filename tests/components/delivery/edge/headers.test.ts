import { expect } from 'chai';
import { edgeCode, type HeaderParameters } from '../../../../components/delivery/edge';
import { runEdge, viewerResponse } from '../../../../testing/edge';

const parameters: HeaderParameters = {
  cache: [
    { prefix: '/live/', suffixes: ['.m4s', '.mp4'], cacheControl: 'public, max-age=86400, immutable' },
    {
      prefix: '/videos/',
      suffixes: ['.m4s', '.mp4', '.ts'],
      cacheControl: 'public, max-age=31536000, immutable',
    },
  ],
};
const { code } = edgeCode('viewer-response', { headers: parameters });

function headers(url: string, status = 200, given: Record<string, string> = {}): Record<string, string> {
  const { response } = runEdge(code, viewerResponse(url, { status, headers: given }));
  return Object.fromEntries(Object.entries(response!.headers!).map(([name, { value }]) => [name, value]));
}

const SECURITY = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
};

describe('edge function: headers', () => {
  it('says how long media keep, by the path', () => {
    expect(headers('/live/news/s/720p/7.m4s')).to.deep.equal({
      ...SECURITY,
      'cache-control': 'public, max-age=86400, immutable',
    });
    expect(headers('/videos/film/1.ts', 206)['cache-control']).to.equal(
      'public, max-age=31536000, immutable',
    );
    expect(headers('/live/news/i/720p/0123456789abcdef.mp4', 304)['cache-control']).to.contain('86400');
  });

  it("leaves playlists with their origin's age: a frozen one stops the channel", () => {
    for (const url of ['/live/news/720p.m3u8', '/live/news/index.m3u8', '/videos/film/a.mpd']) {
      expect(headers(url, 200, { 'cache-control': 'max-age=1' })['cache-control']).to.equal('max-age=1');
      expect(headers(url)).to.deep.equal(SECURITY);
    }
  });

  it('says nothing about other answers and other paths', () => {
    for (const status of [201, 204, 301, 302]) {
      expect(headers('/live/news/s/720p/7.m4s', status)).to.deep.equal(SECURITY);
    }
    expect(headers('/other/7.m4s')).to.deep.equal(SECURITY);
  });

  it('never sees an error, which CloudFront sends without it', () => {
    for (const status of [400, 403, 404, 503])
      expect(headers('/live/news/s/720p/7.m4s', status, { 'cache-control': 'no-store' })).to.deep.equal({
        'cache-control': 'no-store',
      });
  });

  it('leaves a security header that the answer has', () => {
    const given = { 'Strict-Transport-Security': 'max-age=1' };
    expect(headers('/', 200, given)['strict-transport-security']).to.equal('max-age=1');
  });

  it('takes other security headers, or none', () => {
    const of = (security: Record<string, string>) => {
      const made = edgeCode('viewer-response', { headers: { security } }).code;
      return runEdge(made, viewerResponse('/a.mp4', { status: 200 })).response!.headers;
    };
    expect(of({ 'x-frame-options': 'DENY' })).to.deep.equal({ 'x-frame-options': { value: 'DENY' } });
    expect(of({})).to.deep.equal({});
  });
});
