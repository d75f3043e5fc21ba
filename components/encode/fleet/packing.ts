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
 * new image reaches all of them at the same time.
 */
export function instancesFor(channels: readonly Packed[]): number {
  const type = channels[0]?.placement.instanceType;
  if (type === undefined) return 0;
  const registered = GPU_INSTANCES.get(type)!.vcpus * UNITS_PER_VCPU;
  const sizes = channels
    .flatMap(({ placement: { cpuUnits }, deployment }) =>
      deployment === ChannelDeployment.Handover ? [cpuUnits, cpuUnits] : [cpuUnits],
    )
    .sort((a, b) => b - a);
  const free: number[] = [];
  for (const size of sizes) {
    const at = free.findIndex((room) => room >= size);
    if (at === -1) free.push(registered - size);
    else free[at]! -= size;
  }
  return free.length;
}
