import { headerOf } from './answer';
import type { Answer, DeviceParameters, EdgeEvent } from './types';

/**
 * Another path for phones and tablets. The path is in the cache key, so no header needs to be; the behaviour is
 * chosen before this runs and stays.
 */
export function device(event: EdgeEvent, parameters: DeviceParameters): Answer {
  const request = event.request;
  const agent = headerOf(request, 'user-agent');
  // CloudFront's own judgement where a policy names its headers; it knows more devices than two words do.
  const mobile = headerOf(request, 'cloudfront-is-mobile-viewer');
  const tablet = headerOf(request, 'cloudfront-is-tablet-viewer');
  const isTablet = tablet === '' ? /iPad|Android(?!.*Mobile)/.test(agent) : tablet === 'true';
  const isMobile = mobile === '' ? /Mobile|Android|iPhone/.test(agent) : mobile === 'true';
  if (!isTablet && !isMobile) return request;
  for (let i = 0; i < parameters.rewrites.length; i++) {
    const rewrite = parameters.rewrites[i]!;
    const targets = [rewrite.mobile, rewrite.tablet || rewrite.mobile];
    if (targets.some((target) => target !== rewrite.prefix && request.uri.indexOf(target) === 0))
      return request;
    if (request.uri.indexOf(rewrite.prefix) === 0) {
      request.uri = (isTablet ? targets[1]! : targets[0]!) + request.uri.slice(rewrite.prefix.length);
      return request;
    }
  }
  return request;
}
