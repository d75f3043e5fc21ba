/** Names of the origin's resources in AWS. */
import { createHash } from 'node:crypto';
import { contextOf, nameWithin, plainName, type NameRule } from '../kit';

/** The last part of the component's type, which its children's tags have. */
export const LL_HLS_ORIGIN = 'LlHlsOrigin';

/** Names of the origin's resources in AWS, but for those of Elastic Load Balancing. */
export const originName = plainName;

/** @param fixed what decides which one it is: a replacement has another name, and is made before the old one goes */
export function vpcOriginName(name: string, fixed: readonly (string | boolean)[]): string {
  const hash = createHash('sha256').update(JSON.stringify(fixed)).digest('hex').slice(0, HASH_DIGITS);
  return `${originName(name).slice(0, MAX_VPC_ORIGIN - HASH_DIGITS - 1)}-${hash}`;
}

/** As all names here. */
const MAX_VPC_ORIGIN = 63;

const HASH_DIGITS = 8;

/** Elastic Load Balancing API Reference, CreateLoadBalancer and CreateTargetGroup; what begins with internal- is AWS's own. */
const BALANCER: NameRule = {
  maxLength: 32,
  forbidden: /[^A-Za-z0-9]+/g,
  lowerCase: false,
  reserved: /^internal(?:-|$)/i,
  nameless: 'media',
};

/**
 * As {@link originName}, for load balancers and target groups.
 * @param fixed what cannot be changed in place: a replacement has a name of its own
 */
export const balancerName = (name: string, fixed: readonly (string | number)[]): string =>
  nameWithin(BALANCER, contextOf(name), { fixed });

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
