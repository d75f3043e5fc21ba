/**
 * What a channel takes of the machine around the GPU. Measured where docs/benchmarks.md has a figure (cores of the
 * machine named there), assumed otherwise: no GPU instance was at hand.
 */
import type { FrameRate, Ladder } from '../../../encoder/contract';
import { frameRateFraction } from '../../../encoder/contract';
import type { GpuInstance } from '../../../encoder/contract/gpu-instances';
import type { Contribution, TaskNetwork } from './types';

/** Processor time, in vCPUs. */
const VCPU = {
  /** Control, sound, metrics, filter graphs. Assumed. */
  base: 0.1,
  /** A MB/s of raw pictures through the conforming stage: 0.71 of a core at 746 MB/s, the dearest of three runs. */
  conformingPerMBps: 0.71 / 746,
  /**
   * The same in the two ffmpegs around it. 150 pictures of 2160p 10 bit, with no GPU, three runs on a busy machine: 0.23
   * of a core to read them from a pipe; 0.45 to make them from /dev/zero and write them into one, of which 0.2 are taken
   * off for the making, by estimate. 0.12 is assumed for the transfers from and to the GPU.
   */
  ffmpegPerMBps: 0.6 / 746,
  /** A Mbit/s of contribution: the SRT front with AES-256 10 %, Node 5 % of a core at 60 Mbit/s. */
  contributionPerMbps: 0.15 / 60,
  /** A Mbit/s of encoded tracks: the packager takes 2.47 % of a core at 50 Mbit/s. */
  packagerPerMbps: 0.0247 / 50,
  /** A Mbit/s of encoded tracks sent twice over TLS. Assumed: as much again for each. */
  storePerMbps: (2 * 0.0247) / 50,
} as const;
/** Part of the vCPUs that is planned with: the agent, the system and bursts have the rest. Assumed. */
const USABLE_VCPUS = 0.9;

/** MiB. Assumed, but for what is said. */
const MEMORY = {
  /** Node and two ffmpegs; of that 72 MB the packager and 9 MB the SRT front, which are measured. */
  base: 512,
  /** Raw pictures in pipes and queues. */
  pictures: 40,
  /** Seconds of encoded tracks that wait for the store when it is slow. */
  waitingSeconds: 8,
} as const;
/** What ECS can give of an instance's memory. Assumed. */
const USABLE_MEMORY = 0.9;

/** MiB of the GPU's memory. Assumed. */
const GPU_MEMORY = {
  /** Two CUDA contexts. */
  base: 600,
  /** Pictures of the contribution: the decoder's, and 16 more that the encoders hold. */
  decoded: 24,
  /** Pictures that wait after the upload. */
  uploaded: 10,
  /** Pictures a rung: 8 surfaces, references, the scaler's. */
  perRung: 20,
} as const;

/** SRT's headers and what is sent again. Assumed. */
const SRT_OVERHEAD = 1.25;
/** Each byte goes to the live edge and into a segment; boxes, TLS and TCP are the twentieth. Assumed. */
const STORE_COPIES = 2 * 1.05;
/** Part of the network's baseline that is planned with. Assumed. */
const USABLE_NETWORK = 0.8;

export interface HostLoad {
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly gpuMemoryMiB: number;
  /** The busier direction. */
  readonly networkMbps: number;
}

interface Pictures {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
}

/** Bytes of a 4:2:0 picture. */
const bytes = ({ width, height, bitDepth }: Pictures): number =>
  width * height * 1.5 * (bitDepth > 8 ? 2 : 1);
const MIB = 2 ** 20;

/** The size at which pictures pass from the decoder to the encoders: the ladder's largest. */
export const largestRung = ({ video }: Ladder): Ladder['video'][number] =>
  video.reduce((largest, rung) =>
    rung.width * rung.height > largest.width * largest.height ? rung : largest,
  );

export function hostLoad(ladder: Ladder, frameRate: FrameRate, contribution: Contribution): HostLoad {
  const { numerator, denominator } = frameRateFraction(frameRate);
  const { width, height } = largestRung(ladder);
  const picture = bytes({ width, height, bitDepth: Math.max(...ladder.video.map((rung) => rung.bitDepth)) });
  const rawMBps = (picture * numerator) / denominator / 1e6;
  const inMbps = contribution.bitrateKbps / 1000;
  const tracks = [
    ...ladder.video.map(({ maxrateKbps }) => maxrateKbps),
    ...ladder.audio.map(({ bitrateKbps }) => bitrateKbps),
  ];
  const outMbps = tracks.reduce((sum, kbps) => sum + kbps, 0) / 1000;
  const gpuPictures =
    GPU_MEMORY.decoded * bytes(contribution) +
    GPU_MEMORY.uploaded * picture +
    ladder.video.reduce((sum, rung) => sum + GPU_MEMORY.perRung * bytes(rung), 0);
  return {
    vcpus:
      VCPU.base +
      rawMBps * (VCPU.conformingPerMBps + VCPU.ffmpegPerMBps) +
      inMbps * VCPU.contributionPerMbps +
      outMbps * (VCPU.packagerPerMbps + VCPU.storePerMbps),
    memoryMiB: Math.ceil(
      MEMORY.base + (MEMORY.pictures * picture) / MIB + (MEMORY.waitingSeconds * outMbps * 1e6) / 8 / MIB,
    ),
    gpuMemoryMiB: Math.ceil(GPU_MEMORY.base + gpuPictures / MIB),
    networkMbps: Math.max(inMbps * SRT_OVERHEAD, outMbps * STORE_COPIES),
  };
}

export interface HostShares {
  readonly gpuMemory: number;
  readonly vcpu: number;
  readonly memory: number;
  readonly network: number;
  readonly eni: number;
}

/** Shares of the part of an instance that belongs to one GPU. */
export function hostShares(load: HostLoad, instance: GpuInstance, network: TaskNetwork): HostShares {
  const gpus = Math.max(1, instance.gpus);
  return {
    gpuMemory: load.gpuMemoryMiB / instance.gpuMemoryMiB,
    vcpu: (load.vcpus * gpus) / (instance.vcpus * USABLE_VCPUS),
    memory: (load.memoryMiB * gpus) / (instance.memoryGiB * 1024 * USABLE_MEMORY),
    network: (load.networkMbps * gpus) / (instance.networkMbps * USABLE_NETWORK),
    eni: interfaces(instance, network) === Infinity ? 0 : gpus / interfaces(instance, network),
  };
}

/** Tasks that can have an interface. One interface is the host's own. */
function interfaces(instance: GpuInstance, network: TaskNetwork): number {
  if (network === 'awsvpc') return instance.enis - 1;
  return network === 'awsvpc-trunking' ? instance.branchEnis : Infinity;
}
