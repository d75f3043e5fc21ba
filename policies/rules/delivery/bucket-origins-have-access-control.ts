import {
  Undecided,
  among,
  blocks,
  filled,
  found,
  notApplicable,
  resourceRule,
  when,
  type Values,
} from '../../core';
import { DISTRIBUTION } from './behaviours';
import { isBucket, isWebsite, originName, originsOf } from './origins';

/** What is wrong with an origin; nothing where it is no bucket, or right. @throws Undecided where its name decides */
function wrong(origin: Values): readonly string[] {
  const website = isWebsite(origin);
  if (website === undefined) throw new Undecided('origins.domainName');
  if (website) return [`${originName(origin)} is the website of a bucket, which has to be public`];
  if (!isBucket(origin)) return [];
  const identity = blocks(origin, 's3OriginConfig').some((config) => filled(config, 'originAccessIdentity'));
  if (identity) return [`${originName(origin)} is read by an origin access identity`];
  return when(
    !filled(origin, 'originAccessControlId'),
    `${originName(origin)} is a bucket that is read without a signature`,
  );
}

export const bucketOriginsHaveAccessControl = resourceRule({
  id: 'bucket-origins-have-access-control',
  family: 'delivery',
  title: 'CloudFront reads buckets by an origin access control',
  severity: 'critical',
  controls: ['AWS FSBP CloudFront.13'],
  why: 'Without one the bucket has to be public, so everybody can go round signatures, countries and logs. The older access identity can neither read what a KMS key encrypts nor sign with SigV4.',
  fix: "Make `new aws.cloudfront.OriginAccessControl('oac', { originAccessControlOriginType: 's3', signingBehavior: 'always', signingProtocol: 'sigv4' })`, and give the origin its id as `originAccessControlId`, with the bucket's bucketRegionalDomainName.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  check: (distribution) => {
    const origins = originsOf(distribution);
    const buckets = origins.filter((origin) => isBucket(origin) || isWebsite(origin) !== false);
    if (buckets.length === 0) return notApplicable('none of its origins is a bucket');
    return found(among(buckets, wrong));
  },
});
