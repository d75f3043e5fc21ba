/** The entry `pulumi-aws-media/eks`: it needs the package `@pulumi/eks`. */
export * from './args';
export type { EksChannelNodes } from './channel';
export type { EksClusterNodes } from './cluster';
export type { DevicePluginNodes } from './device-plugin';
export type { EksPoolNodes } from './nodes';
export * from './nvenc-encode-fleet-on-eks';
