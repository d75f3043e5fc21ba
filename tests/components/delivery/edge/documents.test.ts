import { expect } from 'chai';
import { edgeCode } from '../../../../components/delivery/edge';
import { edgeFaults, runEdge, viewerRequest, viewerResponse } from '../../../../testing/edge';
import { rejection } from '../../../support/rejection';
import {
  answerOfDocuments,
  askDocuments,
  ORIGIN_RESPONSE,
  VIEWER_REQUEST,
  type LambdaRequest,
  type LambdaResponse,
} from './documents';

const IPHONE = 'Mozilla/5.0 (iPhone) Mobile/15E148';
const request = edgeCode('viewer-request', {
  cors: { origins: '*' },
  country: { block: ['CN', 'RU', 'IR'] },
  device: { rewrites: [{ prefix: '/videos/', mobile: '/videos/mobile/' }] },
}).code;
const response = edgeCode('viewer-response', {
  headers: {
    cache: [{ suffixes: ['.m4s', '.mp4', '.ts'], cacheControl: 'public, max-age=31536000, immutable' }],
    security: { 'strict-transport-security': 'max-age=31536000; includeSubDomains' },
  },
}).code;

/** The documents' path or status, and ours. */
async function both(uri: string, headers: Record<string, string>): Promise<[string, string]> {
  const theirs = await askDocuments(uri, headers);
  const { request: on, response: answer } = runEdge(request, viewerRequest(uri, { headers }));
  return [
    (theirs as LambdaResponse).status ?? (theirs as LambdaRequest).uri,
    on ? on.uri : String(answer!.statusCode),
  ];
}

describe("the documents' edge functions, and what became of them", () => {
  describe('viewer-request', () => {
    it('fails with each request that has no User-Agent (a 502 for the viewer); ours lets it on', async () => {
      const headers = { 'CloudFront-Viewer-Country': 'VN' };
      expect(String(await rejection(askDocuments('/videos/a.mp4', headers)))).to.contain('TypeError');
      expect(runEdge(request, viewerRequest('/videos/a.mp4', { headers })).request!.uri).to.equal(
        '/videos/a.mp4',
      );
    });

    it('fails with each request without a country, which is every one unless a policy names the header', async () => {
      const headers = { 'User-Agent': IPHONE };
      expect(String(await rejection(askDocuments('/videos/a.mp4', headers)))).to.contain('TypeError');
      expect(runEdge(request, viewerRequest('/videos/a.mp4', { headers })).request!.uri).to.equal(
        '/videos/mobile/a.mp4',
      );
      expect(edgeCode('viewer-request', { country: { block: ['CN'] } }).viewerHeaders).to.deep.equal([
        'CloudFront-Viewer-Country',
      ]);
    });

    it('never rewrites the path that the documents serve: /videos/ is not /video/', async () => {
      const headers = { 'User-Agent': IPHONE, 'CloudFront-Viewer-Country': 'VN' };
      expect(await both('/videos/a.mp4', headers)).to.deep.equal(['/videos/a.mp4', '/videos/mobile/a.mp4']);
    });

    it('rewrites its own path again and again, to a path of no behaviour; ours once', async () => {
      const headers = { 'User-Agent': IPHONE, 'CloudFront-Viewer-Country': 'VN' };
      expect(await both('/video/mobile/a.mp4', headers)).to.deep.equal([
        '/video/mobile/mobile/a.mp4',
        '/video/mobile/a.mp4',
      ]);
      expect((await both('/videos/mobile/a.mp4', headers))[1]).to.equal('/videos/mobile/a.mp4');
    });

    it('rewrites anywhere in a path; ours at its beginning alone', async () => {
      const headers = { 'User-Agent': IPHONE, 'CloudFront-Viewer-Country': 'VN' };
      expect(await both('/api/video/list', headers)).to.deep.equal([
        '/api/video/mobile/list',
        '/api/video/list',
      ]);
    });

    it('compares countries letter by letter, and has the list in its code; ours has it as a parameter', async () => {
      for (const [country, theirs] of [
        ['CN', '403'],
        ['RU', '403'],
        ['IR', '403'],
        ['cn', '/a.mp4'],
      ] as const) {
        const headers = { 'User-Agent': 'x', 'CloudFront-Viewer-Country': country };
        expect(await both('/a.mp4', headers)).to.deep.equal([theirs, '403']);
      }
    });

    it('refuses with an answer that no page can read and anyone may store; the message stays', async () => {
      const headers = { 'User-Agent': 'x', 'CloudFront-Viewer-Country': 'CN' };
      const theirs = (await askDocuments('/a.mp4', headers)) as LambdaResponse;
      expect(theirs).to.deep.equal({
        status: '403',
        statusDescription: 'Forbidden',
        body: 'Content not available in your region',
      });
      const ours = runEdge(request, viewerRequest('/a.mp4', { headers })).response!;
      expect(ours.statusCode).to.equal(403);
      expect((ours.body as string).trim()).to.equal(theirs.body);
      expect(ours.headers).to.deep.include({
        'cache-control': { value: 'no-store' },
        'access-control-allow-origin': { value: '*' },
      });
    });
  });

  describe('origin-response', () => {
    const OURS = 'public, max-age=31536000, immutable';
    const age = async (uri: string, status: number, given: Record<string, string> = {}) => {
      const theirs = (await answerOfDocuments(uri, String(status), given)).headers['cache-control']![0]!
        .value;
      const ours = runEdge(response, viewerResponse(uri, { status, headers: given })).response!;
      return [theirs, ours.headers!['cache-control']?.value];
    };
    const THEIRS = 'public, max-age=86400, s-maxage=31536000';

    it('keeps a live playlist for a year in the cache and a day at the viewer; ours is for media alone', async () => {
      const given = { 'cache-control': 'max-age=1' };
      expect(await age('/live/news/720p.m3u8', 200, given)).to.deep.equal([THEIRS, 'max-age=1']);
      expect(await age('/live/news/s/720p/7.m4s', 200)).to.deep.equal([THEIRS, OURS]);
      expect(await age('/videos/a.ts', 206)).to.deep.equal([THEIRS, OURS]);
    });

    it('keeps an error for a year: a segment that is late is then never seen', async () => {
      const given = { 'cache-control': 'no-store' };
      for (const status of [403, 404, 503])
        expect(await age('/live/news/s/720p/7.m4s', status, given)).to.deep.equal([THEIRS, 'no-store']);
    });

    it('says HSTS as ours does', async () => {
      const theirs = await answerOfDocuments('/a', '200');
      const ours = runEdge(response, viewerResponse('/a', { status: 200 })).response!;
      expect(theirs.headers['strict-transport-security']![0]!.value.toLowerCase()).to.equal(
        ours.headers!['strict-transport-security']!.value.toLowerCase(),
      );
    });
  });

  it('stand in one listing as two handlers of one name, of which the second replaces the first', async () => {
    const answer = await rejection(
      askDocuments(
        '/a',
        { 'User-Agent': 'x', 'CloudFront-Viewer-Country': 'CN' },
        VIEWER_REQUEST + ORIGIN_RESPONSE,
      ),
    );
    expect(String(answer), 'it looks for a response in a request').to.contain('TypeError');
  });

  it('need Lambda@Edge, for CloudFront Functions take neither', () => {
    for (const code of [VIEWER_REQUEST, ORIGIN_RESPONSE])
      expect(edgeFaults(code)).to.include.members([
        ...['2:1 exports is not there', 'there is no function handler(event)'],
      ]);
  });
});
