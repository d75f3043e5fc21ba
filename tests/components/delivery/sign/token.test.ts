import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { SignError, signToken, type TokenClaims, type TokenKey } from '../../../../components/delivery/sign';

const NOW = new Date('2026-11-21T12:00:00Z');
const KEY: TokenKey = { id: 'k1', secret: 'abcdefghijklmnopqrstuvwxyz012345' };
const CLAIMS: TokenClaims = { path: '/live/news/', expires: new Date('2026-11-21T13:00:00.999Z') };

function problems(claims: Partial<TokenClaims>, key: Partial<TokenKey> = {}): string[] {
  try {
    signToken({ ...CLAIMS, ...claims }, { ...KEY, ...key }, NOW);
  } catch (error) {
    if (error instanceof SignError) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
}

describe('tokens', () => {
  it('are JWTs of HS256 with the key id, and what they are for', () => {
    const token = signToken(
      { ...CLAIMS, notBefore: NOW, audience: 'tv', ip: '192.0.2.7', id: 'viewer-7' },
      KEY,
      NOW,
    );
    const [head, body, signature] = token.split('.') as [string, string, string];
    const read = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64url').toString());
    expect(read(head)).to.deep.equal({ alg: 'HS256', typ: 'JWT', kid: 'k1' });
    expect(read(body)).to.deep.equal({
      ...{ path: '/live/news/', exp: 1_795_266_000, nbf: 1_795_262_400 },
      ...{ aud: 'tv', ip: '192.0.2.7', jti: 'viewer-7' },
    });
    expect(signature).to.equal(
      createHmac('sha256', KEY.secret).update(`${head}.${body}`).digest('base64url'),
    );
    expect(Object.keys(read(signToken(CLAIMS, KEY, NOW).split('.')[1]!) as object)).to.deep.equal([
      'path',
      'exp',
    ]);
  });

  it('are refused with everything that is wrong at once, and never with the secret', () => {
    const bad = { path: 'live', expires: NOW, notBefore: NOW, ip: '192.0.2.0/24', id: 'a b' };
    expect(problems(bad, { id: '', secret: 'short' })).to.deep.equal([
      ...[
        'key.id',
        'key.secret',
        'claims.path',
        'claims.expires',
        'claims.notBefore',
        'claims.ip',
        'claims.id',
      ],
    ]);
    expect(() => signToken(CLAIMS, { id: 'k1', secret: 'my secret' }, NOW)).to.throw(
      /^cannot sign:\n {2}key\.secret has 9 characters; allowed: 32 to 512 printable ones, no space$/,
    );
    expect(problems({ path: '/live/../x' })).to.deep.equal(['claims.path']);
    expect(problems({ expires: new Date(NaN) })).to.deep.equal(['claims.expires']);
  });
});
