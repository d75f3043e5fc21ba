/** The two Lambda@Edge handlers of the original documents (docs/edge-functions.md), and their events. */
import { createContext, runInContext } from 'node:vm';

export const VIEWER_REQUEST = `
exports.handler = async (event) => {
  const request = event.Records[0].cf.request;
  const headers = request.headers;
  const userAgent = headers['user-agent'][0].value;
  const isMobile = /Mobile|Android|iPhone/.test(userAgent);
  const country = headers['cloudfront-viewer-country'][0].value;
  const blockedCountries = ['CN', 'RU', 'IR'];
  if (blockedCountries.includes(country)) {
    return { status: '403', statusDescription: 'Forbidden', body: 'Content not available in your region' };
  }
  if (isMobile && request.uri.includes('/video/')) {
    request.uri = request.uri.replace('/video/', '/video/mobile/');
  }
  return request;
};
`;

export const ORIGIN_RESPONSE = `
exports.handler = async (event) => {
  const response = event.Records[0].cf.response;
  const headers = response.headers;
  headers['cache-control'] = [{ key: 'Cache-Control', value: 'public, max-age=86400, s-maxage=31536000' }];
  headers['strict-transport-security'] = [
    { key: 'Strict-Transport-Security', value: 'max-age=31536000; includeSubdomains' },
  ];
  return response;
};
`;

export interface LambdaRequest {
  readonly uri: string;
  readonly headers: Record<string, { readonly key: string; readonly value: string }[]>;
}

export interface LambdaResponse {
  readonly status: string;
  readonly body?: string;
  readonly headers: LambdaRequest['headers'];
}

const lambdaHeaders = (headers: Readonly<Record<string, string>>): LambdaRequest['headers'] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [{ key: name, value }]]),
  );

/** Runs a module of Lambda's with one event. */
async function invoke<Answer>(code: string, cf: object): Promise<Answer> {
  const module = { exports: {} as { handler?: (event: object) => Promise<Answer> } };
  runInContext(code, createContext({ exports: module.exports }));
  return module.exports.handler!({ Records: [{ cf }] });
}

export const askDocuments = (
  uri: string,
  headers: Readonly<Record<string, string>>,
  code = VIEWER_REQUEST,
): Promise<LambdaRequest | LambdaResponse> =>
  invoke(code, { request: { uri, headers: lambdaHeaders(headers) } });

export const answerOfDocuments = (
  uri: string,
  status: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<LambdaResponse> =>
  invoke(ORIGIN_RESPONSE, {
    request: { uri, headers: {} },
    response: { status, headers: lambdaHeaders(headers) },
  });
