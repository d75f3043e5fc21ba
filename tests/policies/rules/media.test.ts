import { balancersOutlastBlockingReload } from '../../../policies/rules/media/balancers-outlast-blocking-reload';
import { directivesComeTogether } from '../../../policies/rules/media/directives-come-together';
import { healthChecksAskForNoPlaylist } from '../../../policies/rules/media/health-checks-ask-for-no-playlist';
import { heldRequestsMayFinish } from '../../../policies/rules/media/held-requests-may-finish';
import { liveBucketsExpire } from '../../../policies/rules/media/live-buckets-expire';
import { mediaIsKeptADay } from '../../../policies/rules/media/media-is-kept-a-day';
import { mediaKeysHaveNothingOfTheViewer } from '../../../policies/rules/media/media-keys-have-nothing-of-the-viewer';
import { playlistKeysHaveTheDirectives } from '../../../policies/rules/media/playlist-keys-have-the-directives';
import { playlistsAreCompressed } from '../../../policies/rules/media/playlists-are-compressed';
import { playlistsAreKeptBriefly } from '../../../policies/rules/media/playlists-are-kept-briefly';
import { watchedMediaIsNotArchived } from '../../../policies/rules/media/watched-media-is-not-archived';
import { GoodProgram, both, set, unset, without } from '../cases';
import { liveCdn } from './delivery-program';

const good = new GoodProgram(liveCdn);

const KEY = 'parametersInCacheKeyAndForwardedToOrigin';

/** The older way to say what is kept, and by what it is told apart. */
const forwarded = (n: number, values: { readonly [name: string]: boolean | string[] }, maxTtl: number) =>
  both(
    unset('cdn', `orderedCacheBehaviors.${n}.cachePolicyId`),
    set('cdn', `orderedCacheBehaviors.${n}.forwardedValues`, {
      cookies: { forward: 'none' },
      queryString: false,
      ...values,
    }),
    set('cdn', `orderedCacheBehaviors.${n}.defaultTtl`, 1),
    set('cdn', `orderedCacheBehaviors.${n}.maxTtl`, maxTtl),
  );

describe('rules of media: what CloudFront keeps, and where it comes from', () => {
  good.tries(playlistsAreKeptBriefly, {
    violating: {
      'multivariant playlists for a minute': {
        change: set('multivariant', 'maxTtl', 60),
        at: 'cdn',
        found: ['the behaviour of /live/*/index.m3u8 keeps playlists for up to 60 s, of 2'],
      },
      'answers to blocking requests for more than six target durations': {
        change: set('playlists', 'maxTtl', 25),
        at: 'cdn',
        found: ['the behaviour of /live/*/*.m3u8 keeps playlists for up to 25 s, of 24'],
      },
      'no word of the longest, which is a year': {
        change: unset('playlists', 'maxTtl'),
        at: 'cdn',
        found: ['the behaviour of /live/*/*.m3u8 keeps playlists for up to 31536000 s, of 24'],
      },
      'a playlist without max-age for long': {
        change: set('playlists', 'defaultTtl', 10),
        at: 'cdn',
        found: ['the behaviour of /live/*/*.m3u8 keeps a playlist without max-age for 10 s, of 2'],
      },
      'a minimum': {
        change: set('playlists', 'minTtl', 1),
        at: 'cdn',
        found: ['the behaviour of /live/*/*.m3u8 keeps playlists for at least 1 s, whatever the origin says'],
      },
      'a policy of AWS for what never changes': {
        change: set('cdn', 'orderedCacheBehaviors.0.cachePolicyId', 'b2884449-e4de-46a7-ac36-70bc7f1ddd6d'),
        at: 'cdn',
        found: [
          'the behaviour of /live/*/index.m3u8 keeps playlists for at least 1 s, whatever the origin says',
          'the behaviour of /live/*/index.m3u8 keeps playlists for up to 31536000 s, of 2',
        ],
      },
      'the same in the behaviour itself': {
        change: forwarded(1, {}, 6),
        at: 'cdn',
        found: ['the behaviour of /live/*/*.m3u8 keeps playlists for up to 6 s, of 2'],
      },
    },
    nearMisses: {
      'half a target duration': both(set('multivariant', 'maxTtl', 2), set('multivariant', 'defaultTtl', 2)),
      'playlists that are not kept': set(
        'cdn',
        'orderedCacheBehaviors.0.cachePolicyId',
        '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      ),
      'directives in the behaviour itself': forwarded(
        1,
        { queryString: true, queryStringCacheKeys: ['_HLS_msn', '_HLS_part', '_HLS_skip'] },
        24,
      ),
    },
    notApplicable: {
      'a policy of somebody else': {
        change: both(
          set('cdn', 'orderedCacheBehaviors.0.cachePolicyId', 'elsewhere'),
          set('cdn', 'orderedCacheBehaviors.1.cachePolicyId', 'elsewhere'),
        ),
        at: 'cdn',
        reason: 'its policies are not of this program',
      },
      'a distribution without channels': {
        change: without('deployment'),
        at: 'trial',
        reason: 'no behaviour of it is for playlists or media of live channels',
      },
    },
  });

  good.tries(playlistKeysHaveTheDirectives, {
    violating: {
      'no directive': {
        change: set('playlists', `${KEY}.queryStringsConfig`, { queryStringBehavior: 'none' }),
        at: 'cdn',
        found: ['the key of the behaviour of /live/*/*.m3u8 is without _HLS_msn, _HLS_part, _HLS_skip'],
      },
      'CMCD beside them': {
        change: set('playlists', `${KEY}.queryStringsConfig.queryStrings.items`, [
          '_HLS_msn',
          '_HLS_part',
          '_HLS_skip',
          'CMCD',
        ]),
        at: 'cdn',
        found: ['the key of the behaviour of /live/*/*.m3u8 has CMCD, which is different for each viewer'],
      },
      'every query string': {
        change: set('playlists', `${KEY}.queryStringsConfig`, { queryStringBehavior: 'all' }),
        at: 'cdn',
        found: ['the key of the behaviour of /live/*/*.m3u8 has whatever a viewer adds to the URL'],
      },
    },
    nearMisses: {
      'what MediaPackage filters by': set('playlists', `${KEY}.queryStringsConfig.queryStrings.items`, [
        '_HLS_msn',
        '_HLS_part',
        '_HLS_skip',
        'aws.manifestfilter',
      ]),
    },
  });

  good.tries(directivesComeTogether, {
    violating: {
      'one of three': {
        change: set('playlists', `${KEY}.queryStringsConfig.queryStrings.items`, ['_HLS_msn']),
        at: 'playlists',
        found: ['its key has _HLS_msn without _HLS_part, _HLS_skip'],
      },
      'a minimum': {
        change: set('playlists', 'minTtl', 1),
        at: 'playlists',
        found: ['it keeps playlists for at least 1 s, whatever the origin says'],
      },
    },
    nearMisses: {
      'another order': set('playlists', `${KEY}.queryStringsConfig.queryStrings.items`, [
        '_HLS_skip',
        '_HLS_part',
        '_HLS_msn',
      ]),
    },
    notApplicable: {
      'a policy of segments': {
        change: without('deployment'),
        at: 'parts',
        reason: 'it names no delivery directive',
      },
    },
  });

  good.tries(playlistsAreCompressed, {
    violating: {
      'a behaviour that does not': {
        change: unset('cdn', 'orderedCacheBehaviors.1.compress'),
        at: 'cdn',
        found: ['the behaviour of /live/*/*.m3u8 does not compress'],
      },
      'a key without brotli': {
        change: set('playlists', `${KEY}.enableAcceptEncodingBrotli`, false),
        at: 'cdn',
        found: ['the key of the behaviour of /live/*/*.m3u8 does not know brotli'],
      },
      'what is not kept': {
        change: both(set('multivariant', 'maxTtl', 0), set('multivariant', 'defaultTtl', 0)),
        at: 'cdn',
        found: ['the behaviour of /live/*/index.m3u8 keeps nothing, so CloudFront compresses nothing'],
      },
    },
    nearMisses: {
      'segments that are not compressed': set('cdn', 'orderedCacheBehaviors.2.compress', false),
    },
  });

  good.tries(mediaKeysHaveNothingOfTheViewer, {
    violating: {
      'a token in the URL': {
        change: set('parts', `${KEY}.queryStringsConfig`, {
          queryStringBehavior: 'whitelist',
          queryStrings: { items: ['token'] },
        }),
        at: 'cdn',
        found: [
          'the key of the behaviour of /live/*/p/*.m4s has query strings',
          'the key of the behaviour of /live/*/s/*.m4s has query strings',
        ],
      },
      'cookies and headers, in the behaviour itself': {
        change: both(
          forwarded(2, { headers: ['*'] }, 86_400),
          set('cdn', 'orderedCacheBehaviors.2.forwardedValues.cookies.forward', 'all'),
        ),
        at: 'cdn',
        found: ['the key of the behaviour of /live/*/p/*.m4s has cookies, headers'],
      },
    },
    nearMisses: {
      'a query string of videos': set('cdn', 'orderedCacheBehaviors.4.cachePolicyId', 'elsewhere'),
    },
  });

  good.tries(mediaIsKeptADay, {
    violating: {
      'an hour': {
        change: set('parts', 'maxTtl', 3600),
        at: 'cdn',
        found: [
          'the behaviour of /live/*/p/*.m4s keeps media for 3600 s',
          'the behaviour of /live/*/s/*.m4s keeps media for 3600 s',
        ],
      },
      'what is never kept': {
        change: set('cdn', 'orderedCacheBehaviors.3.cachePolicyId', '4135ea2d-6df8-44a3-9df3-4b5a84be39ad'),
        at: 'cdn',
        found: ['the behaviour of /live/*/s/*.m4s keeps media for 0 s'],
      },
    },
    nearMisses: {
      'a year': both(set('parts', 'maxTtl', 31_536_000), set('parts', 'defaultTtl', 86_400)),
    },
  });

  good.tries(liveBucketsExpire, {
    // Which of two buckets the live paths read is known with their names; the one that expires is right anyway.
    undecided: { videos: 'origins.domainName' },
    violating: {
      'no lifecycle': {
        change: without('segments-lifecycle'),
        at: 'segments',
        found: ['segments of live channels never expire in it'],
      },
      'a rule that is off': {
        change: set('segments-lifecycle', 'rules.0.status', 'Disabled'),
        at: 'segments',
        found: ['segments of live channels never expire in it'],
      },
      'a rule of unfinished uploads alone': {
        change: set('segments-lifecycle', 'rules.0', {
          id: 'uploads',
          status: 'Enabled',
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        }),
        at: 'segments',
        found: ['segments of live channels never expire in it'],
      },
    },
    nearMisses: {
      'an older program, with the rule in the bucket': both(
        without('segments-lifecycle'),
        set('segments', 'lifecycleRules', [{ enabled: true, expiration: { days: 1 } }]),
      ),
      'videos that stay': without('videos-lifecycle'),
    },
    notApplicable: {
      'a bucket of videos': {
        change: without('deployment'),
        at: 'videos',
        reason: 'CloudFront reads no live channel there',
      },
    },
  });

  good.tries(watchedMediaIsNotArchived, {
    violating: {
      'videos in an archive': {
        change: set('videos-lifecycle', 'rules.0.transitions.0.storageClass', 'DEEP_ARCHIVE'),
        at: 'videos',
        found: ['objects of it are moved to DEEP_ARCHIVE'],
      },
      'archive tiers': {
        change: set('videos-tiers', 'status', 'Enabled'),
        at: 'videos',
        found: ['objects of it are moved to the tier ARCHIVE_ACCESS'],
      },
      'an older program, with the rule in the bucket': {
        change: set('videos', 'lifecycleRules', [
          { enabled: true, transitions: [{ days: 90, storageClass: 'GLACIER' }] },
        ]),
        at: 'videos',
        found: ['objects of it are moved to GLACIER'],
      },
    },
    nearMisses: {
      'a rule that is off': both(
        set('videos-lifecycle', 'rules.0.transitions.0.storageClass', 'GLACIER'),
        set('videos-lifecycle', 'rules.0.status', 'Disabled'),
      ),
    },
  });

  good.tries(balancersOutlastBlockingReload, {
    violating: {
      'connections that are closed too early': {
        change: set('origin', 'idleTimeout', 16),
        at: 'origin',
        found: ['it closes connections after 16 s, and a playlist may be held for 16 s'],
      },
    },
    nearMisses: {
      "AWS's own minute": unset('origin', 'idleTimeout'),
      'a second more than the hold': set('origin', 'idleTimeout', 17),
    },
    notApplicable: {
      'a balancer of packets': {
        change: set('origin', 'loadBalancerType', 'network'),
        at: 'origin',
        reason: 'it forwards packets, not requests',
      },
    },
  });

  good.tries(heldRequestsMayFinish, {
    violating: {
      'a delay as long as the hold': {
        change: set('origin-tasks', 'deregistrationDelay', 16),
        at: 'origin-tasks',
        found: ['it waits 16 s for its last requests, and a playlist may be held for 16 s'],
      },
    },
    nearMisses: { "AWS's own five minutes": unset('origin-tasks', 'deregistrationDelay') },
    notApplicable: {
      'a group that no listener forwards to': {
        change: without('origin-listener'),
        at: 'origin-tasks',
        reason: 'CloudFront does not ask it',
      },
    },
  });

  good.tries(healthChecksAskForNoPlaylist, {
    violating: {
      'a channel': {
        change: set('origin-tasks', 'healthCheck.path', '/live/news/index.m3u8'),
        at: 'origin-tasks',
        found: ['its health check asks for a playlist or segment'],
      },
    },
    nearMisses: {
      'a path that only looks like one': set('origin-tasks', 'healthCheck.path', '/m3u8/healthz'),
    },
  });
});
