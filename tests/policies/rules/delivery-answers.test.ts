import { answersHaveHstsAndNosniff } from '../../../policies/rules/delivery/answers-have-hsts-and-nosniff';
import { corsWithCredentialsNamesItsOrigins } from '../../../policies/rules/delivery/cors-with-credentials-names-its-origins';
import { distributionIsLogged } from '../../../policies/rules/delivery/distribution-is-logged';
import { distributionsRestrictTheSameCountries } from '../../../policies/rules/delivery/distributions-restrict-the-same-countries';
import { edgeFunctionsFit } from '../../../policies/rules/delivery/edge-functions-fit';
import { edgeFunctionsHaveTheCurrentRuntime } from '../../../policies/rules/delivery/edge-functions-have-the-current-runtime';
import { errorsAreKeptASecondAtMost } from '../../../policies/rules/delivery/errors-are-kept-a-second-at-most';
import { errorsKeepTheirCode } from '../../../policies/rules/delivery/errors-keep-their-code';
import { livePathsHaveNoLambda } from '../../../policies/rules/delivery/live-paths-have-no-lambda';
import { livePathsOnlyRead } from '../../../policies/rules/delivery/live-paths-only-read';
import { logsHaveNoSignatures } from '../../../policies/rules/delivery/logs-have-no-signatures';
import { noBehaviourIsShadowed } from '../../../policies/rules/delivery/no-behaviour-is-shadowed';
import { realtimeLogsAreSampled } from '../../../policies/rules/delivery/realtime-logs-are-sampled';
import { signaturesAreVerifiedByKeyGroups } from '../../../policies/rules/delivery/signatures-are-verified-by-key-groups';
import { watchingIsSignedOrPublicByChoice } from '../../../policies/rules/delivery/watching-is-signed-or-public-by-choice';
import { GoodProgram, both, set, unset } from '../cases';
import { liveCdn } from './delivery-program';

const good = new GoodProgram(liveCdn);

const PATHS = [0, 1, 2, 3];
const unsigned = both(...PATHS.map((n) => unset('cdn', `orderedCacheBehaviors.${n}.trustedKeyGroups`)));

const BEHAVIOURS = [
  ...['/live/*/index.m3u8', '/live/*/*.m3u8', '/live/*/p/*.m4s', '/live/*/s/*.m4s', '/videos/*.m3u8'].map(
    (pattern) => `the behaviour of ${pattern}`,
  ),
  'the default behaviour',
];
const answersOfAll = (what: string) => BEHAVIOURS.map((name) => `answers of ${name} have ${what}`);

describe('rules of delivery: what is answered, to whom, and what is told of it', () => {
  good.tries(errorsAreKeptASecondAtMost, {
    violating: {
      'an error of which nothing is said': {
        change: unset('cdn', 'customErrorResponses.1'),
        at: 'cdn',
        found: ['an answer with code 404 is kept for 10 s'],
      },
      'a response without a time': {
        change: unset('cdn', 'customErrorResponses.4.errorCachingMinTtl'),
        at: 'cdn',
        found: ['an answer with code 503 is kept for 10 s'],
      },
      'five seconds': {
        change: set('cdn', 'customErrorResponses.0.errorCachingMinTtl', 5),
        at: 'cdn',
        found: ['an answer with code 403 is kept for 5 s'],
      },
    },
    nearMisses: {
      'a second of all': set('cdn', 'customErrorResponses.0.errorCachingMinTtl', 1),
      'a distribution without live paths': set('cdn', 'orderedCacheBehaviors', []),
    },
    notApplicable: {
      'a distribution without live paths': {
        change: set('cdn', 'orderedCacheBehaviors', []),
        at: 'cdn',
        reason: 'no behaviour of it is for playlists or media of live channels',
      },
    },
  });

  good.tries(errorsKeepTheirCode, {
    violating: {
      'a page in place of what is missing': {
        change: both(
          set('cdn', 'customErrorResponses.1.responseCode', 200),
          set('cdn', 'customErrorResponses.1.responsePagePath', '/index.html'),
        ),
        at: 'cdn',
        found: ['code 404 is answered with 200'],
      },
    },
    nearMisses: {
      'another error, and no code at all, as AWS answers': both(
        set('cdn', 'customErrorResponses.0.responseCode', 404),
        set('cdn', 'customErrorResponses.1.responseCode', 0),
      ),
    },
  });

  good.tries(corsWithCredentialsNamesItsOrigins, {
    violating: {
      'every origin': {
        change: set('headers', 'corsConfig.accessControlAllowOrigins.items', ['*']),
        at: 'headers',
        found: ['every origin is allowed, and credentials are'],
      },
      'every header': {
        change: set('headers', 'corsConfig.accessControlAllowHeaders.items', ['*']),
        at: 'headers',
        found: ['every header is allowed, and credentials are'],
      },
    },
    nearMisses: {
      'every origin without credentials': both(
        set('headers', 'corsConfig.accessControlAllowOrigins.items', ['*']),
        set('headers', 'corsConfig.accessControlAllowCredentials', false),
      ),
      'every name of a domain': set('headers', 'corsConfig.accessControlAllowOrigins.items', [
        'https://*.example.com',
      ]),
    },
  });

  good.tries(answersHaveHstsAndNosniff, {
    violating: {
      'an hour of Strict-Transport-Security': {
        change: set('headers', 'securityHeadersConfig.strictTransportSecurity.accessControlMaxAgeSec', 3600),
        at: 'cdn',
        found: answersOfAll('Strict-Transport-Security of 3600 s'),
      },
      'no nosniff': {
        change: unset('headers', 'securityHeadersConfig.contentTypeOptions'),
        at: 'cdn',
        found: answersOfAll('no X-Content-Type-Options: nosniff'),
      },
      'no Strict-Transport-Security': {
        change: unset('headers', 'securityHeadersConfig.strictTransportSecurity'),
        at: 'cdn',
        found: answersOfAll('no Strict-Transport-Security'),
      },
      'a behaviour without a policy': {
        change: unset('cdn', 'orderedCacheBehaviors.2.responseHeadersPolicyId'),
        at: 'cdn',
        found: ['the behaviour of /live/*/p/*.m4s has no policy of response headers'],
      },
    },
    nearMisses: {
      "AWS's own policy": set(
        'cdn',
        'defaultCacheBehavior.responseHeadersPolicyId',
        '67f7725c-6f97-4210-82d7-5512b31e9d03',
      ),
    },
  });

  good.tries(signaturesAreVerifiedByKeyGroups, {
    violating: {
      'the keys of an account': {
        change: set('cdn', 'orderedCacheBehaviors.1.trustedSigners', ['self']),
        at: 'cdn',
        found: ['the behaviour of /live/*/*.m3u8 trusts signers'],
      },
    },
    nearMisses: {
      'an empty list, as AWS answers': set('cdn', 'orderedCacheBehaviors.1.trustedSigners', []),
    },
  });

  good.tries(watchingIsSignedOrPublicByChoice, {
    violating: {
      'an unsigned part of a signed channel': {
        change: unset('cdn', 'orderedCacheBehaviors.2.trustedKeyGroups'),
        at: 'cdn',
        found: ['everybody can watch /live/*/p/*.m4s, and no tag says that it may be so'],
      },
      'a tag of another path': {
        change: both(
          unset('cdn', 'orderedCacheBehaviors.2.trustedKeyGroups'),
          set('cdn', 'tags', { 'media-access': '/open/' }),
        ),
        at: 'cdn',
        found: ['everybody can watch /live/*/p/*.m4s, and no tag says that it may be so'],
      },
    },
    nearMisses: {
      'a public channel by its tag': both(unsigned, set('cdn', 'tags', { 'media-access': 'public' })),
      'public paths by their beginnings': both(
        unset('cdn', 'orderedCacheBehaviors.2.trustedKeyGroups'),
        set('cdn', 'orderedCacheBehaviors.2.pathPattern', '/live/open/p/*.m4s'),
        set('cdn', 'tags', { 'media-access': '/trailers/ /live/open/' }),
      ),
      'a token in a function': both(
        unset('cdn', 'orderedCacheBehaviors.2.trustedKeyGroups'),
        set('cdn', 'orderedCacheBehaviors.2.functionAssociations', [
          { eventType: 'viewer-request', functionArn: 'arn:aws:cloudfront::123456789012:function/token' },
        ]),
      ),
      'unsigned videos': unset('cdn', 'orderedCacheBehaviors.4.trustedKeyGroups'),
    },
  });

  good.tries(livePathsOnlyRead, {
    violating: {
      'methods that write': {
        change: set('cdn', 'orderedCacheBehaviors.3.allowedMethods', ['GET', 'HEAD', 'PUT', 'DELETE']),
        at: 'cdn',
        found: ['the behaviour of /live/*/s/*.m4s takes DELETE, PUT'],
      },
    },
    nearMisses: {
      'an upload elsewhere': set('cdn', 'defaultCacheBehavior.allowedMethods', ['GET', 'HEAD', 'PUT']),
    },
  });

  good.tries(livePathsHaveNoLambda, {
    violating: {
      'a function on playlists': {
        change: set('cdn', 'orderedCacheBehaviors.1.lambdaFunctionAssociations', [
          { eventType: 'origin-request', lambdaArn: 'arn:aws:lambda:us-east-1:123456789012:function:x:1' },
        ]),
        at: 'cdn',
        found: ['the behaviour of /live/*/*.m3u8 runs Lambda@Edge'],
      },
    },
    nearMisses: {
      'one on videos': set('cdn', 'orderedCacheBehaviors.4.lambdaFunctionAssociations', [
        { eventType: 'origin-request', lambdaArn: 'arn:aws:lambda:us-east-1:123456789012:function:x:1' },
      ]),
    },
  });

  good.tries(noBehaviourIsShadowed, {
    violating: {
      'a broader pattern that comes first': {
        change: set('cdn', 'orderedCacheBehaviors.0.pathPattern', 'live/*'),
        at: 'cdn',
        found: [
          'the behaviour of /live/*/*.m3u8 is never asked, because live/* comes first and fits as well',
          'the behaviour of /live/*/p/*.m4s is never asked, because live/* comes first and fits as well',
          'the behaviour of /live/*/s/*.m4s is never asked, because live/* comes first and fits as well',
        ],
      },
    },
    nearMisses: {
      'a pattern of one character': set('cdn', 'orderedCacheBehaviors.0.pathPattern', '/live/?/?.m3u8'),
      'other letters': set('cdn', 'orderedCacheBehaviors.0.pathPattern', '/Live/*'),
    },
  });

  good.tries(distributionsRestrictTheSameCountries, {
    violating: {
      'a staging distribution for the whole world': {
        change: set('trial', 'restrictions.geoRestriction', { restrictionType: 'none', locations: [] }),
        at: 'trial',
        found: ['it lets pass: everywhere; cdn, of the same origins: whitelist of AT, DE'],
      },
      'other countries': {
        change: set('cdn', 'restrictions.geoRestriction.locations', ['DE', 'AT', 'CH']),
        at: 'cdn',
        found: ['it lets pass: whitelist of AT, CH, DE; trial, of the same origins: whitelist of AT, DE'],
      },
    },
    nearMisses: {
      'the same countries in another order': set('trial', 'restrictions.geoRestriction.locations', [
        'AT',
        'DE',
      ]),
    },
  });

  good.tries(distributionIsLogged, {
    violating: {
      'a behaviour that no log has': {
        change: unset('cdn', 'orderedCacheBehaviors.1.realtimeLogConfigArn'),
        at: 'cdn',
        found: ['its requests are in no log'],
      },
    },
    nearMisses: {
      'the older log': both(
        unset('cdn', 'orderedCacheBehaviors.1.realtimeLogConfigArn'),
        set('cdn', 'loggingConfig', { bucket: 'logs.s3.amazonaws.com' }),
      ),
    },
  });

  good.tries(logsHaveNoSignatures, {
    violating: {
      'cookies in the sample': {
        change: set('sample', 'fields', ['timestamp', 'cs-cookie']),
        at: 'sample',
        found: ['the field cs-cookie is logged'],
      },
      'cookies in the sample, where one of two distributions is signed': {
        change: both(
          unset('trial', 'defaultCacheBehavior.trustedKeyGroups'),
          set('sample', 'fields', ['cs-cookie']),
        ),
        at: 'sample',
        found: ['the field cs-cookie is logged'],
      },
      'cookies in the older log': {
        change: set('cdn', 'loggingConfig', { bucket: 'logs.s3.amazonaws.com', includeCookies: true }),
        at: 'cdn',
        found: ["viewers' cookies are logged"],
      },
    },
    nearMisses: {
      'cookies where nothing is signed': both(
        unsigned,
        unset('cdn', 'orderedCacheBehaviors.4.trustedKeyGroups'),
        unset('cdn', 'defaultCacheBehavior.trustedKeyGroups'),
        unset('trial', 'defaultCacheBehavior.trustedKeyGroups'),
        set('sample', 'fields', ['cs-cookie']),
      ),
      'the older log without': set('cdn', 'loggingConfig', {
        bucket: 'logs.s3.amazonaws.com',
        includeCookies: false,
      }),
    },
  });

  good.tries(realtimeLogsAreSampled, {
    violating: {
      'every request': {
        change: set('sample', 'samplingRate', 100),
        at: 'sample',
        found: ['100 % of the requests are logged at once'],
      },
    },
    nearMisses: { 'one of ten': set('sample', 'samplingRate', 10) },
  });

  good.tries(edgeFunctionsHaveTheCurrentRuntime, {
    violating: {
      'the first one': {
        change: set('clean', 'runtime', 'cloudfront-js-1.0'),
        at: 'clean',
        found: ['its runtime is cloudfront-js-1.0'],
      },
    },
    nearMisses: {
      'code that names the first runtime': set('clean', 'code', '// cloudfront-js-1.0'),
    },
  });

  good.tries(edgeFunctionsFit, {
    violating: {
      'a byte too many, of letters that have two': {
        change: set('clean', 'code', `${'é'.repeat(5120)}x`),
        at: 'clean',
        found: ['its code has 10241 bytes, of 10240'],
      },
    },
    nearMisses: { 'as much as fits': set('clean', 'code', 'x'.repeat(10_240)) },
  });
});
