import { expect } from 'chai';
import { edgeCode } from '../../../../components/delivery/edge';
import { runEdge, viewerRequest } from '../../../../testing/edge';

const { code } = edgeCode('viewer-request', {
  device: {
    rewrites: [
      { prefix: '/videos/', mobile: '/videos/mobile/', tablet: '/videos/tablet/' },
      { prefix: '/clips/', mobile: '/clips/small/' },
    ],
  },
});

function path(uri: string, headers: Record<string, string> = {}): string {
  return runEdge(code, viewerRequest(uri, { headers })).request!.uri;
}

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1';
const PHONE =
  'Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 Chrome/146.0.0.0 Mobile Safari/537.36';
const TABLET = 'Mozilla/5.0 (Linux; Android 16; SM-X910) AppleWebKit/537.36 Chrome/146.0.0.0 Safari/537.36';
const IPAD = 'Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1';
const DESKTOP = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/146.0.0.0 Safari/537.36';

describe('edge function: devices', () => {
  it('gives phones and tablets their own path, and desktops the one that they ask for', () => {
    const of = (agent: string) => path('/videos/a/b.m3u8', { 'User-Agent': agent });
    expect([IPHONE, PHONE].map(of)).to.deep.equal(Array(2).fill('/videos/mobile/a/b.m3u8'));
    expect([IPAD, TABLET].map(of)).to.deep.equal(Array(2).fill('/videos/tablet/a/b.m3u8'));
    expect(of(DESKTOP)).to.equal('/videos/a/b.m3u8');
    expect(path('/clips/a.mp4', { 'user-agent': TABLET })).to.equal('/clips/small/a.mp4');
  });

  it('leaves a request without a User-Agent as it is', () => {
    expect(path('/videos/a.m3u8')).to.equal('/videos/a.m3u8');
  });

  it("believes CloudFront's own judgement before the User-Agent", () => {
    const said = (mobile: string, tablet: string, agent: string) =>
      path('/videos/a.m3u8', {
        'CloudFront-Is-Mobile-Viewer': mobile,
        'CloudFront-Is-Tablet-Viewer': tablet,
        'User-Agent': agent,
      });
    expect(said('true', 'false', DESKTOP)).to.equal('/videos/mobile/a.m3u8');
    expect(said('false', 'true', DESKTOP)).to.equal('/videos/tablet/a.m3u8');
    expect(said('false', 'false', IPHONE)).to.equal('/videos/a.m3u8');
  });

  it('does nothing the second time, nor to a path that has its device already', () => {
    for (const uri of ['/videos/mobile/a.m3u8', '/videos/tablet/a.m3u8', '/clips/small/a.mp4'])
      expect(path(uri, { 'user-agent': IPHONE })).to.equal(uri);
  });

  it('rewrites the beginning of a path alone', () => {
    for (const uri of ['/api/videos/a', '/video/a.m3u8', '/videosx/a', '/videos', '/'])
      expect(path(uri, { 'user-agent': IPHONE })).to.equal(uri);
  });
});
