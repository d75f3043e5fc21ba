import { generateKeyPairSync } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { storeReaders, type StreamingCdnArgs } from '../../../../components/delivery/cdn';
import { TieredSegmentStore } from '../../../../components/storage';
import { lateFailure } from '../../storage/store-recording';
import { recordProgramOf } from '../../recorded';
import {
  BUCKET,
  CODE,
  DOMAIN,
  EC_KEY,
  FULL,
  MINIMAL,
  ORIGIN,
  RSA_KEY,
  recordCdn,
  refusal,
} from './cdn-recording';
import { StreamingCdn } from '../../../../components/delivery/cdn';

/** The minimal arguments with others in place of some. */
const but = (more: object): unknown => ({ ...MINIMAL, ...more });

const SIGNED = {
  access: { keys: { a: { publicKey: EC_KEY } } },
  cors: { origins: ['https://www.example.com'] },
};
const PRIVATE_KEY = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const OTHER_CURVE = generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
  .publicKey.export({ type: 'spki', format: 'pem' })
  .toString();
const keyed = (publicKey: unknown) => but({ ...SIGNED, access: { keys: { a: { publicKey } } } });
const code = { eventType: 'viewer-request', code: CODE };
const many = (count: number, of: object = {}) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`c${n}`, of]));

describe('bad arguments of StreamingCdn', () => {
  const CASES: [what: string, args: unknown, path: string, reason: string][] = [
    ['no arguments', null, 'args', 'is null; allowed: an object; to correct it: write { origin, store,'],
    [
      'a name that nothing has',
      but({ channel: {} }),
      'channel',
      'is {} (there is no such property); allowed: origin, store, readers, channels, access, viewers, averageMbps, profile, quotas, distributions, http3, stagedDeployment, originShield, errorCachingSeconds, cors, geo, webAclArn, domain, priceClass, logs, realtimeLogs, additionalMetrics, alarms, functions, videos, api, environment, tags; to correct it: write channels',
    ],
    [
      'no origin',
      but({ origin: undefined }),
      'origin',
      'is absent; allowed: an LlHlsOrigin, or { domainName }',
    ],
    [
      'an address in place of a name',
      but({ origin: { domainName: 'https://origin.example.com/' } }),
      'origin.domainName',
      'is "https://origin.example.com/"; allowed: a domain name, as origin.example.com; to correct it: give the name alone',
    ],
    [
      'the ARN of a VPC origin',
      but({ origin: { ...ORIGIN, vpcOriginId: 'arn:aws:cloudfront::1:vpcorigin/vo_1' } }),
      'origin.vpcOriginId',
      'is "arn:aws:cloudfront::1:vpcorigin/vo_1"; allowed: the id of a VPC origin; to correct it: give its id, not its ARN',
    ],
    [
      'a time-out that is no longer than a request is held',
      but({ origin: { ...ORIGIN, readTimeoutSeconds: 16 } }),
      'origin.readTimeoutSeconds',
      'is 16; allowed: a whole number of seconds from 17 to 120; to correct it: give one of these',
    ],
    [
      'connections that are kept for ever',
      but({ origin: { domainName: 'a.example.com', keepaliveTimeoutSeconds: 121 } }),
      'origin.keepaliveTimeoutSeconds',
      'is 121; allowed: a whole number of seconds from 1 to 120',
    ],
    [
      'a property that an origin has not',
      but({ origin: { domainName: 'a.example.com', header: {} } }),
      'origin.header',
      'is "a value that is not shown" (there is no such property); allowed: domainName, readTimeoutSeconds, keepaliveTimeoutSeconds, headers; to correct it: write headers',
    ],
    [
      'a header that CloudFront sets',
      but({ origin: { domainName: 'a.example.com', headers: { Host: 'x' } } }),
      'origin.headers',
      'is "Host" (the name); allowed: letters, digits and hyphens, and none of those that CloudFront sets',
    ],
    [
      'no store',
      but({ store: undefined }),
      'store',
      'is absent; allowed: a TieredSegmentStore, or { bucketArn,',
    ],
    [
      'the global name of a bucket',
      but({ store: { ...BUCKET, bucketRegionalDomainName: 'segments' } }),
      'store.bucketRegionalDomainName',
      'is "segments"; allowed: the regional domain name of a bucket, as media.s3.us-east-1.amazonaws.com',
    ],
    [
      'the name of a bucket for its ARN',
      but({ store: { ...BUCKET, bucketArn: 'segments' } }),
      'store.bucketArn',
      'is "segments"; allowed: the ARN of a bucket, as arn:aws:s3:::media',
    ],
    [
      'an id that a store could not declare',
      but({ readers: 'my-long-readers' }),
      'readers',
      'is "my-long-readers"; allowed: 1 to 10 of a-z, 0-9 and hyphens, a letter first',
    ],
    ['no channels', but({ channels: {} }), 'channels', 'is {}; allowed: an object with at least one entry'],
    [
      'the id of a channel that is none',
      but({ channels: { News: {} } }),
      'channels.News',
      'is "News" (the id); allowed: 1 to 63 of a-z, 0-9 and inner hyphens',
    ],
    [
      'a channel that is none',
      but({ channels: { news: true } }),
      'channels.news',
      'is true; allowed: an object',
    ],
    [
      'a property that a channel has not',
      but({ channels: { news: { viewer: 1 } } }),
      'channels.news.viewer',
      'is 1 (there is no such property); allowed: viewers, public, distribution; to correct it: write viewers',
    ],
    [
      'a distribution that is not there',
      but({ channels: { news: { distribution: 2 } } }),
      'channels.news.distribution',
      'is 2; allowed: a whole number of a distribution from 1 to 1',
    ],
    [
      'half a viewer',
      but({ channels: { news: { viewers: 0.5 } } }),
      'channels.news.viewers',
      'is 0.5; allowed: a whole number of viewers',
    ],
    [
      'more viewers on channels than there are',
      but({ channels: { news: { viewers: 600 }, sport: { viewers: 500 } } }),
      'viewers',
      'is 1000 (those of the channels are 1100); allowed: at least as many as the channels have together; to correct it: write viewers: 1100',
    ],
    [
      'nothing said of who may watch',
      but({ access: undefined }),
      'access',
      `is absent; allowed: 'public', or keys of signatures; to correct it: write 'public' where everybody may watch, or { keys`,
    ],
    ['access that is none', but({ access: 'private' }), 'access', `is "private"; allowed: 'public'`],
    [
      'access without a key',
      but({ ...SIGNED, access: {} }),
      'access',
      'is {} (no key: no signature would ever be valid)',
    ],
    [
      'more keys than a group may have',
      but({ ...SIGNED, access: { keys: many(6, { publicKey: EC_KEY }) } }),
      'access.keys',
      `is "6 keys"; allowed: 1 to 5 keys, a limit of CloudFront's; to correct it: remove those whose signatures have ended`,
    ],
    [
      'the id of a key that is none',
      but({ ...SIGNED, access: { keys: { 'key of November': { publicKey: EC_KEY } } } }),
      'access.keys["key of November"]',
      'is "key of November" (the id); allowed: 1 to 16 of a-z, 0-9 and hyphens',
    ],
    [
      'a key that cannot be read',
      keyed('ssh-rsa AAAA'),
      'access.keys["a"].publicKey',
      'is "a key that is not shown" (it cannot be read); allowed: a public key in PEM: RSA of 2048 bits, or ECDSA P-256',
    ],
    [
      'a key of another curve',
      keyed(OTHER_CURVE),
      'access.keys["a"].publicKey',
      'is "a key that is not shown" (it is a key of ec secp384r1)',
    ],
    [
      'more key groups than a behaviour may have',
      but({ ...SIGNED, access: { keys: { a: { publicKey: EC_KEY } }, keyGroupIds: ['1', '2', '3', '4'] } }),
      'access.keyGroupIds',
      `is ["1","2","3","4"]; allowed: a list of at most 3 ids, a limit of CloudFront's`,
    ],
    [
      'no viewers',
      but({ viewers: undefined }),
      'viewers',
      'is absent; allowed: a whole number of viewers from 1',
    ],
    [
      'no bytes',
      but({ averageMbps: 0 }),
      'averageMbps',
      'is 0; allowed: a number of Mbit/s, above 0; to correct it: give what is expected at the peak',
    ],
    [
      'a profile that is none',
      but({ profile: 'fast' }),
      'profile',
      'is "fast"; allowed: lowest, balanced, economy',
    ],
    [
      'a quota of nothing',
      but({ quotas: { gbps: 0 } }),
      'quotas.gbps',
      'is 0; allowed: a number of the quota, above 0',
    ],
    [
      'no distribution',
      but({ distributions: 0 }),
      'distributions',
      'is 0; allowed: a whole number from 1 to 100',
    ],
    [
      'HTTP/3 and a staged deployment',
      but({ http3: true, stagedDeployment: { weightPercent: 5 } }),
      'http3',
      'is true (stagedDeployment is given, and CloudFront has no continuous deployment with HTTP/3); allowed: one of the two; to correct it: set http3 to false while the change is tried',
    ],
    [
      'more than a sixth of the viewers to try on',
      but({ stagedDeployment: { weightPercent: 16 } }),
      'stagedDeployment.weightPercent',
      'is 16; allowed: a number above 0, to 15',
    ],
    [
      'both ways to choose viewers',
      but({ stagedDeployment: { weightPercent: 5, header: { name: 'aws-cf-cd-x', value: 'y' } } }),
      'stagedDeployment',
      'is {"weightPercent":5,"header":{"name":"aws-cf-cd-x","value":"y"}}; allowed: one of weightPercent and header',
    ],
    [
      'a header that CloudFront does not look at',
      but({ stagedDeployment: { header: { name: 'x-try', value: 'y' } } }),
      'stagedDeployment.header.name',
      'is "x-try"; allowed: a name that begins with aws-cf-cd-',
    ],
    [
      'a region without Origin Shield',
      but({ originShield: 'eu-north-1' }),
      'originShield',
      'is "eu-north-1"; allowed: us-east-1, us-east-2',
    ],
    [
      'errors that are kept',
      but({ errorCachingSeconds: 10 }),
      'errorCachingSeconds',
      'is 10; allowed: 0, 1; to correct it: choose one',
    ],
    [
      'signed access without the pages that may play',
      but({ access: SIGNED.access }),
      'cors.origins',
      'is absent (access is signed: browsers send cookies only where a page is named); allowed: the origins of the pages that play',
    ],
    [
      'cookies from everywhere',
      but({ ...SIGNED, cors: { origins: ['*'] } }),
      'cors.origins',
      'is ["*"] (browsers refuse * together with cookies); allowed: origins by name; to correct it: name the pages, or set cors.credentials to false',
    ],
    [
      'the address of a page for its origin',
      but({ cors: { origins: ['https://www.example.com/'] } }),
      'cors.origins[0]',
      `is "https://www.example.com/"; allowed: '*', or an origin as browsers send it`,
    ],
    ['no country', but({ geo: {} }), 'geo', 'is {}; allowed: one of allow and block'],
    [
      'a country that is none',
      but({ geo: { block: ['UK'] } }),
      'geo.block[0]',
      'is "UK"; allowed: a country of ISO 3166-1 alpha-2 in capitals, as DE',
    ],
    [
      'a country twice',
      but({ geo: { allow: ['DE', 'AT', 'DE'] } }),
      'geo.allow',
      'is "DE" (it is there twice); allowed: once',
    ],
    [
      'a web ACL of a region',
      but({ webAclArn: 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/x/1' }),
      'webAclArn',
      'is "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/x/1"; allowed: the ARN of a web ACL of scope CLOUDFRONT',
    ],
    [
      'a name that is none',
      but({ domain: { ...DOMAIN, name: 'Live' } }),
      'domain.name',
      'is "Live"; allowed: a domain name in small letters',
    ],
    [
      'a certificate of another region',
      but({ domain: { ...DOMAIN, certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/1' } }),
      'domain.certificateArn',
      'is "arn:aws:acm:eu-west-1:123456789012:certificate/1"; allowed: the ARN of a certificate in us-east-1, the only region',
    ],
    [
      'the name of a zone',
      but({ domain: { name: 'live.example.com', zoneId: 'example.com' } }),
      'domain.zoneId',
      'is "example.com"; allowed: the id of a hosted zone',
    ],
    [
      'a price class that is none',
      but({ priceClass: 'all' }),
      'priceClass',
      'is "all"; allowed: PriceClass_All, PriceClass_200, PriceClass_100',
    ],
    [
      'logs to nowhere',
      but({ logs: { destinationArn: 'logs' } }),
      'logs.destinationArn',
      'is "logs"; allowed: the ARN of a bucket, a log group or a Firehose stream',
    ],
    [
      'a form of logs that is none',
      but({ logs: { destinationArn: 'arn:aws:s3:::logs', format: 'csv' } }),
      'logs.format',
      'is "csv"; allowed: json, plain, w3c, raw, parquet',
    ],
    [
      'a field that there is not',
      but({ logs: { destinationArn: 'arn:aws:s3:::logs', fields: ['status'] } }),
      'logs.fields[0]',
      'is "status"; allowed: a field that CloudFront has, as sc-status',
    ],
    [
      'cookies in logs, where they are signatures',
      but({ ...SIGNED, logs: { destinationArn: 'arn:aws:s3:::logs', fields: ['cs(Cookie)'] } }),
      'logs.fields[0]',
      'is "cs(Cookie)" (access is signed, and whoever reads the signature can watch)',
    ],
    [
      'a stream that is none',
      but({ realtimeLogs: { streamArn: 'requests' } }),
      'realtimeLogs.streamArn',
      'is "requests"; allowed: the ARN of a data stream',
    ],
    [
      'a sample of nothing',
      but({ realtimeLogs: { ...FULL.realtimeLogs, samplingPercent: 0 } }),
      'realtimeLogs.samplingPercent',
      'is 0; allowed: a whole number of percent from 1 to 100',
    ],
    [
      'a flag that is a text',
      but({ additionalMetrics: 'yes' }),
      'additionalMetrics',
      'is "yes"; allowed: true, false',
    ],
    [
      'alarms that are neither',
      but({ alarms: true }),
      'alarms',
      `is true; allowed: an object; to correct it: write { actions: ['arn:aws:sns:...'] } or false`,
    ],
    [
      'an alarm of an origin',
      but({ alarms: { heldRequests: 5000 } }),
      'alarms.heldRequests',
      'is 5000 (there is no such property); allowed: actions, runbook;',
    ],
    [
      'a topic in another region than the metrics',
      but({ alarms: { actions: ['arn:aws:sns:eu-west-1:123456789012:on-call'] } }),
      'alarms.actions[0]',
      'is "arn:aws:sns:eu-west-1:123456789012:on-call"; allowed: an ARN in us-east-1, as arn:aws:sns:us-east-1:123456789012:alarms; to correct it: give the ARN of an SNS topic in us-east-1: CloudFront\'s metrics are there, and alarms tell nobody elsewhere',
    ],
    [
      'more topics than an alarm tells',
      but({ alarms: { actions: Array(6).fill('arn:aws:sns:us-east-1:123456789012:on-call') } }),
      'alarms.actions',
      'is ["arn:aws:sns:us-east-1:123456789012:on-call","arn:aws:sns:us-east-1:12345678901...; allowed: a list of at most 5',
    ],
    [
      'a runbook that is empty',
      but({ alarms: { runbook: '' } }),
      'alarms.runbook',
      'is ""; allowed: a text of 1 to 400 characters',
    ],
    [
      'a function where there is no path',
      but({ functions: { a: { function: code, on: ['videos'] } } }),
      'functions["a"].on',
      'is "videos" (there is no such path); allowed: playlists, media, videos, api; to correct it: give videos, or leave it out',
    ],
    [
      'two functions at one place',
      but({ functions: { a: { function: code, on: ['media'] }, b: { function: code, on: ['media'] } } }),
      'functions["b"].on',
      'is "media" (functions["a"] is the viewer-request of media already); allowed: one function an event and target; to correct it: make one function of both',
    ],
    [
      'a function that is too long',
      but({ functions: { a: { function: { ...code, code: 'x'.repeat(10_241) }, on: ['media'] } } }),
      'functions["a"].function.code',
      'is "10241 bytes"; allowed: JavaScript of at most 10240 bytes; to correct it: shorten it',
    ],
    [
      'a function that reads a key value store, without one',
      but({ functions: { a: { function: { ...code, needsKeyValueStore: true }, on: ['media'] } } }),
      'functions["a"].keyValueStoreArn',
      'is absent (the function reads one); allowed: the ARN of a key value store',
    ],
    [
      'an event that functions do not see',
      but({ functions: { a: { function: { ...code, eventType: 'origin-request' }, on: ['media'] } } }),
      'functions["a"].function.eventType',
      'is "origin-request"; allowed: viewer-request, viewer-response',
    ],
    [
      'a function that is put nowhere',
      but({ functions: { a: { function: code, on: [] } } }),
      'functions["a"].on',
      'is []; allowed: a list with at least one entry',
    ],
    [
      'videos without a bucket',
      but({ videos: {} }),
      'videos.bucket',
      'is absent; allowed: { bucketArn, bucketRegionalDomainName }',
    ],
    [
      'an API without an origin',
      but({ api: {} }),
      'api.origin',
      'is absent; allowed: an origin in a VPC, or',
    ],
    [
      'more public channels than there are behaviours for',
      but({ ...SIGNED, channels: many(14, { public: true }) }),
      'channels',
      'is "14 public channels" (each is 5 behaviours, 76 in all); allowed: 75 behaviours a distribution: 13 public channels; to correct it: give the public channels a StreamingCdn of their own',
    ],
    ['an environment that is none', but({ environment: 'x' }), 'environment', 'is "x"; allowed: local, dev,'],
    ['tags in a list', but({ tags: ['x'] }), 'tags', 'is ["x"]; allowed: an object of texts'],
  ];
  for (const [what, args, path, reason] of CASES) {
    it(`are refused with path, value, what is allowed and what to do: ${what}`, async () => {
      const { errors } = await refusal(args);
      const found = errors?.filter(({ propertyPath }) => propertyPath === path) ?? [];
      expect(found, JSON.stringify(errors)).to.have.length(1);
      expect(found[0]!.reason.slice(0, reason.length)).to.equal(reason);
    });
  }

  it('are refused for a transform that no child has', async () => {
    const { errors } = await refusal(MINIMAL, { transform: { distributions: {} } });
    expect(errors).to.have.length(1);
    expect(errors[0]!.propertyPath).to.equal('transform.distributions');
    expect(errors[0]!.reason).to.include('to correct it: write distribution');
  });

  it('are all named at once', async () => {
    const { errors, message } = await refusal({
      origin: { domainName: 'x' },
      store: {},
      channels: { News: {} },
      viewers: -1,
      averageMbps: 'x',
      priceClass: 'x',
      geo: { allow: ['xx'] },
      environment: 'x',
    });
    expect(errors?.map(({ propertyPath }) => propertyPath)).to.have.members([
      'origin.domainName',
      'store',
      'channels.News',
      'access',
      'viewers',
      'averageMbps',
      'priceClass',
      'geo.allow[0]',
      'environment',
    ]);
    expect(message.split('\n')[0]).to.equal('StreamingCdn "cdn" has 9 bad arguments:');
  });

  describe('above the quotas', () => {
    const reference = { viewers: 50_000, averageMbps: 50, channels: many(25) };
    const fixOf = async (args: object): Promise<string> => {
      const { errors } = await refusal(but(args));
      expect(errors).to.have.length(1);
      expect(errors[0]!.propertyPath).to.equal('viewers');
      return errors[0]!.reason;
    };

    it('are refused with the raise that would do, and the number of distributions that would', async () => {
      expect(await fixOf(reference)).to.equal(
        'is 50000 (the distribution would be asked for 2,500 Gbit/s and 625,000 requests a second); allowed: 150 Gbit/s ' +
          'and 250,000 requests a second of a distribution; to correct it: have AWS raise the quotas of a distribution and ' +
          'write quotas: { gbps: 2500, requestsPerSecond: 625000 }, or write distributions: 25',
      );
    });

    it('are taken with that raise, and with that number, and with neither less', async () => {
      await recordCdn({ ...MINIMAL, ...reference, quotas: { gbps: 2500, requestsPerSecond: 625_000 } });
      await recordCdn({ ...MINIMAL, ...reference, distributions: 25 });
      await fixOf({ ...reference, quotas: { gbps: 2499, requestsPerSecond: 625_000 } });
      expect(await fixOf({ ...reference, distributions: 24 })).to.include(
        'the fullest of 24 distributions would be asked for 200 Gbit/s',
      );
    });

    it('name the requests alone where the bytes have room', async () => {
      const reason = await fixOf({ viewers: 30_000, averageMbps: 1, profile: 'balanced', channels: many(3) });
      expect(reason).to.include('write quotas: { requestsPerSecond: 375000 }, or write distributions: 2');
    });

    it('say that no number of distributions would do for one channel', async () => {
      const reason = await fixOf({ viewers: 50_000, averageMbps: 50 });
      expect(reason).to.include('more distributions would not do: a channel is on one');
    });
  });

  describe('that are keys', () => {
    it('are refused where they are private, and are not in the error', async () => {
      for (const key of [PRIVATE_KEY, PRIVATE_KEY.replaceAll('PRIVATE KEY', 'RSA PRIVATE KEY')]) {
        const { errors, message } = await refusal(keyed(key));
        expect(errors[0]!.reason).to.include(
          'is "a key that is not shown" (it is a private key, which must not get into a program, its state and its logs)',
        );
        expect(message).not.to.include(key.slice(40, 60));
      }
    });

    it('are not in the error where they are in the wrong place', async () => {
      for (const keys of [{ a: PRIVATE_KEY }, { a: { privateKey: PRIVATE_KEY } }]) {
        const { message } = await refusal(but({ ...SIGNED, access: { keys } }));
        expect(message).not.to.include(PRIVATE_KEY.slice(40, 60));
        expect(message).to.include('access.keys["a"]');
      }
    });

    it('are not in the error where they are headers of an origin', async () => {
      for (const origin of [
        { headers: { 'X-Key': 'hidden' } },
        { domainName: 'a.example.com', 'X-Key': 'hidden' },
      ]) {
        const { message } = await refusal(but({ origin }));
        expect(message).not.to.include('hidden');
      }
    });

    it('are refused where they are private and known later, and are not in that error either', async () => {
      const failure = await lateFailure(() =>
        recordCdn(keyed(pulumi.output(PRIVATE_KEY)) as StreamingCdnArgs),
      );
      expect(failure).to.include(
        'access.keys["a"].publicKey is "a key that is not shown" (it is a private key',
      );
      expect(failure).not.to.include(PRIVATE_KEY.slice(40, 60));
    });

    it('are taken where they are known later, in CloudFront form', async () => {
      const cdn = await recordCdn(keyed(pulumi.output(`  ${RSA_KEY}\n\n`)) as StreamingCdnArgs);
      expect(cdn.inputs('cdn-key-a')['encodedKey']).to.equal(RSA_KEY);
    });
  });

  const later = (text: string) => pulumi.output(text);
  const LATE: [args: Partial<StreamingCdnArgs>, message: string][] = [
    [{ origin: { ...ORIGIN, domainName: later('x') } }, 'origin.domainName is "x"; allowed: a domain name'],
    [{ store: { ...BUCKET, bucketArn: later('x') } }, 'store.bucketArn is "x"; allowed: the ARN of a bucket'],
    [{ webAclArn: later('x') }, 'webAclArn is "x"; allowed: the ARN of a web ACL'],
    [
      { webAclArn: later('arn:aws:wafv2:us-east-1:123456789012:regional/webacl/x/1') },
      'webAclArn is "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/x/1"; allowed: the ARN of a web ACL of scope',
    ],
    [{ originShield: later('x') }, 'originShield is "x"; allowed: us-east-1'],
    [{ logs: { destinationArn: later('x') } }, 'logs.destinationArn is "x"; allowed: the ARN of a bucket'],
    [
      { store: { ...BUCKET, bucketRegionalDomainName: 'segments.s3.cn-north-1.amazonaws.com.cn' } },
      'originShield is absent (the bucket is segments.s3.cn-north-1.amazonaws.com.cn, and no region with Origin Shield is known to be near)',
    ],
  ];
  for (const [args, message] of LATE) {
    it(`that are known later fail the program in the same words: ${message}`, async () => {
      expect(await lateFailure(() => recordCdn({ ...MINIMAL, ...args }))).to.include(message);
    });
  }

  it('are those of a store that does not declare the distributions: its own error says what to declare', async () => {
    const failure = await lateFailure(() =>
      recordProgramOf(() => {
        const store = new TieredSegmentStore('media', { distributions: storeReaders(1) });
        return new StreamingCdn('cdn', { ...MINIMAL, store, distributions: 2 });
      }),
    );
    expect(failure).to.include("declare it in the store's arguments: distributions: { cdn-2: {} }");
  });
});
