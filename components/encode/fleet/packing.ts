/** How many instances a group needs for its channels. */
import { GPU_INSTANCES } from '../../../encoder/contract/gpu-instances';
import { ChannelDeployment } from './args';

const UNITS_PER_VCPU = 1024;

/** What a channel takes in a group. */
export interface Packed {
  readonly placement: { readonly instanceType: string; readonly cpuUnits: number };
  readonly deployment: ChannelDeployment;
}

/**
 * Instances that hold all channels at once, by first fit of the largest; those that change hands count twice, because a
 * new image reaches all of them at the same time, and are on another instance the second time.
 */
export function instancesFor(channels: readonly Packed[]): number {
  const type = channels[0]?.placement.instanceType;
  if (type === undefined) return 0;
  const registered = GPU_INSTANCES.get(type)!.vcpus * UNITS_PER_VCPU;
  const tasks = channels
    .flatMap((channel) =>
      channel.deployment === ChannelDeployment.Handover ? [channel, channel] : [channel],
    )
    .sort((a, b) => b.placement.cpuUnits - a.placement.cpuUnits);
  const instances: { free: number; readonly channels: Set<Packed> }[] = [];
  for (const channel of tasks) {
    const { cpuUnits } = channel.placement;
    const at = instances.find(({ free, channels: own }) => free >= cpuUnits && !own.has(channel));
    if (!at) instances.push({ free: registered - cpuUnits, channels: new Set([channel]) });
    else {
      at.free -= cpuUnits;
      at.channels.add(channel);
    }
  }
  return instances.length;
}
