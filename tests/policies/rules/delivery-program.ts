/** A live channel behind CloudFront, as plain resources, that every rule is content with. */
import * as aws from '@pulumi/aws';

const media = { cookiesConfig: { cookieBehavior: 'none' }, headersConfig: { headerBehavior: 'none' } };

const texts = (queryStrings: readonly string[]) => ({
  ...media,
  enableAcceptEncodingBrotli: true,
  enableAcceptEncodingGzip: true,
  queryStringsConfig:
    queryStrings.length > 0
      ? { queryStringBehavior: 'whitelist', queryStrings: { items: [...queryStrings] } }
      : { queryStringBehavior: 'none' },
});

/** A policy of AWS that keeps everything for a day; and its policy of security headers. */
const OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
const SECURITY_HEADERS = '67f7725c-6f97-4210-82d7-5512b31e9d03';

function cachePolicies() {
  const multivariant = new aws.cloudfront.CachePolicy('multivariant', {
    ...{ minTtl: 0, defaultTtl: 1, maxTtl: 1 },
    parametersInCacheKeyAndForwardedToOrigin: texts([]),
  });
  const playlists = new aws.cloudfront.CachePolicy('playlists', {
    ...{ minTtl: 0, defaultTtl: 1, maxTtl: 24 },
    parametersInCacheKeyAndForwardedToOrigin: texts(['_HLS_msn', '_HLS_part', '_HLS_skip']),
  });
  const parts = new aws.cloudfront.CachePolicy('parts', {
    ...{ minTtl: 0, defaultTtl: 86_400, maxTtl: 86_400 },
    parametersInCacheKeyAndForwardedToOrigin: {
      ...media,
      queryStringsConfig: { queryStringBehavior: 'none' },
    },
  });
  return { multivariant, playlists, parts };
}

const headers = () =>
  new aws.cloudfront.ResponseHeadersPolicy('headers', {
    corsConfig: {
      accessControlAllowCredentials: true,
      accessControlAllowHeaders: { items: ['Range'] },
      accessControlAllowMethods: { items: ['GET', 'HEAD'] },
      accessControlAllowOrigins: { items: ['https://www.example.com'] },
      originOverride: true,
    },
    securityHeadersConfig: {
      contentTypeOptions: { override: true },
      strictTransportSecurity: { accessControlMaxAgeSec: 31_536_000, override: true },
    },
  });

/** What is asked for, and where it is found. */
export function liveCdn(): void {
  const segments = new aws.s3.Bucket('segments');
  new aws.s3.BucketLifecycleConfiguration('segments-lifecycle', {
    bucket: segments.bucket,
    rules: [{ id: 'segments', status: 'Enabled', filter: { prefix: 'live/' }, expiration: { days: 1 } }],
  });
  const videos = new aws.s3.Bucket('videos');
  new aws.s3.BucketLifecycleConfiguration('videos-lifecycle', {
    bucket: videos.bucket,
    rules: [{ id: 'old', status: 'Enabled', transitions: [{ days: 30, storageClass: 'GLACIER_IR' }] }],
  });
  new aws.s3.BucketIntelligentTieringConfiguration('videos-tiers', {
    ...{ bucket: videos.bucket, name: 'archive', status: 'Disabled' },
    tierings: [{ accessTier: 'ARCHIVE_ACCESS', days: 90 }],
  });
  const balancer = new aws.lb.LoadBalancer('origin', { internal: true, subnets: ['subnet-1', 'subnet-2'] });
  const group = new aws.lb.TargetGroup('origin-tasks', {
    ...{ protocol: 'HTTP', port: 8080, targetType: 'ip', vpcId: 'vpc-1', deregistrationDelay: 30 },
    healthCheck: { path: '/healthz' },
  });
  new aws.lb.Listener('origin-listener', {
    ...{ loadBalancerArn: balancer.arn, port: 80, protocol: 'HTTP' },
    defaultActions: [{ type: 'forward', targetGroupArn: group.arn }],
  });
  const inVpc = new aws.cloudfront.VpcOrigin('origin-in-vpc', {
    vpcOriginEndpointConfig: {
      ...{ arn: balancer.arn, name: 'origin', httpPort: 80, httpsPort: 443 },
      originProtocolPolicy: 'http-only',
      originSslProtocols: { items: ['TLSv1.2'], quantity: 1 },
    },
  });
  const control = new aws.cloudfront.OriginAccessControl('control', {
    ...{ originAccessControlOriginType: 's3', signingBehavior: 'always', signingProtocol: 'sigv4' },
  });
  const publicKey = new aws.cloudfront.PublicKey('key', { encodedKey: 'a public key' });
  const keys = new aws.cloudfront.KeyGroup('keys', { items: [publicKey.id] });
  new aws.cloudfront.Function('clean', {
    ...{ runtime: 'cloudfront-js-2.0', code: 'function handler(event) { return event.request; }' },
  });
  const log = new aws.cloudfront.RealtimeLogConfig('sample', {
    ...{ samplingRate: 1, fields: ['timestamp', 'sc-status'] },
    endpoint: {
      streamType: 'Kinesis',
      kinesisStreamConfig: {
        roleArn: 'arn:aws:iam::123456789012:role/logs',
        streamArn: 'arn:aws:kinesis:us-east-1:123456789012:stream/logs',
      },
    },
  });
  const certificate = new aws.acm.Certificate('viewers', {
    ...{ region: 'us-east-1', domainName: 'live.example.com', validationMethod: 'DNS' },
  });
  const { multivariant, playlists, parts } = cachePolicies();
  const reading = {
    viewerProtocolPolicy: 'https-only',
    allowedMethods: ['GET', 'HEAD', 'OPTIONS'],
    cachedMethods: ['GET', 'HEAD'],
    responseHeadersPolicyId: headers().id,
    realtimeLogConfigArn: log.arn,
  };
  const signed = { ...reading, trustedKeyGroups: [keys.id] };
  const bucketOrigin = (originId: string, bucket: aws.s3.Bucket) => ({
    ...{ originId, domainName: bucket.bucketRegionalDomainName, originAccessControlId: control.id },
    originShield: { enabled: true, originShieldRegion: 'eu-west-1' },
  });
  const restrictions = { geoRestriction: { restrictionType: 'whitelist', locations: ['DE', 'AT'] } };
  const viewerCertificate = {
    ...{ acmCertificateArn: certificate.arn, sslSupportMethod: 'sni-only' },
    minimumProtocolVersion: 'TLSv1.2_2021',
  };
  const trial = new aws.cloudfront.Distribution('trial', {
    ...{
      enabled: true,
      staging: true,
      webAclId: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/1',
    },
    origins: [bucketOrigin('segments', segments)],
    defaultCacheBehavior: {
      ...signed,
      ...{ targetOriginId: 'segments', cachePolicyId: OPTIMIZED, responseHeadersPolicyId: SECURITY_HEADERS },
    },
    ...{ restrictions, viewerCertificate },
  });
  const deployment = new aws.cloudfront.ContinuousDeploymentPolicy('deployment', {
    enabled: true,
    stagingDistributionDnsNames: { items: [trial.domainName], quantity: 1 },
    trafficConfig: {
      type: 'SingleWeight',
      singleWeightConfig: {
        weight: 0.15,
        sessionStickinessConfig: { idleTtl: 300, maximumTtl: 3600 },
      },
    },
  });
  new aws.cloudfront.Distribution('cdn', {
    ...{ enabled: true, httpVersion: 'http2', aliases: ['live.example.com'] },
    webAclId: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/1',
    continuousDeploymentPolicyId: deployment.id,
    origins: [
      {
        ...{ originId: 'live', domainName: balancer.dnsName },
        originShield: { enabled: true, originShieldRegion: 'eu-west-1' },
        vpcOriginConfig: { vpcOriginId: inVpc.id, originReadTimeout: 17 },
      },
      bucketOrigin('segments', segments),
      bucketOrigin('videos', videos),
      {
        ...{ originId: 'api', domainName: 'api.example.com' },
        customOriginConfig: {
          ...{ httpPort: 80, httpsPort: 443, originProtocolPolicy: 'https-only' },
          originSslProtocols: ['TLSv1.2'],
        },
      },
    ],
    originGroups: [
      {
        originId: 'segments-or-live',
        failoverCriteria: { statusCodes: [403, 404, 500, 502, 503, 504] },
        members: [{ originId: 'segments' }, { originId: 'live' }],
      },
    ],
    orderedCacheBehaviors: [
      {
        ...{ ...signed, pathPattern: '/live/*/index.m3u8', targetOriginId: 'live', compress: true },
        cachePolicyId: multivariant.id,
      },
      {
        ...{ ...signed, pathPattern: '/live/*/*.m3u8', targetOriginId: 'live', compress: true },
        cachePolicyId: playlists.id,
      },
      {
        ...{ ...signed, pathPattern: '/live/*/p/*.m4s', targetOriginId: 'live' },
        cachePolicyId: parts.id,
      },
      {
        ...{ ...signed, pathPattern: '/live/*/s/*.m4s', targetOriginId: 'segments-or-live' },
        cachePolicyId: parts.id,
      },
      {
        ...{ ...signed, pathPattern: '/videos/*.m3u8', targetOriginId: 'videos' },
        cachePolicyId: OPTIMIZED,
      },
    ],
    defaultCacheBehavior: { ...signed, targetOriginId: 'segments', cachePolicyId: parts.id },
    customErrorResponses: [403, 404, 500, 502, 503, 504].map((errorCode) => ({
      ...{ errorCode, errorCachingMinTtl: errorCode < 500 ? 0 : 1 },
    })),
    ...{ restrictions, viewerCertificate },
  });
}
