/** Capacity that is reserved in EC2, by the pools that use it. */
import type * as pulumi from '@pulumi/pulumi';
import { isObject, matching, rule, type InputProblems, choiceOf, textsOf } from '../../kit';
import { FleetReservationPreference, type FleetCapacityReservationArgs } from './args';
import type { Pool } from './pools';
import { PurchaseOption } from './purchase';

/** What a pool does with reserved capacity, checked. */
export interface NormalReservation {
  readonly preference: FleetReservationPreference;
  /** Empty where no reservation is named. */
  readonly ids: readonly pulumi.Input<string>[];
  readonly resourceGroupArn: pulumi.Input<string> | undefined;
}

const EXAMPLE = `{ ids: ['cr-0123456789abcdef0'] }`;
/** More than a pool has instances by default. */
const MAX_IDS = 50;

const reservationId = rule(
  matching(/^cr-[0-9a-f]{8,17}$/),
  'the id of a capacity reservation, as cr-0123456789abcdef0',
  'give its id, not its ARN',
);
const groupArn = rule(
  matching(/^arn:aws[a-z-]*:resource-groups:[a-z0-9-]+:\d{12}:group\/.+$/),
  'the ARN of a resource group, as arn:aws:resource-groups:us-east-1:123456789012:group/encoders',
  'give the ARN of a group of capacity reservations',
);

/** @returns by the keys of pools; a pool without an entry uses what open reservations there are, as EC2 does */
export function normalReservations(
  problems: InputProblems,
  given: Readonly<Record<string, FleetCapacityReservationArgs>> = {},
  pools: ReadonlyMap<string, Pool>,
): Map<string, NormalReservation> {
  const reservations = new Map<string, NormalReservation>();
  const example = `{ 'use1-az4-g6-xlarge-on-demand': ${EXAMPLE} }`;
  if (!isObject(problems, 'capacityReservations', given, example)) return reservations;
  const owners = new Map<string, Pool>();
  for (const [key, reservation] of Object.entries(given)) {
    const path = `capacityReservations.${key}`;
    if (!isObject(problems, path, reservation, EXAMPLE)) continue;
    const normal = normalReservation(problems, path, reservation);
    const pool = poolFor(problems, path, key, pools);
    if (pool) checkPlaces(problems, path, normal, pool, owners);
    reservations.set(key, normal);
  }
  return reservations;
}

function normalReservation(
  problems: InputProblems,
  path: string,
  given: FleetCapacityReservationArgs,
): NormalReservation {
  problems.checkNames(path, given, ['ids', 'resourceGroupArn', 'preference']);
  const { ids, resourceGroupArn } = given;
  const { First, None } = FleetReservationPreference;
  const preference = choiceOf(
    problems,
    `${path}.preference`,
    given.preference,
    FleetReservationPreference,
    First,
    AWS_WORDS,
  );
  const named = [ids, resourceGroupArn].filter((one) => one !== undefined).length;
  if (named === 2) {
    problems.add(path, given, { allowed: 'ids or resourceGroupArn', fix: 'remove one of the two' });
  } else if (named === 1 && preference === None) {
    problems.add(`${path}.preference`, preference, {
      because: 'a reservation is named that would not be used',
      allowed: 'first, only',
      fix: 'remove the reservation, or choose another preference',
    });
  } else if (Object.keys(given).length === 0) {
    problems.add(path, given, {
      because: 'it says nothing',
      allowed: 'ids, resourceGroupArn, preference',
      fix: `write ${EXAMPLE}`,
    });
  }
  if (ids?.length === 0) problems.add(`${path}.ids`, ids, { allowed: 'at least one', fix: 'name one' });
  return {
    preference,
    ids: ids === undefined ? [] : textsOf(problems, `${path}.ids`, ids, reservationId, MAX_IDS),
    resourceGroupArn:
      resourceGroupArn === undefined
        ? undefined
        : problems.check<string>(`${path}.resourceGroupArn`, resourceGroupArn, groupArn),
  };
}

/** Why what other places call it is not among the choices. */
const AWS_WORDS: Readonly<Record<string, string>> = {
  open: 'open reservations are used as it is, and with first',
  'capacity-reservations-first': "that is EC2 Auto Scaling's word for first",
  'capacity-reservations-only': "that is EC2 Auto Scaling's word for only",
};

/** @returns undefined where no pool of that key can use a reservation */
function poolFor(
  problems: InputProblems,
  path: string,
  key: string,
  pools: ReadonlyMap<string, Pool>,
): Pool | undefined {
  const pool = pools.get(key);
  const ordinary = [...pools.values()].filter(({ purchase }) => purchase !== PurchaseOption.Spot);
  const allowed = ordinary.map(({ key }) => key).join(', ') || 'none: all pools are Spot';
  if (pool === undefined) {
    problems.add(path, key, {
      because: 'there is no such pool',
      allowed,
      fix: 'name a zone, an instance type and a way of paying of this fleet',
    });
    return undefined;
  }
  if (pool.purchase !== PurchaseOption.Spot) return pool;
  problems.add(path, pool.purchase, {
    because: 'capacity is reserved for instances on demand, and Spot instances never run in it',
    allowed,
    fix: 'reserve for another way of paying',
  });
  return undefined;
}

/** One reservation is of one zone and one instance type: in another pool it would never be found. */
function checkPlaces(
  problems: InputProblems,
  path: string,
  { ids }: NormalReservation,
  pool: Pool,
  owners: Map<string, Pool>,
): void {
  for (const [n, id] of ids.entries()) {
    if (typeof id !== 'string') continue;
    const owner = owners.get(id) ?? pool;
    owners.set(id, owner);
    if (owner.zone === pool.zone && owner.instanceType === pool.instanceType) continue;
    problems.add(`${path}.ids[${n}]`, id, {
      because: `capacityReservations.${owner.key} has it, and a reservation is of one zone and one instance type`,
      allowed: `a reservation of ${pool.instanceType} in ${pool.zone}`,
      fix: 'name the one of this pool, or a resource group of both',
    });
  }
}
