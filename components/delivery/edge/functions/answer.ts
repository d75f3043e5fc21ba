import type { Cors, Value, Values, ViewerRequest, ViewerResponse } from './types';

export function headerOf(request: ViewerRequest, name: string): string {
  const header = request.headers[name];
  return header ? header.value : '';
}

/** Never stored, and readable by the pages that may read the media: a player must see which status it is. */
export function refuse(
  request: ViewerRequest,
  cors: Cors | null,
  status: number,
  description: string,
  message: string,
): ViewerResponse {
  const shown: Values = {
    'content-type': { value: 'text/plain; charset=utf-8' },
    'cache-control': { value: 'no-store' },
    'x-content-type-options': { value: 'nosniff' },
  };
  const origin = headerOf(request, 'origin');
  if (cors) {
    if (cors.origins === '*') shown['access-control-allow-origin'] = { value: '*' };
    else {
      shown['vary'] = { value: 'Origin' };
      if (origin !== '' && cors.origins.indexOf(origin) >= 0) {
        shown['access-control-allow-origin'] = { value: origin };
        if (cors.credentials) shown['access-control-allow-credentials'] = { value: 'true' };
      }
    }
  }
  return { statusCode: status, statusDescription: description, headers: shown, body: `${message}\n` };
}

/** Query parameters, as the viewer wrote them, in his order. A text is what an earlier step has left. */
export function queryPairs(querystring: Values | string): string[][] {
  const pairs: string[][] = [];
  if (typeof querystring === 'string') {
    querystring.split('&').forEach((text) => {
      if (text === '') return;
      const mark = text.indexOf('=');
      pairs.push(mark < 0 ? [text, ''] : [text.slice(0, mark), text.slice(mark + 1)]);
    });
    return pairs;
  }
  Object.keys(querystring).forEach((name) => {
    const value = querystring[name] as Value;
    (value.multiValue || [value]).forEach((each) => pairs.push([name, each.value]));
  });
  return pairs;
}

export const queryText = (pairs: string[][]): string =>
  pairs.map((pair) => `${pair[0]}=${pair[1]}`).join('&');

/** As an origin reads it, as far as ASCII goes: what is beyond it is in no name and no value that counts here. */
export function decoded(text: string): string {
  if (text.indexOf('%') < 0 && text.indexOf('+') < 0) return text;
  return text
    .replace(/\+/g, ' ')
    .replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
