import { headerOf, refuse } from './answer';
import type { Answer, Cors, CountryParameters, EdgeEvent } from './types';

/** Refuses countries. Which it is, CloudFront says: the header is its own, a viewer's is overwritten. */
export function country(event: EdgeEvent, parameters: CountryParameters, cors: Cors | null): Answer {
  const request = event.request;
  const code = headerOf(request, 'cloudfront-viewer-country').trim().toUpperCase();
  let isAllowed = parameters.whenUnknown !== 'deny';
  if (code !== '') {
    if (parameters.allow) isAllowed = parameters.allow.indexOf(code) >= 0;
    else if (parameters.block) isAllowed = parameters.block.indexOf(code) < 0;
  }
  if (isAllowed) return request;
  const status = parameters.status || 403;
  return refuse(
    request,
    cors,
    status,
    status === 451 ? 'Unavailable For Legal Reasons' : 'Forbidden',
    parameters.message || 'Content not available in your region',
  );
}
