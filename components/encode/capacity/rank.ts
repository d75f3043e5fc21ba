/** Which instance types carry so many channels, how many of each that takes, and what it costs. */
import { GPU_INSTANCES, type GpuInstance } from '../../../encoder/contract/gpu-instances';
import { hostLoad } from './host';
import { regionOffer, zoneOffer, type Offer } from './offers';
import { channelDefaults } from './load';
import { placement } from './placement';
import { checkMix, hourPrice, shareOut, type Price, type Purchase, type SinglePurchase } from './prices';
import type { ChannelLoad, Confidence, Placement, RefusalCode, Resource } from './types';

/** `cost`: least dollars a channel. `blast-radius`: fewest channels lost with one instance, then cost. */
export const OBJECTIVES = ['cost', 'blast-radius'] as const;
/** By what the choices are ordered. */
export type Objective = (typeof OBJECTIVES)[number];

/** The channels to be carried, and what may be bought for them. */
export interface CapacityRequest {
  /** All of one kind. */
  readonly channels: number;
  readonly load: ChannelLoad;
  /** As `us-east-1`. */
  readonly region: string;
  /** Ids of zones, as `use1-az4`, one of which must do. @default not looked at */
  readonly zones?: readonly string[];
  readonly purchase: Purchase;
  /** @default cost */
  readonly objective?: Objective;
  /** @default all that are known */
  readonly instanceTypes?: readonly string[];
}

/** One choice: an instance type, how many, how they are bought, and what that costs. */
export interface FleetOption {
  readonly instanceType: string;
  readonly channelsPerInstance: number;
  /** Whole ones. Each way of buying has its own. */
  readonly instances: number;
  /** The largest share of one channel, and of what. */
  readonly share: number;
  readonly binding: Resource;
  readonly confidence: Confidence;
  readonly cpuUnits: number;
  readonly regionOffer: Offer;
  readonly zoneOffers: Readonly<Record<string, Offer>>;
  /** US dollars for all instances. Absent: a price is not known. */
  readonly usdPerHour?: number;
  /** With what is left free on the last instance. */
  readonly usdPerChannelHour?: number;
  /** Of 730 hours. */
  readonly usdPerMonth?: number;
  readonly priceConfidence?: Confidence;
  readonly priceSources: readonly string[];
  /** Mbit/s of a full instance, of the network's baseline. */
  readonly network: { readonly usedMbps: number; readonly baselineMbps: number };
}

/** An instance type that cannot carry the channel, and why. */
export interface RefusedType {
  readonly instanceType: string;
  readonly reasons: readonly {
    /** `region`, `zone`: not offered there. */
    readonly code: RefusalCode | 'region' | 'zone';
    readonly message: string;
  }[];
}

/** What a fleet for some channels would be: the choices in order, and the types that were refused. */
export interface CapacityReport {
  /** In order; those without a known price are last. */
  readonly options: readonly FleetOption[];
  readonly refused: readonly RefusedType[];
  /** All channels together, Gbit/s. */
  readonly traffic: {
    /** Contributions as encoded, without SRT's overhead. */
    readonly inGbps: number;
    /** All tracks, on average, once. */
    readonly encodedGbps: number;
  };
  readonly notes: readonly string[];
}

export const HOURS_A_MONTH = 730;

/** @throws RangeError for numbers that are none, instance types that are not known, a mix that is not 100 % */
export function rankCapacity(request: CapacityRequest): CapacityReport {
  const { channels, load, purchase } = request;
  if (!Number.isInteger(channels) || channels < 1) {
    throw new RangeError(`channels are a whole number from 1, not ${channels}`);
  }
  if (typeof purchase !== 'string') checkMix(purchase);
  const placements = (request.instanceTypes ?? [...GPU_INSTANCES.keys()]).map((type) =>
    placement(load, type),
  );
  const judged = placements.map((one) => ({ one, reasons: refusals(one, request) }));
  const usable = judged.filter(({ reasons }) => reasons.length === 0);
  const options = usable.map(({ one }) => fleet(one, request)).sort(by(request.objective ?? 'cost'));
  const { contribution, ladder } = channelDefaults(load);
  const encodedKbps = [...ladder.video, ...ladder.audio].reduce(
    (sum, { bitrateKbps }) => sum + bitrateKbps,
    0,
  );
  return {
    options,
    refused: judged.flatMap(({ one, reasons }) =>
      reasons.length > 0 ? [{ instanceType: one.instanceType, reasons }] : [],
    ),
    traffic: {
      inGbps: (channels * contribution.bitrateKbps) / 1e6,
      encodedGbps: (channels * encodedKbps) / 1e6,
    },
    notes: usable.find(({ one }) => one.instanceType === options[0]?.instanceType)?.one.notes ?? [],
  };
}

function refusals(one: Placement, { region, zones = [] }: CapacityRequest): RefusedType['reasons'] {
  const reasons: RefusedType['reasons'][number][] = [...one.refusals];
  if (regionOffer(one.instanceType, region) === 'not-offered') {
    const message = `${one.instanceType} is not offered in ${region}: take another family or region`;
    reasons.push({ code: 'region', message });
  }
  if (zones.length > 0 && zones.every((zone) => zoneOffer(one.instanceType, zone) === 'not-offered')) {
    const where = zones.join(', ');
    const message = `${one.instanceType} is not offered in ${where}: take another family or zone`;
    reasons.push({ code: 'zone', message });
  }
  return reasons;
}

function fleet(
  one: Placement,
  { channels, load, region, zones = [], purchase }: CapacityRequest,
): FleetOption {
  const { instanceType, channelsPerGpu, share, binding, confidence, cpuUnits } = one;
  const lots = lotsOf(channels, purchase).map(({ count, way }) => ({
    instances: Math.ceil(count / channelsPerGpu),
    price: hourPrice(instanceType, region, way),
  }));
  const bought = lots.flatMap(({ instances, price }) => (price ? [{ instances, price }] : []));
  const instance = GPU_INSTANCES.get(instanceType)!;
  return {
    ...{ instanceType, channelsPerInstance: channelsPerGpu, share, binding, confidence, cpuUnits },
    instances: lots.reduce((sum, { instances }) => sum + instances, 0),
    regionOffer: regionOffer(instanceType, region),
    zoneOffers: Object.fromEntries(zones.map((zone) => [zone, zoneOffer(instanceType, zone)])),
    ...(bought.length === lots.length ? costs(bought, channels) : { priceSources: [] }),
    network: network(load, channelsPerGpu, instance),
  };
}

function costs(
  bought: readonly { readonly instances: number; readonly price: Price }[],
  channels: number,
): Pick<
  FleetOption,
  'usdPerHour' | 'usdPerChannelHour' | 'usdPerMonth' | 'priceConfidence' | 'priceSources'
> {
  const usdPerHour = bought.reduce((sum, { instances, price }) => sum + instances * price.usdPerHour, 0);
  const isAssumed = bought.some(({ price }) => price.confidence === 'assumed');
  return {
    ...{ usdPerHour, usdPerChannelHour: usdPerHour / channels, usdPerMonth: usdPerHour * HOURS_A_MONTH },
    priceConfidence: isAssumed ? 'assumed' : 'published',
    priceSources: [...new Set(bought.map(({ price }) => `${price.source} (${price.asOf})`))],
  };
}

/** Channels by way of buying, none of them empty. */
function lotsOf(channels: number, purchase: Purchase): { count: number; way: SinglePurchase }[] {
  if (typeof purchase === 'string') return [{ count: channels, way: purchase }];
  const [base, spot, onDemand] = shareOut(channels, purchase);
  const lots = [
    { count: base, way: 'savings-plan-3y' },
    { count: spot, way: 'spot' },
    { count: onDemand, way: 'on-demand' },
  ] as const;
  return lots.filter(({ count }) => count > 0);
}

function network(load: ChannelLoad, channels: number, { networkMbps }: GpuInstance): FleetOption['network'] {
  const { ladder, frameRate, contribution } = channelDefaults(load);
  const usedMbps = channels * hostLoad(ladder, frameRate, contribution).networkMbps;
  return { usedMbps, baselineMbps: networkMbps };
}

function by(objective: Objective): (a: FleetOption, b: FleetOption) => number {
  const cost = ({ usdPerHour = Infinity }: FleetOption) => usdPerHour;
  const order = (a: FleetOption, b: FleetOption) =>
    // Two unknown prices differ by NaN: the fewer instances first.
    cost(a) === cost(b) ? a.instances - b.instances : cost(a) - cost(b);
  if (objective === 'cost') return order;
  return (a, b) => a.channelsPerInstance - b.channelsPerInstance || order(a, b);
}
