import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  setCookieValues,
  signCookies,
  SignError,
  signUrl,
  type CookieAccess,
  type SigningKey,
  type UrlAccess,
} from '../../../../components/delivery/sign';
import { refusalOf, type SignedRequest, type TrustedKeys } from '../../../../testing/edge';

const pem = { type: 'pkcs8', format: 'pem' } as const;
const spki = { type: 'spki', format: 'pem' } as const;
const rsa = (modulusLength = 2048) =>
  generateKeyPairSync('rsa', { modulusLength, privateKeyEncoding: pem, publicKeyEncoding: spki });
const ec = (namedCurve = 'prime256v1') =>
  generateKeyPairSync('ec', { namedCurve, privateKeyEncoding: pem, publicKeyEncoding: spki });

const NOW = new Date('2026-11-21T12:00:00Z');
const seconds = (offset: number): number => NOW.getTime() / 1000 + offset;
const later = (offset: number): Date => new Date(NOW.getTime() + offset * 1000);
const HOST = 'https://d111111abcdef8.cloudfront.net';
const FILM = `${HOST}/videos/film.mp4`;

describe('signed URLs and cookies', () => {
  const pairs = { K2RSA: rsa(), K2ECDSA: ec(), K2OTHER: rsa() };
  const key = (keyPairId: keyof typeof pairs = 'K2RSA', hash?: SigningKey['hash']): SigningKey => ({
    keyPairId,
    privateKey: pairs[keyPairId].privateKey,
    ...(hash && { hash }),
  });
  const keys = { K2RSA: pairs.K2RSA.publicKey, K2ECDSA: pairs.K2ECDSA.publicKey };
  const refusal = (request: SignedRequest | string, given: Partial<TrustedKeys> = {}): string | undefined =>
    refusalOf(typeof request === 'string' ? { url: request } : request, { keys, now: seconds(0), ...given });
  const url = (access: Partial<UrlAccess> = {}, signing = key(), of = FILM): string =>
    signUrl(of, { expires: later(3600), ...access }, signing, NOW);
  const cookies = (access: Partial<CookieAccess> = {}, signing = key()) =>
    signCookies({ expires: later(3600), resource: `${HOST}/live/news/*`, ...access }, signing, NOW);

  describe('URLs', () => {
    it('open one URL until a time, with a key that is trusted, and by either hash and kind of key', () => {
      for (const id of ['K2RSA', 'K2ECDSA'] as const) {
        for (const hash of ['SHA1', 'SHA256'] as const) {
          const signed = url({}, key(id, hash));
          expect(refusal(signed), `${id} ${hash}`).to.equal(undefined);
          expect(refusal(signed, { now: seconds(3599) })).to.equal(undefined);
          expect(refusal(signed, { now: seconds(3600) })).to.equal('the time is past');
          expect(signed.includes('Hash-Algorithm=SHA256')).to.equal(hash === 'SHA256');
        }
      }
    });

    it('have a canned policy where only the time is said: Expires in place of a policy', () => {
      const { searchParams: given, pathname } = new URL(url());
      expect(pathname).to.equal('/videos/film.mp4');
      expect([...given.keys()]).to.deep.equal(['Expires', 'Key-Pair-Id', 'Signature', 'Hash-Algorithm']);
      expect(given.get('Expires')).to.equal(String(seconds(3600)));
      expect([...new URL(url({}, key('K2RSA', 'SHA1'))).searchParams.keys()]).to.deep.equal([
        ...['Expires', 'Key-Pair-Id', 'Signature'],
      ]);
    });

    it('open no other URL, and none that was changed', () => {
      const signed = url();
      expect(refusal(FILM)).to.equal('the Key-Pair-Id is missing');
      const changed = 'the signature is not of this policy and key';
      expect(refusal(signed.replace('film.mp4', 'other.mp4'))).to.equal(changed);
      expect(refusal(signed.replace('?', '?a=b&'))).to.equal(changed);
      expect(refusal(signed.replace(/Expires=\d+/, `Expires=${seconds(9999)}`))).to.equal(changed);
      expect(refusal(signed.replace('Hash-Algorithm=SHA256', 'Hash-Algorithm=SHA1'))).to.equal(changed);
      expect(refusal(url({}, key('K2OTHER')))).to.equal('the key K2OTHER is in no trusted key group');
      expect(refusal(url({}, { ...key('K2OTHER'), keyPairId: 'K2RSA' }))).to.equal(changed);
    });

    it('keep the query of the URL in what is signed', () => {
      const signed = url({}, key(), `${FILM}?a=1&b=x%20y`);
      expect(signed.startsWith(`${FILM}?a=1&b=x%20y&`)).to.equal(true);
      expect(refusal(signed)).to.equal(undefined);
      expect(refusal(signed.replace('a=1', 'a=2'))).not.to.equal(undefined);
    });

    it('have a custom policy for a beginning, an address or a pattern', () => {
      const signed = url({ notBefore: later(60), ip: '192.0.2.0/24', resource: `${HOST}/videos/*` });
      expect([...new URL(signed).searchParams.keys()]).to.deep.equal([
        ...['Policy', 'Key-Pair-Id', 'Signature', 'Hash-Algorithm'],
      ]);
      const at = { now: seconds(61), ip: '192.0.2.200' };
      expect(refusal(signed, at)).to.equal(undefined);
      expect(refusal(signed, { ...at, now: seconds(60) })).to.equal('the time is not come');
      expect(refusal(signed, { ...at, now: seconds(3600) })).to.equal('the time is past');
      expect(refusal(signed, { ...at, ip: '192.0.3.1' })).to.equal('the address is another');
      expect(refusal(signed, { ...at, ip: '2001:db8::1' })).to.equal('the address is another');
      expect(refusal(signed.replace('film.mp4', 'other.mp4'), at)).to.equal(undefined);
      expect(refusal(signed.replace('/videos/', '/live/'), at)).to.equal('the resource is another');
      expect(refusal(url({ ip: '192.0.2.7' }), { ip: '192.0.2.8' })).to.equal('the address is another');
    });

    it('let a player reload a playlist only by a pattern: its directives are part of the URL', () => {
      const playlist = `${HOST}/live/news/720p.m3u8`;
      const reload = (signed: string) => signed.replace('?', '?_HLS_msn=7&_HLS_part=1&');
      expect(refusal(reload(url({}, key(), playlist)))).not.to.equal(undefined);
      expect(refusal(reload(url({ resource: `${HOST}/live/news/*` }, key(), playlist)))).to.equal(undefined);
    });
  });

  describe('cookies', () => {
    it('open all that a pattern names: playlists with directives, parts, segments; nothing else', () => {
      for (const [id, hash] of [
        ['K2RSA', 'SHA1'],
        ['K2RSA', 'SHA256'],
        ['K2ECDSA', 'SHA256'],
      ] as const) {
        const given = cookies({}, key(id, hash));
        const at = (path: string) => refusal({ url: HOST + path, cookies: given });
        for (const path of [
          'index.m3u8',
          '720p.m3u8?_HLS_msn=7&_HLS_part=1',
          's/720p/7.m4s',
          'p/720p/7.0.m4s',
        ])
          expect(at(`/live/news/${path}`), path).to.equal(undefined);
        expect(at('/live/sport/index.m3u8')).to.equal('the resource is another');
        expect(at('/live/newsroom')).to.equal('the resource is another');
      }
    });

    it('are three by SHA1, and a fourth that names the hash by SHA256', () => {
      const three = ['CloudFront-Key-Pair-Id', 'CloudFront-Policy', 'CloudFront-Signature'];
      expect(Object.keys(cookies({}, key('K2RSA', 'SHA1'))).sort()).to.deep.equal(three);
      expect(Object.keys(cookies()).sort()).to.deep.equal(['CloudFront-Hash-Algorithm', ...three]);
    });

    it('have a canned policy for one URL', () => {
      const given = cookies({ resource: FILM });
      expect(given['CloudFront-Expires']).to.equal(String(seconds(3600)));
      expect(refusal({ url: FILM, cookies: given })).to.equal(undefined);
      expect(refusal({ url: `${FILM}?a=1`, cookies: given })).not.to.equal(undefined);
    });

    it('hold nothing that a cookie cannot, whatever the policy', () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 4e8 }),
          fc.stringMatching(/^[a-z0-9/._-]{0,30}$/),
          (time, path) => {
            const given = cookies({ expires: later(time), resource: `${HOST}/${path}*` }, key('K2ECDSA'));
            for (const value of Object.values(given)) expect(value).to.match(/^[A-Za-z0-9~_-]+$/);
            expect(refusal({ url: `${HOST}/${path}`, cookies: given })).to.equal(undefined);
          },
        ),
        { numRuns: 25 },
      );
    });

    it('are set over HTTPS alone, hidden from scripts, and gone with the session', () => {
      const values = setCookieValues(
        { 'CloudFront-Policy': 'x' },
        { domain: 'example.com', sameSite: 'none' },
      );
      expect(values).to.deep.equal([
        'CloudFront-Policy=x; Domain=example.com; Path=/; Secure; HttpOnly; SameSite=None',
      ]);
      expect(setCookieValues({ a: 'b' }, { path: '/live/' })).to.deep.equal([
        'a=b; Path=/live/; Secure; HttpOnly; SameSite=Lax',
      ]);
      expect(() => setCookieValues({ a: 'b' }, { domain: 'a;b', path: 'x; Domain=evil' })).to.throw(
        SignError,
        /domain is "a;b"; allowed: a host name.*\n {2}path is "x; Domain=evil"/,
      );
    });
  });

  describe('are refused', () => {
    const problems = (sign: () => unknown): string[] => {
      try {
        sign();
      } catch (error) {
        if (error instanceof SignError)
          return error.problems.map(({ path, problem }) => `${path} ${problem}`);
        throw error;
      }
      return [];
    };

    it('with everything that is wrong at once, and no part of a key', () => {
      const secret = 'not a key but a secret';
      const found = problems(() =>
        signUrl(
          'ftp://a/b',
          { expires: later(-1), notBefore: later(5), ip: '2001:db8::/32', resource: 'x' },
          { keyPairId: 'k-1', privateKey: secret, hash: 'MD5' as never },
          NOW,
        ),
      );
      expect(found.map((line) => line.split(' ')[0])).to.deep.equal([
        ...['key.keyPairId', 'key.hash', 'key.privateKey', 'access.expires', 'access.notBefore', 'access.ip'],
        ...['url', 'access.resource'],
      ]);
      expect(found.join()).not.to.contain(secret);
    });

    it('by a key that CloudFront does not take', () => {
      const of = (privateKey: string) =>
        problems(() => url({}, { keyPairId: 'K2RSA', privateKey }))[0] ?? 'signed';
      expect(of(rsa(1024).privateKey)).to.match(/^key\.privateKey is a key of type rsa 1024 bits, which/);
      expect(of(ec('secp384r1').privateKey)).to.contain('type ec secp384r1');
      expect(of(keys.K2RSA)).to.contain('is no private key that can be read');
      const encrypted = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        privateKeyEncoding: { ...pem, cipher: 'aes-256-cbc', passphrase: 'x' },
        publicKeyEncoding: spki,
      }).privateKey;
      expect(of(encrypted)).to.contain('is no private key that can be read; allowed: PEM, not encrypted');
    });

    it('for a URL that has parameters of CloudFront, wildcards, or nothing to do with the resource', () => {
      const of = (text: string, access: Partial<UrlAccess> = {}) => problems(() => url(access, key(), text));
      expect(of(`${FILM}?Policy=x&Expires=1`)[0]).to.contain('parameters Expires, Policy, which');
      expect(of(`${HOST}/live/*`)[0]).to.match(/^url is /);
      expect(of('/live/a')[0]).to.match(/^url is "\/live\/a"; allowed: http\(s\):/);
      expect(of(FILM, { resource: `${HOST}/live/*` })[0]).to.contain('which the URL is not part of');
      expect(of(FILM, { resource: `${HOST}/videos/film?mp4` })).to.deep.equal([]);
      expect(of(FILM, { resource: 'https://*.cloudfront.net/*' })).to.deep.equal([]);
    });

    it('for times and addresses that are none', () => {
      expect(problems(() => url({ expires: new Date(NaN) }))).to.deep.equal(['access.expires is no date']);
      expect(problems(() => url({ expires: NOW }))[0]).to.contain('which is past');
      expect(problems(() => url({ notBefore: later(3600) }))[0]).to.contain('allowed: before access.expires');
      for (const ip of ['192.0.2', '192.0.2.0/33', '192.0.2.0/', '1.2.3.4/8/8', 'x'])
        expect(problems(() => url({ ip }))[0], ip).to.match(/^access\.ip is /);
      expect(problems(() => url({ ip: '0.0.0.0/0' }))).to.deep.equal([]);
    });
  });
});
