/** How much a distribution is asked for, whether its quotas have room, and which channel is on which distribution. */
import { createHash } from 'node:crypto';
import { FRAME_RATES, tickGrid, tickSeconds, type Profile } from '../../../encoder/contract';

/** What a distribution may give, by the account's quotas. */
export interface CdnQuotas {
  /** Gbit/s a distribution. */
  readonly gbps: number;
  /** Requests a second of a distribution. */
  readonly requestsPerSecond: number;
}

/** CloudFront Developer Guide, "Quotas", 2026-11. */
export const DEFAULT_QUOTAS: CdnQuotas = { gbps: 150, requestsPerSecond: 250_000 };

/** More than anybody's: an account may have 500. */
export const MAX_DISTRIBUTIONS = 100;

/** What a channel's viewers ask for. */
export interface ChannelLoad extends CdnQuotas {
  readonly id: string;
  /** Absent: it is chosen. */
  readonly distribution?: number | undefined;
}

/** Playlist and part, of video and of sound. */
const REQUESTS_A_TICK = 4;

/** Requests a second of a viewer who follows the live edge, at the frame rate with the shortest parts. */
export function requestsPerViewer(profile: Profile): number {
  const ticks = FRAME_RATES.map((rate) => tickSeconds(tickGrid(rate, profile)));
  return REQUESTS_A_TICK / Math.min(...ticks);
}

/** What several channels' viewers ask for together. */
export const sumOf = (loads: readonly CdnQuotas[]): CdnQuotas => ({
  gbps: total(loads.map(({ gbps }) => gbps)),
  requestsPerSecond: total(loads.map(({ requestsPerSecond }) => requestsPerSecond)),
});

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Sums of fractions are not exact. */
const SLACK = 1 + 1e-9;

/** Whether a load is within quotas. */
export const fits = (load: CdnQuotas, quotas: CdnQuotas): boolean =>
  load.gbps <= quotas.gbps * SLACK && load.requestsPerSecond <= quotas.requestsPerSecond * SLACK;

const sizeIn = (load: CdnQuotas, quotas: CdnQuotas): number =>
  Math.max(load.gbps / quotas.gbps, load.requestsPerSecond / quotas.requestsPerSecond);

/** How much a channel belongs on a distribution: the same whatever other channels there are. */
const affinity = (id: string, distribution: number): string =>
  createHash('sha256').update(`${id} ${distribution}`).digest('hex');

/**
 * The distribution of each channel, from 1. Each has an order of preference of its own and takes the first with room, the
 * largest channel first: so where there is room, a channel stays where it is when others come or go.
 * @returns also where it is too much for the quotas: the rest is then where the most room is
 */
export function assign(
  channels: readonly ChannelLoad[],
  count: number,
  quotas: CdnQuotas,
): ReadonlyMap<string, number> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const loads = new Map<number, CdnQuotas>(numbers.map((number) => [number, sumOf([])]));
  const assigned = new Map<string, number>();
  const put = (channel: ChannelLoad, number: number): void => {
    assigned.set(channel.id, number);
    loads.set(number, sumOf([loads.get(number) ?? sumOf([]), channel]));
  };
  const pinned = (channel: ChannelLoad) => channel.distribution !== undefined;
  for (const channel of channels.filter(pinned)) put(channel, channel.distribution!);
  const free = channels
    .filter((channel) => !pinned(channel))
    .sort((a, b) => sizeIn(b, quotas) - sizeIn(a, quotas) || (a.id < b.id ? -1 : 1));
  for (const channel of free) {
    const preferred = [...numbers].sort((a, b) =>
      affinity(channel.id, a) > affinity(channel.id, b) ? -1 : 1,
    );
    const roomy = preferred.find((number) => fits(sumOf([loads.get(number)!, channel]), quotas));
    const emptiest = [...preferred].sort(
      (a, b) => sizeIn(loads.get(a)!, quotas) - sizeIn(loads.get(b)!, quotas),
    )[0]!;
    put(channel, roomy ?? emptiest);
  }
  return assigned;
}

/** The largest of a distribution's loads: in gigabits and in requests, which may be of two distributions. */
export function peakOf(channels: readonly ChannelLoad[], assigned: ReadonlyMap<string, number>): CdnQuotas {
  const loads = [...new Set(assigned.values())].map((number) =>
    sumOf(channels.filter(({ id }) => assigned.get(id) === number)),
  );
  return {
    gbps: Math.max(0, ...loads.map(({ gbps }) => gbps)),
    requestsPerSecond: Math.max(0, ...loads.map(({ requestsPerSecond }) => requestsPerSecond)),
  };
}

/** @returns the least number of distributions that would do; undefined where a channel alone is too much */
export function countThatDoes(channels: readonly ChannelLoad[], quotas: CdnQuotas): number | undefined {
  if (channels.some((channel) => !fits(channel, quotas))) return undefined;
  const least = Math.max(1, Math.ceil(sizeIn(sumOf(channels), quotas) / SLACK));
  for (let count = least; count <= MAX_DISTRIBUTIONS; count++) {
    const within = channels.map(({ distribution, ...load }) => ({
      ...load,
      ...(distribution !== undefined && distribution <= count && { distribution }),
    }));
    if (fits(peakOf(within, assign(within, count, quotas)), quotas)) return count;
  }
  return undefined;
}
