import type { EdgeEvent, HeaderParameters, ViewerResponse } from './types';

/** What the code is rendered with: nothing is left to a default. */
export type RenderedHeaders = Required<HeaderParameters>;

/** Sets the headers that depend on path and status. CloudFront's own cache goes by its policies, not by these. */
export function headers(event: EdgeEvent, parameters: RenderedHeaders): ViewerResponse {
  const response = event.response as ViewerResponse;
  Object.keys(parameters.security).forEach((name) => {
    if (!response.headers[name]) response.headers[name] = { value: parameters.security[name]! };
  });
  const status = response.statusCode;
  const uri = event.request.uri;
  if (status !== 200 && status !== 206 && status !== 304) return response;
  const rule = parameters.cache.filter(
    (each) =>
      uri.indexOf(each.prefix || '/') === 0 &&
      each.suffixes.some((suffix) => uri.slice(-suffix.length) === suffix),
  )[0];
  if (rule) response.headers['cache-control'] = { value: rule.cacheControl };
  return response;
}
