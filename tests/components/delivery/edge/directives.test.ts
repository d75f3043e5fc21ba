import { expect } from 'chai';
import fc from 'fast-check';
import { edgeCode } from '../../../../components/delivery/edge';
import { parsePath } from '../../../../encoder/contract';
import { BadRequestError, parseDirectives, type Directives } from '../../../../encoder/origin/directives';
import { runEdge, urlOf, viewerRequest, type EdgeResult } from '../../../../testing/edge';

const { code } = edgeCode('viewer-request', { cors: { origins: '*' }, directives: {} });
const ask = (url: string, method = 'GET'): EdgeResult => runEdge(code, viewerRequest(url, { method }));
const PLAYLIST = '/live/news/720p.m3u8';

/** The URL that CloudFront goes on with, or the status of the function's own answer. */
function outcome(url: string): string | number {
  const { request, response } = ask(url);
  return request ? urlOf(request) : response!.statusCode;
}

/** What the origin makes of a URL's query, or undefined where it answers 400. */
function atOrigin(url: string): Directives | undefined {
  const mark = url.indexOf('?');
  try {
    return parseDirectives(new URLSearchParams(mark < 0 ? '' : url.slice(mark)));
  } catch (error) {
    if (error instanceof BadRequestError) return undefined;
    throw error;
  }
}

describe('edge function: delivery directives', () => {
  for (const [asked, forwarded] of [
    ['', ''],
    ['?', ''],
    ['?_HLS_msn=7', '?_HLS_msn=7'],
    ['?_HLS_part=1&_HLS_msn=7', '?_HLS_msn=7&_HLS_part=1'],
    ['?_HLS_skip=YES&_HLS_part=0&_HLS_msn=7', '?_HLS_msn=7&_HLS_part=0&_HLS_skip=YES'],
    ['?_HLS_skip=v2', '?_HLS_skip=v2'],
    ['?_HLS_msn=0007&_HLS_part=00', '?_HLS_msn=7&_HLS_part=0'],
    ['?%5FHLS_msn=%37', '?_HLS_msn=7'],
    ['?_HLS_msn=999999999999999', '?_HLS_msn=999999999999999'],
    ['?utm_source=x&_HLS_msn=7&cachebust=1', '?_HLS_msn=7'],
    ['?CMCD=bl%3D2100%2Csid%3D%22a%22&_HLS_msn=7', '?_HLS_msn=7&CMCD=bl%3D2100%2Csid%3D%22a%22'],
    [
      '?Expires=1&Signature=a~b_&Key-Pair-Id=K1&Hash-Algorithm=SHA256&_HLS_msn=7',
      '?_HLS_msn=7&Expires=1&Signature=a~b_&Key-Pair-Id=K1&Hash-Algorithm=SHA256',
    ],
  ] as const) {
    it(`asks the origin ${forwarded || 'without a query'} for ${asked || 'no query'}`, () => {
      expect(outcome(PLAYLIST + asked)).to.equal(PLAYLIST + forwarded);
    });
  }

  for (const [query, message] of [
    ['_HLS_part=1', '_HLS_part needs _HLS_msn beside it'],
    ['_HLS_msn=', '_HLS_msn is no whole number'],
    ['_HLS_msn', '_HLS_msn is no whole number'],
    ['_HLS_msn=-1', '_HLS_msn is no whole number'],
    ['_HLS_msn=1.5', '_HLS_msn is no whole number'],
    ['_HLS_msn=1e3', '_HLS_msn is no whole number'],
    ['_HLS_msn=+1', '_HLS_msn is no whole number'],
    ['_HLS_msn=1000000000000000', '_HLS_msn is no whole number'],
    ['_HLS_msn=7&_HLS_part=x', '_HLS_part is no whole number'],
    ['_HLS_msn=7&_HLS_msn=7', '_HLS_msn is given more than once'],
    ['_HLS_msn=7&%5FHLS_msn=8', '_HLS_msn is given more than once'],
    ['_HLS_skip=yes', '_HLS_skip is neither YES nor v2'],
    ['_HLS_push=1', 'unknown delivery directive; allowed: _HLS_msn, _HLS_part, _HLS_skip'],
  ] as const) {
    it(`answers ${query} with 400, so that no origin is asked`, () => {
      const { request, response } = ask(`${PLAYLIST}?${query}`);
      expect(request).to.equal(undefined);
      expect(response).to.deep.equal({
        statusCode: 400,
        statusDescription: 'Bad Request',
        headers: {
          'content-type': { value: 'text/plain; charset=utf-8' },
          'cache-control': { value: 'no-store' },
          'x-content-type-options': { value: 'nosniff' },
          'access-control-allow-origin': { value: '*' },
        },
        body: `${message}\n`,
      });
      expect(atOrigin(`?${query}`), 'the origin').to.equal(undefined);
    });
  }

  it('takes directives off where they mean nothing, as the origin ignores them there', () => {
    const bad = '?_HLS_part=1&_HLS_msn=x&x=1';
    for (const path of [
      '/live/news/index.m3u8',
      '/live/news/s/720p/7.m4s',
      '/live/news/p/720p/7.0.m4s',
      '/live/news/i/720p/0123456789abcdef.mp4',
    ]) {
      expect(outcome(path + bad)).to.equal(path);
    }
  });

  it('leaves alone what is not under /live/, and methods that ask for no playlist', () => {
    expect(outcome('/api/channels?_HLS_part=1&page=2')).to.equal('/api/channels?_HLS_part=1&page=2');
    expect(outcome('/videos/a.m3u8?_HLS_part=1')).to.equal('/videos/a.m3u8?_HLS_part=1');
    expect(ask(`${PLAYLIST}?_HLS_part=1`, 'OPTIONS').response).to.equal(undefined);
    expect(ask(`${PLAYLIST}?_HLS_part=1`, 'HEAD').response!.statusCode).to.equal(400);
  });

  it('keeps the parameters that it is told to, and no others', () => {
    const kept = edgeCode('viewer-request', { directives: { keep: ['session'] } }).code;
    const { request } = runEdge(kept, viewerRequest(`${PLAYLIST}?CMCD=a&session=1&session=2&_HLS_msn=3`));
    expect(urlOf(request!)).to.equal(`${PLAYLIST}?_HLS_msn=3&session=1&session=2`);
  });

  describe('agrees with the origin', () => {
    const name = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('_HLS_msn', '_HLS_part', '_HLS_skip') },
      fc.constantFrom(
        '%5FHLS_msn',
        '_HLS%5fpart',
        '_HLS_',
        '_HLS_msn%00',
        '_HLS_push',
        '_hls_msn',
        '?_HLS_msn',
      ),
      fc.constantFrom('CMCD', 'Expires', 'x', '', '__proto__', 'constructor', '%', '%C3%A9', '_HLS_%C3', '+'),
      fc.string({ maxLength: 6 }).map((text) => encodeURIComponent(text.replace(/[\uD800-\uDFFF]/g, ''))),
    );
    const value = fc.oneof(
      { weight: 4, arbitrary: fc.nat({ max: 1e6 }).map(String) },
      { weight: 2, arbitrary: fc.constantFrom('YES', 'v2', 'yes', 'V2', 'YES%20', '%59ES', 'v%32') },
      fc.stringMatching(/^[0-9]{0,17}$/),
      fc.constantFrom(
        '%30',
        '+1',
        '-1',
        '1+',
        '%C3%B1',
        '1%00',
        '1%0A',
        '%',
        '%3',
        '0x1',
        '１',
        '%EF%BC%91',
        '1=2',
      ),
    );
    const pair = fc.oneof({ weight: 9, arbitrary: fc.tuple(name, value).map(([n, v]) => `${n}=${v}`) }, name);
    const query = fc.array(pair, { maxLength: 5 }).map((pairs) => pairs.join('&'));
    const path = fc.oneof(
      { weight: 5, arbitrary: fc.constant(PLAYLIST) },
      fc.constantFrom(
        ...['/live/news/index.m3u8', '/live/News/720p.m3u8', '/live/news/720p.m3u8/', '/live/-a/720p.m3u8'],
        ...['/live/a/b.m3u8', '/live/news/s/720p/1.m4s', '/live/news/%37.m3u8', '/live/news/a_b.m3u8'],
        ...[
          `/live/${'a'.repeat(63)}/${'b'.repeat(32)}.m3u8`,
          `/live/${'a'.repeat(64)}/b.m3u8`,
          '/live/a/b.m3u8x',
        ],
      ),
    );

    it('on what is answered with 400, and on what is asked by the rest, whatever the query', () => {
      let refused = 0;
      let passed = 0;
      fc.assert(
        fc.property(path, query, (at, text) => {
          const url = text === '' ? at : `${at}?${text}`;
          const isMedia = parsePath(at)?.kind === 'media';
          const expected = isMedia ? atOrigin(url) : { skip: false };
          const { request, response } = ask(url);
          if (!expected) {
            refused++;
            expect(response?.statusCode, url).to.equal(400);
            return;
          }
          passed++;
          expect(response, url).to.equal(undefined);
          const forwarded = urlOf(request!);
          expect(atOrigin(forwarded), `${url} became ${forwarded}`).to.deep.equal(expected);
          expect(outcome(forwarded), 'a second time').to.equal(forwarded);
          const names = [...new URLSearchParams(forwarded.split('?')[1] ?? '').keys()];
          expect(
            names.filter((each) => !/^(?:_HLS_(?:msn|part|skip)|CMCD|Expires)$/.test(each)),
          ).to.deep.equal([]);
        }),
        { numRuns: 400 },
      );
      expect(refused, 'refused').to.be.greaterThan(40);
      expect(passed, 'passed').to.be.greaterThan(40);
    });

    it('so that all spellings of a request share one cache entry', () => {
      fc.assert(
        fc.property(
          fc.nat({ max: 1e9 }),
          fc.nat({ max: 30 }),
          fc.boolean(),
          fc.shuffledSubarray(['m', 'p', 's', 'x', 'y'], { minLength: 5 }),
          fc.nat({ max: 4 }),
          (msn, part, encoded, order, zeros) => {
            const padded = '0'.repeat(zeros) + String(msn);
            const written: Record<string, string> = {
              m: `${encoded ? '%5fHLS_msn' : '_HLS_msn'}=${padded}`,
              p: `_HLS_part=${part}`,
              s: '_HLS_skip=YES',
              x: 'random=1',
              y: 'utm=2',
            };
            const asked = `${PLAYLIST}?${order.map((each) => written[each]).join('&')}`;
            expect(outcome(asked)).to.equal(`${PLAYLIST}?_HLS_msn=${msn}&_HLS_part=${part}&_HLS_skip=YES`);
          },
        ),
        { numRuns: 60 },
      );
    });
  });
});
