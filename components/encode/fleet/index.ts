export { FLEET_ALARMS, NVENC_BAND, type FleetAlarm } from './alarms';
export * from './args';
export type { FleetBaseNodes } from './base';
export type { FleetChannelNodes } from './channel';
export { DEFAULT_INSTANCE_TYPES, FLEET_FAMILIES } from './instance-types';
export type { FleetPoolNodes } from './instances';
export * from './neighbours';
export * from './nvenc-encode-fleet';
export {
  PURCHASE_OPTIONS,
  PurchaseOption,
  assignPurchase,
  type PurchaseMix,
  type PurchaseWish,
} from './purchase';
