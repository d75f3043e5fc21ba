/** Arguments of StreamingCdn. */
import type * as acm from '@pulumi/aws/acm';
import type * as cloudfront from '@pulumi/aws/cloudfront';
import type * as cloudwatch from '@pulumi/aws/cloudwatch';
import type * as iam from '@pulumi/aws/iam';
import type * as route53 from '@pulumi/aws/route53';
import type * as pulumi from '@pulumi/pulumi';
import type { Profile } from '../../../encoder/contract';
import type { Environment, Transform } from '../../kit';
import type { CdnQuotas } from './load';
import type { CdnBucket, CdnOrigin, CdnSegmentStore } from './neighbours';

/** A channel that viewers watch. */
export interface CdnChannelArgs {
  /** Viewers at once at its peak. @default an even share of those that no channel names */
  readonly viewers?: number;
  /** Whether it asks for no signature where the others do. @default false */
  readonly public?: boolean;
  /** Number of its distribution, from 1, where it is to stay. @default chosen, with room for its viewers */
  readonly distribution?: number;
}

/** A key that signatures are verified with. */
export interface CdnKeyArgs {
  /**
   * Public key in PEM: RSA of 2048 bits, or ECDSA P-256. The private key stays with whoever signs and never enters the
   * program: one that is given here is refused.
   */
  readonly publicKey: pulumi.Input<string>;
}

/** Who may watch: viewers with a signed URL or with signed cookies. */
export interface CdnSignedAccessArgs {
  /**
   * Keys that are trusted, one to five, by an id of your choice that stays. To rotate: add the new key, sign with it, and
   * remove the old one when its last signature has ended.
   * @example { '2026-11': { publicKey: readFileSync('signing.pub.pem', 'utf8') } }
   */
  readonly keys?: Record<string, CdnKeyArgs>;
  /** Ids of key groups that are there already, up to four with the one that `keys` makes. @default none */
  readonly keyGroupIds?: readonly pulumi.Input<string>[];
}

/** Pages that may play from scripts. */
export interface CdnCorsArgs {
  /**
   * Their origins, as browsers send them: `https://host`, `https://*.host`, with a port where there is one, or `*`.
   * @default ['*'] where access is public; none where it is signed, so they must be named
   * @example ['https://www.example.com']
   */
  readonly origins?: readonly string[];
  /**
   * Whether browsers may send cookies, as signed cookies need. Not with `*`: browsers refuse that.
   * @default true where access is signed
   */
  readonly credentials?: boolean;
}

/** Which countries are served; one of the two. ISO 3166-1 alpha-2, as `DE`. */
export interface CdnGeoArgs {
  /** These are served, no others. @default all but `block` */
  readonly allow?: readonly string[];
  /** All are served but these. @default none */
  readonly block?: readonly string[];
}

/** A name of your own. */
export interface CdnDomainArgs {
  /** Of the first distribution; the others are `2.<name>`, `3.<name>`. @example 'live.example.com' */
  readonly name: string;
  /** Id of the public hosted zone of Route 53 that the name is in: for its records, and the certificate's. */
  readonly zoneId: pulumi.Input<string>;
  /** ARN of a certificate in us-east-1 that covers all the names. @default a new one for each distribution */
  readonly certificateArn?: pulumi.Input<string>;
}

/** Standard logs (v2): each request, some minutes later. */
export interface CdnLogsArgs {
  /**
   * ARN of a bucket, a log group or a Firehose stream. A bucket may be in any region; a log group or stream must be in
   * us-east-1. With a prefix after the bucket's ARN logs go under it.
   */
  readonly destinationArn: pulumi.Input<string>;
  /** @default 'json' */
  readonly format?: 'json' | 'plain' | 'w3c' | 'raw' | 'parquet';
  /**
   * Names of fields. Those with a signature in them (`cs(Cookie)`) are refused where access is signed.
   * @default what is logged in the long run; without the query string, where a signature may be
   */
  readonly fields?: readonly string[];
  /** Where in a bucket. @default '{DistributionId}/{yyyy}/{MM}/{dd}/{HH}' */
  readonly suffixPath?: string;
}

/** Real-time logs: a sample of requests, seconds later, with what players report (CMCD). */
export interface CdnRealtimeLogsArgs {
  /** ARN of a data stream of Kinesis. */
  readonly streamArn: pulumi.Input<string>;
  /** ARN of the customer managed key that encrypts the stream. @default none */
  readonly streamKeyArn?: pulumi.Input<string>;
  /** Requests of a hundred that are logged, 1 to 100. @default 1: at 12 requests a second a viewer that is much */
  readonly samplingPercent?: number;
  /** @default times, sizes, results, places, and all fields of CMCD */
  readonly fields?: readonly string[];
}

/** A share of the viewers on a second distribution, to try a change; one of the two. */
export interface CdnStagedDeploymentArgs {
  /** Percent of the viewers, above 0 to 15. */
  readonly weightPercent?: number;
  /** Only requests with this header; its name begins with `aws-cf-cd-`. */
  readonly header?: { readonly name: string; readonly value: string };
}

/** Code of a CloudFront function: what `edgeCode` makes, or your own. */
export interface CdnFunctionCode {
  /** Before the cache is asked, or before the answer goes to the viewer. */
  readonly eventType: 'viewer-request' | 'viewer-response';
  /** JavaScript for the runtime cloudfront-js-2.0, at most 10,240 bytes. */
  readonly code: string;
  /** Headers of CloudFront's that it reads, which are then asked for. @default none */
  readonly viewerHeaders?: readonly string[];
  /** @default false */
  readonly needsKeyValueStore?: boolean;
}

/** What a function runs on. */
export const CdnFunctionTarget = {
  /** Multivariant and media playlists. */
  Playlists: 'playlists',
  /** Parts, segments and initialisation segments. */
  Media: 'media',
  Videos: 'videos',
  Api: 'api',
} as const;
/** One of {@link CdnFunctionTarget}. */
export type CdnFunctionTarget = (typeof CdnFunctionTarget)[keyof typeof CdnFunctionTarget];

/** A CloudFront function, and what it runs on. */
export interface CdnFunctionArgs {
  /** @example edgeCode('viewer-request', { directives: {} }) */
  readonly function: CdnFunctionCode;
  /** One function at most an event and target. */
  readonly on: readonly CdnFunctionTarget[];
  /** ARN of the key value store that it reads. @default none */
  readonly keyValueStoreArn?: pulumi.Input<string>;
}

/** Videos on demand, at `/videos/*`. */
export interface CdnVideosArgs {
  /** Keys begin with `videos/`. */
  readonly bucket: CdnBucket;
  /** Whether they ask for no signature where the channels do. @default false */
  readonly public?: boolean;
  /**
   * Headers by which answers differ, up to ten: a device, a DRM system. Each value is another copy in every cache, so a
   * header of two values can halve the hits of what is seldom asked for.
   * @default none
   * @example ['CloudFront-Is-Mobile-Viewer', 'X-DRM']
   */
  readonly cacheKeyHeaders?: readonly string[];
}

/** An API at `/api/*`, which is not cached and looks itself who is asking. */
export interface CdnApiArgs {
  /** Where the API is; it gets the viewer's query string, cookies and headers but `Host`. */
  readonly origin: CdnOrigin;
}

/** Alarms of CloudWatch, each with a link to its section of the runbook. */
export interface CdnAlarmArgs {
  /**
   * What is told when something is wrong: ARNs of SNS topics in us-east-1, where CloudFront's metrics are. At most five.
   * @default nobody
   */
  readonly actions?: readonly pulumi.Input<string>[];
  /** URL of the runbook. Alarms add `#<alarm>`. @default docs/runbook.md of this package, by name */
  readonly runbook?: string;
}

/** Arguments of StreamingCdn. */
export interface StreamingCdnArgs {
  /** Where playlists and parts come from, and segments that S3 does not have: an LlHlsOrigin, or one like it. */
  readonly origin: CdnOrigin;
  /** Where segments and initialisation segments are: a TieredSegmentStore, or a bucket of the same keys. */
  readonly store: CdnSegmentStore | CdnBucket;
  /** Ids under which a TieredSegmentStore declares the distributions, up to the number: see `storeReaders`. @default 'cdn' */
  readonly readers?: string;
  /**
   * Channels by their ids, those of the encoder's `CHANNEL`. Every distribution can serve every channel; which one a
   * channel's viewers are sent to is in the output `channels`.
   * @example { news: {}, sport: { viewers: 40_000 } }
   */
  readonly channels: Record<string, CdnChannelArgs>;
  /** Who may watch: `'public'`, everybody; or the keys that signatures are verified with. There is no default. */
  readonly access: 'public' | CdnSignedAccessArgs;
  /** Viewers at once, at the peak, of all channels together. */
  readonly viewers: number;
  /** What a viewer is sent on the average, in Mbit/s. */
  readonly averageMbps: number;
  /** Length of parts, which says how often a viewer asks. @default 'balanced' */
  readonly profile?: Profile;
  /**
   * The account's quotas of a distribution, where AWS has raised them.
   * @default { gbps: 150, requestsPerSecond: 250_000 }
   */
  readonly quotas?: Partial<CdnQuotas>;
  /** How many distributions the channels are split over, 1 to 100. @default 1 */
  readonly distributions?: number;
  /** HTTP/3 beside HTTP/2. Not with `stagedDeployment`: AWS has it so. @default true, without `stagedDeployment` */
  readonly http3?: boolean;
  /** A staging distribution beside each, which takes a share of the viewers: changed by `transform`. @default none */
  readonly stagedDeployment?: CdnStagedDeploymentArgs;
  /** Region of Origin Shield, or `false`. @default that of the bucket, or the nearest */
  readonly originShield?: pulumi.Input<string> | false;
  /**
   * Seconds, 0 or 1, for which an error is kept.
   * @default 0 below 500, so that what comes is seen at once; 1 from 500 on, so that an origin in trouble is spared
   */
  readonly errorCachingSeconds?: 0 | 1;
  /** Which web pages may play. */
  readonly cors?: CdnCorsArgs;
  /** @default no restriction */
  readonly geo?: CdnGeoArgs;
  /** ARN of a web ACL of AWS WAF, of scope CLOUDFRONT, which is in us-east-1. @default none */
  readonly webAclArn?: pulumi.Input<string>;
  /** @default CloudFront's own names */
  readonly domain?: CdnDomainArgs;
  /** @default 'PriceClass_All', every edge location */
  readonly priceClass?: 'PriceClass_All' | 'PriceClass_200' | 'PriceClass_100';
  /** @default none */
  readonly logs?: CdnLogsArgs;
  /** @default none */
  readonly realtimeLogs?: CdnRealtimeLogsArgs;
  /** CloudWatch's additional metrics: hit ratio, latency of the origin, errors by code. @default false */
  readonly additionalMetrics?: boolean;
  /** Alarms; `false`: none. @default all of them, which tell nobody */
  readonly alarms?: CdnAlarmArgs | false;
  /** CloudFront Functions by an id of your choice that stays. @default none */
  readonly functions?: Record<string, CdnFunctionArgs>;
  /** @default no such path */
  readonly videos?: CdnVideosArgs;
  /** @default no such path */
  readonly api?: CdnApiArgs;
  /** Whether distributions are protected against deletion (prod). @default Environment.Prod, the careful one */
  readonly environment?: Environment;
  /** Tags of every child that can have them, besides Name and aws-media:component. At most 48. */
  readonly tags?: Record<string, pulumi.Input<string>>;
}

/** The arguments' names. */
export const CDN_ARGUMENTS = [
  'origin',
  'store',
  'readers',
  'channels',
  'access',
  'viewers',
  'averageMbps',
  'profile',
  'quotas',
  'distributions',
  'http3',
  'stagedDeployment',
  'originShield',
  'errorCachingSeconds',
  'cors',
  'geo',
  'webAclArn',
  'domain',
  'priceClass',
  'logs',
  'realtimeLogs',
  'additionalMetrics',
  'alarms',
  'functions',
  'videos',
  'api',
  'environment',
  'tags',
] as const satisfies readonly (keyof StreamingCdnArgs)[];

/** Changes to children, in TypeScript only: functions don't cross languages. */
export interface StreamingCdnTransforms {
  readonly cachePolicy?: Transform<cloudfront.CachePolicyArgs>;
  readonly originRequestPolicy?: Transform<cloudfront.OriginRequestPolicyArgs>;
  readonly responseHeadersPolicy?: Transform<cloudfront.ResponseHeadersPolicyArgs>;
  readonly originAccessControl?: Transform<cloudfront.OriginAccessControlArgs>;
  readonly publicKey?: Transform<cloudfront.PublicKeyArgs>;
  readonly keyGroup?: Transform<cloudfront.KeyGroupArgs>;
  readonly function?: Transform<cloudfront.FunctionArgs>;
  readonly distribution?: Transform<cloudfront.DistributionArgs>;
  /** After `distribution`: what is to be tried. */
  readonly stagingDistribution?: Transform<cloudfront.DistributionArgs>;
  readonly continuousDeploymentPolicy?: Transform<cloudfront.ContinuousDeploymentPolicyArgs>;
  readonly certificate?: Transform<acm.CertificateArgs>;
  readonly certificateValidation?: Transform<acm.CertificateValidationArgs>;
  /** Addresses of the distributions, and the proofs of the certificates. */
  readonly record?: Transform<route53.RecordArgs>;
  readonly logDestination?: Transform<cloudwatch.LogDeliveryDestinationArgs>;
  readonly logSource?: Transform<cloudwatch.LogDeliverySourceArgs>;
  readonly logDelivery?: Transform<cloudwatch.LogDeliveryArgs>;
  readonly realtimeLogConfig?: Transform<cloudfront.RealtimeLogConfigArgs>;
  readonly realtimeRole?: Transform<iam.RoleArgs>;
  readonly realtimePolicy?: Transform<iam.RolePolicyArgs>;
  readonly monitoringSubscription?: Transform<cloudfront.MonitoringSubscriptionArgs>;
  readonly alarm?: Transform<cloudwatch.MetricAlarmArgs>;
}

/** The kinds of child that can be changed. */
export const CDN_TRANSFORMS = [
  'cachePolicy',
  'originRequestPolicy',
  'responseHeadersPolicy',
  'originAccessControl',
  'publicKey',
  'keyGroup',
  'function',
  'distribution',
  'stagingDistribution',
  'continuousDeploymentPolicy',
  'certificate',
  'certificateValidation',
  'record',
  'logDestination',
  'logSource',
  'logDelivery',
  'realtimeLogConfig',
  'realtimeRole',
  'realtimePolicy',
  'monitoringSubscription',
  'alarm',
] as const satisfies readonly (keyof StreamingCdnTransforms)[];

/** Options of the resource, and changes to its children. */
export interface StreamingCdnOptions extends pulumi.ComponentResourceOptions {
  /** One property a kind of child: properties to set, or a function of arguments, options and name. */
  readonly transform?: StreamingCdnTransforms;
}
