/** What CloudFront has to do with buckets and load balancers of the stack. */
import { UNKNOWN, peek, text, type Resource, type Stack, type Values } from '../../core';
import { DISTRIBUTION, liveMedia, livePlaylists, originIdsOf } from '../delivery/behaviours';
import { isBucket, originsOf } from '../delivery/origins';

export const BUCKET = 'aws:s3/bucket:Bucket';

interface OnDemand {
  readonly onDemandPaths: readonly string[];
}

/** Ids of the origins of a distribution's live paths. */
const liveOrigins = (distribution: Resource, settings: OnDemand): ReadonlySet<string> =>
  new Set(
    [...liveMedia(distribution, settings), ...livePlaylists(distribution, settings)].flatMap((behaviour) =>
      originIdsOf(distribution, behaviour),
    ),
  );

const names = (origin: Values, bucket: Resource): boolean => {
  const domain = peek(origin, 'domainName');
  if (typeof domain !== 'string') return false;
  const own = ['bucketRegionalDomainName', 'bucketDomainName'].some((each) => peek(bucket, each) === domain);
  const name = peek(bucket, 'bucket');
  return own || (typeof name === 'string' && domain.startsWith(`${name}.s3`));
};

/**
 * Whether CloudFront reads a bucket for live channels. While the origins' names are not known it is `maybe`, where the
 * distribution reads buckets for other things too.
 */
export function isReadLive(bucket: Resource, stack: Stack, settings: OnDemand): 'yes' | 'no' | 'maybe' {
  const answers = stack.ofType(DISTRIBUTION).map((distribution): 'yes' | 'no' | 'maybe' => {
    const live = liveOrigins(distribution, settings);
    const origins = originsOf(distribution).filter(isBucket);
    const ofLive = origins.filter((origin) => live.has(text(origin, 'originId') ?? ''));
    if (ofLive.some((origin) => names(origin, bucket))) return 'yes';
    const isOpen = ofLive.some((origin) => peek(origin, 'domainName') === UNKNOWN);
    const behind = stack.behind(distribution, 'origins', BUCKET);
    if (!isOpen || !behind.some(({ urn }) => urn === bucket.urn)) return 'no';
    return ofLive.length === origins.length ? 'yes' : 'maybe';
  });
  return answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no';
}

/** Whether CloudFront reads a bucket for anything. */
export const isRead = (bucket: Resource, stack: Stack): boolean =>
  stack
    .ofType(DISTRIBUTION)
    .some(
      (distribution) =>
        stack.behind(distribution, 'origins', BUCKET).some(({ urn }) => urn === bucket.urn) ||
        originsOf(distribution).some((origin) => isBucket(origin) && names(origin, bucket)),
    );

export const BALANCER = 'aws:lb/loadBalancer:LoadBalancer';
const VPC_ORIGIN = 'aws:cloudfront/vpcOrigin:VpcOrigin';

/** Whether CloudFront asks a load balancer: as an origin, or as one in a VPC. */
export const isAsked = (balancer: Resource, stack: Stack): boolean => {
  const [arn, host] = [peek(balancer, 'arn'), peek(balancer, 'dnsName')];
  const fits = (value: unknown, own: unknown): boolean => typeof own === 'string' && value === own;
  const isBehind = (from: Resource, property: string): boolean =>
    stack.behind(from, property, BALANCER).some(({ urn }) => urn === balancer.urn);
  return (
    stack
      .ofType(VPC_ORIGIN)
      .some(
        (origin) =>
          isBehind(origin, 'vpcOriginEndpointConfig') ||
          fits(peek(origin, 'vpcOriginEndpointConfig.arn'), arn),
      ) ||
    stack
      .ofType(DISTRIBUTION)
      .some(
        (distribution) =>
          isBehind(distribution, 'origins') ||
          originsOf(distribution).some((origin) => fits(peek(origin, 'domainName'), host)),
      )
  );
};
