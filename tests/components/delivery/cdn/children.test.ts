import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { edgeCode } from '../../../../components/delivery/edge';
import { StreamingCdn, type StreamingCdnArgs } from '../../../../components/delivery/cdn';
import { CMCD_FIELDS } from '../../../../components/delivery/cdn/log-fields';
import { ACCOUNT, recordProgramOf, type Recorded } from '../../recorded';
import {
  ACL_ARN,
  BUCKET,
  CERTIFICATE_ARN,
  CODE,
  DOMAIN,
  EC_KEY,
  FULL,
  KEY_ARN,
  MINIMAL,
  ORIGIN,
  RSA_KEY,
  STAGED,
  STORE_ARN,
  STREAM_ARN,
  VIDEOS,
  cdnWithStore,
  ownTags,
  recordCdn,
  told,
} from './cdn-recording';
import { behaviorOf, behaviorsOf } from './path-pattern';

describe('the children of StreamingCdn', () => {
  describe('with the arguments that it must have', () => {
    let cdn: Recorded;
    let id: (name: string) => string;
    before(async () => {
      cdn = await recordCdn(MINIMAL, {}, told);
      id = (name) => cdn.child(name).id!;
    });

    it('are a distribution, and the policies that its behaviours share', () => {
      expect(cdn.list).to.deep.equal([
        'cdn StreamingCdn',
        'cdn-1 Distribution',
        'cdn-1-alarm-cdn-errors MetricAlarm',
        'cdn-cache-media CachePolicy',
        'cdn-cache-multivariant CachePolicy',
        'cdn-cache-playlists CachePolicy',
        'cdn-headers ResponseHeadersPolicy',
        'cdn-oac OriginAccessControl',
        'cdn-origin-request OriginRequestPolicy',
      ]);
    });

    it('are an alarm of errors where CloudFront writes its metrics, which tells nobody', () => {
      const { name, tags, ...rest } = cdn.inputs('cdn-1-alarm-cdn-errors');
      expect(name).to.match(/^video-test-cdn-1-alarm-cdn-errors-[0-9a-f]{8}$/);
      expect(tags).to.deep.equal({
        Name: 'cdn-1-alarm-cdn-errors',
        'aws-media:component': 'StreamingCdn',
      });
      expect(rest).to.deep.equal({
        region: 'us-east-1',
        alarmDescription:
          "Distribution cdn-1 answers more than 1 % of viewers' requests with errors (5xx). What to do: " +
          '"cdn-errors" in docs/runbook.md of pulumi-aws-media',
        ...{ namespace: 'AWS/CloudFront', metricName: '5xxErrorRate' },
        dimensions: { DistributionId: cdn.child('cdn-1').id, Region: 'Global' },
        ...{ statistic: 'Average', comparisonOperator: 'GreaterThanThreshold', threshold: 1 },
        ...{ period: 60, evaluationPeriods: 3, datapointsToAlarm: 3, treatMissingData: 'notBreaching' },
      });
    });

    it('are two origins behind Origin Shield in the region of the bucket, and the group of both', () => {
      const { origins, originGroups } = cdn.inputs('cdn-1');
      const originShield = { enabled: true, originShieldRegion: 'us-east-1' };
      expect(origins).to.deep.equal([
        {
          originId: 'live',
          domainName: ORIGIN.domainName,
          vpcOriginConfig: {
            vpcOriginId: ORIGIN.vpcOriginId,
            originReadTimeout: 20,
            originKeepaliveTimeout: 50,
          },
          connectionAttempts: 2,
          connectionTimeout: 2,
          originShield,
        },
        {
          originId: 'segments',
          domainName: BUCKET.bucketRegionalDomainName,
          originAccessControlId: id('cdn-oac'),
          connectionAttempts: 2,
          connectionTimeout: 2,
          originShield,
        },
      ]);
      expect(originGroups).to.deep.equal([
        {
          originId: 'segments-or-live',
          failoverCriteria: { statusCodes: [403, 404, 500, 502, 503, 504] },
          members: [{ originId: 'segments' }, { originId: 'live' }],
        },
      ]);
    });

    it('are five behaviours of a channel, by HTTPS alone, to read', () => {
      const common = {
        viewerProtocolPolicy: 'https-only',
        allowedMethods: ['GET', 'HEAD', 'OPTIONS'],
        cachedMethods: ['GET', 'HEAD'],
        originRequestPolicyId: id('cdn-origin-request'),
        responseHeadersPolicyId: id('cdn-headers'),
      };
      const [multivariant, playlists, media] = ['multivariant', 'playlists', 'media'].map((name) => ({
        ...common,
        compress: name !== 'media',
        cachePolicyId: id(`cdn-cache-${name}`),
      }));
      expect(cdn.inputs('cdn-1')['orderedCacheBehaviors']).to.deep.equal([
        { pathPattern: '/live/*/index.m3u8', targetOriginId: 'live', ...multivariant },
        { pathPattern: '/live/*/*.m3u8', targetOriginId: 'live', ...playlists },
        { pathPattern: '/live/*/p/*.*.m4s', targetOriginId: 'live', ...media },
        { pathPattern: '/live/*/s/*.m4s', targetOriginId: 'segments-or-live', ...media },
        { pathPattern: '/live/*/i/*.mp4', targetOriginId: 'segments-or-live', ...media },
      ]);
      expect(cdn.inputs('cdn-1')['defaultCacheBehavior']).to.deep.equal({
        targetOriginId: 'segments',
        ...media,
      });
    });

    it('are a distribution with HTTP/3 and IPv6 everywhere, under a name of CloudFront', () => {
      const rest = { ...cdn.inputs('cdn-1') };
      for (const given of [
        'origins',
        'originGroups',
        'orderedCacheBehaviors',
        'defaultCacheBehavior',
        'customErrorResponses',
      ]) {
        delete (rest as Record<string, unknown>)[given];
      }
      expect(rest).to.deep.equal({
        enabled: true,
        isIpv6Enabled: true,
        httpVersion: 'http2and3',
        priceClass: 'PriceClass_All',
        comment: 'cdn, 1 of 1',
        restrictions: { geoRestriction: { restrictionType: 'none', locations: [] } },
        viewerCertificate: { cloudfrontDefaultCertificate: true },
        tags: ownTags('cdn-1', { 'media-access': 'public' }),
      });
      expect(cdn.child('cdn-1').options.protect).to.equal(true);
    });

    it('are policies that forward neither cookie nor query string, and sign every request to S3', () => {
      const { name, ...request } = cdn.inputs('cdn-origin-request');
      expect(name).to.match(/^video-test-cdn-origin-request-[0-9a-f]{8}$/);
      expect(request).to.deep.equal({
        comment: 'No cookie and no query string of a viewer; its country',
        cookiesConfig: { cookieBehavior: 'none' },
        headersConfig: { headerBehavior: 'whitelist', headers: { items: ['CloudFront-Viewer-Country'] } },
        queryStringsConfig: { queryStringBehavior: 'none' },
      });
      const { name: controlName, ...control } = cdn.inputs('cdn-oac');
      expect(controlName).to.match(/^video-test-cdn-oac-[0-9a-f]{8}$/);
      expect(control).to.deep.equal({
        description: 'Buckets of cdn',
        originAccessControlOriginType: 's3',
        signingBehavior: 'always',
        signingProtocol: 'sigv4',
      });
    });

    it('are security headers on every answer', () => {
      expect(cdn.inputs('cdn-headers')['securityHeadersConfig']).to.deep.equal({
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: 'DENY', override: true },
        referrerPolicy: { referrerPolicy: 'strict-origin-when-cross-origin', override: true },
        strictTransportSecurity: {
          accessControlMaxAgeSec: 31_536_000,
          includeSubdomains: true,
          override: true,
        },
      });
      expect(cdn.inputs('cdn-headers')['customHeadersConfig']).to.deep.equal({
        items: [{ header: 'Timing-Allow-Origin', value: '*', override: true }],
      });
    });

    it('compose by what the CDN tells', () => {
      const arn = cdn.output('cdn-1', 'arn');
      const host = String(cdn.output('cdn-1', 'domainName'));
      expect(cdn.graph.outputs).to.deep.equal({
        channels: { news: { distribution: 1, url: `https://${host}/live/news/index.m3u8` } },
        domainNames: { 1: host },
        distributionIds: { 1: id('cdn-1') },
        distributionArns: { 1: arn },
        keyPairIds: {},
        bucketPolicyStatements: {
          store: {
            Sid: 'CloudFrontReads',
            Effect: 'Allow',
            Principal: { Service: 'cloudfront.amazonaws.com' },
            Action: 's3:GetObject',
            Resource: 'arn:aws:s3:::segments/live/*',
            Condition: { StringEquals: { 'aws:SourceArn': [arn] } },
          },
        },
      });
    });
  });

  describe('with every argument', () => {
    let cdn: Recorded;
    let id: (name: string) => string;
    before(async () => {
      cdn = await recordCdn(FULL, {}, told);
      id = (name) => cdn.child(name).id!;
    });

    it('are two distributions of one set of policies, with names, logs and metrics of their own', () => {
      const own = (n: number) => [
        `cdn-${n} Distribution`,
        `cdn-${n}-a Record`,
        `cdn-${n}-aaaa Record`,
        `cdn-${n}-alarm-cdn-errors MetricAlarm`,
        `cdn-${n}-log-delivery LogDelivery`,
        `cdn-${n}-log-source LogDeliverySource`,
        `cdn-${n}-metrics MonitoringSubscription`,
      ];
      expect(cdn.list).to.deep.equal([
        'cdn StreamingCdn',
        ...own(1),
        ...own(2),
        'cdn-cache-manifests CachePolicy',
        'cdn-cache-media CachePolicy',
        'cdn-cache-multivariant CachePolicy',
        'cdn-cache-playlists CachePolicy',
        'cdn-cache-videos CachePolicy',
        'cdn-function-directives Function',
        'cdn-function-token Function',
        'cdn-headers ResponseHeadersPolicy',
        'cdn-key-2026-10 PublicKey',
        'cdn-key-2026-11 PublicKey',
        'cdn-keys KeyGroup',
        'cdn-logs LogDeliveryDestination',
        'cdn-oac OriginAccessControl',
        'cdn-origin-request OriginRequestPolicy',
        'cdn-realtime RealtimeLogConfig',
        'cdn-realtime-policy RolePolicy',
        'cdn-realtime-role Role',
      ]);
    });

    it('are alarms of each distribution, which tell a topic beside them, and link to the runbook', () => {
      for (const n of [1, 2]) {
        const alarm = cdn.inputs(`cdn-${n}-alarm-cdn-errors`);
        const topics = [`arn:aws:sns:us-east-1:${ACCOUNT}:on-call`];
        expect(alarm).to.deep.include({ region: 'us-east-1', alarmActions: topics, okActions: topics });
        expect(alarm['dimensions']).to.deep.equal({
          DistributionId: cdn.child(`cdn-${n}`).id,
          Region: 'Global',
        });
        expect(alarm['alarmDescription']).to.match(
          /^Distribution cdn-\d answers .*What to do: https:\/\/example\.com\/runbook#cdn-errors$/,
        );
      }
    });

    it('are no alarm where none is wanted', async () => {
      const { list } = await recordCdn({ ...MINIMAL, alarms: false });
      expect(list.filter((line) => line.endsWith('MetricAlarm'))).to.deep.equal([]);
    });

    it('are both keys in the group that every behaviour trusts, but those of the public channel and the API', () => {
      expect(cdn.inputs('cdn-keys')['items']).to.deep.equal([id('cdn-key-2026-10'), id('cdn-key-2026-11')]);
      expect(cdn.inputs('cdn-key-2026-10')['encodedKey']).to.equal(RSA_KEY);
      expect(cdn.inputs('cdn-key-2026-11')['encodedKey']).to.equal(EC_KEY);
      const behaviors = behaviorsOf(cdn);
      const trusted = behaviors.map(({ pathPattern = 'default', trustedKeyGroups = [] }) => [
        pathPattern,
        trustedKeyGroups,
      ]);
      const signed = [id('cdn-keys'), 'k-old'];
      expect(trusted).to.deep.equal([
        ['/live/open/index.m3u8', []],
        ['/live/open/*.m3u8', []],
        ['/live/open/p/*.*.m4s', []],
        ['/live/open/s/*.m4s', []],
        ['/live/open/i/*.mp4', []],
        ['/live/*/index.m3u8', signed],
        ['/live/*/*.m3u8', signed],
        ['/live/*/p/*.*.m4s', signed],
        ['/live/*/s/*.m4s', signed],
        ['/live/*/i/*.mp4', signed],
        ['/videos/*.m3u8', signed],
        ['/videos/*.mpd', signed],
        ['/videos/*', signed],
        ['/api/*', []],
        ['default', signed],
      ]);
      // One of a name that begins alike is not public with it.
      expect(behaviorOf(behaviors, '/live/open2/index.m3u8').trustedKeyGroups).to.deep.equal(signed);
    });

    it('name the key of each signature', () => {
      expect(cdn.graph.outputs['keyPairIds']).to.deep.equal({
        '2026-10': id('cdn-key-2026-10'),
        '2026-11': id('cdn-key-2026-11'),
      });
    });

    it('let the pages that are named send cookies', () => {
      const { corsConfig, customHeadersConfig } = cdn.inputs('cdn-headers');
      expect(corsConfig).to.deep.include({
        accessControlAllowCredentials: true,
        accessControlAllowOrigins: { items: ['https://www.example.com', 'https://app.example.com'] },
      });
      expect(customHeadersConfig).to.have.nested.property(
        'items[0].value',
        'https://www.example.com, https://app.example.com',
      );
    });

    it('reach an origin on the internet by TLS, with the header that it knows CloudFront by, a secret', () => {
      const [live, segments, videos, api] = cdn.inputs('cdn-1')['origins'] as Record<string, unknown>[];
      const originShield = { enabled: true, originShieldRegion: 'us-east-2' };
      expect(live).to.deep.equal({
        originId: 'live',
        domainName: 'origin.example.com',
        connectionAttempts: 2,
        connectionTimeout: 2,
        customOriginConfig: {
          httpPort: 80,
          httpsPort: 443,
          originProtocolPolicy: 'https-only',
          originSslProtocols: ['TLSv1.2'],
          originReadTimeout: 40,
          originKeepaliveTimeout: 55,
        },
        customHeaders: [{ name: 'X-Origin-Key', value: { $secret: { references: [] } } }],
        originShield,
      });
      expect(JSON.stringify(cdn.graph)).not.to.include('hidden');
      expect(segments).to.deep.include({ originId: 'segments', originShield });
      expect(videos).to.deep.include({
        originId: 'videos',
        domainName: VIDEOS.bucketRegionalDomainName,
        originShield,
      });
      expect(api).to.deep.include({ originId: 'api', domainName: 'api.example.com' });
      expect(api).not.to.have.property('originShield');
    });

    it('serve videos for a year, their manifests for a minute, and the API uncached with all methods', () => {
      const behaviors = behaviorsOf(cdn);
      const ttl = (name: string) => [cdn.inputs(name)['defaultTtl'], cdn.inputs(name)['maxTtl']];
      expect(ttl('cdn-cache-videos')).to.deep.equal([31_536_000, 31_536_000]);
      expect(ttl('cdn-cache-manifests')).to.deep.equal([60, 3600]);
      for (const [name, headersConfig] of [
        [
          'cdn-cache-videos',
          { headerBehavior: 'whitelist', headers: { items: ['CloudFront-Is-Mobile-Viewer', 'X-DRM'] } },
        ],
        ['cdn-cache-media', { headerBehavior: 'none' }],
      ] as const) {
        const key = cdn.inputs(name)['parametersInCacheKeyAndForwardedToOrigin'];
        expect(key, name).to.have.deep.property('headersConfig', headersConfig);
      }
      expect(behaviorOf(behaviors, '/videos/a/b.mp4').cachePolicyId).to.equal(id('cdn-cache-videos'));
      expect(behaviorOf(behaviors, '/videos/a/b.m3u8').cachePolicyId).to.equal(id('cdn-cache-manifests'));
      expect(behaviorOf(behaviors, '/api/login')).to.deep.include({
        targetOriginId: 'api',
        // CloudFront's own CachingDisabled, AllViewerExceptHostHeader and SecurityHeadersPolicy.
        cachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        originRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
        responseHeadersPolicyId: '67f7725c-6f97-4210-82d7-5512b31e9d03',
        allowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'],
        compress: true,
      });
    });

    it('run functions where they were put, published, with the headers that they read', () => {
      const functions = (path: string) => behaviorOf(behaviorsOf(cdn), path).functionAssociations;
      const on = (name: string) => [
        { eventType: 'viewer-request', functionArn: cdn.output(`cdn-function-${name}`, 'arn') },
      ];
      expect(functions('/live/news/index.m3u8')).to.deep.equal(on('directives'));
      expect(functions('/live/news/p/video/1.2.m4s')).to.deep.equal(on('token'));
      expect(functions('/api/x')).to.deep.equal(on('token'));
      expect(functions('/videos/x.mp4')).to.equal(undefined);
      const { name, ...rest } = cdn.inputs('cdn-function-token');
      expect(name).to.match(/^video-test-cdn-function-token-[0-9a-f]{8}$/);
      expect(rest).to.deep.equal({
        comment: 'viewer-request of media, api',
        runtime: 'cloudfront-js-2.0',
        code: CODE,
        keyValueStoreAssociations: [STORE_ARN],
        publish: true,
        tags: ownTags('cdn-function-token', { team: 'video' }),
      });
      expect(cdn.inputs('cdn-origin-request')['headersConfig']).to.deep.equal({
        headerBehavior: 'whitelist',
        headers: { items: ['CloudFront-Is-Mobile-Viewer', 'CloudFront-Viewer-Country'] },
      });
    });

    it('log to the bucket without cookies and query strings, from us-east-1 where the sources are', () => {
      const { name, ...destination } = cdn.inputs('cdn-logs');
      expect(name).to.match(/^video-test-cdn-logs-[0-9a-f]{8}-[0-9a-f]{8}$/);
      expect(destination).to.deep.equal({
        region: 'us-east-1',
        outputFormat: 'json',
        deliveryDestinationConfiguration: { destinationResourceArn: 'arn:aws:s3:::logs' },
        tags: ownTags('cdn-logs', { team: 'video' }),
      });
      const { name: sourceName, ...source } = cdn.inputs('cdn-2-log-source');
      expect(source).to.deep.equal({
        region: 'us-east-1',
        logType: 'ACCESS_LOGS',
        resourceArn: cdn.output('cdn-2', 'arn'),
        tags: ownTags('cdn-2-log-source', { team: 'video' }),
      });
      const { recordFields, ...delivery } = cdn.inputs('cdn-2-log-delivery');
      expect(delivery).to.deep.equal({
        region: 'us-east-1',
        deliverySourceName: sourceName,
        deliveryDestinationArn: cdn.output('cdn-logs', 'arn'),
        s3DeliveryConfigurations: [
          { suffixPath: '{DistributionId}/{yyyy}/{MM}/{dd}/{HH}', enableHiveCompatiblePath: false },
        ],
        tags: ownTags('cdn-2-log-delivery', { team: 'video' }),
      });
      expect(recordFields).to.include.members(['cs-uri-stem', 'time-to-first-byte', 'origin-fbl']);
      expect(recordFields).not.to.include.members(['cs(Cookie)']);
      expect(recordFields).not.to.include('cs-uri-query');
    });

    it('log five of a hundred requests at once, with all fields of CMCD, by a role for that stream alone', () => {
      const { name, fields, ...config } = cdn.inputs('cdn-realtime');
      expect(name).to.match(/^video-test-cdn-realtime-[0-9a-f]{8}$/);
      expect(config).to.deep.equal({
        samplingRate: 5,
        endpoint: {
          streamType: 'Kinesis',
          kinesisStreamConfig: { roleArn: cdn.output('cdn-realtime-role', 'arn'), streamArn: STREAM_ARN },
        },
      });
      expect(fields).to.include.members([...CMCD_FIELDS]);
      expect(fields).not.to.include.members(['cs-cookie']);
      expect(cdn.policy('cdn-realtime-policy').Statement).to.deep.equal([
        {
          Effect: 'Allow',
          Action: [
            'kinesis:DescribeStream',
            'kinesis:DescribeStreamSummary',
            'kinesis:PutRecord',
            'kinesis:PutRecords',
          ],
          Resource: STREAM_ARN,
        },
        { Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: KEY_ARN },
      ]);
      for (const { realtimeLogConfigArn } of behaviorsOf(cdn) as unknown as Record<string, unknown>[]) {
        expect(realtimeLogConfigArn).to.equal(cdn.output('cdn-realtime', 'arn'));
      }
    });

    it('are protected, fenced and named as they were told', () => {
      for (const [n, host] of [
        [1, 'live.example.com'],
        [2, '2.live.example.com'],
      ] as const) {
        expect(cdn.inputs(`cdn-${n}`)).to.deep.include({
          aliases: [host],
          webAclId: ACL_ARN,
          priceClass: 'PriceClass_100',
          restrictions: { geoRestriction: { restrictionType: 'whitelist', locations: ['AT', 'DE'] } },
          viewerCertificate: {
            acmCertificateArn: CERTIFICATE_ARN,
            sslSupportMethod: 'sni-only',
            minimumProtocolVersion: 'TLSv1.2_2021',
          },
        });
        expect(cdn.child(`cdn-${n}`).options.protect ?? false).to.equal(false);
        for (const type of ['A', 'AAAA']) {
          expect(cdn.inputs(`cdn-${n}-${type.toLowerCase()}`)).to.deep.equal({
            zoneId: DOMAIN.zoneId,
            name: host,
            type,
            aliases: [
              {
                name: cdn.output(`cdn-${n}`, 'domainName'),
                zoneId: cdn.output(`cdn-${n}`, 'hostedZoneId'),
                evaluateTargetHealth: false,
              },
            ],
          });
        }
      }
      expect(cdn.graph.outputs['domainNames']).to.deep.equal({
        1: 'live.example.com',
        2: '2.live.example.com',
      });
      expect(cdn.inputs('cdn-1')['customErrorResponses']).to.have.deep.members(
        [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504].map((errorCode) => ({
          errorCode,
          errorCachingMinTtl: 1,
        })),
      );
      expect(cdn.inputs('cdn-1-metrics')).to.deep.equal({
        distributionId: id('cdn-1'),
        monitoringSubscription: {
          realtimeMetricsSubscriptionConfig: { realtimeMetricsSubscriptionStatus: 'Enabled' },
        },
      });
    });

    it('send each channel to its distribution, that which it names or where there is room', () => {
      const { channels } = cdn.graph.outputs as Record<string, Record<string, unknown>>;
      expect(channels).to.deep.equal({
        news: { distribution: 1, url: 'https://live.example.com/live/news/index.m3u8' },
        open: { distribution: 1, url: 'https://live.example.com/live/open/index.m3u8' },
        sport: { distribution: 2, url: 'https://2.live.example.com/live/sport/index.m3u8' },
      });
    });
  });

  describe('with a name and no certificate', () => {
    it('are a certificate in us-east-1 for each name, which the distribution waits for', async () => {
      const cdn = await recordCdn({ ...MINIMAL, domain: DOMAIN, distributions: 2 });
      for (const [n, domainName] of [
        [1, 'live.example.com'],
        [2, '2.live.example.com'],
      ] as const) {
        expect(cdn.inputs(`cdn-${n}-certificate`)).to.deep.equal({
          region: 'us-east-1',
          domainName,
          validationMethod: 'DNS',
          tags: ownTags(`cdn-${n}-certificate`),
        });
        expect(cdn.inputs(`cdn-${n}-validation`)).to.deep.equal({
          region: 'us-east-1',
          certificateArn: cdn.output(`cdn-${n}-certificate`, 'arn'),
          validationRecordFqdns: [cdn.output(`cdn-${n}-proof`, 'fqdn')],
        });
        expect(cdn.inputs(`cdn-${n}-proof`)).to.deep.include({
          zoneId: DOMAIN.zoneId,
          ttl: 300,
          allowOverwrite: true,
        });
        const validation = cdn.child(`cdn-${n}-validation`).urn;
        expect(cdn.child(`cdn-${n}`).dependencies).to.include(validation);
      }
    });

    it('prove the name by the record that the certificate asks for', async () => {
      const asked = { resourceRecordName: '_a.live.example.com.', resourceRecordType: 'CNAME' };
      const option = { domainName: DOMAIN.name, ...asked, resourceRecordValue: '_b.acm-validations.aws.' };
      const records: Record<string, unknown>[] = [];
      await pulumi.runtime.setMocks(
        {
          newResource: ({ name, type, inputs }) => {
            if (name === 'cdn-1-proof') records.push(inputs as Record<string, unknown>);
            const domainValidationOptions = type.endsWith(':Certificate') ? [option] : undefined;
            const more = { arn: `arn:aws:x:::${name}`, domainValidationOptions };
            return { id: name, state: { ...(inputs as object), ...more } };
          },
          call: () => ({}),
        },
        'video',
        'test',
        false,
        'organization',
      );
      const cdn = new StreamingCdn('cdn', { ...MINIMAL, domain: DOMAIN });
      await new Promise((resolve) => cdn.distributionArns.apply(resolve));
      expect(records).to.deep.equal([
        {
          zoneId: DOMAIN.zoneId,
          name: '_a.live.example.com.',
          type: 'CNAME',
          records: ['_b.acm-validations.aws.'],
          ttl: 300,
          allowOverwrite: true,
        },
      ]);
    });
  });

  describe('with a staged deployment', () => {
    it('are a second distribution without HTTP/3, alike but for its name, and a share of the viewers who stay', async () => {
      const cdn = await recordCdn(STAGED);
      const { comment, tags, continuousDeploymentPolicyId, ...primary } = cdn.inputs('cdn-1');
      expect(comment).to.equal('cdn, 1 of 1');
      expect(tags).to.deep.equal(ownTags('cdn-1', { 'media-access': 'public' }));
      expect(continuousDeploymentPolicyId).to.equal(cdn.child('cdn-1-deployment').id);
      expect(cdn.inputs('cdn-1-staging')).to.deep.equal({
        ...primary,
        httpVersion: 'http2',
        comment: 'cdn-1, to try changes',
        staging: true,
        tags: ownTags('cdn-1-staging', { 'media-access': 'public' }),
      });
      expect(primary['httpVersion']).to.equal('http2');
      expect(cdn.inputs('cdn-1-deployment')).to.deep.equal({
        enabled: true,
        stagingDistributionDnsNames: { items: [cdn.output('cdn-1-staging', 'domainName')], quantity: 1 },
        trafficConfig: {
          type: 'SingleWeight',
          singleWeightConfig: {
            weight: 0.05,
            sessionStickinessConfig: { idleTtl: 300, maximumTtl: 3600 },
          },
        },
      });
    });

    it('are tried by those who send a header, with what transform changes', async () => {
      const header = { name: 'aws-cf-cd-try', value: 'yes' };
      const cdn = await recordCdn(
        { ...MINIMAL, stagedDeployment: { header } },
        {
          transform: {
            distribution: { priceClass: 'PriceClass_200' },
            stagingDistribution: { isIpv6Enabled: false },
          },
        },
      );
      expect(cdn.inputs('cdn-1-deployment')['trafficConfig']).to.deep.equal({
        type: 'SingleHeader',
        singleHeaderConfig: { header: 'aws-cf-cd-try', value: 'yes' },
      });
      expect(cdn.inputs('cdn-1')).to.include({ priceClass: 'PriceClass_200', isIpv6Enabled: true });
      expect(cdn.inputs('cdn-1-staging')).to.include({ priceClass: 'PriceClass_200', isIpv6Enabled: false });
    });
  });

  describe('beside a TieredSegmentStore', () => {
    it('read it: each distribution is admitted by the policies of bucket and key, and nobody else', async () => {
      const cdn = await recordProgramOf(() =>
        told(cdnWithStore({ distributions: 2, stagedDeployment: { weightPercent: 1 } })),
      );
      const arns = ['cdn-1', 'cdn-1-staging', 'cdn-2', 'cdn-2-staging'].map((name) =>
        cdn.output(name, 'arn'),
      );
      for (const name of ['media-general-policy', 'media-key-policy']) {
        const admitted = cdn
          .policy(name)
          .Statement.filter(({ Principal }) => JSON.stringify(Principal).includes('cloudfront'));
        expect(admitted, name).to.have.length(1);
        expect(admitted[0], name).to.have.deep.nested.property('Condition.StringEquals');
        const { StringEquals } = admitted[0]!['Condition'] as { StringEquals: Record<string, string[]> };
        expect(StringEquals['aws:SourceArn'], name).to.have.members(arns);
      }
      expect(cdn.graph.outputs['bucketPolicyStatements']).to.deep.equal({});
      const [, segments] = cdn.inputs('cdn-2')['origins'] as Record<string, unknown>[];
      expect(segments!['domainName']).to.equal(cdn.output('media-general', 'bucketRegionalDomainName'));
    });
  });

  it('take what edgeCode makes, as it is, with the headers that it reads', async () => {
    const request = edgeCode('viewer-request', { country: { block: ['AQ'] }, directives: {} });
    const response = edgeCode('viewer-response', { headers: {} });
    const cdn = await recordCdn({
      ...MINIMAL,
      functions: {
        before: { function: request, on: ['playlists'] },
        after: { function: response, on: ['playlists', 'media'] },
      },
    });
    expect(cdn.inputs('cdn-function-before')['code']).to.equal(request.code);
    expect(request.viewerHeaders).to.deep.equal(['CloudFront-Viewer-Country']);
    const { functionAssociations } = behaviorOf(behaviorsOf(cdn), '/live/news/index.m3u8');
    expect(functionAssociations).to.deep.equal([
      { eventType: 'viewer-response', functionArn: cdn.output('cdn-function-after', 'arn') },
      { eventType: 'viewer-request', functionArn: cdn.output('cdn-function-before', 'arn') },
    ]);
  });

  const shields: [region: string, args: Partial<StreamingCdnArgs>, shield: string | undefined][] = [
    ['eu-west-3', {}, 'eu-west-2'],
    ['ap-southeast-1', {}, 'ap-southeast-1'],
    ['us-east-1', { originShield: 'us-west-2' }, 'us-west-2'],
    ['us-east-1', { originShield: false }, undefined],
  ];
  for (const [region, args, shield] of shields) {
    const given = JSON.stringify(args.originShield) ?? 'nothing';
    it(`have Origin Shield ${shield ?? 'nowhere'} for a bucket in ${region} and ${given} said`, async () => {
      const store = { ...BUCKET, bucketRegionalDomainName: `segments.s3.${region}.amazonaws.com` };
      const origins = (await recordCdn({ ...MINIMAL, store, ...args })).inputs('cdn-1')['origins'];
      for (const origin of origins as Record<string, unknown>[]) {
        expect(origin['originShield']).to.deep.equal(
          shield === undefined ? undefined : { enabled: true, originShieldRegion: shield },
        );
      }
    });
  }

  it('log to a log group without paths of a bucket, and the query string where nothing is signed', async () => {
    const destinationArn = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:requests:*`;
    const inputs = (await recordCdn({ ...MINIMAL, logs: { destinationArn } })).inputs('cdn-1-log-delivery');
    expect(inputs['s3DeliveryConfigurations']).to.deep.equal([]);
    expect(inputs['recordFields']).to.include('cs-uri-query');
  });

  for (const [environment, expected] of [
    ['local', false],
    ['dev', false],
    ['staging', false],
    ['prod', true],
  ] as const) {
    it(`in ${environment}: protect ${expected}, of the distribution alone`, async () => {
      const cdn = await recordCdn({ ...MINIMAL, environment });
      for (const { name, options } of cdn.resources.filter(({ custom }) => custom)) {
        expect(options.protect ?? false, name).to.equal(expected && name === 'cdn-1');
      }
    });
  }
});
