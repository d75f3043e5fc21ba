/**
 * Availability Zones with S3 Express One Zone. Source: S3 User Guide, "S3 Express One Zone Availability Zones and
 * Regions" (docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-Endpoints.html).
 */

/** When the list was read. AWS adds zones, so it can lack some. */
export const EXPRESS_ZONES_AS_OF = '2026-11-21';

/** A region of which it is known where S3 Express One Zone is. */
export interface ExpressRegion {
  /** What the ids of the region's zones begin with, before the hyphen. */
  readonly prefix: string;
  /** None: the region is known not to have the storage class. */
  readonly zones: readonly string[];
}

/** By the name of the region. */
export const EXPRESS_REGIONS: Readonly<Record<string, ExpressRegion>> = {
  'us-east-1': { prefix: 'use1', zones: ['use1-az4', 'use1-az5', 'use1-az6'] },
  'us-east-2': { prefix: 'use2', zones: ['use2-az1', 'use2-az2'] },
  'us-west-2': { prefix: 'usw2', zones: ['usw2-az1', 'usw2-az3', 'usw2-az4'] },
  'ap-south-1': { prefix: 'aps1', zones: ['aps1-az1', 'aps1-az3'] },
  'ap-northeast-1': { prefix: 'apne1', zones: ['apne1-az1', 'apne1-az4'] },
  'eu-west-1': { prefix: 'euw1', zones: ['euw1-az1', 'euw1-az3'] },
  'eu-north-1': { prefix: 'eun1', zones: ['eun1-az1', 'eun1-az2', 'eun1-az3'] },
  'eu-central-1': { prefix: 'euc1', zones: [] },
  'ap-southeast-1': { prefix: 'apse1', zones: [] },
};

/**
 * What is known of a zone: `listed` has the storage class, `unlisted` is in a region whose zones are known and is
 * none of them, `unknown` is in a region that the list says nothing of.
 */
export type ExpressZone =
  | { readonly kind: 'listed' | 'unknown' }
  | { readonly kind: 'unlisted'; readonly region: string; readonly zones: readonly string[] };

/** @param zoneId as `use1-az4`; its part before the hyphen names the region */
export function expressZone(zoneId: string): ExpressZone {
  const prefix = zoneId.slice(0, zoneId.indexOf('-'));
  const found = Object.entries(EXPRESS_REGIONS).find(([, region]) => region.prefix === prefix);
  if (!found) return { kind: 'unknown' };
  const [region, { zones }] = found;
  return zones.includes(zoneId) ? { kind: 'listed' } : { kind: 'unlisted', region, zones };
}
