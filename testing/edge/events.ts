/** Events of CloudFront Functions, version 1.0, as CloudFront makes them of a request. */

/** One value, and all of them where a name comes more than once. */
export interface EdgeValue {
  value: string;
  multiValue?: EdgeValue[];
}

/** Headers, cookies or query parameters by their names. */
export type EdgeValues = Record<string, EdgeValue>;

/** A viewer's request, as a function sees it. */
export interface EdgeRequest {
  method: string;
  uri: string;
  querystring: EdgeValues | string;
  headers: EdgeValues;
  cookies: EdgeValues;
}

/** An answer, as a function sees or gives it. */
export interface EdgeResponse {
  statusCode: number;
  statusDescription?: string;
  headers?: EdgeValues;
  cookies?: EdgeValues;
  body?: string | { encoding: 'text' | 'base64'; data: string };
}

/** The event of AWS, version 1.0. */
export interface EdgeEvent {
  version: '1.0';
  context: {
    eventType: 'viewer-request' | 'viewer-response';
    distributionDomainName: string;
    distributionId: string;
    requestId: string;
  };
  viewer: { ip: string };
  request: EdgeRequest;
  response?: EdgeResponse;
}

/** What a request has besides its URL. */
export interface RequestOptions {
  /** @default 'GET' */
  readonly method?: string;
  /** In any case; a list where the header comes more than once. `cookie` becomes the event's cookies. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** @default '198.51.100.7' */
  readonly ip?: string;
}

/** The event before a request is looked up in the cache. @param url path and query, as a viewer sends them */
export function viewerRequest(
  url: string,
  { method = 'GET', headers = {}, ip }: RequestOptions = {},
): EdgeEvent {
  const mark = url.indexOf('?');
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat()] as const);
  const cookies = given.filter(([name]) => name === 'cookie').flatMap(([, values]) => values);
  return {
    version: '1.0',
    context: {
      eventType: 'viewer-request',
      distributionDomainName: 'd111111abcdef8.cloudfront.net',
      distributionId: 'EDFDVBD6EXAMPLE',
      requestId: 'EXAMPLEntjQpEXAMPLE_SG5Z-EXAMPLEPmPfEXAMPLEu3EqEXAMPLE==',
    },
    viewer: { ip: ip ?? '198.51.100.7' },
    request: {
      method,
      uri: mark < 0 ? url : url.slice(0, mark),
      querystring: grouped(mark < 0 ? [] : pairsOf(url.slice(mark + 1), '&')),
      headers: grouped(
        given.filter(([name]) => name !== 'cookie').flatMap(([name, values]) => values.map((v) => [name, v])),
      ),
      cookies: grouped(cookies.flatMap((line) => pairsOf(line, /;\s*/))),
    },
  };
}

/** The event before an answer is sent to the viewer. CloudFront makes none for an answer of 400 or more. */
export function viewerResponse(
  url: string,
  response: { readonly status: number; readonly headers?: Readonly<Record<string, string>> },
  options: RequestOptions = {},
): EdgeEvent {
  const event = viewerRequest(url, options);
  return {
    ...event,
    context: { ...event.context, eventType: 'viewer-response' },
    response: {
      statusCode: response.status,
      headers: grouped(
        Object.entries(response.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      cookies: {},
    },
  };
}

/** Path and query of a request that a function let on, as CloudFront goes on with it. */
export function urlOf({ uri, querystring }: EdgeRequest): string {
  const query =
    typeof querystring === 'string'
      ? querystring
      : Object.entries(querystring)
          .flatMap(([name, value]) => (value.multiValue ?? [value]).map((each) => `${name}=${each.value}`))
          .join('&');
  return query === '' ? uri : `${uri}?${query}`;
}

/** Names and values stay as they were sent: nothing is decoded. */
const pairsOf = (text: string, between: string | RegExp): [string, string][] =>
  text
    .split(between)
    .filter((each) => each !== '')
    .map((each) => {
      const mark = each.indexOf('=');
      return mark < 0 ? [each, ''] : [each.slice(0, mark), each.slice(mark + 1)];
    });

function grouped(pairs: readonly (readonly string[])[]): EdgeValues {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) values.set(name!, [...(values.get(name!) ?? []), value!]);
  return Object.fromEntries(
    [...values].map(([name, all]) => [
      name,
      { value: all[0]!, ...(all.length > 1 && { multiValue: all.map((value) => ({ value })) }) },
    ]),
  );
}
