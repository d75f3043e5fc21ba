import { bucketOriginsHaveAccessControl } from '../../../policies/rules/delivery/bucket-origins-have-access-control';
import { customOriginsUseHttps } from '../../../policies/rules/delivery/custom-origins-use-https';
import { distributionHasAWebAcl } from '../../../policies/rules/delivery/distribution-has-a-web-acl';
import { distributionHasItsOwnCertificate } from '../../../policies/rules/delivery/distribution-has-its-own-certificate';
import { failoverCoversWhatBucketsAnswer } from '../../../policies/rules/delivery/failover-covers-what-buckets-answer';
import { http3IsOffWhileStaging } from '../../../policies/rules/delivery/http3-is-off-while-staging';
import { liveOriginsHaveAShield } from '../../../policies/rules/delivery/live-origins-have-a-shield';
import { originsKnowTheirCdn } from '../../../policies/rules/delivery/origins-know-their-cdn';
import { originsOutlastBlockingReload } from '../../../policies/rules/delivery/origins-outlast-blocking-reload';
import { originsUseTls12 } from '../../../policies/rules/delivery/origins-use-tls-1-2';
import { segmentsHaveASecondOrigin } from '../../../policies/rules/delivery/segments-have-a-second-origin';
import { trialsAreOfFewViewers } from '../../../policies/rules/delivery/trials-are-of-few-viewers';
import { viewerCertificatesAreInUsEast1 } from '../../../policies/rules/delivery/viewer-certificates-are-in-us-east-1';
import { viewerTlsIs12OrNewer } from '../../../policies/rules/delivery/viewer-tls-is-1-2-or-newer';
import { viewersConnectBySni } from '../../../policies/rules/delivery/viewers-connect-by-sni';
import { viewersUseHttps } from '../../../policies/rules/delivery/viewers-use-https';
import { GoodProgram, both, set, unset } from '../cases';
import { liveCdn } from './delivery-program';

const good = new GoodProgram(liveCdn);

/** The live origin, on the internet. */
const onTheInternet = {
  originId: 'live',
  domainName: 'origin.example.com',
  originShield: { enabled: true, originShieldRegion: 'eu-west-1' },
  customOriginConfig: {
    httpPort: 80,
    httpsPort: 443,
    originProtocolPolicy: 'https-only',
    originSslProtocols: ['TLSv1.2'],
    originReadTimeout: 30,
  },
};

const cloudFrontsOwn = set('cdn', 'viewerCertificate', { cloudfrontDefaultCertificate: true });

describe('rules of delivery: how viewers and origins are reached', () => {
  good.tries(viewersUseHttps, {
    violating: {
      'plain HTTP to playlists': {
        change: set('cdn', 'orderedCacheBehaviors.1.viewerProtocolPolicy', 'allow-all'),
        at: 'cdn',
        found: ['the behaviour of /live/*/*.m3u8 answers over plain HTTP'],
      },
      'plain HTTP by default': {
        change: set('trial', 'defaultCacheBehavior.viewerProtocolPolicy', 'allow-all'),
        at: 'trial',
        found: ['the default behaviour answers over plain HTTP'],
      },
    },
    nearMisses: {
      'a redirect to HTTPS': set('cdn', 'defaultCacheBehavior.viewerProtocolPolicy', 'redirect-to-https'),
    },
  });

  good.tries(viewerTlsIs12OrNewer, {
    violating: {
      'the ciphers of 2019': {
        change: set('cdn', 'viewerCertificate.minimumProtocolVersion', 'TLSv1.2_2019'),
        at: 'cdn',
        found: ['its security policy is TLSv1.2_2019'],
      },
      'no word of a policy, which is TLS 1.0': {
        change: unset('cdn', 'viewerCertificate.minimumProtocolVersion'),
        at: 'cdn',
        found: ['its security policy is TLSv1'],
      },
    },
    nearMisses: {
      'TLS 1.3 alone': set('cdn', 'viewerCertificate.minimumProtocolVersion', 'TLSv1.3_2025'),
      'the policy of 2025': set('cdn', 'viewerCertificate.minimumProtocolVersion', 'TLSv1.2_2025'),
    },
    notApplicable: {
      "CloudFront's own certificate": {
        change: cloudFrontsOwn,
        at: 'cdn',
        reason: "it has CloudFront's own certificate, for which AWS sets TLS 1.0 and lets nobody choose",
      },
    },
  });

  good.tries(distributionHasItsOwnCertificate, {
    violating: {
      "CloudFront's own": {
        change: cloudFrontsOwn,
        at: 'cdn',
        found: ["it has CloudFront's own certificate"],
      },
    },
    nearMisses: {
      'a certificate of IAM': set('cdn', 'viewerCertificate', { iamCertificateId: 'ASCA' }),
    },
  });

  good.tries(viewersConnectBySni, {
    violating: {
      'addresses of its own': {
        change: set('cdn', 'viewerCertificate.sslSupportMethod', 'vip'),
        at: 'cdn',
        found: ['its certificate is served by addresses of its own (vip)'],
      },
    },
    nearMisses: { "CloudFront's own certificate": cloudFrontsOwn },
    notApplicable: {
      "CloudFront's own certificate": {
        change: cloudFrontsOwn,
        at: 'cdn',
        reason: "it has CloudFront's own certificate",
      },
    },
  });

  good.tries(viewerCertificatesAreInUsEast1, {
    violating: {
      'one of the region of the stack': {
        change: set(
          'cdn',
          'viewerCertificate.acmCertificateArn',
          'arn:aws:acm:eu-west-1:123456789012:certificate/1',
        ),
        at: 'cdn',
        found: ['its certificate is in eu-west-1'],
      },
    },
    nearMisses: {
      'one that was there already': set(
        'cdn',
        'viewerCertificate.acmCertificateArn',
        'arn:aws:acm:us-east-1:123456789012:certificate/1',
      ),
    },
    notApplicable: {
      "CloudFront's own": { change: cloudFrontsOwn, at: 'cdn', reason: 'it has no certificate of ACM' },
    },
  });

  good.tries(customOriginsUseHttps, {
    violating: {
      "HTTP as the viewer's": {
        change: set('cdn', 'origins.3.customOriginConfig.originProtocolPolicy', 'match-viewer'),
        at: 'cdn',
        found: ['the origin api is asked by match-viewer'],
      },
    },
    nearMisses: { 'no origin on the internet': unset('cdn', 'origins.3') },
    notApplicable: {
      'buckets and a VPC': {
        change: unset('cdn', 'origins.3'),
        at: 'cdn',
        reason: 'it has no origin on the internet but buckets',
      },
    },
  });

  good.tries(originsUseTls12, {
    violating: {
      'TLS 1.0 to an origin': {
        change: set('cdn', 'origins.3.customOriginConfig.originSslProtocols', ['TLSv1', 'TLSv1.2']),
        at: 'cdn',
        found: ['the origin api may be asked by TLSv1'],
      },
      'SSL 3 to a VPC origin': {
        change: set('origin-in-vpc', 'vpcOriginEndpointConfig.originSslProtocols.items', ['SSLv3']),
        at: 'origin-in-vpc',
        found: ['the origin may be asked by SSLv3'],
      },
    },
    nearMisses: { 'no origin on the internet': unset('cdn', 'origins.3') },
  });

  good.tries(bucketOriginsHaveAccessControl, {
    violating: {
      'a bucket that is read without a signature': {
        change: unset('cdn', 'origins.1.originAccessControlId'),
        at: 'cdn',
        found: ['the origin segments is a bucket that is read without a signature'],
      },
      'an origin access identity': {
        change: set('cdn', 'origins.2', {
          originId: 'videos',
          domainName: 'videos.s3.amazonaws.com',
          s3OriginConfig: { originAccessIdentity: 'origin-access-identity/cloudfront/E1' },
        }),
        at: 'cdn',
        found: ['the origin videos is read by an origin access identity'],
      },
      'the website of a bucket': {
        change: set('cdn', 'origins.3.domainName', 'videos.s3-website-eu-west-1.amazonaws.com'),
        at: 'cdn',
        found: ['the origin api is the website of a bucket, which has to be public'],
      },
    },
    nearMisses: {
      'an empty identity beside the access control, as AWS answers': set('cdn', 'origins.1.s3OriginConfig', {
        originAccessIdentity: '',
      }),
    },
  });

  good.tries(originsKnowTheirCdn, {
    violating: {
      'an origin on the internet that cannot tell': {
        change: set('cdn', 'origins.0', onTheInternet),
        at: 'cdn',
        found: ['the origin live is on the internet, and CloudFront gives it no secret header'],
      },
    },
    nearMisses: {
      'one with a secret header': set('cdn', 'origins.0', {
        ...onTheInternet,
        customHeaders: [{ name: 'x-origin-secret', value: 'secret' }],
      }),
    },
  });

  good.tries(originsOutlastBlockingReload, {
    violating: {
      'a read time-out as long as the hold': {
        change: set('cdn', 'origins.0.vpcOriginConfig.originReadTimeout', 16),
        at: 'cdn',
        found: ['the origin live is given 16 s to answer, and may hold a playlist for 16 s'],
      },
      'the same of an origin on the internet': {
        change: set('cdn', 'origins.0', {
          ...onTheInternet,
          customOriginConfig: { ...onTheInternet.customOriginConfig, originReadTimeout: 10 },
        }),
        at: 'cdn',
        found: ['the origin live is given 10 s to answer, and may hold a playlist for 16 s'],
      },
    },
    nearMisses: {
      "CloudFront's own 30 s": unset('cdn', 'origins.0.vpcOriginConfig.originReadTimeout'),
      'a short one of an API': set('cdn', 'origins.3.customOriginConfig.originReadTimeout', 5),
    },
  });

  good.tries(liveOriginsHaveAShield, {
    violating: {
      'a live origin without': {
        change: set('cdn', 'origins.0.originShield.enabled', false),
        at: 'cdn',
        found: ['the origin live of live channels has no Origin Shield'],
      },
      'the first of a group without': {
        change: unset('cdn', 'origins.1.originShield'),
        at: 'cdn',
        found: ['the origin segments of live channels has no Origin Shield'],
      },
    },
    nearMisses: { 'videos without': unset('cdn', 'origins.2.originShield') },
  });

  good.tries(failoverCoversWhatBucketsAnswer, {
    violating: {
      'no word of 403': {
        change: set('cdn', 'originGroups.0.failoverCriteria.statusCodes', [404, 500, 502, 503, 504]),
        at: 'cdn',
        found: ['the group segments-or-live does not fail over on 403'],
      },
    },
    nearMisses: {
      'a group of two servers': both(
        set('cdn', 'originGroups.0.failoverCriteria.statusCodes', [500]),
        set('cdn', 'originGroups.0.members.0.originId', 'api'),
      ),
    },
  });

  good.tries(segmentsHaveASecondOrigin, {
    violating: {
      'segments of a bucket alone': {
        change: set('cdn', 'orderedCacheBehaviors.3.targetOriginId', 'segments'),
        at: 'cdn',
        found: ['the behaviour of /live/*/s/*.m4s asks a bucket alone'],
      },
    },
    nearMisses: {
      'segments of the live origin alone': set('cdn', 'orderedCacheBehaviors.3.targetOriginId', 'live'),
    },
  });

  good.tries(distributionHasAWebAcl, {
    violating: {
      'no web ACL': { change: unset('cdn', 'webAclId'), at: 'cdn', found: ['it has no web ACL'] },
      'an empty one, as AWS answers': {
        change: set('cdn', 'webAclId', ''),
        at: 'cdn',
        found: ['it has no web ACL'],
      },
    },
    nearMisses: {
      'one of the older WAF, by its id': set('cdn', 'webAclId', '473e64fd-f30b-4765-81a0-62ad96dd167a'),
    },
  });

  good.tries(http3IsOffWhileStaging, {
    violating: {
      'HTTP/3 beside a policy of continuous deployment': {
        change: set('cdn', 'httpVersion', 'http2and3'),
        at: 'cdn',
        found: ['its versions are http2and3, and it has a policy of continuous deployment'],
      },
      'HTTP/3 of the staging distribution': {
        change: set('trial', 'httpVersion', 'http3'),
        at: 'trial',
        found: ['its versions are http3, and it is a staging distribution'],
      },
    },
    nearMisses: {
      'HTTP/3 where nothing is tried': both(
        set('cdn', 'httpVersion', 'http2and3'),
        unset('cdn', 'continuousDeploymentPolicyId'),
      ),
    },
  });

  good.tries(trialsAreOfFewViewers, {
    violating: {
      'too many': {
        change: set('deployment', 'trafficConfig.singleWeightConfig.weight', 0.2),
        at: 'deployment',
        found: ['it sends 20 % of the viewers'],
      },
      'viewers who change sides': {
        change: unset('deployment', 'trafficConfig.singleWeightConfig.sessionStickinessConfig'),
        at: 'deployment',
        found: ['its viewers change between distributions'],
      },
      'stickiness that CloudFront refuses': {
        change: set('deployment', 'trafficConfig.singleWeightConfig.sessionStickinessConfig.idleTtl', 60),
        at: 'deployment',
        found: ['its idleTtl is 60 s, of 300 to 3600'],
      },
    },
    nearMisses: {
      'viewers by a header': set('deployment', 'trafficConfig', {
        type: 'SingleHeader',
        singleHeaderConfig: { header: 'aws-cf-cd-try', value: 'yes' },
      }),
    },
  });
});
