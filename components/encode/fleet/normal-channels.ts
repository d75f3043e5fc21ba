/** The channels as given -> what each of them is, or what is wrong with them. */
import type * as pulumi from '@pulumi/pulumi';
import {
  CHANNEL_PATTERN,
  DEFAULT_PROFILE,
  ENCODER_ENVIRONMENT,
  FRAME_RATES,
  LADDERS,
  LADDER_NAMES,
  PROFILES,
  type FrameRate,
  type LadderName,
  type Profile,
} from '../../../encoder/contract';
import { flag, isDeferred, isObject, oneOf, rule, type InputProblems, type Judge, choiceOf } from '../../kit';
import { placement, type Placement } from '../capacity';
import { ChannelSource, ChannelDeployment, type FleetChannelArgs } from './args';
import { FLEET_VARIABLES } from './container';
import { checkContribution } from './contribution';
import type { FleetIngest, FleetIngestChannel, FleetStore } from './neighbours';
import { instancesFor } from './packing';
import { poolKey, type Pool } from './pools';
import { checkCollisions, portProblem, type PortUse } from './ports';
import { PURCHASE_OPTIONS, PurchaseOption, assignPurchase, type PurchaseMix } from './purchase';

type Variables = Readonly<Record<string, pulumi.Input<string>>>;

/** A channel, checked. */
export interface NormalChannel {
  readonly id: string;
  readonly zone: string;
  /** Key of the store's runtime environment. */
  readonly storeZone: string;
  readonly ladder: LadderName;
  readonly frameRate: FrameRate;
  readonly profile: Profile;
  readonly source: ChannelSource;
  /** Undefined for the test source. */
  readonly port: number | undefined;
  readonly metricsPort: number;
  readonly ingest: FleetIngestChannel | undefined;
  readonly pool: Pool;
  readonly placement: Placement;
  readonly image: pulumi.Input<string>;
  readonly running: boolean;
  readonly deployment: ChannelDeployment;
  /** How its instance is paid for. */
  readonly purchase: PurchaseOption;
  /** Of the runtime: the user's and the ingest's. */
  readonly environment: Variables;
}

/** What channels are checked against. */
export interface ChannelWishes {
  readonly given: Readonly<Record<string, FleetChannelArgs>>;
  readonly zones: readonly string[];
  readonly store: FleetStore | undefined;
  readonly ingest: FleetIngest | undefined;
  readonly instanceTypes: readonly string[];
  readonly pools: ReadonlyMap<string, Pool>;
  readonly mix: PurchaseMix;
  readonly margin: number;
  readonly maxInstances: number;
  readonly deployment: ChannelDeployment;
  readonly image: pulumi.Input<string>;
  readonly imageRule: Judge<string>;
}

/** The properties of a channel that there are. */
export const NAMES = [
  'zone',
  'storeZone',
  'ladder',
  'frameRate',
  'profile',
  'source',
  'contribution',
  'port',
  'metricsPort',
  'instanceType',
  'purchase',
  'acceptInterruption',
  'image',
  'running',
  'deployment',
  'environment',
] as const satisfies readonly (keyof FleetChannelArgs)[];

const EXAMPLE = `{ news: { zone: 'use1-az4', ladder: 'hevc-2160p30-50', port: 9001 } }`;
const text = rule((value) => typeof value === 'string', 'a text', 'write it as a text');

export function normalChannels(problems: InputProblems, wishes: ChannelWishes): Map<string, NormalChannel> {
  const channels = new Map<string, NormalChannel>();
  const { given } = wishes;
  if (!isObject(problems, 'channels', given, EXAMPLE)) return channels;
  const uses: PortUse[] = [];
  for (const [id, channel] of Object.entries(given)) {
    const path = `channels.${id}`;
    if (!CHANNEL_PATTERN.test(id)) {
      const allowed = '1 to 63 of a-z, 0-9 and inner hyphens';
      problems.add(path, id, { because: 'the id', allowed, fix: 'rename it; it is in the URLs of viewers' });
    }
    if (!isObject(problems, path, channel, `{ ladder: 'hevc-2160p30-50', port: 9001 }`)) continue;
    const normal = new ChannelCheck(problems, wishes, id, channel).run(uses);
    if (normal) channels.set(id, normal);
  }
  checkCollisions(problems, uses);
  checkRoom(problems, channels, wishes.maxInstances);
  return channels;
}

/** One channel's check. */
class ChannelCheck {
  readonly #problems: InputProblems;
  readonly #wishes: ChannelWishes;
  readonly #id: string;
  readonly #path: string;
  readonly #given: FleetChannelArgs;

  constructor(problems: InputProblems, wishes: ChannelWishes, id: string, given: FleetChannelArgs) {
    this.#problems = problems;
    this.#wishes = wishes;
    this.#id = id;
    this.#path = `channels.${id}`;
    this.#given = given;
  }

  /** @returns undefined where something is wrong that the rest follows from */
  run(uses: PortUse[]): NormalChannel | undefined {
    const problems = this.#problems;
    const path = this.#path;
    const given = this.#given;
    const { image, imageRule } = this.#wishes;
    problems.checkNames(path, given, NAMES);
    const { frameRate = '30', profile = DEFAULT_PROFILE, running = true, acceptInterruption = false } = given;
    problems.judge(`${path}.ladder`, given.ladder, oneOf(LADDER_NAMES));
    problems.judge(`${path}.frameRate`, frameRate, oneOf(FRAME_RATES));
    problems.judge(`${path}.profile`, profile, oneOf(PROFILES));
    problems.judge(`${path}.running`, running, flag);
    problems.judge(`${path}.acceptInterruption`, acceptInterruption, flag);
    const source = choiceOf(problems, `${path}.source`, given.source, ChannelSource, ChannelSource.Srt);
    const hasContribution = checkContribution(problems, `${path}.contribution`, given.contribution);
    const zone = this.#zone();
    const ingest = this.#ingest(zone, source);
    const ports = this.#ports(source, ingest, zone, uses);
    const ingestEnvironment = ingest && (this.#wishes.ingest?.runtimeEnvironment[this.#id] as Variables);
    const environment = this.#environment(ingestEnvironment);
    const ownImage =
      given.image === undefined ? image : problems.check(`${path}.image`, given.image, imageRule);
    const deployment = choiceOf(
      problems,
      `${path}.deployment`,
      given.deployment,
      ChannelDeployment,
      this.#wishes.deployment,
    );
    const purchase = this.#purchase(acceptInterruption);
    const storeZone = zone === undefined ? undefined : this.#storeZone(zone);
    if (zone === undefined || purchase === undefined || !ports || storeZone === undefined) return undefined;
    if (!LADDER_NAMES.includes(given.ladder) || !FRAME_RATES.includes(frameRate)) return undefined;
    if (!hasContribution) return undefined;
    const placed = this.#place(zone, purchase, frameRate);
    if (!placed) return undefined;
    return {
      ...{ id: this.#id, zone, storeZone, ladder: given.ladder, frameRate, profile, source, ingest, running },
      ...{ ...ports, ...placed, image: ownImage, deployment, purchase, environment },
    };
  }

  #zone(): string | undefined {
    const { zones } = this.#wishes;
    const { zone = zones.length === 1 ? zones[0] : undefined } = this.#given;
    if (zone !== undefined && zones.includes(zone)) return zone;
    this.#problems.add(`${this.#path}.zone`, zone, {
      allowed: zones.join(', ') || 'none: the network has no zones',
      fix: 'choose the zone that the channel is encoded in',
    });
    return undefined;
  }

  /** The store's zone that is the channel's. Whether it is in the same place is seen by the bucket's name, later. */
  #storeZone(zone: string): string | undefined {
    const { store } = this.#wishes;
    if (!store) return undefined;
    const keys = Object.keys(store.runtimeEnvironment);
    const { storeZone = keys.includes(zone) ? zone : keys.length === 1 ? keys[0] : undefined } = this.#given;
    if (storeZone !== undefined && keys.includes(storeZone)) return storeZone;
    this.#problems.add(`${this.#path}.storeZone`, storeZone, {
      allowed: keys.join(', '),
      fix: `choose the store's zone that is in ${zone}`,
    });
    return undefined;
  }

  #ingest(zone: string | undefined, source: ChannelSource): FleetIngestChannel | undefined {
    const ingest = this.#wishes.ingest?.channels[this.#id];
    if (!ingest) return undefined;
    if (source !== ChannelSource.Srt) {
      this.#problems.add(`${this.#path}.source`, source, {
        because: 'the ingest has the channel, and it is of SRT',
        allowed: 'srt',
        fix: 'leave the channel out of the ingest, or source out here',
      });
      return ingest;
    }
    if (zone !== undefined && ingest.zone !== zone) {
      this.#problems.add(`${this.#path}.zone`, zone, {
        because: `the ingest has the channel in ${ingest.zone}`,
        allowed: ingest.zone,
        fix: 'name one zone in both',
      });
    }
    for (const [name, theirs] of [
      ['port', ingest.port],
      ['metricsPort', ingest.healthPort],
    ] as const) {
      const ours = this.#given[name];
      if (ours === undefined || ours === theirs) continue;
      const because = `the ingest sends to port ${theirs}`;
      this.#problems.add(`${this.#path}.${name}`, ours, {
        because,
        allowed: String(theirs),
        fix: 'leave it out here',
      });
    }
    return ingest;
  }

  #ports(
    source: ChannelSource,
    ingest: FleetIngestChannel | undefined,
    zone: string | undefined,
    uses: PortUse[],
  ): Pick<NormalChannel, 'port' | 'metricsPort'> | undefined {
    const port = ingest?.port ?? this.#given.port;
    const udpPort = source === ChannelSource.Rtmp ? undefined : port;
    const metricsPort = ingest?.healthPort ?? this.#given.metricsPort ?? udpPort;
    const isTest = source === ChannelSource.Test;
    if (isTest && port !== undefined) {
      const fix = 'remove it, or choose another source';
      this.#problems.add(`${this.#path}.port`, port, {
        because: 'the test source has none',
        allowed: 'none',
        fix,
      });
    }
    const portFault = isTest ? undefined : portProblem(port);
    if (portFault) this.#problems.add(`${this.#path}.port`, port, portFault);
    const metricsFault = portProblem(metricsPort);
    // One message is enough where the one follows from the other.
    if (
      metricsFault &&
      !(portFault && this.#given.metricsPort === undefined && source !== ChannelSource.Rtmp)
    ) {
      this.#problems.add(`${this.#path}.metricsPort`, metricsPort, metricsFault);
    }
    if (portFault || metricsFault) return undefined;
    if (zone !== undefined) {
      const protocol = source === ChannelSource.Rtmp ? 'tcp' : 'udp';
      if (!isTest) uses.push({ zone, protocol, port: port!, path: `${this.#path}.port` });
      uses.push({ zone, protocol: 'tcp', port: metricsPort!, path: `${this.#path}.metricsPort` });
    }
    return { port: isTest ? undefined : port!, metricsPort: metricsPort! };
  }

  #environment(ofIngest: Variables = {}): Variables {
    const { environment = {} } = this.#given;
    const path = `${this.#path}.environment`;
    if (!isObject(this.#problems, path, environment, `{ SRT_LATENCY_MS: '200' }`)) return {};
    const set: readonly string[] = [...FLEET_VARIABLES, ...Object.keys(ofIngest)];
    const free = Object.keys(ENCODER_ENVIRONMENT).filter((name) => !set.includes(name));
    const entries = Object.entries(environment).map(([name, value]) => {
      if (set.includes(name)) {
        this.#problems.add(`${path}.${name}`, isDeferred(value) ? undefined : value, {
          because: 'the fleet sets it',
          allowed: free.join(', '),
          fix: 'use the argument for it',
        });
      } else this.#problems.checkNames(path, { [name]: value }, free);
      return [name, this.#problems.check(`${path}.${name}`, value, text)] as const;
    });
    return { ...Object.fromEntries(entries), ...ofIngest };
  }

  #purchase(acceptInterruption: boolean): PurchaseOption | undefined {
    const { mix } = this.#wishes;
    const { purchase } = this.#given;
    const named = PURCHASE_OPTIONS.filter((option) => mix[option] !== undefined);
    if (purchase !== undefined && !named.includes(purchase)) {
      const fix = 'choose one, or name it in the `purchase` of the fleet: 0 is a part too';
      this.#problems.add(`${this.#path}.purchase`, purchase, { allowed: named.join(', '), fix });
      return undefined;
    }
    const found =
      purchase ?? assignPurchase(mix, { channel: this.#id, acceptsInterruption: acceptInterruption });
    if (found !== undefined && (found !== PurchaseOption.Spot || acceptInterruption)) return found;
    this.#problems.add(`${this.#path}.purchase`, purchase ?? PurchaseOption.Spot, {
      because:
        'the channel has a single encoder, and AWS takes Spot instances back with a notice of two minutes',
      allowed: 'committed, on-demand, or spot with acceptInterruption: true',
      fix: 'give the fleet another way of paying, or set acceptInterruption: true',
    });
    return undefined;
  }

  /** The first instance type that has a pool in the zone and carries the channel. */
  #place(
    zone: string,
    purchase: PurchaseOption,
    frameRate: FrameRate,
  ): Pick<NormalChannel, 'pool' | 'placement'> | undefined {
    const { instanceTypes, pools, margin } = this.#wishes;
    const { instanceType, ladder, contribution } = this.#given;
    if (instanceType !== undefined && !instanceTypes.includes(instanceType)) {
      const fix = 'choose one, or add it to the instanceTypes of the fleet';
      this.#problems.add(`${this.#path}.instanceType`, instanceType, {
        allowed: instanceTypes.join(', '),
        fix,
      });
      return undefined;
    }
    const wanted = instanceType === undefined ? instanceTypes : [instanceType];
    const here = wanted.flatMap((type) => pools.get(poolKey(zone, type, purchase)) ?? []);
    if (here.length === 0) {
      // Without any type in the zone this was said of the zone.
      if (instanceType !== undefined) {
        const others = instanceTypes.filter((type) => pools.has(poolKey(zone, type, purchase)));
        this.#problems.add(`${this.#path}.instanceType`, instanceType, {
          because: `not offered in ${zone}`,
          allowed: others.join(', ') || 'none of the fleet',
          fix: 'choose another type or zone, or set allowUnlistedOffers if AWS has added it',
        });
      }
      return undefined;
    }
    const load = {
      ladder: LADDERS[ladder],
      ...{ frameRate, margin },
      ...(contribution && { contribution }),
    };
    const tried = here.map((pool) => ({ pool, placement: placement(load, pool.instanceType) }));
    const fitting = tried.find((each) => each.placement.refusals.length === 0);
    if (fitting) return fitting;
    const reasons = tried.map(
      (each) =>
        `${each.pool.instanceType}: ${each.placement.refusals.map(({ message }) => message).join(', ')}`,
    );
    this.#problems.add(`${this.#path}.ladder`, ladder, {
      because: reasons.join('; '),
      allowed: `what ${wanted.join(' or ')} carries at ${frameRate} frames a second`,
      fix: 'choose a smaller ladder, or a type with a larger GPU (`aws-media capacity` shows which)',
    });
    return undefined;
  }
}

/** Every group has room for its channels, and for all of them twice where they change hands. */
function checkRoom(
  problems: InputProblems,
  channels: ReadonlyMap<string, NormalChannel>,
  maxInstances: number,
): void {
  const byPool = new Map<string, NormalChannel[]>();
  for (const channel of channels.values()) {
    byPool.set(channel.pool.key, [...(byPool.get(channel.pool.key) ?? []), channel]);
  }
  for (const [key, members] of byPool) {
    const needed = instancesFor(members);
    if (needed <= maxInstances) continue;
    problems.add('maxInstances', maxInstances, {
      because: `the ${members.length} channels of ${key} need ${needed} instances, at a rollout of all at once`,
      allowed: `at least ${needed}`,
      fix: 'raise it',
    });
  }
}
