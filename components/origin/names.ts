/** Names of the origin's resources in AWS. */
import { createHash } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';
import { physicalName } from '../kit';

/** The last part of the component's type, which its children's tags have. */
export const LL_HLS_ORIGIN = 'LlHlsOrigin';

const contextOf = (name: string) => ({
  organization: pulumi.getOrganization(),
  project: pulumi.getProject(),
  stack: pulumi.getStack(),
  name,
});

/**
 * `<project>-<stack>-<name>-<hash>`, by the kit's narrowest rule (63 of a-z, 0-9 and hyphens), which every service here
 * takes but Elastic Load Balancing.
 */
export function originName(name: string): string {
  const found = physicalName('aws:s3/bucket:Bucket', contextOf(name));
  // Security groups may not begin so.
  return /^(?:aws|ecs|fargate|sg-|amazon)/.test(found) ? `m-${found}`.slice(0, 63) : found;
}

/** @param fixed what decides which one it is: a replacement has another name, and is made before the old one goes */
export function vpcOriginName(name: string, fixed: readonly (string | boolean)[]): string {
  const hash = createHash('sha256').update(JSON.stringify(fixed)).digest('hex').slice(0, HASH_DIGITS);
  return `${originName(name).slice(0, MAX_VPC_ORIGIN - HASH_DIGITS - 1)}-${hash}`;
}

/** As all names here. */
const MAX_VPC_ORIGIN = 63;

/** Elastic Load Balancing API Reference, CreateLoadBalancer and CreateTargetGroup: 32 letters, digits and hyphens. */
const BALANCER_CHARACTERS = 32;
const HASH_DIGITS = 8;

/**
 * As {@link originName}, for load balancers and target groups: where that is too long the project goes first, then the
 * stack, then the end of the name.
 * @param fixed what cannot be changed in place: it is in the hash, so a replacement has a name of its own and can be
 * made before the old resource goes
 */
export function balancerName(name: string, fixed: readonly (string | number)[]): string {
  const { organization, project, stack } = contextOf(name);
  const hash = createHash('sha256')
    .update(JSON.stringify([organization, project, stack, name, ...fixed]))
    .digest('hex')
    .slice(0, HASH_DIGITS);
  const room = BALANCER_CHARACTERS - HASH_DIGITS - 1;
  const texts = [[project, stack, name], [stack, name], [name]].map(clean);
  const fitting =
    texts.find((text) => text.length <= room) ?? texts.at(-1)!.slice(0, room).replace(/-+$/, '');
  return fitting ? `${fitting}-${hash}` : `media-${hash}`;
}

/** Names that begin with internal- are AWS's own. */
function clean(parts: readonly string[]): string {
  const text = parts
    .join('-')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return /^internal(?:-|$)/i.test(text) ? `media-${text}` : text;
}

/** Where a zone's log is: one folder an origin, so that one role may write in it. */
export const logGroupName = (cluster: string, zone: string): string => `/aws-media/${cluster}/${zone}`;

/** Of a zone's grant, in the store's own words: 1 to 64 of letters, digits and _.-, beginning with one of the first two. */
export function grantId(origin: string, zone: string): string {
  const text = `${origin}-${zone}`;
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(text)) return text;
  const hash = createHash('sha256')
    .update(JSON.stringify([origin, zone]))
    .digest('hex')
    .slice(0, HASH_DIGITS);
  return `${zone}-${hash}`;
}
