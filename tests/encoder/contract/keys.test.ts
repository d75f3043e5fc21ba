import { expect } from 'chai';
import fc from 'fast-check';
import {
  CHANNEL_PATTERN,
  keys,
  multivariantPath,
  parsePath,
  playlistUris,
  RENDITION_PATTERN,
  type Resource,
} from '../../../encoder/contract';

const name = (length: number) =>
  fc
    .string({ unit: fc.constantFrom(...'abcxyz0189-'), minLength: 1, maxLength: length })
    .filter((text) => !text.startsWith('-') && !text.endsWith('-'));
// A media playlist of a rendition called index would have the multivariant playlist's path.
const rendition = name(32).filter((text) => text !== 'index');
const number = fc.oneof(fc.nat({ max: 1000 }), fc.integer({ min: 0, max: 999_999_999_999_999 }));
const hash = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });

/** The path that the builders make for a resource, and so the only one that may name it. */
function pathOf(resource: Resource): string {
  const { channel } = resource;
  const inPlaylist = (uri: string) => `/live/${channel}/${uri}`;
  switch (resource.kind) {
    case 'multivariant':
      return multivariantPath(channel);
    case 'media':
      return inPlaylist(playlistUris.media(resource.rendition));
    case 'part':
      return inPlaylist(playlistUris.part(resource.rendition, resource.msn, resource.part));
    case 'segment':
      return inPlaylist(playlistUris.segment(resource.rendition, resource.msn));
    case 'init':
      return inPlaylist(playlistUris.init(resource.rendition, resource.hash));
  }
}

const resource: fc.Arbitrary<Resource> = fc.oneof(
  fc.record({ kind: fc.constant('multivariant' as const), channel: name(63) }),
  fc.record({ kind: fc.constant('media' as const), channel: name(63), rendition }),
  fc.record({ kind: fc.constant('part' as const), channel: name(63), rendition, msn: number, part: number }),
  fc.record({ kind: fc.constant('segment' as const), channel: name(63), rendition, msn: number }),
  fc.record({ kind: fc.constant('init' as const), channel: name(63), rendition, hash }),
);

/** Pieces of which hostile paths are made. */
const piece = fc.constantFrom(
  ...[
    '/',
    '//',
    '.',
    '..',
    '/../',
    '%2e',
    '%2f',
    '%00',
    '\0',
    '\\',
    '\n',
    '?',
    '#',
    ';',
    ' ',
    '~',
    '*',
    ':',
    '|',
    '$(',
  ],
  ...[
    'live',
    'LIVE',
    'edge',
    'claims',
    'last',
    'news',
    'v',
    'p',
    's',
    'i',
    'index',
    '.m3u8',
    '.m4s',
    '.mp4',
    '.tmp',
  ],
  ...[
    '0',
    '1',
    '00',
    '01',
    '-1',
    '+1',
    '1e3',
    '0x1',
    '1.5',
    '9'.repeat(14),
    '9'.repeat(15),
    '9'.repeat(400),
    'NaN',
  ],
  ...[
    'a'.repeat(16),
    'f'.repeat(32),
    'f'.repeat(65),
    'A'.repeat(32),
    'é',
    '\u2028',
    '\u{1f600}',
    'x'.repeat(64),
    '-',
  ],
);

describe('keys and paths', () => {
  it('parses every path that the builders make back into what it was made of', () => {
    fc.assert(
      fc.property(resource, (made) => {
        expect(parsePath(pathOf(made))).to.deep.equal(made);
      }),
      { numRuns: 2000 },
    );
  });

  it('has the same paths in playlists as keys in the store', () => {
    fc.assert(
      fc.property(name(63), rendition, number, hash, (channel, id, msn, hex) => {
        const base = new URL(multivariantPath(channel), 'http://host');
        expect(new URL(playlistUris.segment(id, msn), base).pathname).to.equal(
          `/${keys.segment(channel, id, msn)}`,
        );
        expect(new URL(playlistUris.init(id, hex), base).pathname).to.equal(
          `/${keys.init(channel, id, hex)}`,
        );
      }),
    );
  });

  it('accepts a path made of hostile pieces only where it is exactly what a builder makes', () => {
    let accepted = 0;
    const some = (good: string) =>
      fc.oneof(
        { weight: 4, arbitrary: fc.constant(good) },
        fc.array(piece, { maxLength: 3 }).map((all) => all.join('')),
      );
    const path = fc
      .tuple(some('/live/'), some('news'), some('/s/'), some('v'), some('/1'), some(''), some('.m4s'))
      .map((all) => all.join(''));
    fc.assert(
      fc.property(path, (made) => {
        const parsed = parsePath(made);
        if (!parsed) return;
        accepted++;
        expect(pathOf(parsed)).to.equal(made);
      }),
      { numRuns: 10_000, seed: 3 },
    );
    expect(accepted).to.be.above(1000);
  });

  it('accepts a path with one character changed, put in or taken out only where a builder makes it', () => {
    const character = fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), piece);
    fc.assert(
      fc.property(resource, fc.nat(), fc.nat({ max: 1 }), fc.option(character), (made, where, drop, put) => {
        const path = pathOf(made);
        const at = where % (path.length + 1);
        const mutated = path.slice(0, at) + (put ?? '') + path.slice(at + drop);
        const parsed = parsePath(mutated);
        if (parsed) expect(pathOf(parsed)).to.equal(mutated);
      }),
      { numRuns: 10_000 },
    );
  });

  const refused = [
    '',
    '/',
    '/live',
    '/live/',
    '/live/news',
    '/live/news/',
    'live/news/index.m3u8',
    '//live/news/index.m3u8',
    '/live//index.m3u8',
    '/live/news/index.m3u8/',
    '/live/news/index.m3u8?x',
    '/live/news/index.m3u8\n',
    '/live/news/INDEX.m3u8',
    '/live/News/index.m3u8',
    '/live/../claims/index.m3u8',
    '/live/news/../other/index.m3u8',
    '/live/%6eews/index.m3u8',
    '/live/-news/index.m3u8',
    '/live/news-/index.m3u8',
    '/live/ne_ws/index.m3u8',
    `/live/${'n'.repeat(64)}/index.m3u8`,
    `/live/news/${'v'.repeat(33)}.m3u8`,
    '/live/news/s/v/01.m4s',
    '/live/news/s/v/-1.m4s',
    '/live/news/s/v/1.0.m4s',
    '/live/news/s/v/1e3.m4s',
    `/live/news/s/v/${'9'.repeat(16)}.m4s`,
    '/live/news/p/v/1.m4s',
    '/live/news/p/v/1.2.3.m4s',
    '/live/news/p/v/1.02.m4s',
    '/live/news/i/v/abc.mp4',
    `/live/news/i/v/${'g'.repeat(32)}.mp4`,
    `/live/news/i/v/${'A'.repeat(32)}.mp4`,
    `/live/news/i/v/${'a'.repeat(65)}.mp4`,
    '/claims/news/1',
    '/claims/news/last',
    '/edge/news/1/0',
  ];
  for (const path of refused) {
    it(`refuses ${JSON.stringify(path.length > 60 ? `${path.slice(0, 57)}...` : path)}`, () => {
      expect(parsePath(path)).to.equal(undefined);
    });
  }

  it('answers a megabyte of path at once', () => {
    const started = process.cpuUsage();
    for (const unit of ['a', '-', 'a-', '/', '9', '.']) {
      expect(parsePath(`/live/${unit.repeat(1_000_000 / unit.length)}`)).to.equal(undefined);
      expect(parsePath(`/live/${unit.repeat(240 / unit.length)}!`)).to.equal(undefined);
    }
    expect(process.cpuUsage(started).user / 1000, 'milliseconds of CPU').to.be.below(200);
  });

  it('takes ids of 1 to 63 (channels) and 1 to 32 (renditions) characters', () => {
    expect([1, 2, 63, 64].map((n) => CHANNEL_PATTERN.test('c'.repeat(n)))).to.deep.equal([
      true,
      true,
      true,
      false,
    ]);
    expect([1, 2, 32, 33].map((n) => RENDITION_PATTERN.test('r'.repeat(n)))).to.deep.equal([
      true,
      true,
      true,
      false,
    ]);
    for (const id of ['', '-', 'a-', '-a', 'A', 'a.b', 'a/b', 'a b', 'a\n', 'é']) {
      expect(CHANNEL_PATTERN.test(id), JSON.stringify(id)).to.equal(false);
      expect(RENDITION_PATTERN.test(id), JSON.stringify(id)).to.equal(false);
    }
  });

  it('has bus keys that no URL path reaches', () => {
    fc.assert(
      fc.property(name(63), number, number, (channel, msn, tick) => {
        for (const key of [
          keys.bundle(channel, msn, tick),
          keys.claim(channel, msn),
          keys.lastClaim(channel),
        ]) {
          expect(parsePath(`/${key}`)).to.equal(undefined);
        }
      }),
    );
  });
});
