import { expect } from 'chai';
import { COUNTRY_CODES, edgeCode, type CountryParameters } from '../../../../components/delivery/edge';
import { runEdge, viewerRequest, type EdgeOptions } from '../../../../testing/edge';

function status(country: CountryParameters, code: string | undefined, options: EdgeOptions = {}): number {
  const made = edgeCode('viewer-request', { country }).code;
  const headers = code === undefined ? {} : { 'CloudFront-Viewer-Country': code };
  const { request, response } = runEdge(made, viewerRequest('/videos/a.mp4', { headers }), options);
  return request ? 200 : response!.statusCode;
}

describe('edge function: countries', () => {
  const block = ['CN', 'RU', 'IR'];

  it('refuses each country of the list, in any case, and lets others in', () => {
    for (const code of [...block, 'cn', 'Ru', ' IR ']) expect(status({ block }, code), code).to.equal(403);
    for (const code of ['US', 'VN', 'CNN', 'C', 'XX']) expect(status({ block }, code), code).to.equal(200);
  });

  it('lets in only the countries that are allowed, where those are named', () => {
    const allow = ['VN', 'SG'];
    expect(['VN', 'sg', 'US'].map((code) => status({ allow }, code))).to.deep.equal([200, 200, 403]);
  });

  it('does what it is told where CloudFront knows no country', () => {
    for (const parameters of [{ block }, { allow: ['VN'] }]) {
      for (const code of [undefined, '']) {
        expect(status(parameters, code)).to.equal(200);
        expect(status({ ...parameters, whenUnknown: 'deny' }, code)).to.equal(403);
      }
    }
  });

  it('answers with the message and the status of the parameters, never to be stored', () => {
    const { code } = edgeCode('viewer-request', {
      country: { block, status: 451, message: 'Nicht verf\u00fcgbar' },
    });
    const event = viewerRequest('/videos/a.mp4', { headers: { 'cloudfront-viewer-country': 'IR' } });
    const { response } = runEdge(code, event);
    expect(response).to.deep.equal({
      statusCode: 451,
      statusDescription: 'Unavailable For Legal Reasons',
      headers: {
        'content-type': { value: 'text/plain; charset=utf-8' },
        'cache-control': { value: 'no-store' },
        'x-content-type-options': { value: 'nosniff' },
      },
      body: 'Nicht verf\u00fcgbar\n',
    });
    const standard = edgeCode('viewer-request', { country: { block } }).code;
    expect(runEdge(standard, event).response).to.include({
      statusCode: 403,
      statusDescription: 'Forbidden',
      body: 'Content not available in your region\n',
    });
  });

  it('lets the pages in `cors` read the refusal, and no other', () => {
    const cors = { origins: ['https://a.example', 'https://b.example'], credentials: true };
    const { code } = edgeCode('viewer-request', { cors, country: { block } });
    const from = (origin: string) =>
      runEdge(
        code,
        viewerRequest('/a.mp4', { headers: { 'cloudfront-viewer-country': 'CN', Origin: origin } }),
      ).response!.headers!;
    expect(from('https://b.example')).to.deep.include({
      'access-control-allow-origin': { value: 'https://b.example' },
      'access-control-allow-credentials': { value: 'true' },
      vary: { value: 'Origin' },
    });
    expect(from('https://c.example')).to.have.property('vary');
    expect(from('https://c.example')).not.to.have.property('access-control-allow-origin');
  });

  it('takes the list from the KeyValueStore, where it changes without a deployment', () => {
    const fromKey = { fromKey: 'blocked-countries' };
    const keyValueStore = { 'blocked-countries': 'cn, RU\nIR' };
    for (const code of block) expect(status(fromKey, code, { keyValueStore })).to.equal(403);
    expect(status(fromKey, 'US', { keyValueStore })).to.equal(200);
    expect(status(fromKey, undefined, { keyValueStore })).to.equal(200);
  });

  it('holds every country for unknown while the list is absent or out of reach', () => {
    for (const options of [{ keyValueStore: {} }, { keyValueStore: { c: 'CN' }, storeFails: true }, {}]) {
      expect(status({ fromKey: 'c' }, 'CN', options)).to.equal(200);
      expect(status({ fromKey: 'c', whenUnknown: 'deny' }, 'US', options)).to.equal(403);
    }
  });

  it('takes lists of all countries, and refuses codes that are none', () => {
    expect(COUNTRY_CODES.size).to.equal(250);
    const all = [...COUNTRY_CODES];
    expect(status({ allow: all }, 'VN')).to.equal(200);
    expect(() => edgeCode('viewer-request', { country: { block: ['UK', 'cn', 'CN'] } })).to.throw(
      /country\.block\[0\] is "UK".*\n.*country\.block\[1\] is "cn"; allowed: ISO 3166-1 alpha-2/,
    );
  });
});
