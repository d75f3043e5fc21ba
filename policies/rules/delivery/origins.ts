/** Origins of a distribution. */
import { blocks, given, peek, text, UNKNOWN, type Resource, type Values } from '../../core';

export const originsOf = (distribution: Resource): readonly Values[] => blocks(distribution, 'origins');

/** As findings begin. */
export const originName = (origin: Values): string => `the origin ${text(origin, 'originId') ?? ''}`;

/** A host's name, where it is known already. */
const host = (origin: Values): string | undefined => {
  const name = peek(origin, 'domainName');
  return typeof name === 'string' ? name : undefined;
};

/** An origin that CloudFront asks over HTTP or HTTPS, with its settings; undefined for the others. */
export const customOf = (origin: Values): Values | undefined => blocks(origin, 'customOriginConfig')[0];

/** An origin in a VPC. */
export const vpcOf = (origin: Values): Values | undefined => blocks(origin, 'vpcOriginConfig')[0];

/** The website of a bucket: public, and HTTP alone. Undefined where the host's name is known only in the update. */
export function isWebsite(origin: Values): boolean | undefined {
  if (!customOf(origin)) return false;
  const name = host(origin);
  if (name !== undefined) return /\.s3-website[.-]/.test(name);
  return peek(origin, 'domainName') === UNKNOWN ? undefined : false;
}

/** Whether an origin is a bucket, asked by S3's API. CloudFront takes it for one where it is told of no server. */
export const isBucket = (origin: Values): boolean =>
  !customOf(origin) &&
  !vpcOf(origin) &&
  (given(origin, 's3OriginConfig') || /\.s3[.-]/.test(host(origin) ?? '.s3.'));
