/** The behaviours and origins of a distribution, from the routes. */
import type * as cloudfront from '@pulumi/aws/cloudfront';
import type * as inputs from '@pulumi/aws/types/input';
import * as pulumi from '@pulumi/pulumi';
import { InputProblems } from '../../kit';
import { CdnFunctionTarget } from './args';
import { FAILOVER_CODES, MANAGED, type CacheName } from './caching';
import type { Family } from './family';
import type { NormalOrigin, NormalStore } from './normal-origins';
import { ORIGIN_IDS, type CdnRoute, type CdnRouteKind } from './routes';
import type { CdnSharedNodes } from './shared';
import { SHIELD_REGIONS, regionOfBucket, shieldRegion } from './shield';

type Behavior = inputs.cloudfront.DistributionOrderedCacheBehavior;
type Origin = inputs.cloudfront.DistributionOrigin;

const READ = ['GET', 'HEAD', 'OPTIONS'];
const ALL = [...READ, 'PUT', 'POST', 'PATCH', 'DELETE'];

interface Treatment {
  readonly cache: CacheName | undefined;
  readonly target: CdnFunctionTarget;
  readonly compress: boolean;
}

const TREATMENTS: Readonly<Record<CdnRouteKind, Treatment>> = {
  multivariant: { cache: 'multivariant', target: CdnFunctionTarget.Playlists, compress: true },
  playlist: { cache: 'playlists', target: CdnFunctionTarget.Playlists, compress: true },
  part: { cache: 'media', target: CdnFunctionTarget.Media, compress: false },
  segment: { cache: 'media', target: CdnFunctionTarget.Media, compress: false },
  init: { cache: 'media', target: CdnFunctionTarget.Media, compress: false },
  videoManifest: { cache: 'manifests', target: CdnFunctionTarget.Videos, compress: true },
  video: { cache: 'videos', target: CdnFunctionTarget.Videos, compress: true },
  // What is not cached CloudFront does not compress: Accept-Encoding goes to the origin, which may.
  api: { cache: undefined, target: CdnFunctionTarget.Api, compress: true },
};

export const orderedBehaviors = (family: Family, shared: CdnSharedNodes): Behavior[] =>
  family.args.routes.map((route) => ({
    pathPattern: route.pattern,
    targetOriginId: route.originId,
    ...behavior(family, shared, route),
  }));

/**
 * For every other path: S3, whose policy lets CloudFront read segments and inits alone, so anything that is made up is
 * answered with 403 and costs the live origin nothing.
 */
export const defaultBehavior = (
  family: Family,
  shared: CdnSharedNodes,
): inputs.cloudfront.DistributionDefaultCacheBehavior => ({
  targetOriginId: ORIGIN_IDS.segments,
  ...behavior(family, shared, { kind: 'segment', isPublic: family.args.access.isPublic }),
});

function behavior(
  family: Family,
  shared: CdnSharedNodes,
  { kind, isPublic }: Pick<CdnRoute, 'kind' | 'isPublic'>,
): Omit<Behavior, 'pathPattern' | 'targetOriginId'> {
  const { cache, target, compress } = TREATMENTS[kind];
  const { keyGroup, realtimeLogConfig } = shared;
  const keyGroups = [...(keyGroup ? [keyGroup.id] : []), ...family.args.access.keyGroupIds];
  const functionAssociations = [...family.args.functions]
    .filter(([, { on }]) => on.includes(target))
    .map(([id, { event }]) => ({ eventType: event, functionArn: shared.functions[id]!.arn }));
  return {
    // A plain request is refused, not redirected: its signature has been read by then.
    viewerProtocolPolicy: 'https-only',
    allowedMethods: cache === undefined ? ALL : READ,
    cachedMethods: ['GET', 'HEAD'],
    compress,
    cachePolicyId: cache === undefined ? MANAGED.noCache : shared.cachePolicies[cache]!.id,
    originRequestPolicyId: cache === undefined ? MANAGED.allButHost : shared.originRequestPolicy.id,
    responseHeadersPolicyId: cache === undefined ? MANAGED.securityHeaders : shared.responseHeadersPolicy.id,
    ...(!isPublic && { trustedKeyGroups: keyGroups }),
    ...(functionAssociations.length > 0 && { functionAssociations }),
    ...(realtimeLogConfig && { realtimeLogConfigArn: realtimeLogConfig.arn }),
  };
}

/** A second chance soon: two attempts of two seconds, in place of CloudFront's three of ten. */
const CONNECTING = { connectionAttempts: 2, connectionTimeout: 2 } as const;

export function originsOf(family: Family, shared: CdnSharedNodes): Origin[] {
  const { origin, store, videos, api } = family.args;
  const originShield = shieldOf(family);
  const bucket = (originId: string, { domainName }: NormalStore): Origin => ({
    ...{ originId, domainName },
    originAccessControlId: shared.originAccessControl.id,
    ...CONNECTING,
    ...(originShield && { originShield }),
  });
  return [
    { ...serverOrigin(ORIGIN_IDS.live, origin), ...(originShield && { originShield }) },
    bucket(ORIGIN_IDS.segments, store),
    ...(videos ? [bucket(ORIGIN_IDS.videos, videos.bucket)] : []),
    // Nothing of it is cached, so a shield would only be a detour.
    ...(api ? [serverOrigin(ORIGIN_IDS.api, api)] : []),
  ];
}

function serverOrigin(originId: string, origin: NormalOrigin): Origin {
  const { vpcOriginId, domainName, readTimeoutSeconds, keepaliveTimeoutSeconds, headers } = origin;
  const timeouts = {
    originReadTimeout: readTimeoutSeconds,
    originKeepaliveTimeout: keepaliveTimeoutSeconds,
  };
  const customHeaders = Object.entries(headers).map(([name, value]) => ({
    name,
    value: pulumi.secret(value),
  }));
  return {
    ...{ originId, domainName, ...CONNECTING },
    ...(vpcOriginId === undefined
      ? {
          customOriginConfig: {
            ...{ httpPort: 80, httpsPort: 443 },
            originProtocolPolicy: 'https-only',
            originSslProtocols: ['TLSv1.2'],
            ...timeouts,
          },
        }
      : { vpcOriginConfig: { vpcOriginId, ...timeouts } }),
    ...(customHeaders.length > 0 && { customHeaders }),
  };
}

export const originGroups = (): inputs.cloudfront.DistributionOriginGroup[] => [
  {
    originId: ORIGIN_IDS.segmentsOrLive,
    failoverCriteria: { statusCodes: [...FAILOVER_CODES] },
    members: [{ originId: ORIGIN_IDS.segments }, { originId: ORIGIN_IDS.live }],
  },
];

function shieldOf({ args, owner }: Family): inputs.cloudfront.DistributionOriginOriginShield | undefined {
  if (args.originShield === false) return undefined;
  const region =
    args.originShield ?? pulumi.output(args.store.domainName).apply((name) => nearest(owner, name));
  return { enabled: true, originShieldRegion: region };
}

/** @throws pulumi.InputPropertiesError where no region with Origin Shield is known to be near the bucket's */
function nearest(owner: string, domainName: string): string {
  const region = regionOfBucket(domainName);
  const shield = region === undefined ? undefined : shieldRegion(region);
  if (shield !== undefined) return shield;
  const problems = new InputProblems(owner);
  problems.add('originShield', undefined, {
    because: `the bucket is ${domainName}, and no region with Origin Shield is known to be near`,
    allowed: `${SHIELD_REGIONS.join(', ')}, or false`,
    fix: 'choose the one that is nearest to the origin',
  });
  problems.throwIfAny();
  return '';
}

/** Arguments that a distribution and its staging one have alike. */
export type CommonArgs = Omit<cloudfront.DistributionArgs, 'aliases' | 'staging' | 'tags' | 'comment'>;
