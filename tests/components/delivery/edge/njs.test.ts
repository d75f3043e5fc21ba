import { expect } from 'chai';
import fc from 'fast-check';
import { edgeCode, type EdgeCode } from '../../../../components/delivery/edge';
import { signToken } from '../../../../components/delivery/sign';
import {
  runEdge,
  viewerRequest,
  viewerResponse,
  type EdgeEvent,
  type EdgeOptions,
} from '../../../../testing/edge';
import { skip } from '../../../support/skip';
import { njsVersion, runInNjs } from './njs';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const SECRET = 's'.repeat(40);
const options: EdgeOptions = {
  now: NOW,
  keyValueStore: { 'key/k1': SECRET, 'revoked/v2': '1', blocked: 'CN,RU' },
};
const tokenFor = (id: string, seconds = 600): string =>
  signToken(
    { path: '/live/news/', expires: new Date(NOW + seconds * 1000), id },
    { id: 'k1', secret: SECRET },
    new Date(0),
  );

const request: EdgeCode = edgeCode('viewer-request', {
  cors: { origins: ['https://player.example.com'], credentials: true },
  country: { fromKey: 'blocked' },
  token: { revocation: true },
  directives: {},
  device: { rewrites: [{ prefix: '/live/news/', mobile: '/live/small/' }] },
});
const directives = edgeCode('viewer-request', { directives: {} });
const response = edgeCode('viewer-response', {
  headers: { cache: [{ suffixes: ['.m4s'], cacheControl: 'public, max-age=86400, immutable' }] },
});

const withToken = (
  url: string,
  id: string,
  headers: Record<string, string> = {},
  seconds?: number,
): EdgeEvent =>
  viewerRequest(url, { headers: { cookie: `media-token=${tokenFor(id, seconds)}`, ...headers } });

const PLAYLIST = '/live/news/720p.m3u8';

/** The answer of our harness, in the form of a handler's. */
function ours({ code }: EdgeCode, event: EdgeEvent): unknown {
  const { request: passed, response: answered } = runEdge(code, event, options);
  return JSON.parse(JSON.stringify(answered ?? passed)) as unknown;
}

const same = (made: EdgeCode, events: readonly EdgeEvent[]): void => {
  const { answers } = runInNjs(made.code, events, options);
  expect(answers).to.deep.equal(events.map((event) => ours(made, event)));
};

describe("edge functions in njs, the engine of CloudFront's runtime", () => {
  before(function () {
    if (njsVersion() === undefined)
      skip(
        this,
        'njs is not here: install it by `apt install njs` (Debian), and the functions run in it too',
      );
  });

  it('answer as in our harness: every step, let on and refused', () => {
    same(request, [
      withToken(`${PLAYLIST}?_HLS_part=1&_HLS_msn=007&x=1&CMCD=a%2Cb`, 'v1'),
      withToken(`${PLAYLIST}?_HLS_part=1`, 'v1', { origin: 'https://player.example.com' }),
      withToken(PLAYLIST, 'v1', { 'user-agent': 'Mozilla/5.0 (iPhone)' }),
      withToken(PLAYLIST, 'v2'),
      withToken(PLAYLIST, 'v1', {}, -31),
      withToken('/live/sport/720p.m3u8', 'v1'),
      withToken('/live/news/%2e%2e/sport/720p.m3u8', 'v1'),
      withToken(PLAYLIST, 'v1', { 'cloudfront-viewer-country': 'ru' }),
      withToken(PLAYLIST, 'v1', { 'cloudfront-viewer-country': 'VN' }),
      viewerRequest(PLAYLIST),
      viewerRequest(PLAYLIST, { method: 'OPTIONS', headers: { origin: 'https://other.example' } }),
      viewerRequest(`${PLAYLIST}?media-token=${tokenFor('v1').slice(0, -2)}xx`),
      viewerRequest(`${PLAYLIST}?media-token=${tokenFor('v1')}&_HLS_skip=YES`),
      viewerRequest(`${PLAYLIST}?media-token=a.b.c`),
      viewerRequest(`${PLAYLIST}?media-token=..`),
    ]);
    same(response, [
      viewerResponse('/live/news/s/720p/1.m4s', { status: 200, headers: { 'cache-control': 'max-age=1' } }),
      viewerResponse(PLAYLIST, { status: 200, headers: { 'cache-control': 'max-age=1' } }),
      viewerResponse('/live/news/s/720p/1.m4s', { status: 302 }),
    ]);
  });

  it('answer as in our harness, whatever the query', () => {
    const text = fc.oneof(
      fc.constantFrom('_HLS_msn=7', '_HLS_part=1', '_HLS_skip=v2', '_HLS_msn=x', '%5FHLS_msn=1', '_HLS_a=1'),
      fc.constantFrom(
        'CMCD=%22a%22',
        'x',
        '=',
        '%',
        'a=%zz',
        '+=+',
        '_HLS_msn=%30%31',
        '_HLS_skip=%59ES',
        '&&',
      ),
      fc.stringMatching(/^[a-zA-Z0-9%+=_.~-]{0,12}$/),
    );
    const queries = fc.sample(fc.array(text, { maxLength: 5 }), { numRuns: 300, seed: 20261121 });
    same(
      directives,
      queries.map((query) => viewerRequest(`${PLAYLIST}?${query.join('&')}`)),
    );
  });

  it('take a small part of the millisecond that there is', () => {
    const events = [
      withToken(`${PLAYLIST}?_HLS_part=1&_HLS_msn=7&x=1`, 'v1', { 'cloudfront-viewer-country': 'VN' }),
    ];
    // The least of three: the machine has other work.
    const least = ({ code }: EdgeCode) =>
      Math.min(...[1, 2, 3].map(() => runInNjs(code, events, options, 300).millisecondsEach));
    expect(least(directives)).to.be.lessThan(0.4);
    expect(least(request)).to.be.lessThan(0.8);
  });
});
