/**
 * The NVENC capacity model: how many channels a GPU instance carries, what binds, and what a channel costs. Pure, and
 * without Pulumi. How it reckons, and from which figures: docs/capacity.md.
 */
export { claimTable, capacityClaims, type ClaimRow } from './capacity/claims';
export { engineShare } from './capacity/engines';
export { DEFAULT_MARGIN } from './capacity/load';
export { familyOf, regionOffer, zoneOffer, type Offer } from './capacity/offers';
export { CPU_UNITS_PER_VCPU, placement } from './capacity/placement';
export {
  blendedSaving,
  DESIGN_MIX,
  hourPrice,
  shareOut,
  SINGLE_PURCHASES,
  type Price,
  type Purchase,
  type PurchaseMix,
  type SinglePurchase,
} from './capacity/prices';
export { HOURS_A_MONTH, OBJECTIVES, rankCapacity } from './capacity/rank';
export type { CapacityReport, CapacityRequest, FleetOption, Objective, RefusedType } from './capacity/rank';
export { decodeRate, encodeRate, encodesPerGpu, type EngineRate } from './capacity/rates';
export * from './capacity/types';
