/** Where an instance type is offered, as far as it is known. */
import { GPU_OFFERS } from '../../../encoder/contract/gpu-offers';
import { ON_DEMAND_USD_HOUR } from '../../../encoder/contract/gpu-prices';

/** `unknown`: no source says anything. AWS adds types, zones and regions. */
export type Offer = 'offered' | 'not-offered' | 'unknown';

/** `g6` of `g6.xlarge`. */
export const familyOf = (instanceType: string): string => instanceType.split('.')[0]!;

/** @param region as `us-east-1` */
export function regionOffer(instanceType: string, region: string): Offer {
  const family = familyOf(instanceType);
  const known = GPU_OFFERS[family];
  if (known?.notRegions.includes(region)) return 'not-offered';
  const isPriced = Object.keys(ON_DEMAND_USD_HOUR[region] ?? {}).some((type) => familyOf(type) === family);
  return isPriced || known?.regions.includes(region) ? 'offered' : 'unknown';
}

/** @param zoneId as `use1-az4`: the id, which names the same zone in every account */
export function zoneOffer(instanceType: string, zoneId: string): Offer {
  const known = GPU_OFFERS[familyOf(instanceType)];
  if (known?.notExpressZones.includes(zoneId)) return 'not-offered';
  return known?.expressZones.includes(zoneId) ? 'offered' : 'unknown';
}
