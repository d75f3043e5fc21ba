/** Zones with a live edge and the channels in them, as given -> as the component works with them. */
import { CHANNEL_PATTERN } from '../../encoder/contract';
import { isDeferred, isObject, wholeIn, type InputProblems } from '../kit';
import type { MediaNetwork } from '../network/network';
import type { LlHlsOriginArgs, OriginZoneArgs } from './args';
import { REGIONAL } from './neighbours';
import { VPC_ORIGIN_ZONES_AS_OF, hasVpcOrigins } from './vpc-origin-zones';

/** A zone's service. */
export interface NormalZone {
  /** Id of the zone; `regional` where the store has none. */
  readonly id: string;
  /** Key of the store's zone. */
  readonly storeZone: string;
  /** Ids of the network's zones that its tasks run in. */
  readonly placedIn: readonly string[];
  readonly minTasks: number;
  readonly maxTasks: number;
}

/** Tasks in all: one can leave, or be lost, and the other answers. */
const LEAST_TASKS = 2;
const MAX_TASKS = 500;
const EXAMPLE = `{ 'use1-az4': { minTasks: 2 } }`;

export function normalZones(
  problems: InputProblems,
  { zones: given, store }: LlHlsOriginArgs,
  network: MediaNetwork,
): ReadonlyMap<string, NormalZone> {
  const none = new Map<string, NormalZone>();
  const storeZones = Object.keys(store.runtimeEnvironment);
  const known = storeZones.includes(REGIONAL) ? [REGIONAL] : Object.keys(network.zones).sort();
  const usual = known.filter((id) => storeZones.includes(id));
  if (given === undefined && usual.length === 0) {
    problems.add('zones', given, {
      because: `no zone of the network (${known.join(', ')}) is a key of the store's zones (${storeZones.join(', ')})`,
      allowed: 'zones of the network, with their keys in the store',
      fix: `write { '${known[0] ?? 'use1-az4'}': { storeZone: '${storeZones[0]}' } }`,
    });
    return none;
  }
  const zones = given ?? Object.fromEntries(usual.map((id) => [id, {}]));
  if (!isObject(problems, 'zones', zones, EXAMPLE)) return none;
  const ids = Object.keys(zones).sort();
  if (ids.length === 0) {
    problems.add('zones', zones, { allowed: 'at least one', fix: `write ${EXAMPLE}, or leave it out` });
    return none;
  }
  const place = { network, storeZones, known, isOnly: ids.length === 1 };
  const normal = ids.flatMap((id) => normalZone(problems, id, zones[id]!, place) ?? []);
  checkLeast(problems, normal);
  return new Map(normal.map((zone) => [zone.id, zone]));
}

interface ZonePlace {
  readonly network: MediaNetwork;
  readonly storeZones: readonly string[];
  readonly known: readonly string[];
  /** Whether it is the only zone. */
  readonly isOnly: boolean;
}

function normalZone(
  problems: InputProblems,
  id: string,
  zone: OriginZoneArgs,
  { network, storeZones, known, isOnly }: ZonePlace,
): NormalZone | undefined {
  const path = `zones[${JSON.stringify(id)}]`;
  if (!hasVpcOrigins(id)) {
    problems.add(path, id, {
      because: `CloudFront has no VPC origins in this zone (list of ${VPC_ORIGIN_ZONES_AS_OF})`,
      allowed: known.join(', '),
      fix: 'choose another',
    });
    return undefined;
  }
  if (!known.includes(id)) {
    const isRegional = known[0] === REGIONAL;
    problems.add(path, id, {
      because: isRegional ? 'the store has no zones' : 'the network has no such zone',
      allowed: known.join(', '),
      fix: isRegional
        ? 'write regional, or leave zones out'
        : 'give the network a subnet there, or choose another',
    });
    return undefined;
  }
  if (!isObject(problems, path, zone, '{ minTasks: 2 }')) return undefined;
  problems.checkNames(path, zone, ['storeZone', 'minTasks', 'maxTasks']);
  const usual = storeZones.includes(id) ? id : storeZones.length === 1 ? storeZones[0] : undefined;
  const storeZone = zone.storeZone ?? usual;
  if (storeZone === undefined || !storeZones.includes(storeZone)) {
    problems.add(`${path}.storeZone`, zone.storeZone, {
      because: `the store's zones are ${storeZones.join(', ')}`,
      allowed: storeZones.join(', '),
      fix: 'choose the one whose directory bucket is in the zone',
    });
    return undefined;
  }
  const minTasks = wholeIn(problems, `${path}.minTasks`, zone.minTasks, isOnly ? LEAST_TASKS : 1, [
    1,
    MAX_TASKS,
  ]);
  const usualMax = Math.max(10, minTasks);
  const maxTasks = wholeIn(problems, `${path}.maxTasks`, zone.maxTasks, usualMax, [1, MAX_TASKS]);
  if (maxTasks < minTasks) {
    problems.add(`${path}.maxTasks`, maxTasks, {
      because: `minTasks is ${minTasks}`,
      allowed: `${minTasks} to ${MAX_TASKS}`,
      fix: 'raise it, or lower minTasks',
    });
  }
  const placedIn = id === REGIONAL ? Object.keys(network.zones).sort() : [id];
  return { id, storeZone, placedIn, minTasks, maxTasks };
}

function checkLeast(problems: InputProblems, zones: readonly NormalZone[]): void {
  const tasks = zones.reduce((sum, { minTasks }) => sum + minTasks, 0);
  const [only] = zones;
  if (tasks >= LEAST_TASKS || only === undefined) return;
  problems.add(`zones[${JSON.stringify(only.id)}].minTasks`, tasks, {
    because: 'there is no other zone, and nobody would answer while the only task is replaced',
    allowed: `at least ${LEAST_TASKS} in all zones together`,
    fix: `write ${LEAST_TASKS}, or leave it out`,
  });
}

/** Elastic Load Balancing, "Quotas for your Application Load Balancers": rules, the default ones not counted. */
const RULES = 100;
const MAX_RULES = 1000;

/** @returns zones by channel; empty where there is one zone, which has all */
export function normalChannels(
  problems: InputProblems,
  { channels: given, rulesPerLoadBalancer }: LlHlsOriginArgs,
  zones: readonly string[],
): ReadonlyMap<string, string> {
  const quota = wholeIn(problems, 'rulesPerLoadBalancer', rulesPerLoadBalancer, RULES, [RULES, MAX_RULES]);
  const example = `{ news: { zone: '${zones[0] ?? 'use1-az4'}' } }, as fleet.placements is`;
  if (given === undefined) {
    if (zones.length > 1) {
      problems.add('channels', given, {
        because: `a task reads its own zone alone, and there are ${zones.length} zones`,
        allowed: 'an object of channels, each with its zone',
        fix: `write ${example}`,
      });
    }
    return new Map();
  }
  if (!isObject(problems, 'channels', given, example)) return new Map();
  const ids = Object.keys(given).sort();
  for (const id of ids) checkChannel(problems, id, given[id], zones);
  if (zones.length <= 1) return new Map();
  if (ids.length + zones.length > quota) {
    problems.add('channels', `${ids.length} channels in ${zones.length} zones`, {
      because: `${ids.length + zones.length} rules of a load balancer`,
      allowed: `at most ${quota}, the account's quota of rules`,
      fix: 'raise the quota ("Rules per Application Load Balancer") and rulesPerLoadBalancer, or make an LlHlsOrigin for each zone',
    });
  }
  return new Map(ids.map((id) => [id, given[id]?.zone ?? '']));
}

function checkChannel(problems: InputProblems, id: string, channel: unknown, zones: readonly string[]): void {
  const path = `channels[${JSON.stringify(id)}]`;
  if (!CHANNEL_PATTERN.test(id)) {
    problems.add(path, id, {
      because: 'the id',
      allowed: '1 to 63 of a-z, 0-9 and inner hyphens',
      fix: "give the encoder's CHANNEL",
    });
  }
  if (!isObject(problems, path, channel, `{ zone: '${zones[0] ?? 'use1-az4'}' }`)) return;
  const { zone } = channel as { zone?: unknown };
  // Known before anything exists: it decides which rules there are.
  if (zones.length === 0 || (!isDeferred(zone) && zones.includes(zone as string))) return;
  problems.add(`${path}.zone`, zone, {
    allowed: zones.join(', '),
    fix: 'choose one of these, or add the zone to `zones`',
  });
}
