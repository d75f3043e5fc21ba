/** The fleet's pools: a zone, an instance type and a way of paying, which is one Auto Scaling group and one provider. */
import type { InputProblems } from '../../kit';
import type { NormalWarmPool } from './normalise';
import { offerIn } from './offers';
import { PURCHASE_OPTIONS, type PurchaseMix, type PurchaseOption } from './purchase';

export interface Pool {
  /** Part of its resources' names. */
  readonly key: string;
  readonly zone: string;
  readonly instanceType: string;
  readonly purchase: PurchaseOption;
  readonly hasWarmPool: boolean;
  /** Whether nobody knows if the zone has the instance type. */
  readonly isUnlisted: boolean;
}

export const poolKey = (zone: string, instanceType: string, purchase: PurchaseOption): string =>
  `${zone}-${instanceType.replace('.', '-')}-${purchase}`;

/** The arguments that decide. */
export interface PoolWishes {
  readonly problems: InputProblems;
  readonly zones: readonly string[];
  readonly instanceTypes: readonly string[];
  readonly mix: PurchaseMix;
  readonly allowUnlisted: boolean;
  readonly warmPool: NormalWarmPool | undefined;
}

/**
 * One a zone, instance type that the zone offers and way of paying that the mix names. Not by channel: ECS refuses to take
 * a provider from the cluster that the last service of it is just leaving. An empty group costs nothing.
 */
export function poolsOf({
  problems,
  zones,
  instanceTypes,
  mix,
  allowUnlisted,
  warmPool,
}: PoolWishes): Map<string, Pool> {
  const pools = new Map<string, Pool>();
  const options = PURCHASE_OPTIONS.filter((option) => mix[option] !== undefined);
  for (const zone of zones) {
    const offered = instanceTypes.filter((type) => allowUnlisted || offerIn(type, zone) !== 'not-offered');
    if (offered.length === 0 && instanceTypes.length > 0) {
      problems.add('instanceTypes', instanceTypes, {
        because: `none of them is offered in ${zone}`,
        allowed: 'at least one type that each zone offers',
        fix: `add another family, leave ${zone} out of zones, or set allowUnlistedOffers if AWS has added it`,
      });
    }
    for (const instanceType of offered) {
      for (const purchase of options) {
        const key = poolKey(zone, instanceType, purchase);
        const isUnlisted = offerIn(instanceType, zone) !== 'offered';
        const hasWarmPool = warmPool?.purchase.includes(purchase) ?? false;
        pools.set(key, { key, zone, instanceType, purchase, hasWarmPool, isUnlisted });
      }
    }
  }
  return pools;
}

/** @returns undefined where every pool's zone is known to have its instance type */
export function unlistedWarning(pools: Iterable<Pool>): string | undefined {
  const unlisted = [...pools].filter(({ isUnlisted }) => isUnlisted);
  const places = [...new Set(unlisted.map(({ zone, instanceType }) => `${instanceType} in ${zone}`))];
  if (places.length === 0) return undefined;
  return (
    `whether EC2 offers ${places.join(', ')} is not known here; where it does not, no instance starts. To see: ` +
    '`aws ec2 describe-instance-type-offerings --location-type availability-zone-id`'
  );
}
