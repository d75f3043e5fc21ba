import { blocks, found, notApplicable, number, resourceRule } from '../../core';
import { DISTRIBUTION, NOT_LIVE, ON_DEMAND, liveBehaviours } from './behaviours';

/** What the origin of a channel answers while something is not there yet, or not there for a moment. */
const CODES = [403, 404, 500, 502, 503, 504];
/** Where nothing is said: CloudFront Developer Guide, "Control how long CloudFront caches errors". */
const CLOUDFRONT_SECONDS = 10;

export const errorsAreKeptASecondAtMost = resourceRule({
  id: 'errors-are-kept-a-second-at-most',
  family: 'delivery',
  title: 'Errors of live paths are kept for a second at most',
  severity: 'high',
  controls: [],
  why: 'CloudFront keeps an error for ten seconds by itself: a part that one player asked for too early is then missing for all, and a moment without an origin becomes ten seconds without a picture.',
  fix: 'Write `customErrorResponses: [403, 404, 500, 502, 503, 504].map((errorCode) => ({ errorCode, errorCachingMinTtl: errorCode < 500 ? 0 : 1 }))`.',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  settings: {
    ...ON_DEMAND,
    seconds: {
      type: 'integer',
      default: 1,
      minimum: 0,
      maximum: 10,
      description: 'The longest that an error is kept',
    },
  },
  check: (distribution, settings) => {
    if (liveBehaviours(distribution, settings).length === 0) return notApplicable(NOT_LIVE);
    const kept = new Map(
      blocks(distribution, 'customErrorResponses').map((response) => [
        number(response, 'errorCode'),
        number(response, 'errorCachingMinTtl') ?? CLOUDFRONT_SECONDS,
      ]),
    );
    return found(
      CODES.map((code) => [code, kept.get(code) ?? CLOUDFRONT_SECONDS] as const)
        .filter(([, seconds]) => seconds > settings.seconds)
        .map(([code, seconds]) => `an answer with code ${code} is kept for ${seconds} s`),
    );
  },
});
