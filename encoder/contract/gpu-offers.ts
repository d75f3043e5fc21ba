/**
 * Where GPU families are offered, as far as a source says. Regions: skypilot-org/skypilot-catalog@00148f2a,
 * catalogs/v8/aws/vms.csv (2025 or 2026), and the regions of `gpu-prices.ts`. Zones, by id: the same catalogue, of the
 * zones with S3 Express One Zone (S3 User Guide, "S3 Express One Zone Availability Zones and Regions", 2026-11-21).
 */

export interface FamilyOffer {
  /** Regions that list it. */
  readonly regions: readonly string[];
  /** Regions that are known to lack it; of all others nothing is known. */
  readonly notRegions: readonly string[];
  /** Zones with S3 Express One Zone that list it. */
  readonly expressZones: readonly string[];
  /** Zones with S3 Express One Zone that are known to lack it. */
  readonly notExpressZones: readonly string[];
}

/** By family, the part of a type before the dot. */
export const GPU_OFFERS: Readonly<Record<string, FamilyOffer>> = {
  g6: {
    regions: [
      ...['us-east-1', 'us-east-2', 'us-west-2', 'ca-central-1', 'eu-central-1', 'eu-north-1', 'eu-south-2'],
      ...['eu-west-2', 'eu-west-3', 'ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-2'],
      'me-central-1',
    ],
    notRegions: ['eu-west-1', 'ap-southeast-1'],
    expressZones: [
      ...['use1-az4', 'use1-az6', 'use2-az1', 'use2-az2', 'usw2-az1', 'usw2-az3', 'usw2-az4'],
      ...['eun1-az1', 'eun1-az2'],
    ],
    notExpressZones: ['use1-az5', 'eun1-az3'],
  },
  g5: {
    regions: [],
    notRegions: ['ap-southeast-1'],
    expressZones: ['use1-az4', 'use1-az5', 'use1-az6'],
    notExpressZones: [],
  },
};
