/** What an instance costs an hour, by how it is bought, and what a mix of ways saves. */
import {
  onDemandSource,
  ON_DEMAND_USD_HOUR,
  SAVINGS,
  SPOT_SOURCE,
  SPOT_USD_HOUR,
} from '../../../encoder/contract/gpu-prices';
import type { Confidence } from './types';

/** `savings-plan-3y` commits for three years. */
export const SINGLE_PURCHASES = ['on-demand', 'savings-plan-1y', 'savings-plan-3y', 'spot'] as const;
export type SinglePurchase = (typeof SINGLE_PURCHASES)[number];

/** Parts of the channels, which add up to 1. */
export interface PurchaseMix {
  /** On a three-year savings plan. */
  readonly base: number;
  readonly spot: number;
  readonly onDemand: number;
}

export type Purchase = SinglePurchase | PurchaseMix;

/** The mix of the original design: 70 % committed, 20 % Spot, 10 % on demand. */
export const DESIGN_MIX: PurchaseMix = { base: 0.7, spot: 0.2, onDemand: 0.1 };

/** @throws RangeError for parts that are negative or do not add up to 1 */
export function checkMix({ base, spot, onDemand }: PurchaseMix): void {
  const parts = [base, spot, onDemand];
  const sum = parts.reduce((total, part) => total + part, 0);
  if (parts.every((part) => part >= 0) && Math.abs(sum - 1) < 1e-9) return;
  const given = parts.map((part) => `${Number((part * 100).toFixed(6))} %`).join(' + ');
  throw new RangeError(
    `a mix is base + Spot + on demand, none negative, 100 % in all; given is ${given} = ${Number((sum * 100).toFixed(6))} %`,
  );
}

export interface Price {
  readonly usdPerHour: number;
  readonly confidence: Confidence;
  readonly source: string;
  readonly asOf: string;
}

/** @returns undefined where no source says; never a price of another region */
export function hourPrice(instanceType: string, region: string, purchase: SinglePurchase): Price | undefined {
  if (purchase === 'spot') {
    const sample = SPOT_USD_HOUR[region]?.[instanceType];
    if (!sample) return undefined;
    const [, dearestZone] = sample;
    return { usdPerHour: dearestZone, confidence: 'published', ...SPOT_SOURCE };
  }
  const usdPerHour = ON_DEMAND_USD_HOUR[region]?.[instanceType];
  if (usdPerHour === undefined) return undefined;
  const { source, asOf } = onDemandSource(region);
  if (purchase === 'on-demand') return { usdPerHour, confidence: 'published', source, asOf };
  const saving = purchase === 'savings-plan-1y' ? SAVINGS.oneYear : SAVINGS.threeYears;
  const less = `${saving.part * 100} % less: ${saving.source}, ${saving.asOf}`;
  return {
    usdPerHour: usdPerHour * (1 - saving.part),
    ...{ confidence: saving.confidence, source: `${source}, ${less}`, asOf },
  };
}

/** Of on-demand prices, the part that a mix saves. */
export const blendedSaving = (
  { base, spot }: PurchaseMix,
  savings: { readonly base: number; readonly spot: number },
): number => base * savings.base + spot * savings.spot;

/** Channels by part: whole ones, by largest remainder, the first of equals. */
export function shareOut(channels: number, { base, spot, onDemand }: PurchaseMix): [number, number, number] {
  const exact = [base, spot, onDemand].map((part) => part * channels);
  // Products as 17.500000000000004 are equal to 17.5.
  const whole = exact.map((part) => Math.floor(part + 1e-9));
  const order = exact
    .map((part, i) => ({ i, rest: Math.round((part - whole[i]!) * 1e9) }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i);
  const left = channels - whole.reduce((sum, part) => sum + part, 0);
  for (const { i } of order.slice(0, left)) whole[i]! += 1;
  return [whole[0]!, whole[1]!, whole[2]!];
}
