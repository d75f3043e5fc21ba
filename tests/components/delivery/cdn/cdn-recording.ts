/** A CDN named `cdn` in the stack `test` of the project `video`, recorded. */
import * as pulumi from '@pulumi/pulumi';
import {
  StreamingCdn,
  storeReaders,
  type CdnVpcOrigin,
  type StreamingCdnArgs,
  type StreamingCdnOptions,
} from '../../../../components/delivery/cdn';
import { TieredSegmentStore } from '../../../../components/storage';
import { ACCOUNT, recordProgramOf, refusalOf, type Recorded, type Refusal } from '../../recorded';

/** RSA, 2048 bits; its private key is nowhere. */
export const RSA_KEY = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwp4FC7QZz1BwYED+Xf7B
AMxW/JySAx7W4tnybFJtqrj0yavgbKEpZirCUlo/ZfOe6bWhJM1d5Rk9OE4HGB1/
a6iFZ05KuOnyQUStjfYDgRPpWtAc3widXUa2kmFQ8VS9MPizQHVcT9wBtZfkJCqx
hFWQCLrC0voT4cRS2QEDNJ2bLFi2Q9wgPY6OqA8C/wruQqdfHaonePTWyDeRN/uF
CuL8iRXnOlZZ5azGrvC52inQXM4RLDvbrfAHLE+u08JMB79R36XIiebAdO1RBdGo
9NseMris5E8L3nBR1xNNQUaD9TDxq4TqPXjREeb0vpKI/e5B9QD8Uurh/KyoCp0u
yQIDAQAB
-----END PUBLIC KEY-----
`;
/** ECDSA P-256; its private key is nowhere. */
export const EC_KEY = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEcmkbrJNmmhsZdeeA6eNqLnC7f/Eu
Uv9xhMg/fG3ClBRvVDHLQRX4RSaOBNfV2IpTXer+KxarpemHbED7sTXG4w==
-----END PUBLIC KEY-----
`;

export const ORIGIN = {
  vpcOriginId: 'vo_Abc123dEfGhIj45',
  domainName: 'internal-live-123456789.us-east-1.elb.amazonaws.com',
  readTimeoutSeconds: 20,
  keepaliveTimeoutSeconds: 50,
} as const satisfies CdnVpcOrigin;

export const BUCKET = {
  bucketArn: 'arn:aws:s3:::segments',
  bucketRegionalDomainName: 'segments.s3.us-east-1.amazonaws.com',
} as const;

export const VIDEOS = {
  bucketArn: 'arn:aws:s3:::videos',
  bucketRegionalDomainName: 'videos.s3.us-east-1.amazonaws.com',
} as const;

/** One public channel, from a bucket that is there already. */
export const MINIMAL = {
  origin: ORIGIN,
  store: BUCKET,
  channels: { news: {} },
  access: 'public',
  viewers: 1000,
  averageMbps: 5,
} as const satisfies StreamingCdnArgs;

export const STREAM_ARN = `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/requests`;
export const KEY_ARN = `arn:aws:kms:us-east-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
export const STORE_ARN = `arn:aws:cloudfront::${ACCOUNT}:key-value-store/11111111-2222-3333-4444-555555555555`;
export const ACL_ARN = `arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/edge/11111111-2222-3333-4444-555555555555`;
export const CERTIFICATE_ARN = `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/11111111-2222-3333-4444-555555555555`;
export const DOMAIN = { name: 'live.example.com', zoneId: 'Z0123456789ABCDEFGHIJ' } as const;
export const CODE = 'function handler(event) { return event.request; }';

/** Each argument, but a staging distribution; and a child of every kind but its and a certificate's. */
export const FULL = {
  origin: {
    domainName: 'origin.example.com',
    readTimeoutSeconds: 40,
    keepaliveTimeoutSeconds: 55,
    headers: { 'X-Origin-Key': pulumi.secret('hidden') },
  },
  store: BUCKET,
  readers: 'edge',
  channels: { news: { viewers: 6000 }, sport: { viewers: 40_000, distribution: 2 }, open: { public: true } },
  access: {
    keys: { '2026-10': { publicKey: RSA_KEY }, '2026-11': { publicKey: EC_KEY } },
    keyGroupIds: ['k-old'],
  },
  viewers: 50_000,
  averageMbps: 5,
  profile: 'economy',
  quotas: { gbps: 201 },
  distributions: 2,
  http3: true,
  originShield: 'us-east-2',
  errorCachingSeconds: 1,
  cors: { origins: ['https://www.example.com', 'https://app.example.com'] },
  geo: { allow: ['DE', 'AT'] },
  webAclArn: ACL_ARN,
  domain: { ...DOMAIN, certificateArn: CERTIFICATE_ARN },
  priceClass: 'PriceClass_100',
  logs: { destinationArn: 'arn:aws:s3:::logs' },
  realtimeLogs: { streamArn: STREAM_ARN, streamKeyArn: KEY_ARN, samplingPercent: 5 },
  additionalMetrics: true,
  alarms: {
    actions: [`arn:aws:sns:us-east-1:${ACCOUNT}:on-call`],
    runbook: 'https://example.com/runbook',
  },
  functions: {
    directives: {
      function: { eventType: 'viewer-request', code: CODE, viewerHeaders: ['CloudFront-Is-Mobile-Viewer'] },
      on: ['playlists'],
    },
    token: {
      function: { eventType: 'viewer-request', code: CODE, needsKeyValueStore: true },
      on: ['media', 'api'],
      keyValueStoreArn: STORE_ARN,
    },
  },
  videos: { bucket: VIDEOS, cacheKeyHeaders: ['X-DRM', 'CloudFront-Is-Mobile-Viewer'] },
  api: { origin: { domainName: 'api.example.com' } },
  environment: 'dev',
  tags: { team: 'video' },
} as const satisfies StreamingCdnArgs;

/** What a staging distribution is tried with. */
export const STAGED = {
  ...MINIMAL,
  stagedDeployment: { weightPercent: 5 },
} as const satisfies StreamingCdnArgs;

/** The reference load, on one distribution whose quotas AWS has raised. */
export const REFERENCE = {
  ...MINIMAL,
  channels: Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`channel-${n}`, {}])),
  viewers: 50_000,
  averageMbps: 50,
  quotas: { gbps: 2500, requestsPerSecond: 625_000 },
} satisfies StreamingCdnArgs;

/** @param use what the program does with the CDN; what it returns are the stack's outputs */
export const recordCdn = (
  args: StreamingCdnArgs = MINIMAL,
  options?: StreamingCdnOptions,
  use: (cdn: StreamingCdn) => unknown = () => ({}),
): Promise<Recorded> => recordProgramOf(() => use(new StreamingCdn('cdn', args, options)));

/** With a store of its own, as a stack has it. */
export function cdnWithStore(
  args: Partial<StreamingCdnArgs> = {},
  options?: StreamingCdnOptions,
): StreamingCdn {
  const staged = args.stagedDeployment !== undefined;
  const store = new TieredSegmentStore('media', {
    distributions: storeReaders(args.distributions, { staged }),
  });
  return new StreamingCdn('cdn', { ...MINIMAL, ...args, store }, options);
}

/** What the CDN tells, as outputs of the stack. */
export const told = (cdn: StreamingCdn): Record<string, unknown> => ({
  channels: cdn.channels,
  domainNames: cdn.domainNames,
  distributionIds: cdn.distributionIds,
  distributionArns: cdn.distributionArns,
  keyPairIds: cdn.keyPairIds,
  bucketPolicyStatements: cdn.bucketPolicyStatements,
});

/** Tags of a child. */
export const ownTags = (name: string, more: object = {}) => ({
  Name: name,
  'aws-media:component': 'StreamingCdn',
  ...more,
});

/** What a CDN refuses at once, with no resource begun. */
export const refusal = (args: unknown, options?: unknown): Promise<Refusal> =>
  refusalOf(
    () => new StreamingCdn('cdn', args as StreamingCdnArgs, options as StreamingCdnOptions | undefined),
  );
