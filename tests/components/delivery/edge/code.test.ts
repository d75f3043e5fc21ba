import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  EDGE_CODE_BYTES,
  edgeCode,
  EdgeParametersError,
  edgeProblems,
  type EdgeEventType,
  type EdgeParameters,
  type ViewerRequestParameters,
} from '../../../../components/delivery/edge';
import { EDGE_FUNCTION_BYTES, edgeFaults } from '../../../../testing/edge';

const STEPS: ViewerRequestParameters = {
  country: { block: ['CN', 'RU', 'IR'] },
  token: { revocation: true },
  directives: {},
  device: { rewrites: [{ prefix: '/videos/', mobile: '/videos/mobile/' }] },
};
const CORS = { origins: ['https://player.example.com'], credentials: true } as const;
const NAMES = Object.keys(STEPS) as (keyof ViewerRequestParameters)[];

/** Every choice of steps but none. */
const choices = Array.from({ length: 2 ** NAMES.length - 1 }, (_, i) =>
  Object.fromEntries(NAMES.filter((_name, bit) => ((i + 1) >> bit) & 1).map((name) => [name, STEPS[name]])),
);

function problemsOf<E extends EdgeEventType>(eventType: E, parameters: unknown): string[] {
  return edgeProblems(eventType, parameters as EdgeParameters[E]).map(({ path: at }) => at);
}

describe('edge functions: code', () => {
  it('is what the runtime takes, for every choice of steps', () => {
    for (const choice of choices) {
      const made = edgeCode('viewer-request', { cors: CORS, ...choice });
      expect(edgeFaults(made.code), Object.keys(choice).join()).to.deep.equal([]);
      expect(made.steps).to.deep.equal(Object.keys(choice));
      expect(made.bytes).to.equal(Buffer.byteLength(made.code));
    }
    const made = edgeCode('viewer-response', {
      headers: { cache: [{ suffixes: ['.m4s'], cacheControl: 'max-age=86400' }] },
    });
    expect(edgeFaults(made.code)).to.deep.equal([]);
    expect(made).to.include({ eventType: 'viewer-response', runtime: 'cloudfront-js-2.0' });
  });

  it('fits with all steps at once, with room for lists', () => {
    expect(EDGE_CODE_BYTES).to.equal(EDGE_FUNCTION_BYTES);
    const { bytes } = edgeCode('viewer-request', { cors: CORS, ...STEPS });
    expect(bytes).to.be.lessThan(EDGE_CODE_BYTES - 500);
    expect(edgeCode('viewer-request', { directives: {} }).bytes).to.be.lessThan(4096);
  });

  it('is the same for the same parameters', () => {
    const again = JSON.parse(JSON.stringify(STEPS)) as ViewerRequestParameters;
    expect(edgeCode('viewer-request', again)).to.deep.equal(edgeCode('viewer-request', STEPS));
  });

  it('holds no more than the steps need, and says what the behaviour must give', () => {
    const needs = (parameters: ViewerRequestParameters) => {
      const { needsKeyValueStore, viewerHeaders, code } = edgeCode('viewer-request', parameters);
      return [needsKeyValueStore, code.includes('async '), ...viewerHeaders];
    };
    expect(needs({ directives: {} })).to.deep.equal([false, false]);
    expect(needs({ country: { block: ['CN'] } })).to.deep.equal([false, false, 'CloudFront-Viewer-Country']);
    expect(needs({ country: { fromKey: 'c' } })).to.deep.equal([true, true, 'CloudFront-Viewer-Country']);
    expect(needs({ token: {} })).to.deep.equal([true, true]);
    expect(needs({ device: STEPS.device! })).to.deep.equal([
      ...[false, false, 'CloudFront-Is-Mobile-Viewer', 'CloudFront-Is-Tablet-Viewer'],
    ]);
  });

  it('takes any text as a parameter without becoming other code', () => {
    const message = '</script>`${1}`\u2028"\';\\u0041\nimport x from "y";\n\u{1f600}';
    const { code } = edgeCode('viewer-request', { country: { block: ['CN'], message } });
    expect(edgeFaults(code)).to.deep.equal([]);
    expect(code).to.match(/^[\x20-\x7e\n]*$/);
    const given = /answer = country\(event, (.*), cors\);/.exec(code)![1]!;
    expect((JSON.parse(given) as { message: string }).message).to.equal(message);
  });

  it('is linked of modules whose names at the top differ, and whose texts end with their line', () => {
    const folder = path.resolve(__dirname, '../../../../components/delivery/edge/functions');
    const owners = new Map<string, string>();
    const files = readdirSync(folder).filter((name) => name.endsWith('.js') && name !== 'types.js');
    expect(files).to.have.length(7);
    for (const file of files) {
      const text = readFileSync(path.join(folder, file), 'utf8');
      const open = text.split('\n').filter((line) => line.split('`').length % 2 === 0);
      expect(open, file).to.deep.equal([]);
      for (const [, name] of text.matchAll(/^(?:export )?(?:async )?(?:function|const|let|var) (\w+)/gm)) {
        expect(owners.get(name!), `${name} of ${file}`).to.equal(undefined);
        owners.set(name!, file);
      }
    }
    expect(owners.has('handler')).to.equal(false);
    expect(owners.size).to.be.greaterThan(15);
  });

  it('is refused where it would be too long, with what to do', () => {
    const message = 'x'.repeat(2000);
    const country = { block: ['CN'], message };
    expect(() => edgeCode('viewer-request', { ...STEPS, country })).to.throw(
      EdgeParametersError,
      /bytes of code"; allowed: 10240 bytes; to correct it: shorten the lists/,
    );
  });

  it('is refused with every bad parameter named at once', () => {
    expect(
      problemsOf('viewer-request', {
        cors: { origins: '*', credentials: true },
        country: { block: ['XX'], allow: [], status: 404, whenUnknown: 'maybe' },
        token: { from: ['body'], name: 'a b', leewaySeconds: 301 },
        directives: { keep: ['_HLS_msn', 'a&b', 'fine'] },
        device: { rewrites: [{ prefix: 'videos', mobile: '/videos/mobile' }] },
      }),
    ).to.deep.equal([
      'cors.origins',
      'country',
      'country.block[0]',
      'country.allow',
      'country.status',
      'country.whenUnknown',
      'token.from',
      'token.name',
      'token.leewaySeconds',
      'directives.keep[0]',
      'directives.keep[1]',
      'device.rewrites[0].prefix',
      'device.rewrites[0].mobile',
    ]);
    expect(problemsOf('viewer-request', {})).to.deep.equal(['']);
    expect(() =>
      edgeCode('viewer-request', { directive: {}, country: { blocked: ['CN'], allow: ['VN'] } } as never),
    ).to.throw(/ {2}directive is \{\}; .*write directives\n {2}country\.blocked is \["CN"\]; .*write block$/);
    expect(problemsOf('viewer-request', { country: { fromKey: '' } })).to.deep.equal(['country.fromKey']);
    expect(problemsOf('viewer-request', { device: { rewrites: [] } })).to.deep.equal(['device.rewrites']);
    expect(problemsOf('viewer-request', { token: { from: [] } })).to.deep.equal(['token.from']);
    const cors = {
      origins: ['https://a.example/', 'a.example', 'https://A.example', 'https://a.example:8443'],
    };
    expect(problemsOf('viewer-request', { cors, directives: {} })).to.deep.equal([
      ...['cors.origins[0]', 'cors.origins[1]', 'cors.origins[2]'],
    ]);
    expect(problemsOf('viewer-request', { cors: { origins: [] }, directives: {} })).to.deep.equal([
      'cors.origins',
    ]);
    expect(problemsOf('viewer-response', {})).to.deep.equal(['headers']);
    expect(
      problemsOf('viewer-response', {
        headers: {
          cache: [
            { prefix: 'live', suffixes: ['.m3u8', 'm4s'], cacheControl: 'a\nb' },
            { suffixes: [], cacheControl: 'x' },
          ],
          security: { 'X-Frame-Options': 'DENY', via: 'x', 'cache-control': 'x', 'x-a': '\u00e9' },
        },
      }),
    ).to.deep.equal([
      'headers.cache[0].prefix',
      'headers.cache[0].suffixes[0]',
      'headers.cache[0].suffixes[1]',
      'headers.cache[0].cacheControl',
      'headers.cache[1].suffixes',
      'headers.security.X-Frame-Options',
      'headers.security.via',
      'headers.security.cache-control',
      'headers.security.x-a',
    ]);
  });
});
