export * from './args';
export { NatStrategy } from './egress';
export type { EndpointNodes as NetworkEndpointNodes } from './endpoints';
export type { ByZone, CoreNodes as NetworkCoreNodes } from './family';
export type { NetworkAcls } from './fences';
export type { FlowLogNodes } from './flow-logs';
export { MediaVpc, type MediaVpcNodes, type MediaVpcZone } from './media-vpc';
export type { MediaNetwork, NetworkZone } from './network';
export {
  GatewayService,
  INTERFACE_SERVICES,
  PROD_SERVICES,
  TASK_SERVICES,
  type InterfaceService,
} from './services';
