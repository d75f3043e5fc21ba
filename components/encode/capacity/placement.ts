/** One channel on one instance type: its shares, what it reserves, how many fit, or why none does. */
import { GPU_INSTANCES } from '../../../encoder/contract/gpu-instances';
import { nearest } from '../../kit/nearest';
import { gpuPart } from './gpu-part';
import { hostLoad, hostShares } from './host';
import { channelDefaults } from './load';
import { tooLarge, wholeInstance } from './refusals';
import { RESOURCES, type ChannelLoad, type Confidence, type Placement, type Resource } from './types';

/** ECS counts 1,024 units a vCPU. */
export const CPU_UNITS_PER_VCPU = 1024;

/**
 * @param instanceType one of `GPU_INSTANCES`, as `g6.xlarge`
 * @throws RangeError for an instance type that is not known, or a margin that is none
 */
export function placement(load: ChannelLoad, instanceType: string): Placement {
  const instance = GPU_INSTANCES.get(instanceType);
  if (!instance) {
    const meant = nearest(instanceType, [...GPU_INSTANCES.keys()]);
    const known = [...new Set([...GPU_INSTANCES.keys()].map((type) => type.split('.')[0]))].join(', ');
    throw new RangeError(
      `no GPU instance type ${instanceType} is known. Families: ${known}.${meant ? ` Did you mean ${meant}?` : ''}`,
    );
  }
  const full = channelDefaults(load);
  const host = hostLoad(full.ladder, full.frameRate, full.contribution);
  const gpu = gpuPart(full, instance);
  const shares: Record<Resource, number> = {
    ...{ nvenc: gpu.nvenc, nvdec: gpu.nvdec },
    ...hostShares(host, instance, full.taskNetwork),
  };
  const binding = RESOURCES.reduce((most, one) => (shares[one] > shares[most] ? one : most));
  const share = shares[binding];
  const refusals = [...wholeInstance(instance), ...gpu.refusals];
  if (refusals.length === 0 && share > 1) refusals.push(tooLarge(instance, binding, share));
  const isRefused = refusals.length > 0;
  const registered = instance.vcpus * CPU_UNITS_PER_VCPU;
  const cpuUnits = isRefused ? 0 : Math.max(1, Math.ceil(share * registered - 1e-6));
  return {
    ...{ instanceType, share, cpuUnits, memoryMiB: host.memoryMiB },
    channelsPerGpu: isRefused ? 0 : Math.floor(registered / cpuUnits),
    ...{ binding, shares, confidence: confidenceOf(binding, gpu.confidence), refusals, notes: gpu.notes },
  };
}

function confidenceOf(binding: Resource, engines: Confidence): Confidence {
  if (binding === 'eni') return 'published';
  if (binding === 'nvdec') return 'derived';
  return binding === 'nvenc' ? engines : 'assumed';
}
