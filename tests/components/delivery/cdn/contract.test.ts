import { request } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  ALLOWED_HEADERS,
  BLOCKING_ANSWER_SECONDS,
  CACHE_RULES,
  DIRECTIVES,
  ERROR_CODES,
  EXPOSED_HEADERS,
  IMMUTABLE_SECONDS,
} from '../../../../components/delivery/cdn/caching';
import { DEFAULT_TIMEOUTS, LONGEST_HOLD_SECONDS } from '../../../../components/delivery/cdn/normal-origins';
import {
  IMMUTABLE,
  FIRST_PART_SECONDS,
  FRAME_RATES,
  PROFILES,
  keys,
  multivariantPath,
  playlistUris,
  targetDuration,
  tickGrid,
} from '../../../../encoder/contract';
import { parseDirectives } from '../../../../encoder/origin/directives';
import type { Origin } from '../../../../encoder/origin/origin';
import { sendPreflight } from '../../../../encoder/origin/respond';
import { startOriginServer } from '../../../../encoder/origin/server';
import type { Recorded } from '../../recorded';
import { FULL, MINIMAL, ORIGIN, recordCdn } from './cdn-recording';
import { behaviorOf, behaviorsOf, fits, type Behavior } from './path-pattern';

const TARGETS = PROFILES.flatMap((profile) =>
  FRAME_RATES.map((rate) => targetDuration(tickGrid(rate, profile))),
);

describe('CloudFront path patterns, as the tests read them', () => {
  for (const [pattern, path, expected] of [
    ['/live/*/index.m3u8', '/live/news/index.m3u8', true],
    ['/live/*/index.m3u8', '/live/news/xindex.m3u8', false],
    ['/live/*.m3u8', '/live/a/b/c.m3u8', true],
    ['/a?c', '/abc', true],
    ['/a?c', '/ac', false],
    ['/a.c', '/abc', false],
    ['/Live/*', '/live/x', false],
  ] as const) {
    it(`${pattern} ${expected ? 'fits' : 'does not fit'} ${path}`, () =>
      expect(fits(pattern, path)).to.equal(expected));
  }
});

describe('the distribution and the runtime agree', () => {
  let cdn: Recorded;
  let behaviors: readonly Behavior[];
  let nameOf: (id: string) => string;

  before(async () => {
    cdn = await recordCdn(MINIMAL);
    behaviors = behaviorsOf(cdn);
    const names = new Map(cdn.resources.map(({ id, name }) => [id, name]));
    nameOf = (id) => names.get(id) ?? id;
  });

  const treated = (path: string): [origin: string, cache: string] => {
    const { targetOriginId, cachePolicyId } = behaviorOf(behaviors, path);
    return [targetOriginId, nameOf(cachePolicyId)];
  };

  it('on every URL and key: each is routed to where it is, whatever channels and renditions are called', () => {
    // Names that are the folders' own are the ones that could go astray.
    const name = fc.oneof(
      fc.constantFrom('s', 'p', 'i', 'live', 'index', 'm4s', 'videos', 'api'),
      fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,10}[a-z0-9])?$/),
    );
    const hash = fc.stringMatching(/^[0-9a-f]{16,64}$/);
    const number = fc.nat({ max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(name, name, number, number, hash, (channel, rendition, msn, part, digest) => {
        const playlist = multivariantPath(channel);
        const beside = (uri: string) => new URL(uri, `https://x${playlist}`).pathname;
        expect(treated(playlist)).to.deep.equal(['live', 'cdn-cache-multivariant']);
        if (rendition !== 'index') {
          expect(treated(beside(playlistUris.media(rendition)))).to.deep.equal([
            'live',
            'cdn-cache-playlists',
          ]);
        }
        expect(treated(beside(playlistUris.part(rendition, msn, part)))).to.deep.equal([
          'live',
          'cdn-cache-media',
        ]);
        for (const [uri, key] of [
          [playlistUris.segment(rendition, msn), keys.segment(channel, rendition, msn)],
          [playlistUris.init(rendition, digest), keys.init(channel, rendition, digest)],
        ] as const) {
          // What is asked of S3 is the path: that is the key which the encoder wrote.
          expect(beside(uri)).to.equal(`/${key}`);
          expect(treated(beside(uri))).to.deep.equal(['segments-or-live', 'cdn-cache-media']);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('on what nobody may read: claims and bundles go to no live origin and are outside of what S3 gives', () => {
    for (const key of [keys.claim('news', 7), keys.lastClaim('news'), keys.bundle('news', 7, 1)]) {
      expect(treated(`/${key}`)).to.deep.equal(['segments', 'cdn-cache-media']);
      expect(key).not.to.match(/^live\//);
    }
    expect(treated('/')).to.deep.equal(['segments', 'cdn-cache-media']);
    expect(treated('/live/news/')).to.deep.equal(['segments', 'cdn-cache-media']);
  });

  it('on query strings: those of the key are the directives that the origin knows, and no others', () => {
    const known = new URLSearchParams('_HLS_msn=7&_HLS_part=1&_HLS_skip=YES');
    expect(parseDirectives(known)).to.deep.equal({ msn: 7, part: 1, skip: true });
    expect([...known.keys()]).to.deep.equal([...DIRECTIVES]);
    expect(() => parseDirectives(new URLSearchParams('_HLS_other=1'))).to.throw(
      `allowed: ${DIRECTIVES.join(', ')}`,
    );
    const rule = cdn.inputs('cdn-cache-playlists')['parametersInCacheKeyAndForwardedToOrigin'];
    expect(rule).to.deep.equal({
      cookiesConfig: { cookieBehavior: 'none' },
      headersConfig: { headerBehavior: 'none' },
      queryStringsConfig: { queryStringBehavior: 'whitelist', queryStrings: { items: [...DIRECTIVES] } },
      enableAcceptEncodingBrotli: true,
      enableAcceptEncodingGzip: true,
    });
    for (const other of ['cdn-cache-multivariant', 'cdn-cache-media']) {
      expect(cdn.inputs(other)['parametersInCacheKeyAndForwardedToOrigin'], other).to.have.deep.property(
        'queryStringsConfig',
        { queryStringBehavior: 'none' },
      );
    }
  });

  it('on lifetimes: a blocking answer for six target durations, others a second, media a day', () => {
    expect(BLOCKING_ANSWER_SECONDS).to.equal(6 * Math.max(...TARGETS));
    expect(IMMUTABLE).to.include(`max-age=${IMMUTABLE_SECONDS}`);
    const ttls = (name: string) => {
      const { minTtl, defaultTtl, maxTtl } = cdn.inputs(name);
      return [minTtl, defaultTtl, maxTtl];
    };
    expect(ttls('cdn-cache-playlists')).to.deep.equal([0, 1, 24]);
    expect(ttls('cdn-cache-multivariant')).to.deep.equal([0, 1, 1]);
    expect(ttls('cdn-cache-media')).to.deep.equal([0, 86_400, 86_400]);
    // Above 0 CloudFront would keep what the origin marks no-store; where max is 0 it would compress nothing.
    for (const [name, { seconds }] of Object.entries(CACHE_RULES)) {
      expect(seconds.min, name).to.equal(0);
      expect(seconds.max, name).to.be.above(0);
    }
  });

  it('on compression: texts are compressed for both encodings, media for none', () => {
    for (const { pathPattern, cachePolicyId, compress } of behaviors) {
      const { parametersInCacheKeyAndForwardedToOrigin: key } = cdn.inputs(
        nameOf(cachePolicyId),
      ) as unknown as {
        parametersInCacheKeyAndForwardedToOrigin: Record<string, boolean>;
      };
      const isText = pathPattern?.endsWith('.m3u8') === true;
      expect(compress, pathPattern).to.equal(isText);
      expect(key['enableAcceptEncodingBrotli'], pathPattern).to.equal(isText);
      expect(key['enableAcceptEncodingGzip'], pathPattern).to.equal(isText);
    }
  });

  it('on time: CloudFront waits longer than the origin holds a request, and closes idle connections first', async () => {
    // The first part of a channel, and then the one that was asked for.
    expect(LONGEST_HOLD_SECONDS).to.equal(FIRST_PART_SECONDS + 3 * Math.max(...TARGETS));
    for (const { readTimeoutSeconds } of [DEFAULT_TIMEOUTS, ORIGIN, FULL.origin]) {
      expect(readTimeoutSeconds).to.be.above(LONGEST_HOLD_SECONDS);
    }
    // The origin itself says for how long it keeps a connection.
    const server = await startOriginServer({
      origin: {
        handle: (_: unknown, response: { end: () => void }) => response.end(),
        drain: () => Promise.resolve(),
      } as unknown as Origin,
      host: '127.0.0.1',
      httpPort: 0,
    });
    try {
      const kept = await new Promise<string>((resolve, reject) => {
        const headers = { connection: 'keep-alive' };
        request({ port: server.httpPort, host: '127.0.0.1', headers }, (answer) => {
          answer.resume();
          resolve(String(answer.headers['keep-alive']));
        })
          .on('error', reject)
          .end();
      });
      const seconds = Number(/timeout=(\d+)/.exec(kept)?.[1]);
      expect(DEFAULT_TIMEOUTS.keepaliveTimeoutSeconds).to.be.below(seconds);
    } finally {
      await server.close();
    }
  });

  it('on CORS: pages may send and read what the origin itself lets them', () => {
    const sent: Record<string, string> = {};
    const response = Object.assign(new PassThrough(), {
      writeHead: (_: number, headers: Record<string, string>) => void Object.assign(sent, headers),
    });
    sendPreflight(response as unknown as Parameters<typeof sendPreflight>[0]);
    expect(sent['access-control-allow-headers']).to.equal(ALLOWED_HEADERS.join(', '));
    expect(sent['access-control-expose-headers']).to.equal(EXPOSED_HEADERS.join(', '));
    expect(sent['access-control-allow-methods']).to.equal('GET, HEAD, OPTIONS');
    const { corsConfig } = cdn.inputs('cdn-headers') as unknown as { corsConfig: Record<string, unknown> };
    expect(corsConfig).to.deep.equal({
      accessControlAllowCredentials: false,
      accessControlAllowHeaders: { items: [...ALLOWED_HEADERS] },
      accessControlAllowMethods: { items: ['GET', 'HEAD', 'OPTIONS'] },
      accessControlAllowOrigins: { items: ['*'] },
      accessControlExposeHeaders: { items: [...EXPOSED_HEADERS] },
      accessControlMaxAgeSec: Number(sent['access-control-max-age']),
      originOverride: true,
    });
  });

  it('on errors: none is kept longer than a second, of all that CloudFront would keep for ten', () => {
    expect(cdn.inputs('cdn-1')['customErrorResponses']).to.deep.equal(
      ERROR_CODES.map((errorCode) => ({ errorCode, errorCachingMinTtl: errorCode < 500 ? 0 : 1 })),
    );
  });
});
