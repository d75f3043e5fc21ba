/** What the distributions of a CDN share: policies, keys, functions, and where logs go. */
import { createHash } from 'node:crypto';
import * as cloudfront from '@pulumi/aws/cloudfront';
import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as iam from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
import {
  ALLOWED_HEADERS,
  CACHE_RULES,
  EXPOSED_HEADERS,
  PREFLIGHT_SECONDS,
  cachePolicyArgs,
  type CacheName,
} from './caching';
import { GLOBAL_REGION, cdnName, childOf, tagged, type Family } from './family';
import type { NormalLogs, NormalRealtime } from './normal-logs';

/** What the distributions share, as raw resources. */
export interface CdnSharedNodes {
  readonly cachePolicies: Readonly<Partial<Record<CacheName, cloudfront.CachePolicy>>>;
  readonly originRequestPolicy: cloudfront.OriginRequestPolicy;
  readonly responseHeadersPolicy: cloudfront.ResponseHeadersPolicy;
  readonly originAccessControl: cloudfront.OriginAccessControl;
  /** By id. */
  readonly publicKeys: Readonly<Record<string, cloudfront.PublicKey>>;
  /** Absent without keys. */
  readonly keyGroup?: cloudfront.KeyGroup;
  /** By id. */
  readonly functions: Readonly<Record<string, cloudfront.Function>>;
  /** Absent without `logs`. */
  readonly logDestination?: cloudwatch.LogDeliveryDestination;
  /** Absent without `realtimeLogs`, as the role. */
  readonly realtimeLogConfig?: cloudfront.RealtimeLogConfig;
  readonly realtimeRole?: iam.Role;
}

export function createShared(family: Family): CdnSharedNodes {
  const { args } = family;
  const publicKeys = createKeys(family);
  const keyGroup = createKeyGroup(family, publicKeys);
  return {
    cachePolicies: createCachePolicies(family),
    originRequestPolicy: createOriginRequestPolicy(family),
    responseHeadersPolicy: createResponseHeadersPolicy(family),
    originAccessControl: createOriginAccessControl(family),
    publicKeys,
    ...(keyGroup && { keyGroup }),
    functions: createFunctions(family),
    ...(args.logs && { logDestination: createLogDestination(family, args.logs) }),
    ...(args.realtimeLogs && createRealtime(family, args.realtimeLogs)),
  };
}

/** What a policy is for, as the console shows it. */
const COMMENTS: Readonly<Record<CacheName, string>> = {
  multivariant: 'Multivariant playlists, a second',
  playlists: 'Media playlists of LL-HLS, by their delivery directives',
  media: 'Parts, segments and inits, which never change',
  videos: 'Videos on demand',
  manifests: 'Manifests of videos on demand',
};

const isOfVideos = (name: CacheName): boolean => name === 'videos' || name === 'manifests';

function createCachePolicies(family: Family): Partial<Record<CacheName, cloudfront.CachePolicy>> {
  const { videos } = family.args;
  const headers = videos?.cacheKeyHeaders ?? [];
  const names = (Object.keys(CACHE_RULES) as CacheName[]).filter((name) => videos || !isOfVideos(name));
  return Object.fromEntries(
    names.map((name) => {
      const own = `${family.name}-cache-${name}`;
      const args: cloudfront.CachePolicyArgs = {
        name: cdnName(own),
        comment: COMMENTS[name],
        ...cachePolicyArgs(CACHE_RULES[name], isOfVideos(name) ? headers : []),
      };
      return [name, new cloudfront.CachePolicy(...childOf(family, 'cachePolicy', own, args))];
    }),
  );
}

/** Beside what is in the cache key: nothing of the viewer's, and what CloudFront knows of the viewer. */
function createOriginRequestPolicy(family: Family): cloudfront.OriginRequestPolicy {
  const own = `${family.name}-origin-request`;
  const asked = [...family.args.functions.values()].flatMap(({ viewerHeaders }) => viewerHeaders);
  const args: cloudfront.OriginRequestPolicyArgs = {
    name: cdnName(own),
    comment: 'No cookie and no query string of a viewer; its country',
    cookiesConfig: { cookieBehavior: 'none' },
    headersConfig: {
      headerBehavior: 'whitelist',
      headers: { items: [...new Set(['CloudFront-Viewer-Country', ...asked])].sort() },
    },
    queryStringsConfig: { queryStringBehavior: 'none' },
  };
  return new cloudfront.OriginRequestPolicy(...childOf(family, 'originRequestPolicy', own, args));
}

const HSTS_SECONDS = 31_536_000;

/** In place of what the origins say, so that S3's answers and the live origin's are alike. */
function createResponseHeadersPolicy(family: Family): cloudfront.ResponseHeadersPolicy {
  const own = `${family.name}-headers`;
  const { origins, credentials } = family.args.cors;
  const args: cloudfront.ResponseHeadersPolicyArgs = {
    name: cdnName(own),
    comment: 'CORS and security headers of media',
    corsConfig: {
      accessControlAllowCredentials: credentials,
      accessControlAllowHeaders: { items: [...ALLOWED_HEADERS] },
      accessControlAllowMethods: { items: ['GET', 'HEAD', 'OPTIONS'] },
      accessControlAllowOrigins: { items: [...origins] },
      accessControlExposeHeaders: { items: [...EXPOSED_HEADERS] },
      accessControlMaxAgeSec: PREFLIGHT_SECONDS,
      originOverride: true,
    },
    customHeadersConfig: {
      items: [{ header: 'Timing-Allow-Origin', value: timingOrigin(origins), override: true }],
    },
    securityHeadersConfig: {
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: 'DENY', override: true },
      referrerPolicy: { referrerPolicy: 'strict-origin-when-cross-origin', override: true },
      strictTransportSecurity: {
        accessControlMaxAgeSec: HSTS_SECONDS,
        includeSubdomains: true,
        override: true,
      },
    },
  };
  return new cloudfront.ResponseHeadersPolicy(...childOf(family, 'responseHeadersPolicy', own, args));
}

/** It takes a list, but no star inside a name. */
const timingOrigin = (origins: readonly string[]): string =>
  origins.some((origin) => origin.includes('*')) ? '*' : origins.join(', ');

function createOriginAccessControl(family: Family): cloudfront.OriginAccessControl {
  const own = `${family.name}-oac`;
  const args: cloudfront.OriginAccessControlArgs = {
    name: cdnName(own),
    description: `Buckets of ${family.name}`.slice(0, 256),
    originAccessControlOriginType: 's3',
    signingBehavior: 'always',
    signingProtocol: 'sigv4',
  };
  return new cloudfront.OriginAccessControl(...childOf(family, 'originAccessControl', own, args));
}

function createKeys(family: Family): Record<string, cloudfront.PublicKey> {
  const entries = [...family.args.access.keys].map(([id, encodedKey]) => {
    const own = `${family.name}-key-${id}`;
    const named = (text: string): string => cdnName(own, shortHash(text));
    const args: cloudfront.PublicKeyArgs = {
      name: typeof encodedKey === 'string' ? named(encodedKey) : pulumi.output(encodedKey).apply(named),
      comment: `Verifies signatures of ${id}`,
      encodedKey,
    };
    return [id, new cloudfront.PublicKey(...childOf(family, 'publicKey', own, args))] as const;
  });
  return Object.fromEntries(entries);
}

/** All keys that are declared are trusted, so a new one is before anything is signed with it. */
function createKeyGroup(
  family: Family,
  keys: Readonly<Record<string, cloudfront.PublicKey>>,
): cloudfront.KeyGroup | undefined {
  const ids = Object.keys(keys).sort();
  if (ids.length === 0) return undefined;
  const own = `${family.name}-keys`;
  const args: cloudfront.KeyGroupArgs = {
    name: cdnName(own),
    comment: 'Verifies signed URLs and cookies',
    items: ids.map((id) => keys[id]!.id),
  };
  return new cloudfront.KeyGroup(...childOf(family, 'keyGroup', own, args));
}

function createFunctions(family: Family): Record<string, cloudfront.Function> {
  const entries = [...family.args.functions].map(([id, { code, event, on, keyValueStoreArn }]) => {
    const own = `${family.name}-function-${id}`;
    const args: cloudfront.FunctionArgs = {
      name: cdnName(own),
      comment: `${event} of ${on.join(', ')}`,
      runtime: 'cloudfront-js-2.0',
      code,
      ...(keyValueStoreArn !== undefined && { keyValueStoreAssociations: [keyValueStoreArn] }),
      publish: true,
      tags: tagged(family, own),
    };
    return [id, new cloudfront.Function(...childOf(family, 'function', own, args))] as const;
  });
  return Object.fromEntries(entries);
}

function createLogDestination(
  family: Family,
  { destinationArn, format }: NormalLogs,
): cloudwatch.LogDeliveryDestination {
  const own = `${family.name}-logs`;
  // Cannot be changed in place, nor a second one made under the name.
  const named = (arn: string): string => cdnName(own, shortHash(`${arn} ${format}`));
  const args: cloudwatch.LogDeliveryDestinationArgs = {
    region: GLOBAL_REGION,
    name:
      typeof destinationArn === 'string' ? named(destinationArn) : pulumi.output(destinationArn).apply(named),
    outputFormat: format,
    deliveryDestinationConfiguration: { destinationResourceArn: destinationArn },
    tags: tagged(family, own),
  };
  return new cloudwatch.LogDeliveryDestination(...childOf(family, 'logDestination', own, args));
}

function createRealtime(
  family: Family,
  { streamArn, streamKeyArn, samplingPercent, fields }: NormalRealtime,
): Pick<CdnSharedNodes, 'realtimeLogConfig' | 'realtimeRole'> {
  const roleName = `${family.name}-realtime-role`;
  const realtimeRole = new iam.Role(
    ...childOf(family, 'realtimeRole', roleName, {
      name: cdnName(roleName),
      description: 'CloudFront puts real-time logs into a stream',
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'cloudfront.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      }),
      tags: tagged(family, roleName),
    }),
  );
  const policyName = `${family.name}-realtime-policy`;
  const policyArgs: iam.RolePolicyArgs = {
    name: cdnName(policyName),
    role: realtimeRole.name,
    policy: pulumi.jsonStringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: [
            'kinesis:DescribeStream',
            'kinesis:DescribeStreamSummary',
            'kinesis:PutRecord',
            'kinesis:PutRecords',
          ],
          Resource: streamArn,
        },
        ...(streamKeyArn === undefined
          ? []
          : [{ Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: streamKeyArn }]),
      ],
    }),
  };
  const policy = new iam.RolePolicy(...childOf(family, 'realtimePolicy', policyName, policyArgs));
  const own = `${family.name}-realtime`;
  const args: cloudfront.RealtimeLogConfigArgs = {
    name: cdnName(own),
    samplingRate: samplingPercent,
    fields: [...fields],
    endpoint: {
      streamType: 'Kinesis',
      kinesisStreamConfig: { roleArn: realtimeRole.arn, streamArn },
    },
  };
  // CloudFront tries the role when it is told of it.
  const opts = { dependsOn: [policy] };
  const realtimeLogConfig = new cloudfront.RealtimeLogConfig(
    ...childOf(family, 'realtimeLogConfig', own, args, opts),
  );
  return { realtimeLogConfig, realtimeRole };
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
