import { expect } from 'chai';
import fc from 'fast-check';
import { edgeCode } from '../../../../components/delivery/edge';
import { signToken } from '../../../../components/delivery/sign';
import { runEdge, viewerRequest, viewerResponse } from '../../../../testing/edge';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const SECRET = 'q'.repeat(32);
const options = { now: NOW, keyValueStore: { 'key/k1': SECRET, list: 'CN,RU' } };
const { code } = edgeCode('viewer-request', {
  cors: { origins: ['https://a.example'], credentials: true },
  country: { fromKey: 'list' },
  token: { from: ['cookie', 'query', 'header'], revocation: true },
  directives: {},
  device: { rewrites: [{ prefix: '/live/', mobile: '/small/' }] },
});
const good = signToken(
  { path: '/live/news/', expires: new Date(NOW + 1000), id: 'v1' },
  { id: 'k1', secret: SECRET },
  new Date(NOW),
);

/** What can be on a request's line and in its headers. */
const visible = fc.stringMatching(/^[\x21-\x7e]{0,40}$/);
const path = fc.oneof(
  fc.constantFrom('/live/news/720p.m3u8', '/live/news/index.m3u8', '/live/news/s/720p/7.m4s', '/'),
  visible.map((text) => `/live/${text.replace(/[?#]/g, '')}`),
);
/** The good token with a character changed, taken out or put in; or anything at all. */
const token = fc.oneof(
  fc
    .tuple(fc.nat({ max: good.length - 1 }), fc.constantFrom('', 'A', '.', '-', 'AA'))
    .map(([at, text]) => good.slice(0, at) + text + good.slice(at + 1)),
  visible,
  fc
    .tuple(visible, visible, visible)
    .map((parts) => parts.map((part) => Buffer.from(part).toString('base64url')).join('.')),
  fc
    .tuple(fc.json(), fc.json())
    .map((parts) => `${parts.map((part) => Buffer.from(part).toString('base64url')).join('.')}.x`),
);
const name = fc.constantFrom(
  'user-agent',
  'origin',
  'authorization',
  'cloudfront-viewer-country',
  'x-a',
  'cookie',
);

describe('edge functions under fuzz', () => {
  it('let in nobody without a good token, and fail for no request', () => {
    const statuses = new Set<number>();
    fc.assert(
      fc.property(
        path,
        fc.array(visible, { maxLength: 3 }),
        fc.array(fc.tuple(name, visible), { maxLength: 4 }),
        token,
        fc.constantFrom('cookie', 'query', 'header'),
        fc.constantFrom('GET', 'HEAD', 'POST'),
        (at, query, headers, text, where, method) => {
          // Base64 leaves bits of a last character unused, but the signature is compared as text.
          fc.pre(text !== good);
          const url = `${at}?${[...query, ...(where === 'query' ? [`media-token=${text}`] : [])].join('&')}`;
          const all = Object.fromEntries(headers);
          if (where === 'cookie') all['cookie'] = `${all['cookie'] ?? 'a=b'}; media-token=${text}`;
          if (where === 'header') all['authorization'] = `Bearer ${text}`;
          const { request, response } = runEdge(code, viewerRequest(url, { method, headers: all }), options);
          expect(request, url).to.equal(undefined);
          statuses.add(response!.statusCode);
          expect(response!.headers!['access-control-allow-origin']?.value ?? all['origin']).to.equal(
            all['origin'],
          );
        },
      ),
      { numRuns: 250 },
    );
    expect([...statuses]).to.deep.equal([403]);
  });

  it('answer the holder of a good token with 400 or let him on, never leave him with an error', () => {
    fc.assert(
      fc.property(
        fc.array(visible, { maxLength: 4 }),
        fc.array(fc.tuple(fc.constantFrom('user-agent', 'x-a', 'origin'), visible), { maxLength: 3 }),
        (query, headers) => {
          const all = { ...Object.fromEntries(headers), cookie: `media-token=${good}` };
          const event = viewerRequest(`/live/news/720p.m3u8?${query.join('&')}`, { headers: all });
          const { request, response } = runEdge(code, event, options);
          if (response) expect(response.statusCode).to.equal(400);
          else expect(request!.uri).to.match(/^\/(?:live|small)\/news\/720p\.m3u8$/);
        },
      ),
      { numRuns: 120 },
    );
  });

  it('give every answer back with its status and its own headers', () => {
    const made = edgeCode('viewer-response', {
      headers: { cache: [{ suffixes: ['.m4s'], cacheControl: 'max-age=86400' }] },
    }).code;
    fc.assert(
      fc.property(path, fc.integer({ min: 100, max: 599 }), visible, (at, status, value) => {
        const headers = { 'x-a': value, 'referrer-policy': value };
        const { response } = runEdge(made, viewerResponse(at, { status, headers }));
        expect(response!.statusCode).to.equal(status);
        expect(response!.headers).to.deep.include({ 'x-a': { value }, 'referrer-policy': { value } });
      }),
      { numRuns: 60 },
    );
  });
});
